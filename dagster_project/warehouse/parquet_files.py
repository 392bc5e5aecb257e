"""Parquet files of tables, of which a change writes only the row groups with news.

A row group holds the rows of departments from one key to another. The next file of the same table takes over the bytes of
those row groups of whose departments nothing has changed: compressing a table of a million rows takes seconds, copying
it a tenth of one. What is no longer wanted stays in the file, unnamed, until it would be half of it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.warehouse import parquet_footer, sql
from dagster_project.warehouse.publishing import DEPARTMENT, Description

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROWS_A_GROUP = 25_000  # a new report writes one group of each table anew
_FEW_PARTS = 4  # for so many all rows may be read for each
_MOST_ROWS = 1 << 20  # pyarrow puts no more into one row group
_SAID = b"row_groups"  # in the file's metadata: how it is divided
_SKIPPED_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Before:
    """What the target is a copy of: the table's file of this publication. And the departments whose rows have changed since."""

    publication: str
    changed: Collection[str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stays of the file before: row groups as its footer has them, the part of each, and their rows together."""

    ends: int  # the bytes before the footer
    begins: tuple[str, ...]
    groups: tuple[bytes, ...]
    parts: tuple[int, ...]
    rows: int
    changed: frozenset[int]  # the other parts: to be written


def write(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    target: Path,
    publication: str,
    *,
    about: Description,
    before: Before | None = None,
    is_sorted: bool = True,
) -> None:
    """Write a relation to `target`, descriptions as metadata of its fields. Where `before` says what the target is a copy of,
    what has not changed stays in it.

    `publication` names the publication that the file belongs to; `is_sorted` says that the relation's rows lie by department,
    so that a range of them is found without reading all. Closes `con`. Raises duckdb.Error and OSError.
    """
    import pyarrow.parquet as pq

    schema = _described(con.sql(f"select * from {relation} limit 0").to_arrow_table().schema, about)
    kept = _kept(target, before, schema) if before else None
    begins = kept.begins if kept else _begins(con, relation, schema)
    if not kept and not is_sorted and len(begins) > _FEW_PARTS:
        con.execute(f"create or replace temp table by_department as select * from {relation} order by {DEPARTMENT}")
        relation = "temp.by_department"
    parts = [*kept.parts] if kept else []
    wanted = kept.changed if kept else range(len(begins))
    rows = kept.rows if kept else 0
    with con, _sink(target, kept) as sink, pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        if kept:
            _skip(sink, kept.ends - len(parquet_footer.MAGIC))  # the writer has just written the first four
        for part in sorted(wanted):
            table = con.sql(f"select * from {relation} where {_condition(begins, part)}").to_arrow_table().cast(schema)
            for at in range(0, table.num_rows, _MOST_ROWS):
                writer.write_table(table.slice(at, _MOST_ROWS), row_group_size=_MOST_ROWS)
                parts.append(part)
            rows += table.num_rows
        said = {"publication": publication, "begins": list(begins), "parts": parts}
        writer.add_key_value_metadata({_SAID: json.dumps(said).encode()})
    if kept:
        footer, begin = parquet_footer.read(target)
        groups = [*kept.groups, *parquet_footer.row_groups(footer)]
        parquet_footer.write(target, begin, parquet_footer.with_row_groups(footer, groups, rows))


def _described(schema: pa.Schema, about: Description) -> pa.Schema:
    import pyarrow as pa

    fields = [
        f.with_metadata({"description": about.columns[f.name]}) if about.columns.get(f.name) else f for f in schema
    ]
    return pa.schema(fields, metadata={"description": about.table} if about.table else None)


def _kept(file: Path, before: Before, schema: pa.Schema) -> _Kept | None:
    """None when the file is not there, of another publication or of other columns, or full of what nobody wants."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        told = pq.read_metadata(file)
        said = json.loads(told.metadata[_SAID])
        had = told.schema.to_arrow_schema()
        footer, ends = parquet_footer.read(file)
        groups = parquet_footer.row_groups(footer)
    except (OSError, ValueError, KeyError, TypeError, EOFError, pa.ArrowException):
        return None  # not ours, or damaged: it is written anew
    if said["publication"] != before.publication or _columns(had) != _columns(schema):
        return None
    changed = frozenset(_part(said["begins"], key) for key in before.changed)
    stay = [i for i, part in enumerate(said["parts"]) if part not in changed]
    used = sum(_bytes_of(told.row_group(i)) for i in stay)
    if used * 2 < ends:
        return None
    return _Kept(
        ends,
        tuple(said["begins"]),
        tuple(groups[i] for i in stay),
        tuple(said["parts"][i] for i in stay),
        sum(told.row_group(i).num_rows for i in stay),
        changed,
    )


def _columns(schema: pa.Schema) -> list[tuple[Any, ...]]:
    return [(f.name, f.type, f.nullable, f.metadata) for f in schema]


def _bytes_of(group: Any) -> int:
    return sum(group.column(i).total_compressed_size for i in range(group.num_columns))


class _Behind:
    """What pyarrow writes to where a file begins with bytes that stay. It counts what it writes, and cannot begin elsewhere: it
    is given as many bytes as there are, and they are not written."""

    def __init__(self, file: Path, there: int) -> None:
        self._file = file.open("rb+")
        self._file.truncate(there)
        self._file.seek(there)
        self._there = there

    @property
    def closed(self) -> bool:
        return self._file.closed

    def write(self, data: bytes) -> int:
        if self._there:
            self._there -= len(data)
            return len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def _sink(target: Path, kept: _Kept | None) -> Any:
    import pyarrow as pa

    return pa.PythonFile(_Behind(target, kept.ends), "w") if kept else pa.OSFile(str(target), "wb")


def _skip(sink: Any, left: int) -> None:
    nothing = bytes(min(left, _SKIPPED_AT_ONCE))
    while left:
        sink.write(nothing[:left])
        left -= min(left, len(nothing))


def _begins(con: duckdb.DuckDBPyConnection, relation: str, schema: pa.Schema) -> tuple[str, ...]:
    """The keys at which parts of some ROWS_A_GROUP rows begin; the first part has all before, and rows without a key."""
    if DEPARTMENT not in schema.names:
        return ("",)
    found = con.execute(
        f"select min({DEPARTMENT}) from (select {DEPARTMENT}, sum(count(*)) over (order by {DEPARTMENT}) - count(*) as above "
        f"from {relation} where {DEPARTMENT} is not null group by {DEPARTMENT}) group by above // {ROWS_A_GROUP} order by 1"
    ).fetchall()
    return ("", *(key for (key,) in found[1:]))


def _part(begins: Sequence[str], key: str) -> int:
    return bisect_right(begins, key) - 1


def _condition(begins: Sequence[str], part: int) -> str:
    if len(begins) == 1:
        return "true"
    conditions = [f"{DEPARTMENT} >= {sql.quote(begins[part])}"]
    if part + 1 < len(begins):
        conditions.append(f"{DEPARTMENT} < {sql.quote(begins[part + 1])}")
    within = " and ".join(conditions)
    return within if part else f"({within} or {DEPARTMENT} is null)"
