"""Runs in the worker: reads a file and notes beside it what it cost."""

from __future__ import annotations

import contextlib
from pathlib import Path

from dagster_project.reading import read
from dagster_project.reading.model import Document
from dagster_project.reading.worker import WorkItem
from dagster_project.reading.worker_process import peak_bytes


def read_measured(data: bytes, item: WorkItem) -> Document:
    """Read; the process's peak of resident memory (bytes) goes to `<path>.peak` whatever happens."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew (Linux)
    try:
        return read(data, item.name)
    finally:
        Path(f"{item.path}.peak").write_text(str(_peak()))


def _peak() -> int:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return peak_bytes()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
