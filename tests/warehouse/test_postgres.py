"""The marts in PostgreSQL: the same figures, described, read-only to readers, and swapped in one moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from dagster_project.warehouse import exports, query
from dagster_project.warehouse.home import Home
from tests.support import postgres

pytestmark = [
    pytest.mark.skipif(postgres.MISSING is not None, reason=str(postgres.MISSING)),
    pytest.mark.xdist_group("postgres"),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres.server() as address:
        yield address


def test_same_rows_comments_and_types(built_home: Home, url: str) -> None:
    import psycopg

    with query.session(built_home) as con:
        rows = exports.to_postgres(con, url)
        wanted = con.execute(
            "select department_key, fiscal_year, actual, score from marts.department_year order by all"
        ).fetchall()
        comments = dict(
            con.execute(
                "select table_name, comment from duckdb_tables() where schema_name = 'marts' and comment is not null"
            ).fetchall()
        )
        counted = {
            f"{s}.{t}": con.execute(f'select count(*) from "{s}"."{t}"').fetchall()[0][0]
            for s, t in exports.published_tables(con)
        }
    assert rows == counted
    with psycopg.connect(url) as pg:
        found = pg.execute(
            "select department_key, fiscal_year, actual, score from marts.department_year order by 1, 2"
        ).fetchall()
        assert found == wanted
        assert all(isinstance(actual, Decimal) for _, _, actual, _ in found if actual is not None)
        for table, comment in comments.items():
            told = pg.execute("select obj_description(%s::regclass)", [f"marts.{table}"]).fetchone()
            assert told == (comment,)
        described = pg.execute(
            "select col_description('marts.department_year'::regclass, 1), "
            "pg_typeof(amount_yuan)::text from marts.department_year, marts.fct_expenditure limit 1"
        ).fetchone()
        assert described is not None
        assert described[0]
        assert described[1] == "numeric"
        keys = pg.execute("select evidence_keys from marts.fct_reconciliation where evidence_keys <> '{}' limit 1")
        row = keys.fetchone()
        assert row is not None
        assert isinstance(row[0], list)


def test_reader_may_read_and_nothing_else(built_home: Home, url: str) -> None:
    import psycopg

    with query.session(built_home) as con:
        exports.to_postgres(con, url)
    with psycopg.connect(url, autocommit=True) as pg:
        pg.execute("set role jixiao_reader")
        assert pg.execute("select count(*) from marts.department_year").fetchone() != (0,)
        assert pg.execute("select count(*) from metadata.build").fetchone() == (1,)
        for forbidden in (
            "insert into marts.dim_year (fiscal_year) values (1)",
            "delete from marts.department_year",
            "drop table marts.department_year",
            "create table marts.mine (a int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                pg.execute(forbidden)


def test_readers_see_the_old_or_the_new_never_half(built_home: Home, url: str) -> None:
    """While it is published again and again, every look at three tables finds them of one publication."""
    import psycopg

    with query.session(built_home) as con:
        exports.to_postgres(con, url)
    stop = threading.Event()
    problems: list[str] = []
    looks: list[int] = []

    def read() -> None:
        with psycopg.connect(url, autocommit=True) as pg:
            n = 0
            while not stop.is_set():
                try:
                    row = pg.execute(
                        "select (select count(*) from marts.department_year), (select count(*) from marts.evidence), "
                        "(select count(*) from metadata.documents)"
                    ).fetchone()
                except psycopg.Error as e:
                    problems.append(str(e))
                    return
                n += 1
                if row is None or 0 in row:
                    problems.append(f"half a state: {row}")
            looks.append(n)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(5):
            with query.session(built_home) as con:
                exports.to_postgres(con, url)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not problems, problems[:3]
    assert len(looks) == 4
    assert min(looks) > 5


def test_failed_publication_leaves_the_old_one(built_home: Home, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    with query.session(built_home) as con:
        exports.to_postgres(con, url)
        copied = []
        real = exports._copy_table

        def fail_at_the_fifth(con, cur, schema, table):  # type: ignore[no-untyped-def]
            copied.append(table)
            if len(copied) == 5:
                raise psycopg.OperationalError("the disk is full")
            return real(con, cur, schema, table)

        monkeypatch.setattr(exports, "_copy_table", fail_at_the_fifth)
        with pytest.raises(exports.ExportError, match="the disk is full"):
            exports.to_postgres(con, url)
    with psycopg.connect(url) as pg:
        assert pg.execute("select count(*) > 0 from marts.department_year").fetchone() == (True,)
        schemas = pg.execute("select nspname from pg_namespace where nspname like 'jixiao\\_new%'").fetchall()
        assert schemas == []


def test_schema_of_somebody_else_is_left_alone(built_home: Home, url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as pg:
        pg.execute("create database other")
        other = url.replace("/postgres?", "/other?")
        assert other != url
        with psycopg.connect(other, autocommit=True) as theirs:
            theirs.execute("create schema marts")
            theirs.execute("create table marts.mine as select 1 as a")
            with query.session(built_home) as con, pytest.raises(exports.ExportError, match="did not publish"):
                exports.to_postgres(con, other)
            assert theirs.execute("select a from marts.mine").fetchone() == (1,)


def test_no_server_is_said_without_the_password(built_home: Home, tmp_path: Path) -> None:
    with query.session(built_home) as con, pytest.raises(exports.ExportError) as told:
        exports.to_postgres(con, f"postgresql://me:secret@/db?host={tmp_path}")
    assert "secret" not in str(told.value)
