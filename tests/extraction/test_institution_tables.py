"""Tables with a row for each institution of the department, and staff numbers beside their labels."""

from __future__ import annotations

import pytest

from dagster_project.extraction.rows import Figure
from tests.extraction.forms_support import LAYOUTS, Block, by_number, extracted, pasted, set_tables, span
from tests.support.blocks import Para, grid

INCOME = [
    [span("年度收入情况（万元）", 1, 7)],
    [span("机构名称", 2), span("收入合计", 2), span("其中：", 1, 5)],
    ["上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入"],
    ["局机关及二级机构汇总", "1050.5", "20.5", "1000", "0", "0", "30"],
    ["1、局机关", "800.5", "20.5", "750", "0", "0", "30"],
    ["2、某某事务中心", "250", "0", "250", "0", "0", "0"],
]
SPENDING = [
    [span("年度支出和结余情况（万元）", 1, 8)],
    [span("机构名称", 3), span("支出合计", 3), span("其中：", 1, 4), span("结余", 1, 2)],
    [span("基本支出", 2), span("其中：", 1, 2), span("项目支出", 2), span("当年结余", 2), span("累计结余", 2)],
    ["人员支出", "公用支出"],
    ["局机关及二级机构汇总", "1040", "640", "500", "140", "400", "10.5", "10.5"],
]
THREE = [
    [span("机构名称", 2), span("三公经费合计", 2), span("其中：", 1, 4)],
    ["公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"],
    ["局机关及二级机构汇总", "7.5", "3", "4.5", "0", "0"],
]
# merged cells that are lost without a trace leave tabs that nothing says the columns of: those layouts give no table
CELLS = ["table", "padded", "one line", "a cell a line"]


def _terms(figures: list[Figure]) -> list[tuple[str | None, str | None, str]]:
    return [(f.term, f.measure_term, f.value_as_written) for f in figures]


@pytest.mark.parametrize("layout", CELLS)
def test_income_by_source(layout: str) -> None:
    found = extracted(LAYOUTS[layout]([grid(INCOME)]), year=2018)
    assert _terms(found.figures) == [
        ("收入合计", "决算数", "1050.5"),
        ("支出合计", "上年结转", "20.5"),
        ("公共财政拨款收入", "财政拨款收入", "1000"),
        ("政府基金拨款收入", "财政拨款收入", "0"),
        ("纳入专户管理的非税收入拨款", "决算数", "0"),
        ("其他收入", "决算数", "30"),
    ]
    assert {(f.unit, f.fiscal_year, f.form, f.row_label) for f in found.figures} == {
        ("万元", 2018, "basic_data", "局机关及二级机构汇总")
    }
    # an office's numbers are not the department's
    assert [(o.text, o.reason) for o in found.omissions] == [
        (text, "institution") for text in ("800.5", "20.5", "750", "0", "0", "30", "250", "0", "250", "0", "0", "0")
    ]


@pytest.mark.parametrize("layout", CELLS)
def test_parts_stand_under_their_whole(layout: str) -> None:
    found = extracted(LAYOUTS[layout]([grid(SPENDING)]))
    assert _terms(found.figures) == [
        ("支出合计", "决算数", "1040"),
        ("基本支出", "决算数", "640"),
        ("人员支出", "决算数", "500"),
        ("公用支出", "决算数", "140"),
        ("项目支出", "决算数", "400"),
        (None, None, "10.5"),
        ("支出合计", "累计结余", "10.5"),
    ]
    figures = by_number(found)
    wholes = {f.term: figures[f.part_of_figure_no].term for f in found.figures if f.part_of_figure_no and f.term}
    assert wholes == {"基本支出": "支出合计", "人员支出": "基本支出", "公用支出": "基本支出", "项目支出": "支出合计"}


@pytest.mark.parametrize("layout", CELLS)
def test_tables_below_one_another(layout: str) -> None:
    blocks: list[Block] = [grid(INCOME), grid(SPENDING), grid(THREE)]
    found = extracted(LAYOUTS[layout](blocks))
    assert [f.value_as_written for f in found.figures if f.term == "三公经费合计"] == ["7.5"]
    assert len(found.figures) == 6 + 7 + 5
    assert {f.unit for f in found.figures} == {"万元"}  # the third table takes over the unit of those above


@pytest.mark.parametrize("layout", ["one line", "a cell a line"])
def test_lost_empty_cells_leave_no_guess(layout: str) -> None:
    rows = [*INCOME[:3], ["局机关及二级机构汇总", "1050.5", "20.5", "1000", "", "", "30"]]
    found = extracted(LAYOUTS[layout]([grid(rows)]))
    assert found.figures == []
    assert [(o.text, o.reason) for o in found.omissions] == [
        (text, "unknown_column") for text in ("1050.5", "20.5", "1000", "30")
    ]


def test_without_a_unit_no_amount() -> None:
    found = extracted(set_tables([grid(THREE)]))
    assert found.figures == []
    assert [o.reason for o in found.omissions] == ["no_unit"] * 5


def test_two_institutions_without_a_sum_are_no_department() -> None:
    rows = [*THREE[:2], ["甲单位", "7.5", "3", "4.5", "0", "0"], ["乙单位", "1", "1", "0", "0", "0"]]
    found = extracted(set_tables([Para("三公经费情况（万元）"), grid(rows)]))
    assert found.figures == []
    assert {o.reason for o in found.omissions} == {"institution"}


def test_a_name_field_is_no_table_of_institutions() -> None:
    found = extracted(set_tables([grid([["单位名称", "某某县民政局"], ["预算金额（万元）", "500.00"]])]))
    assert not [o for o in found.omissions if o.reason == "institution"]


STAFF = [["联系人", "张三", "联络电话", "8612345"], ["人员编制", "21", "实有人数", "19"]]


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_staff_beside_their_labels(layout: str) -> None:
    found = extracted(LAYOUTS[layout]([grid(STAFF)]))
    if layout == "one line":  # 电话8612345人员编制: no cell is left to be read
        assert found.figures == []
        return
    assert [(f.kind, f.term, f.value_as_written, f.unit) for f in found.figures] == [
        ("staff", "人员编制", "21", "人"),
        ("staff", "实有人数", "19", "人"),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [("8612345", "phone")]


def test_a_label_above_words_is_no_staff() -> None:
    found = extracted(pasted("人员编制\n情况说明\n21\n"))
    assert found.figures == []
