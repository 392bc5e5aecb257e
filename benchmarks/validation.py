"""Validation of a million fact rows: python -m benchmarks.validation [HOME] [--rows 1000000] [--limit-seconds 15] [--limit-mb 1000]

Takes the warehouse of HOME (default: the bundled reports, built once into .bench/), copies its reports under new keys until the
fact tables together hold so many rows, and runs every suite of expectations/ in a process of its own. Prints JSON; ends with 1 when
a limit is passed or an expectation fails.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import corpora, measuring

ROWS = 1_000_000
FACTS = ("fct_expenditure", "fct_kpi_score", "fct_operation", "fct_reconciliation")
# what is the same in every copy: the reference data
SHARED = ("dim_account", "dim_indicator", "dim_year", "runs", "quarantine")
_VALIDATE = """
import json, sys, time
from pathlib import Path
from dagster_project import validation
validation.load()
begun, cpu = time.perf_counter(), time.process_time()
found = validation.validate(Path(sys.argv[1]), validation.suites())
print(json.dumps({
    "seconds": round(time.perf_counter() - begun, 2),
    "seconds_cpu": round(time.process_time() - cpu, 2),
    "suites": len(found),
    "expectations": sum(r.expectations for r in found),
    "failed": [f"{r.suite}: {f.notes} {f.observed} {f.first[:1]}" for r in found for f in r.failures],
}))
"""


def _copied(column: str, kind: str) -> str:
    """SQL of a column's value in copy number `n`: keys and hashes get a new value of the same shape."""
    name = f'"{column}"'
    if kind.endswith("[]"):
        return f"list_transform({name}, lambda item: md5(item || n))" if column.endswith("_keys") else name
    if column.endswith("_sha256"):
        return f"sha256({name} || n)"
    return f"md5({name} || n)" if column.endswith("_key") else name


def multiply(warehouse: Path, rows: int) -> int:
    """Copy all reports of `warehouse` until its fact tables hold `rows` rows; returns how many they hold."""
    with duckdb.connect(str(warehouse)) as con:

        def facts() -> int:
            return sum(con.execute(f"select count(*) from marts.{t}").fetchall()[0][0] for t in FACTS)

        copies = -(-rows // facts())
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('raw', 'marts', 'history')"
        ).fetchall()
        for schema, table in tables:
            if table in SHARED:
                continue
            columns = con.execute(
                "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? order by column_index",
                [schema, table],
            ).fetchall()
            values = ", ".join(_copied(column, kind) for column, kind in columns)
            con.execute(
                f'insert into "{schema}"."{table}" select {values} from "{schema}"."{table}", '
                f"(select cast(range as varchar) as n from range(1, {copies}))"
            )
        return facts()


def measure(home: Path, rows: int = ROWS) -> dict[str, Any]:
    """Rows, seconds (without Great Expectations' import), expectations, those that failed, and peak MB of its process."""
    copy = corpora.KEPT / "validation.duckdb"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(home / "warehouse.duckdb", copy)
    try:
        held = multiply(copy, rows)
        done = measuring.run([sys.executable, "-c", _VALIDATE, str(copy)])
    finally:
        copy.unlink()
    return {"fact_rows": held, **json.loads(done.output.strip().splitlines()[-1]), "peak_mb": round(done.peak_mb)}


def main() -> int:
    """Exit code: 0 within both limits and nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--limit-seconds", type=float, default=15)
    parser.add_argument("--limit-mb", type=float, default=1000)
    args = parser.parse_args()
    home = args.home or corpora.KEPT / "home-validation"
    if not (home / "warehouse.duckdb").exists():
        measuring.run([str(Path(sys.executable).with_name("jixiao")), "run", "--home", str(home)])
    told = measure(home, args.rows)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return int(bool(told["failed"]) or told["seconds"] > args.limit_seconds or told["peak_mb"] > args.limit_mb)


if __name__ == "__main__":
    sys.exit(main())
