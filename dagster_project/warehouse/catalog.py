"""What tables a database has, with their columns and what is said of them: asked once, for each question takes DuckDB milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table or view as the database has it."""

    columns: Mapping[str, str] = field(default_factory=dict)  # name -> type, in order
    comment: str | None = None
    comments: Mapping[str, str | None] = field(default_factory=dict)  # column -> comment


def tables(con: duckdb.DuckDBPyConnection, database: str | None = None) -> dict[tuple[str, str], TableFound]:
    """The tables and views of an attached database, or of the current one, by (schema, table)."""
    comments = dict[tuple[str, str], str | None]()
    for schema, table, comment in con.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = coalesce(?, current_database())",
        [database],
    ).fetchall():
        comments[schema, table] = comment
    columns = dict[tuple[str, str], list[tuple[str, str, str | None]]]()
    for schema, table, *column in con.execute(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
        "where database_name = coalesce(?, current_database()) order by table_oid, column_index",
        [database],
    ).fetchall():
        columns.setdefault((schema, table), []).append(tuple(column))
    return {
        place: TableFound(
            {name: kind for name, kind, _ in found}, comments.get(place), {name: comment for name, _, comment in found}
        )
        for place, found in columns.items()
    }
