"""When the assets run by themselves: one job, two schedules, a sensor on the inbox. All off until switched on."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.warehouse.archive import files_in
from dagster_project.warehouse.home import Home

JOB = "jixiao"
TIME_ZONE = "Asia/Shanghai"
SETTLED_SECONDS = 10.0  # a file whose size and time changed more recently may still be being written


def run_config(
    home: Home,
    paths: Iterable[str] = (),
    *,
    source_url: str | None = None,
    workers: int | None = None,
    full_refresh: bool = False,
    wait_seconds: float | None = None,
    spark_master: str | None = None,
) -> dict[str, Any]:
    """The run configuration of the job: what the archive asset takes in, and how the warehouse is written."""
    intake: dict[str, Any] = {"paths": [str(p) for p in paths]}
    if source_url is not None:
        intake["source_url"] = source_url
    warehouse: dict[str, Any] = {"home": str(home.root), "full_refresh": full_refresh}
    if workers is not None:
        warehouse["workers"] = workers
    if wait_seconds is not None:
        warehouse["wait_seconds"] = float(wait_seconds)
    resources = {"warehouse": {"config": warehouse}}
    if spark_master is not None:
        resources["spark"] = {"config": {"enabled": True, "master": spark_master}}
    return {"ops": {"archive": {"config": intake}}, "resources": resources}


everything = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all(),
    description="Archive, read, stage, build, check, publish: what `jixiao run` does. 全流程",
    tags={"project": "jixiao"},
)

daily = dg.ScheduleDefinition(
    name="daily",
    job=everything,
    cron_schedule="30 2 * * *",
    execution_timezone=TIME_ZONE,
    description="Every night: take in what is in the inbox; a night without new files changes nothing.",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)


@dg.schedule(
    name="weekly_full_recheck",
    job=everything,
    cron_schedule="0 4 * * 0",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every Sunday: read every archived file again, rebuild and check every table.",
)
def weekly_full_recheck(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """A full refresh of the home that JIXIAO_HOME names."""
    return dg.RunRequest(run_config=run_config(Home.find(), full_refresh=True), tags={"jixiao/full_refresh": "true"})


def settled(files: Iterable[Path], now: float, seconds: float = SETTLED_SECONDS) -> list[Path]:
    """The files that were last written at least `seconds` before `now`: those that nobody is writing any more."""
    return [f for f in files if now - f.stat().st_mtime >= seconds]


def inbox_state(files: Iterable[Path]) -> str:
    """A hash over names, sizes and times: equal when the inbox is as it was."""
    lines = sorted(f"{f}\t{(s := f.stat()).st_size}\t{s.st_mtime_ns}" for f in files)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


@dg.sensor(
    name="inbox",
    job=everything,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Runs when new files lie in the inbox; a file that is still being written is left for the next look.",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """One run for all settled files of the inbox; none when it is as it was at the last run."""
    home = Home.find()
    found = list(files_in(home.inbox)) if home.inbox.exists() else []
    ready = settled(found, time.time())
    if not ready:
        return dg.SkipReason("the inbox is empty" if not found else f"{len(found)} files are still being written")
    state = inbox_state(ready)
    if state == context.cursor:
        return dg.SkipReason("no new files in the inbox")
    request = dg.RunRequest(
        run_key=state, run_config=run_config(home, [str(f) for f in ready]), tags={"jixiao/files": str(len(ready))}
    )
    return dg.SensorResult(run_requests=[request], cursor=state)
