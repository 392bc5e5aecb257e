"""Runs that are killed at a place of their own: `python -m tests.orchestration.killing HOME REPORT`, a place a line.

One process imports everything and forks a child for each place that it is given on standard input, so that a kill costs
a run and not its imports. Answers each with a line: the place, and the signal or exit code that its run ended with.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster_project import definitions, pipeline, progress  # noqa: F401 - imported before the forks
from dagster_project.warehouse import loading, publishing
from dagster_project.warehouse.home import Home


def die(*_: object, **__: object) -> None:
    """As the kernel does it: nothing is closed, nothing is caught."""
    os.kill(os.getpid(), signal.SIGKILL)


class AtStage(progress.Observer):
    """Dies when a stage begins, or at one of its steps."""

    def __init__(self, stage: str, steps: int | None = None) -> None:
        self._wanted, self._left, self._in = stage, steps, False

    def stage(self, name: str, total: int | None = None) -> None:
        self._in = name == self._wanted
        if self._in and self._left is None:
            die()

    def step(self, name: str) -> None:
        if self._in and self._left is not None:
            self._left -= 1
            if self._left <= 0:
                die()


def _at_stage(stage: str, steps: int | None = None) -> Callable[[], None]:
    def set_up() -> None:
        progress._current = AtStage(stage, steps)

    return set_up


def _before(module: Any, name: str, calls: int = 1) -> Callable[[], None]:
    """Die at the n-th call of a function."""

    def set_up() -> None:
        real, left = getattr(module, name), [calls]

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            return die() if left[0] == 0 else real(*args, **kwargs)

        setattr(module, name, wrapped)

    return set_up


PLACES: dict[str, Callable[[], None]] = {
    "archive begins": _at_stage("archive"),
    "archived, not noted": _before(loading, "see"),
    "read begins": _at_stage("read"),
    "in the transaction that loads": _before(loading, "_insert", 4),
    "loaded": _before(loading, "table_counts"),
    "build begins": _at_stage("build"),
    "in the build": _at_stage("build", 60),
    "check begins": _at_stage("check"),
    "in the checks": _at_stage("check", 2),
    "publish begins": _at_stage("publish"),
    "tables copied": _before(publishing, "_write_parquet"),
    "Parquet written": _before(publishing.os, "fsync"),
    "some Parquet in place": _before(publishing.os, "replace", 3),
    "published": _before(publishing, "Publication"),
}


def main() -> None:
    home, report = sys.argv[1:]
    while place := sys.stdin.readline().strip():
        child = os.fork()
        if child == 0:
            PLACES[place]()
            summary = pipeline.run(Home(Path(home)), [report], workers=1)
            print(place, summary.outcome, summary.failures, file=sys.stderr)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"{place}\t{os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
