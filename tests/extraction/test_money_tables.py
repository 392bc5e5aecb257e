"""The standard tables of final accounts and tables like them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extraction.forms_support import LAYOUTS, by_number, extracted, form, set_tables, span
from tests.support.blocks import Para, grid

TEXT_LAYOUTS = ["table", "pasted", "padded", "lost"]
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
        ("一、一般公共预算财政拨款收入", "一般公共预算财政拨款收入", "决算数", Decimal("500.25")),
        ("一、一般公共服务支出", "201", "决算数", Decimal("480.25")),
        ("年初结转和结余", "支出合计", "年初结转和结余", Decimal(10)),
        ("年末结转和结余", "支出合计", "年末结转和结余", Decimal(30)),
    ]
    assert len(got) == 6


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
