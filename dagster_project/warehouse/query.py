"""Reading the published marts: a connection that cannot write, read other files, or load extensions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dagster_project.warehouse.home import Home
from dagster_project.warehouse.sql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

SCHEMAS = ("marts", "metadata", "history")  # searched in this order


class NotPublished(Exception):
    """Nothing has been published in this home yet."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file for reading only, locked: no writing, no other file, no extension, no setting to undo that.

    Tables of the schemas marts, metadata and history are found without their schema's name. The file is attached to a
    database of the connection's own: connections to one path in one process would share the file that was opened first,
    and go on seeing it after a new publication.
    """
    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        },
    )
    con.execute(f"attach {quote(path)} as jixiao (read_only)")
    con.execute("set enable_external_access = false")
    have = {
        name
        for (name,) in con.execute(
            "select schema_name from information_schema.schemata where catalog_name = 'jixiao'"
        ).fetchall()
    }
    con.execute(f"set search_path = '{','.join(f'jixiao.{s}' for s in SCHEMAS if s in have)}'")
    con.execute("set lock_configuration = true")
    return con


def published(home: Home) -> duckdb.DuckDBPyConnection:
    """A locked connection to the published marts; raises NotPublished where there are none.

    A connection keeps the file it opened: open a new one for each question to see the newest publication.
    """
    if not home.published.exists():
        raise NotPublished(
            f"nothing is published in {home.root} yet: start with `jixiao run`, or name another home with --home DIR"
        )
    return connect(home.published)


def session(home: Home) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """`published` as a context that closes."""
    from contextlib import contextmanager

    @contextmanager
    def opened() -> Iterator[duckdb.DuckDBPyConnection]:
        con = published(home)
        try:
            yield con
        finally:
            con.close()

    return opened()
