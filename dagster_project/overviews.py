"""What a person wants to see of a step at a glance, asked of the working database and written as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dagster_project import metadata

if TYPE_CHECKING:
    import duckdb

_PREVIEW = 10


def of_documents(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, str]:
    """Documents by format and by year, and those that this run has read."""
    by_format = dict(con.execute("select document_format, count(*) from raw.documents group by all").fetchall())
    by_year = dict(con.execute("select fiscal_year::varchar, count(*) from raw.documents group by all").fetchall())
    read = con.execute(
        """
        select d.document_name, d.document_format, d.department_name, d.fiscal_year::varchar, d.report_kind,
            (select count(*) from raw.figures as f where f.document_sha256 = d.document_sha256)
        from raw.documents as d
        where d.ingested_at >= (select started_at from raw.runs where run_id = ?)
        order by d.document_name
        """,
        [run_id],
    ).fetchall()
    return {
        "by format": metadata.bars("format", by_format),
        "by fiscal year": metadata.bars("fiscal year", by_year),
        "read in this run": metadata.table(["file", "format", "department", "year", "kind", "figures"], read),
    }


def of_quarantine(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Files in quarantine by reason, and the newest with what was wrong."""
    reasons = dict(con.execute("select reason, count(*) from raw.quarantine group by all").fetchall())
    files = con.execute(
        "select document_name, reason, message from raw.quarantine order by seen_at desc, document_name"
    ).fetchall()
    return {
        "by reason": metadata.bars("reason", reasons),
        "files": metadata.table(["file", "reason", "what was wrong"], files),
    }


def of_runs(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Runs by outcome, and the last ones."""
    outcomes = dict(con.execute("select outcome, count(*) from raw.runs group by all").fetchall())
    last = con.execute(
        "select strftime(started_at, '%Y-%m-%d %H:%M'), outcome, files_new, files_quarantined, documents, message "
        "from raw.runs order by started_at desc limit ?",
        [_PREVIEW],
    ).fetchall()
    return {
        "by outcome": metadata.bars("outcome", outcomes),
        "last": metadata.table(["started (UTC)", "outcome", "new", "quarantined", "documents", "message"], last),
    }


def of_publication(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The newest rows of department_year, and the reports' disagreements by severity."""
    rows = con.execute(
        """
        select d.department_name, w.fiscal_year::varchar, w.budget::varchar, w.actual::varchar,
            w.execution_rate::varchar, w.score::varchar
        from marts.department_year as w join marts.dim_department as d using (department_key)
        order by w.fiscal_year desc, d.department_name
        limit ?
        """,
        [_PREVIEW],
    ).fetchall()
    ((years,),) = con.execute("select count(*) from marts.department_year").fetchall()
    severities = dict(
        con.execute(
            "select severity, count(*) from marts.fct_reconciliation where outcome = 'fails' group by all"
        ).fetchall()
    )
    return {
        "preview of department_year": metadata.table(
            ["department", "year", "budget", "actual", "execution rate", "score"], rows, _PREVIEW, years
        ),
        "disagreements": metadata.bars("severity", severities),
    }


def model_rows(con: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> dict[tuple[str, str], int]:
    """(schema, table) -> rows, of the tables (views are not run for it)."""
    found = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database() "
        "and schema_name in (select unnest(?))",
        [list(schemas)],
    ).fetchall()
    counts = {}
    for schema, table in found:
        ((counts[schema, table],),) = con.execute(f'select count(*) from "{schema}"."{table}"').fetchall()
    return counts


def columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    """(schema, table or view) -> column -> type, of all that the database has."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and not internal order by all"
    ).fetchall():
        found.setdefault((schema, table), {})[column] = kind
    return found
