"""Hands out work items and, on the side, has the old office files among them converted in batches before a worker
gets them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.reading import office
from dagster_project.reading.model import ReadError

if TYPE_CHECKING:
    from dagster_project.reading.worker import WorkItem

BATCH = 16  # a start costs as much as eight files: larger batches gain little and a bad file costs more
_MAX_AHEAD = 4  # batches converted or converting before anyone took them: bounds the disk
_SUFFIXES = frozenset({".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ods"})
_HEADS = (b"\xd0\xcf\x11\xe0", b"{\\rt", b"PK\x03\x04")


def goes_through_libreoffice(item: WorkItem) -> bool:
    """A cheap guess from the name and the first bytes; a wrong one costs only time, since the reader decides by
    content."""
    suffix = os.path.splitext(item.name)[1].lower()
    if suffix not in _SUFFIXES:
        return False
    try:
        with open(item.path, "rb") as file:
            head = file.read(4)
    except OSError:
        return False
    return head in _HEADS if suffix in (".odt", ".ods") else head in _HEADS[:2]


class OfficeBatches:
    """`take` gives the next item or None: then `waiting` says that one will come later, `exhausted` that none will."""

    def __init__(self, items: Iterable[WorkItem], batch: int = BATCH) -> None:
        self._items = iter(items)
        self._batch = batch
        self._drawn = False  # the source has ended
        self._buffer: list[WorkItem] = []
        self._running: deque[tuple[list[WorkItem], Future[list[Path | ReadError]]]] = deque()
        self._done: deque[WorkItem] = deque()
        self._stop = threading.Event()
        self._executor: ThreadPoolExecutor | None = None
        self._folder: Path | None = None
        self._batches = 0
        self._has_program: bool | None = None

    @property
    def exhausted(self) -> bool:
        """No item will come any more."""
        return self._drawn and not (self._buffer or self._running or self._done)

    @property
    def waiting(self) -> bool:
        """Items are being converted."""
        return bool(self._running)

    def take(self) -> WorkItem | None:
        """The next item that a worker may read now."""
        self._gather()
        if self._done:
            return self._done.popleft()
        while not self._drawn and len(self._running) < _MAX_AHEAD:
            item = next(self._items, None)
            if item is None:
                self._drawn = True
                break
            if not self._is_office(item):
                return item
            self._buffer.append(item)
            if len(self._buffer) >= self._batch:
                self._convert()
        if self._drawn and self._buffer:
            self._convert()
        return None

    def finished(self, item: WorkItem) -> None:
        """A worker is through with the item: its conversion can go."""
        if isinstance(item.converted, Path):
            item.converted.unlink(missing_ok=True)

    def close(self) -> None:
        """End conversions under way and remove their files."""
        self._stop.set()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _is_office(self, item: WorkItem) -> bool:
        if item.converted is not None or not goes_through_libreoffice(item):
            return False
        if self._has_program is None:
            self._has_program = office.soffice_path() is not None
        return self._has_program

    def _convert(self) -> None:
        if self._executor is None:
            threads = max(1, (os.cpu_count() or 2) // 2)
            self._executor = ThreadPoolExecutor(threads, thread_name_prefix="jixiao-office")
            self._folder = Path(tempfile.mkdtemp(prefix="jixiao-office-"))
        assert self._folder is not None
        batch, self._buffer = self._buffer, []
        self._batches += 1
        folder = self._folder / str(self._batches)
        files = [(item.name, Path(item.path)) for item in batch]
        self._running.append((batch, self._executor.submit(office.convert_many, files, folder, self._stop)))

    def _gather(self) -> None:
        for _ in range(len(self._running)):
            batch, future = self._running.popleft()
            if not future.done():
                self._running.append((batch, future))
                continue
            results: list[Path | ReadError | None] = [None] * len(batch)  # None: the worker tries by itself
            with contextlib.suppress(OSError):
                results = [*future.result()]
            self._done.extend(replace(item, converted=result) for item, result in zip(batch, results, strict=True))
