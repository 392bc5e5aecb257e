"""Tables and bars in Markdown."""

from __future__ import annotations

import re

from dagster_project import metadata


def test_a_table() -> None:
    assert metadata.table(["file", "bytes"], [("a|b.docx", 12345), ("two\nlines", None)]) == (
        "| file | bytes |\n|---|---|\n| a\\|b.docx | 12,345 |\n| two lines |  |"
    )


def test_what_a_stranger_wrote_is_no_markup() -> None:
    hostile = "![x](https://h.example/p.png) <img src=//h.example> [a](b) `c` **d** www.h.example a@h.example &lt; \\|"
    cell = metadata.table(["file"], [(hostile,)]).splitlines()[2]
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", "", cell.removeprefix("| ").removesuffix(" |"))
    assert not re.search(r"[\\`*_\[\]<>!|&@]|://|www\.", shown), cell
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", cell) == f"| {hostile} |"


def test_a_long_table_says_how_many_rows_there_are_more() -> None:
    assert metadata.table(["n"], [(i,) for i in range(1202)], most=2) == "| n |\n|---|\n| 0 |\n| 1 |\n\nand 1,200 more"


def test_bars_are_to_scale_and_never_nothing() -> None:
    assert metadata.bar(8, 8) == "█" * 24
    assert metadata.bar(4, 8) == "█" * 12
    assert metadata.bar(1, 192) == "▏"
    assert metadata.bar(1, 10_000) == "▏"
    assert metadata.bar(0, 10) == ""
    assert metadata.bar(0, 0) == ""


def test_a_chart_has_the_greatest_first() -> None:
    assert metadata.bars("format", {"pdf": 1, "docx": 4, "html": 1}) == (
        "| format | count |  |\n|---|---|---|\n"
        f"| docx | 4 | {'█' * 24} |\n| html | 1 | {'█' * 6} |\n| pdf | 1 | {'█' * 6} |"
    )
    assert metadata.bars("format", {}) == "| format | count |  |\n|---|---|---|"
