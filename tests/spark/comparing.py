"""Tables that two engines made, compared row for row and value for value, whatever the order of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from dagster_project.spark import building

SCHEMAS = ("reference", "intermediate", "rules", "marts", "history")


def spark_tables(scratch: Path) -> dict[str, str]:
    """schema.table -> a relation for DuckDB, of the Parquet tables that Spark has written."""
    found = {}
    for schema in SCHEMAS:
        for folder in sorted((scratch / f"{schema}.db").glob("*")):
            found[f"{schema}.{folder.name}"] = building.relation(folder)
    return found


def warehouse_tables(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, str]:
    """schema.table -> the relation, of a warehouse that is attached under this name."""
    found = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = $1 and list_contains($2, table_schema)",
        [catalog, list(SCHEMAS)],
    ).fetchall()
    return {f"{schema}.{table}": f"{catalog}.{schema}.{table}" for schema, table in found}


def differences(con: duckdb.DuckDBPyConnection, left: Mapping[str, str], right: Mapping[str, str]) -> list[str]:
    """One sentence a table that differs; an empty list when all are equal. Relations go by table name."""
    told = [f"{name}: on one side only" for name in sorted(left.keys() ^ right.keys())]
    for name in sorted(left.keys() & right.keys()):
        one, other = left[name], right[name]
        described = [
            con.execute(f"select column_name, column_type from (describe select * from {r})").fetchall()
            for r in (one, other)
        ]
        # a view's and a table's columns may stand in another order
        if sorted(described[0]) != sorted(described[1]):
            told.append(f"{name}: columns {sorted(set(described[0]) ^ set(described[1]))}")
            continue
        columns = ", ".join(f'"{column}"' for column, _ in described[0])
        for words, first, second in (("only left", one, other), ("only right", other, one)):
            query = f"select {columns} from {first} except all select {columns} from {second}"
            ((count,),) = con.execute(f"select count(*) from ({query})").fetchall()
            if count:
                told.append(f"{name}: {count} rows {words}, e.g. {con.execute(f'{query} limit 1').fetchall()[0]}")
    return told
