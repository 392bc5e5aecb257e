"""kill -9 at each step: the publication stays whole, and the next run ends as if nothing had happened."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import pipeline
from dagster_project.warehouse import lock, publishing
from dagster_project.warehouse.home import PROJECT_ROOT, Home
from tests.orchestration.killing import PLACES

REPORT = """2023年度衡山市青石区水务局部门整体支出绩效自评报告
一、部门基本情况
我局编制25名，在职24人，退休11人。
二、一般公共预算支出情况
2023年部门整体支出341.06万元，其中：基本支出203.44万元，项目支出137.62万元。
公务接待费支出0.86万元，比上年减少0.12万元，下降12.24%。
三、存在的问题
一是预算编制不够细；二是项目进度偏慢。
"""
# when a document was read, and what is made of it: the one thing that a second try may change
OF_THE_RUN = {"ingested_at", "build_fingerprint"}
MOST_TELLING = ("in the transaction that loads", "in the build", "in the checks", "some Parquet in place", "published")


def marts(home: Home) -> dict[str, Any]:
    """All published rows, as hashes."""
    found: dict[str, Any] = {}
    with duckdb.connect(str(home.published), read_only=True) as con:
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('marts', 'history') order by all"
        ).fetchall():
            columns = {c for (c,) in con.execute(f"select column_name from (describe {schema}.{table})").fetchall()}
            left_out = ", ".join(sorted(columns & OF_THE_RUN))
            what = f"* exclude ({left_out})" if left_out else "*"
            found[f"{schema}.{table}"] = con.execute(
                f"select count(*), md5(string_agg(r::varchar, chr(10) order by r::varchar)) from (select {what} from {schema}.{table}) as r"
            ).fetchall()
    return found


def parquet(home: Home) -> dict[str, int]:
    """Rows of each published Parquet file; fails on one that is not whole."""
    with duckdb.connect() as con:
        return {
            f.name: con.execute(f"select count(*) from read_parquet('{f}')").fetchall()[0][0]
            for f in sorted(home.parquet.glob("*.parquet"))
        }


def raw(home: Home) -> dict[str, int]:
    with duckdb.connect(str(home.warehouse)) as con:
        tables = ("documents", "evidence", "figures", "form_rows", "findings", "omissions", "sightings", "quarantine")
        return {t: con.execute(f"select count(*) from raw.{t}").fetchall()[0][0] for t in tables}


def look_at(home: Home, undisturbed: Home, place: str, wanted: dict[str, Any]) -> None:
    """What a reader and the next run find after a kill."""
    assert lock.is_free(home), place
    assert marts(home) == wanted, place
    assert parquet(home).keys() == parquet(undisturbed).keys(), place
    with duckdb.connect(str(home.warehouse)) as con:
        ((running,),) = con.execute("select count(*) from raw.runs where outcome = 'running'").fetchall()
    assert running <= 1, place


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "places", [MOST_TELLING, pytest.param(tuple(PLACES), marks=pytest.mark.torture)], ids=["some", "every"]
)
def test_killed_in_the_midst(built_home: Home, tmp_path: Path, places: tuple[str, ...]) -> None:
    report = tmp_path / "report.txt"
    report.write_text(REPORT, "utf-8")
    undisturbed, home = (Home(Path(shutil.copytree(built_home.root, tmp_path / n))) for n in ("undisturbed", "killed"))
    assert pipeline.run(undisturbed, [report], workers=1).outcome == "published"
    before, after = marts(home), marts(undisturbed)
    assert before != after

    command = [sys.executable, "-m", "tests.orchestration.killing", str(home.root), str(report)]
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as killer:
        assert killer.stdin
        assert killer.stdout
        for place in places:
            print(place, file=killer.stdin, flush=True)
            assert killer.stdout.readline() == f"{place}\t-9\n"
            look_at(home, undisturbed, place, after if place == "published" else before)
        killer.stdin.close()

    summary = pipeline.run(home, [report], workers=1)
    assert summary.outcome == "unchanged", summary.failures  # the last kill came after the publication
    assert marts(home) == after
    assert parquet(home) == parquet(undisturbed)
    assert raw(home) == raw(undisturbed)
    assert publishing.published_fingerprint(home) == publishing.published_fingerprint(undisturbed)
    assert sorted(p.name for p in home.archive.rglob("*.*")) == sorted(p.name for p in undisturbed.archive.rglob("*.*"))
    with duckdb.connect(str(home.warehouse)) as con:
        outcomes = dict(con.execute("select outcome, count(*) from raw.runs group by all").fetchall())
    assert outcomes["interrupted"] >= len(places) - 3  # killed before the row was written, or after it was closed
    assert "running" not in outcomes
    leftovers = [p.name for p in home.published_folder.rglob(".*")]
    assert not leftovers, leftovers
