"""Questions to the published marts: a read-only connection each, answers kept until the next publication."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dagster_project.warehouse import query
from dagster_project.warehouse.exports import Result, fetch
from dagster_project.warehouse.home import Home


def home() -> Home:
    """The home that the server was started for (JIXIAO_HOME)."""
    return Home.find()


def stamp() -> tuple[int, int, int] | None:
    """Changes whenever something is published; None where nothing is."""
    try:
        about = home().published.stat()
    except FileNotFoundError:
        return None
    return about.st_mtime_ns, about.st_ino, about.st_size


def ask(sql: str, parameters: tuple[object, ...] = ()) -> Result:
    """The answer to a question, from memory while the publication is the same. Raises NotPublished, duckdb.Error."""
    return _ask(str(home().root), stamp(), sql, parameters)


@st.cache_resource(show_spinner=False, max_entries=300)
def _ask(root: str, of: tuple[int, int, int] | None, sql: str, parameters: tuple[object, ...]) -> Result:
    with query.session(Home.find(root)) as con:
        found = fetch(con, sql, parameters)
    return Result(found.columns, tuple(found.rows))


def records(result: Result) -> list[dict[str, Any]]:
    """Rows as dictionaries by column name."""
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def rows(sql: str, parameters: tuple[object, ...] = ()) -> list[dict[str, Any]]:
    """`ask`, as dictionaries."""
    return records(ask(sql, parameters))
