"""Numbers: exact values, units, qualifiers; whatever is written comes back as the same decimal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.extraction.numbers import chinese_to_decimal, is_blank, is_too_large, parse_cell, scan, to_decimal
from dagster_project.reading.folding import fold

UNITS = ["元", "万元", "亿元", "%", "人", "次", "篇", "万份", "台(套)", "个季度", "分"]


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind", "qualifier"),
    [
        ("2,951.09万元", "2951.09", "万元", "money", None),
        ("２９５１．０９万元", "2951.09", "万元", "money", None),
        ("2.7万起", "2.7", "万起", "count", None),
        ("80多万字", "80", "万字", "count", "多"),
        ("16万余份", "16", "万份", "count", "余"),
        ("100余批次", "100", "批次", "count", "余"),
        ("六百多人", "600", "人", "people", "多"),
        ("12.8％", "12.8", "%", "percent", None),
        ("1.5亿元", "1.5", "亿元", "money", None),
        ("四百五十万元", "450", "万元", "money", None),
        ("增长-3.5%", "-3.5", "%", "percent", None),
        ("2.3个百分点", "2.3", "个百分点", "percent", None),
    ],
)
def test_one_number(text: str, value: str, unit: str, kind: str, qualifier: str | None) -> None:
    (number,) = scan(fold(text).text)
    assert (number.value, number.unit, number.kind, number.qualifier) == (Decimal(value), unit, kind, qualifier)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三万五千", 35000),
        ("二十三", 23),
        ("十", 10),
        ("一百零五", 105),
        ("二〇二二", 2022),
        ("两千", 2000),
        ("一亿二千万", 120_000_000),
        ("二百五十六", 256),
    ],
)
def test_chinese_numerals(text: str, value: int) -> None:
    assert chinese_to_decimal(text) == value


def test_a_list_number_before_a_year_or_a_code_is_no_decimal() -> None:
    assert [str(n.value) for n in scan("1.2021年预算3.5万元")] == ["3.5"]
    assert [str(n.value) for n in scan("3.2140199其他公路支出280万元")] == ["280"]


@given(
    st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2),
    st.sampled_from(UNITS),
    st.booleans(),
    st.booleans(),
)
def test_what_is_written_comes_back(value: Decimal, unit: str, separators: bool, full_width: bool) -> None:
    written = f"{value:,.2f}" if separators else f"{value:.2f}"
    text = written.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，")) if full_width else written
    (number,) = scan(fold(f"为{text}{unit}。").text)
    assert (number.value, number.decimals, number.unit, number.value_as_written) == (value, 2, unit, written)
    assert number.end - number.start == len(written) + len(unit)


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["", "元", "万元", "%", "分"]))
def test_a_cell_with_one_number_is_that_number(value: Decimal, unit: str) -> None:
    cell = parse_cell(f" {value} {unit} ")
    assert cell is not None
    assert (cell.value, cell.decimals, cell.unit) == (value, 3, unit)


@pytest.mark.parametrize("text", ["", "——", "-", "/", "无", " "])
def test_blank_cells(text: str) -> None:
    assert is_blank(fold(text).text)
    assert parse_cell(fold(text).text) is None


@pytest.mark.parametrize("text", ["12a", "1.2.3", "abc", "", "--5"])
def test_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        to_decimal(text)


def test_a_number_that_no_budget_states_is_no_figure() -> None:
    assert parse_cell("9" * 40) is None
    assert parse_cell("99999999999万元") is not None
    assert is_too_large(Decimal("1" + "0" * 8), "亿元")
    assert not is_too_large(Decimal("99999999"), "亿元")
    assert not is_too_large(Decimal(0), "亿元")
