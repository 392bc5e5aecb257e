"""Which rows have passed which guard already, so that a run checks what is new and not the whole warehouse again.

A row's fingerprint names all that it is made from (`build_fingerprint`; of a raw row, its document and when that was read),
the project's all that makes and judges it. Rows of a fingerprint that passed a guard under the same project would pass it
again: a run leaves them out. A full refresh looks at all rows, and so does a guard that is started by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from dagster_project.warehouse.catalog import TableFound, tables
from dagster_project.warehouse.publishing import FINGERPRINT
from dagster_project.warehouse.schema import RAW
from dagster_project.warehouse.sql import few

if TYPE_CHECKING:
    import duckdb

_TABLE = f"{RAW}.checked"
_DOCUMENT = "document_sha256 || ' ' || ingested_at"  # read again: other rows
# the models that say of which fingerprint each row of the warehouse has to be
_BUILT = ("int_documents_to_build", "int_facts_to_build", "int_rules_to_apply")


class Guard(StrEnum):
    """What rows pass on their way to the publication."""

    TESTS = "tests"
    QUOTES = "quotes"
    RAW_EXPECTATIONS = "raw_expectations"
    MART_EXPECTATIONS = "mart_expectations"


def _create(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"create table if not exists {_TABLE} (guard varchar not null, project varchar not null, fingerprint varchar)"
    )


def passed(con: duckdb.DuckDBPyConnection, guard: Guard, project: str) -> bool:
    """Whether anything has passed this guard under this project."""
    _create(con)
    found = con.execute(f"select 1 from {_TABLE} where guard = ? and project = ? limit 1", [guard, project])
    return found.fetchone() is not None


def forget(con: duckdb.DuckDBPyConnection, guard: Guard) -> None:
    """Nothing has passed this guard: said before the warehouse is made of another project."""
    _create(con)
    con.execute(f"delete from {_TABLE} where guard = ?", [guard])


def note(con: duckdb.DuckDBPyConnection, guard: Guard, project: str) -> None:
    """All rows that are in the warehouse now have passed this guard, now or before."""
    _create(con)
    con.begin()
    con.execute(f"create or replace temp table now_there as {_there(con)}")
    con.execute(
        f"delete from {_TABLE} where guard = ? and (project <> ? or fingerprint not in (select fingerprint from now_there))",
        [guard, project],
    )
    con.execute(
        f"insert into {_TABLE} select ?, ?, fingerprint from now_there "
        f"where fingerprint not in (select fingerprint from {_TABLE} where guard = ?)",
        [guard, project, guard],
    )
    con.commit()
    con.execute("drop table now_there")


def _there(con: duckdb.DuckDBPyConnection) -> str:
    """A query for the fingerprints of all rows that are in the warehouse."""
    there = con.execute(
        "select table_name from information_schema.tables where table_catalog = current_database() "
        "and table_schema = 'intermediate' and list_contains(?, table_name)",
        [list(_BUILT)],
    ).fetchall()
    sets = [f"select {_DOCUMENT} as fingerprint from {RAW}.documents"]
    sets += [f"select {FINGERPRINT} from intermediate.{name}" for (name,) in there]
    return " union ".join(sets)


def documents_to_test(con: duckdb.DuckDBPyConnection, project: str) -> None:
    """Leave the documents whose rows have not passed the tests where the tests of staging models look for them."""
    _create(con)
    con.execute(
        f"create or replace table {RAW}.documents_to_test as select document_sha256 from {RAW}.documents "
        f"where {_DOCUMENT} not in (select fingerprint from {_TABLE} where guard = ? and project = ?)",
        [Guard.TESTS, project],
    )


def unchecked(
    con: duckdb.DuckDBPyConnection, guard: Guard, project: str, relations: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """SQL conditions on the rows of tables, (schema, table), that have not passed the guard. A table that is not in the answer
    is to be looked at as a whole."""
    if not passed(con, guard, project):
        return {}
    have = f"select fingerprint from {_TABLE} where guard = '{guard}' and project = '{project}'"
    documents = f"select document_sha256 from {RAW}.documents where {_DOCUMENT} not in ({have})"
    conditions = {
        FINGERPRINT: f"{FINGERPRINT} in ({few(con, f'from ({_there(con)}) where fingerprint not in ({have})')})",
        "document_sha256": f"document_sha256 in ({few(con, documents)})",
    }
    found, there = {}, tables(con)
    for schema, table in relations:
        columns = there.get((schema, table), TableFound()).columns
        if FINGERPRINT in columns:
            found[schema, table] = conditions[FINGERPRINT]
        elif schema == RAW and "document_sha256" in columns:
            found[schema, table] = conditions["document_sha256"]
    return found
