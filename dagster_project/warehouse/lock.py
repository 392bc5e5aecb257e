"""One writer at a time: a lock file in the home folder, released by the operating system when its process dies."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project.warehouse.home import Home

DEFAULT_WAIT_SECONDS = 900.0


class Busy(Exception):
    """Another process is writing this home, and did not finish in the time that was allowed."""


def _holder_file(home: Home) -> Path:
    # beside the lock, because a locked file cannot be read on every system
    return home.lock.with_suffix(".json")


def holder(home: Home) -> str:
    """Who holds the lock, in words: "process 4711 (jixiao run) since 09:14:02"."""
    try:
        told = json.loads(_holder_file(home).read_text("utf-8"))
        return f"process {int(told['pid'])} ({told['what']}) since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


@contextmanager
def writer(
    home: Home,
    what: str = "jixiao run",
    wait_seconds: float = DEFAULT_WAIT_SECONDS,
    tell: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the home's writer lock; may be entered again inside the same process.

    The second process calls `tell` once with a sentence that names the first, then waits up to `wait_seconds`.
    Raises Busy when the time is over, HomeError when the home cannot be written.
    """
    home.prepare()
    lock = FileLock(home.lock, is_singleton=True, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if tell and wait_seconds > 0:
            tell(
                f"{home.root} is being written by {holder(home)}. Only one run writes at a time: "
                f"waiting up to {wait_seconds:.0f} s for it to finish. Readers of the published marts are not affected."
            )
        try:
            lock.acquire(timeout=wait_seconds, poll_interval=0.2)
        except Timeout:
            raise Busy(
                f"{home.root} is being written by {holder(home)}. Only one run writes at a time: "
                "try again when it has finished, or work in another home with --home DIR."
            ) from None
    try:
        if lock.lock_counter == 1:
            told = {"pid": os.getpid(), "what": what, "since": datetime.now(UTC).astimezone().strftime("%H:%M:%S")}
            _holder_file(home).write_text(json.dumps(told), "utf-8")
        yield
    finally:
        lock.release()


def is_free(home: Home) -> bool:
    """Whether no other process is writing this home just now."""
    if not home.lock.exists():
        return True
    lock = FileLock(home.lock, is_singleton=True, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return False
    lock.release()
    return True
