"""Exports: exact numbers, harmless cells."""

from __future__ import annotations

import csv
import io
import json
import traceback
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from dagster_project.warehouse import exports, query
from dagster_project.warehouse.exports import Result
from dagster_project.warehouse.home import Home

EVIL = ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@import", "\t=1", " =1", "\r=1", "＝1+1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", EVIL)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert exports.safe_cell(text) == "'" + text
    cell = next(iter(csv.reader(io.StringIO(exports.to_csv(Result(("c",), [(text,)])), newline="").readlines()[1:])))
    assert cell[0].startswith("'")


@pytest.mark.parametrize("text", ["-12.50", "+3", "-1,234.5%", "公务接待费", "a=b", "", "12-13"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert exports.safe_cell(text) == text


@pytest.mark.parametrize("value", [Decimal("-3.5"), -4, None, date(2024, 1, 1)])
def test_only_text_is_changed(value: object) -> None:
    assert exports.safe_cell(value) == value


def test_a_list_that_starts_like_a_formula_is_text_too() -> None:
    assert "'=1; b" in exports.to_csv(Result(("c",), [(["=1", "b"],)]))


def test_xlsx_has_numbers_as_numbers_and_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    exports.to_xlsx(
        {"sheet": Result(("text", "amount", "day"), [(EVIL[0], Decimal("2951.09"), date(2024, 3, 1))])}, file
    )
    sheet = openpyxl.load_workbook(file)["sheet"]
    assert [c.value for c in sheet[1]] == ["text", "amount", "day"]
    assert sheet["A2"].value == "'=1+1"
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 2951.09
    assert sheet["C2"].is_date


def test_json_keeps_decimals_exact() -> None:
    text = exports.to_json(Result(("a", "b"), [(Decimal("12345678901234567890.123456"), ["x", None])]))
    assert json.loads(text, parse_float=Decimal) == [{"a": Decimal("12345678901234567890.123456"), "b": ["x", None]}]


def test_table_counts_chinese_characters_as_two() -> None:
    lines = exports.to_table(Result(("name", "n"), [("株洲市", 1), ("ab", 20)])).splitlines()
    assert lines[2] == "株洲市   1"
    assert lines[3] == "ab      20"


def test_table_lets_no_terminal_code_through() -> None:
    assert "\x1b" not in exports.to_table(Result(("c",), [("\x1b[31mred\x07",)]))


def test_marts_as_a_workbook(built_home: Home, tmp_path: Path) -> None:
    with query.session(built_home) as con:
        assert exports.marts_workbook(con, tmp_path / "marts.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "marts.xlsx", read_only=True)
    assert "department_year" in book.sheetnames
    assert len(list(book["department_year"].rows)) == 6


def test_a_target_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(exports.ExportError, match="cannot be written"):
        exports.write_atomically(tmp_path / "file" / "x.csv", b"")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:sec@ret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://:secret@host/db", "postgresql://:***@host/db"),
        ("postgresql://me@host/db?password=secret&sslmode=off", "postgresql://me@host/db?password=***&sslmode=off"),
        ("postgresql://me:secret/db", "postgresql://me:***/db"),
        ("postgresql://me@host:5432/db", "postgresql://me@host:5432/db"),
        ("postgresql://host:5432/db", "postgresql://host:5432/db"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str) -> None:
    assert exports.hide_password(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cr%65t-w0rd@127.0.0.1:1/db",
        "postgresql://me:s3cret-w0rd@127.0.0.1:none/db",
        "postgresql://me@127.0.0.1:1/db?password=s3cret-w0rd&nonsense=1",
        "postgresql://me:s3cret-w0rd",
    ],
)
def test_no_message_repeats_the_password(built_home: Home, url: str) -> None:
    """Some of the server's library's messages quote the URL that they cannot make sense of."""
    with query.session(built_home) as con, pytest.raises(exports.ExportError) as caught:
        exports.to_postgres(con, url)
    told = "".join(traceback.format_exception(caught.value))
    assert "w0rd" not in told
