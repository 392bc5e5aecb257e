"""Reading and extraction as a Spark job: the same functions, limits and quarantine as on one machine.

A task takes its share of a manifest of paths, reads each file in a worker process of its own with the usual limits, and
hands back one row a document that holds the rows of all raw tables. Those are written once, then taken apart into the
tables' folders of the lake. `mapInArrow` rather than `mapInPandas`: decimals and empty numbers stay what they are.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import ingestion
from dagster_project.spark.lake import OUTCOMES, TABLES, Lake, batch_id
from dagster_project.spark.session import address
from dagster_project.warehouse import loading, schema
from dagster_project.warehouse.loading import Refused, Source, Staged

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

FILES_A_TASK = 50  # some ten seconds of work: little is lost with a worker, and starting a task weighs nothing
_MANIFEST = (
    "sha256 string, name string, path string, size_bytes bigint, source_url string, source_page string, "
    "publisher string, published_on date, licence string, file string"
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a job wrote: the batch, and how many documents were read or refused."""

    batch: str
    documents: int
    quarantined: int


def _struct(table: schema.Table) -> pa.DataType:
    import pyarrow as pa

    return pa.struct([pa.field(f.name, f.type) for f in schema.arrow_schema(table)])


def outcome_schema() -> pa.Schema:
    """One row a document: for each raw table the list of its rows."""
    import pyarrow as pa

    return pa.schema([pa.field(t.name, pa.list_(_struct(t))) for t in TABLES])


def _records(table: schema.Table, rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return loading.arrow_table(table, rows).to_pylist()


def _document(one: Staged | Refused, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """A document's rows of each table; a document whose rows do not fit its tables goes to quarantine."""
    if isinstance(one, Staged):
        try:
            return {t.name: _records(t, rows) for t, rows in loading.rows_of([one], at).items()}
        except (ValueError, OverflowError) as e:
            message = f"{one.source.name}: its rows do not fit the raw tables ({e}); please report it with the file"
            one = Refused(one.source, "unloadable", message, *ingestion.VERSIONS)
    return {schema.QUARANTINE.name: _records(schema.QUARANTINE, [astuple(loading.quarantine_row(one, at))])}


def extract_files(batches: Iterator[pa.RecordBatch], at: datetime) -> Iterator[pa.RecordBatch]:
    """The task: a share of the manifest in, one row a document out."""
    import pyarrow as pa

    sources: dict[str, Source] = {}
    files: dict[str, Path] = {}
    names = [f.name for f in fields(Source)]
    for batch in batches:
        for row in batch.to_pylist():
            sources[row["sha256"]] = Source(**{n: row[n] for n in names})
            files[row["sha256"]] = Path(row["file"])
    layout = outcome_schema()
    # Spark gives each core a task, so one process each
    for one in ingestion.stage(sources, files, workers=1):
        rows = _document(one, at)
        yield pa.RecordBatch.from_pylist([{t.name: rows.get(t.name, []) for t in TABLES}], schema=layout)


def extract(
    spark: SparkSession,
    lake: Lake,
    sources: Mapping[str, Source],
    files: Mapping[str, Path],
    at: datetime | None = None,
) -> Extracted:
    """Read these files (SHA-256 -> path that all workers see) into a new batch of the lake.

    Idempotent by content: documents are known by their SHA-256, and a later batch takes the place of an earlier one. What
    an interrupted job has left is removed by the next one.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    lake.prepare()
    lake.sweep()
    at = at or loading.now()
    batch = batch_id()
    # the path on this machine: workers of a cluster mount the home at the same place
    manifest = [(*astuple(sources[sha]), str(path)) for sha, path in sorted(files.items())]
    tasks = max(1, -(-len(manifest) // FILES_A_TASK), min(len(manifest), spark.sparkContext.defaultParallelism))
    staging = lake.root / f".staging-{batch}"
    rows = spark.sparkContext.parallelize(manifest, tasks)
    done = spark.createDataFrame(rows, _MANIFEST, verifySchema=False).mapInArrow(
        partial(extract_files, at=at), from_arrow_schema(outcome_schema())
    )
    try:
        done.write.parquet(address(staging))
        outcomes = spark.read.parquet(address(staging))
        counts = {}
        for table in TABLES:
            target = lake.folder(table) / f"batch={batch}"
            part = outcomes.selectExpr(f"inline({table.name})")
            if table in OUTCOMES:
                counts[table] = part.count()
            part.coalesce(max(1, len(manifest) // 5000)).write.option("compression", "zstd").parquet(address(target))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Extracted(batch, counts[schema.DOCUMENTS], counts[schema.QUARANTINE])
