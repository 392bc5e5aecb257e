"""The log as JSON lines."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from dagster_project import logs
from dagster_project.warehouse.home import Home


def record(**extra: object) -> logging.LogRecord:
    made = logging.LogRecord("jixiao", logging.WARNING, __file__, 1, "%s 隔离", ("a.pdf",), None)
    made.created = 0.0
    vars(made).update(extra)
    return made


def test_a_line_is_an_object() -> None:
    assert json.loads(logs.JsonLines().format(record())) == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "warning",
        "logger": "jixiao",
        "message": "a.pdf 隔离",
    }


def test_dagster_s_lines_say_run_and_step() -> None:
    about = {"run_id": "r", "job_name": "jixiao", "step_key": "raw", "orig_message": "read"}
    told = json.loads(logs.JsonLines().format(record(dagster_meta=about)))
    assert {"run": "r", "job": "jixiao", "step": "raw", "message": "read"}.items() <= told.items()


@pytest.mark.parametrize(("setting", "wanted"), [("json", True), ("JSON ", True), ("", False), ("text", False)])
def test_only_when_asked(setting: str, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.LOG_VARIABLE, setting)
    assert logs.as_json() is wanted


def test_a_run_s_log(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run on a broken file alone: every line of standard error is an object, the quarantine is among them."""
    (empty_home.inbox / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    monkeypatch.setenv(logs.LOG_VARIABLE, "json")
    done = subprocess.run(
        [sys.executable, "-m", "dagster_project", "run", str(empty_home.inbox), "--home", str(empty_home.root)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert any(line["level"] == "warning" and "cut.pdf" in line["message"] and line.get("run") for line in lines)
