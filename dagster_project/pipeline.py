"""One run of the whole chain in this process: the same job that Dagster's schedules start, never a second path."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project import logs
from dagster_project.validation_process import start_ahead
from dagster_project.warehouse import query
from dagster_project.warehouse.home import Home, silence_telemetry


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file of this run that gave no report."""

    name: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, for the person who started it."""

    outcome: str  # published, unchanged, failed
    seconds: float
    files_seen: int = 0
    files_new: int = 0
    documents: int = 0
    quarantined: tuple[Quarantined, ...] = ()
    facts: dict[str, int] = field(default_factory=dict)  # rows by mart
    rules: dict[str, int] = field(default_factory=dict)  # reconciliation results by outcome
    checks_passed: int = 0
    checks_warned: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()  # sentences
    note: str = ""  # what a person should know of a run that went well


def run(
    home: Home,
    paths: Sequence[str | Path] = (),
    *,
    source_url: str | None = None,
    workers: int | None = None,
    full_refresh: bool = False,
    wait_seconds: float | None = None,
    spark_master: str | None = None,
    verbose: bool = False,
) -> Summary:
    """Run the job in process and say what became of it. The caller holds the writer's lock, or the run waits for it.

    Where nothing is new, Dagster is not started for it. Raises archive.InputError for paths that cannot be used, lock.Busy
    when another run does not finish in `wait_seconds`.
    """
    started = time.monotonic()
    silence_telemetry()
    if not full_refresh:
        from dagster_project.standstill import run_without_news
        from dagster_project.warehouse.lock import DEFAULT_WAIT_SECONDS, writer

        with writer(home, "jixiao run", DEFAULT_WAIT_SECONDS if wait_seconds is None else wait_seconds):
            done = run_without_news(home, paths, source_url)
        if done is not None:
            return _summary(home, done, seconds=time.monotonic() - started)
    start_ahead()
    with _rare_collections():
        return _run_job(
            home,
            started,
            verbose=verbose,
            full_refresh=full_refresh,
            paths=[str(p) for p in paths],
            source_url=source_url,
            workers=workers,
            wait_seconds=wait_seconds,
            spark_master=spark_master,
        )


def _run_job(home: Home, started: float, *, verbose: bool, full_refresh: bool, **config_of: Any) -> Summary:
    import logging
    import warnings

    warnings.filterwarnings("ignore", module="dagster")
    # a run without news skips its checks on purpose, and Dagster warns of each
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    import dagster as dg

    from dagster_project.automation import JOB, run_config, run_tags
    from dagster_project.definitions import defs

    gc.freeze()  # what is imported stays
    config = run_config(home, full_refresh=full_refresh, **config_of)
    told = verbose or logs.as_json()
    config["loggers"] = {"console": {"config": {"log_level": "INFO" if told else "CRITICAL"}}}
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def(JOB).execute_in_process(
            run_config=config,
            instance=instance,
            raise_on_error=False,
            tags=run_tags("jixiao run", full_refresh=full_refresh),
        )
        failures = [] if result.success else _failures(result)
        evaluations = result.get_asset_check_evaluations()
        run_id = result.run_id
    passed = sum(e.passed for e in evaluations)
    not_passed = [e for e in evaluations if not e.passed]
    broken = [e for e in not_passed if e.severity == dg.AssetCheckSeverity.ERROR]
    warned = [e for e in not_passed if e.severity != dg.AssetCheckSeverity.ERROR]
    failures += [f"check {e.check_name} of {e.asset_key.to_user_string()}: {e.description or 'failed'}" for e in broken]
    return _summary(
        home,
        run_id,
        failed=not result.success or bool(broken),
        seconds=time.monotonic() - started,
        passed=passed,
        warned=tuple(
            f"{e.check_name} of {e.asset_key.to_user_string()}: {e.description or 'see metadata'}" for e in warned
        ),
        failures=tuple(dict.fromkeys(failures)),
    )


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Imports and runs make few cycles: looking for them at Python's own pace is a tenth of their time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _failures(result: Any) -> list[str]:
    """What went wrong, in the words of the innermost cause."""
    found = []
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        data = event.step_failure_data
        words = data.user_failure_data.description if data.user_failure_data else None
        words = words or _innermost(data.error) or "failed"
        if "blocking asset check" not in words:  # said in its own words by the check
            found.append(f"{event.step_key}: {words}")
    from dagster_project.retrying import plain

    return found or [
        plain(_innermost(e.job_failure_data.error)) or e.message or "the run did not start"
        for e in result.all_events
        if e.event_type_value == "PIPELINE_FAILURE"
    ]


def _innermost(error: Any) -> str:
    """What the first cause said, without the names of exceptions that Dagster puts in front."""
    while error is not None and error.cause is not None:
        error = error.cause
    return re.sub(r"^([\w.]+(Error|Exception|Failure): )+", "", error.message.strip()) if error is not None else ""


def _summary(
    home: Home,
    run_id: str,
    *,
    seconds: float,
    failed: bool = False,
    passed: int = 0,
    warned: tuple[str, ...] = (),
    failures: tuple[str, ...] = (),
) -> Summary:
    import duckdb

    from dagster_project.warehouse import schema

    row: tuple[Any, ...] | None = None
    quarantined: list[Quarantined] = []
    if home.warehouse.exists():
        con = duckdb.connect(str(home.warehouse))
        try:
            schema.create(con)
            found = con.execute(
                "select outcome, files_seen, files_new, documents, started_at, message from raw.runs where run_id = ?",
                [run_id],
            ).fetchall()
            row = found[0] if found else None
            if row:
                quarantined = [
                    Quarantined(*q)
                    for q in con.execute(
                        "select document_name, reason, message from raw.quarantine where document_sha256 in "
                        "(select document_sha256 from raw.sightings where last_seen_at >= ?) order by document_name",
                        [row[4]],
                    ).fetchall()
                ]
        finally:
            con.close()
    facts: dict[str, int] = {}
    rules: dict[str, int] = {}
    if home.published.exists() and not failed:
        with query.session(home) as marts:
            for table in ("dim_report", "fct_expenditure", "fct_kpi_score", "fct_operation", "report_finding"):
                ((facts[table],),) = marts.execute(f"select count(*) from marts.{table}").fetchall()
            rules = dict(
                marts.execute(
                    "select outcome, count(*) from marts.fct_reconciliation group by all order by all"
                ).fetchall()
            )
    return Summary(
        outcome="failed" if failed else (row[0] if row else "failed"),
        seconds=seconds,
        files_seen=row[1] if row else 0,
        files_new=row[2] if row else 0,
        documents=row[3] if row else 0,
        quarantined=tuple(quarantined),
        facts=facts,
        rules=rules,
        checks_passed=passed,
        checks_warned=warned,
        failures=failures,
        note=(row[5] or "") if row and not failed else "",
    )
