"""How many rows each table has for the bundled reports, kept in git: a change of extraction or models shows in a review."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

FILE = Path(__file__).with_name("row_counts.csv")
SCHEMAS = ("raw", "marts", "history")
# what a run adds each time says nothing about the reports
_OF_RUNS = {("raw", "runs"), ("raw", "sightings"), ("raw", "checked")}

Counts = dict[tuple[str, str], int]


def counted(warehouse: Path) -> Counts:
    """(table, report) -> rows of a warehouse. The report is the file's name where the table has its key, else empty."""
    counts: Counts = {}
    with duckdb.connect(str(warehouse), read_only=True) as con:
        names = dict(con.execute("select document_sha256, document_name from raw.documents").fetchall())
        keyed = dict(con.execute("select report_key, document_name from marts.dim_report").fetchall())
        columns: dict[tuple[str, str], set[str]] = {}
        for schema, table, column in con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where schema_name in ? "
            "and database_name = current_database()",
            [list(SCHEMAS)],
        ).fetchall():
            columns.setdefault((schema, table), set()).add(column)
        for (schema, table), own in sorted(columns.items()):
            if (schema, table) in _OF_RUNS:
                continue
            key, of = next(
                ((k, o) for k, o in (("report_key", keyed), ("document_sha256", names)) if k in own), ("null", {})
            )
            rows = con.execute(f'select {key}, count(*) from {schema}."{table}" group by 1').fetchall()
            if not rows or key == "null":
                counts[f"{schema}.{table}", ""] = sum(n for _, n in rows)
            for value, n in rows if key != "null" else ():
                counts[f"{schema}.{table}", of[value]] = n
    return counts


def kept() -> Counts:
    """The counts in git."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return {(row["table"], row["report"]): int(row["rows"]) for row in csv.DictReader(stream)}


def keep(counts: Counts) -> None:
    """Write the counts to be committed."""
    with FILE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("table", "report", "rows"))
        writer.writerows((*key, n) for key, n in sorted(counts.items()))


def changes(counts: Counts, before: Counts) -> list[str]:
    """What differs, a line each."""
    return [
        f"{table} {report}: {before.get((table, report), 0)} -> {counts.get((table, report), 0)}"
        for table, report in sorted(counts.keys() | before.keys())
        if counts.get((table, report)) != before.get((table, report))
    ]
