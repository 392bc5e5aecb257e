"""Tables for other programs: CSV, JSON, xlsx, Parquet, PostgreSQL. Numbers stay exact, cells can do no harm.

A cell that begins with = + - @ (or a tab or line break before them) is a formula to a spreadsheet, and report text is
written by strangers: such text gets an apostrophe in front, in every CSV and xlsx that leaves here.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    import duckdb

_FORMULA = re.compile(r"^[\s\x00-\x20]*[=+\-@\t\r]|^[＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d[\d,]*(\.\d+)?%?$")  # "-12.50" starts with a sign and does nothing


class ExportError(Exception):
    """The target could not be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a query with the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def fetch(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Result:
    """Run a query; Decimals stay Decimals."""
    done = con.execute(sql, list(parameters) or None)
    columns = tuple(d[0] for d in done.description or [])
    return Result(columns, done.fetchall())


def safe_cell(value: Any) -> Any:
    """A value that a spreadsheet will not take for a formula; only text is ever changed."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.match(value):
        return "'" + value
    return value


def plain(value: Any) -> Any:
    """A value as text tables and CSV show it: Decimals without exponent, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (list, tuple)):
        return "; ".join(str(plain(v)) for v in value)
    if isinstance(value, Mapping):
        return json.dumps({str(k): str(v) for k, v in value.items()}, ensure_ascii=False)
    return value


def _cell(value: Any) -> Any:
    """Of a list or a mapping, the text is what a spreadsheet sees."""
    shown = plain(value)
    return safe_cell(shown) if isinstance(shown, str) and not isinstance(value, Decimal) else shown


def to_csv(result: Result) -> str:
    """CSV with a header line; harmless to spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(c) for c in result.columns])
    writer.writerows([_cell(v) for v in row] for row in result.rows)
    return out.getvalue()


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "null"
    if isinstance(value, (datetime, date)):
        return json.dumps(value.isoformat())
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_json(v) for v in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)}: {_json(v)}" for k, v in value.items()) + "}"
    if value is None or isinstance(value, (bool, int, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return json.dumps(value) if math.isfinite(value) else "null"
    return json.dumps(str(value), ensure_ascii=False)


def to_json(result: Result) -> str:
    """A JSON array with an object a row; Decimals as exact JSON numbers."""
    lines = [_json(dict(zip(result.columns, row, strict=True))) for row in result.rows]
    return "[" + ",\n ".join(lines) + "]\n"


def to_table(result: Result, width: int = 60) -> str:
    """A text table; Chinese characters count two columns, cells longer than `width` end in an ellipsis."""
    from rich.cells import cell_len, set_cell_size

    def cut(value: Any) -> str:
        words = re.sub(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", str(plain(value)))
        return words if cell_len(words) <= width else set_cell_size(words, width - 1) + "…"

    numeric = [
        any(r[i] is not None for r in result.rows)
        and all(isinstance(r[i], (int, float, Decimal)) or r[i] is None for r in result.rows)
        for i in range(len(result.columns))
    ]
    cells = [[cut(v) for v in row] for row in result.rows]
    heads = [cut(c) for c in result.columns]
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)] if heads else []

    def line(values: Iterable[str], numbers: Sequence[bool]) -> str:
        padded = []
        for value, size, number in zip(values, widths, numbers, strict=True):
            gap = " " * (size - cell_len(value))
            padded.append(gap + value if number else value + gap)
        return "  ".join(padded).rstrip()

    rule = "  ".join("-" * w for w in widths)
    count = f"({len(cells)} row{'' if len(cells) == 1 else 's'})"
    return "\n".join([line(heads, numeric), rule, *(line(r, numeric) for r in cells), count]) + "\n"


def write_atomically(target: Path, data: bytes) -> None:
    """Write a file beside the target and put it in place by renaming. Raises ExportError."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, target)
    except OSError as e:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise ExportError(f"{target} cannot be written: {e.strerror or e}") from e


def to_parquet(con: duckdb.DuckDBPyConnection, sql: str, target: Path) -> int:
    """The result of a query as a Parquet file; returns its rows. Written by Arrow: the connection itself is locked."""
    import pyarrow.parquet as pq

    relation = con.sql(sql)
    if relation is None:
        raise ExportError("the statement gives no rows")
    table = relation.to_arrow_table()
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    write_atomically(target, out.getvalue())
    return int(table.num_rows)


def to_xlsx(sheets: Mapping[str, Result], target: Path) -> None:
    """`xlsx_bytes` into a file. Raises ExportError."""
    write_atomically(target, xlsx_bytes(sheets))


def xlsx_bytes(sheets: Mapping[str, Result]) -> bytes:
    """A workbook with a sheet a result: heads frozen and filterable, text never a formula, numbers as numbers."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for name, result in sheets.items():
        sheet = book.add_worksheet(name[:31])
        for c, column in enumerate(result.columns):
            sheet.write_string(0, c, column, head)
            sheet.set_column(c, c, min(60, max(10, len(column) + 2, *(len(str(r[c])) for r in result.rows[:50]), 0)))
        for r, row in enumerate(result.rows, 1):
            for c, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, bool):
                    sheet.write_boolean(r, c, value)
                elif isinstance(value, (int, float, Decimal)) and len(str(value)) <= 15:
                    sheet.write_number(r, c, value)  # type: ignore[arg-type]
                elif isinstance(value, datetime):
                    sheet.write_datetime(r, c, value.replace(tzinfo=None), moment)
                elif isinstance(value, date):
                    sheet.write_datetime(r, c, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                else:
                    sheet.write_string(r, c, str(_cell(value))[:32767])
        sheet.freeze_panes(1, 0)
        if result.columns:
            sheet.autofilter(0, 0, max(1, len(result.rows)), len(result.columns) - 1)
    book.close()
    return out.getvalue()


def published_tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """(schema, table) of everything that is published."""
    return con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = current_database() and table_schema in ('marts', 'history', 'metadata') order by all"
    ).fetchall()


def marts_workbook(con: duckdb.DuckDBPyConnection, target: Path, limit: int = 1_000_000) -> list[str]:
    """All marts as sheets of one workbook; returns the names of those cut at a sheet's limit of rows."""
    sheets, cut = {}, []
    for schema, table in published_tables(con):
        if schema == "marts":
            sheets[table] = fetch(con, f'select * from "{schema}"."{table}" limit {limit}')
            if len(sheets[table].rows) == limit:
                cut.append(table)
    to_xlsx(sheets, target)
    return cut


_POSTGRES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TINYINT": "smallint",
    "UBIGINT": "numeric(20)",
    "HUGEINT": "numeric(38)",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "DOUBLE": "double precision",
    "FLOAT": "real",
}


_NEW = "jixiao_new_"  # in front of a schema's name while it is filled; never seen by others, it is one transaction
_OURS = "Published by jixiao: replaced whole at each publication. 由 jixiao 发布，每次发布整体替换"


def _postgres_type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return kind.replace("DECIMAL", "numeric")
    if kind.endswith("[]"):
        return _postgres_type(kind[:-2]) + "[]"
    return _POSTGRES.get(kind, "text")


def _secrets(url: str) -> list[str]:
    """What must not be shown of a URL: the password, wherever it stands; a port that is none may be one without its @."""
    rest = url.partition("://")[2]
    user, at, _ = rest.rpartition("@")
    found = [user.partition(":")[2]] if at else re.findall(r"^[^:/@]*:(?!\d*(?:[/?]|$))([^/?]+)", rest)
    found += re.findall(r"(?i)(?:password|passfile|token|key)=([^&\s]+)", rest)
    return [secret for secret in found if secret]


def hide_password(words: str, url: str | None = None) -> str:
    """A URL, or what another program said of one, as it may be shown and logged."""
    for secret in _secrets(words if url is None else url):
        words = words.replace(secret, "***").replace(unquote(secret), "***")
    return words


def to_postgres(con: duckdb.DuckDBPyConnection, url: str, reader: str = "jixiao_reader") -> dict[str, int]:
    """Copy marts, history and metadata into PostgreSQL; returns rows by table.

    The schemas are filled beside the present ones and swapped in one transaction: readers see the old marts or the new,
    never half. Comments are carried over. The role `reader` (made when it is missing and the user may) can read and nothing else.
    Raises ExportError, also where a schema of that name holds tables that were not published from here.
    """
    import psycopg
    from psycopg import sql

    rows: dict[str, int] = {}
    tables = published_tables(con)
    schemas = list(dict.fromkeys(s for s, _ in tables))
    try:
        with psycopg.connect(url, autocommit=False) as pg, pg.cursor() as cur:
            cur.execute("select pg_advisory_xact_lock(hashtext('jixiao publish'))")  # one publisher at a time
            for schema in schemas:
                _refuse_strangers(cur, schema)
                cur.execute(sql.SQL("create schema {}").format(sql.Identifier(_NEW + schema)))
            for schema, table in tables:
                rows[f"{schema}.{table}"] = _copy_table(con, cur, schema, table)
            role = _reader_role(cur, reader)
            for schema in schemas:
                old, new = sql.Identifier(schema), sql.Identifier(_NEW + schema)
                cur.execute(sql.SQL("drop schema if exists {} cascade").format(old))
                cur.execute(sql.SQL("alter schema {} rename to {}").format(new, old))
                cur.execute(sql.SQL("comment on schema {} is {}").format(old, sql.Literal(_OURS)))
                if role:
                    cur.execute(sql.SQL("grant usage on schema {} to {}").format(old, sql.Identifier(reader)))
                    cur.execute(
                        sql.SQL("grant select on all tables in schema {} to {}").format(old, sql.Identifier(reader))
                    )
            pg.commit()
    except psycopg.Error as e:
        raise ExportError(f"{hide_password(url)}: {hide_password(str(e).strip(), url)}") from None
    return rows


def _refuse_strangers(cur: Any, schema: str) -> None:
    """Raises ExportError where the schema to replace is somebody else's."""
    cur.execute(
        "select obj_description(n.oid, 'pg_namespace'), (select count(*) from pg_class as c where c.relnamespace = n.oid) "
        "from pg_namespace as n where n.nspname = %s",
        [schema],
    )
    found = cur.fetchone()
    if found and found[1] and found[0] != _OURS:
        raise ExportError(
            f"the database has a schema {schema} that jixiao did not publish, and publishing would replace it: "
            "name another database, or rename that schema"
        )


def _copy_table(con: duckdb.DuckDBPyConnection, cur: Any, schema: str, table: str) -> int:
    from psycopg import sql

    columns = con.execute(
        "select column_name, data_type, comment from duckdb_columns() where database_name = current_database() "
        "and schema_name = ? and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    target = sql.Identifier(_NEW + schema, table)
    body = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(_postgres_type(kind))) for name, kind, _ in columns
    )
    cur.execute(sql.SQL("create table {} ({})").format(target, body))
    count = 0
    texts = [_postgres_type(kind) == "text" for _, kind, _ in columns]
    with cur.copy(sql.SQL("copy {} from stdin").format(target)) as copy:
        for row in _stream(con, f'select * from "{schema}"."{table}"'):
            # PostgreSQL text cannot hold a NUL
            copy.write_row(
                [str(v).replace("\0", "") if t and v is not None else v for v, t in zip(row, texts, strict=True)]
            )
            count += 1
    ((about,),) = con.execute(
        "select comment from duckdb_tables() where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    if about:
        cur.execute(sql.SQL("comment on table {} is {}").format(target, sql.Literal(about)))
    for name, _, comment in columns:
        if comment:
            column = sql.Identifier(_NEW + schema, table, name)
            cur.execute(sql.SQL("comment on column {} is {}").format(column, sql.Literal(comment)))
    return count


def _stream(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    done = con.execute(query)
    while rows := done.fetchmany(10_000):
        yield from rows


def _reader_role(cur: Any, reader: str) -> bool:
    """Whether the read-only role exists or could be made."""
    from psycopg import sql

    cur.execute("select 1 from pg_roles where rolname = %s", [reader])
    if cur.fetchone():
        return True
    cur.execute("select rolcreaterole or rolsuper from pg_roles where rolname = current_user")
    may = cur.fetchone()
    if not (may and may[0]):
        return False
    cur.execute(sql.SQL("create role {} nologin").format(sql.Identifier(reader)))
    return True
