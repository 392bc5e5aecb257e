"""Measures of a program: wall time, CPU time of all its processes, and the peak memory of the largest and of all together."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_SAMPLE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Measured:
    """What a program took. `peak_mb`: highest resident size (VmHWM) of its largest process; `together_mb`: of all at once."""

    wall: float  # seconds
    cpu: float  # seconds, user and system, with those of its children
    peak_mb: float
    together_mb: float
    output: str

    def as_dict(self) -> dict[str, float]:
        """The numbers, without the output."""
        return {k: v for k, v in asdict(self).items() if k != "output"}


class _Watch(threading.Thread):
    """Looks at the sizes of a process and its descendants until told to stop. Linux only: elsewhere it sees nothing."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.largest = 0
        self.together = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(_SAMPLE_SECONDS):
            now = 0
            for pid in _family(self.pid):
                high, resident = _sizes(pid)
                self.largest = max(self.largest, high)
                now += resident
            self.together = max(self.together, now)


def _family(pid: int) -> list[int]:
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                todo += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _sizes(pid: int) -> tuple[int, int]:
    """(VmHWM, VmRSS) in kB; zeros for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    told = {line.split(":")[0]: line for line in lines}
    return tuple(int(told[k].split()[1]) if k in told else 0 for k in ("VmHWM", "VmRSS"))  # type: ignore[return-value]


def run(command: Sequence[str], env: dict[str, str] | None = None, accept: Sequence[int] = (0,)) -> Measured:
    """Run `command` in the project's folder. Raises RuntimeError with the end of its output when it fails."""
    begun = time.perf_counter()
    with subprocess.Popen(
        list(command),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        watch.ended.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accept:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-3000:]}")
    largest = max(watch.largest, usage.ru_maxrss if sys.platform != "darwin" else usage.ru_maxrss // 1024)
    return Measured(wall, usage.ru_utime + usage.ru_stime, largest / 1024, max(watch.together, largest) / 1024, output)


def module(name: str, *args: str, env: dict[str, str] | None = None, accept: Sequence[int] = (0,)) -> Measured:
    """Run `python -m name args`."""
    return run([sys.executable, "-m", name, *args], env, accept)
