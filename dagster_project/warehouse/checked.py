"""Which rows have passed which guard already, so that a run checks what is new and not the whole warehouse again.

A row's fingerprint names all that it is made from (`build_fingerprint`; of a raw row, its document and when that was read),
the project's all that makes and judges it. Rows of a fingerprint that passed a guard under the same project would pass it
again: a run leaves them out. A full refresh looks at all rows, and so does a guard that is started by itself.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from dagster_project.warehouse.publishing import FINGERPRINT, columns_of
from dagster_project.warehouse.schema import RAW

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
    there = con.execute(
        "select table_name from information_schema.tables where table_catalog = current_database() "
        "and table_schema = 'intermediate' and list_contains(?, table_name)",
        [list(_BUILT)],
    ).fetchall()
    sets = [f"select {_DOCUMENT} as fingerprint from {RAW}.documents"]
    sets += [f"select {FINGERPRINT} from intermediate.{name}" for (name,) in there]
    con.begin()
    con.execute(f"delete from {_TABLE} where guard = ?", [guard])
    con.execute(f"insert into {_TABLE} select ?, ?, fingerprint from ({' union '.join(sets)})", [guard, project])
    con.commit()


def unchecked(con: duckdb.DuckDBPyConnection, guard: Guard, project: str, schema: str, table: str) -> str | None:
    """An SQL condition on the rows of a table that have not passed the guard; None where all rows are to be looked at."""
    if not passed(con, guard, project):
        return None
    columns = {name for name, _ in columns_of(con, schema, table)}
    have = f"(select fingerprint from {_TABLE} where guard = '{guard}' and project = '{project}')"
    if FINGERPRINT in columns:
        return f"({FINGERPRINT} is null or {FINGERPRINT} not in {have})"
    if schema == RAW and "document_sha256" in columns:
        return f"document_sha256 in (select document_sha256 from {RAW}.documents where {_DOCUMENT} not in {have})"
    return None
