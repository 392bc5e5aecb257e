"""Form 1-1: staff, three public expenses, project expenditure, operating items, in every layout."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extraction.forms_support import LAYOUTS, by_number, extracted, form, pasted, set_tables, span

TITLE = "2022年度部门整体支出绩效评价基础数据表"
ROWS = [
    [span("财政供养人员情况（人）", 2), "编制数", "2022年实际在职人数", "控制率"],
    ["27", "25", "92.59%"],
    ["经费控制情况（万元）", "2021年决算数", "2022年预算数", "2022年决算数"],
    ["“三公”经费", "9.5", "10", "8.28"],
    ["1、公务用车购置和维护经费", "6.5", "7", "6"],
    ["其中：公车购置", "1.5", "1", "1"],
    ["公车运行维护", "5", "6", "5"],
    ["2、出国经费", "", "", ""],
    ["3、公务接待", "3", "3", "2.28"],
    ["项目支出：", "28.6", "52", "142.8"],
    ["1、业务工作经费", "18.6", "22", "22.8"],
    ["2、运行维护经费", "", "", ""],
    ["3、专项资金（一个专项一行）", "10", "30", "120"],
    ["政府督查专项经费", "10", "30", "120"],
    ["公用经费", "30", "31.5", "32.25"],
    ["其中：办公费、印刷费", "20", "21", "22"],
    ["差旅费", "10", "10.5", "10.25"],
    ["政府采购金额", "——", "33.5", "130.7"],
    ["部门基本支出预算调整", "——", "", "120.78"],
    ["厉行节约保障措施", span("公务接待执行标准上限100元", 1, 3)],
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cell_of_the_form(layout: str) -> None:
    found = extracted(LAYOUTS[layout](form(TITLE, ROWS)))
    staff = [(f.term, f.value, f.unit) for f in found.figures if f.kind == "staff"]
    assert staff == [("编制数", Decimal(27), "人"), ("实际在职人数", Decimal(25), "人")]
    (rate,) = [f for f in found.figures if f.kind == "rate"]
    assert (rate.term, rate.value, rate.unit, rate.rate_of_term, rate.rate_base_term) == (
        "控制率",
        Decimal("92.59"),
        "%",
        "在职人数",
        "编制数",
    )
    money = [f for f in found.figures if f.kind == "money"]
    columns = [("上年决算数", 2021), ("预算数", 2022), ("决算数", 2022)]
    expected = []
    for label, *cells in ROWS[3:18]:
        for cell, (measure, year) in zip(cells, columns, strict=True):
            if cell not in ("", "——"):
                expected.append((label, cell, measure, year, "万元"))
    expected.append(("部门基本支出预算调整", "120.78", "部门基本支出预算调整", 2022, "万元"))
    got = [(f.row_label, f.value_as_written, f.measure_term, f.fiscal_year, f.unit) for f in money]
    if layout in ("one line", "a cell a line"):
        assert [g[:2] for g in got] == [e[:2] for e in expected] and got[:-1] == expected[:-1]
    else:
        assert got == expected
    assert {f.form for f in found.figures} == {"basic_data"} and not found.form_rows


def test_rows_stand_under_their_parents() -> None:
    found = extracted(set_tables(form(TITLE, ROWS)))
    figures = by_number(found)
    actual = {f.row_label: f for f in found.figures if f.column_label == "2022年决算数"}
    parents = {label: figures[f.part_of_figure_no].row_label for label, f in actual.items() if f.part_of_figure_no}
    assert parents == {
        "1、公务用车购置和维护经费": "“三公”经费",
        "其中：公车购置": "1、公务用车购置和维护经费",
        "公车运行维护": "1、公务用车购置和维护经费",
        "3、公务接待": "“三公”经费",
        "1、业务工作经费": "项目支出：",
        "3、专项资金（一个专项一行）": "项目支出：",
        "政府督查专项经费": "3、专项资金（一个专项一行）",
        "其中：办公费、印刷费": "公用经费",
        "差旅费": "公用经费",
    }
    terms = {label: (f.term, f.parent_term, f.project_name) for label, f in actual.items()}
    assert terms["政府督查专项经费"] == (None, "专项资金", "政府督查专项经费")
    assert terms["其中：办公费、印刷费"] == ("公用经费明细", "公用经费", None)
    assert terms["差旅费"] == ("差旅费", "公用经费", None)
    assert terms["3、公务接待"] == ("公务接待", "三公经费", None)


def test_form_in_yuan_with_a_broken_label_and_a_blank_line() -> None:
    text = "\n".join(
        [
            TITLE,
            "经费控制情况（元）\t上年决算数\t当年预算数\t当年决算数",
            "1、公务用车购置和维",
            "护经费\t\t20000\t15000.50",
            "",
            "公用经费\t381960\t100980\t193820",
        ]
    )
    found = extracted(pasted(text))
    assert [(f.row_label, f.measure_term, f.value_as_written, f.unit, f.fiscal_year) for f in found.figures] == [
        ("1、公务用车购置和维护经费", "当年预算数", "20000", "元", 2022),
        ("1、公务用车购置和维护经费", "当年决算数", "15000.50", "元", 2022),
        ("公用经费", "上年决算数", "381960", "元", 2021),
        ("公用经费", "当年预算数", "100980", "元", 2022),
        ("公用经费", "当年决算数", "193820", "元", 2022),
    ]


def test_year_comes_from_the_columns_when_the_report_has_none() -> None:
    found = extracted(set_tables(form("基础数据表", ROWS)), year=None)
    assert {(f.measure_term, f.fiscal_year) for f in found.figures if f.kind == "money"} == {
        ("上年决算数", 2021),
        ("预算数", 2022),
        ("决算数", 2022),
        ("部门基本支出预算调整", 2022),
    }


def test_blank_basic_data_form_yields_nothing() -> None:
    blank = [[row[0], *("" for _ in row[1:])] if n not in (0, 2) else row for n, row in enumerate(ROWS)]
    blank[1], blank[19] = ["", "", ""], ["厉行节约保障措施", "", "", ""]
    found = extracted(set_tables(form(TITLE, blank)))
    assert not found.figures and not found.form_rows


def test_a_project_may_be_named_like_a_kind_of_project_expenditure() -> None:
    rows = [*ROWS[:13], ["业务工作经费", "3", "4", "5"], ["专项经费", "7", "26", "115"], *ROWS[14:]]
    found = extracted(set_tables(form(TITLE, rows)))
    projects = [(f.label, f.term, f.parent_term, f.project_name) for f in found.figures if f.project_name]
    assert (
        projects
        == [("业务工作经费", None, "专项资金", "业务工作经费")] * 3 + [("专项经费", None, "专项资金", "专项经费")] * 3
    )


@pytest.mark.parametrize(
    ("staff", "expected"),
    [
        ("127 129 101.57%", [("编制数", 127), ("实际在职人数", 129)]),
        ("127 129", [("编制数", 127), ("实际在职人数", 129)]),
        ("", []),
    ],
)
def test_staff_behind_a_flattened_head(staff: str, expected: list[tuple[str, int]]) -> None:
    text = (
        f"{TITLE}\n财政供养人员情况（人） 编制数 2022年实际在职人数 控制率 {staff} 经费控制情况（万元） 2021年决算数 2022年预算数 2022年决算数 "
        "三公经费 3 4 2 项目支出： 10 20 30 公用经费 5 6 7 厉行节约保障措施\n"
    )
    found = extracted(pasted(text))
    assert [(f.term, int(f.value)) for f in found.figures if f.kind == "staff"] == expected
    assert len([f for f in found.figures if f.kind == "money"]) == 9


def test_of_several_institutions_the_row_of_all_is_the_department() -> None:
    rows = [
        ["单位名称", "编制数", "在职人数", "退休人数"],
        ["局机关", "32", "30", "18"],
        ["服务中心", "20", "19", "6"],
        ["合计", "52", "49", "24"],
    ]
    found = extracted(set_tables(form("人员情况表", rows)))
    assert [(f.term, f.value) for f in found.figures] == [
        ("编制数", Decimal(52)),
        ("在职人数", Decimal(49)),
        ("退休人数", Decimal(24)),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [
        (number, "institution") for number in ("32", "30", "18", "20", "19", "6")
    ]


def test_the_total_of_the_three_public_expenses_without_a_row_above_them() -> None:
    rows = [
        ["经费控制情况（万元）", "2021年决算数", "2022年预算数", "2022年决算数"],
        ["因公出国（境）费", "1", "5", "0"],
        ["公务接待费", "3", "4", "2.5"],
        ["公务用车购置及运行维护费", "8", "9", "7.9"],
        ["合计", "12", "18", "10.4"],
    ]
    found = extracted(set_tables(form("部门整体支出基础数据表", rows)))
    assert [(f.term, f.value_as_written) for f in found.figures if f.label == "合计"] == [
        ("三公经费", "12"),
        ("三公经费", "18"),
        ("三公经费", "10.4"),
    ]


def test_ratios_numbered_kinds_and_blocks_of_another_kind() -> None:
    rows = [
        [span("财政供养人员情况", 2), "编制数", "实际在职人数", "控制率"],
        ["30", "28", "0.9333"],
        ["经费控制情况（万元）", "2021年决算数", "2022年预算数", "2022年决算数"],
        ["项目支出", "250", "300", "286.5"],
        ["1、业务工作专项", "50", "60", "56.5"],
        ["2、市级专项资金", "200", "240", "230"],
        ["资产情况（万元）", "年初数", "本年增加", "年末数"],
        ["固定资产", "120.5", "15.2", "135.7"],
        ["办公用房情况", "批复面积", "实际面积", "超出面积"],
        ["业务用房", "900.5", "910.2", "9.7"],
        ["政府采购金额", "——", "80", "72.6"],
    ]
    found = extracted(set_tables(form(TITLE, rows)))
    (rate,) = [f for f in found.figures if f.kind == "rate"]
    assert (rate.value, rate.value_as_written) == (Decimal("93.33"), "0.9333")
    spent = [f for f in found.figures if f.kind == "money" and f.measure_term == "决算数"]
    assert [(f.term, f.parent_term, f.project_name, f.value_as_written) for f in spent] == [
        ("项目支出", None, None, "286.5"),
        ("业务工作专项", "项目支出", None, "56.5"),
        ("专项资金", "项目支出", None, "230"),
        ("政府采购金额", None, None, "72.6"),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [
        (number, "unknown_column") for number in ("900.5", "910.2", "9.7")
    ]
    assert [(f.term, f.value_as_written, f.unit) for f in found.figures if f.kind == "asset"] == [
        ("年初固定资产", "120.5", "万元"),
        ("新增固定资产", "15.2", "万元"),
        ("年末固定资产", "135.7", "万元"),
    ]


def test_dots_of_the_template_are_no_name() -> None:
    text = (
        "2022年度部门整体支出绩效评价基础数据表\n经费控制情况（万元）\t2021年决算数\t2022年预算数\t2022年决算数\n项目支出：\t10\t20\t30\n"
        "1、业务工作经费\t10\t20\t30\n……\n公用经费\t4\t5\t6\n其中：办公费\t4\t5\t6\n"
    )
    found = extracted(pasted(text), kind="overall_self_evaluation").figures
    assert [f.term for f in found][::3] == ["项目支出", "业务工作经费", "公用经费", "办公费"]


@pytest.mark.parametrize(
    ("prose", "unit"),
    [
        ("公用经费支出318455.60元。", "元"),
        ("公用经费支出31.85万元。", "元"),
        ("公用经费支出318455.60万元，另付318455.60元。", "万元"),
        ("公用经费支出已全部使用。", "万元"),
    ],
)
def test_the_unit_that_the_text_gives_to_an_amount_of_the_form(prose: str, unit: str) -> None:
    text = (
        f"{prose}\n2022年度部门整体支出绩效评价基础数据表\n经费控制情况\t2021年决算数\t2022年预算数\t2022年决算数\n"
        "三公经费\t9000\t8000\t7000\n公用经费\t320000\t330000\t318455.60\n"
    )
    assert {f.unit for f in extracted(pasted(text)).figures} == {unit}


def test_an_amount_that_no_department_has_in_wan() -> None:
    text = "2022年度部门整体支出绩效评价基础数据表\n经费控制情况\t2021年决算数\t2022年预算数\t2022年决算数\n项目支出\t20500000\t21000000\t20999000.5\n"
    assert {f.unit for f in extracted(pasted(text)).figures} == {"元"}


def test_special_funds_by_their_source() -> None:
    text = (
        "2022年度部门整体支出绩效评价基础数据表\n经费控制情况（万元）\t2021年决算数\t2022年预算数\t2022年决算数\n项目支出：\t10\t20\t30\n"
        "1、业务工作经费\t4\t5\t6\n2、运行维护经费\t\t\t\n3、市级专项资金\t4\t10\t16\n水库除险\t4\t10\t16\n4、省级专项资金\t2\t5\t8\n"
    )
    spent = [f for f in extracted(pasted(text)).figures if f.measure_term == "决算数"]
    assert [(f.term or f.project_name, f.parent_term, f.fund_source_term) for f in spent] == [
        ("项目支出", None, None),
        ("业务工作经费", "项目支出", None),
        ("专项资金", "项目支出", "市级专项资金"),
        ("水库除险", "专项资金", None),
        ("专项资金", "项目支出", "省级专项资金"),
    ]


BLANKS_DROPPED = (
    "2022年度部门整体支出绩效评价基础数据表\n"
    "财政供养人员情况（人）\t编制数\t2022年实际在职人数\t控制率\n"
    "31\t29\n"
    "经费控制情况（万元）\t2021年决算数\t2022年预算数\t2022年决算数\n"
    "三公经费\t3.1\t3\t2.9\n"
    "1、公务用车购置和维护经费\n"
    "2、出国经费\n"
    "3、公务接待\t3.1\t3\t2.9\n"
    "项目支出：\t40\t42\t41\n"
    "1、业务工作经费\n"
    "2、运行维护经费\n"
    "3、专项资金（一个专项一行）\n"
    "渠道清淤\t40\t42\t41\n"
)


def test_labels_of_blank_rows_are_no_part_of_the_next_label() -> None:
    found = [f for f in extracted(pasted(BLANKS_DROPPED)).figures if f.value_as_written in ("2.9", "41")]
    assert [(f.row_label, f.parent_term, f.project_name) for f in found] == [
        ("三公经费", None, None),
        ("3、公务接待", "三公经费", None),
        ("项目支出：", None, None),
        ("渠道清淤", "专项资金", "渠道清淤"),
    ]


def test_staff_without_the_rate_that_was_blank() -> None:
    found = [f for f in extracted(pasted(BLANKS_DROPPED)).figures if f.kind != "money"]
    assert [(f.kind, f.label, f.value_as_written) for f in found] == [
        ("staff", "编制数", "31"),
        ("staff", "2022年实际在职人数", "29"),
    ]


def test_amounts_where_a_paste_dropped_all_blank_cells() -> None:
    text = (
        BLANKS_DROPPED.replace("3、公务接待\t3.1\t3\t2.9\n", "3、公务接待\t3\t2.9\n")
        + "政府采购金额\t8\t7\n出国经费\t0\n"
    )
    found = extracted(pasted(text))
    assert [
        (f.measure_term, f.value_as_written) for f in found.figures if f.row_label in ("3、公务接待", "政府采购金额")
    ] == [
        ("预算数", "3"),
        ("决算数", "2.9"),
        ("预算数", "8"),
        ("决算数", "7"),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [("0", "unknown_column")]


def test_a_blank_slot_tells_that_the_slots_count() -> None:
    text = (
        BLANKS_DROPPED.replace("1、公务用车购置和维护经费\n", "1、公务用车购置和维护经费\t\t\t\n")
        + "政府采购金额\t8\t7\n"
    )
    found = [
        (f.measure_term, f.value_as_written) for f in extracted(pasted(text)).figures if "采购" in (f.row_label or "")
    ]
    assert found == [("上年决算数", "8"), ("预算数", "7")]
