"""Publishing: the marts as one DuckDB file and a Parquet file each, put in place of the old ones by renaming.

A reader that has the old file open keeps the old data; a new reader sees the new. Nobody sees half of a run.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.warehouse import conservation, memory, sql
from dagster_project.warehouse.catalog import TableFound, tables
from dagster_project.warehouse.copying import copy
from dagster_project.warehouse.home import Home

if TYPE_CHECKING:
    import duckdb

# drivers of DuckDB 1.x in today's BI tools cannot open what 2.x writes by default
STORAGE_VERSION = "v1.4.0"
PUBLISHED_SCHEMAS = ("marts", "history")
METADATA = "metadata"
_BY_KEY = "evidence"  # a reader asks for one place by its key; everything else is asked for by department
_RUNS = "runs"
_BUILD = "build"  # table of the schema metadata: what the publication was made of
FINGERPRINT = "build_fingerprint"  # of the facts' rows
DEPARTMENT = "department_key"  # what tables lie by
SHARE_IN_PLACE = 20  # a table of which more than a twentieth is new is written as a whole, in its order
PARQUET_AT_ONCE = 2  # files: compressing keeps a CPU busy
FREE_BLOCKS = 400  # of 256 KB: a file with more, and half as many as it uses, is written as a whole and not copied
CHANGES_IN_PLACE = 50  # so often a file is changed before it is written as a whole, in its order
PUBLISHER_VERSION = "4"  # rises whenever the same marts would be published differently

# what a reader wants to know about the warehouse itself; description and query of each table
METADATA_TABLES: dict[str, tuple[str, str]] = {
    "runs": ("Runs of the pipeline, newest first. 运行记录", "select * from raw.runs order by started_at desc, run_id"),
    "quarantine": (
        "Files that gave no report, each with its reason. 隔离文件及原因",
        """
        select document_sha256, document_name, document_path, size_bytes, reason, message, seen_at
        from raw.quarantine order by document_name, document_sha256
        """,
    ),
    "documents": (
        "Documents that were read, with provenance and reading warnings. 已读取文件及来源",
        """
        select
            d.document_sha256, d.document_name, d.document_path, d.document_format, d.size_bytes, d.quality,
            d.reader_version, d.extractor_version, d.ingested_at, d.source_url, d.source_page, d.publisher,
            d.published_on, d.licence, d.warnings, d.department_name, d.fiscal_year, d.report_kind,
            count(s.document_path) as paths_seen
        from raw.documents as d left join raw.sightings as s using (document_sha256)
        group by all
        order by d.document_name, d.document_sha256
        """,
    ),
    "coverage": (
        "What was taken out of each document: figures, scored rows, numbers left out. 各文件提取情况",
        """
        select
            d.document_sha256, d.document_name, d.department_name, d.fiscal_year,
            (select count(*) from raw.figures as f where f.document_sha256 = d.document_sha256) as figures,
            (select count(*) from raw.figures as f where f.document_sha256 = d.document_sha256 and f.term is null
                and f.project_name is null and f.kind in ('money', 'staff', 'asset', 'rate')) as figures_unmapped,
            (select count(*) from raw.form_rows as f where f.document_sha256 = d.document_sha256) as form_rows,
            (select count(*) from raw.findings as f where f.document_sha256 = d.document_sha256) as findings,
            (select count(*) from raw.omissions as o where o.document_sha256 = d.document_sha256) as omissions
        from raw.documents as d
        order by d.document_name, d.document_sha256
        """,
    ),
    "unmapped_labels": (
        "Labels that no vocabulary knows, with an example: candidates for seeds/reference. 未映射标签",
        """
        select f.kind, f.label, count(*) as figures, count(distinct f.document_sha256) as documents,
            min(d.document_name) as example_document, min(f.parent_term) as parent_term, min(e.quote) as example_quote
        from raw.figures as f
        join raw.documents as d using (document_sha256)
        left join raw.evidence as e using (document_sha256, evidence_no)
        where f.term is null and f.project_name is null and f.kind in ('money', 'staff', 'asset', 'rate')
        group by f.kind, f.label
        order by figures desc, f.kind, f.label
        """,
    ),
    "balance": (
        "What came in and where it is: files, rows and sums, each accounted for once. 守恒核对",
        conservation.BALANCE,
    ),
    "left_out": (
        "Numbers that were seen in a text and are no figures, each with the reason. 未作为数据的数字及原因",
        conservation.LEFT_OUT,
    ),
    "texts": (
        "The exact text of each document, which evidence points into. 原文",
        "select document_sha256, text from raw.document_texts order by document_sha256",
    ),
}

# of these a document's rows depend on nothing but the document as it was read
_BY_DOCUMENT = frozenset({"coverage", "left_out", "texts"})
_READ = "document_sha256, document_name, ingested_at"  # what a document as it was read is known by


@dataclass(frozen=True, slots=True)
class Description:
    """What a table and its columns mean, in English and Chinese."""

    table: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published: rows by table (schema.table), and where."""

    path: Path
    parquet: Path
    rows: Mapping[str, int]
    size_bytes: int


class PublishError(Exception):
    """The publication was not put in place; the one before stays as it is."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The files of the publication in place, copied to be changed into the next one's."""

    changes: int  # how often they have then been changed since they were written as a whole
    publication: str  # which one they are of


def begin(home: Home) -> Copy | None:
    """Copy the files of the publication in place to where a draft is made of them: needs nothing of what is to be published, so
    that it can be done beside reading and modelling. None when the next publication has to be written as a whole.

    Raises OSError on a full disk.
    """
    home.prepare()
    home.parquet.mkdir(exist_ok=True)
    discard(home)
    copied = _to_be_changed(home)
    if copied is not None:
        copy(home.published, _build_file(home))
        for file in home.parquet.glob("*.parquet"):
            copy(file, _parquet_build(home, file.name))
    return copied


def _build_file(home: Home) -> Path:
    return home.published_folder / ".jixiao.build.duckdb"


def _parquet_build(home: Home, name: str) -> Path:
    return home.parquet / f".{name}.build"


def _to_be_changed(home: Home) -> Copy | None:
    """What a copy of the publication in place would be, where it can be changed into the next."""
    import duckdb

    if not home.published.exists():
        return None
    try:
        with duckdb.connect(str(home.published), read_only=True) as before:
            ((version, changes, publication),) = before.execute(
                f"select publisher_version, changes_in_place + 1, publication_id from {METADATA}.{_BUILD}"
            ).fetchall()
            ((used, free),) = before.execute("select used_blocks, free_blocks from pragma_database_size()").fetchall()
    except duckdb.Error:
        return None  # written by an older version, or not readable: the new one takes its place
    if version != PUBLISHER_VERSION or changes > CHANGES_IN_PLACE or free > max(FREE_BLOCKS, used // 2):
        return None
    return Copy(changes, publication)


def _change(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, found: TableFound, published: TableFound | None
) -> list[str] | None:
    """Bring a table of `build` to the warehouse's by its rows' fingerprints; None when it has to be written as a whole.

    Rows of one fingerprint are made from the same things, so they are the same rows. Returns the departments whose rows
    have changed.
    """
    if (
        published is None
        or [*found.columns.items()] != [*published.columns.items()]
        or not {FINGERPRINT, DEPARTMENT} <= set(found.columns)
    ):
        return None
    here, there = sql.name(schema, table), sql.name("build", schema, table)
    for changed, one, other in (("added", here, there), ("gone", there, here)):
        # by their ids: see rows_of in dbt/macros/dispatch/engine.sql
        con.execute(
            f"create or replace temp table {changed} as select rowid as row_id from {one} where {FINGERPRINT} in ("
            f"select {FINGERPRINT} from {one} group by {FINGERPRINT} "
            f"except select {FINGERPRINT} from {other} group by {FINGERPRINT})"
        )
    new, old = f"from {here} where rowid in (from added)", f"from {there} where rowid in (from gone)"
    ((total, rows),) = con.execute(f"select (select count(*) from {here}), (select count(*) from added)").fetchall()
    if rows * SHARE_IN_PLACE > total:
        return None
    departments = con.execute(f"select {DEPARTMENT} {new} union select {DEPARTMENT} {old}").fetchall()
    con.execute(f"delete {old}")
    con.execute(f"insert into {there} select * {new}{_order(table, found)}")
    return [key or "" for (key,) in departments]


def _order(table: str, found: TableFound) -> str:
    """How a table lies in the file: places by their key, facts by department. A reader asks for one place or one
    department, and skips every block that cannot hold it (on 10,000 reports 1 ms instead of 60)."""
    if table == _BY_KEY:
        return " order by evidence_key"
    if DEPARTMENT in found.columns:
        return f" order by {DEPARTMENT}, {sql.name(next(iter(found.columns)))}"
    return ""


def _comment(
    con: duckdb.DuckDBPyConnection, of: tuple[str, str], about: Description, found: TableFound, said: TableFound
) -> None:
    """Say in `build` what a table, (schema, table), and its columns mean, where it is not `said` already."""
    place = ("build", *of)
    if about.table and about.table != said.comment:
        con.execute(f"comment on table {sql.name(*place)} is {sql.quote(about.table)}")
    for column in found.columns:
        text = about.columns.get(column)
        if text and text != said.comments.get(column):
            con.execute(f"comment on column {sql.name(*place, column)} is {sql.quote(text)}")


def published_fingerprint(home: Home) -> str | None:
    """The fingerprint that the publication in place was made with; None where there is none or it cannot be read."""
    import duckdb

    if not home.published.exists():
        return None
    try:
        con = duckdb.connect(str(home.published), read_only=True)
        try:
            ((made,),) = con.execute(f"select fingerprint from {METADATA}.build").fetchall()
        finally:
            con.close()
    except duckdb.Error:
        return None
    return str(made)


@dataclass(frozen=True, slots=True)
class Draft:
    """A publication whose files are written beside the one in place."""

    build: Path
    parquet: Mapping[str, Path]  # a file's name in the publication -> as it is written
    relations: tuple[tuple[str, str], ...]  # (schema, table)
    metadata_tables: tuple[str, ...]
    changes: int  # how often the file was changed since it was written as a whole
    publication: str  # names the publication in all its files


def draft(
    home: Home,
    descriptions: Mapping[tuple[str, str], Description],
    opened: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    copied: Copy | None = None,
) -> Draft:
    """Copy marts, history and metadata into new files; `publish` puts them in place. The warehouse is only read.

    `descriptions` go by (schema, table). `opened` is given the connection, by which another thread can interrupt the work.
    `copied` is what `begin` gave since the last publication; without it the draft begins by itself. Raises PublishError when
    there are no marts or a file cannot be completed.
    """
    import duckdb

    build = _build_file(home)
    if copied is None:
        try:
            copied = begin(home)
        except OSError as e:
            raise _not_written(home, e) from e
    con = _open(home)
    if opened:
        opened(con)
    try:
        there = tables(con)
        relations = [(s, t) for wanted in PUBLISHED_SCHEMAS for s, t in sorted(there) if s == wanted]
        if not any(s == "marts" for s, _ in relations):
            raise PublishError(f"{home.warehouse} has no tables in the schema marts: the build before did not finish")
        # a warehouse of other marts than ours has no balance
        ours = {(s, m) for s in PUBLISHED_SCHEMAS for m in conservation.MARTS} <= set(relations)
        told = tuple(t for t in METADATA_TABLES if ours or t != "balance")
        publication = uuid.uuid4().hex
        _attach(con, build)
        for schema in (*PUBLISHED_SCHEMAS, METADATA):
            con.execute(f"create schema if not exists build.{schema}")
        changed: dict[tuple[str, str], list[str] | None] = {}
        published = tables(con, "build")
        con.begin()
        for schema, table in relations:
            found, said = there[schema, table], published.get((schema, table))
            changed[schema, table] = _change(con, schema, table, found, said)
            if changed[schema, table] is None:
                order, said = _order(table, found), None
                target = sql.name("build", schema, table)
                con.execute(f"create or replace table {target} as select * from {sql.name(schema, table)}{order}")
            about = descriptions.get((schema, table), Description())
            _comment(con, (schema, table), about, found, said or TableFound())
        if copied:
            _change_metadata(con, _BY_DOCUMENT)
        for table in told:
            # this run's own row changes until it is published
            if table != _RUNS and not (copied and table in _BY_DOCUMENT):
                _write_metadata(con, table)
        wanted = {*relations, *((METADATA, t) for t in told), (METADATA, _BUILD)}
        for schema, table in published.keys() - wanted:
            con.execute(f"drop table {sql.name('build', schema, table)}")
        con.commit()
        files = _write_parquet(con, home, descriptions, publication=publication, departments=changed, copied=copied)
        for copied_in_vain in {*home.parquet.glob(".*.build")} - {*files.values()}:
            copied_in_vain.unlink()
        con.execute("detach build")
    except duckdb.Error as e:
        raise _not_written(home, e) from e
    finally:
        con.close()
    return Draft(build, files, tuple(relations), told, copied.changes if copied else 0, publication)


def _write_parquet(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    descriptions: Mapping[tuple[str, str], Description],
    *,
    publication: str,
    departments: Mapping[tuple[str, str], Collection[str] | None],
    copied: Copy | None,
) -> dict[str, Path]:
    """A file for each table of `build`, by the name that it will have: where `departments` says whose rows have changed
    since the publication of which it is `copied`, what has not changed stays in the copy."""
    from dagster_project.warehouse import parquet_files

    files: dict[str, Path] = {}
    with ThreadPoolExecutor(PARQUET_AT_ONCE) as pool:
        jobs = []
        for schema, table in sorted(departments, key=lambda r: -_count(con, *r)):
            name = f"{table}.parquet" if schema == "marts" else f"{schema}.{table}.parquet"
            files[name] = _parquet_build(home, name)
            changed = departments[schema, table]
            job = partial(
                parquet_files.write,
                con.cursor(),  # a thread needs its own
                sql.name("build", schema, table),
                files[name],
                publication,
                about=descriptions.get((schema, table), Description()),
                before=parquet_files.Before(copied.publication, changed) if copied and changed is not None else None,
                is_sorted=table != _BY_KEY,
            )
            jobs.append(pool.submit(job))
        for one in jobs:
            one.result()
    return files


def publish(
    home: Home, fingerprint: str, descriptions: Mapping[tuple[str, str], Description], drafted: Draft | None = None
) -> Publication:
    """Put marts, history and metadata in place of the published ones: from `drafted`, or from a draft made now.

    A draft is of the same marts as the warehouse has now; what has changed since is told only by the table of runs. Raises
    PublishError as `draft` does; a full disk or a kill leaves the old publication whole.
    """
    import duckdb

    made = drafted or draft(home, descriptions)
    rows: dict[str, int] = {}
    con = _open(home)
    try:
        _attach(con, made.build)
        con.begin()
        _write_metadata(con, _RUNS)
        con.execute(
            f"create or replace table build.{METADATA}.{_BUILD} as select ? as fingerprint, ? as publisher_version, "
            "cast(now() at time zone 'UTC' as timestamp) as published_at, version() as duckdb_version, "
            "cast(? as integer) as changes_in_place, ? as publication_id",
            [fingerprint, PUBLISHER_VERSION, made.changes, made.publication],
        )
        con.commit()
        for schema, table in (*made.relations, *((METADATA, t) for t in made.metadata_tables)):
            rows[f"{schema}.{table}"] = _count(con, schema, table)
        con.execute("detach build")
    except duckdb.Error as e:
        raise _not_written(home, e) from e
    finally:
        con.close()
    if made.build.with_name(made.build.name + ".wal").exists():
        raise PublishError(
            f"{made.build} still has a write-ahead log: it was not closed properly, so it is not published"
        )
    for whole in (made.build, *made.parquet.values()):
        with whole.open("rb+") as f:
            os.fsync(f.fileno())
    # all files are written: what is left is renaming. The database comes last, for its fingerprint vouches for the others
    for name, written in made.parquet.items():
        os.replace(written, home.parquet / name)
    for old in home.parquet.glob("*.parquet"):
        if old.name not in made.parquet:
            old.unlink()
    os.replace(made.build, home.published)
    return Publication(home.published, home.parquet, rows, home.published.stat().st_size)


def discard(home: Home) -> None:
    """Remove the files of a copy or a draft that will not be published, and what a run that was killed left of them."""
    for leftover in (*home.published_folder.glob(".jixiao.build.duckdb*"), *home.parquet.glob(".*.build")):
        leftover.unlink()


def _open(home: Home) -> duckdb.DuckDBPyConnection:
    """The warehouse, which a publication only reads: Great Expectations reads it at the same time."""
    import duckdb

    return memory.bound(duckdb.connect(str(home.warehouse), read_only=True))


def _attach(con: duckdb.DuckDBPyConnection, build: Path) -> None:
    """The file that is built, to be written, though the warehouse beside it is only read."""
    con.execute(f"attach {sql.quote(build)} as build (read_write, storage_version {sql.quote(STORAGE_VERSION)})")


def _write_metadata(con: duckdb.DuckDBPyConnection, table: str) -> None:
    text, query = METADATA_TABLES[table]
    con.execute(f"create or replace table {sql.name('build', METADATA, table)} as {query}")
    con.execute(f"comment on table {sql.name('build', METADATA, table)} is {sql.quote(text)}")


def _change_metadata(con: duckdb.DuckDBPyConnection, tables: Collection[str]) -> None:
    """Bring tables of `build` to the documents as they are now, by those that `build` lacks or has otherwise."""
    published = f"build.{METADATA}.documents"
    for kind, one, other in (("gone", published, "raw.documents"), ("read_anew", "raw.documents", published)):
        con.execute(
            f"create or replace temp table {kind} as select document_sha256 "
            f"from (select {_READ} from {one} except select {_READ} from {other})"
        )
    gone, read_anew = (sql.few(con, f"select document_sha256 from {kind}") for kind in ("gone", "read_anew"))
    for table in sorted(tables):
        target = sql.name("build", METADATA, table)
        con.execute(f"delete from {target} where document_sha256 in ({gone})")
        con.execute(
            f"insert into {target} select * from ({METADATA_TABLES[table][1]}) where document_sha256 in ({read_anew})"
        )


def _count(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    ((count,),) = con.execute(f"select count(*) from {sql.name('build', schema, table)}").fetchall()
    return int(count)


def _not_written(home: Home, error: Exception) -> PublishError:
    return PublishError(f"the publication could not be written to {home.published_folder}: {error}")


def copy_parquet(home: Home, target: Path) -> list[Path]:
    """Copy the published Parquet files into a folder of the reader's own, each put in place by renaming."""
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for file in sorted(home.parquet.glob("*.parquet")):
        part = target / f".{file.name}.part"
        copy(file, part)
        os.replace(part, target / file.name)
        copied.append(target / file.name)
    return copied
