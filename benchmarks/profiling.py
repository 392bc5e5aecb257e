"""Where the CPU time of reading and extraction goes, by function: python -m benchmarks.profiling [--reports 200] FOLDER

A sample each millisecond of CPU time, in one process without workers, over reports spread evenly through a folder. What the
standard library and others' code spend counts for the function of ours that called them.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections import Counter
from pathlib import Path
from types import FrameType

PACKAGE = "dagster_project/"
_PERIOD = 0.001  # seconds of CPU time


class Sampler:
    """Counts which functions of ours are at work."""

    def __init__(self) -> None:
        self.samples = 0
        self.own: Counter[str] = Counter()  # its own lines, and others' code that they call
        self.all: Counter[str] = Counter()  # with the functions of ours that it calls

    def take(self, _number: int, frame: FrameType | None) -> None:
        self.samples += 1
        names: list[str] = []
        while frame is not None:
            file = frame.f_code.co_filename.replace("\\", "/")
            if PACKAGE in file:
                names.append(f"{file.rpartition(PACKAGE)[2]} {frame.f_code.co_qualname}")
            frame = frame.f_back
        if names:
            self.own[names[0]] += 1
            self.all.update(set(names))


def profile(files: list[Path]) -> tuple[Sampler, float]:
    """The samples, and CPU milliseconds a report."""
    from dagster_project.extraction import extract
    from dagster_project.reading import ReadError, read

    def understand(path: Path) -> None:
        try:
            extract(read(path.read_bytes(), path.name))
        except ReadError:
            return  # what cannot be read goes to quarantine, and costs too

    for path in files[:20]:
        understand(path)
    sampler = Sampler()
    signal.signal(signal.SIGPROF, sampler.take)
    signal.setitimer(signal.ITIMER_PROF, _PERIOD, _PERIOD)
    begun = time.process_time()
    for path in files:
        understand(path)
    spent = time.process_time() - begun
    signal.setitimer(signal.ITIMER_PROF, 0)
    return sampler, spent / len(files) * 1000


def main() -> None:
    """Print two tables: functions with all that they call, and functions by themselves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--lines", type=int, default=20)
    given = parser.parse_args()
    found = sorted(p for p in given.folder.rglob("*.*") if p.is_file())
    files = found[:: max(1, len(found) // given.reports)][: given.reports]
    sampler, each = profile(files)
    print(f"{len(files)} reports, {each:.1f} ms of CPU time each, {sampler.samples} samples\n")
    for title, counts in (("with what it calls", sampler.all), ("by itself", sampler.own)):
        print(f"| function | % {title} |\n|---|---:|")
        for name, count in counts.most_common(given.lines):
            print(f"| {name} | {count / sampler.samples * 100:.1f} |")
        print()


if __name__ == "__main__":
    main()
