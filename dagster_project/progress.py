"""Telling whoever watches how far a run is; nobody watches by default.

The command line listens with rich; under Dagster's daemon the run's own log says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Observer:
    """Hears of a run's progress. This one ignores it."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins: archive, read, build, check, publish; `total` steps when they are known."""

    def step(self, name: str) -> None:
        """One step of the stage is done: a file read, a model built."""


_current = Observer()


def current() -> Observer:
    """Whoever listens now."""
    return _current


@contextmanager
def listening(observer: Observer) -> Iterator[None]:
    """Let `observer` hear of what happens inside."""
    global _current  # noqa: PLW0603 - one run a process
    before, _current = _current, observer
    try:
        yield
    finally:
        _current = before
