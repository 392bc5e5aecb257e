"""`jixiao verify`: is what we keep and publish still what we took in?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from dagster_project.warehouse import archive
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.publishing import PUBLISHED_SCHEMAS


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: what was compared, how much of it, and what is off, in words."""

    what: str
    looked_at: int
    off: tuple[str, ...]


def verify(home: Home) -> list[Finding]:
    """Archive against hashes, evidence against archived text, published against warehouse, Parquet against published."""
    looks: list[Callable[[Home], Finding]] = [_archive, _evidence, _published, _parquet]
    return [look(home) for look in looks]


def _archive(home: Home) -> Finding:
    import duckdb

    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        known = con.execute("select document_sha256, document_name from raw.documents order by all").fetchall()
    off = list(archive.verify_archive(home))
    off += [f"{name}: its original is gone from the archive" for sha, name in known if archive.find(home, sha) is None]
    return Finding("archived files against their hashes", len(known), tuple(off))


def _evidence(home: Home) -> Finding:
    import duckdb

    off: list[str] = []
    looked = 0
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        texts = con.execute(
            "select t.document_sha256, d.document_name, d.text_sha256, t.text from raw.document_texts as t "
            "join raw.documents as d using (document_sha256) order by all"
        )
        cursor = con.cursor()
        while rows := texts.fetchmany(100):
            for sha, name, digest, text in rows:
                if hashlib.sha256(text.encode()).hexdigest() != digest:
                    off.append(f"{name}: the kept text is not the one that was read")
                places = cursor.execute(
                    "select evidence_no, char_start, char_end, quote from raw.evidence where document_sha256 = ?", [sha]
                ).fetchall()
                looked += len(places)
                off += [f"{name}: evidence {n} is not at {a}-{b}: {q[:40]}" for n, a, b, q in places if text[a:b] != q]
    return Finding("evidence quotes against archived text", looked, tuple(off))


def _published(home: Home) -> Finding:
    import duckdb

    off = []
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach '{str(home.warehouse).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
        con.execute(f"attach '{str(home.published).replace(chr(39), chr(39) * 2)}' as published (read_only)")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            f"where database_name = 'warehouse' and schema_name in {PUBLISHED_SCHEMAS} order by all"
        ).fetchall()
        there = set(
            con.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'published'"
            ).fetchall()
        )
        for schema, table in tables:
            if (schema, table) not in there:
                off.append(f"{schema}.{table} is not published")
                continue
            a, b = f'warehouse."{schema}"."{table}"', f'published."{schema}"."{table}"'
            (count,) = con.execute(
                f"select (select count(*) from (from {a} except all from {b})) + "
                f"(select count(*) from (from {b} except all from {a}))"
            ).fetchall()[0]
            if count:
                off.append(f"{schema}.{table}: {count} rows differ between warehouse and publication")
    return Finding("published tables against the warehouse", len(tables), tuple(off))


def _parquet(home: Home) -> Finding:
    import duckdb

    off = []
    with duckdb.connect(str(home.published), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            f"where database_name = current_database() and schema_name in {PUBLISHED_SCHEMAS} order by all"
        ).fetchall()
        for schema, table in tables:
            file = home.parquet / (f"{table}.parquet" if schema == "marts" else f"{schema}.{table}.parquet")
            if not file.exists():
                off.append(f"{file.name} is missing")
                continue
            ((same,),) = con.execute(
                f'select (select count(*) from "{schema}"."{table}") = (select count(*) from read_parquet(?))',
                [str(file)],
            ).fetchall()
            if not same:
                off.append(f"{file.name} has another number of rows than {schema}.{table}")
    return Finding("Parquet files against published tables", len(tables), tuple(off))
