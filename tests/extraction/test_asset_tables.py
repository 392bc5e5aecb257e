"""Tables of assets: what the department's assets opened and closed with, and the kinds of them."""

from __future__ import annotations

import pytest

from tests.extraction.forms_support import Rows, extracted, grid_blocks, pasted, set_tables
from tests.support.txt_writer import to_text

MOVED: Rows = [
    ["项目", "年初数", "本年增加", "本年减少", "年末数"],
    ["固定资产", "120.50", "10.20", "3.10", "127.60"],
    ["其中：房屋", "100.50", "0.20", "3.10", "97.60"],
    ["无形资产", "5.00", "1.00", "0", "6.00"],
    ["资产合计", "125.50", "11.20", "3.10", "133.60"],
]


@pytest.mark.parametrize("layout", ["table", "pasted"])
def test_the_row_of_fixed_assets_is_the_department_s(layout: str) -> None:
    blocks = grid_blocks("资产情况（单位：万元）", MOVED)
    found = extracted(set_tables(blocks) if layout == "table" else pasted(to_text(blocks)))
    assert {(f.kind, f.unit, f.form) for f in found.figures} == {("asset", "万元", "basic_data")}
    assert len(found.figures) == 16 and not found.omissions
    assert [(f.term, f.value_as_written) for f in found.figures if f.term] == [
        ("年初固定资产", "120.50"),
        ("新增固定资产", "10.20"),
        ("处置固定资产", "3.10"),
        ("年末固定资产", "127.60"),
        ("无形资产", "6.00"),
        ("资产合计", "133.60"),
    ]


def test_cost_and_net_value() -> None:
    rows = [
        ["资产类别", "原值（元）", "累计折旧（元）", "净值（元）"],
        ["房屋", "3000", "1000", "2000"],
        ["固定资产合计", "3600", "1400", "2200"],
    ]
    found = extracted(set_tables(grid_blocks("固定资产情况", rows))).figures
    assert [(f.row_label, f.term, f.value_as_written, f.unit) for f in found if f.term] == [
        ("固定资产合计", "固定资产原值", "3600", "元"),
        ("固定资产合计", "固定资产净值", "2200", "元"),
    ]


def test_without_a_unit_the_numbers_are_listed() -> None:
    found = extracted(set_tables(grid_blocks(None, MOVED[:2])))
    assert not found.figures
    assert [o.reason for o in found.omissions] == ["no_unit"] * 4


def test_balances_of_other_things_are_no_assets() -> None:
    rows = [["项目", "年初数", "本年增加", "年末数"], ["应收账款", "12.5", "3.5", "16"]]
    assert not [
        f for f in extracted(set_tables(grid_blocks("往来款（单位：万元）", rows))).figures if f.kind == "asset"
    ]


def test_assets_named_in_the_line_above_the_unit() -> None:
    text = "固定资产情况如下表：\n单位：万元\n类别\t期初余额\t本期增加\t期末余额\n房屋构筑物\t820.5\t0\t820.5\n合计\t976.8\t12.4\t989.2\n"
    found = extracted(pasted(text)).figures
    assert [(f.term, f.value_as_written) for f in found if f.term] == [
        ("年初资产", "976.8"),
        ("新增资产", "12.4"),
        ("年末资产", "989.2"),
    ]
