"""Questions to the published marts: read-only, answers kept until the next publication."""

from __future__ import annotations

from typing import Any

import duckdb
import streamlit as st

from dagster_project.warehouse import query
from dagster_project.warehouse.exports import Result, fetch
from dagster_project.warehouse.home import Home

_LOOK = "publication"


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


def turn() -> None:
    """A look at a page begins: all its questions go to the publication that is in place now, whatever comes meanwhile."""
    st.session_state[_LOOK] = stamp()


def _of() -> tuple[int, int, int] | None:
    return st.session_state[_LOOK] if _LOOK in st.session_state else stamp()


def ask(sql: str, parameters: tuple[object, ...] = ()) -> Result:
    """The answer to a question, from memory while the publication is the same. Raises NotPublished, duckdb.Error."""
    return _ask(str(home().root), _of(), sql, parameters)


def ask_once(sql: str, parameters: tuple[object, ...] = ()) -> Result:
    """The answer to a question whose rows are too many to keep: a download. Raises NotPublished, duckdb.Error."""
    return _answer(str(home().root), _of(), sql, parameters)


@st.cache_resource(show_spinner=False, max_entries=300)
def _ask(root: str, of: tuple[int, int, int] | None, sql: str, parameters: tuple[object, ...]) -> Result:
    return _answer(root, of, sql, parameters)


def _answer(root: str, of: tuple[int, int, int] | None, sql: str, parameters: tuple[object, ...]) -> Result:
    with _publication(root, of).cursor() as con:
        con.execute("use jixiao.marts")
        found = fetch(con, sql, parameters)
    return Result(found.columns, tuple(found.rows))


@st.cache_resource(show_spinner=False, max_entries=2)
def _publication(root: str, of: tuple[int, int, int] | None) -> duckdb.DuckDBPyConnection:
    """The publication, opened once: opening takes longer than most answers. A cursor each keeps askers apart."""
    return query.published(Home.find(root))


def records(result: Result) -> list[dict[str, Any]]:
    """Rows as dictionaries by column name."""
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def rows(sql: str, parameters: tuple[object, ...] = ()) -> list[dict[str, Any]]:
    """`ask`, as dictionaries."""
    return records(ask(sql, parameters))
