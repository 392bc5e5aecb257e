"""The raw tables as Parquet files that Spark and DuckDB both read: `<root>/<table>/batch=<id>/*.parquet`.

A batch is what one extraction wrote. A document's rows are those of its newest batch, and a batch says by `documents` and
`quarantine` which documents it answers for; these two are written last, so that half of a batch is never seen.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.warehouse import schema
from dagster_project.warehouse.sql import quote

if TYPE_CHECKING:
    import duckdb

OUTCOMES = (schema.DOCUMENTS, schema.QUARANTINE)
# in the order in which they are written
TABLES = (*(t for t in schema.PARTS if t is not schema.DOCUMENTS), *OUTCOMES)


def batch_id(at: datetime | None = None) -> str:
    """A new batch's name; names sort by time, and no engine takes them for numbers."""
    return (at or datetime.now(UTC)).strftime("b%Y%m%dT%H%M%S%f")


@dataclass(frozen=True, slots=True)
class Lake:
    """The folder of the raw tables; on a cluster it must be one that all workers see."""

    root: Path

    def folder(self, table: schema.Table) -> Path:
        """Where a table's batches are."""
        return self.root / table.name

    def files(self, table: schema.Table) -> str:
        """A table's files as DuckDB's read_parquet takes them."""
        return str(self.folder(table) / "batch=*" / "*.parquet")

    def prepare(self) -> None:
        """Give each table that has no file one without rows, so that its schema is known before anything is written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for table in TABLES:
            if not any(self.folder(table).glob("batch=*/*.parquet")):
                empty = self.folder(table) / "batch=empty" / "empty.parquet"
                empty.parent.mkdir(parents=True, exist_ok=True)
                nullable = pa.schema([pa.field(f.name, f.type) for f in schema.arrow_schema(table)])
                pq.write_table(nullable.empty_table(), empty)

    def sweep(self) -> None:
        """Remove what interrupted jobs have left: batches without outcomes, and what was still being put together."""
        for leftover in self.root.glob(".staging-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        complete = {p.parent.name for t in OUTCOMES[-1:] for p in self.folder(t).glob("batch=*/*.parquet")}
        for table in TABLES:
            for folder in self.folder(table).glob("batch=*"):
                if folder.name not in complete:
                    shutil.rmtree(folder, ignore_errors=True)

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Temporary views `lake_<table>` of the current rows, with DuckDB."""
        outcomes = " union all ".join(
            f"select document_sha256, batch from read_parquet({quote(self.files(t))}, hive_types = {{'batch': varchar}})"
            for t in OUTCOMES
        )
        con.execute(
            "create or replace temp view lake_current as "
            f"select document_sha256, max(batch) as batch from ({outcomes}) group by document_sha256"
        )
        for table in TABLES:
            con.execute(
                f"create or replace temp view lake_{table.name} as select r.* "
                f"from read_parquet({quote(self.files(table))}, hive_types = {{'batch': varchar}}) as r "
                "semi join lake_current as c on r.document_sha256 = c.document_sha256 and r.batch = c.batch"
            )

    def known(self, versions: tuple[str, str]) -> set[str]:
        """SHA-256 of the documents that these versions of reader and extractor have answered for."""
        import duckdb

        self.prepare()
        with duckdb.connect() as con:
            self.attach(con)
            found = con.execute(
                "select document_sha256 from lake_documents where (reader_version, extractor_version) = ($1, $2) union "
                "select document_sha256 from lake_quarantine where (reader_version, extractor_version) = ($1, $2) "
                "and not starts_with(reason, 'needs_')",
                list(versions),
            ).fetchall()
        return {sha for (sha,) in found}


def _state(con: duckdb.DuckDBPyConnection, documents: str, quarantine: str) -> str:
    """A hash over all documents and quarantined files of two relations, with everything that is known of them."""
    lines = []
    for relation, table in ((documents, schema.DOCUMENTS), (quarantine, schema.QUARANTINE)):
        parts = ", ".join(f"coalesce(cast(\"{c.name}\" as varchar), '')" for c in table.columns)
        ((line,),) = con.execute(
            f"select string_agg(line, chr(10) order by line) from (select md5(concat_ws('|', {parts})) as line from {relation})"
        ).fetchall()
        lines.append(line or "")
    return hashlib.sha256("\n\n".join(lines).encode()).hexdigest()


def export(con: duckdb.DuckDBPyConnection, lake: Lake) -> bool:
    """Bring the lake to what the warehouse's raw tables hold; False when it holds that already.

    The whole is written beside the present files and put in its place, so that nothing reads half of it.
    """
    lake.prepare()
    lake.attach(con)
    if _state(con, "raw.documents", "raw.quarantine") == _state(con, "lake_documents", "lake_quarantine"):
        return False
    fresh = lake.root.with_name(f".{lake.root.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    batch = batch_id()
    for table in TABLES:
        target = fresh / table.name / f"batch={batch}"
        target.mkdir(parents=True)
        con.execute(
            f"copy (select * from raw.{table.name} order by document_sha256) to {quote(str(target / 'part-0.parquet'))} "
            "(format parquet, compression zstd)"
        )
    old = lake.root.with_name(f".{lake.root.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    os.replace(lake.root, old)
    os.replace(fresh, lake.root)
    shutil.rmtree(old, ignore_errors=True)
    return True


def load(con: duckdb.DuckDBPyConnection, lake: Lake, documents: Sequence[str]) -> Mapping[str, int]:
    """Replace these documents' rows in the warehouse's raw tables by the lake's, in one transaction; rows by table."""
    lake.attach(con)
    con.execute(
        "create or replace temp table chosen as select unnest($1::varchar[]) as document_sha256", [list(documents)]
    )
    counts = {}
    con.begin()
    try:
        for table in TABLES:
            con.execute(f"delete from raw.{table.name} where document_sha256 in (select document_sha256 from chosen)")
        for table in TABLES:
            names = ", ".join(f'"{c.name}"' for c in table.columns)
            done = con.execute(
                f"insert into raw.{table.name} ({names}) select {names} from lake_{table.name} "
                "where document_sha256 in (select document_sha256 from chosen)"
            ).fetchall()
            counts[table.name] = int(done[0][0])
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return counts
