"""Great Expectations over a million fact rows: python -m benchmarks.checks WAREHOUSE. Prints JSON.

The rows of a warehouse's fct_expenditure with their places, again and again under other keys, in a database of its own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = 1_000_000
SUITE = "marts.fct_expenditure"
_DIMENSIONS = ("dim_account", "dim_department", "dim_project", "dim_year")


def prepare(warehouse: Path, target: Path) -> None:
    """Write the database."""
    import duckdb

    con = duckdb.connect(str(target))
    con.execute(f"attach '{warehouse}' as source (read_only)")
    con.execute("create schema marts")
    for table in _DIMENSIONS:
        con.execute(f"create table marts.{table} as from source.marts.{table}")
    ((rows,),) = con.execute("select count(*) from source.marts.fct_expenditure").fetchall()
    copies = -(-ROWS // rows)

    def again(*keys: str) -> str:
        return ", ".join(f"md5({k} || n) as {k}" for k in keys)

    con.execute(
        f"create table marts.fct_expenditure as select f.* replace ({again('expenditure_key', 'evidence_key', 'report_key')}) "
        f"from source.marts.fct_expenditure as f, range({copies}) as c(n) limit {ROWS}"
    )
    con.execute(
        f"create table marts.dim_report as select r.* replace ({again('report_key')}) "
        f"from source.marts.dim_report as r, range({copies}) as c(n)"
    )
    con.execute(
        f"create table marts.evidence as select e.* replace ({again('evidence_key', 'report_key')}) "
        f"from source.marts.evidence as e, range({copies}) as c(n)"
    )
    con.close()


def measure(database: Path) -> dict[str, Any]:
    """Seconds of the validation, without Great Expectations' import, and what it found."""
    from dagster_project import validation

    begun = time.perf_counter()
    validation.load()
    imported = time.perf_counter() - begun
    suites = [s for s in validation.suites() if s.name == SUITE]
    begun, cpu = time.perf_counter(), time.process_time()
    (result,) = validation.validate(database, suites)
    return {
        "rows": result.rows,
        "expectations": result.expectations,
        "failed": [f.notes for f in result.failures],
        "seconds": time.perf_counter() - begun,
        "seconds_cpu": time.process_time() - cpu,
        "import_seconds": imported,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--of", type=Path, help="warehouse to make the database from, in place of measuring")
    given = parser.parse_args()
    if given.of:
        prepare(given.of, given.database)
    else:
        print(json.dumps(measure(given.database)))


def million(warehouse: Path) -> dict[str, Any]:
    """The measure with its memory, in processes of their own."""
    from benchmarks import measuring

    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "million.duckdb")
        measuring.module("benchmarks.checks", database, "--of", str(warehouse))
        done = measuring.module("benchmarks.checks", database)
    return {**done.as_dict(), **json.loads(done.output.splitlines()[-1])}


if __name__ == "__main__":
    main()
