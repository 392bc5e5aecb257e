"""The standard tables of final accounts and tables like them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extraction.forms_support import LAYOUTS, by_number, extracted, form, pasted, set_tables, span
from tests.support.blocks import Para, grid

TEXT_LAYOUTS = list(LAYOUTS)
FUNCTIONS = [
    [span("项　　目", 1, 2), span("本年支出合计", 2), span("基本支出", 2), span("项目支出", 2)],
    ["功能分类科目编码", "科目名称"],
    [span("栏次", 1, 2), "1", "2", "3"],
    [span("合计", 1, 2), "669.81", "527.34", "142.47"],
    ["204", "公共安全支出", "669.81", "527.34", "142.47"],
    ["20402", "公安", "669.81", "527.34", "142.47"],
    ["2040201", "行政运行", "527.34", "527.34", ""],
    ["2040220", "执法办案", "142.47", "", "142.47"],
]


@pytest.mark.parametrize("layout", TEXT_LAYOUTS)
def test_expenditure_by_function(layout: str) -> None:
    blocks = [
        Para("一般公共预算财政拨款支出决算表"),
        Para("公开05表"),
        Para("部门：某市公安局　　　　　单位：万元"),
        grid(FUNCTIONS),
    ]
    found = extracted(LAYOUTS[layout](blocks), kind="final_account")
    whole = [
        (f.term, f.label, f.value_as_written)
        for f in found.figures
        if f.column_label and f.column_label.startswith("本年支出合计")
    ]
    assert whole == [
        ("支出合计", "合计", "669.81"),
        ("204", "公共安全支出", "669.81"),
        ("20402", "公安", "669.81"),
        ("2040201", "行政运行", "527.34"),
        ("2040220", "执法办案", "142.47"),
    ]
    figures = by_number(found)
    parents = {f.term: figures[f.part_of_figure_no].term for f in found.figures if f.part_of_figure_no and f.term}
    assert parents == {"204": "支出合计", "20402": "204", "2040201": "20402", "2040220": "20402"}
    totals = [(f.term, f.value_as_written) for f in found.figures if f.label == "合计"]
    assert totals[1:] == [("基本支出", "527.34"), ("项目支出", "142.47")]
    assert {(f.form, f.unit, f.measure_term) for f in found.figures} == {("final_account", "万元", "决算数")}
    split = [f for f in found.figures if f.parent_term]
    assert len(split) == 6 and all(f.term is None for f in split)


@pytest.mark.parametrize("layout", TEXT_LAYOUTS)
def test_three_public_table_without_row_labels(layout: str) -> None:
    vehicle = span("公务用车购置及运行维护费", 1, 3)
    side = [span("合计", 2), span("因公出国（境）费", 2), vehicle, span("公务接待费", 2)]
    rows = [
        [span("预算数", 1, 6), span("决算数", 1, 6)],
        [*side, *side],
        ["小计", "公务用车购置费", "公务用车运行维护费"] * 2,
        ["5.41", "0.00", "3.72", "0.50", "3.22", "1.69", "4.97", "0.00", "3.68", "0.40", "3.28", "1.29"],
    ]
    blocks = [Para("财政拨款“三公”经费支出决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(LAYOUTS[layout](blocks), kind="final_account")
    terms = [
        "三公经费",
        "因公出国(境)费",
        "公务用车购置及运行维护费",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    ]
    assert [(f.term, f.value_as_written, f.measure_term) for f in found.figures] == [
        *zip(terms, rows[3][:6], ["预算数"] * 6, strict=True),
        *zip(terms, rows[3][6:], ["决算数"] * 6, strict=True),
    ]


def test_lost_heads_that_nothing_explains_are_not_guessed() -> None:
    rows = [[span("决算数", 1, 3)], ["合计", span("国内", 1, 2)], ["1.5", "2.5", "3.5"]]
    blocks = [Para("财政拨款“三公”经费支出决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(LAYOUTS["lost"](blocks), kind="final_account")
    assert not found.figures


def test_columns_whose_heads_are_lost_have_parts_of_their_own() -> None:
    amounts = {
        "合计": ("245.29", "157.59", "87.70"),
        "201": ("96.75", "90.00", "6.75"),
        "208": ("148.54", "67.59", "80.95"),
    }
    names = {"201": "一般公共服务支出", "208": "社会保障和就业支出"}
    rows = [
        "\t".join([code, names[code], *cells] if code in names else [code, *cells]) for code, cells in amounts.items()
    ]
    head = "功能分类科目编码\t科目名称\t\t\t"
    found = extracted(
        pasted("\n".join(["一般公共预算财政拨款支出决算表", "单位：万元", head, *rows]) + "\n"), kind="final_account"
    )
    figures = by_number(found)
    parts = {
        f.value_as_written: figures[f.part_of_figure_no].value_as_written for f in found.figures if f.part_of_figure_no
    }
    assert parts == {part: amounts["合计"][n] for code in names for n, part in enumerate(amounts[code])}


def test_two_sides_of_the_summary_table() -> None:
    rows = [
        [span("收入", 1, 3), span("支出", 1, 3)],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "500.25", "一、一般公共服务支出", "32", "480.25"],
        ["年初结转和结余", "2", "10", "年末结转和结余", "33", "30"],
        ["总计", "3", "510.25", "总计", "34", "510.25"],
    ]
    found = extracted(set_tables([Para("收入支出决算总表"), Para("金额单位：万元"), grid(rows)]), kind="final_account")
    got = [(f.label, f.term, f.measure_term, f.value) for f in found.figures]
    assert got[:4] == [
        ("一、一般公共预算财政拨款收入", "一般公共预算财政拨款收入", "财政拨款收入", Decimal("500.25")),
        ("一、一般公共服务支出", "201", "决算数", Decimal("480.25")),
        ("年初结转和结余", "支出合计", "年初结转和结余", Decimal(10)),
        ("年末结转和结余", "支出合计", "年末结转和结余", Decimal(30)),
    ]
    assert len(got) == 6


def test_what_is_carried_over_is_no_income_or_expenditure_of_the_year() -> None:
    rows = [
        [span("收入", 1, 3), span("支出", 1, 5)],
        ["项目", "行次", "决算数", "项目", "行次", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款"],
        ["一、一般公共预算财政拨款", "1", "700.5", "一、一般公共服务支出", "33", "690.5", "690.5", ""],
        ["二、政府性基金预算财政拨款", "2", "50", "十一、城乡社区支出", "43", "45", "", "45"],
        ["本年收入合计", "27", "750.5", "本年支出合计", "59", "735.5", "690.5", "45"],
        ["年初财政拨款结转和结余", "28", "12", "年末财政拨款结转和结余", "60", "27", "22", "5"],
        ["一般公共预算财政拨款", "29", "12", "", "61", "", "", ""],
        ["总计", "32", "762.5", "总计", "64", "762.5", "712.5", "50"],
    ]
    blocks = [Para("财政拨款收入支出决算总表"), Para("单位：万元"), grid(rows)]
    found = extracted(set_tables(blocks), kind="final_account")
    assert [(f.value_as_written, f.term, f.measure_term, f.book_term) for f in found.figures] == [
        ("700.5", "一般公共预算财政拨款", "财政拨款收入", "一般公共预算财政拨款"),
        ("690.5", "201", "决算数", None),
        ("690.5", "201", "决算数", "一般公共预算财政拨款"),
        ("50", "政府性基金预算财政拨款", "财政拨款收入", "政府性基金预算财政拨款"),
        ("45", "212", "决算数", None),
        ("45", "212", "决算数", "政府性基金预算财政拨款"),
        ("750.5", "本年收入合计", "决算数", None),
        ("735.5", "本年支出合计", "决算数", None),
        ("690.5", "本年支出合计", "决算数", "一般公共预算财政拨款"),
        ("45", "本年支出合计", "决算数", "政府性基金预算财政拨款"),
        ("12", "支出合计", "年初财政拨款结转和结余", None),
        ("27", "支出合计", "年末财政拨款结转和结余", None),
        ("22", "支出合计", "年末财政拨款结转和结余", "一般公共预算财政拨款"),
        ("5", "支出合计", "年末财政拨款结转和结余", "政府性基金预算财政拨款"),
        ("12", "支出合计", "年初财政拨款结转和结余", "一般公共预算财政拨款"),
        ("762.5", None, "决算数", None),
        ("762.5", None, "决算数", None),
        ("712.5", None, "决算数", "一般公共预算财政拨款"),
        ("50", None, "决算数", "政府性基金预算财政拨款"),
    ]


def test_economic_items_below_personnel_and_operating_expenses() -> None:
    item = ["科目编码", "科目名称", "金额"]
    rows = [
        [span("人员经费", 1, 3), span("公用经费", 1, 3)],
        [*item, *item],
        ["301", "工资福利支出", "410.6", "302", "商品和服务支出", "55"],
        ["30101", "基本工资", "410.6", "30201", "办公费", "55"],
        [span("人员经费合计", 1, 2), "410.6", span("公用经费合计", 1, 2), "55"],
    ]
    blocks = [Para("一般公共预算财政拨款基本支出决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(set_tables(blocks), kind="final_account")
    assert [(f.term, f.parent_term, f.value_as_written) for f in found.figures] == [
        ("工资福利支出", "人员经费", "410.6"),
        ("商品和服务支出", "公用经费", "55"),
        ("基本工资", "人员经费", "410.6"),
        ("办公费", "公用经费", "55"),
        ("人员经费合计", None, "410.6"),
        ("公用经费合计", None, "55"),
    ]


def test_income_for_a_class_is_no_expenditure_of_it() -> None:
    rows = [
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        [span("合计", 1, 2), "90", "85", "5"],
        ["220", "自然资源海洋气象等支出", "90", "85", "5"],
    ]
    found = extracted(set_tables([Para("收入决算表"), Para("单位：万元"), grid(rows)]), kind="final_account")
    assert [(f.term, f.parent_term, f.measure_term, f.value_as_written) for f in found.figures] == [
        ("本年收入合计", None, "决算数", "90"),
        ("支出合计", None, "财政拨款收入", "85"),
        ("其他收入", None, "决算数", "5"),
        (None, "本年收入合计", "决算数", "90"),
        ("220", None, "财政拨款收入", "85"),
        (None, "其他收入", "决算数", "5"),
    ]


def test_the_title_says_what_the_total_is() -> None:
    rows = [
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["301", "工资福利支出", "60", "60", ""],
        [span("合计", 1, 2), "68", "60", "8"],
    ]
    blocks = [Para("一般公共预算财政拨款基本支出表"), Para("单位：万元"), grid(rows)]
    found = extracted(set_tables(blocks), kind="final_account")
    assert [(f.term, f.measure_term, f.value_as_written) for f in found.figures if f.label == "合计"] == [
        ("基本支出", "决算数", "68"),
        ("人员经费", "决算数", "60"),
        ("公用经费", "决算数", "8"),
    ]
    rows = [
        ["科目编码", "科目名称", "本年收入", "本年支出"],
        [span("合计", 1, 2), "40", "38.5"],
    ]
    blocks = [Para("政府性基金预算财政拨款收入支出决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(set_tables(blocks), kind="final_account")
    assert [(f.term, f.book_term) for f in found.figures] == [
        ("本年收入", "政府性基金预算财政拨款"),
        ("支出合计", "政府性基金预算财政拨款"),
    ]


def test_projects_of_a_project_table_and_its_rates() -> None:
    rows = [
        ["项目", "2021年决算数", "2022年预算数", "2022年决算数", "增减率（%）"],
        ["一、运转类项目", "20", "25", "24", "20.00"],
        ["办公楼物业费", "20", "25", "24", "20.00"],
        ["二、特定目标类项目", "100", "120", "115", "15.00"],
        ["1.老旧小区改造", "100", "120", "115", "15.00"],
        ["合计", "120", "145", "139", "15.83"],
    ]
    found = extracted(set_tables(form("项目支出明细表 单位：万元", rows)))
    actual = [f for f in found.figures if f.fiscal_year == 2022 and f.measure_term == "决算数"]
    assert [(f.term, f.parent_term, f.project_name, f.value_as_written) for f in actual] == [
        (None, "项目支出", None, "24"),
        (None, "项目支出", "办公楼物业费", "24"),
        (None, "项目支出", None, "115"),
        (None, "项目支出", "老旧小区改造", "115"),
        ("项目支出", None, None, "139"),
    ]
    assert len(found.figures) == 15 and [o.reason for o in found.omissions] == ["rate"] * 5


@pytest.mark.parametrize("names", [("2021年", "2022年"), ("2021年决算数", "2022年决算数"), ("2021", "2022")])
def test_three_public_expenses_with_a_row_a_year(names: tuple[str, str]) -> None:
    rows = [
        ["年度", "合计", "因公出国（境）费", "公务接待费", span("公务用车购置及运行维护费", 1, 3)],
        ["", "", "", "", "小计", "购置费", "运行费"],
        [names[0], "20.5", "0", "5.5", "15", "0", "15"],
        [names[1], "18.3", "0", "4.1", "14.2", "0", "14.2"],
    ]
    found = extracted(set_tables([Para("近两年“三公”经费情况表"), Para("单位：万元"), grid(rows)]))
    got = [(f.fiscal_year, f.term, f.measure_term, f.value_as_written) for f in found.figures]
    terms = ["三公经费", "因公出国(境)费", "公务接待费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行费"]
    assert got == [
        (year, term, "决算数", value)
        for year, values in ((2021, rows[2][1:]), (2022, rows[3][1:]))
        for term, value in zip(terms, values, strict=True)
    ]


def test_numbers_without_a_known_unit_are_left_out_with_the_reason() -> None:
    rows = [["科目编码", "科目名称", "本年支出合计", "基本支出"], ["2040201", "行政运行", "527.34", "527.34"]]
    found = extracted(set_tables(form("支出决算表", rows)), kind="final_account")
    assert not found.figures
    assert [(o.text, o.reason) for o in found.omissions] == [("527.34", "no_unit"), ("527.34", "no_unit")]


def test_economic_items_take_their_names() -> None:
    rows = [
        ["经济分类科目编码", "科目名称", "决算数"],
        ["301", "工资福利支出", "100"],
        ["30101", "基本工资", "60"],
        ["30201", "办公费", "12.5"],
    ]
    found = extracted(
        set_tables([Para("一般公共预算财政拨款基本支出决算表"), Para("单位：万元"), grid(rows)]), kind="final_account"
    )
    assert [(f.term, f.value) for f in found.figures] == [
        ("工资福利支出", Decimal(100)),
        ("基本工资", Decimal(60)),
        ("办公费", Decimal("12.5")),
    ]


def test_budget_table_and_prior_year_columns() -> None:
    rows = [["科目编码", "科目名称", "2021年决算数", "2022年预算数"], ["2040201", "行政运行", "500", "527.34"]]
    found = extracted(set_tables([Para("支出预算表"), Para("单位：元"), grid(rows)]), kind="budget")
    assert [(f.term, f.measure_term, f.fiscal_year, f.unit) for f in found.figures] == [
        ("2040201", "决算数", 2021, "元"),
        ("2040201", "预算数", 2022, "元"),
    ]


def test_a_navigation_table_is_no_money_table() -> None:
    rows = [["首页", "政务公开", "预算"], ["2022年", "决算", "12"], ["联系电话", "0731-28880000", "网站地图"]]
    found = extracted(set_tables(form("政府信息公开", rows)))
    assert not found.figures and not found.form_rows


FLAT_LAYOUTS = ["one line", "a cell a line"]


@pytest.mark.parametrize("layout", FLAT_LAYOUTS)
def test_summary_table_that_is_a_sequence_of_words(layout: str) -> None:
    rows = [
        [span("收入", 1, 3), span("支出", 1, 3)],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "500.25", "一、一般公共服务支出", "32", "480.25"],
        ["二、政府性基金预算财政拨款收入", "2", "", "二、外交支出", "33", ""],
        ["本年收入合计", "27", "500.25", "本年支出合计", "58", "480.25"],
        ["年初结转和结余", "28", "10", "年末结转和结余", "59", "30"],
        ["总计", "31", "510.25", "总计", "62", "510.25"],
    ]
    blocks = [Para("收入支出决算总表"), Para("金额单位：万元"), grid(rows)]
    found = extracted(LAYOUTS[layout](blocks), kind="final_account")
    assert sorted((f.label, f.term or "", f.measure_term, str(f.value)) for f in found.figures) == sorted(
        [
            ("一、一般公共预算财政拨款收入", "一般公共预算财政拨款收入", "财政拨款收入", "500.25"),
            ("一、一般公共服务支出", "201", "决算数", "480.25"),
            ("本年收入合计", "本年收入合计", "决算数", "500.25"),
            ("本年支出合计", "本年支出合计", "决算数", "480.25"),
            ("年初结转和结余", "支出合计", "年初结转和结余", "10"),
            ("年末结转和结余", "支出合计", "年末结转和结余", "30"),
            ("总计", "", "决算数", "510.25"),
            ("总计", "", "决算数", "510.25"),
        ]
    )


@pytest.mark.parametrize("layout", FLAT_LAYOUTS)
def test_amounts_that_no_sum_places_are_left_out(layout: str) -> None:
    rows = [
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "其他收入"],
        [span("合计", 1, 2), "60", "", "", ""],
        ["205", "教育支出", "40", "", "40", ""],
        ["2050201", "学前教育", "40", "", "40", ""],
        ["208", "社会保障和就业支出", "20", "12", "5", "3"],
    ]
    blocks = [Para("收入决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(LAYOUTS[layout](blocks), kind="final_account")
    assert [(f.label, f.column_label, f.value_as_written) for f in found.figures] == [
        ("合计", "本年收入合计", "60"),
        ("教育支出", "本年收入合计", "40"),
        ("学前教育", "本年收入合计", "40"),
        ("社会保障和就业支出", "本年收入合计", "20"),
        ("社会保障和就业支出", "财政拨款收入", "12"),
        ("社会保障和就业支出", "事业收入", "5"),
        ("社会保障和就业支出", "其他收入", "3"),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [("40", "unknown_column")] * 2


@pytest.mark.parametrize("layout", FLAT_LAYOUTS)
def test_fund_table_whose_heads_stand_over_one_another(layout: str) -> None:
    rows = [
        [
            span("项目", 1, 2),
            span("年初结转和结余", 2),
            span("本年收入", 2),
            span("本年支出", 1, 3),
            span("年末结转和结余", 2),
        ],
        ["功能分类科目编码", "科目名称", "小计", "基本支出", "项目支出"],
        [span("合计", 1, 2), "3.00", "40.00", "38.50", "0.00", "38.50", "4.50"],
        ["212", "城乡社区支出", "3.00", "40.00", "38.50", "0.00", "38.50", "4.50"],
    ]
    blocks = [Para("政府性基金预算财政拨款收入支出决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(LAYOUTS[layout](blocks), kind="final_account")
    total = [(f.column_label, f.measure_term, f.value_as_written) for f in found.figures if f.label == "合计"]
    assert total == [
        ("年初结转和结余", "年初结转和结余", "3.00"),
        ("本年收入", "决算数", "40.00"),
        ("小计", "决算数", "38.50"),
        ("基本支出", "决算数", "0.00"),
        ("项目支出", "决算数", "38.50"),
        ("年末结转和结余", "年末结转和结余", "4.50"),
    ]


@pytest.mark.parametrize("layout", FLAT_LAYOUTS)
def test_economic_items_beside_one_another(layout: str) -> None:
    triple = ["经济分类科目编码", "科目名称", "决算数"]
    rows = [
        [*triple, *triple],
        ["301", "工资福利支出", "100.00", "302", "商品和服务支出", "20.50"],
        ["30101", "基本工资", "60.00", "30201", "办公费", "12.50"],
        ["30102", "津贴补贴", "40.00", "30202", "印刷费", ""],
        [span("人员经费合计", 1, 2), "100.00", span("公用经费合计", 1, 2), "20.50"],
    ]
    blocks = [Para("一般公共预算财政拨款基本支出决算表"), Para("单位：万元"), grid(rows)]
    found = extracted(LAYOUTS[layout](blocks), kind="final_account")
    assert [(f.label, f.value_as_written) for f in found.figures] == [
        ("工资福利支出", "100.00"),
        ("商品和服务支出", "20.50"),
        ("基本工资", "60.00"),
        ("办公费", "12.50"),
        ("津贴补贴", "40.00"),
        ("人员经费合计", "100.00"),
        ("公用经费合计", "20.50"),
    ]


def test_prose_that_names_heads_of_tables_is_no_table() -> None:
    text = "一、收支情况\n本年支出合计 669.81 万元，其中：基本支出 527.34 万元，占 78.73%；项目支出 142.47 万元，占 21.27%。 2021 年为 600 万元。\n因公出国（境）费 0 万元。\n"
    found = extracted(pasted(text), kind="final_account")
    assert not found.figures and not found.is_consumed(0, len(text))


def test_a_flattened_table_ends_where_prose_goes_on() -> None:
    text = (
        "支出决算表\n单位：万元\n科目编码 科目名称 本年支出合计 基本支出 项目支出 合计 30.00 20.00 10.00 201 一般公共服务支出 30.00 20.00 10.00\n"
        "注：本表反映部门支出。\n二、说明\n支出30万元。\n"
    )
    found = extracted(pasted(text), kind="final_account")
    assert len(found.figures) == 6
    at = text.index("支出30万元")
    assert not found.is_consumed(at, at + 5)


@pytest.mark.parametrize("width", [30, 35, 38, 43])
def test_a_flattened_table_that_a_window_wrapped(width: int) -> None:
    side = "合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费"
    parts = "小计 公务用车购置费 公务用车运行维护费"
    line = f"预算数 决算数 {side} {side} {parts} {parts} 5.41 0.00 3.72 0.50 3.22 1.69 4.97 0.00 3.68 0.40 3.28 1.29"
    lines, at = [], 0
    while at < len(line):
        stop = min(len(line), at + width)
        while stop < len(line) and line[stop] in "0123456789." and line[stop - 1] in "0123456789.":
            stop -= 1
        lines.append(line[at:stop])
        at = stop
    text = "\n".join(["财政拨款“三公”经费支出决算表", "单位：万元", *lines, "二、说明", "无。"])
    found = extracted(pasted(text), kind="final_account")
    assert [f.value_as_written for f in found.figures] == line.split()[-12:]
    assert [f.measure_term for f in found.figures] == ["预算数"] * 6 + ["决算数"] * 6


def test_a_pasted_table_under_another_caption_takes_no_columns_of_the_one_above() -> None:
    text = (
        "表1 收支情况\n单位：亿元\n项目\t上年决算数\t本年预算数\t本年决算数\n基本支出\t1.20\t1.25\t1.24\n"
        "表2 资产情况\n资产类别\t年初数\t本年增加\t年末数\n房屋\t300\t0\t300\n车辆\t42\t8\t50\n"
    )
    found = extracted(pasted(text), kind="final_account").figures
    assert [f.value_as_written for f in found] == ["1.20", "1.25", "1.24"]


@pytest.mark.parametrize("blank", ["\t", " ", "　"])
def test_a_pasted_list_of_projects(blank: str) -> None:
    text = (
        "具体项目支出情况见下表：\n序号\t项目名称\t年初预算（万元）\t实际支出（万元）\t执行率\n1\t河道清淤经费\t120\t110\t91.67%\n"
        "2\t堤防养护专项\t80\t80\t100%\n合计\t200\t190\t95%\n"
    )
    rows = extracted(pasted(text.replace("\t", blank))).figures
    assert [(f.project_name or f.term, f.measure_term, f.value_as_written) for f in rows if f.kind == "money"] == [
        ("河道清淤经费", "年初预算", "120"),
        ("河道清淤经费", "实际支出", "110"),
        ("堤防养护专项", "年初预算", "80"),
        ("堤防养护专项", "实际支出", "80"),
        ("项目支出", "年初预算", "200"),
        ("项目支出", "实际支出", "190"),
    ]
    assert [(f.project_name or f.rate_of_term, f.value) for f in rows if f.kind == "rate"] == [
        ("河道清淤经费", Decimal("91.67")),
        ("堤防养护专项", Decimal(100)),
        ("项目支出", Decimal(95)),
    ]


def test_numbered_rows_below_project_expenditure_are_projects() -> None:
    text = "单位：万元\n项目\t预算数\t决算数\n一、基本支出\t50\t52\n1.工资福利支出\t50\t52\n二、项目支出\t30\t28\n1.残疾人康复\t20\t18\n2.助残服务\t10\t10\n合计\t80\t80\n"
    rows = extracted(pasted(text)).figures
    assert [f.project_name or f.term for f in rows][::2] == [
        "基本支出",
        "工资福利支出",
        "项目支出",
        "残疾人康复",
        "助残服务",
        "支出合计",
    ]
