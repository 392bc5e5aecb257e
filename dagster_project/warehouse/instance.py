"""Dagster's own storage in the home folder: runs, events, schedules of `jixiao dev` and of the daemon."""

from __future__ import annotations

from pathlib import Path

from dagster_project.warehouse.home import Home

# one run at a time: there is one writer. PostgreSQL instead of SQLite: docs/operations.md
SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
"""


def prepare(home: Home) -> Path:
    """DAGSTER_HOME of this home, with a dagster.yaml of ours unless one is there already."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text(SETTINGS, "utf-8")
    return home.dagster
