"""Opt-in (make spark-test): facts that Spark keeps from one build to the next, and overwrites by fiscal year, are those
that DuckDB makes as a whole."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project import modelling
from dagster_project.warehouse import schema
from dagster_project.warehouse.home import Home
from tests.spark import comparing

pytestmark = [pytest.mark.spark, pytest.mark.timeout(3600), pytest.mark.usefixtures("engine")]

ONLY_TABLES = ("build", "--resource-type", "model", "--resource-type", "seed")
FACTS = ("fct_expenditure", "fct_operation", "fct_kpi_score", "fct_reconciliation", "report_finding", "evidence")
NO_YEAR = "fiscal_year=__HIVE_DEFAULT_PARTITION__"
# what the rules of one build are applied to, and say
OF_ONE_BUILD = {
    "intermediate.int_rules_to_apply",
    "intermediate.int_rule_money",
    "intermediate.int_rule_operation",
    "intermediate.int_rule_form_rows",
    "intermediate.int_reconciliation",
}


def copied(con: duckdb.DuckDBPyConnection, sha: str, of: str, **changes: str) -> None:
    """Another document with the rows of this one; `changes` are SQL of raw.documents' columns."""
    for table in schema.PARTS:
        replaced = {"document_sha256": f"'{sha}'", **(changes if table is schema.DOCUMENTS else {})}
        columns = ", ".join(f"{expression} as {name}" for name, expression in replaced.items())
        con.execute(
            f"insert into raw.{table.name} select * replace ({columns}) from raw.{table.name} where document_sha256 = '{of}'"
        )


def removed(con: duckdb.DuckDBPyConnection, sha: str, *tables: schema.Table) -> None:
    """A document's rows of these tables are gone; of all tables unless told."""
    for table in tables or schema.PARTS:
        con.execute(f"delete from raw.{table.name} where document_sha256 = '{sha}'")


def moved(con: duckdb.DuckDBPyConnection, sha: str, year: int) -> None:
    """A document read anew turns out to be of another year."""
    con.execute(
        f"update raw.documents set fiscal_year = {year}, ingested_at = ingested_at + interval 1 hour where document_sha256 = '{sha}'"
    )


def a_report(con: duckdb.DuckDBPyConnection, has_forms: bool) -> str:
    """A bundled report of 2022, one with or one without forms."""
    ((sha,),) = con.execute(
        "select document_sha256 from raw.documents where fiscal_year = 2022 and length(document_sha256) = 64 "
        f"and {'' if has_forms else 'not '}exists (from raw.form_rows as f where f.document_sha256 = documents.document_sha256)"
    ).fetchall()
    return str(sha)


def first_batch(con: duckdb.DuckDBPyConnection) -> None:
    """To the bundled reports: one that will be moved, one that will be taken back, two of no year."""
    report = a_report(con, has_forms=True)
    copied(con, "moved", report, department_name="'甲市水利局'", fiscal_year="2009")
    copied(con, "found", report, department_name="'乙市水利局'", fiscal_year="null")
    copied(con, "lost", report, department_name="'丙市水利局'", fiscal_year="null")
    removed(con, "lost", schema.FINDINGS)
    copied(con, "withdrawn", a_report(con, has_forms=False), reported_on="date '2031-01-01'")


def second_batch(con: duckdb.DuckDBPyConnection) -> None:
    """One report is issued again, two change their years, one is taken back."""
    copied(con, "reissued", a_report(con, has_forms=True), reported_on="date '2031-01-01'")
    con.execute("update raw.figures set value = value + 1 where document_sha256 = 'reissued' and kind = 'money'")
    moved(con, "moved", 2010)
    moved(con, "found", 2012)
    removed(con, "withdrawn")


def partitions(scratch: Path) -> dict[str, set[str]]:
    """mart/year -> its files, whose names are new whenever they are written."""
    found: dict[str, set[str]] = {}
    for mart in FACTS:
        for file in (scratch / "marts.db" / mart).glob("*/*.parquet"):
            found.setdefault(f"{mart}/{file.parent.name}", set()).add(file.name)
    return found


def built_by_spark(home: Home, folder: Path) -> tuple[bool, dict[str, set[str]]]:
    """A build in a session of its own: whether it went on from another, and what is in the partitions afterwards."""
    from dagster_project.spark import building, kept, lake
    from dagster_project.spark.session import Cluster, session

    raw, scratch = lake.Lake(folder / "raw"), folder / "build"
    with duckdb.connect(str(home.warehouse)) as con:
        lake.export(con, raw)
    with session(Cluster("local[2]", "2g", {"spark.sql.shuffle.partitions": "2"}), scratch) as spark:
        went_on = kept.reopen(spark, scratch)
        made = building.build(raw, folder / "dbt", args=ONLY_TABLES)
        assert made.ok, made.failures
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            building.bring_back(con, scratch)
            con.execute("create schema if not exists intermediate")
            for name, relation in comparing.spark_tables(scratch).items():
                if name.startswith("intermediate."):
                    con.execute(f"create or replace table {name} as select * from {relation}")
        kept.keep(spark, scratch)
    return went_on, partitions(scratch)


def test_years_with_news_are_overwritten_and_the_whole_is_exact(home: Home, tmp_path: Path) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        first_batch(con)
    went_on, before = built_by_spark(home, tmp_path)
    assert not went_on
    assert {"evidence/fiscal_year=2009", f"report_finding/{NO_YEAR}", f"evidence/{NO_YEAR}"} <= before.keys()

    with duckdb.connect(str(home.warehouse)) as con:
        second_batch(con)
    went_on, after = built_by_spark(home, tmp_path)
    assert went_on
    assert "evidence/fiscal_year=2009" not in after, "its only report is of 2010"
    assert f"report_finding/{NO_YEAR}" not in after, "the only one with problems has a year"
    assert after[f"evidence/{NO_YEAR}"].isdisjoint(before[f"evidence/{NO_YEAR}"]), "overwritten without one report"
    assert "evidence/fiscal_year=2012" in after
    untouched = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    assert {name.partition("/")[0] for name in untouched} >= {"evidence", "report_finding", "fct_reconciliation"}

    whole = modelling.invoke(home, [*ONLY_TABLES, "--full-refresh"])
    assert whole.ok, whole.failures
    with duckdb.connect() as con:
        con.execute(
            f"attach '{home.warehouse}' as duck (read_only); attach '{tmp_path}/warehouse.duckdb' as spark (read_only)"
        )
        by_year = comparing.warehouse_tables(con, "spark")
        as_a_whole = comparing.warehouse_tables(con, "duck")
        assert {f"marts.{mart}" for mart in FACTS} <= by_year.keys()
        wanted = {name: as_a_whole[name] for name in by_year.keys() - OF_ONE_BUILD}
        assert comparing.differences(con, wanted, {name: by_year[name] for name in wanted}) == []
        for name in wanted:
            if name.startswith("marts."):
                orders = [con.execute(f"select * from {side}.{name} limit 0").description for side in ("duck", "spark")]
                assert [c[0] for c in orders[0]] == [c[0] for c in orders[1]], f"{name}: a contract says the order"
