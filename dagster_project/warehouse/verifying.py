"""`jixiao verify`: is what we keep and publish still what we took in?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from dagster_project.warehouse import archive, conservation, sql
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.publishing import PUBLISHED_SCHEMAS


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: what was compared, how much of it, and what is off, in words."""

    what: str
    looked_at: int
    off: tuple[str, ...]


def verify(home: Home, reread: bool = False) -> list[Finding]:
    """Archive against hashes, evidence against archived text, balance, published against warehouse, Parquet against
    published; with `reread` also what today's readers make of the archived files against the kept text."""
    looks: list[Callable[[Home], Finding]] = [_archive, _evidence, _balance, _published, _published_quotes, _parquet]
    if reread:
        looks.insert(1, _texts)
    return [look(home) for look in looks]


def _archive(home: Home) -> Finding:
    import duckdb

    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        known = con.execute("select document_sha256, document_name from raw.documents order by all").fetchall()
        seen = {sha for (sha,) in con.execute("select distinct document_sha256 from raw.sightings").fetchall()}
    off = list(archive.verify_archive(home))
    off += [f"{name}: its original is gone from the archive" for sha, name in known if archive.find(home, sha) is None]
    originals = [p for p in home.archive.glob("??/*") if p.suffix not in (".json", ".part")]
    off += [
        f"{p}: archived, yet the warehouse has never seen it; run on the file again"
        for p in sorted(originals)
        if p.name.partition(".")[0] not in seen
    ]
    return Finding("archived files against their hashes", len(originals), tuple(off))


def _texts(home: Home) -> Finding:
    """Of the formats whose reader has not changed since: another text means a damaged file or a reader that is not sure."""
    import duckdb

    from dagster_project.reading.model import reader_version
    from dagster_project.reading.worker import WorkItem, process_files

    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        rows = con.execute(
            "select document_sha256, document_name, document_format, reader_version, text_sha256 from raw.documents order by all"
        ).fetchall()
    wanted = {sha: digest for sha, _, kind, version, digest in rows if version == reader_version(kind)}
    files = [(sha, name, archive.find(home, sha)) for sha, name, *_ in rows if sha in wanted]
    off = []
    for outcome in process_files(WorkItem(sha, name, path) for sha, name, path in files if path is not None):
        if outcome.error is not None:
            off.append(f"{outcome.item.name}: it could be read, and cannot any more: {outcome.error.message}")
        elif hashlib.sha256(outcome.result.text.encode()).hexdigest() != wanted[outcome.item.document_sha256]:
            off.append(f"{outcome.item.name}: read again it gives another text than the kept one")
    return Finding("archived files read again against the kept text", len(files), tuple(sorted(off)))


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


def _balance(home: Home) -> Finding:
    import duckdb

    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        rows = con.execute(f"select subject, came_in, off from ({conservation.BALANCE})").fetchall()
    off = tuple(f"{subject}: {n.normalize():,f} of {total.normalize():,f} are off" for subject, total, n in rows if n)
    return Finding("balance of files, rows and sums", len(rows), off)


def _published_quotes(home: Home) -> Finding:
    import duckdb

    with duckdb.connect(str(home.published), read_only=True) as con:
        ((looked,),) = con.execute("select count(*) from marts.evidence").fetchall()
        off = con.execute(
            "select r.document_name, e.evidence_key, e.quote from marts.evidence as e "
            "join marts.dim_report as r using (report_key) left join metadata.texts as t using (document_sha256) "
            "where t.text is null or substring(t.text, e.char_start + 1, e.char_end - e.char_start) <> e.quote order by all"
        ).fetchall()
    words = tuple(
        f"{name}: the published quote is not where it says it is: {quote[:40]} ({key})" for name, key, quote in off
    )
    return Finding("published quotes against published text", looked, words)


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
        strange = sorted(t for t in there if t[0] in PUBLISHED_SCHEMAS and t not in set(tables))
        off += [f"{schema}.{table} is published and not in the warehouse" for schema, table in strange]
    return Finding("published tables against the warehouse", len(tables), tuple(off))


def _parquet(home: Home) -> Finding:
    import duckdb

    off = []
    with duckdb.connect(str(home.published), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            f"where database_name = current_database() and schema_name in {PUBLISHED_SCHEMAS} order by all"
        ).fetchall()
        wanted = {f"{table}.parquet" if schema == "marts" else f"{schema}.{table}.parquet" for schema, table in tables}
        off += [f"{p.name} belongs to no table" for p in sorted(home.parquet.glob("*.parquet")) if p.name not in wanted]
        for schema, table in tables:
            file = home.parquet / (f"{table}.parquet" if schema == "marts" else f"{schema}.{table}.parquet")
            if not file.exists():
                off.append(f"{file.name} is missing")
                continue
            a, b = sql.name(schema, table), f"read_parquet({sql.quote(file)})"
            try:
                ((count,),) = con.execute(
                    f"select (select count(*) from (from {a} except all from {b})) + "
                    f"(select count(*) from (from {b} except all from {a}))"
                ).fetchall()
            except duckdb.Error as e:
                off.append(f"{file.name} cannot be read: {str(e).splitlines()[0]}")
                continue
            if count:
                off.append(f"{file.name}: {count} rows differ from {schema}.{table}")
    return Finding("Parquet files against published tables", len(tables), tuple(off))
