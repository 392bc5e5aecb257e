"""The bundled reports give as many rows as the committed baseline says, table by table and report by report."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from dagster_project.warehouse.home import Home
from tests import baselines


def test_row_counts_are_those_of_the_baseline(built_home: Home) -> None:
    changed = baselines.changes(baselines.counted(built_home.warehouse), baselines.kept())
    assert not changed, "read the changes, then `make baselines` and commit: " + "; ".join(changed)


def test_a_lost_row_is_noticed(built_home: Home, tmp_path: Path) -> None:
    copy = Path(shutil.copyfile(built_home.warehouse, tmp_path / "warehouse.duckdb"))
    with duckdb.connect(str(copy)) as con:
        con.execute(
            "delete from marts.fct_operation where operation_key = (select min(operation_key) from marts.fct_operation)"
        )
    (change,) = baselines.changes(baselines.counted(copy), baselines.counted(built_home.warehouse))
    assert change.startswith("marts.fct_operation ")
