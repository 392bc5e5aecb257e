"""What Jixiao is compared with, on the same data in the same run: python -m benchmarks.references WHAT ... Prints JSON.

limit    read the same bytes and COPY the same rows into DuckDB, with no understanding
sql      plain DuckDB runs the SQL that dbt compiled: models, then the queries of the tests
pandas   one mart's join in pandas (amounts by department, year, account, measure), and the same in DuckDB
prepare  the files that those need, from a warehouse: not timed
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ADDED = re.compile(r"add_in_turn\(this, \[([^\]]*)\]")


def prepare(home: Path, folder: Path) -> None:
    """Raw tables and vocabularies of a home's warehouse as Parquet and as a DuckDB file; dbt's compiled SQL as JSON."""
    import duckdb

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "raw").mkdir(parents=True)
    (folder / "plain").mkdir()
    plain = folder / "plain" / "warehouse.duckdb"  # the compiled SQL names its database
    con = duckdb.connect(str(plain))
    con.execute(f"attach '{home / 'warehouse.duckdb'}' as source (read_only)")
    for schema in ("raw", "reference"):
        con.execute(f"create schema {schema}")
        tables = con.execute(
            "select table_name from duckdb_tables() where database_name = 'source' and schema_name = ?", [schema]
        ).fetchall()
        for (table,) in tables:
            con.execute(f"create table {schema}.{table} as from source.{schema}.{table}")
            if schema == "raw":
                con.execute(f"copy {schema}.{table} to '{folder / 'raw' / table}.parquet'")
    con.close()
    (folder / "compiled.json").write_text(json.dumps(_compiled(plain, folder / "target")))


def _compiled(database: Path, target: Path) -> list[dict[str, Any]]:
    """Models in the order of their dependencies, then tests: name, schema, materialization and SQL."""
    from dagster_project import modelling

    with modelling._environment(database):
        parsed = modelling._kept_manifest()
        result = modelling._runner(parsed, []).invoke(["compile", "--no-write-json", *modelling._flags(target)])
        modelling._release()
    if not result.success:
        raise SystemExit(f"dbt compile failed: {result.exception}")
    nodes = {one.node.unique_id: one.node for one in result.result.results if hasattr(one.node, "compiled_code")}
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in nodes and name not in ordered:
            for above in getattr(nodes[name].depends_on, "nodes", ()):
                visit(above)
            ordered.append(name)

    for name in sorted(nodes):
        visit(name)
    places = {node.name: f'"{node.schema}"."{node.alias}"' for node in nodes.values()}
    return [
        {
            "kind": nodes[n].resource_type.value,
            "schema": nodes[n].schema,
            "name": nodes[n].alias,
            "view": nodes[n].config.materialized == "view",
            "sql": nodes[n].compiled_code,
            "then": _inserts(nodes[n], places),
        }
        for n in ordered
        if nodes[n].resource_type.value in ("model", "test")
    ]


def _inserts(node: Any, places: Mapping[str, str]) -> list[str]:
    """The statements by which a model's post-hooks add rows to it (dbt/macros/dispatch/engine.sql, add_in_turn), in one turn."""
    hooks = [_ADDED.search(h.sql) for h in getattr(node.config, "post_hook", [])]
    models = [model for h in hooks if h for model in re.findall(r"\w+", h[1])]
    return [f"insert into {places[node.name]} select * from {places[model]}" for model in models]


def limit(corpus: Path, folder: Path) -> dict[str, Any]:
    """Bytes read and rows copied."""
    import duckdb

    from dagster_project.warehouse import schema

    size = sum(len(p.read_bytes()) for p in corpus.rglob("*.*") if p.is_file())
    target = folder / "limit.duckdb"
    target.unlink(missing_ok=True)
    con = duckdb.connect(str(target))
    schema.create(con)
    rows = 0
    for table in schema.TABLES:
        source = folder / "raw" / f"{table.name}.parquet"
        rows += con.execute(f"copy raw.{table.name} from '{source}' (format parquet)").fetchall()[0][0]
    con.close()
    stored = target.stat().st_size
    target.unlink()
    return {"bytes": size, "rows": rows, "stored": stored}


def sql(folder: Path) -> dict[str, Any]:
    """Plain DuckDB on the compiled SQL; the database is a copy, so that it can be run again."""
    import duckdb

    work = folder / "work" / "warehouse.duckdb"
    work.parent.mkdir(exist_ok=True)
    shutil.copyfile(folder / "plain" / "warehouse.duckdb", work)
    nodes = json.loads((folder / "compiled.json").read_text())
    begun, cpu = time.perf_counter(), time.process_time()
    con = duckdb.connect(str(work))
    failed = 0
    for one in nodes:
        text = one["sql"]
        if one["kind"] == "test":
            failed += bool(con.execute(f"select count(*) from ({text}\n) as t").fetchall()[0][0])
            continue
        con.execute(f'create schema if not exists "{one["schema"]}"')
        what = "view" if one["view"] else "table"
        con.execute(f'create {what} "{one["schema"]}"."{one["name"]}" as {text}')
        for insert in one["then"]:
            con.execute(insert)
    con.close()
    spent = {"wall": time.perf_counter() - begun, "cpu": time.process_time() - cpu}
    work.unlink()
    return {**spent, "statements": len(nodes) + sum(len(n["then"]) for n in nodes), "failed": failed}


def pandas_mart(folder: Path) -> dict[str, Any]:
    """Amounts in yuan by department, year, account and measure: in pandas, and the same in DuckDB."""
    import duckdb
    import pandas as pd

    from dagster_project.warehouse.home import REFERENCE

    began, cpu = time.perf_counter(), time.process_time()
    figures = pd.read_parquet(folder / "raw" / "figures.parquet")
    documents = pd.read_parquet(folder / "raw" / "documents.parquet")
    accounts = pd.read_csv(REFERENCE / "account_labels.csv", dtype=str).drop_duplicates("label")
    measures = pd.read_csv(REFERENCE / "measure_labels.csv", dtype=str).drop_duplicates("label")
    units = pd.read_csv(REFERENCE / "units.csv", dtype=str).drop_duplicates("unit")
    money = figures[figures["kind"] == "money"].merge(documents, on="document_sha256", suffixes=("", "_document"))
    money = money.merge(accounts, left_on="term", right_on="label", how="left", suffixes=("", "_account"))
    money = money.merge(measures, left_on="measure_term", right_on="label", how="left", suffixes=("", "_measure"))
    money = money.merge(units, on="unit", how="left", suffixes=("", "_unit"))
    money["yuan"] = [
        a * int(f) if isinstance(f, str) else None for a, f in zip(money["value"], money["factor"], strict=True)
    ]
    keys = ["department_name", "fiscal_year", "account_code", "measure"]
    in_pandas = money.groupby(keys, dropna=False)["yuan"].max().reset_index()
    spent = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    began, cpu = time.perf_counter(), time.process_time()
    con = duckdb.connect()
    ((groups,),) = con.execute(
        f"""
        with figures as (from '{folder / "raw" / "figures.parquet"}'),
        documents as (from '{folder / "raw" / "documents.parquet"}'),
        accounts as (select distinct on (label) * from read_csv('{REFERENCE / "account_labels.csv"}', all_varchar = true)),
        measures as (select distinct on (label) * from read_csv('{REFERENCE / "measure_labels.csv"}', all_varchar = true)),
        units as (select distinct on (unit) * from read_csv('{REFERENCE / "units.csv"}', all_varchar = true)),
        grouped as (
            select d.department_name, f.fiscal_year, a.account_code, m.measure, max(f.value * u.factor::decimal(12, 0)) as yuan
            from figures as f
            join documents as d using (document_sha256)
            left join accounts as a on a.label = f.term
            left join measures as m on m.label = f.measure_term
            left join units as u on u.unit = f.unit
            where f.kind = 'money' group by all
        )
        select count(*) from grouped
        """
    ).fetchall()
    in_duckdb = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    return {"pandas": spent, "duckdb": in_duckdb, "groups": [len(in_pandas), groups]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["prepare", "limit", "sql", "pandas"])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path, nargs="?")
    given = parser.parse_args()
    if given.what == "prepare":
        prepare(given.first, given.second)
    elif given.what == "limit":
        print(json.dumps(limit(given.first, given.second)))
    elif given.what == "sql":
        print(json.dumps(sql(given.first)))
    else:
        print(json.dumps(pandas_mart(given.first)))


if __name__ == "__main__":
    main()
