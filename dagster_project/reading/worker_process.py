"""The worker's side of `reading.worker`: reads files one after the other under limits. Run as a module, never
imported by it.

Frames on the pipes, both ways: eight bytes of length, then a pickle. In: `_Setup` fields once, then one `WorkItem`
each.
Out: ("ready", peak), then for each item any number of ("more", seconds) and one ("done", result, error, detail,
seconds, last).
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, BinaryIO

from dagster_project.reading import budget
from dagster_project.reading.budget import Limits
from dagster_project.reading.model import ReadError

MEMORY_EXIT = 77  # this process ended itself because it was above its memory limit


def write_frame(stream: BinaryIO, message: object) -> None:
    """Send one message."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(body).to_bytes(8, "big") + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> Any:
    """Receive one message. Raises `EOFError` when the other side is gone."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    body = stream.read(int.from_bytes(head, "big"))
    return pickle.loads(body)  # noqa: S301 - our own parent


def pipes_of_frames() -> tuple[BinaryIO, BinaryIO]:
    """This process's standard input and output, kept for frames: a library that prints must not break them."""
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return inward, outward


def peak_bytes() -> int:
    """The most resident memory that this process has had."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _data_bytes() -> int:
    """What counts against RLIMIT_DATA now (Linux); the peak elsewhere."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return peak_bytes()


def resolve(function: str) -> Callable[..., Any]:
    """The function behind a dotted path, `package.module.name` or `package.module:name`."""
    module, _, name = function.rpartition(":") if ":" in function else function.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def run_one(function: Callable[..., Any], item: Any) -> tuple[Any, ReadError | None, str | None]:
    """Read the item's bytes and call `function(data, item)`. Every exception but an interrupt becomes a `ReadError`."""
    from dagster_project.reading import guards, office

    try:
        guards.check_length(os.stat(item.path).st_size, item.name)
        with open(item.path, "rb") as file:
            data = file.read()
        with office.provided(item.document_sha256, item.converted):
            return function(data, item), None, None
    except ReadError as error:
        return None, error, None
    except MemoryError:
        message = f"{item.name}: reading it needs more memory than one file may take; split it or remove its pictures"
        return None, ReadError("memory", message), None
    except RecursionError as error:
        message = f"{item.name}: nested too deeply to be read; no report needs that"
        return None, ReadError("hostile", message), _shortened(error)
    except OSError as error:
        return None, ReadError("damaged", f"{item.name}: cannot be opened at {item.path} ({error.strerror})"), None
    except Exception as error:
        message = (
            f"{item.name}: the reader failed ({type(error).__name__}: {str(error)[:300]}); "
            "this is a fault of the program, please report it with the file"
        )
        return None, ReadError("crashed", message), _shortened(error)


def _shortened(error: BaseException) -> str:
    return "".join(traceback.format_exception(error, limit=-12))[-4000:]


class _LimitKeeper:
    """Sets this process's limits anew for each file."""

    def __init__(self, limits: Limits, out: BinaryIO) -> None:
        import resource

        self._resource = resource
        self._limits = limits
        self._out = out
        self._extra = 0.0
        self._memory = limits.memory_bytes
        self._set_memory()
        if sys.platform != "linux":
            # RLIMIT_DATA means nothing there: a thread looks at the peak instead.
            threading.Thread(target=self._watch_memory, daemon=True).start()

    def _set_memory(self) -> None:
        hard = self._resource.getrlimit(self._resource.RLIMIT_DATA)[1]
        wanted = self._memory if hard == self._resource.RLIM_INFINITY else min(self._memory, hard)
        with contextlib.suppress(ValueError, OSError):
            self._resource.setrlimit(self._resource.RLIMIT_DATA, (wanted, hard))

    def _watch_memory(self) -> None:
        while True:
            time.sleep(0.2)
            if peak_bytes() > self._memory:
                os._exit(MEMORY_EXIT)

    def _set_time(self, seconds: float) -> None:
        used = self._resource.getrusage(self._resource.RUSAGE_SELF)
        cpu = int(used.ru_utime + used.ru_stime + self._limits.cpu_seconds + seconds) + 1
        hard = self._resource.getrlimit(self._resource.RLIMIT_CPU)[1]
        with contextlib.suppress(ValueError, OSError):
            self._resource.setrlimit(self._resource.RLIMIT_CPU, (cpu, hard))
        # The parent kills at the wall limit; this only ends a process whose parent is gone.
        signal.setitimer(signal.ITIMER_REAL, 2 * (self._limits.wall_seconds + seconds) + 10)

    def start(self) -> None:
        self._extra = 0.0
        if self._memory != self._limits.memory_bytes:
            self._memory = self._limits.memory_bytes
            self._set_memory()
        self._set_time(0.0)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)  # sending the result may wait for a busy parent

    def grant(self, seconds: float, memory_bytes: int) -> None:
        seconds = min(seconds, self._limits.extra_seconds_cap - self._extra)
        if seconds > 0:
            self._extra += seconds
            self._set_time(self._extra)
            write_frame(self._out, ("more", seconds))
        if memory_bytes > self._memory:
            self._memory = memory_bytes
            self._set_memory()


def _end(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)  # lets `finally` blocks end their own children (LibreOffice)


def main() -> None:
    """Serve files until the parent closes the pipe."""
    inward, outward = pipes_of_frames()
    faulthandler.enable()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    path, function_name, limits = read_frame(inward)
    sys.path[:] = path
    try:
        function = resolve(function_name)
    except Exception:
        write_frame(outward, ("failed", traceback.format_exc()))
        return
    keeper = _LimitKeeper(limits, outward)
    budget.install(keeper.grant)
    # A report is ten thousand small objects and hardly a cycle: looking for those each 700 objects costs more than it finds.
    gc.set_threshold(20_000, 20, 20)
    write_frame(outward, ("ready", peak_bytes()))
    served = 0
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            item = read_frame(inward)
            started = time.perf_counter()
            keeper.start()
            result, error, detail = run_one(function, item)
            keeper.stop()
            served += 1
            if served == 1:  # all is imported and every vocabulary loaded: the collector need not look at it again
                gc.freeze()
            # Memory that a big file left behind would be missing for the next one.
            last = served >= limits.files_per_worker or _data_bytes() > 0.6 * limits.memory_bytes
            seconds = time.perf_counter() - started
            try:
                write_frame(outward, ("done", result, error, detail, seconds, last))
            except MemoryError:
                message = f"{item.name}: its rows need more memory than one file may take; split it"
                write_frame(outward, ("done", None, ReadError("memory", message), None, seconds, True))
            result = None
            if last:
                return


if __name__ == "__main__":
    main()
