"""When the assets run by themselves: jobs, schedules, the sensor on the inbox, the alert. All off until switched on.

Switched on in Dagster's UI, or by name in JIXIAO_AUTOMATION: `daily,inbox`, or `all`. What was switched in the UI wins.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from dagster_project import alerts
from dagster_project.assets import RE_EXTRACTION
from dagster_project.retrying import in_words
from dagster_project.warehouse import loading
from dagster_project.warehouse.archive import MANIFEST, files_in
from dagster_project.warehouse.home import Home

JOB = "jixiao"
RE_EXTRACT_JOB = "re_extract"
TIME_ZONE = "Asia/Shanghai"
AUTOMATION_VARIABLE = "JIXIAO_AUTOMATION"
SETTLED_SECONDS = 10.0  # a file whose size and time changed more recently may still be being written
# what browsers and copying programs call a file until it is whole
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".!ut", ".baiduyun.downloading")


def is_on(name: str, environment: Mapping[str, str]) -> bool:
    """Whether the configuration switches this schedule or sensor on."""
    wanted = {word.strip().lower() for word in environment.get(AUTOMATION_VARIABLE, "").split(",")}
    return "all" in wanted or name in wanted


def _schedule_status(name: str) -> dg.DefaultScheduleStatus:
    return dg.DefaultScheduleStatus.RUNNING if is_on(name, os.environ) else dg.DefaultScheduleStatus.STOPPED


def _sensor_status(name: str) -> dg.DefaultSensorStatus:
    return dg.DefaultSensorStatus.RUNNING if is_on(name, os.environ) else dg.DefaultSensorStatus.STOPPED


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


def run_tags(trigger: str, files: int | None = None, full_refresh: bool = False) -> dict[str, str]:
    """What a run is found by in the UI: what started it, how many files it was given, whether it reads all again."""
    tags = {"jixiao/trigger": trigger}
    if files is not None:
        tags["jixiao/files"] = str(files)
    if full_refresh:
        tags["jixiao/full_refresh"] = "true"
    return tags


@dg.failure_hook(name="note_failure", required_resource_keys={"warehouse"})
def note_failure(context: dg.HookContext) -> None:
    """The run's row in raw.runs says which step failed, and of what."""
    error = context.op_exception
    said = getattr(error, "description", None) or (in_words(error) if error else "failed")
    warehouse = context.resources.warehouse
    with contextlib.suppress(duckdb.Error), warehouse.connect() as con:  # a full disk takes not even that
        loading.close_open_run(con, context.run_id, "failed", f"{context.op.name}: {said}"[:2000])


everything = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(RE_EXTRACTION),
    description="Archive, read, stage, build, check, publish: what `jixiao run` does. 全流程",
    tags={"project": "jixiao"},
    hooks={note_failure},
)

re_extract = dg.define_asset_job(
    RE_EXTRACT_JOB,
    selection=dg.AssetSelection.assets(RE_EXTRACTION).downstream(),
    description="Read the archived reports of fiscal years again, then build, check, publish. Backfill it by year. 按年度重新提取",
    tags={"project": "jixiao", "jixiao/trigger": "backfill"},
    hooks={note_failure},
)


@dg.schedule(
    name="daily",
    job=everything,
    cron_schedule="30 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=_schedule_status("daily"),
    description="Every night: take in what is in the inbox; a night without new files changes nothing.",
)
def daily(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """A run of the home that JIXIAO_HOME names."""
    return dg.RunRequest(run_config=run_config(Home.find()), tags=run_tags("daily"))


@dg.schedule(
    name="weekly_full_recheck",
    job=everything,
    cron_schedule="0 4 * * 0",
    execution_timezone=TIME_ZONE,
    default_status=_schedule_status("weekly_full_recheck"),
    description="Every Sunday: read every archived file again, rebuild and check every table.",
)
def weekly_full_recheck(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """A full refresh of the home that JIXIAO_HOME names."""
    return dg.RunRequest(
        run_config=run_config(Home.find(), full_refresh=True), tags=run_tags("weekly_full_recheck", full_refresh=True)
    )


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in the inbox as it lay there at one look."""

    path: str
    size: int
    changed: float  # seconds since the epoch

    @property
    def mark(self) -> str:
        """Short, equal as long as path, size and time are."""
        return hashlib.sha256(
            f"{self.path}\t{self.size}\t{self.changed!r}".encode("utf-8", "surrogateescape")
        ).hexdigest()[:12]


def lying(folder: Path) -> tuple[list[Lying], list[Lying]]:
    """(reports, manifests) in a folder and below, by path; without those whose name says that they are unfinished."""
    if not folder.is_dir():
        return [], []
    reports = [f for f in files_in(folder) if not f.name.lower().endswith(UNFINISHED)]
    return _looked_at(reports), _looked_at(sorted(folder.rglob(MANIFEST)))


def _looked_at(files: Iterable[Path]) -> list[Lying]:
    found = []
    for file in files:
        try:
            about = file.stat()
        except FileNotFoundError:  # taken away meanwhile
            continue
        found.append(Lying(str(file), about.st_size, about.st_mtime))
    return found


@dataclass(frozen=True, slots=True)
class Cursor:
    """What the sensor remembers: marks of what it saw at its last look, of what it gave to a run, and the manifests' state."""

    seen: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    manifests: str = ""

    @classmethod
    def parse(cls, text: str | None) -> Cursor:
        """From what was kept; anything else is the beginning."""
        try:
            told = json.loads(text or "{}")
            return cls(frozenset(told.get("seen", [])), frozenset(told.get("taken", [])), told.get("manifests", ""))
        except (ValueError, AttributeError, TypeError):
            return cls()

    def text(self) -> str:
        """As it is kept."""
        return json.dumps({"seen": sorted(self.seen), "taken": sorted(self.taken), "manifests": self.manifests})


def decide(
    reports: Sequence[Lying], manifests: Sequence[Lying], before: Cursor, now: float, seconds: float = SETTLED_SECONDS
) -> tuple[list[str], Cursor]:
    """(paths to give to a run, what to remember).

    A file is taken when it lies as it lay at the look before and was last changed at least `seconds` ago: a copy that
    keeps the original's time grows between two looks, and an empty file is a beginning. A time in the future (another
    machine's clock, or ours set back) says nothing, so that such a file is taken at its second look. While a manifest is being
    written all wait for it; a changed manifest has everything taken again, since it says something new of files.
    """
    marks = {r.mark: r for r in reports}
    state = hashlib.sha256("".join(m.mark for m in manifests).encode()).hexdigest()[:12] if manifests else ""
    seen = frozenset(marks) | {m.mark for m in manifests}
    known = before.taken & marks.keys() if state == before.manifests else frozenset[str]()

    def settled(one: Lying) -> bool:
        return one.mark in before.seen and not 0 <= now - one.changed < seconds and one.size > 0

    if not all(settled(m) for m in manifests):
        return [], Cursor(seen, before.taken & marks.keys(), before.manifests)
    ready = [r for mark, r in marks.items() if mark not in known and settled(r)]
    return sorted(r.path for r in ready), Cursor(seen, known | {r.mark for r in ready}, state)


@dg.sensor(
    name="inbox",
    job=everything,
    minimum_interval_seconds=30,
    default_status=_sensor_status("inbox"),
    description="Runs when new files lie in the inbox; a file that is still being written is left for the next look.",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """One run for all files that came since the last run and that nobody is writing any more."""
    home = Home.find()
    reports, manifests = lying(home.inbox)
    before = Cursor.parse(context.cursor)
    ready, after = decide(reports, manifests, before, time.time())
    if not ready:
        waiting = len(after.seen - after.taken - {m.mark for m in manifests})
        reason = (
            f"{waiting} files are new or still being written: they are taken when they lie unchanged"
            if waiting
            else "no new files in the inbox"
        )
        return dg.SensorResult(skip_reason=dg.SkipReason(reason), cursor=after.text())
    key = hashlib.sha256("".join([*sorted(after.taken), after.manifests]).encode()).hexdigest()
    request = dg.RunRequest(run_key=key, run_config=run_config(home, ready), tags=run_tags("inbox", files=len(ready)))
    return dg.SensorResult(run_requests=[request], cursor=after.text())


@dg.run_failure_sensor(
    name="alert",
    monitored_jobs=[everything, re_extract],
    default_status=_sensor_status("alert"),
    description="Tells a webhook or an e-mail address that a run has failed; see JIXIAO_ALERT_WEBHOOK, JIXIAO_ALERT_MAIL.",
)
def alert(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Hand the failure over. Raises AlertError, which the UI shows, when nobody takes it."""
    if not alerts.is_wanted(os.environ):
        return dg.SkipReason(f"nobody to tell: set {alerts.WEBHOOK} or {alerts.MAIL}")
    run = context.dagster_run
    alerts.send(alerts.Alert(run.job_name, run.run_id, str(Home.find().root), failure_of(context)), os.environ)
    return None


def failure_of(context: dg.RunFailureSensorContext) -> str:
    """What failed, in the words of the steps that did; else of the run."""
    said = []
    for event in context.get_step_failure_events():
        data = event.step_failure_data
        words = data.user_failure_data.description if data.user_failure_data else None
        said.append(f"{event.step_key}: {words or (data.error.message.strip() if data.error else 'failed')}")
    return "\n".join(said) or context.failure_event.message or "the run did not start"


JOBS = [everything, re_extract]
SCHEDULES = [daily, weekly_full_recheck]
SENSORS = [inbox, alert]
