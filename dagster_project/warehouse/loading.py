"""Loading extracted documents into the raw tables: in bulk by Arrow, idempotent by content.

A document is known by the SHA-256 of its bytes. Loading it again replaces all its rows in one transaction, so that a
run that was killed leaves either the old rows or the new ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from dagster_project.extraction.rows import Extraction
from dagster_project.warehouse import schema

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from; `path` is as seen, inside a zip with the member's path behind a `!`."""

    sha256: str
    name: str
    path: str
    size_bytes: int
    source_url: str | None = None
    source_page: str | None = None
    publisher: str | None = None
    published_on: date | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """A document ready to load."""

    source: Source
    format: str
    quality: str
    reader_version: str
    text: str
    warnings: tuple[str, ...]
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that goes to quarantine."""

    source: Source
    reason: str
    message: str
    reader_version: str
    extractor_version: str


def now() -> datetime:
    """The present in UTC, without zone: the raw tables' timestamps."""
    return datetime.now(UTC).replace(tzinfo=None)


def moment(con: duckdb.DuckDBPyConnection) -> datetime:
    """The present, yet never before what this warehouse has noted already: a clock that is set back puts no run before its
    predecessors, and no version of a report before the one that it supersedes."""
    ((latest,),) = con.execute(
        f"""
        select greatest(
            (select max(started_at) from {schema.RAW}.runs), (select max(finished_at) from {schema.RAW}.runs),
            (select max(last_seen_at) from {schema.RAW}.sightings), (select max(ingested_at) from {schema.RAW}.documents)
        )
        """
    ).fetchall()
    present = now()
    return present if latest is None or latest < present else latest + timedelta(microseconds=1)


def _fit(value: Any, scale: int) -> Any:
    """A Decimal that the column can hold: digits behind `scale` are rounded, the words keep them as written."""
    if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > scale:
        return value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    return value


def arrow_table(table: schema.Table, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows as Arrow in the table's types. Raises ValueError (Arrow's) for a value that a column cannot hold."""
    import pyarrow as pa

    arrow = schema.arrow_schema(table)
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(arrow)
    arrays = []
    for values, kind in zip(columns, arrow, strict=True):
        fitted = [_fit(v, kind.type.scale) for v in values] if pa.types.is_decimal(kind.type) else list(values)
        arrays.append(pa.array(fitted, kind.type))
    return pa.Table.from_arrays(arrays, schema=arrow)


def _insert(con: duckdb.DuckDBPyConnection, table: schema.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    con.register("incoming", arrow_table(table, rows))
    con.execute(f"insert into {schema.RAW}.{table.name} by name from incoming")
    con.unregister("incoming")


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        con.rollback()
        con.unregister("incoming")  # not possible while the transaction is aborted
        raise


def _delete(con: duckdb.DuckDBPyConnection, table: schema.Table, shas: list[str]) -> None:
    con.execute(f"delete from {schema.RAW}.{table.name} where document_sha256 in (select unnest(?))", [shas])


def _delete_all(con: duckdb.DuckDBPyConnection, shas: list[str]) -> None:
    """Take out what these documents gave before. Most are new: the long tables are searched only for those that are not,
    for they have no index, and each batch would look at every row of the batches before it."""
    known = con.execute(
        "select distinct document_sha256 from (select unnest(?) as document_sha256) "
        f"where document_sha256 in (from (select document_sha256 from {schema.RAW}.documents "
        f"union all select document_sha256 from {schema.RAW}.quarantine))",
        [shas],
    ).fetchall()
    if not known:
        return
    for table in (*schema.PARTS, schema.QUARANTINE):
        _delete(con, table, [sha for (sha,) in known])


def rows_of(staged: Sequence[Staged], at: datetime) -> dict[schema.Table, list[tuple[Any, ...]]]:
    """The raw tables' rows of these documents, each in the order of its table's columns; `at` is UTC."""
    rows: dict[schema.Table, list[tuple[Any, ...]]] = {t: [] for t in schema.PARTS}
    for s in staged:
        sha, x, src = s.source.sha256, s.extraction, s.source
        document = schema.DocumentRow(
            document_sha256=sha,
            document_name=src.name,
            document_path=src.path,
            document_format=s.format,
            size_bytes=src.size_bytes,
            text_sha256=hashlib.sha256(s.text.encode()).hexdigest(),
            quality=s.quality,
            reader_version=s.reader_version,
            extractor_version=x.extractor_version,
            ingested_at=at,
            source_url=src.source_url,
            source_page=src.source_page,
            publisher=src.publisher,
            published_on=src.published_on,
            licence=src.licence,
            warnings=json.dumps([*s.warnings, *x.warnings], ensure_ascii=False),
        )
        rows[schema.DOCUMENTS].append((*astuple(document), *x.identity))
        rows[schema.DOCUMENT_TEXTS].append((sha, s.text))
        for table, parts in (
            (schema.EVIDENCE, x.evidence),
            (schema.FIGURES, x.figures),
            (schema.FORM_ROWS, x.form_rows),
            (schema.FINDINGS, x.findings),
            (schema.OMISSIONS, x.omissions),
        ):
            rows[table].extend((sha, *p) for p in parts)
    return rows


def quarantine_row(refused: Refused, at: datetime) -> schema.QuarantineRow:
    """The row of raw.quarantine that tells of this file; `at` is UTC."""
    source = refused.source
    return schema.QuarantineRow(
        source.sha256,
        source.name,
        source.path,
        source.size_bytes,
        refused.reason,
        refused.message,
        at,
        refused.reader_version,
        refused.extractor_version,
    )


def load_batch(con: duckdb.DuckDBPyConnection, staged: Sequence[Staged], at: datetime | None = None) -> dict[str, int]:
    """Replace the rows of these documents, all in one transaction; returns rows by table.

    A document that is loaded leaves the quarantine.
    """
    if not staged:
        return {}
    rows = rows_of(staged, at or moment(con))
    shas = [s.source.sha256 for s in staged]
    with _transaction(con):
        _delete_all(con, shas)
        for table in schema.PARTS:
            _insert(con, table, rows[table])
    return {t.name: len(r) for t, r in rows.items()}


def refuse(con: duckdb.DuckDBPyConnection, refused: Sequence[Refused], at: datetime | None = None) -> None:
    """Write the files that gave no report into raw.quarantine; what they gave before is taken out."""
    if not refused:
        return
    at = at or moment(con)
    rows = [astuple(quarantine_row(r, at)) for r in refused]
    shas = [r.source.sha256 for r in refused]
    with _transaction(con):
        _delete_all(con, shas)
        _insert(con, schema.QUARANTINE, rows)


def see(con: duckdb.DuckDBPyConnection, sources: Sequence[Source], at: datetime | None = None) -> None:
    """Note under which paths these bytes were seen, first and last."""
    if not sources:
        return
    at = at or moment(con)
    # plain lists: a run without new files need not import Arrow
    places = sorted({(s.sha256, s.path) for s in sources})
    con.execute(
        "insert into raw.sightings select unnest($1::varchar[]), unnest($2::varchar[]), $3, $3 "
        "on conflict (document_sha256, document_path) do update set last_seen_at = excluded.last_seen_at",
        [[sha for sha, _ in places], [path for _, path in places], at],
    )


def note_provenance(con: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> None:
    """Enter what is newly known of where documents come from; what was known is not taken back."""
    columns = ("source_url", "source_page", "publisher", "published_on", "licence")
    told = {s.sha256: s for s in sources if any(getattr(s, c) is not None for c in columns)}
    if not told:
        return
    import pyarrow as pa

    kinds = {f.name: f.type for f in schema.arrow_schema(schema.DOCUMENTS)}
    data = {c: pa.array([getattr(s, c) for s in told.values()], kinds[c]) for c in columns}
    con.register("incoming", pa.table({"document_sha256": list(told), **data}))
    try:
        con.execute(
            f"update raw.documents as d set {', '.join(f'{c} = coalesce(i.{c}, d.{c})' for c in columns)} "
            "from incoming as i where i.document_sha256 = d.document_sha256 and ("
            + " or ".join(f"(i.{c} is not null and i.{c} is distinct from d.{c})" for c in columns)
            + ")"
        )
    finally:
        con.unregister("incoming")


def forget(con: duckdb.DuckDBPyConnection, shas: Sequence[str]) -> None:
    """Take files out of the quarantine that stood there without bytes and that have been read since."""
    with _transaction(con):
        for table in (schema.QUARANTINE, schema.SIGHTINGS):
            _delete(con, table, list(shas))


def refused_reasons(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """SHA-256 -> reason of every file in quarantine."""
    return dict(con.execute("select document_sha256, reason from raw.quarantine").fetchall())


def raw_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """A hash over what the marts are built from: equal when a rebuild would give the same marts.

    Documents count by content, name, provenance and versions; the quarantine by content and reason. Paths and times of
    sightings do not.
    """
    found = con.execute(
        """
        select md5(string_agg(line, '|' order by line)) from (
            select concat_ws(',', document_sha256, document_name, reader_version, extractor_version, source_url,
                             publisher, published_on, licence) as line
            from raw.documents
            union all
            select concat_ws(',', 'quarantine', document_sha256, document_name, reason) from raw.quarantine
        )
        """
    ).fetchall()
    return str(found[0][0] or "empty")


KEPT = "kept as read before:"


def read_before(con: duckdb.DuckDBPyConnection, shas: Iterable[str]) -> set[str]:
    """Of these files, those whose rows are in the raw tables already."""
    found = con.execute(
        "select document_sha256 from raw.documents where document_sha256 in (select unnest(?::varchar[]))", [list(shas)]
    ).fetchall()
    return {sha for (sha,) in found}


def start_run(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Open a row for this run; what an earlier process left open is marked as interrupted."""
    con.execute(
        "update raw.runs set outcome = 'interrupted', finished_at = ?, "
        "message = 'the process ended before the run did' where outcome = 'running' and run_id <> ?",
        [moment(con), run_id],
    )
    con.execute(
        "insert into raw.runs (run_id, started_at, outcome, files_seen, files_new, files_known, files_quarantined, "
        "documents, figures, form_rows) values (?, ?, 'running', 0, 0, 0, 0, 0, 0, 0) on conflict do nothing",
        [run_id, moment(con)],
    )


def note_run(con: duckdb.DuckDBPyConnection, run_id: str, **values: object) -> None:
    """Fill columns of this run's row: counts, outcome, message."""
    sets = ", ".join(f"{name} = ?" for name in values)
    con.execute(f"update raw.runs set {sets} where run_id = ?", [*values.values(), run_id])


def finish_run(con: duckdb.DuckDBPyConnection, run_id: str, outcome: str, message: str | None = None) -> None:
    """Close this run's row with its outcome: published, unchanged or failed. Without a message the one noted before stays."""
    note_run(con, run_id, outcome=outcome, finished_at=moment(con), **({"message": message} if message else {}))


def close_open_run(con: duckdb.DuckDBPyConnection, run_id: str, outcome: str, message: str) -> None:
    """Give an outcome to a run that is still open; what it is said to have failed of already stays."""
    con.execute(
        "update raw.runs set outcome = $1, finished_at = $2, "
        "message = case when starts_with(message, $3) then $4 || '; ' || message else coalesce(message, $4) end "
        "where run_id = $5 and outcome = 'running'",
        [outcome, moment(con), KEPT, message, run_id],
    )


def ask_again(con: duckdb.DuckDBPyConnection, fiscal_years: Iterable[int]) -> int:
    """Have the documents of these fiscal years read again by the next load; their rows stay until then. Returns how many."""
    years = list(fiscal_years)
    con.execute(
        f"update {schema.RAW}.documents set extractor_version = '' where fiscal_year in (select unnest(?))", [years]
    )
    found = con.execute(
        f"select count(*) from {schema.RAW}.documents where fiscal_year in (select unnest(?))", [years]
    ).fetchall()
    return int(found[0][0])


def arrived_since(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, int]:
    """Of the files that this run was given: how many in all, known before it, and in quarantine."""
    ((seen, known, quarantined),) = con.execute(
        """
        with mine as (
            select document_sha256, min(first_seen_at) as first_seen_at
            from raw.sightings
            where document_sha256 in (
                select s.document_sha256 from raw.sightings as s, raw.runs as r
                where r.run_id = $1 and s.last_seen_at >= r.started_at
            )
            group by all
        )
        select
            count(*),
            count(*) filter (first_seen_at < (select started_at from raw.runs where run_id = $1)),
            count(*) filter (document_sha256 in (select document_sha256 from raw.quarantine))
        from mine
        """,
        [run_id],
    ).fetchall()
    return {"files_seen": seen, "files_new": seen - known, "files_known": known, "files_quarantined": quarantined}


def waiting(
    con: duckdb.DuckDBPyConnection,
    versions: tuple[str, str],
    everything: bool = False,
    readers: Mapping[str, str] | None = None,
) -> list[Source]:
    """The archived files to read now, oldest first, each with the name that it was first seen under.

    Those never read, and those read by an older reader or extractor (`versions`; `readers`: of formats whose reader has
    a version of its own); with `everything` all of them. A file in quarantine is tried again when the versions rise, or
    when its reason may have passed (`needs_...`: a program was missing).
    """
    found = con.execute(
        """
        with first as (
            select document_sha256, arg_min(document_path, (first_seen_at, document_path)) as document_path,
                min(first_seen_at) as first_seen_at
            from raw.sightings
            group by document_sha256
        )
        select f.document_sha256, f.document_path
        from first as f
        left join raw.documents as d using (document_sha256)
        left join raw.quarantine as q using (document_sha256)
        where $3
            or (d.document_sha256 is null and q.document_sha256 is null)
            or (d.document_sha256 is not null
                and (d.reader_version, d.extractor_version)
                    <> (coalesce(($5::varchar[])[list_position($4::varchar[], d.document_format)], $6), $2))
            or (q.document_sha256 is not null
                and ((q.reader_version, q.extractor_version) <> ($1, $2) or starts_with(q.reason, 'needs_')))
        order by f.first_seen_at, f.document_path
        """,
        [*versions, everything, list(readers or {}), list((readers or {}).values()), versions[0].split("+")[0]],
    ).fetchall()
    return [Source(sha, path_name(path), path, 0) for sha, path in found]


def path_name(path: str) -> str:
    """A document's name: the last part of its path, inside a zip of the member's."""
    return path.replace("\\", "/").rsplit("!", 1)[-1].rsplit("/", 1)[-1]


def table_counts(con: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """Rows by raw table."""
    parts = " union all ".join(f"select '{t.name}', count(*) from raw.{t.name}" for t in schema.TABLES)
    return dict(con.execute(parts).fetchall())
