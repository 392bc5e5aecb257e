"""Opt-in (make spark-test): marts that DuckDB and Spark build of the same generated reports are equal row for row and
value for value.

JIXIAO_SPARK_REPORTS says how many reports (100 unless told). The extra `spark` and Java are needed; where one is missing,
each test fails with what to install.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project import modelling, pipeline
from dagster_project.warehouse.home import PROJECT_ROOT, Home
from tests.generator.report import generate
from tests.spark import comparing

pytestmark = [pytest.mark.spark, pytest.mark.timeout(7200), pytest.mark.usefixtures("engine")]

REPORTS = int(os.environ.get("JIXIAO_SPARK_REPORTS", "100"))
SMALL = {"spark.sql.shuffle.partitions": "2"}


@pytest.fixture(scope="module")
def reports(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated reports, and a file that is none."""
    folder = tmp_path_factory.mktemp("reports")
    for index in range(REPORTS):
        made = generate(7, index)
        (folder / made.name).write_bytes(made.data)
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 no report")
    return folder


@pytest.fixture(scope="module")
def duck(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The reports in a home, built by DuckDB."""
    home = Home(tmp_path_factory.mktemp("duck")).prepare()
    summary = pipeline.run(home, [reports])
    assert summary.outcome == "published", summary.failures
    return home


@pytest.fixture(scope="module")
def scratch(duck: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """All tables that Spark has built of the same raw rows, its tests of them passed."""
    from dagster_project.spark import building, lake
    from dagster_project.spark.session import Cluster, session

    folder = tmp_path_factory.mktemp("spark")
    raw = lake.Lake(folder / "raw")
    with duckdb.connect(str(duck.warehouse)) as con:
        lake.export(con, raw)
    with session(Cluster("local[2]", "2g", SMALL), folder / "build"):
        made = building.build(raw, folder / "dbt")
        assert made.ok, made.failures
        yield folder / "build"


def test_all_tables_are_equal(duck: Home, scratch: Path) -> None:
    # views of DuckDB are views on Spark too, and have no files
    spark = comparing.spark_tables(scratch)
    assert {
        "marts.fct_reconciliation",
        "marts.fct_expenditure",
        "history.evidence",
        "rules.rule_scores",
    } <= spark.keys()
    with duckdb.connect() as con:
        con.execute(f"attach '{duck.warehouse}' as duck (read_only)")
        ((facts,),) = con.execute("select count(*) from duck.marts.fct_reconciliation").fetchall()
        assert facts > 10 * REPORTS
        tables = comparing.warehouse_tables(con, "duck")
        wanted = {name: relation for name, relation in tables.items() if name in spark}
        assert {n for n in tables if n.startswith(("marts.", "history."))} <= wanted.keys()
        assert comparing.differences(con, wanted, spark) == []


def test_unit_tests_of_the_rules_hold_on_spark(scratch: Path) -> None:
    from dagster_project.spark import building, lake

    units = building.build(
        lake.Lake(scratch.parent / "raw"), scratch.parent / "dbt", args=("test", "--select", "test_type:unit")
    )
    assert units.ok, units.failures
    assert units.counts["pass"] >= 100


def test_a_worker_dies_and_the_run_completes(reports: Path, duck: Home, tmp_path: Path) -> None:
    from tests.spark.cluster import cluster

    home = Home(tmp_path / "home").prepare()
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text(
        "".join(f"{name} {value}\n" for name, value in {**SMALL, "spark.executor.memory": "1g"}.items())
    )
    environment = {
        **os.environ,
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    with cluster(tmp_path / "cluster") as running, (tmp_path / "log").open("wb") as log:
        run = subprocess.Popen(
            [
                sys.executable, "-m", "dagster_project", "run", str(reports),
                "--home", str(home.root), "--engine", "spark", "--master", running.master, "-v",
            ],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _until_reading(home, run)
            running.kill_worker(0)
            running.start_worker()  # as an operator would: the marts are built by two again
            code = run.wait(6000)
        finally:
            run.kill()
            run.wait()
        told = (tmp_path / "log").read_text(errors="replace")
        assert code == 3, told[-4000:]  # done, with the broken file in quarantine
        assert "Lost executor" in told
        assert "Asked to launch executor" in running.log("worker-2")

    with duckdb.connect() as con:
        con.execute(f"attach '{duck.warehouse}' as duck (read_only)")
        con.execute(f"attach '{home.warehouse}' as spark (read_only)")
        for table in (
            "documents",
            "evidence",
            "figures",
            "form_rows",
            "findings",
            "omissions",
            "document_texts",
            "quarantine",
        ):
            untimed = f"select * exclude ({'ingested_at' if table == 'documents' else 'seen_at'})"
            chosen = untimed if table in ("documents", "quarantine") else "select *"
            sides = [f"({chosen} from {side}.raw.{table})" for side in ("duck", "spark")]
            assert comparing.differences(con, {table: sides[0]}, {table: sides[1]}) == []
        built = {
            n: r for n, r in comparing.warehouse_tables(con, "spark").items() if n.startswith(("marts.", "history."))
        }
        assert "marts.fct_reconciliation" in built
        facts = comparing.spark_tables(home.root / "spark" / "build")
        built |= {name: relation for name, relation in facts.items() if name.startswith("intermediate.")}
        assert "intermediate.int_figures" in built
        kept = tmp_path / "kept.duckdb"
        con.execute(f"attach '{kept}' as kept")
        for name, relation in built.items():
            con.execute(f"create schema if not exists kept.{name.partition('.')[0]}")
            con.execute(f"create table kept.{name} as select * from {relation}")

    with duckdb.connect(str(home.published), read_only=True) as con:
        balance = con.execute("select came_in, off from metadata.balance").fetchall()
    assert balance, "what came in"
    assert all(came_in > 0 and off == 0 for came_in, off in balance), balance

    # DuckDB builds the marts of the raw rows that Spark has read
    again = modelling.invoke(home, ["build", "--exclude-resource-type", "unit_test", "test", "--full-refresh"])
    assert again.ok, again.failures
    with duckdb.connect() as con:
        con.execute(f"attach '{home.warehouse}' as duck (read_only); attach '{kept}' as spark (read_only)")
        marts = {n: r for n, r in comparing.warehouse_tables(con, "duck").items() if n in built}
        assert comparing.differences(con, marts, {n: f"spark.{n}" for n in built}) == []


def _until_reading(home: Home, run: subprocess.Popen[bytes], seconds: float = 900) -> None:
    """Wait until the first task of the extraction has ended and others still run."""
    until = time.monotonic() + seconds
    while not list((home.root / "spark" / "raw").glob(".staging-*/_temporary/0/task_*")):
        assert run.poll() is None, "the run ended before anything was read"
        assert time.monotonic() < until, "nothing was read"
        time.sleep(0.2)
