"""docs/data-dictionary.md is what the command writes, and holds every column of every published table."""

from __future__ import annotations

import duckdb

from dagster_project import data_dictionary
from dagster_project.warehouse.home import Home


def test_the_dictionary_is_current() -> None:
    assert data_dictionary.FILE.read_text("utf-8") == data_dictionary.text(), (
        "run `make dictionary` and commit the result"
    )


def test_every_published_column_is_in_it(built_home: Home) -> None:
    tables: dict[str, str] = {}
    for part in data_dictionary.text().split("\n### ")[1:]:
        tables[part.split("\n", 1)[0]] = part
    with duckdb.connect(str(built_home.published), read_only=True) as con:
        columns = con.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns() "
            "where database_name = current_database() and schema_name in ('marts', 'history')"
        ).fetchall()
    assert columns
    missing = [f"{table}.{column}" for table, column in columns if f"\n| `{column}` |" not in tables.get(table, "")]
    assert not missing
