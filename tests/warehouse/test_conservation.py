"""The balance of the warehouse: clean on what is whole, and off wherever a file, a row or an amount is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from dagster_project.warehouse.conservation import BALANCE, LEFT_OUT
from dagster_project.warehouse.home import Home

Balance = dict[str, dict[str, Decimal]]


def balance(con: duckdb.DuckDBPyConnection) -> Balance:
    done = con.execute(BALANCE)
    names = [d[0] for d in done.description or []]
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in done.fetchall()}


def off(con: duckdb.DuckDBPyConnection) -> dict[str, Decimal]:
    return {subject: numbers["off"] for subject, numbers in balance(con).items() if numbers["off"]}


@pytest.fixture(scope="module")
def whole(built_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tables without the constraints that would refuse broken rows."""
    path = str(tmp_path_factory.mktemp("balance") / "warehouse.duckdb")
    with duckdb.connect(path) as con:
        con.execute(f"attach '{built_home.warehouse}' as built (read_only)")
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'built' "
            "and schema_name in ('raw', 'marts', 'history')"
        ).fetchall():
            con.execute(f"create schema if not exists {schema}")
            con.execute(f'create table {schema}."{table}" as from built.{schema}."{table}"')
    return path


@pytest.fixture
def con(whole: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """What a test changes is rolled back."""
    with duckdb.connect(whole) as con:
        con.begin()
        yield con
        con.rollback()


def test_the_bundled_reports_are_accounted_for(con: duckdb.DuckDBPyConnection) -> None:
    found = balance(con)
    assert off(con) == {}
    assert found["files"]["came_in"] == found["files"]["in_facts"] == 5
    for subject in ("figures", "scored rows", "problems and measures", "money in yuan", "other values", "scores"):
        assert found[subject]["came_in"] == found[subject]["in_facts"] > 0, subject


def test_duplicates_superseded_and_quarantined_files_are_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into raw.sightings select * replace ('elsewhere' as document_path) from raw.sightings limit 1")
    con.execute(
        "insert into raw.sightings select 'bad', 'bad.pdf', now()::timestamp, now()::timestamp; "
        "insert into raw.quarantine by name select 'bad' as document_sha256, 'damaged' as reason"
    )
    con.execute(
        "update marts.dim_report set is_current = false "
        "where document_sha256 = (select max(document_sha256) from raw.documents)"
    )
    files = balance(con)["files"]
    assert (files["came_in"], files["in_facts"], files["superseded"]) == (7, 4, 1)
    assert (files["in_quarantine"], files["duplicate"], files["off"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("what", "statement", "subjects"),
    [
        ("a file that is nowhere", "insert into raw.sightings select 'x', 'x.pdf', now()::timestamp, now()::timestamp", {"files": 1}),
        (
            "a file that is read and refused",
            "insert into raw.quarantine by name select document_sha256, 'damaged' as reason from raw.documents limit 1",
            {"files": 1},
        ),
        ("a report that is no mart row", "delete from marts.dim_report where rowid = 0", {"files": 1}),
        ("a report that is two", "insert into marts.dim_report select * from marts.dim_report limit 1", {"files": 1}),
        ("a scored row lost", "delete from marts.fct_kpi_score where score is null and rowid < 20", {"scored rows"}),
        ("a finding doubled", "insert into marts.report_finding select * from marts.report_finding limit 1", {"problems and measures": 1}),
        (
            "a finding in facts and in history",
            ("insert into history.report_finding (document_sha256, finding_no) "
            "select document_sha256, finding_no from marts.report_finding limit 1"),
            {"problems and measures": 1},
        ),
        ("a figure lost", "delete from marts.fct_operation where rowid = 0", {"figures", "other values"}),
        (
            "an amount that nothing states",
            "insert into marts.fct_expenditure select * replace (9999 as figure_no) from marts.fct_expenditure limit 1",
            {"figures", "money in yuan"},
        ),
        ("a fen", "update marts.fct_expenditure set amount_yuan = amount_yuan + 0.01 where rowid = 0", {"money in yuan": Decimal("0.01")}),
        ("a unit misread", "update raw.figures set unit = '元' where unit = '万元' and kind = 'money' and value > 1", {"money in yuan"}),
        ("a value changed", "update marts.fct_operation set value = value + 2 where rowid = 1", {"other values": 2}),
        ("a score changed", "update marts.fct_kpi_score set score = score - 1 where score = (select max(score) from marts.fct_kpi_score)", {"scores"}),
    ],
)  # fmt: skip
def test_what_is_lost_or_doubled_is_off(
    con: duckdb.DuckDBPyConnection, what: str, statement: str, subjects: dict[str, int] | set[str]
) -> None:
    con.execute(statement)
    found = off(con)
    assert found.keys() == (subjects if isinstance(subjects, set) else subjects.keys()), what
    if isinstance(subjects, dict):
        assert found == subjects, what


def test_numbers_left_out_have_their_reason(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(f"select reason, text from ({LEFT_OUT})").fetchall()
    assert len(rows) == con.execute("select count(*) from raw.omissions").fetchall()[0][0] > 0
    assert all(reason and text for reason, text in rows)
