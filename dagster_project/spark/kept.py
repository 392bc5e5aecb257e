"""Tables that stay from one build on Spark to the next: the facts, Parquet with a partition a fiscal year.

Spark's catalog ends with its session. What the next one needs to know of the tables is written down beside them once a
build has ended well; a build that was broken off leaves nothing to go on from.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import modelling

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_STATE = "kept.json"
_ASIDE = ".kept"


def forget(scratch: Path) -> None:
    """The next build starts from nothing."""
    (scratch / _STATE).unlink(missing_ok=True)


def keep(spark: SparkSession, scratch: Path) -> None:
    """End a build: tables with partitions stay, the files of all others go."""
    tables = {}
    for folder in scratch.glob("*.db/*"):
        name = f"{folder.parent.stem}.{folder.name}"
        columns = spark.catalog.listColumns(name)
        if partitions := [c.name for c in columns if c.isPartition]:
            tables[name] = {"columns": [[c.name, c.dataType] for c in columns], "partitions": partitions}
        else:
            shutil.rmtree(folder)
    state = {"project": modelling.project_fingerprint(), "tables": tables}
    (scratch / _STATE).write_text(json.dumps(state, indent=1), "utf-8")


def reopen(spark: SparkSession, scratch: Path) -> bool:
    """Begin a build: with the tables that the last one kept, or, where there are none of this very project, with nothing
    and False. Whatever else lies in `scratch` and in the session's catalog goes."""
    aside = scratch / _ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        state = json.loads((scratch / _STATE).read_text("utf-8"))
    except (OSError, ValueError):
        state = {}
    forget(scratch)
    tables = state["tables"] if state.get("project") == modelling.project_fingerprint() else {}
    for name in tables:
        _folder(scratch, name).rename(aside / name)
    for (database,) in spark.sql("show databases").collect():
        if database != "default":
            spark.sql(f"drop database `{database}` cascade")
    for leftover in scratch.iterdir():
        if leftover != aside:
            shutil.rmtree(leftover, ignore_errors=True)
    for name, made in tables.items():
        columns = ", ".join(f"`{column}` {kind}" for column, kind in made["columns"])
        spark.sql(f"create database if not exists `{name.partition('.')[0]}`")
        # without a location: of a table with one, a partition that is dropped would leave its files
        spark.sql(f"create table {name} ({columns}) using parquet partitioned by ({', '.join(made['partitions'])})")
        folder = _folder(scratch, name)
        folder.mkdir(parents=True, exist_ok=True)
        for part in (aside / name).iterdir():
            part.rename(folder / part.name)
        spark.sql(f"alter table {name} recover partitions")
    shutil.rmtree(aside)
    return bool(tables)


def _folder(scratch: Path, name: str) -> Path:
    """Where Spark puts a table's files."""
    schema, _, table = name.partition(".")
    return scratch / f"{schema}.db" / table
