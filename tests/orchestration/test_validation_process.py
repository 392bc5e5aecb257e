"""Great Expectations in a process beside the run: its answers, its faults, its end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project import validation
from dagster_project.validation_process import ValidationCrashed, ValidationProcess
from dagster_project.warehouse.home import Home

SUITE = [s for s in validation.suites() if s.name == "marts.dim_year"]


@pytest.fixture
def process() -> Iterator[ValidationProcess]:
    beside = ValidationProcess()
    yield beside
    beside.close()


def test_it_answers_as_the_function_does_and_writes_the_docs_afterwards(
    process: ValidationProcess, built_home: Home, tmp_path: Path
) -> None:
    warehouse, docs = tmp_path / "warehouse.duckdb", tmp_path / "docs" / "expectations"
    warehouse.write_bytes(built_home.warehouse.read_bytes())
    rows_to_check = warehouse.with_name(".rows_to_check.duckdb")
    with duckdb.connect(str(rows_to_check)) as con:  # what a run that was killed leaves behind
        con.execute('create table "marts.fct_expenditure" as select 1 as nothing')
    wanted = [*SUITE, *(s for s in validation.suites() if s.name == "marts.fct_expenditure")]
    with duckdb.connect(str(warehouse), read_only=True):  # as the publication is drafted meanwhile
        found = process.validate(warehouse, wanted, docs, {"marts.fct_expenditure": "is_primary"})
    assert found == validation.validate(warehouse, wanted, None, {"marts.fct_expenditure": "is_primary"})
    assert (found[1].rows or 0) > 0
    with duckdb.connect(str(warehouse)) as con:  # it has let go of the database
        ((primary,),) = con.execute("select count(*) from marts.fct_expenditure where is_primary").fetchall()
    assert found[1].rows == primary
    assert not rows_to_check.exists()
    assert process.close() is None
    assert (docs / "index.html").exists()


def test_what_went_wrong_comes_back(process: ValidationProcess, tmp_path: Path, built_home: Home) -> None:
    missing = tmp_path / "no folder" / "warehouse.duckdb"
    with pytest.raises(duckdb.IOException):
        process.validate(missing, SUITE, None, {"marts.dim_year": "true"})
    warehouse = tmp_path / "warehouse.duckdb"
    warehouse.write_bytes(built_home.warehouse.read_bytes())
    in_the_way = tmp_path / "a file"
    in_the_way.touch()
    assert process.validate(warehouse, SUITE, in_the_way / "docs", {})[0].passed
    assert "a file" in (process.close() or "")


def test_a_process_that_dies_is_said_so_and_started_again(
    process: ValidationProcess, built_home: Home, tmp_path: Path
) -> None:
    process.start()
    assert process._process is not None
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait()
    warehouse = tmp_path / "warehouse.duckdb"
    warehouse.write_bytes(built_home.warehouse.read_bytes())
    assert process.validate(warehouse, SUITE, None, {})[0].passed
    process._process.send_signal(signal.SIGSTOP)  # so that the question finds it gone
    os.kill(process._process.pid, signal.SIGKILL)
    with pytest.raises(ValidationCrashed, match="exit code -9"):
        process._answer((warehouse, SUITE, None, {}))


def test_it_ends_when_its_run_is_killed(tmp_path: Path) -> None:
    import subprocess
    import sys

    started = (
        "import sys, time; from dagster_project.validation_process import ValidationProcess as V; v = V(); v.start(); "
        "print(v._process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", started], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        run.kill()
    for _ in range(300):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.2)
    pytest.fail("it outlived its run by a minute")
