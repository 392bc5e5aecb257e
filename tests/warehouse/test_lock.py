"""One writer at a time, told who the other is."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dagster_project.warehouse import lock
from dagster_project.warehouse.home import Home, HomeError

HOLD = """
import sys, time
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.lock import writer
with writer(Home.find(sys.argv[1]), "the first", 0):
    print("holding", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def first(home: Home, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "holding\n"
    return process


def test_the_second_is_told_and_gives_up(empty_home: Home) -> None:
    process = first(empty_home, 60)
    try:
        assert not lock.is_free(empty_home)
        with (
            pytest.raises(lock.Busy, match=rf"process {process.pid} \(the first\)"),
            lock.writer(empty_home, "second", 0),
        ):
            pass
    finally:
        process.kill()
        process.wait()
    assert lock.is_free(empty_home)  # the operating system lets go of what a killed process held


def test_the_second_waits_for_its_turn(empty_home: Home) -> None:
    process = first(empty_home, 1.0)
    told: list[str] = []
    started = time.monotonic()
    with lock.writer(empty_home, "second", 30, told.append):
        assert process.wait(10) == 0
    assert time.monotonic() - started > 0.3
    assert len(told) == 1
    assert "the first" in told[0]


def test_it_may_be_entered_again_in_the_same_process(empty_home: Home) -> None:
    with lock.writer(empty_home), lock.writer(empty_home, "inside", 0):
        pass
    assert lock.is_free(empty_home)


def test_a_home_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(HomeError, match="cannot be written"), lock.writer(Home(tmp_path / "file" / "home")):
        pass
