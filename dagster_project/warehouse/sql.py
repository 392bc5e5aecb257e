"""Texts and names as SQL writes them, for statements that cannot take parameters (ATTACH, COMMENT, file lists)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_LISTED = 200  # values that stand in a condition as such


def quote(text: object) -> str:
    """The text as a string of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def name(*parts: str) -> str:
    """A name with its schema and catalog before it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def few(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """What stands in the brackets of an IN: the query's values where they are few, else the query. DuckDB asks a list of the
    rows as it reads them; a query it asks after all that stands between, as sorting them."""
    values = [value for (value,) in con.execute(f"select * from ({query}) limit {_LISTED + 1}").fetchall()]
    if len(values) > _LISTED:
        return query
    return ", ".join(map(quote, values)) or "null"
