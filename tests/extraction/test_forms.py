"""Self-evaluation forms in the layouts that public pages have: exact rows from each."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from dagster_project.extraction.forms.context import FormContext
from dagster_project.extraction.forms.labels import unit_in
from dagster_project.extraction.forms.rows import clean
from dagster_project.reading.model import Cell, DocumentBuilder
from tests.extraction.forms_support import (
    LAYOUTS,
    by_number,
    extracted,
    form,
    identity,
    indicators,
    money,
    pasted,
    rows_of_kind,
    set_tables,
    span,
)
from tests.support.blocks import Para, grid

HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]


def overall_rows(unit: str = "万元") -> list[list[object]]:
    return [
        ["部门名称", span("株洲市芦淞区档案馆", 1, 8)],
        [
            span(f"年度资金情况（{unit}）", 4),
            span("年度资金总额", 1, 2),
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ],
        [span("合计", 1, 2), "300.5", "420", "399", "10", "95%", "9.5"],
        [span("其中：当年财政拨款", 1, 2), "300.5", "400", "379", "", "", ""],
        [span("上年结转资金", 1, 2), "", "20", "20", "", "", ""],
        [span("年度总体目标", 2), span("预期目标", 1, 4), span("实际完成情况", 1, 4)],
        [span("整理档案2000卷。", 1, 4), span("整理档案2100卷。", 1, 4)],
        [span("绩效指标", 6), *HEAD],
        [span("产出指标（60分）", 3), span("数量指标", 2), "整理档案卷数", "≥2000卷", "2100卷", "20", "20", ""],
        ["接待查档人次", "500人次", "420人次", "20", "16", "疫情影响，来馆人数减少"],
        ["成本指标", "档案整理成本", "≤30万元", "29.5万元", "20", "20", ""],
        [span("效益指标（20分）"), "社会效益", "方便群众查档", "有效提升", "有效提升", "20", "19", ""],
        [span("满意度指标（10分）"), "服务对象满意度指标", "查档群众满意度", "≥95%", "97.5%", "10", "10", ""],
        [span("总分", 1, 6), "100", "94.5", "等级：优"],
    ]


OVERALL_INDICATORS = [
    ("产出指标", "数量指标", "整理档案卷数", "≥2000卷", "2100卷", "20", "20", None),
    ("产出指标", "数量指标", "接待查档人次", "500人次", "420人次", "20", "16", "疫情影响，来馆人数减少"),
    ("产出指标", "成本指标", "档案整理成本", "≤30万元", "29.5万元", "20", "20", None),
    ("效益指标", "社会效益", "方便群众查档", "有效提升", "有效提升", "20", "19", None),
    ("满意度指标", "服务对象满意度指标", "查档群众满意度", "≥95%", "97.5%", "10", "10", None),
]
TITLE = "2022年度部门整体支出绩效自评表"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_overall_form_in_every_layout(layout: str) -> None:
    found = extracted(LAYOUTS[layout](form(TITLE, overall_rows())))
    assert indicators(found) == OVERALL_INDICATORS
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score, total.grade) == (Decimal(100), Decimal("94.5"), "优")
    (execution,) = rows_of_kind(found, "execution")
    assert (execution.weight, execution.score, execution.execution_rate) == (Decimal(10), Decimal("9.5"), Decimal(95))
    assert [(r.level_1, r.weight) for r in rows_of_kind(found, "heading")] == [
        ("产出指标", Decimal(60)),
        ("效益指标", Decimal(20)),
        ("满意度指标", Decimal(10)),
    ]
    assert {r.form for r in found.form_rows} == {"overall"}
    assert money(found) == [
        ("合计", "年初预算数", "300.5", "万元"),
        ("合计", "全年预算数", "420", "万元"),
        ("合计", "全年执行数", "399", "万元"),
        ("其中：当年财政拨款", "年初预算数", "300.5", "万元"),
        ("其中：当年财政拨款", "全年预算数", "400", "万元"),
        ("其中：当年财政拨款", "全年执行数", "379", "万元"),
        ("上年结转资金", "全年预算数", "20", "万元"),
        ("上年结转资金", "全年执行数", "20", "万元"),
        ("档案整理成本", "年度指标值", "30", "万元"),
        ("档案整理成本", "实际完成值", "29.5", "万元"),
    ]
    (rate,) = [f for f in found.figures if f.kind == "rate"]
    assert (rate.value, rate.unit, rate.rate_of_term, rate.rate_base_term) == (
        Decimal(95),
        "%",
        "全年执行数",
        "全年预算数",
    )


def test_funding_parts_point_to_the_total_of_their_column() -> None:
    found = extracted(set_tables(form(TITLE, overall_rows())))
    figures = by_number(found)
    parts = [f for f in found.figures if f.part_of_figure_no]
    assert len(parts) == 5
    for part in parts:
        whole = figures[part.part_of_figure_no or 0]
        assert (whole.row_label, whole.measure_term) == ("合计", part.measure_term)
        assert (part.term, part.fund_source_term) in {
            ("部门整体支出", "当年财政拨款"),
            ("部门整体支出", "上年结转资金"),
        }


def test_the_whole_form_is_consumed_and_the_prose_around_it_is_not() -> None:
    text = (
        "一、概况\n全年支出399万元。\n"
        + "\n".join(
            [
                TITLE,
                *(
                    "\t".join(r)
                    for r in (
                        ["一级指标", "三级指标", "年度指标值", "分值", "得分"],
                        ["产出指标", "整理卷数", "5卷", "90", "88"],
                        ["总分", "", "", "90", "88"],
                    )
                ),
            ]
        )
        + "\n填表人：王某 联系电话：0731-28880000 填报日期：2023年3月1日\n二、问题\n经费不足12万元。\n"
    )
    document = pasted(text)
    found = extracted(document)
    for word, inside in (
        ("全年支出", False),
        ("5卷", True),
        ("0731-28880000", True),
        ("经费不足", False),
        (TITLE, True),
    ):
        at = text.index(word)
        assert found.is_consumed(at, at + len(word)) is inside
    assert not [f for f in found.figures if f.kind == "money"]


@pytest.mark.parametrize("where", ["head", "group", "each", "caption"])
def test_unit_of_a_funding_block(where: str) -> None:
    amount = "3005000.00" + ("元" if where == "each" else "")
    rows = [
        [
            span("资金情况" + ("（元）" if where == "group" else ""), 2),
            "",
            "年初预算数" + ("（元）" if where == "head" else ""),
            "全年预算数",
            "分值",
            "得分",
        ],
        ["年度资金总额", amount, amount, "10", "10"],
        ["一级指标", "二级指标", "三级指标", "指标值", "分值", "得分"],
        ["产出指标", "数量指标", "卷数", "5卷", "90", "88"],
    ]
    blocks = form(TITLE + ("（单位：元）" if where == "caption" else ""), rows)
    found = extracted(set_tables(blocks))
    (first, _) = [f for f in found.figures if f.kind == "money"]
    assert (first.value, first.unit, first.value_as_written) == (Decimal("3005000.00"), "元", "3005000.00")


def test_both_units_in_one_form() -> None:
    rows = [
        ["年度资金总额", "年初预算数（万元）", "全年执行数（元）", "分值", "执行率", "得分"],
        ["年度资金总额", "300.5", "3990000", "10", "95%", "9.5"],
        ["一级指标", "三级指标", "指标值", "完成值", "分值", "得分"],
        ["产出指标", "整理卷数", "5卷", "5卷", "90", "90"],
    ]
    assert money(extracted(set_tables(form(TITLE, rows)))) == [
        ("年度资金总额", "年初预算数", "300.5", "万元"),
        ("年度资金总额", "全年执行数", "3990000", "元"),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns_in_another_order_letters_and_execution_of_twenty(layout: str) -> None:
    rows = [
        ["项目名称", span("消防设施改造", 1, 8)],
        [
            span("项目资金（元）", 2),
            span("", 1, 2),
            "年初预算数",
            "全年预算数（A）",
            "全年执行数（B）",
            "分值",
            "执行率（B/A）",
            "得分",
        ],
        [span("年度资金总额", 1, 2), "500000", "480000", "470400", "20", "", "19.6"],
        [
            span("绩效指标", 3),
            "一级指标",
            "二级指标",
            "三级指标",
            "权重",
            "目标值",
            "全年实际值",
            "未完成原因分析",
            "自评得分",
        ],
        ["产出指标", "数量指标", "改造楼栋数", "50", "12栋", "11栋", "一栋待拆", "45"],
        ["效益指标", "社会效益指标", "降低火灾隐患", "30", "明显改善", "明显改善", "", "30"],
        [span("合计", 1, 4), "100", "", "", "", "94.6"],
    ]
    found = extracted(LAYOUTS[layout](form("项目支出绩效自评表（2022年度）", rows)))
    assert indicators(found) == [
        ("产出指标", "数量指标", "改造楼栋数", "12栋", "11栋", "50", "45", "一栋待拆"),
        ("效益指标", "社会效益指标", "降低火灾隐患", "明显改善", "明显改善", "30", "30", None),
    ]
    (execution,) = rows_of_kind(found, "execution")
    assert (execution.weight, execution.score, execution.execution_rate) == (Decimal(20), Decimal("19.6"), None)
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score) == (Decimal(100), Decimal("94.6"))
    assert {r.project_name for r in found.form_rows} == {"消防设施改造"} and {r.form for r in found.form_rows} == {
        "project"
    }
    assert [(f.measure_term, f.value_as_written, f.unit, f.project_name, f.term) for f in found.figures] == [
        ("年初预算数", "500000", "元", "消防设施改造", None),
        ("全年预算数", "480000", "元", "消防设施改造", None),
        ("全年执行数", "470400", "元", "消防设施改造", None),
    ]


@pytest.mark.parametrize("layout", ["table", "pasted", "padded", "one line", "a cell a line"])
def test_target_split_into_sign_value_and_unit(layout: str) -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "实际完成值", "分值", "得分"],
        [span("产出指标", 2), "数量指标", "培训场次", "≥", "12", "场", "14场", "40", "40"],
        ["质量指标", "培训合格率", "=", "100", "%", "98%", "40", "39"],
        ["效益指标", "社会效益", "提高业务水平", "定性", "有效提升", "", "有效提升", "10", "10"],
    ]
    found = extracted(LAYOUTS[layout](form(TITLE, rows)))
    assert [(i[3], i[4], i[5], i[6]) for i in indicators(found)] == [
        ("≥12场", "14场", "40", "40"),
        ("=100%", "98%", "40", "39"),
        ("有效提升", "有效提升", "10", "10"),
    ]


def test_amount_of_a_split_target_takes_the_unit_beside_it() -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "实际完成值", "分值", "得分"],
        ["产出指标", "成本指标", "项目总成本", "≤", "235.15", "万元", "234.65万元", "8", "8"],
    ]
    assert money(extracted(set_tables(form(TITLE, rows)))) == [
        ("项目总成本", "年度指标值", "235.15", "万元"),
        ("项目总成本", "实际完成值", "234.65", "万元"),
    ]


def test_target_split_under_one_head() -> None:
    rows = [
        [
            span("一级指标", 2),
            span("二级指标", 2),
            span("三级指标", 2),
            span("年度指标值", 1, 3),
            span("完成值", 2),
            span("分值", 2),
            span("得分", 2),
        ],
        ["性质", "值", "单位"],
        ["产出指标", "数量指标", "培训场次", "≥", "12", "场", "14场", "40", "40"],
    ]
    assert indicators(extracted(set_tables(form(TITLE, rows)))) == [
        ("产出指标", "数量指标", "培训场次", "≥12场", "14场", "40", "40", None)
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_goal_sheet_has_targets_and_weights_only(layout: str) -> None:
    rows = [
        ["项目名称", span("老旧小区改造", 1, 5)],
        ["年度目标", span("完成改造。", 1, 5)],
        [span("绩效指标", 4), "一级指标", "二级指标", "三级指标", "指标值", "分值"],
        [span("产出指标", 2), "数量指标", "改造小区", "≥3个", "45"],
        ["质量指标", "验收合格率", "100%", "45"],
        ["满意度指标", "服务对象满意度", "居民满意度", "≥90%", "10"],
    ]
    found = extracted(LAYOUTS[layout](form("2022年项目支出绩效目标表", rows)))
    assert indicators(found) == [
        ("产出指标", "数量指标", "改造小区", "≥3个", None, "45", None, None),
        ("产出指标", "质量指标", "验收合格率", "100%", None, "45", None, None),
        ("满意度指标", "服务对象满意度", "居民满意度", "≥90%", None, "10", None, None),
    ]
    assert {(r.form, r.project_name) for r in found.form_rows} == {("project", "老旧小区改造")}


def project_rows(name: str, code: str, amount: str, score: str) -> list[list[object]]:
    return [
        ["项目名称", span(name, 1, 3), "项目编码", span(code, 1, 3)],
        ["主管部门", span("某局", 1, 3), "联系电话", span("0731-28881234", 1, 3)],
        [span("项目资金（万元）", 2), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", amount, amount, amount, "10", "100%", "10"],
        [span("绩效指标", 2), "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", f"{name}次数", "10次", "10次", "90", score],
        [span("总分", 1, 6), "100", str(int(score) + 10)],
    ]


@pytest.mark.parametrize("separate", [True, False])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_several_projects_then_the_department(layout: str, separate: bool) -> None:
    first, second = (
        project_rows("河道清淤", "430203210000000012345", "12.5", "88"),
        project_rows("绿化养护", "430203210000000054321", "30", "90"),
    )
    title = "2022年度项目支出绩效自评表"
    if separate:
        blocks = [*form(title, first), *form(title, second)]
    else:
        blocks = form(title, [*first, *second])
    found = extracted(LAYOUTS[layout]([*blocks, *form(TITLE, overall_rows())]))
    assert [(r.project_name, r.form, r.score) for r in rows_of_kind(found, "total")] == [
        ("河道清淤", "project", Decimal(98)),
        ("绿化养护", "project", Decimal(100)),
        (None, "overall", Decimal("94.5")),
    ]
    assert indicators(found)[2:] == OVERALL_INDICATORS
    assert [i[2] for i in indicators(found)[:2]] == ["河道清淤次数", "绿化养护次数"]
    assert len({r.form_no for r in found.form_rows}) == 3
    assert not [f for f in found.figures if f.kind != "money" and f.kind != "rate"]
    assert {f.value for f in found.figures if f.project_name == "绿化养护" and f.kind == "money"} == {Decimal(30)}


def test_two_tables_of_one_form_with_the_head_repeated() -> None:
    rows = overall_rows()
    blocks = [
        *form(TITLE, rows[:10]),
        form(
            "", [["绩效指标", *HEAD], ["", "产出指标（60分）", *rows[10]], ["", *rows[11]], ["", *rows[12]], rows[13]]
        )[1],
    ]
    blocks[2].rows[1][1]  # the rest of the output indicators names its level again
    found = extracted(set_tables(blocks))
    assert indicators(found) == OVERALL_INDICATORS
    assert {r.form_no for r in found.form_rows} == {1} and len(rows_of_kind(found, "total")) == 1


def test_a_row_cut_in_two_by_a_page_break() -> None:
    rows = [
        HEAD,
        ["产出指标", "数量指标", "整理档案", "≥2000卷", "2100卷", "50", "48", "人手"],
        ["", "", "卷数", "", "", "", "", "不足"],
        ["", "质量指标", "合格率", "100%", "100%", "40", "40", ""],
    ]
    assert indicators(extracted(set_tables(form(TITLE, rows, seams=[2])))) == [
        ("产出指标", "数量指标", "整理档案卷数", "≥2000卷", "2100卷", "50", "48", "人手不足"),
        ("产出指标", "质量指标", "合格率", "100%", "100%", "40", "40", None),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_blank_form_yields_nothing(layout: str) -> None:
    rows = [
        ["项目名称", span("", 1, 7)],
        [span("项目资金（万元）", 3), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "", "", "", "10", "", ""],
        ["其中：当年财政拨款", "", "", "", "—", "", "—"],
        [span("绩效指标", 4), "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        [span("产出指标（50分）", 2), span("数量指标", 2), "指标1：", "", "", "", ""],
        ["指标2：", "", "", "", ""],
        ["效益指标（30分）", "社会效益指标", "……", "", "", "", ""],
        [span("总分", 1, 6), "100", ""],
    ]
    found = extracted(LAYOUTS[layout](form("2022年度项目支出绩效自评表", rows)))
    assert not found.form_rows and not found.figures


def test_merged_weight_and_score_belong_to_their_first_row() -> None:
    rows = [
        HEAD[:7],
        [span("产出指标", 2), span("质量指标", 2), "接待", "100%", "100%", span("10", 2), span("9", 2)],
        ["会务", "100%", "98%"],
        ["满意度指标", "满意度", "群众满意", "100%", "100%", "10", "10"],
    ]
    expected = [
        ("产出指标", "质量指标", "接待", "100%", "100%", "10", "9", None),
        ("产出指标", "质量指标", "会务", "100%", "98%", None, None, None),
        ("满意度指标", "满意度", "群众满意", "100%", "100%", "10", "10", None),
    ]
    for layout in ("table", "pasted", "padded", "lost", "one line", "a cell a line"):
        assert indicators(extracted(LAYOUTS[layout](form(TITLE, rows)))) == expected, layout


def test_pasted_row_that_was_shifted_to_the_left() -> None:
    text = "\n".join(
        [
            TITLE,
            "绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分",
            "\t效益指标（50分）\t经济\t带动就业\t100%\t持续提升\t10\t10",
            "\t\t社会效益\t服务企业\t100%\t持续提升\t10\t10",
            "改善环境\t\t\t长期\t持续提升\t\t\t",
            "",
            "\t\t满意度\t群众满意\t100%\t100%\t10\t9",
            "总分\t\t\t\t\t100\t97\t等级： 良",
        ]
    )
    found = extracted(pasted(text))
    assert indicators(found)[2:] == [
        ("效益指标", "社会效益", "改善环境", "长期", "持续提升", None, None, None),
        ("效益指标", "满意度", "群众满意", "100%", "100%", "10", "9", None),
    ]
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score, total.grade) == (Decimal(100), Decimal(97), "良")


def test_pasted_rows_broken_over_lines() -> None:
    text = "\n".join(
        [
            TITLE,
            "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施",
            "产出指标\t数量",
            "指标\t保障工资按时发放和机",
            "构运转\t100%\t2022年1",
            "月至12月\t50\t50\t",
            "\t质量指标\t合格率\t100%\t97.5%\t40\t38\t个别材料",
            "补正后合格",
            "\t时效指标\t及时率\t100%\t100%\t10\t10\t",
        ]
    )
    assert indicators(extracted(pasted(text))) == [
        ("产出指标", "数量指标", "保障工资按时发放和机构运转", "100%", "2022年1月至12月", "50", "50", None),
        ("产出指标", "质量指标", "合格率", "100%", "97.5%", "40", "38", "个别材料补正后合格"),
        ("产出指标", "时效指标", "及时率", "100%", "100%", "10", "10", None),
    ]


def test_pasted_rows_that_lack_their_merged_cells_keep_their_columns() -> None:
    text = "\n".join(
        [
            TITLE,
            "一级指标\t二级指标\t三级指标\t指标值\t实际值\t分值\t得分\t偏差原因",
            "履职效能\t重点工作\t疏浚河道长度\t12公里\t12公里\t20\t20\t",
            "新建步道数量\t50条\t46条\t20\t18.4\t4条改址",
            "河湖管护\t巡查覆盖面扩大\t≥5%\t-1.2%\t10\t6\t船只停修",
        ]
    )
    assert indicators(extracted(pasted(text))) == [
        ("履职效能", "重点工作", "疏浚河道长度", "12公里", "12公里", "20", "20", None),
        ("履职效能", "重点工作", "新建步道数量", "50条", "46条", "20", "18.4", "4条改址"),
        ("履职效能", "河湖管护", "巡查覆盖面扩大", "≥5%", "-1.2%", "10", "6", "船只停修"),
    ]


def test_pasted_projects_of_a_funding_block_are_listed_under_project_expenditure() -> None:
    text = "\n".join(
        [
            TITLE,
            "单位：万元",
            "项目\t年初预算\t全年预算\t实际支出\t执行率",
            "基本支出\t230.00\t242.00\t241.80\t99.92%",
            "项目支出\t56.00\t54.00\t52.10\t96.48%",
            "其中：灯光改造\t35.00\t33.00\t32.10\t97.27%",
            "巷道整修\t21.00\t21.00\t20.00\t95.24%",
            "收入合计\t286.00\t296.00\t296.00\t100%",
        ]
    )
    found = [f for f in extracted(pasted(text)).figures if f.kind == "money" and f.measure_term == "实际支出"]
    assert [(f.label, f.project_name, f.parent_term) for f in found] == [
        ("基本支出", None, "部门整体支出"),
        ("项目支出", None, "部门整体支出"),
        ("灯光改造", "灯光改造", "项目支出"),
        ("巷道整修", "巷道整修", "项目支出"),
        ("收入合计", None, None),
    ]


def test_evaluation_form_with_input_and_process_levels_and_points_of_each_level() -> None:
    rows = [
        ["一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "评价标准", "得分"],
        [
            span("投入", 2),
            span("15", 2),
            span("预算配置", 2),
            span("15", 2),
            "在职人员控制率",
            "7",
            "以100%为标准，超过不得分",
            "7",
        ],
        ["三公经费变动率", "8", "变动率小于等于0计满分", "8"],
        ["过程", "20", "预算执行", "20", "预算完成率", "20", "完成率达95%以上计满分", "18.5"],
        [span("总分", 1, 5), "100", "", "93"],
    ]
    found = extracted(set_tables(form("2022年度部门整体支出绩效评价指标评分表", rows)))
    assert [(i[0], i[1], i[2], i[5], i[6]) for i in indicators(found)] == [
        ("投入", "预算配置", "在职人员控制率", "7", "7"),
        ("投入", "预算配置", "三公经费变动率", "8", "8"),
        ("过程", "预算执行", "预算完成率", "20", "18.5"),
    ]
    assert [(r.level_1, r.level_2, r.weight) for r in rows_of_kind(found, "heading")] == [
        ("投入", None, Decimal(15)),
        ("过程", None, Decimal(20)),
    ]
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score) == (Decimal(100), Decimal(93))


def test_percent_weights_and_points_behind_numbers() -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标", "权重", "目标值", "完成值", "自评分"],
        ["产出", "产出数量", "检查次数", "20%", "40次", "40次", "20分"],
        ["效果", "社会效益", "减少事故", "15%", "下降", "下降", "15分"],
    ]
    assert [(i[0], i[5], i[6]) for i in indicators(extracted(set_tables(form(TITLE, rows))))] == [
        ("产出", "20", "20"),
        ("效果", "15", "15"),
    ]


def test_grade_and_total_in_the_head_of_the_form() -> None:
    rows = [
        ["部门名称", "某局", "自评总分", "96.5", "自评等级", "优"],
        ["一级指标", "二级指标", "三级指标", "指标值", "分值", "得分"],
        ["产出指标", "数量指标", "次数", "5次", "100", "96.5"],
    ]
    (total,) = rows_of_kind(extracted(set_tables(form(TITLE, rows))), "total")
    assert (total.weight, total.score, total.grade) == (None, Decimal("96.5"), "优")


def test_project_investment_and_deviation_amounts() -> None:
    rows = [
        ["项目支出名称", "专项名称", span("“清风行动”专项", 1, 2), "项目总投资（万元）", "142.8"],
        ["", "支出方向名称（子项目名称）", span("清风", 1, 2), "其中：财政拨款", "100"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "得分", "偏差原因分析及改进措施"],
        ["产出指标", "成本指标", "控制成本", "52万", "8", "年中追加工作经费90.8元"],
    ]
    found = extracted(set_tables(form("2022年度项目支出绩效自评表", rows)))
    assert [
        (f.label, f.measure_term, f.value_as_written, f.unit, f.project_name, f.fund_source_term) for f in found.figures
    ] == [
        ("项目总投资（万元）", "项目总投资", "142.8", "万元", "“清风行动”专项", None),
        ("其中：财政拨款", "项目总投资", "100", "万元", "“清风行动”专项", "财政拨款"),
        ("控制成本", "年度指标值", "52", "万", "“清风行动”专项", None),
        ("控制成本", "偏差说明", "90.8", "元", "“清风行动”专项", None),
    ]
    assert found.figures[1].part_of_figure_no == found.figures[0].figure_no


def test_label_and_value_lines_beside_contacts() -> None:
    text = "项目基本信息（单位：万元）\n项目名称\n河道清淤\n项目负责人\n王某\n联系电话\n0731-28881234\n年初预算数\n12.50\n全年预算数\n15\n全年执行数\n14.95\n"
    found = extracted(pasted("一、概况\n本项目进展顺利。\n" + text))
    assert [(f.measure_term, f.value_as_written, f.unit, f.project_name) for f in found.figures] == [
        ("年初预算数", "12.50", "万元", "河道清淤"),
        ("全年预算数", "15", "万元", "河道清淤"),
        ("全年执行数", "14.95", "万元", "河道清淤"),
    ]


def test_sheet_rows_keep_their_sheet() -> None:
    builder = DocumentBuilder("forms.xlsx", "xlsx")
    rows = [[TITLE], HEAD, ["产出指标", "数量指标", "次数", "5次", "5次", "90", "90", ""]]
    cells = [Cell(0, 0, TITLE, 1, 8)] + [Cell(r, c, t) for r, row in enumerate(rows) if r for c, t in enumerate(row)]
    builder.table(cells, 3, 8, sheet="附表2")
    found = extracted(builder.build())
    assert indicators(found) == [("产出指标", "数量指标", "次数", "5次", "5次", "90", "90", None)]
    assert {e.sheet for e in found.evidence_rows} == {"附表2"} and {e.form for e in found.evidence_rows} == {"overall"}


def test_prose_about_indicators_is_no_form() -> None:
    text = "本部门设置一级指标3个、二级指标8个、三级指标15个，全年预算数142.8万元，全年执行数为142.8万元，执行率100%。\n绩效目标完成情况良好。\n"
    found = extracted(pasted(text))
    assert not found.figures and not found.form_rows and not found.is_consumed(0, len(text))


def test_amounts_stated_in_the_text_settle_a_missing_unit() -> None:
    rows = [
        ["年度资金总额", "年初预算数", "全年预算数", "分值", "得分"],
        ["年度资金总额", "3005000", "3005000", "10", "10"],
        ["一级指标", "三级指标", "指标值", "分值", "得分"],
        ["产出指标", "卷数", "5卷", "90", "90"],
    ]
    blocks = form(TITLE, rows)
    document = set_tables(blocks)
    assert {f.unit for f in extracted(document).figures} == {"万元"}
    from tests.support.blocks import Para

    assert {f.unit for f in extracted(set_tables([Para("年初预算为300.50万元。"), *blocks])).figures} == {"元"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("产出 指标 (50 分)", "产出指标 (50 分)"),
        ("97.3\n5%", "97.35%"),
        ("满 意 度", "满意度"),
        ("2022 年 1 月-12 月", "2022 年 1 月-12 月"),
        ("整理\n档案", "整理档案"),
    ],
)
def test_clean_takes_out_wrapping_only(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("资金情况(万元)", "万元"),
        ("单位:元", "元"),
        ("金额单位:人民币万元", "万元"),
        ("单价100万元以上", None),
        ("年初预算数", None),
    ],
)
def test_unit_in_labels(key: str, unit: str | None) -> None:
    assert unit_in(key) == unit


def test_year_of_a_form_without_identity_comes_from_its_title() -> None:
    found = extracted(set_tables(form(TITLE, overall_rows())), year=None)
    assert {f.fiscal_year for f in found.figures} == {2022}
    assert identity(None).fiscal_year is None and FormContext.__doc__


FLAT = (
    "部门名称 某县统计局 资金情况（万元） 年度资金总额 年初预算数 全年预算数 全年执行数 分值 执行率 得分 合计 364.31 363.17 301.95 10 83.14% 8.31 "
    "年度总体目标 预期目标 实际完成情况 完成普查。 普查已完成。 绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施 "
    "产出指标（50分） 数量指标 普查户数 ≥253户 256户 20 20 抽查户数 12人次 13人次 20 18 人员不足，今后加强统筹 成本指标 普查成本 ≤340.18万元 340.18万元 10 10 "
    "效益指标（40分） 社会效益指标 维护社会稳定 不断提高 效果良好 40 40 总分 100 96.31 等级：优"
)
FLAT_INDICATORS = [
    ("产出指标", "数量指标", "普查户数", "≥253户", "256户", "20", "20", None),
    ("产出指标", "数量指标", "抽查户数", "12人次", "13人次", "20", "18", "人员不足，今后加强统筹"),
    ("产出指标", "成本指标", "普查成本", "≤340.18万元", "340.18万元", "10", "10", None),
    ("效益指标", "社会效益指标", "维护社会稳定", "不断提高", "效果良好", "40", "40", None),
]


def _same_as_flat(text: str) -> None:
    found = extracted(pasted(f"{TITLE}\n{text}\n填表人：王某\n四、问题\n缺经费12万元。\n"))
    assert indicators(found) == FLAT_INDICATORS
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score, total.grade) == (Decimal(100), Decimal("96.31"), "优")
    assert money(found)[:3] == [
        ("合计", "年初预算数", "364.31", "万元"),
        ("合计", "全年预算数", "363.17", "万元"),
        ("合计", "全年执行数", "301.95", "万元"),
    ]
    assert not any(f.value == 12 for f in found.figures if f.kind == "money")


@pytest.mark.parametrize("width", range(34, 46))
def test_a_form_on_one_line_that_a_window_wrapped_in_mid_word(width: int) -> None:
    lines, at = [], 0
    while at < len(FLAT):
        stop = min(len(FLAT), at + width)
        while stop < len(FLAT) and re.match(r"[\d.%]", FLAT[stop]) and re.match(r"[\d.]", FLAT[stop - 1]):
            stop -= 1  # what copies text keeps the digits of a number together
        lines.append(FLAT[at:stop])
        at = stop
    _same_as_flat("\n".join(lines))


@pytest.mark.parametrize("mark", ["", "第 2 页 共 6 页", "— 3 —", "- 3 -", "2/6"])
@pytest.mark.parametrize(
    "before",
    [
        "预算数 全年执行数",
        "户数 12人次",
        "元 10 10",
        "偏差原因",
        "社会稳定",
        "83.14%",
        "人次 13人次",
        "253户",
        "分） 社会效益",
    ],
)
def test_a_page_that_ends_inside_of_a_form_on_one_line(before: str, mark: str) -> None:
    at = FLAT.index(before)
    cut = FLAT[:at].rstrip(" ") if before in ("83.14%", "偏差原因") else FLAT[:at]
    middle = f"\n\n{mark}\n\n" if mark else "\n\n"
    _same_as_flat(cut + middle + FLAT[at:])


@pytest.mark.parametrize("mark", ["第 2 页 共 6 页", "— 3 —", "2/6"])
def test_page_marks_between_pasted_rows_are_no_cells(mark: str) -> None:
    rows = [
        ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "整理卷数", "5卷", "5卷", "50", "50"],
        ["", "修复卷数", "7卷", "6卷", "40", "38"],
        ["总分", "", "", "", "90", "88"],
    ]
    lines = ["\t".join(r) for r in rows]
    found = extracted(pasted("\n".join([TITLE, *lines[:2], "", mark, "", *lines[2:]])))
    assert [i[2:7] for i in indicators(found)] == [
        ("整理卷数", "5卷", "5卷", "50", "50"),
        ("修复卷数", "7卷", "6卷", "40", "38"),
    ]
    assert not [f for f in found.figures if f.value_as_written in ("2", "3", "6")]


SPLIT_ROWS = [
    [
        span("年度预算申请（万元）", 6),
        span("", 1, 2),
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ],
    [span("年度资金总额", 1, 2), "1500", "1600", "1550", "10", "96.88%", "9.69"],
    [span("按收入性质分：", 1, 4), span("按支出性质分：", 1, 4)],
    [span("其中：一般公共预算：1200", 1, 4), span("其中：基本支出：800", 1, 4)],
    [span("政府性基金拨款：100", 1, 4), span("项目支出：700", 1, 4)],
    [span("其他资金：200", 1, 8)],
    [span("绩效指标", 2), *HEAD],
    ["产出指标", "数量指标", "整理档案卷数", "≥2000卷", "2100卷", "90", "90", ""],
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_amounts_by_kind_of_income_and_of_expenditure(layout: str) -> None:
    found = extracted(LAYOUTS[layout](form(TITLE, SPLIT_ROWS)))
    split = [
        (f.row_label, f.value_as_written, f.unit, f.term, f.book_term, f.fund_source_term, f.measure_term)
        for f in found.figures
        if f.kind == "money" and not f.column_label
    ]
    assert split == [
        ("一般公共预算", "1200", "万元", "部门整体支出", "一般公共预算", None, None),
        ("基本支出", "800", "万元", "基本支出", None, None, None),
        ("政府性基金拨款", "100", "万元", "部门整体支出", "政府性基金", None, None),
        ("项目支出", "700", "万元", "项目支出", None, None, None),
        ("其他资金", "200", "万元", "部门整体支出", None, "其他资金", None),
    ]
    columns = [f.value_as_written for f in found.figures if f.kind == "money" and f.column_label]
    assert columns == ["1500", "1600", "1550"]
    assert len(indicators(found)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "项目基本信息（单位：万元） 项目名称 消防设施改造 项目负责人 李某 联系电话 0731-28880000 年初预算数 50 全年预算数 48.5 全年执行数 47.04",
        "项目基本信息（单位：万元） 项目名称：消防设施改造 联系电话：0731-28880000 年初预算数：50 全年预算数：48.5 全年执行数：47.04",
        "项目名称：消防设施改造\n联系电话：0731-28880000\n年初预算数：50万元\n全年预算数：48.5万元\n全年执行数：47.04万元",
    ],
)
def test_label_and_value_beside_one_another(text: str) -> None:
    found = extracted(pasted(f"{text}\n二、问题\n缺经费。\n"))
    assert [(f.project_name, f.measure_term, f.value_as_written, f.unit) for f in found.figures] == [
        ("消防设施改造", "年初预算数", "50", "万元"),
        ("消防设施改造", "全年预算数", "48.5", "万元"),
        ("消防设施改造", "全年执行数", "47.04", "万元"),
    ]


def test_prose_about_budgets_is_no_card() -> None:
    text = "本年年初预算数 50 万元，全年预算数 48.5 万元，全年执行数 47.04 万元，执行率 97%。\n"
    assert not extracted(pasted(text)).figures


def test_points_of_the_execution_rate_under_heads_of_their_own() -> None:
    rows = [
        [
            span("部门预算执行情况（万元）", 2),
            "年初预算数",
            "全年（调整）预算数",
            "全年执行数",
            "执行率（%）",
            "执行率权重（分）",
            "执行率得分（分）",
        ],
        ["1200.00", "1350.50", "1080.40", "80%", "10", "8"],
    ]
    found = extracted(set_tables(form("2021年度部门整体绩效自评表", rows)))
    (execution,) = rows_of_kind(found, "execution")
    assert (execution.weight, execution.score, execution.execution_rate) == (Decimal(10), Decimal(8), Decimal(80))


def test_the_unit_is_no_rest_of_an_amount_and_no_name() -> None:
    assert unit_in("新建管网15公里，资金500万元") is None
    assert unit_in("填报单位:元氏县水务局") is None
    assert unit_in("金额单位:万元编制单位:水务局") == "万元"
    assert unit_in("年初预算数万元") == "万元"


FUND_HEAD = ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]


def test_the_unit_in_the_label_of_the_total_holds_for_the_rows_below() -> None:
    rows = [
        ["部门名称", span("南塘县林业局", 1, 8)],
        [span("主要任务", 2), "任务名称", span("主要内容", 1, 7)],
        ["造林绿化", span("新造林2万亩，投入800万元", 1, 7)],
        [span("预算情况", 4), span("", 1, 2), *FUND_HEAD],
        [span("部门预算总额（万元）", 1, 2), "910.5", "950", "931", "10", "98%", "9.8"],
        [span("1、资金来源", 2), "（1）财政性资金", "900.5", "940", "921", "", "", ""],
        ["（2）其他资金", "10", "10", "10", "", "", ""],
        HEAD,
        ["产出指标", "数量指标", "造林面积", "≥2万亩", "2.1万亩", "50", "50", ""],
    ]
    found = extracted(set_tables(form("部门整体绩效自评表", rows)))
    assert {f.unit for f in found.figures if f.kind == "money"} == {"万元"}
    assert [(f.fund_source_term, f.value_as_written) for f in found.figures if f.measure_term == "全年执行数"] == [
        ("合计", "931"),
        ("财政性资金", "921"),
        ("其他资金", "10"),
    ]


def test_accounts_with_a_subtotal_and_projects_beside_a_merged_label() -> None:
    rows = [
        ["部门名称", span("西岭县审计局", 1, 8)],
        [span("部门整体支出情况（万元）", 8), span("支出类型", 1, 2), *FUND_HEAD],
        [span("部门整体支出", 1, 2), "310", "330", "325", "10", "98.48%", "9.85"],
        [span("基本支出", 3), "小计", "210", "210", "210", "—", "100%", "—"],
        ["人员经费", "180", "180", "180", "—", "100%", "—"],
        ["公用经费", "30", "30", "30", "—", "100%", "—"],
        [span("项目支出", 3), "小计", "100", "120", "115", "—", "95.83%", "—"],
        ["审计外勤补助", "40", "40", "40", "—", "100%", "—"],
        ["投资审计", "60", "80", "75", "—", "93.75%", "—"],
        HEAD,
        ["产出指标", "数量指标", "审计项目数", "≥20个", "21个", "90", "90", ""],
    ]
    found = extracted(set_tables(form("部门整体支出绩效自评表", rows)))
    actual = [f for f in found.figures if f.measure_term == "全年执行数"]
    assert [(f.term, f.parent_term, f.project_name, f.value_as_written) for f in actual] == [
        ("部门整体支出", None, None, "325"),
        ("基本支出", "部门整体支出", None, "210"),
        ("人员经费", "基本支出", None, "180"),
        ("公用经费", "基本支出", None, "30"),
        ("项目支出", "部门整体支出", None, "115"),
        (None, "项目支出", "审计外勤补助", "40"),
        (None, "项目支出", "投资审计", "75"),
    ]
    assert len(rows_of_kind(found, "execution")) == 1


def test_income_and_expenditure_side_by_side_in_the_funding_block() -> None:
    rows = [
        ["部门名称", span("东湖市科学技术局", 1, 7)],
        [span("部门整体资金（万元）", 4), "收入", "预算数", "执行数", "支出", "年初预算数", "全年执行数", "执行率"],
        ["财政拨款", "560", "548", "基本支出", "230", "228", "99.13%"],
        ["其他资金", "12", "12", "项目支出", "342", "332", "97.08%"],
        ["合计", "572", "560", "合计", "572", "560", "97.9%"],
        HEAD,
        ["产出指标", "数量指标", "科技项目数", "≥30项", "31项", "90", "90", ""],
    ]
    found = extracted(set_tables(form("部门整体绩效自评表", rows)))
    got = [(f.term, f.fund_source_term, f.measure_term, f.value_as_written) for f in found.figures if f.kind == "money"]
    assert got == [
        ("部门整体支出", "财政拨款", "预算数", "560"),
        ("部门整体支出", "财政拨款", "执行数", "548"),
        ("基本支出", None, "年初预算数", "230"),
        ("基本支出", None, "全年执行数", "228"),
        ("部门整体支出", "其他资金", "预算数", "12"),
        ("部门整体支出", "其他资金", "执行数", "12"),
        ("项目支出", None, "年初预算数", "342"),
        ("项目支出", None, "全年执行数", "332"),
        ("部门整体支出", "合计", "预算数", "572"),
        ("部门整体支出", "合计", "执行数", "560"),
        ("部门整体支出", "合计", "年初预算数", "572"),
        ("部门整体支出", "合计", "全年执行数", "560"),
    ]
    assert [(f.term, f.value_as_written) for f in found.figures if f.kind == "rate"] == [
        ("基本支出", "99.13"),
        ("项目支出", "97.08"),
        ("部门整体支出", "97.9"),
    ]


def test_funds_arranged_received_and_spent_with_a_label_before_each_amount() -> None:
    rows = [
        ["项目名称", span("乡村公路养护", 1, 3), "金额单位", span("万元", 1, 3)],
        [
            span("预算安排情况（调整后）", 1, 2),
            span("资金到位情况", 1, 2),
            span("资金执行情况", 1, 2),
            span("预算执行率（%）", 1, 2),
        ],
        ["预算数", "128.5", "到位数", "128.5", "执行数", "121.5", span("94.55", 3, 2)],
        ["其中：财政资金", "120", "其中：财政资金", "120", "其中：财政资金", "113"],
        ["其他", "8.5", "其他", "8.5", "其他", "8.5"],
        HEAD,
        ["产出指标", "数量指标", "养护里程", "≥60公里", "60公里", "90", "90", ""],
    ]
    found = extracted(set_tables(form("部门预算项目绩效自评表", rows)))
    got = [(f.fund_source_term, f.measure_term, f.value_as_written, f.unit) for f in found.figures if f.kind == "money"]
    columns = ("预算安排情况(调整后)", "资金到位情况", "资金执行情况")
    assert got == [
        (source, measure, value, "万元")
        for source, values in {
            "合计": ("128.5", "128.5", "121.5"),
            "财政资金": ("120", "120", "113"),
            "其他": ("8.5", "8.5", "8.5"),
        }.items()
        for measure, value in zip(columns, values, strict=True)
    ]
    assert [f.value_as_written for f in found.figures if f.kind == "rate"] == ["94.55"]


def test_subtotals_are_no_indicators() -> None:
    head = ["一级指标", "二级指标", "三级指标", "分值", "评分标准", "自评得分", "扣分原因"]
    rows = [
        head,
        [span("投入", 4), span("目标设定", 3), "目标合理性", "8", "", "8", ""],
        ["目标明确性", "7", "", "6", "未细化"],
        ["小计", "15", "", "14", ""],
        [span("小计", 1, 2), "15", "", "14", ""],
        [span("产出", 2), "职责履行", "完成率", "85", "", "85", ""],
        [span("产出小计", 1, 2), "85", "", "85", ""],
        [span("合计", 1, 3), "100", "", "99", "优秀"],
    ]
    found = extracted(set_tables(form("部门整体支出绩效评价评分表", rows)))
    assert [r.level_3 for r in found.form_rows if r.row_kind == "indicator"] == ["目标合理性", "目标明确性", "完成率"]
    assert [(r.level_1, r.weight, r.score) for r in rows_of_kind(found, "heading")] == [
        ("投入", Decimal(15), Decimal(14)),
        ("产出", Decimal(85), Decimal(85)),
    ]
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score, total.grade) == (Decimal(100), Decimal(99), "优")
    assert [(o.text, o.reason) for o in found.omissions] == [("15", "subtotal"), ("14", "subtotal")]


def test_projects_listed_below_project_expenditure_from_a_first_one_on() -> None:
    rows = [
        ["项目", "年初预算", "全年预算", "实际支出", "执行率"],
        ["基本支出", "230", "240", "240", "100%"],
        ["项目支出", "560", "540", "520", "96.3%"],
        ["其中：校舍维修", "150", "150", "148", "98.67%"],
        ["学生资助", "410", "390", "372", "95.38%"],
        ["合计", "790", "780", "760", "97.44%"],
    ]
    found = extracted(set_tables(form("部门预算绩效执行情况表（单位：万元）", rows)))
    spent = [f for f in found.figures if f.measure_term == "实际支出"]
    assert [(f.term, f.parent_term, f.project_name, f.value_as_written) for f in spent] == [
        ("基本支出", "部门整体支出", None, "240"),
        ("项目支出", "部门整体支出", None, "520"),
        (None, "项目支出", "校舍维修", "148"),
        (None, "项目支出", "学生资助", "372"),
        ("部门整体支出", None, None, "760"),
    ]


def test_head_over_two_rows_with_several_merged_cells() -> None:
    rows = [
        [
            span("一级指标", 2),
            span("二级指标", 2),
            span("三级指标", 2),
            span("年度指标", 1, 2),
            span("分值", 2),
            span("自评情况", 1, 3),
        ],
        ["指标值", "单位", "完成值", "得分", "偏差原因"],
        ["管理效率（60%）", "预算管理", "预算执行率", "≥95", "%", "60", "98.5", "60", ""],
        ["履职效能（40%）", "财政管理", "收入增长率", "≥5", "%", "40", "3.1", "32", "减税降费"],
        [span("合计", 1, 5), "100", "", "92", ""],
    ]
    found = extracted(set_tables(form("部门整体支出绩效自评表", rows)))
    assert indicators(found) == [
        ("管理效率", "预算管理", "预算执行率", "≥95%", "98.5", "60", "60", None),
        ("履职效能", "财政管理", "收入增长率", "≥5%", "3.1", "40", "32", "减税降费"),
    ]
    (total,) = rows_of_kind(found, "total")
    assert (total.weight, total.score) == (Decimal(100), Decimal(92))


def test_a_summary_of_projects_takes_their_names_and_not_their_units() -> None:
    rows = [
        ["序号", "项目名称", "实施单位", "年初预算数", "全年预算数", "全年执行数", "执行率", "自评得分"],
        ["1", "城市照明", "路灯管理所", "480", "480", "455", "94.79%", "94"],
        ["2", "房屋鉴定", "房屋鉴定所", "—", "60", "33", "55%", "78.5"],
        [span("合计", 1, 3), "480", "540", "488", "90.37%", ""],
    ]
    found = extracted(set_tables(form("项目支出绩效自评结果汇总表", rows)))
    got = [(f.project_name, f.term, f.parent_term, f.measure_term, f.value_as_written) for f in found.figures]
    assert [g for g in got if g[3] == "全年执行数"] == [
        ("城市照明", None, "项目支出", "全年执行数", "455"),
        ("房屋鉴定", None, "项目支出", "全年执行数", "33"),
        (None, "项目支出", None, "全年执行数", "488"),
    ]
    assert [(f.project_name, f.value_as_written) for f in found.figures if f.kind == "rate"] == [
        ("城市照明", "94.79"),
        ("房屋鉴定", "55"),
        (None, "90.37"),
    ]


def test_another_head_below_a_table_opens_a_table_of_its_own() -> None:
    first = [
        ["项目", "2021年执行数", "2022年预算数", "2022年执行数"],
        ["支出合计", "3.2", "3.4", "3.35"],
    ]
    second = [
        ["采购类别", "预算金额", "执行金额", "节约资金"],
        ["货物", "1,200,000", "1,150,000", "50,000"],
    ]
    blocks = [*form("收支预算总表（单位：亿元）", first), Para("采购情况"), Para("单位：元"), grid(second)]
    found = extracted(set_tables(blocks))
    assert money(found) == [
        ("支出合计", "执行数", "3.2", "亿元"),
        ("支出合计", "预算数", "3.4", "亿元"),
        ("支出合计", "执行数", "3.35", "亿元"),
        ("货物", "预算金额", "1,200,000", "元"),
        ("货物", "执行金额", "1,150,000", "元"),
        ("货物", None, "50,000", "元"),
    ]


def test_sources_of_funds_in_a_second_head_row() -> None:
    rows = [
        ["部门名称", span("东山县林业局", 1, 7)],
        [span("部门预算情况", 4), "预算构成", span("年初预算数", 1, 3), span("全年执行数", 1, 2), "执行率"],
        ["", "合计", "财政拨款", "其他", "财政拨款", "其他", "（%）"],
        ["基本支出", "90", "90", "0", "88", "0", "97.78"],
        ["项目支出", "210", "200", "10", "198", "9", "98.57"],
        HEAD,
        ["产出指标", "数量指标", "造林面积", "≥2万亩", "2.1万亩", "90", "90", ""],
    ]
    found = extracted(set_tables(form("部门整体支出绩效自评表", rows)))
    got = [(f.term, f.fund_source_term, f.measure_term, f.value_as_written) for f in found.figures if f.kind == "money"]
    assert got == [
        (term, source, measure, value)
        for term, values in (("基本支出", rows[3][1:6]), ("项目支出", rows[4][1:6]))
        for (source, measure), value in zip(
            [
                ("合计", "年初预算数"),
                ("财政拨款", "年初预算数"),
                ("其他", "年初预算数"),
                ("财政拨款", "全年执行数"),
                ("其他", "全年执行数"),
            ],
            values,
            strict=True,
        )
    ]


def test_income_in_a_funding_block_is_no_part_of_expenditure() -> None:
    rows = [
        ["部门预算情况（万元）", "年初预算数", "全年执行数", "执行率", "分值", "得分"],
        ["收入合计", "152", "159", "—", "—", "—"],
        ["其他收入", "2", "3", "—", "—", "—"],
        ["支出合计", "152", "150", "98.68%", "20", "19.74"],
        ["其中：基本支出", "80", "79", "98.75%", "—", "—"],
    ]
    found = extracted(set_tables(form("部门整体绩效自评表", rows)))
    spent = [f for f in found.figures if f.measure_term == "全年执行数"]
    assert [(f.label, f.term, f.parent_term) for f in spent] == [
        ("收入合计", "收入合计", None),
        ("其他收入", "其他收入", None),
        ("支出合计", "部门整体支出", None),
        ("基本支出", "基本支出", "部门整体支出"),
    ]
    (execution,) = rows_of_kind(found, "execution")
    assert (execution.level_3, execution.score) == ("支出合计", Decimal("19.74"))


def test_heads_with_words_before_the_one_that_counts() -> None:
    rows = [
        [
            "一级指标",
            "二级指标",
            "三级指标",
            "计划目标值",
            "指标实际值",
            "三级指标分值",
            "三级指标得分",
            "自评扣分原因",
        ],
        ["产出", "数量", "讲座场次", "60场", "58场", "50", "48", "疫情"],
    ]
    found = extracted(set_tables(form("项目支出绩效自评表", rows)))
    assert indicators(found) == [("产出", "数量", "讲座场次", "60场", "58场", "50", "48", "疫情")]


def test_a_form_in_three_tables_with_words_between_is_one_form() -> None:
    funds = [
        ["部门预算情况（万元）", *FUND_HEAD],
        ["年度资金总额", "300", "310", "300", "10", "96.77%", "9.68"],
    ]
    tasks = [["年度任务", "任务名称", "主要内容", "完成情况", "责任人", "备注", "附件"]]
    rows = [HEAD, ["产出指标", "数量指标", "造林面积", "≥2万亩", "2.1万亩", "90", "90", ""]]
    blocks = [Para("项目支出绩效自评表"), grid(funds), Para(""), grid(tasks), Para(""), grid(rows)]
    found = extracted(set_tables(blocks))
    assert {(r.form, r.form_no) for r in found.form_rows} == {("project", 1)}


def test_a_pasted_head_that_broke_over_lines() -> None:
    text = (
        "2022年度部门整体支出绩效自评表\n部门名称\t某市水利局\n年度总体目标\t预期目标\t\t\t\t实际完成情况\n\t清淤3公里。\t\t\t\t清淤3公里。\n"
        "绩\n效\n指\n标\t一级指标\t二级指标\t三级指标\t年度\n指标值\t实际\n完成值\t分值\t得分\t偏差原因分析及改进措施\n"
        "\t产出指标\n(60分)\t数量指标\t清淤长度\t3公里\t3公里\t60\t58\n\t效益指标\n(40分)\t社会效益指标\t河道环境\t改善\t改善\t40\t40\n总分\t100\t98\n"
    )
    found = extracted(pasted(text)).form_rows
    assert [(r.level_1, r.level_3, r.weight, r.score) for r in found if r.row_kind == "indicator"] == [
        ("产出指标", "清淤长度", 60, 58),
        ("效益指标", "河道环境", 40, 40),
    ]
    assert [(r.weight, r.score) for r in found if r.row_kind == "heading"] == [(60, None), (40, None)]
    assert [(r.weight, r.score) for r in found if r.row_kind == "total"] == [(100, 98)]


def points_form(head: list[str], *rows: list[object]) -> list[tuple[str | None, ...]]:
    """level 3, weight, score of the rows below a head of levels, target and achieved"""
    table = [["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", *head], *rows]
    found = extracted(set_tables(form(TITLE, table)))
    return [(r.row_kind, r.level_3, str(r.weight or "-"), str(r.score or "-")) for r in found.form_rows]


def test_weight_and_score_in_one_column() -> None:
    rows = [
        ["产出指标", "数量指标", "清淤公里数", "≥5公里", "6公里", "20/20", ""],
        ["产出指标", "质量指标", "验收合格率", "100%", "96%", "20/18.5", "返工两处"],
        ["总分", "", "", "", "", "40/38.5", ""],
    ]
    assert points_form(["分值/得分", "偏差原因"], *rows) == [
        ("indicator", "清淤公里数", "20", "20"),
        ("indicator", "验收合格率", "20", "18.5"),
        ("total", None, "40", "38.5"),
    ]


def test_the_score_given_by_the_department_itself() -> None:
    row = ["产出指标", "数量指标", "清淤公里数", "≥5公里", "6公里", "20", "19", "17"]
    assert points_form(["分值", "自评得分", "评价得分"], row) == [("indicator", "清淤公里数", "20", "19")]


@pytest.mark.parametrize("with_total", [True, False])
def test_a_score_merged_over_all_rows_is_their_total(with_total: bool) -> None:
    rows: list[list[object]] = [
        ["产出指标", "数量指标", "清淤公里数", "≥5公里", "6公里", "40", span("88", 2)],
        ["产出指标", "质量指标", "验收合格率", "100%", "96%", "50"],
    ]
    if with_total:
        rows.append(["总分", "", "", "", "", "90", "88"])
    assert points_form(["分值", "自评得分"], *rows) == [
        ("indicator", "清淤公里数", "40", "-"),
        ("indicator", "验收合格率", "50", "-"),
        ("total", None, "90" if with_total else "-", "88"),
    ]


def test_execution_on_one_line() -> None:
    rows = [
        ["项目名称", span("河道清淤", 1, 5)],
        ["预算执行率", "90%", "分值", "10", "得分", "9"],
        ["一级指标", "二级指标", "三级指标", "目标值", "分值", "得分"],
        ["产出", "数量", "清淤公里数", "5公里", "50", "50"],
    ]
    found = extracted(set_tables(form("2022年度项目支出绩效自评表", rows)))
    (execution,) = rows_of_kind(found, "execution")
    assert (execution.weight, execution.score, execution.execution_rate) == (Decimal(10), Decimal(9), Decimal(90))
    assert [(f.kind, f.term, f.project_name, f.value) for f in found.figures] == [
        ("rate", None, "河道清淤", Decimal(90))
    ]


@pytest.mark.parametrize(
    ("amounts", "measure"),
    [(["500", "20", "520", "510"], "年中调整"), (["500", "520", "520", "510"], "调整预算数")],
)
def test_a_column_of_the_adjusted_budget_may_hold_the_change(amounts: list[str], measure: str) -> None:
    rows = [
        ["资金情况（万元）", "年初预算数", "调整预算数", "全年预算数", "全年执行数", "分值", "得分"],
        ["合计", *amounts, "10", "9.8"],
        ["其中：财政拨款", "450", "15", "465", "460", "", ""],
    ]
    found = extracted(set_tables(form(TITLE, rows)))
    assert [m for _, m, _, _ in money(found)] == ["年初预算数", measure, "全年预算数", "全年执行数"] * 2


def test_no_indicator_is_none_of_a_level() -> None:
    text = (
        f"{TITLE}\n一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 产出指标 数量指标 清淤公里数 ≥5公里 6公里 50 50 "
        "效益指标 社会效益指标 投诉下降率 ≥10% 12% 30 30 生态效益指标 无 / / / / 满意度指标 服务对象满意度 群众满意 ≥95% 96% 10 10 总分 90 90\n"
    )
    rows = indicators(extracted(pasted(text)))
    assert [(r[1], r[2]) for r in rows if r[0] == "效益指标"] == [
        ("社会效益指标", "投诉下降率"),
        ("生态效益指标", "无"),
    ]


def test_no_indicator_at_the_end_of_a_row() -> None:
    text = (
        f"{TITLE}\n一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 产出指标 数量指标 清淤公里数 ≥5公里 6公里 50 50 "
        "效益指标 生态效益指标 无 可持续影响指标 养护机制 健全 健全 10 9 满意度指标 服务对象满意度 群众满意 ≥95% 96% 10 10 总分 70 69\n"
    )
    rows = indicators(extracted(pasted(text)))
    assert [(r[1], r[2]) for r in rows if r[0] == "效益指标"] == [("可持续影响指标", "养护机制")]


def test_points_of_a_total_as_a_sum_in_words() -> None:
    rows = [
        ["产出指标", "数量指标", "清淤公里数", "≥5公里", "6公里", "90", "88", "86"],
        ["合计", "", "", "", "", "90+10", "97.5", "95.5"],
    ]
    assert points_form(["权重", "自评得分", "财政评价得分"], *rows)[-1] == ("total", None, "-", "97.5")


def test_rate_in_a_column_of_percent() -> None:
    rows = [
        ["资金构成", "年初预算", "全年预算", "执行数", "执行率%", "分值", "得分"],
        ["合计", "618", "648", "598", "92.31", "10", "9.2"],
    ]
    (rate,) = [f for f in extracted(set_tables(form(TITLE, rows))).figures if f.kind == "rate"]
    assert rate.value == Decimal("92.31")


def test_the_row_of_a_budget_book_is_not_the_whole() -> None:
    rows = [
        ["资金情况（万元）", "年初预算数", "全年执行数", "分值", "得分"],
        ["合计", "1500", "1400", "10", "9.3"],
        ["其中：一般公共预算拨款", "1300", "1250", "", ""],
        ["政府性基金拨款", "200", "150", "", ""],
    ]
    found = extracted(set_tables(form(TITLE, rows))).figures
    assert [(f.term, f.book_term, f.fund_source_term) for f in found][::2] == [
        ("部门整体支出", None, "合计"),
        ("部门整体支出", None, "一般公共预算拨款"),
        ("部门整体支出", "政府性基金", "政府性基金拨款"),
    ]


MERGED_ACCOUNTS = [
    ["支出情况（万元）", "类型", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "支出合计", "", "310.5", "330", "323.4", "10", "98%", "9.8"],
    ["", "基本支出", "小计", "210.5", "220", "220", "—", "100%", "—"],
    ["", "", "人员经费", "180.5", "190", "190", "—", "100%", "—"],
    ["", "", "公用经费", "30", "30", "30", "—", "100%", "—"],
    ["", "项目支出", "小计", "100", "110", "103.4", "—", "94%", "—"],
    ["", "", "渠道清淤", "100", "110", "103.4", "—", "94%", "—"],
]


def with_tabs(rows: list[list[str]]) -> str:
    """A pasted table that kept all its slots: merged cells leave blank ones."""
    return "".join("\t".join(row) + "\n" for row in rows)


def test_merged_accounts_of_a_pasted_block() -> None:
    found = extracted(pasted(f"{TITLE}\n{with_tabs(MERGED_ACCOUNTS)}")).figures
    executed = [f for f in found if f.kind == "money" and f.measure_term == "全年执行数"]
    assert [(f.term, f.parent_term, f.project_name, f.value_as_written) for f in executed] == [
        ("部门整体支出", None, None, "323.4"),
        ("基本支出", "部门整体支出", None, "220"),
        ("人员经费", "基本支出", None, "190"),
        ("公用经费", "基本支出", None, "30"),
        ("项目支出", "部门整体支出", None, "103.4"),
        (None, "项目支出", "渠道清淤", "103.4"),
    ]


def test_blank_slots_left_of_labels_in_one_column_say_nothing() -> None:
    rows = [
        ["资金情况（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["", "合计", "310", "330", "330", "10", "100%", "10"],
        ["项目支出", "", "110", "120", "120", "", "", ""],
        ["", "其他资金", "10", "20", "20", "", "", ""],
    ]
    found = extracted(pasted(f"{TITLE}\n{with_tabs(rows)}")).figures
    assert [f.term for f in found if f.fund_source_term == "其他资金"] == ["部门整体支出"] * 3


def test_income_beside_expenditure_in_a_pasted_block() -> None:
    rows = [
        ["资金（万元）", "收入", "预算数", "执行数", "支出", "年初预算数", "全年预算数", "执行数", "执行率"],
        ["", "财政拨款", "560", "548", "基本支出", "230", "235", "234", "99.57%"],
        ["", "合计", "560", "548", "合计", "560", "560", "548", "97.86%"],
    ]
    found = extracted(pasted(f"{TITLE}\n{with_tabs(rows)}")).figures
    assert [(f.term, f.value_as_written) for f in found if f.row_label == "基本支出"] == [
        ("基本支出", "230"),
        ("基本支出", "235"),
        ("基本支出", "234"),
        ("基本支出", "99.57"),
    ]


def test_pasted_head_over_two_rows_that_names_parts() -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标", "年度指标", "", "分值", "自评情况", "", ""],
        ["", "", "", "指标值", "单位", "", "完成值", "得分", "偏差原因"],
        ["产出指标", "数量指标", "清淤公里数", "≥5", "公里", "60", "6", "58", "降雨偏多"],
        ["满意度指标", "服务对象满意度", "群众满意度", "≥90", "%", "40", "96", "40", ""],
    ]
    found = indicators(extracted(pasted(f"{TITLE}\n{with_tabs(rows)}")))
    assert [r[2:7] for r in found] == [
        ("清淤公里数", "≥5公里", "6", "60", "58"),
        ("群众满意度", "≥90%", "96", "40", "40"),
    ]


def a_cell_a_line(*rows: str) -> str:
    """Cells with slashes between them, each on a line of its own."""
    return "".join(cell + "\n" for row in rows for cell in row.split("/"))


FUNDS_A_LINE = "资金情况（万元）/年初预算数/全年预算数/全年执行数/分值/执行率/得分"
TOTAL_A_LINE = "年度资金总额/30/32/31/10/96.88%/9.69"
ROWS_A_LINE = (
    "一级指标/二级指标/三级指标/指标值/完成值/分值/得分",
    "产出指标/数量指标/清淤公里数/≥5公里/6公里/90/90",
    "总分/100/99.69",
)


def test_zeros_of_a_short_row_stand_in_no_column_for_certain() -> None:
    rows = ("其中：当年财政拨款/28/28/27", "上年结转资金/2/4/4", "其他资金/0")
    text = a_cell_a_line(TITLE, FUNDS_A_LINE, TOTAL_A_LINE, *rows, *ROWS_A_LINE)
    found = extracted(pasted(text))
    assert "其他资金" not in {f.row_label for f in found.figures}
    assert [(o.text, o.reason) for o in found.omissions] == [("0", "unknown_column")]


def test_zeros_between_amounts_that_the_sums_place() -> None:
    rows = ("其中：当年财政拨款/30/28/27", "上年结转资金/0/4/4", "其他资金/0")
    text = a_cell_a_line(TITLE, FUNDS_A_LINE, TOTAL_A_LINE, *rows, *ROWS_A_LINE)
    found = [
        (f.measure_term, f.value_as_written) for f in extracted(pasted(text)).figures if f.row_label == "上年结转资金"
    ]
    assert found == [("年初预算数", "0"), ("全年预算数", "4"), ("全年执行数", "4")]


def test_the_head_of_the_funds_is_no_part_of_the_project_name() -> None:
    text = a_cell_a_line(
        "2022年度项目支出绩效自评表",
        "项目名称/渠道清淤",
        FUNDS_A_LINE.replace("资金", "年度项目资金"),
        TOTAL_A_LINE,
        *ROWS_A_LINE,
    )
    assert {f.project_name for f in extracted(pasted(text)).figures} == {"渠道清淤"}


def test_many_forms_with_a_cell_a_line() -> None:
    more = [f"产出指标/质量指标/{n}号渠道合格率/≥{n}%/100%/1/1" for n in range(1, 31)]
    one = (
        "2022年度项目支出绩效自评表",
        "项目名称/渠道清淤",
        FUNDS_A_LINE,
        TOTAL_A_LINE,
        *ROWS_A_LINE[:2],
        *more,
        ROWS_A_LINE[2],
    )
    found = extracted(pasted(a_cell_a_line(*one) * 6))
    assert len(indicators(found)) == 6 * 31
    assert len(rows_of_kind(found, "total")) == 6


def test_blanks_within_words_of_a_cell_on_a_line() -> None:
    rows = [row.replace("产出指标", "产出 指标").replace("清淤公里数", "清淤 公里 数") for row in ROWS_A_LINE]
    text = a_cell_a_line(TITLE, FUNDS_A_LINE, TOTAL_A_LINE, *rows)
    assert [r[:3] for r in indicators(extracted(pasted(text)))] == [("产出指标", "数量指标", "清淤公里数")]
