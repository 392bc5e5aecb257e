"""Every file is read, and extracted, in a worker process with limits on memory, CPU and wall time.

A few long-lived processes are fed through pipes. A native library that aborts, a reader that hangs or eats memory costs
the file in hand only: its worker is replaced, the files queued behind it go to another. Plain `subprocess` children
are used,
not `multiprocessing`: they start the same on Linux and macOS, never import the caller's main module again, and may be
started from any process, thread or executor.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dagster_project.reading import budget
from dagster_project.reading.budget import Limits
from dagster_project.reading.model import Document, ReadError
from dagster_project.reading.office_batches import OfficeBatches
from dagster_project.reading.worker_process import MEMORY_EXIT, resolve, run_one, write_frame

__all__ = ["READ", "Limits", "Outcome", "WorkItem", "process_files", "read_item"]

READ = "dagster_project.reading.worker.read_item"
_QUEUED = 2  # items that a worker holds: one in hand, one waiting, so that it never idles


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A file to read. `path` is where its bytes are (usually the archive), `name` what it is called for people and for
    its extension; `document_path` where it was found; `converted` is filled in here for formats that LibreOffice
    turns."""

    document_sha256: str
    name: str
    path: Path
    document_path: str = ""
    converted: Path | ReadError | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: `result` of the function, or `error`. `detail` is for the log (traceback, stack),
    `seconds`
    the time in the worker."""

    item: WorkItem
    result: Any = None
    error: ReadError | None = None
    detail: str | None = None
    seconds: float = 0.0


def read_item(data: bytes, item: WorkItem) -> Document:
    """The plainest function to give to `process_files`: read the file."""
    from dagster_project.reading import read

    return read(data, item.name)


def process_files(
    items: Iterable[WorkItem],
    workers: int | None = None,
    limits: Limits | None = None,
    function: str = READ,
) -> Iterator[Outcome]:
    """Call `function(data: bytes, item: WorkItem)` for each item in a worker process; yield outcomes as they complete.

    `function` is a dotted path, so that it can be imported in the worker; its result must pickle. `items` is drawn as
    workers fall free and results are handed on as they come, so memory is bounded by a few files. `workers` is the
    number of processes (default: the CPUs that this process may use); 0 calls the function in this process without
    any limits, for
    places that have their own (Spark executors) and for debugging. Closing the iterator, or an interrupt, ends the
    workers.

    Each item gives exactly one outcome. `RuntimeError` when the function cannot be imported or workers do not start.
    """
    limits = limits or Limits()
    if workers == 0:
        yield from _in_process(items, function)
        return
    pool = _Pool(workers or available_cpus(), limits, function)
    try:
        yield from pool.run(items)
    finally:
        pool.close()


def available_cpus() -> int:
    """The CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _in_process(items: Iterable[WorkItem], function: str) -> Iterator[Outcome]:
    call = resolve(function)
    for item in items:
        started = time.perf_counter()
        result, error, detail = run_one(call, item)
        yield Outcome(item, result, error, detail, time.perf_counter() - started)


class _Worker:
    """One child process, its pipes, and the items that it holds in the order in which it was given them."""

    def __init__(self, limits: Limits, function: str, scratch: str) -> None:
        self.limits = limits
        self.held: deque[WorkItem] = deque()
        self.ready = False
        self.served = 0
        self.last = False  # it said that it would end after its present item
        self.base_peak = 0
        self.deadline = time.monotonic() + limits.startup_seconds
        self._buffer = bytearray()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        paths = [os.path.abspath(p) for p in sys.path]  # "" is the caller's working directory
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(paths)
        environment["PYTHONSAFEPATH"] = "1"  # a stray module in the working directory is not ours
        environment["TMPDIR"] = scratch  # what a killed worker leaves behind goes with the pool
        # Native thread pools would each take a stack and a CPU; parallelism comes from the number of workers.
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment.setdefault(variable, "1")
        environment.setdefault("MALLOC_ARENA_MAX", "2")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dagster_project.reading.worker_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env=environment,
            start_new_session=True,  # an interrupt at the keyboard is the parent's to handle
        )
        assert self.process.stdin and self.process.stdout
        self._in: IO[bytes] = self.process.stdin
        self.fd = self.process.stdout.fileno()
        with contextlib.suppress(BrokenPipeError):
            write_frame(self._in, (paths, function, limits))  # type: ignore[arg-type]

    def give(self, item: WorkItem) -> None:
        if not self.held and self.ready:
            self.deadline = time.monotonic() + self.limits.wall_seconds
        self.held.append(item)
        with contextlib.suppress(BrokenPipeError):  # its end is met when its output is read
            write_frame(self._in, item)  # type: ignore[arg-type]

    def receive(self) -> list[Any] | None:
        """The messages that have come in full; None at the end of its output."""
        chunk = os.read(self.fd, 1 << 20)
        if not chunk:
            return None
        self._buffer += chunk
        messages: list[Any] = []
        at = 0
        while len(self._buffer) - at >= 8:
            end = at + 8 + int.from_bytes(self._buffer[at : at + 8], "big")
            if len(self._buffer) < end:
                break
            with memoryview(self._buffer) as view:
                messages.append(pickle.loads(view[at + 8 : end]))  # noqa: S301 - our own child
            at = end
        del self._buffer[:at]
        if self._buffer and self.ready:
            self.deadline = max(self.deadline, time.monotonic() + 5.0)  # it is sending a large result: that is no hang
        return messages

    def kill(self) -> None:
        """End it: kindly, so that it can end a child of its own, then by force. Reaps it."""
        if self.process.returncode is None:
            self._signal(signal.SIGTERM)
            self.reap(1.0)
        if self.process.returncode is None:
            self._signal(signal.SIGKILL)
            self.reap(10.0)
        for stream in (self._in, self.process.stdout, self._stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def reap(self, seconds: float) -> int:
        """Wait for its end; returns the peak of its resident memory in bytes, 0 when not known."""
        until = time.monotonic() + seconds
        while self.process.returncode is None:
            try:
                pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            except ChildProcessError:
                self.process.returncode = -signal.SIGKILL
                return 0
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                return usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
            if time.monotonic() > until:
                return 0
            time.sleep(0.005)
        return 0

    def last_words(self) -> str:
        """The end of what it wrote to its error output (a fault handler's stack, mostly)."""
        with contextlib.suppress(OSError, ValueError):
            size = self._stderr.seek(0, os.SEEK_END)
            self._stderr.seek(max(0, size - 4000))
            return self._stderr.read().decode("utf-8", "replace")
        return ""


class _Pool:
    def __init__(self, size: int, limits: Limits, function: str) -> None:
        self._size = max(1, size)
        self._limits = limits
        self._function = function
        self._scratch = tempfile.mkdtemp(prefix="jixiao-worker-")
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._again: deque[WorkItem] = (
            deque()
        )  # queued behind a file that ended its worker, or to be tried in a fresh one
        self._second: set[int] = set()  # items (by identity) that already had their second try
        self._failed_starts = 0
        self._feed: OfficeBatches | None = None

    def run(self, items: Iterable[WorkItem]) -> Iterator[Outcome]:
        feed = self._feed = OfficeBatches(items)
        while True:
            self._hand_out(feed)
            if not any(w.held for w in self._workers) and not self._again and feed.exhausted:
                return
            wait = min([w.deadline - time.monotonic() for w in self._workers if w.held or not w.ready], default=1.0)
            if feed.waiting:
                wait = min(wait, 0.1)
            events = self._selector.select(max(0.0, min(wait, 5.0)))
            for key, _ in events:
                yield from self._collect(key.data)
            now = time.monotonic()
            for worker in [w for w in self._workers if (w.held or not w.ready) and w.deadline < now]:
                # A consumer that came back late finds results waiting: those are read first.
                if not any(key.data is worker for key, _ in self._selector.select(0)):
                    yield from self._hung(worker)

    def _hand_out(self, feed: OfficeBatches) -> None:
        self._top_up(feed, 0)
        while len(self._workers) < self._size or self._retire_idle():
            item = self._next(feed, fresh=True)
            if item is None:
                break
            self._give(self._start(), item)
        for depth in range(1, _QUEUED):
            self._top_up(feed, depth)

    def _top_up(self, feed: OfficeBatches, depth: int) -> None:
        for worker in self._workers:
            if not worker.last and len(worker.held) <= depth:
                item = self._next(feed, fresh=worker.served == 0 and not worker.held)
                if item is not None:
                    self._give(worker, item)

    def _give(self, worker: _Worker, item: WorkItem) -> None:
        worker.give(item)
        # The second try of a file that ended a worker is made alone, in a process that has read nothing else.
        worker.last = worker.last or id(item) in self._second

    def _retire_idle(self) -> bool:
        """Make room for a fresh process: end one that has nothing to do and has served its time, or is used while a
        second try waits for a fresh one."""
        second_waits = any(id(item) in self._second for item in self._again)
        for worker in self._workers:
            if worker.ready and not worker.held and (worker.last or second_waits):
                self._drop(worker)
                return True
        return False

    def _next(self, feed: OfficeBatches, *, fresh: bool) -> WorkItem | None:
        """What to hand out next: what was queued behind an accident first, a second try only to a fresh process."""
        for wanted in (True, False) if fresh else (False,):
            for i, item in enumerate(self._again):
                if (id(item) in self._second) is wanted:
                    del self._again[i]
                    return item
        return feed.take()

    def _start(self) -> _Worker:
        worker = _Worker(self._limits, self._function, self._scratch)
        self._workers.append(worker)
        self._selector.register(worker.fd, selectors.EVENT_READ, worker)
        return worker

    def _drop(self, worker: _Worker) -> None:
        self._selector.unregister(worker.fd)
        self._workers.remove(worker)
        worker.kill()

    def _collect(self, worker: _Worker) -> Iterator[Outcome]:
        if worker not in self._workers:
            return
        messages = worker.receive()
        if messages is None:
            yield from self._ended(worker)
            return
        for message in messages:
            if message[0] == "ready":
                worker.ready, worker.base_peak = True, message[1]
                worker.deadline = time.monotonic() + self._limits.wall_seconds
                self._failed_starts = 0
            elif message[0] == "failed":
                raise RuntimeError(f"the worker cannot import {self._function}:\n{message[1]}")
            elif message[0] == "more":
                worker.deadline += message[1]
            else:
                _, result, error, detail, seconds, last = message
                item = worker.held.popleft()
                worker.served += 1
                worker.last = worker.last or last
                worker.deadline = time.monotonic() + self._limits.wall_seconds
                if error is not None and error.reason == "memory" and self._try_again(worker, item):
                    continue
                yield self._final(item, error, detail, result, seconds)

    def _try_again(self, worker: _Worker, item: WorkItem) -> bool:
        """Whether the item gets a second try: only when another file may have been the cause, and only one."""
        if worker.served <= 1 or id(item) in self._second:
            return False
        self._second.add(id(item))
        self._again.append(item)
        return True

    def _ended(self, worker: _Worker) -> Iterator[Outcome]:
        """Its output ended: it had served its time, or something killed it."""
        peak = worker.reap(10.0)
        code = worker.process.returncode
        held, words = worker.held, worker.last_words()
        self._drop(worker)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= 3:
                raise RuntimeError(f"worker processes end while starting (code {code}):\n{words}")
            self._again.extend(held)
            return
        if code == 0 and worker.last:
            self._again.extend(held)  # given to it before it said that it would end
            return
        if not held:
            return
        item = held.popleft()
        self._again.extendleft(reversed(held))
        if code == -getattr(signal, "SIGXCPU", 24):
            message = f"{item.name}: reading it took over {self._limits.cpu_seconds:.0f} seconds of CPU; given up"
            yield self._final(item, ReadError("timeout", message), words)
            return
        worker.served += 1
        if self._try_again(worker, item):
            return
        if code == MEMORY_EXIT or peak > max(worker.base_peak, 0.8 * self._limits.memory_bytes):
            limit = self._limits.memory_bytes // budget.MB
            message = f"{item.name}: reading it needs more than {limit} MB of memory; split it or remove its pictures"
            yield self._final(item, ReadError("memory", message), words)
            return
        how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
        message = (
            f"{item.name}: a library crashed while reading it ({how}); the file is probably damaged, "
            "open it in its own program and save it again"
        )
        yield self._final(item, ReadError("crashed", message), words)

    def _hung(self, worker: _Worker) -> Iterator[Outcome]:
        held, ready = worker.held, worker.ready
        self._drop(worker)
        if not ready:
            self._failed_starts += 1
            if self._failed_starts >= 3:
                raise RuntimeError(f"worker processes do not start within {self._limits.startup_seconds:.0f} seconds")
            self._again.extend(held)
            return
        item = held.popleft()
        self._again.extendleft(reversed(held))
        message = f"{item.name}: reading it took over {self._limits.wall_seconds:.0f} seconds; given up"
        yield self._final(item, ReadError("timeout", message), None)

    def _final(
        self, item: WorkItem, error: ReadError | None, detail: str | None, result: Any = None, seconds: float = 0.0
    ) -> Outcome:
        self._second.discard(id(item))
        if self._feed is not None:
            self._feed.finished(item)
        return Outcome(item, result, error, detail or None, seconds)

    def close(self) -> None:
        """End all workers; safe to call at any time."""
        if self._feed is not None:
            self._feed.close()
        for worker in self._workers:
            worker._signal(signal.SIGTERM)
        for worker in list(self._workers):
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(worker.fd)
            worker.kill()
        self._workers.clear()
        self._selector.close()
        shutil.rmtree(self._scratch, ignore_errors=True)
