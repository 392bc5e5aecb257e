"""Dagster's own storage in the home folder: runs, events, schedules of `jixiao dev` and of the daemon.

`python -m dagster_project.warehouse.instance [HOME]` prepares it for a service and prints the folder, DAGSTER_HOME.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from dagster_project.warehouse import lock
from dagster_project.warehouse.home import Home

POSTGRES_VARIABLE = "JIXIAO_DAGSTER_POSTGRES"  # postgresql+psycopg2://user:password@host:5432/database
LOST_AFTER_SECONDS = 120  # a run that says it is running, while nobody has held the writer's lock since

_HEAD = "# Written by `jixiao dev` when it is missing; yours to change. What each setting means: docs/operations.md\n"
# one run at a time: there is one writer. A run that ended with its process is retried, a step that failed is not:
# steps have retries of their own for what can pass.
SETTINGS = (
    _HEAD
    + """\
telemetry:
  enabled: false
nux:
  enabled: false
freshness:
  enabled: true
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 43200
run_retries:
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
retention:
  sensor:
    purge_after_days:
      skipped: 7
"""
)
# the address itself stays in the environment
POSTGRES = f"""\
storage:
  postgres:
    postgres_url:
      env: {POSTGRES_VARIABLE}
"""


# SQLAlchemy takes another driver for postgresql:// than dagster-postgres is written for
POSTGRES_SCHEME = "postgresql+psycopg2://"


class InstanceError(Exception):
    """Dagster's storage cannot be set up; the message says what to do."""


def postgres(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for PostgreSQL. Raises InstanceError where that cannot work; the address is not repeated."""
    address = environment.get(POSTGRES_VARIABLE)
    if not address:
        return False
    if not address.startswith(POSTGRES_SCHEME):
        raise InstanceError(f"{POSTGRES_VARIABLE} must begin with {POSTGRES_SCHEME}user:password@host:5432/database")
    if find_spec("dagster_postgres") is None:
        raise InstanceError(
            f"{POSTGRES_VARIABLE} is set, but dagster-postgres is not installed: "
            "pip install --no-deps --require-hashes -r requirements-postgres.lock"
        )
    return True


def settings(postgres: bool) -> str:
    """The text of dagster.yaml: SQLite in the same folder, or PostgreSQL."""
    return SETTINGS + (POSTGRES if postgres else "")


def prepare(home: Home) -> Path:
    """DAGSTER_HOME of this home, with a dagster.yaml of ours; one that somebody has changed stays as it is.

    Raises InstanceError when PostgreSQL is asked for and cannot be had.
    """
    home.dagster.mkdir(parents=True, exist_ok=True)
    file = home.dagster / "dagster.yaml"
    wanted = settings(postgres(os.environ))
    if not file.exists() or file.read_text("utf-8") in (settings(True), settings(False)):
        file.write_text(wanted, "utf-8")
    return home.dagster


def end_lost_runs(home: Home) -> list[str]:
    """Report runs as failed that a crash of the machine or of the service has left as running; returns their ids.

    They would hold the only place in the queue. None is touched while somebody holds the writer's lock.
    """
    if not lock.is_free(home):
        return []
    from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

    running = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    ended = []
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        for record in instance.get_run_records(RunsFilter(statuses=running)):
            if time.time() - record.update_timestamp.timestamp() > LOST_AFTER_SECONDS:
                instance.report_run_failed(record.dagster_run, "its process is gone, with the machine or the service")
                ended.append(record.dagster_run.run_id)
    return ended


def main() -> None:
    """Prepare the home that is named, else JIXIAO_HOME's."""
    home = Home.find(sys.argv[1] if len(sys.argv) > 1 else None).prepare()
    try:
        folder = prepare(home)
    except InstanceError as e:
        sys.exit(str(e))
    for run_id in end_lost_runs(home):
        print(f"run {run_id}: its process is gone; marked as failed", file=sys.stderr)
    print(folder)


if __name__ == "__main__":
    main()
