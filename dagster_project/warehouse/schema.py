"""The raw tables: one definition, derived from the row types of extraction.

DDL for DuckDB and Arrow schemas for bulk loading come from the same dataclasses, so that a column is named once.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from dagster_project.extraction import rows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

RAW = "raw"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that was read: where it came from and what kind of file it is. Identity's columns follow."""

    document_sha256: str
    document_name: str
    document_path: str
    document_format: str
    size_bytes: int
    text_sha256: str
    quality: str  # text, ocr
    reader_version: str
    extractor_version: str
    ingested_at: datetime  # UTC
    source_url: str | None
    source_page: str | None
    publisher: str | None
    published_on: date | None
    licence: str | None
    warnings: str  # JSON: a list of sentences


@dataclass(frozen=True, slots=True)
class TextRow:
    """The exact text that evidence points into."""

    text: str


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A file that gave no report, and why."""

    document_sha256: str
    document_name: str
    document_path: str
    size_bytes: int
    reason: str  # a stable code, see reading.model.ReadError
    message: str
    seen_at: datetime
    reader_version: str
    extractor_version: str


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A path under which some bytes were seen."""

    document_sha256: str
    document_path: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of the pipeline."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str  # running, published, unchanged, partial, failed, interrupted
    files_seen: int
    files_new: int
    files_known: int
    files_quarantined: int
    documents: int
    figures: int
    form_rows: int
    message: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, DuckDB type, and whether it may be empty."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A raw table: its columns in order and its key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def ddl(self) -> str:
        """CREATE TABLE IF NOT EXISTS, with NOT NULL where the row type says so."""
        body = ",\n  ".join(f'"{c.name}" {c.type}{"" if c.nullable else " not null"}' for c in self.columns)
        return f"create table if not exists {RAW}.{self.name} (\n  {body},\n  primary key ({', '.join(self.key)})\n)"


_TYPES: dict[Any, str] = {str: "VARCHAR", int: "BIGINT", date: "DATE", datetime: "TIMESTAMP", bool: "BOOLEAN"}
# points and percentages of forms are small; money keeps 22 digits before the point
_SMALL_DECIMALS = {"weight", "score", "execution_rate"}


def _column(name: str, hint: Any) -> Column:
    nullable = False
    if isinstance(hint, types.UnionType):
        kinds = [k for k in typing.get_args(hint) if k is not type(None)]
        nullable = len(kinds) < len(typing.get_args(hint))
        (hint,) = kinds
    if hint is Decimal:
        return Column(name, "DECIMAL(10,4)" if name in _SMALL_DECIMALS else "DECIMAL(28,6)", nullable)
    return Column(name, _TYPES[hint], nullable)


def columns_of(row_type: type) -> tuple[Column, ...]:
    """The columns that a row type (named tuple or dataclass) describes."""
    return tuple(_column(name, hint) for name, hint in typing.get_type_hints(row_type).items())


_SHA = Column("document_sha256", "VARCHAR", False)


def _part(name: str, row_type: type, *key: str) -> Table:
    return Table(name, (_SHA, *columns_of(row_type)), ("document_sha256", *key))


DOCUMENTS = Table("documents", (*columns_of(DocumentRow), *columns_of(rows.Identity)), ("document_sha256",))
EVIDENCE = _part("evidence", rows.Evidence, "evidence_no")
FIGURES = _part("figures", rows.Figure, "figure_no")
FORM_ROWS = _part("form_rows", rows.FormRow, "form_row_no")
FINDINGS = _part("findings", rows.Finding, "finding_no")
OMISSIONS = _part("omissions", rows.Omission, "omission_no")
DOCUMENT_TEXTS = _part("document_texts", TextRow)
QUARANTINE = Table("quarantine", columns_of(QuarantineRow), ("document_sha256",))
SIGHTINGS = Table("sightings", columns_of(SightingRow), ("document_sha256", "document_path"))
RUNS = Table("runs", columns_of(RunRow), ("run_id",))

# the tables that hold what was taken out of a document: replaced together
PARTS: tuple[Table, ...] = (DOCUMENTS, EVIDENCE, FIGURES, FORM_ROWS, FINDINGS, OMISSIONS, DOCUMENT_TEXTS)
TABLES: tuple[Table, ...] = (*PARTS, QUARANTINE, SIGHTINGS, RUNS)


@cache
def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a raw table, column for column the same as its DDL."""
    import pyarrow as pa

    kinds = {
        "VARCHAR": pa.string(),
        "BIGINT": pa.int64(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        "BOOLEAN": pa.bool_(),
        "DECIMAL(10,4)": pa.decimal128(10, 4),
        "DECIMAL(28,6)": pa.decimal128(28, 6),
    }
    return pa.schema([pa.field(c.name, kinds[c.type], c.nullable) for c in table.columns])


def _found(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """The raw tables that are there: name -> (column, type) in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, column, kind in con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? order by table_name, column_index",
        [RAW],
    ).fetchall():
        found.setdefault(name, []).append((column, kind))
    return found


def is_current(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether all raw tables are there as this program defines them: `create` would do nothing."""
    found = _found(con)
    return all(found.get(t.name) == [(c.name, c.type) for c in t.columns] for t in TABLES)


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the raw tables that are missing, and rebuild those whose columns have changed.

    A changed table keeps the columns that both definitions have; a new column is empty until its documents are
    extracted again (the extractor's version rises with its row types).
    """
    con.execute(f"create schema if not exists {RAW}")
    found = _found(con)
    for table in TABLES:
        have = found.get(table.name)
        if have == [(c.name, c.type) for c in table.columns]:
            continue
        if have is None:
            con.execute(table.ddl)
            continue
        con.begin()
        con.execute(f"create or replace temp table kept as from {RAW}.{table.name}")
        con.execute(f"drop table {RAW}.{table.name}")
        con.execute(table.ddl)
        shared = {name for name, _ in have}
        filled = [c for c in table.columns if c.name in shared]
        if all(c.nullable or c.name in shared for c in table.columns):
            names = ", ".join(f'"{c.name}"' for c in filled)
            values = ", ".join(f'cast("{c.name}" as {c.type})' for c in filled)
            con.execute(f"insert into {RAW}.{table.name} ({names}) select {values} from kept")
        elif table in PARTS:
            # rows without a required value can't be kept: their documents are extracted again from the archive
            con.execute(f"update {RAW}.documents set extractor_version = '' where extractor_version <> ''")
        con.execute("drop table kept")
        con.commit()
