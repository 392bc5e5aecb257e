"""Marts come back from Spark's files as their contracts say, with or without partitions. No Spark needed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project import modelling
from dagster_project.spark import building


@pytest.fixture
def contract() -> dict[str, str]:
    """The columns of fct_expenditure, in order, with their types."""
    columns = modelling.manifest()["nodes"]["model.jixiao.fct_expenditure"]["columns"]
    return {name: column["data_type"] for name, column in columns.items()}


@pytest.fixture
def scratch(tmp_path: Path, contract: dict[str, str]) -> Path:
    """Three rows as Spark writes them: a folder a year, one for those without; and a mart that never had a row."""
    folder = tmp_path / "spark=yes" / "marts.db" / "fct_expenditure"
    with duckdb.connect() as con:
        for year, amounts in (("2023", (1, 2)), ("__HIVE_DEFAULT_PARTITION__", (3,))):
            (folder / f"fiscal_year={year}").mkdir(parents=True)
            values = {"amount_wan": "amount", "expenditure_key": "amount", "document_sha256": "'a'"}
            columns = ", ".join(
                f'cast({values.get(name, "null")} as {kind}) as "{name}"'
                for name, kind in reversed(contract.items())
                if name != "fiscal_year"
            )
            con.execute(
                f"copy (select {columns} from (select unnest([{', '.join(map(str, amounts))}]) as amount)) "
                f"to '{folder}/fiscal_year={year}/part-0.parquet' (format parquet)"
            )
    (folder.parent / "report_finding").mkdir()
    return tmp_path / "spark=yes"


def test_years_and_the_order_of_columns_come_back(scratch: Path, contract: dict[str, str]) -> None:
    with duckdb.connect() as con:
        counts = building.bring_back(con, scratch)
        assert counts == {"marts.fct_expenditure": 3, "marts.report_finding": 0}
        described = con.execute("describe marts.fct_expenditure").fetchall()
        assert [name for name, *_ in described] == list(contract)
        assert {name: kind for name, kind, *_ in described}["fiscal_year"] == "INTEGER"
        assert con.execute(
            "select fiscal_year, amount_wan from marts.fct_expenditure order by amount_wan"
        ).fetchall() == [
            (2023, Decimal("1.000000")),
            (2023, Decimal("2.000000")),
            (None, Decimal("3.000000")),
        ]
