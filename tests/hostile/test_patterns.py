"""No regular expression of the readers or of the extraction can be made to take for ever (found by mutation: 其中,其中,其中,…)."""

from __future__ import annotations

import pytest

from dagster_project.extraction import extract
from dagster_project.reading import read
from dagster_project.warehouse.home import PROJECT_ROOT
from tests.hostile.patterns import patterns, slow


def test_every_pattern_ends_in_time() -> None:
    found = {f: patterns(PROJECT_ROOT / "dagster_project" / f) for f in ("reading", "extraction", "warehouse")}
    assert all(len(places) > 5 for places in found.values()), "the patterns are looked at where they stand"
    late = {p: words for places in found.values() for p, text in places.items() if (words := slow(text, 2.0))}
    assert not late, late


@pytest.mark.parametrize("pattern", ["^(?:[,;]|其中[,;]?)*$", "(?:共|有|共有)+$", r"(?:\d+,?)+x"])
def test_a_pattern_that_does_not_is_found(pattern: str) -> None:
    assert slow(pattern, 0.3) is not None


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "words", ["其中：", "共有", "另有，", "财政拨款", "实际支出", "为共计", "项目资金", "比上年决算数"]
)
def test_words_said_a_thousand_times(words: str) -> None:
    text = f"2023年度衡山市青石区水务局部门整体支出绩效自评报告\n部门整体支出{words * 1000}2万元，{words * 1000}。\n"
    assert extract(read(text.encode(), "a.txt")).identity.fiscal_year == 2023


@pytest.mark.timeout(60)
@pytest.mark.parametrize("place", ["部门整体支出{}2万元，项目支出3万元。", "部门整体支出2万元。\n{}\n项目支出3万元。"])
@pytest.mark.parametrize(
    "mark",
    [
        *"\n\r\t 　1１一年万-—.。，,、；：（）(《》“”|%*…#<a是的共第①",
        *("\n\n ", "0,", "1.", "1 ", "| ", "（1）", "1、", "其中", "万元"),
    ],
)
def test_marks_that_run_on(mark: str, place: str) -> None:
    """What is looked for from each of them to their end takes for ever: 40,000 blank lines did, and as many numerals."""
    run = place.format(mark * (60_000 // len(mark)))
    text = f"2023年度衡山市青石区水务局部门整体支出绩效自评报告\n一、基本情况\n{run}\n"
    assert extract(read(text.encode(), "a.txt")).identity.fiscal_year == 2023
