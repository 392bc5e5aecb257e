"""The dbt project built by Spark from the lake, and its marts brought back into the working database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import modelling
from dagster_project.spark.lake import Lake
from dagster_project.warehouse.publishing import PUBLISHED_SCHEMAS
from dagster_project.warehouse.sql import quote

if TYPE_CHECKING:
    import duckdb

RAW_VARIABLE = "JIXIAO_RAW_PARQUET"  # the macro create_raw_views reads the lake's place from it
PARTITION = "fiscal_year"  # as the macro partition_of_facts says
_BUILD = ("build", "--exclude-resource-type", "unit_test")


@contextmanager
def _environment(lake: Lake) -> Iterator[None]:
    before = os.environ.get(RAW_VARIABLE)
    os.environ[RAW_VARIABLE] = str(lake.root)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(RAW_VARIABLE, None)
        else:
            os.environ[RAW_VARIABLE] = before


def _release() -> None:
    from dbt.adapters.factory import reset_adapters

    reset_adapters()


def build(
    lake: Lake, target: Path, heard: Callable[[str, str], None] | None = None, args: Sequence[str] = _BUILD
) -> modelling.Build:
    """Run dbt with the target `spark` in the Spark session that is open; `target` is for what dbt writes.

    Raises modelling.DbtError when dbt itself gives up.
    """
    target.mkdir(parents=True, exist_ok=True)
    with _environment(lake):
        return modelling.run_dbt(None, [*args, "--target", "spark"], target, heard, _release)


def tables(scratch: Path) -> dict[tuple[str, str], Path]:
    """(schema, table) -> folder of Parquet files, of what a build has made for publication and for the checks before it."""
    found = {}
    for schema in (*PUBLISHED_SCHEMAS, "reference"):
        for folder in sorted((scratch / f"{schema}.db").glob("*")):
            if folder.is_dir():
                found[schema, folder.name] = folder
    return found


def relation(folder: Path) -> str:
    """The files of a table of Spark's for DuckDB's FROM, with or without partitions by fiscal year."""
    partitions = any(folder.glob(f"{PARTITION}=*"))
    files = quote(folder / ("*/*.parquet" if partitions else "*.parquet"))
    hive = (
        f"hive_partitioning = true, hive_types = {{'{PARTITION}': integer}}"
        if partitions
        else "hive_partitioning = false"
    )
    return f"read_parquet({files}, {hive})"


def bring_back(con: duckdb.DuckDBPyConnection, scratch: Path) -> dict[str, int]:
    """Copy marts, history and vocabularies from Spark's Parquet into the working database; rows by table."""
    contracts = {
        (node["schema"], node["name"]): {name: column["data_type"] for name, column in node["columns"].items()}
        for node in modelling.manifest()["nodes"].values()
        if node["config"].get("contract", {}).get("enforced")
    }
    counts = {}
    con.begin()
    try:
        for (schema, table), folder in tables(scratch).items():
            con.execute(f"create schema if not exists {schema}")
            if columns := contracts.get((schema, table)):
                # a partition's column stands last in Spark's table, and a table without rows may have no file
                typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
                names = ", ".join(f'"{name}"' for name in columns)
                con.execute(f"create or replace table {schema}.{table} ({typed})")
                if any(folder.rglob("*.parquet")):
                    con.execute(f"insert into {schema}.{table} ({names}) select {names} from {relation(folder)}")
            else:
                con.execute(f"create or replace table {schema}.{table} as select * from {relation(folder)}")
            ((count,),) = con.execute(f"select count(*) from {schema}.{table}").fetchall()
            counts[f"{schema}.{table}"] = int(count)
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return counts
