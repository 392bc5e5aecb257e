"""`jixiao query` cannot write, read other files, load extensions, or undo that."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import query
from dagster_project.warehouse.home import Home


def test_tables_are_found_without_their_schema(built_home: Home) -> None:
    with query.session(built_home) as con:
        rows = con.execute(
            "select department_name, budget, actual, execution_rate, score from department_year"
        ).fetchall()
        assert len(rows) == 5
        assert con.execute("select count(*) from quarantine").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.x (a integer)",
        "delete from department_year",
        "update department_year set score = 100",
        "drop table marts.department_year",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy department_year to '/tmp/jixiao-escape.csv'",
        "attach '/tmp/jixiao-escape.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "export database '/tmp/jixiao-escape'",
    ],
)
def test_nothing_else_is_possible(built_home: Home, sql: str) -> None:
    with query.session(built_home) as con, pytest.raises(duckdb.Error):
        con.execute(sql).fetchall()
    assert not list(Path("/tmp").glob("jixiao-escape*"))


def test_a_home_without_publication_is_said_so(empty_home: Home) -> None:
    with pytest.raises(query.NotPublished, match="jixiao run"):
        query.published(empty_home)
