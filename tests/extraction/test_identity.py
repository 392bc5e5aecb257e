"""Who, where, which year, what kind: titles, forms, first sections, signatures and file names of many offices."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.extraction import extract
from dagster_project.extraction.divisions import gazetteer
from dagster_project.extraction.identity import expand, identify
from tests.extraction.prose import document, pasted

BODY = ("一、部门基本情况", "（一）主要职能", "承担上级交办的工作。", "二、一般公共预算支出情况", "全年支出120.5万元。")


def named(title: str, *body: str, name: str = "report.docx") -> str | None:
    """The department that a report under `title` is filed under."""
    return identify(document(title, *(body or BODY), name=name)).department_name


@pytest.mark.parametrize(
    ("title", "department"),
    [
        # districts take their city
        ("开福区政府办公室2021年度部门整体支出绩效评价报告", "长沙市开福区人民政府办公室"),
        ("2022年度芙蓉区教育局部门整体支出绩效自评报告", "长沙市芙蓉区教育局"),
        ("2022 年度株洲市荷塘区人民政府办公室 整体支出绩效自评报告", "株洲市荷塘区人民政府办公室"),
        ("长沙市雨花区城市管理和综合执法局2023年度整体支出绩效自评报告", "长沙市雨花区城市管理和综合执法局"),
        ("长沙芙蓉区司法局2022年度部门整体支出绩效自评报告", "长沙市芙蓉区司法局"),
        ("重庆市渝中区财政局2022年部门整体支出绩效自评报告", "重庆市渝中区财政局"),
        ("浦东新区卫健委2022年度部门决算", "上海市浦东新区卫生健康委员会"),
        ("芦淞区人民法院2021年度部门整体支出绩效自评报告", "株洲市芦淞区人民法院"),
        ("关于荷塘区发改局2022年度部门整体支出绩效自评的报告", "株洲市荷塘区发展和改革局"),
        ("荷塘区人社局关于2022年度部门整体支出绩效自评的报告", "株洲市荷塘区人力资源和社会保障局"),
        ("2022年株洲市天元区住建局部门整体支出绩效自评报告", "株洲市天元区住房和城乡建设局"),
        ("株洲市石峰区市场监管局2022年度部门整体支出绩效自评报告", "株洲市石峰区市场监督管理局"),
        ("株洲市芦淞区何家坳小学2022年度整体支出绩效自评报告", "株洲市芦淞区何家坳小学"),
        ("芙蓉区定王台街道办事处2022年度部门整体支出绩效自评报告", "长沙市芙蓉区定王台街道办事处"),
        ("芙蓉区马王堆街道2022年度部门整体支出绩效自评报告", "长沙市芙蓉区马王堆街道办事处"),
        # counties, county-level cities and banners stay as written
        ("平江县教育局2022年度部门整体支出绩效自评报告", "平江县教育局"),
        ("岳阳市平江县教育局2022年度部门整体支出绩效自评报告", "岳阳市平江县教育局"),
        ("浏阳市应急局2022年度部门整体支出绩效自评报告", "浏阳市应急管理局"),
        ("江华瑶族自治县财政局2022年度部门整体支出绩效自评报告", "江华瑶族自治县财政局"),
        ("土默特左旗民政局2021年度部门整体支出绩效自评报告", "土默特左旗民政局"),
        ("和县水利局2022年度部门决算", "和县水利局"),
        ("桃源县陬市镇人民政府2022年度部门整体支出绩效自评报告", "桃源县陬市镇人民政府"),
        ("桃源县陬市镇2022年度部门整体支出绩效自评报告", "桃源县陬市镇人民政府"),
        # cities, prefectures, provinces
        ("长沙市财政局2022年度部门整体支出绩效自评报告", "长沙市财政局"),
        ("湘西土家族苗族自治州民政局2022年度部门整体支出绩效自评报告", "湘西土家族苗族自治州民政局"),
        ("湖南省科学技术厅2022年度部门整体支出绩效自评报告", "湖南省科学技术厅"),
        ("内蒙古自治区财政厅2022年度部门决算", "内蒙古自治区财政厅"),
        ("广西壮族自治区人社厅2022年度部门决算公开", "广西壮族自治区人力资源和社会保障厅"),
        ("长沙市中级人民法院2022年度部门整体支出绩效自评报告", "长沙市中级人民法院"),
        ("湖南省人民检察院2022年度部门整体支出绩效自评报告", "湖南省人民检察院"),
        ("东莞市教育局2022年部门整体支出绩效自评报告", "东莞市教育局"),
        # party, associations
        ("中共芙蓉区委宣传部2022年度部门整体支出绩效自评报告", "中共长沙市芙蓉区委宣传部"),
        ("芦淞区残联2022年度部门整体支出绩效自评报告", "株洲市芦淞区残联"),
        # a project behind the department
        ("荷塘区教育局2022年度校舍维修项目支出绩效自评报告", "株洲市荷塘区教育局"),
        ("2022年度荷塘区教育局校舍维修项目绩效自评报告", "株洲市荷塘区教育局"),
    ],
)
def test_title_names_the_department(title: str, department: str) -> None:
    assert named(title) == department


def test_what_a_project_is_for_is_no_department() -> None:
    assert named("关于2022年城区中小学校舍维修改造项目支出绩效自评的报告") is None
    assert named("2022年荷塘区教育局校舍维修项目支出绩效自评报告") == "株洲市荷塘区教育局"


def test_the_year_on_a_line_above_the_title() -> None:
    assert named("2020", "年度荷塘区畜牧水产事务中心部门决算", *BODY) == "株洲市荷塘区畜牧水产事务中心"


def test_a_district_name_that_many_cities_have_waits_for_the_city() -> None:
    assert identify(document("朝阳区教育局2022年度部门整体支出绩效自评报告", *BODY)).division_code is None
    assert named("朝阳区教育局2022年度部门整体支出绩效自评报告") == "朝阳区教育局"
    known = identify(
        document(
            "朝阳区教育局2022年度部门整体支出绩效自评报告",
            "一、基本情况",
            "长春市朝阳区教育局是区政府工作部门，为正科级。",
        )
    )
    assert (known.department_name, known.division_code) == ("长春市朝阳区教育局", "220104")


@pytest.mark.parametrize(
    ("parts", "department"),
    [
        # no title: the first section says it
        (
            (
                "一、基本情况",
                "（一）区政府办基本情况",
                "1.主要职能",
                "为区人民政府领导同志决策服务。",
                "2.机构情况",
                "株洲市芦淞区人民政府办公室是区政府工作部门，为正科级。株洲市芦淞区经济研究中心为公益一类事业单位。",
            ),
            "株洲市芦淞区人民政府办公室",
        ),
        (
            (
                "一、基本情况",
                "株洲市芦淞区机关事务服务中心系区政府直属正科级事业单位。代理记账由株洲市百基银财务有限责任公司承担。",
            ),
            "株洲市芦淞区机关事务服务中心",
        ),
        (
            ("一、基本情况", "株洲市荷塘区住房和城乡建设局是区政府工作部门，贯彻国家和省的方针政策。"),
            "株洲市荷塘区住房和城乡建设局",
        ),
        # the title is short, the first section is full
        (
            (
                "2022年度政府办部门整体支出绩效自评",
                "报  告",
                "一、部门概况",
                "长沙市芙蓉区人民政府办公室（以下简称“政府办”），为区政府工作部门。",
            ),
            "长沙市芙蓉区人民政府办公室",
        ),
        (
            (
                "2022年度文旅局部门整体支出绩效自评报告",
                "一、部门概况",
                "株洲市荷塘区文化旅游广电体育局（以下简称“我局”）是区政府工作部门。",
            ),
            "株洲市荷塘区文化旅游广电体育局",
        ),
        (
            (
                "区教育局2022年度部门整体支出绩效自评报告",
                "一、部门概况",
                "根据区委、区政府部署推进荷塘区教育事业。",
                "株洲市荷塘区是教育强区。",
            ),
            "株洲市荷塘区教育局",
        ),
        (
            (
                "县财政局2022年度部门整体支出绩效自评报告",
                "一、部门概况",
                "认真落实县委、县政府决策。平江县财政局内设机构10个。",
            ),
            "平江县财政局",
        ),
        # only the signature says it
        (
            (
                "2022年度部门整体支出绩效自评报告",
                "一、基本情况",
                "我局认真履职。",
                "二、支出情况",
                "支出12万元。",
                "荷塘区民政局",
                "2023年5月20日",
            ),
            "株洲市荷塘区民政局",
        ),
        # only the form says it
        (
            (
                "2022年度部门整体支出绩效自评报告",
                "一、基本情况",
                "我局认真履职。",
                [["部 门 名 称", "株洲市荷塘区民政局"], ["项目", "金额"]],
            ),
            "株洲市荷塘区民政局",
        ),
        (
            (
                [
                    ["2022年度项目支出绩效自评表"],
                    ["主管部门", "荷塘区教育局", "实施单位", "荷塘区星光小学"],
                    ["项目资金", "1", "2", "3"],
                ],
            ),
            "株洲市荷塘区星光小学",
        ),
        # a form on one line, with budget codes before the names
        (
            (
                "附件：项目支出绩效自评表 项目名称 设备维修 主管部门 305-荷塘区教育局 实施单位 305007-株洲市荷塘区星光小学 年初预算数",
            ),
            "株洲市荷塘区星光小学",
        ),
        (
            ("2022年度部门整体支出绩效自评表", "部门（单位）名称：石峰区审计局（盖章）", "年初预算 12 万元"),
            "株洲市石峰区审计局",
        ),
        (("部 门 名 称\t株洲市荷塘区人民政府办公室\t\t", "一、基本情况"), "株洲市荷塘区人民政府办公室"),
        # a school's report with its bureau in the form
        (
            ("荷塘区星光小学2022年度整体支出绩效自评报告", "一、概况", [["部门名称", "荷塘区教育局"], ["项目", "1"]]),
            "株洲市荷塘区星光小学",
        ),
        # the name stands above, in, or below the title in a way of its own
        (("附件3：2022年度部门整体支出绩效自评报告（荷塘区民政局）", *BODY), "株洲市荷塘区民政局"),
        (("2022年度部门整体支出绩效自评报告", "——荷塘区民政局", *BODY), "株洲市荷塘区民政局"),
        (("2022年度部门整体支出绩效自评报告", "（荷塘区民政局）", *BODY), "株洲市荷塘区民政局"),
        (("二〇二二年度株洲市荷塘区", "民政局部门整体支出绩效自评报告", *BODY), "株洲市荷塘区民政局"),
        (("XX单位2022年度部门整体支出绩效自评报告", "单位：荷塘区民政局", *BODY), "株洲市荷塘区民政局"),
        (
            (
                "市财政局2022年度部门整体支出绩效自评报告",
                "一、概况",
                "株洲市财政局是市政府工作部门，指导芦淞区、荷塘区工作。",
            ),
            "株洲市财政局",
        ),
        (
            ("省财政厅2022年度部门整体支出绩效自评报告", "一、概况", "贯彻省委、省政府决策。湖南省各市州。"),
            "湖南省财政厅",
        ),
        (
            (
                "2022年度芙蓉区委办部门整体支出绩效自评报告",
                "一、概况",
                "中共长沙市芙蓉区委办公室（以下简称“区委办”）是区委工作机关。",
            ),
            "中共长沙市芙蓉区委办公室",
        ),
        (
            (
                "2022年度部门整体支出绩效自评报告",
                "一、概况",
                "我中心隶属荷塘区卫生健康局。",
                "荷塘区疾控中心",
                "2023年6月1日",
            ),
            "株洲市荷塘区疾病预防控制中心",
        ),
        (
            ("株洲市荷塘区民政局", "2022年度部门整体支出绩效自评报告", "一、基本情况", "我局认真履职。"),
            "株洲市荷塘区民政局",
        ),
    ],
)
def test_other_places_name_the_department(parts: tuple, department: str) -> None:
    assert identify(document(*parts)).department_name == department


@pytest.mark.parametrize(
    ("title", "sentence", "department"),
    [
        # the name ends before the verb of its sentence, whatever offices stand behind
        (
            "2022年度攸县新市镇人民政府部门整体支出绩效自评报告",
            "攸县新市镇人民政府是攸县政府派出机关。",
            "攸县新市镇人民政府",
        ),
        (
            "2022年度攸县新市镇部门整体支出绩效自评报告",
            "攸县新市镇人民政府为基层政权，服务攸县政府。",
            "攸县新市镇人民政府",
        ),
        ("攸县公路养护中心2022年度部门整体支出绩效自评报告", "攸县公路养护中心始终围绕县委中心。", "攸县公路养护中心"),
        (
            "攸县残疾人联合会2022年度部门整体支出绩效自评报告",
            "攸县残疾人联合会当年没有社会保险基金。",
            "攸县残疾人联合会",
        ),
        (
            "攸县人民政府办公室2022年度部门整体支出绩效自评报告",
            "攸县人民政府办公室内设督查股、办公室。",
            "攸县人民政府办公室",
        ),
        (
            "攸县新市镇人民政府2022年度部门整体支出绩效自评报告",
            "攸县新市镇人民政府本年未发生政府采购。攸县新市镇人民政府政府性基金为零。",
            "攸县新市镇人民政府",
        ),
        # short forms still find their long form
        (
            "攸县文旅局2022年度部门整体支出绩效自评报告",
            "攸县文化旅游广电体育局是县政府工作部门。",
            "攸县文化旅游广电体育局",
        ),
        (
            "攸县科工局2022年度部门整体支出绩效自评报告",
            "攸县科技与工业信息化局负责全县工作。",
            "攸县科技与工业信息化局",
        ),
        # places whose names begin like a preposition
        ("2022年度于洪区民政局部门整体支出绩效自评报告", "我局认真履职。", "沈阳市于洪区民政局"),
        ("2022年度关于于田县民政局部门整体支出绩效自评的报告", "我局认真履职。", "于田县民政局"),
        ("关岭县民政局2022年度部门整体支出绩效自评报告", "我局认真履职。", "关岭县民政局"),
    ],
)
def test_names_end_where_the_sentence_begins(title: str, sentence: str, department: str) -> None:
    assert named(title, "一、部门基本情况", sentence) == department


@pytest.mark.parametrize("mark", ["- 1 -", "— 12 —", "第 2 页 共 7 页", "2/7", ""])
@pytest.mark.parametrize(
    ("title", "kind", "department"),
    [
        ("2022年度太湖县公安局部门整体支出绩效自评报告", "overall_self_evaluation", "太湖县公安局"),
        ("泗县司法局2023年部门整体支出绩效评价自评报告", "overall_self_evaluation", "泗县司法局"),
        ("2022年度攸县民政局部门决算", "final_account", "攸县民政局"),
        ("攸县民政局2022年度部门决算情况说明", "final_account", "攸县民政局"),
    ],
)
def test_a_page_break_in_the_title(title: str, kind: str, department: str, mark: str) -> None:
    body = "\n".join([*BODY, *BODY[2:], *BODY[2:], *BODY[2:], *BODY[2:]])
    for cut in range(2, len(title) - 1):
        if title[cut - 1].isdigit() and title[cut].isdigit():
            continue
        found = identify(
            pasted(
                f"{title[:cut]}\n\n{mark}\n\n{title[cut:]}\n{body}"
                if mark
                else f"{title[:cut]}\n\n{title[cut:]}\n{body}",
                "a.txt",
            )
        )
        assert (found.title, found.department_name, found.report_kind) == (title, department, kind), cut


def test_a_form_on_one_line_names_the_department() -> None:
    line = "2022年度部门整体支出绩效自评表 部门名称 株洲市荷塘区民政局 年度预算申请 年初预算数 全年预算数 全年执行数 分值 执行率 得分 年度资金总额 12 13 13 10 100% 10"
    assert identify(document(line)).department_name == "株洲市荷塘区民政局"


def test_the_file_name_is_the_last_resort() -> None:
    found = identify(document(*BODY, name="2023年度荷塘区卫健局整体支出绩效自评报告.docx"))
    assert found.title == "2023年度荷塘区卫健局整体支出绩效自评报告"
    assert (found.department_name, found.department_as_written, found.fiscal_year) == (
        "株洲市荷塘区卫生健康局",
        "荷塘区卫健局",
        2023,
    )


def test_a_hash_as_file_name_says_nothing() -> None:
    found = identify(document(*BODY, name="000_2dc82deff41b4495.txt"))
    assert (found.title, found.department_name, found.fiscal_year) == (None, None, None)


def test_place_and_level() -> None:
    district = identify(document("芦淞区民政局2022年度部门整体支出绩效自评报告", *BODY))
    assert (district.province, district.city, district.district, district.division_code, district.admin_level) == (
        "湖南省",
        "株洲市",
        "芦淞区",
        "430203",
        "county",
    )
    city = identify(document("长沙市财政局2022年度部门整体支出绩效自评报告", *BODY))
    assert (city.city, city.district, city.division_code, city.admin_level) == ("长沙市", None, "430100", "city")
    province = identify(document("湖南省财政厅2022年度部门整体支出绩效自评报告", *BODY))
    assert (province.province, province.city, province.admin_level) == ("湖南省", None, "province")
    town = identify(document("芙蓉区定王台街道办事处2022年度部门整体支出绩效自评报告", *BODY))
    assert (town.admin_level, town.district) == ("township", "芙蓉区")


def test_a_renamed_district_is_the_one_of_its_year() -> None:
    assert identify(document("望城县教育局2010年度部门决算", *BODY)).division_code == "430122"
    assert identify(document("望城区教育局2022年度部门决算", *BODY)).division_code == "430112"
    assert identify(document("弋江区教育局2022年度部门决算", *BODY)).division_code == "340209"
    assert identify(document("弋江区教育局2015年度部门决算", *BODY)).division_code == "340203"


@pytest.mark.parametrize(
    ("parts", "name", "year"),
    [
        (("荷塘区民政局2022年度部门整体支出绩效自评报告",), "a.docx", 2022),
        (("荷塘区民政局二〇二二年度部门整体支出绩效自评报告",), "a.docx", 2022),
        (("荷塘区民政局二○二二年度部门整体支出绩效自评报告",), "a.docx", 2022),
        (("荷塘区民政局２０２２年度部门整体支出绩效自评报告",), "a.docx", 2022),
        (("荷塘区民政局 2022 年 度部门整体支出绩效自评报告",), "a.docx", 2022),
        (("2023年公开2022年度荷塘区民政局部门决算",), "a.docx", 2022),
        (
            (
                "荷塘区民政局部门整体支出绩效自评报告",
                "一、情况",
                "2021年度收入10万元。2021年年初预算9万元，比2020年增加1万元。",
                "荷塘区民政局",
                "2022年5月4日",
            ),
            "a.docx",
            2021,
        ),
        (
            ("荷塘区民政局部门整体支出绩效自评报告", "一、情况", "支出10万元。", "荷塘区民政局", "2023年5月4日"),
            "a.docx",
            None,
        ),
        (("荷塘区民政局部门整体支出绩效自评报告",), "荷塘区民政局2020年自评.pdf", 2020),
        (
            (
                [
                    ["基础数据表"],
                    ["经费控制情况", "2021 年决算数", "2022 年预算数", "2022 年决算数"],
                    ["三公经费", "0", "1", "0.28"],
                ],
            ),
            "a.xlsx",
            2022,
        ),
        (
            ("一、基本情况", "截至2021年12月31日在职19人。", "2021年预算资金100万元。2017年3月制定了内控手册。"),
            "a.txt",
            2021,
        ),
    ],
)
def test_fiscal_year(parts: tuple, name: str, year: int | None) -> None:
    assert identify(document(*parts, name=name)).fiscal_year == year


@pytest.mark.parametrize(
    ("ending", "day"),
    [
        (("芙蓉区民政局", "2023年7月4日"), date(2023, 7, 4)),
        (("芙蓉区民政局      2023 年 7 月 4 日",), date(2023, 7, 4)),
        (("二〇二三年七月四日",), date(2023, 7, 4)),
        (("二〇二三年十二月二十一日",), date(2023, 12, 21)),
        (("填表人：张三 填报日期：2023-07-04 联系电话：0731-1",), date(2023, 7, 4)),
        (("2023年2月30日",), None),
        (("截至2022年12月31日，在职人员19人。",), None),
        ((), None),
    ],
)
def test_reported_on(ending: tuple[str, ...], day: date | None) -> None:
    found = identify(document("芙蓉区民政局2022年度部门整体支出绩效自评报告", *BODY, *ending))
    assert (found.reported_on, found.fiscal_year) == (day, 2022)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("荷塘区民政局2022年度部门整体支出绩效自评报告", "overall_self_evaluation"),
        ("荷塘区民政局2022年度项目支出绩效自评报告", "project_self_evaluation"),
        ("荷塘区民政局2022年度困难补助专项资金绩效评价报告", "project_self_evaluation"),
        ("荷塘区民政局2022年度部门决算", "final_account"),
        ("荷塘区民政局2022年部门预算公开", "budget"),
        ("荷塘区民政局2023年部门整体支出绩效目标申报表", "budget"),
        ("荷塘区民政局2022年度整体支出和项目支出绩效自评报告", "overall_self_evaluation"),
        ("荷塘区民政局2022年度困难群众补助资金绩效自评报告", "project_self_evaluation"),
        ("2022年度荷塘区乡村医生补助经费使用绩效评价报告", "project_self_evaluation"),
        ("荷塘区民政局2022年度财政资金绩效自评报告", "overall_self_evaluation"),
        ("荷塘区民政局2022年度部门资金绩效自评报告", "overall_self_evaluation"),
    ],
)
def test_report_kind(title: str, kind: str) -> None:
    assert identify(document(title, *BODY)).report_kind == kind


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        (("2022年度政府办部门整体支出绩效自评", "报  告", "一、部门概况"), "2022年度政府办部门整体支出绩效自评报告"),
        (
            ("附件2", "荷塘区民政局2022年度部门整体支出绩效自评报告", "一、部门概况"),
            "荷塘区民政局2022年度部门整体支出绩效自评报告",
        ),
        (
            ("荷塘区民政局", "2022年度部门整体支出绩效自评报告", "一、部门概况"),
            "荷塘区民政局2022年度部门整体支出绩效自评报告",
        ),
        (
            ("首页 > 政务公开 > 部门决算", "荷塘区民政局2022年度部门决算", "发布时间：2023-09-01", "一、部门概况"),
            "荷塘区民政局2022年度部门决算",
        ),
        (
            ((1, "荷塘区民政局2022年度部门整体支出绩效自评报告"), (2, "一、部门概况")),
            "荷塘区民政局2022年度部门整体支出绩效自评报告",
        ),
        (("一、部门概况", "部门整体支出绩效自评报告将在网上公开"), None),
        (([["2022年度部门整体支出绩效自评表"], ["部门名称", "荷塘区民政局"]],), "2022年度部门整体支出绩效自评表"),
    ],
)
def test_title(parts: tuple, title: str | None) -> None:
    assert identify(document(*parts)).title == title


def test_short_forms_only_where_they_mean_the_same_everywhere() -> None:
    assert expand("发改局") == "发展和改革局"
    assert expand("文旅局") == "文旅局"
    assert expand("教育局") == "教育局"


def test_every_division_is_found_under_its_own_chain() -> None:
    names = gazetteer()
    missed = []
    for division in names.by_code.values():
        if division.valid_to is not None or division.level != "county":
            continue
        place = division.province + (division.city if division.city != division.province else "") + division.name
        chain = names.prefix(place + "财政局")
        if chain is None or chain.text != place or (found := chain.resolve()) is None or found.code != division.code:
            missed.append(place)
    assert missed == []


DISTRICTS = [
    d
    for d in gazetteer().by_code.values()
    if d.level == "county" and d.valid_from is None and d.valid_to is None and d.city
]
OFFICES = [
    "教育局",
    "人民政府办公室",
    "财政局",
    "人民法院",
    "民政局",
    "市场监督管理局",
    "机关事务服务中心",
    "总工会",
    "审计局",
    "卫生健康局",
]


@given(
    st.sampled_from(DISTRICTS),
    st.sampled_from(OFFICES),
    st.integers(2012, 2030),
    st.sampled_from(
        [
            "{d}{o}{y}年度部门整体支出绩效自评报告",
            "{y}年度{d}{o}部门整体支出绩效自评报告",
            "{y}年{d}{o}部门决算",
            "关于{d}{o}{y}年度整体支出绩效评价的报告",
        ]
    ),
)
@settings(max_examples=200, deadline=None)
def test_any_office_of_any_county_in_any_title(division, office: str, year: int, pattern: str) -> None:  # type: ignore[no-untyped-def]
    title = pattern.format(d=division.city + division.name, o=office, y=year)
    found = identify(document(title, *BODY))
    assert found.fiscal_year == year
    assert found.department_name == division.city + division.name + office
    assert (found.division_code, found.district, found.city) == (division.code, division.name, division.city)


@given(
    st.text(alphabet="一二（）1、.局区县市省年度2022报告绩效自评部门名称：\t\n 株洲荷塘的是为", max_size=300),
    st.text(alphabet="年2022局区.docx荷塘", max_size=30),
)
@settings(max_examples=200, deadline=None)
def test_nothing_makes_it_fail(text: str, name: str) -> None:
    if text.strip():
        found = identify(pasted("x" + text, name))
        assert found.report_kind in {"overall_self_evaluation", "project_self_evaluation", "final_account", "budget"}
        assert found.fiscal_year is None or 2000 <= found.fiscal_year <= 2099


@pytest.mark.parametrize(
    "text",
    [
        "项目支出绩效自评表\n主管部门\t\t北湖市民政局\t\t实施单位\t北湖市救助管理中心\t\n",
        "项目支出绩效自评表\n主管部门\n北湖市民政局\n实施单位\n北湖市救助管理中心\n",
        "项目支出绩效自评表\n主管部门\n\n北湖市民政局\n\n实施 单位：\n\n北湖市救助管理中心\n",
    ],
)
def test_the_label_stands_in_a_pasted_cell_before_the_name(text: str) -> None:
    assert identify(pasted(text)).department_name == "北湖市救助管理中心"


@pytest.mark.parametrize("name", ["农村生活垃圾治理专项", "“农村生活垃圾治理专项”"])
def test_the_office_before_a_project_for_villages(name: str) -> None:
    title = f"2022年度长沙市岳麓区城市管理和综合执法局{name}项目支出绩效自评报告"
    found = extract(pasted(f"{title}\n一、项目概况\n（一）项目资金情况\n2022年实际支出100万元。\n"))
    assert found.identity.department_name == "长沙市岳麓区城市管理和综合执法局"
    assert {f.project_name for f in found.figures} == {"农村生活垃圾治理专项"}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("2022年度乡村公路养护项目支出绩效评价报告\n平江县交通运输局\n2023年3月\n", "平江县交通运输局"),
        ("2022年度平江县乡村公路养护项目支出绩效评价报告\n该项目由县交通运输局负责实施。\n", "平江县交通运输局"),
        ("2022年度乡村公路养护项目支出绩效评价报告\n该项目由县交通运输局负责实施。\n", None),
        ("2022年度交通运输局乡村公路养护项目支出绩效评价报告\n平江县全年投入12万元。\n", "平江县交通运输局"),
        (
            "2022年度乡村公路养护项目支出绩效评价报告\n评价单位：湖南安信会计师事务所\n项目单位：平江县交通运输局\n",
            "平江县交通运输局",
        ),
    ],
)
def test_whose_the_report_of_a_project_is(lines: str, name: str | None) -> None:
    assert identify(pasted(f"{lines}一、资金情况\n全年支出118万元。\n")).department_name == name


@pytest.mark.parametrize(
    ("office", "district", "code"),
    [
        ("长沙市公安局岳麓分局", "岳麓区", "430104"),
        ("株洲市生态环境局荷塘分局", "荷塘区", "430202"),
        ("株洲市自然资源和规划局高新分局", None, "430200"),
    ],
)
def test_a_branch_stands_in_the_district_that_it_is_called_after(office: str, district: str | None, code: str) -> None:
    found = identify(pasted(f"2022年度{office}部门整体支出绩效自评报告\n一、部门基本情况\n我局编制20人。\n"))
    assert (found.department_name, found.district, found.division_code) == (office, district, code)


@pytest.mark.parametrize(
    ("office", "name", "code"),
    [
        ("湖南湘阴高新技术产业开发区管理委员会", "湖南湘阴高新技术产业开发区管理委员会", "430624"),
        ("湘阴高新区管委会", "湘阴高新区管委会", "430624"),
        ("株洲渌口经济开发区管委会", "株洲市渌口区经济开发区管委会", "430212"),
        ("湖南炎陵中学", "湖南炎陵中学", "430225"),
        ("株洲高新技术产业开发区管委会", "株洲高新技术产业开发区管委会", "430200"),
        ("鼓楼高新区管委会", "鼓楼高新区管委会", None),  # four cities have a district of that name
    ],
)
def test_zones_and_schools_are_called_after_a_county_without_saying_county(
    office: str, name: str, code: str | None
) -> None:
    found = identify(pasted(f"2022年度{office}部门整体支出绩效自评报告\n一、部门基本情况\n我单位编制20人。\n"))
    assert (found.department_name, found.division_code) == (name, code)


@pytest.mark.parametrize(
    "opening",
    [
        ("荷塘区水利局文件", "荷水字〔2023〕8号", "2022年度渠道维护项目绩效自评报告"),
        (
            "2022年度渠道维护项目绩效自评报告",
            "按照株洲市荷塘区财政局的通知，荷塘区水利局认真组织了渠道维护项目的自评。",
        ),
        ("渠道维护项目绩效自评报告", "荷塘区水利局对2022年度渠道维护项目作了评价，情况如下。"),
        ("2022年度项目支出绩效评价报告", "（2022年度）", "项目名称：渠道维护", "项目单位：荷塘区水利局"),
        ("2022年度项目支出绩效评价报告", "主管部门：荷塘区水利局"),
    ],
)
def test_the_office_of_a_project_s_report_stands_around_its_title(opening: tuple[str, ...]) -> None:
    found = identify(document(*opening, "一、项目概况", "2022年度项目资金80万元。"))
    assert found.department_name == "株洲市荷塘区水利局"


def test_who_ordered_the_evaluation_did_not_write_the_report() -> None:
    opening = ("2022年度渠道维护项目绩效评价报告", "荷塘区财政局组织开展了绩效评价。", "一、项目概况")
    assert identify(document(*opening, "2022年度项目资金80万元。")).department_name is None


def test_a_name_ends_where_the_next_label_of_its_row_begins() -> None:
    form = ("项目支出绩效自评表", "项目名称 平台建设", "主管部门 荷塘区委宣传部 项目单位 荷塘区融媒体中心")
    found = identify(pasted("\n".join(("2022年度项目支出绩效自评报告", "项目单位：荷塘区融媒体中心", *form))))
    assert found.department_name == "株洲市荷塘区融媒体中心"
