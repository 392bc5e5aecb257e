"""Sections: numbering in its right and wrong forms, headings in sentences, headings without numbers, attachments."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.extraction.headings import is_known, ordinal_of, outline, section_at
from dagster_project.reading.model import Document
from tests.extraction.prose import Part, document, pasted


def paths(*parts: Part) -> list[str]:
    """The paths of all sections."""
    return [s.path for s in outline(document(*parts))]


def test_the_five_kinds_of_numbers_nest() -> None:
    assert paths(
        "第一部分 部门概况", "一、机构情况", "（一）机构设置", "1.内设机构", "（1）办公室", "①文秘岗", "二、人员情况"
    ) == [
        "第一部分部门概况",
        "第一部分部门概况 / 一、机构情况",
        "第一部分部门概况 / 一、机构情况 / （一）机构设置",
        "第一部分部门概况 / 一、机构情况 / （一）机构设置 / 1.内设机构",
        "第一部分部门概况 / 一、机构情况 / （一）机构设置 / 1.内设机构 / （1）办公室",
        "第一部分部门概况 / 一、机构情况 / （一）机构设置 / 1.内设机构 / （1）办公室 / ①文秘岗",
        "第一部分部门概况 / 二、人员情况",
    ]


def test_levels_follow_the_nesting_not_the_kind_of_number() -> None:
    assert [(s.level, s.number, s.title) for s in outline(document("一、概况", "1、职能", "2、机构", "二、支出"))] == [
        (1, "一、", "概况"),
        (2, "1、", "职能"),
        (2, "2、", "机构"),
        (1, "二、", "支出"),
    ]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (
            ("二、一般公共预算支出情况", "（一）基本支出情况", "1、预算852.06万元。", "（2） 项目支出情况"),
            "二、一般公共预算支出情况 / （2）项目支出情况",
        ),
        (("三、政府性基金预算支出情况", "无。", "4、 国有资本经营预算支出情况"), "4、国有资本经营预算支出情况"),
        (("一、概况", "（一）职能", "(2)机构设置"), "一、概况 / (2)机构设置"),
        (("一、概况", "一、职能"), "一、职能"),
        (("一、概况", "三、支出情况"), "三、支出情况"),
        (("一．概况", "二．支出情况"), "二．支出情况"),
        (("（一）概况", "（二)支出情况"), "（二)支出情况"),
        (("一 、概况", "十二 、其他需要说明的情况"), "十二、其他需要说明的情况"),
        (("1．概况", "2．支出情况"), "2．支出情况"),
        (("1.1 部门概况", "1.2 支出情况"), "1.2支出情况"),
        (("一 部门基本情况", "二 一般公共预算支出情况"), "二一般公共预算支出情况"),
    ],
)
def test_numbers_in_wrong_and_rare_forms(lines: tuple[str, ...], last: str) -> None:
    assert paths(*lines)[-1] == last


def test_a_list_that_starts_anew_is_not_the_outer_list_going_on() -> None:
    assert paths("一、概况", "（一）职能", "（1）文秘", "（2）会务")[-1] == "一、概况 / （一）职能 / （2）会务"


@pytest.mark.parametrize(
    "item",
    [
        "1.公车办173.16万元；",
        "2.机关运转1,679.95万元；",
        "3.会议7.78万元",
        "1、2021年预算资金852.06万元。",
        "1.2022年项目资金总投入652.9万元，其中财政拨款652.9万元。",
        "（一）协助区政府领导审核文稿，起草领导讲话材料和重要文稿。",
        "（3）负责区政府会议的会务准备工作；",
        "2.全年办理件次１２３件",
        "（2）确保公务用车平台正常运转。",
        "1、公务用车购置和维护经费\t\t12\t13",
        "三是加强预算管理。",
        "1.5万元用于采购。",
        "2022年度完成情况",
        "3.8%的增长",
    ],
)
def test_items_and_sentences_are_no_headings(item: str) -> None:
    assert paths("一、支出情况", item) == ["一、支出情况"]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("1.以文辅政精准到位。文字综合出精品，共完成材料140余篇。", "以文辅政精准到位"),
        ("（1）严格资金使用管理。我单位于2017年3月制定了内部控制手册。", "严格资金使用管理"),
        ("2.一线工作慰问费：由区政府办出具活动方案。", "一线工作慰问费"),
        ("（二）政府性基金预算支出情况：2022年度本单位没有政府性基金收入。", "政府性基金预算支出情况"),
        ("（二）政府性基金预算支出情况本单位没有政府性基金收入，也没有支出。", "政府性基金预算支出情况"),
        ("（二）国有资本经营预算支出情况2022年度无此项支出。", "国有资本经营预算支出情况"),
        ("（三）部门基本情况。", "部门基本情况"),
        ("（7）预拨2022年国庆期间悬挂国旗工作经费", "预拨2022年国庆期间悬挂国旗工作经费"),
        ("（1）重点工作及项目经费", "重点工作及项目经费"),
        (
            "（二）部门整体支出规模、使用方向和主要内容、涉及范围等。",
            "部门整体支出规模、使用方向和主要内容、涉及范围等",
        ),
        (
            "（二）单位年度整体支出绩效目标，部门专项资金绩效目标、其他项目支出（除省级专项资金以外）绩效目标",
            "单位年度整体支出绩效目标，部门专项资金绩效目标、其他项目支出（除省级专项资金以外）绩效目标",
        ),
    ],
)
def test_headings_glued_to_a_sentence(line: str, title: str) -> None:
    made = document("一、概况", line)
    section = outline(made)[-1]
    assert section.title == title
    assert made.text[section.start : section.heading_end].endswith(title)


def test_several_headings_in_one_line() -> None:
    assert paths("三、政府性基金预算支出情况无。四、国有资本经营预算支出情况无。五、社会保险基金预算支出情况无。") == [
        "三、政府性基金预算支出情况",
        "四、国有资本经营预算支出情况",
        "五、社会保险基金预算支出情况",
    ]
    assert paths("一、部门概况（一）部门基本情况 1.主要职能") == [
        "一、部门概况",
        "一、部门概况 / （一）部门基本情况",
        "一、部门概况 / （一）部门基本情况 / 1.主要职能",
    ]


def test_headings_without_numbers() -> None:
    assert paths(
        "四、存在的主要问题及下一步改进措施",
        "存在的主要问题：",
        "（一）预算编制不精确",
        "改进措施和建议：",
        "（一）科学编制预算",
    ) == [
        "四、存在的主要问题及下一步改进措施",
        "四、存在的主要问题及下一步改进措施 / 存在的主要问题",
        "四、存在的主要问题及下一步改进措施 / 存在的主要问题 / （一）预算编制不精确",
        "四、存在的主要问题及下一步改进措施 / 改进措施和建议",
        "四、存在的主要问题及下一步改进措施 / 改进措施和建议 / （一）科学编制预算",
    ]
    assert paths("部门基本情况", "本部门职能很多。", "存在的问题及原因分析", "没有问题是不可能的。") == [
        "部门基本情况",
        "存在的问题及原因分析",
    ]


def test_a_bare_project_among_numbered_ones_is_one_of_them() -> None:
    found = paths(
        "（二）项目支出",
        "1.项目资金实际使用情况",
        "（1）政研工作经费",
        "用于日常开支，撰写政府工作报告。",
        "慰问疫情防控人员经费",
        "专用于慰问疫情防控一线人员。",
    )
    assert found[-1] == "（二）项目支出 / 1.项目资金实际使用情况 / 慰问疫情防控人员经费"


def test_format_headings() -> None:
    found = outline(
        document(
            (1, "荷塘区民政局2022年度部门整体支出绩效自评报告"),
            (2, "部门概况"),
            (3, "主要职能"),
            "内容。",
            (2, "一般公共预算支出情况"),
        )
    )
    assert [(s.level, s.path) for s in found] == [
        (1, "部门概况"),
        (2, "部门概况 / 主要职能"),
        (1, "一般公共预算支出情况"),
    ]


def test_format_and_numbers_together() -> None:
    assert paths((1, "一、概况"), (2, "（一）职能"), "内容。", "1.内设机构", (1, "二、支出"))[-2:] == [
        "一、概况 / （一）职能 / 1.内设机构",
        "二、支出",
    ]


def test_attachments_end_the_chapters() -> None:
    made = document(
        "九、其他需要说明的情况",
        "附件：1-1. 2022年度部门整体支出绩效评价基础数据表",
        "1-2. 2022年度部门整体支出绩效自评表",
        "附件 1-1",
        "2022年度部门整体支出绩效评价基础数据表",
        [["财政供养人员情况", "编制数"], ["", "27"]],
        "附件1-2：2022年度部门整体支出绩效自评表",
        [["部门名称", "荷塘区民政局"], ["1、公用经费", "3"]],
    )
    found = outline(made)
    assert [(s.kind, s.path) for s in found] == [
        ("heading", "九、其他需要说明的情况"),
        ("attachment", "附件 1-1 2022年度部门整体支出绩效评价基础数据表".replace("件 1", "件1")),
        ("attachment", "附件1-2 2022年度部门整体支出绩效自评表"),
    ]


def test_a_form_name_over_or_in_its_table_opens_an_attachment() -> None:
    table = [["项目名称", "校舍维修"], ["年初预算", "12"]]
    assert [s.kind for s in outline(document("一、概况", "职能。", "2022年度项目支出绩效自评表", table))] == [
        "heading",
        "attachment",
    ]
    inside = [["2022年度项目支出绩效自评表"], *table]
    found = outline(document("一、概况", "职能。", inside, [["部门整体支出绩效自评表"], *table]))
    assert [s.path for s in found] == ["一、概况", "2022年度项目支出绩效自评表", "部门整体支出绩效自评表"]


def test_rows_of_a_pasted_form_are_no_headings() -> None:
    made = pasted(
        "一、概况\n附件1-1\n部门整体支出绩效评价基础数据表\n财政供养人员\t编制数\n1、公务用车购置和维护经费\n2、出国经费\n3、公务接待\t1\t0.28\n"
    )
    assert [s.path for s in outline(made)] == ["一、概况", "附件1-1 部门整体支出绩效评价基础数据表"]


def test_an_item_beside_an_open_heading_ends_its_part() -> None:
    made = document("一、支出情况", "（一）基本支出", "内容。", "（二）项目支出150.87万元，其中车辆经费5万元。")
    sections = outline(made)
    at = made.text.index("150.87")
    found = section_at(sections, at)
    assert found is not None and found.path == "一、支出情况"


def test_before_the_first_heading_there_is_no_section() -> None:
    assert section_at(outline(document("前言在此，没有编号。", "一、概况")), 2) is None


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("十二、", 12),
        ("（二十）", 20),
        ("③", 3),
        ("２．", 2),
        ("(11)", 11),
        ("⑵", 2),
        ("第三部分", 3),
        ("一", 1),
        ("", None),
    ],
)
def test_ordinals(number: str, value: int | None) -> None:
    assert ordinal_of(number) == value


@pytest.mark.parametrize(
    "text",
    [
        "部门（单位）基本情况",
        "一般公共预算支出情况",
        "基本支出情况",
        "存在的问题及原因分析",
        "下一步改进措施",
        "绩效自评结果拟应用和公开情况",
        "其他需要说明的情况",
        "资金使用及绩效情况（包含单位管理的公共专项）",
        "部门整体支出绩效情况",
        "专项资金支出绩效情况",
        "机构设置",
        "国有资本经营预算支出情况",
        "主要职能",
        "存在的主要问题及下一步改进措施",
        "资产管理情况",
        "绩效目标设置情况",
        "存在的主要问题",
        "改进措施和建议",
        "部门项目组织实施情况",
        "有关建议",
        "主要经验及做法",
    ],
)
def test_wordings_known(text: str) -> None:
    assert is_known(text)


@pytest.mark.parametrize("text", ["支出120万元", "完成市长热线办理", "我单位基本情况良好", "株洲市芦淞区", "预算"])
def test_wordings_not_known(text: str) -> None:
    assert not is_known(text)


def _sound(made: Document) -> None:
    sections = outline(made)
    starts = [s.start for s in sections]
    assert starts == sorted(starts)
    for s in sections:
        assert (
            0 <= s.start < s.heading_end <= len(made.text)
            and s.heading_end <= s.end + 1
            and s.start <= s.end <= len(made.text)
        )
        assert 0 <= s.block_start < s.block_end <= len(made.blocks)
        assert s.level == s.path.count(" / ") + 1 and s.path.endswith(s.title)
        assert s.number.replace(" ", "") + s.title in s.path.replace(s.number + " ", s.number) or s.title in s.path
        assert section_at(sections, s.start) == s
    for a, b in pairwise(sections):
        assert b.start >= a.end or (b.end <= a.end and b.level > a.level)  # nested or apart, never crossed


LINES = st.lists(
    st.sampled_from(
        [
            "一、部门基本情况",
            "二、支出情况",
            "三、存在的问题",
            "4、国有资本经营预算支出情况",
            "（一）主要职能",
            "（2）机构设置",
            "（二）人员情况。",
            "1.车辆5万元；",
            "2、会议",
            "（1）办公室",
            "①岗位",
            "存在的主要问题：",
            "附件1-1",
            "部门整体支出绩效自评表",
            "部门名称\t民政局",
            "第二部分 决算表",
            "全年支出12.5万元，其中基本支出3万元。",
            "三、政府性基金预算支出情况无。四、国有资本经营预算支出情况无。",
            "附件：1.基础数据表",
            "政研工作经费",
            "一是加强管理。二是完善制度。",
            "12.5",
            "（",
            "、",
            "第",
            "附件",
            "1.1 概况",
        ]
    ),
    min_size=1,
    max_size=25,
)


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_any_order_of_lines_gives_nested_sections(rows: list[str]) -> None:
    _sound(document(*rows))
    _sound(pasted("\n".join(rows)))


@given(st.text(alphabet="一二三十第部分（）()1２.、．。；：附件表\t\n 基本情况支出万元年", max_size=200))
@settings(max_examples=300, deadline=None)
def test_nothing_makes_it_fail(text: str) -> None:
    _sound(pasted("文" + text))


PAGE_ENDS = ("\n\n第 2 页 共 7 页\n\n", "\n\n— 3 —\n\n", "\n- 12 -\n", "\n3/7\n")


@pytest.mark.parametrize("end", PAGE_ENDS)
@pytest.mark.parametrize(
    "item",
    [
        "（2）档案整理补助资金，年初预算12.5万元，实际支出11万元，完成预算的88%。",
        "2.信息化运行维护经费预算数12.5万元，决算数11万元。",
        "（2）一般公共服务支出—政府办公厅（室）及相关机构事务—行政运行支出12.5万元。",
        "2、“法律服务经费”项目预算12.5万元，支出12万元。",
    ],
)
def test_a_page_that_ends_within_an_item_makes_no_heading(item: str, end: str) -> None:
    marks = item[: 1 if item[1] in "、." else 2]
    first = item.replace("2", "1", 1)
    for cut in range(len(marks) + 4, item.index("算") if "预算" in item else len(item) - 6):
        text = f"二、项目支出情况\n{first}\n{item[:cut]}{end}{item[cut:]}\n三、下一步改进措施\n加强管理。"
        found = [s.label for s in outline(pasted(text))]
        assert found == ["二、项目支出情况", "三、下一步改进措施"] or item[len(marks) : cut].strip(
            "）、.：:，“”"
        ).endswith(("资金", "经费", "项目")), (cut, found)


@pytest.mark.parametrize("end", PAGE_ENDS)
def test_a_heading_that_a_page_ends_in_is_one_heading(end: str) -> None:
    title = "（二）部门整体支出规模、使用方向和主要内容"
    for cut in range(5, len(title) - 1):
        text = (
            f"一、部门基本情况\n（一）主要职能\n负责全区工作。\n{title[:cut]}{end}{title[cut:]}\n2022年支出12.5万元。"
        )
        assert [s.label for s in outline(pasted(text))] == ["一、部门基本情况", "（一）主要职能", title], cut


@pytest.mark.parametrize("end", PAGE_ENDS)
def test_a_heading_at_the_end_of_a_page_stays_one(end: str) -> None:
    text = f"一、部门基本情况\n负责全区工作。\n（一）党建引领{end}2022年开展活动12次。\n（二）基本支出情况{end}年初预算12万元。\n（三）重点工作{end}全年完成15项。"
    assert [s.label for s in outline(pasted(text))] == [
        "一、部门基本情况",
        "（一）党建引领",
        "（二）基本支出情况",
        "（三）重点工作",
    ]


def test_lines_cut_at_one_width_are_no_ends() -> None:
    sentence = "本部门认真落实上级决策部署，推进重点工作，加强预算管理，规范资金使用，保障机构正常运转和各项任务完成。"
    items = "".join(
        f"（{n}）社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）{n}2.5万元，完成预算。\n"
        for n in range(1, 4)
    )
    whole = "一、部门基本情况\n" + (sentence * 3 + "\n") * 4 + "二、支出情况\n" + items
    cut = "\n".join(line[at : at + 34] for line in whole.split("\n") for at in range(0, len(line), 34))
    assert [s.label for s in outline(pasted(cut))] == ["一、部门基本情况", "二、支出情况"]


def test_rows_of_a_form_with_empty_cells_are_no_headings() -> None:
    text = "二、支出情况\n项目\t2021年\t2022年\n1、业务工作经费\t\t\n2、运行维护经费\t\t\n3、专项资金（一个专项一行）\t\t\n合计\t1\t2"
    assert [s.label for s in outline(pasted(text))] == ["二、支出情况"]


def test_a_paragraph_may_begin_with_an_amount_and_what_it_is_of() -> None:
    text = "一、部门基本情况\n（一）预算收支情况\n76.35万元的年初预算已全部下达。\n（二）办结情况\n98%的来信按时办结。\n二、支出情况"
    assert [s.label for s in outline(pasted(text))] == [
        "一、部门基本情况",
        "（一）预算收支情况",
        "（二）办结情况",
        "二、支出情况",
    ]
