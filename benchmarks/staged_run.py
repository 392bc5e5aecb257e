"""`jixiao run` with a clock on its stages: python -m benchmarks.staged_run HOME [PATH ...]. Prints JSON.

The functions that do a stage's work are wrapped; what remains is Dagster's own work. Great Expectations works in a process
beside the run: its clock is the run's waiting for it, in which the publication is drafted, its CPU time that process's.
"""

from __future__ import annotations

import argparse
import functools
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = (
    ("dagster_project.intake", "take_in", "archive"),
    ("dagster_project.ingestion", "stage", "read and extract"),
    ("dagster_project.assets", "_load", "load"),
    ("dagster_project.modelling", "invoke", "dbt build"),
    ("dagster_project.warehouse.publishing", "draft", "draft of the publication"),
    ("dagster_project.warehouse.publishing", "publish", "publish"),
)
EXPECTATIONS = "Great Expectations"


class Clock:
    """Wall and CPU seconds of this process by stage; a generator's time is that between asking and getting."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    def note(self, stage: str, wall: float, cpu: float) -> None:
        entry = self.spent.setdefault(stage, [0.0, 0.0])
        entry[0] += wall
        entry[1] += cpu

    def wrap(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                result = function(*args, **kwargs)
            finally:
                self.note(stage, time.perf_counter() - wall, time.process_time() - cpu)
            return self.drawn(result, stage) if hasattr(result, "__next__") else result

        return timed

    def drawn(self, items: Any, stage: str) -> Any:
        while True:
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                self.note(stage, time.perf_counter() - wall, time.process_time() - cpu)
            yield item


def children_cpu() -> float:
    """CPU seconds of the processes that have been waited for."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def watch_expectations(clock: Clock) -> None:
    """Note how long the run waits for Great Expectations, and what CPU time its process took when that has ended."""
    from dagster_project.validation_process import ValidationProcess

    validate, close = ValidationProcess.validate, ValidationProcess.close

    def timed_validate(self: ValidationProcess, *args: Any) -> Any:
        wall = time.perf_counter()
        try:
            return validate(self, *args)
        finally:
            clock.note(EXPECTATIONS, time.perf_counter() - wall, 0.0)

    def timed_close(self: ValidationProcess) -> Any:
        before = children_cpu()
        try:
            return close(self)
        finally:
            clock.note(EXPECTATIONS, 0.0, children_cpu() - before)

    ValidationProcess.validate = timed_validate  # type: ignore[method-assign, assignment]
    ValidationProcess.close = timed_close  # type: ignore[method-assign]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("paths", nargs="*")
    given = parser.parse_args()
    import importlib

    clock = Clock()
    begun, cpu = time.perf_counter(), time.process_time()
    from dagster_project import definitions, pipeline  # noqa: F401

    clock.note("imports", time.perf_counter() - begun, time.process_time() - cpu)
    for module, name, stage in STAGES:
        owner = importlib.import_module(module)
        timed = clock.wrap(getattr(owner, name), stage)
        setattr(owner, name, timed)
        if name == "stage":
            importlib.import_module("dagster_project.assets").stage = timed  # type: ignore[attr-defined]
    watch_expectations(clock)
    from dagster_project.warehouse.home import Home

    summary = pipeline.run(Home(given.home), given.paths)
    if summary.outcome == "failed":
        raise SystemExit("; ".join(summary.failures))
    expectations_cpu = clock.spent.get(EXPECTATIONS, [0.0, 0.0])[1]
    print(
        json.dumps(
            {
                "outcome": summary.outcome,
                "documents": summary.documents,
                "quarantined": len(summary.quarantined),
                "facts": summary.facts,
                "checks": summary.checks_passed,
                "workers_cpu": children_cpu() - expectations_cpu,
                "stages": {k: {"wall": w, "cpu": c} for k, (w, c) in clock.spent.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
