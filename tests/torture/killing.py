"""kill -9 at random moments of a run: `python -m tests.torture.killing --kills 200`.

Each kill has a home of its own with a publication in it, and a report that is new. A stage is drawn, then a moment within it; the
run is killed there. Then a reader opens what is published, and the next run must end as the undisturbed one did.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from dagster_project.warehouse import archive, lock, publishing
from dagster_project.warehouse.home import PROJECT_ROOT, Home
from tests.orchestration.test_kill import REPORT, marts, parquet, raw

STAGES = ("archive", "read", "build", "check", "publish")
FIRST = REPORT.replace("2023年", "2022年")


@dataclass
class Kills:
    """What became of the kills: how many in each stage, which publication a reader found, what was wrong."""

    by_stage: Counter[str] = field(default_factory=Counter)  # the stage that the run was really in
    found_old: int = 0
    found_new: int = 0
    ended_before: int = 0  # the run was quicker than its kill: not counted as one
    next_outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def kills(self) -> int:
        """How many runs were killed."""
        return self.by_stage.total()

    def as_json(self) -> str:
        """The counts for a file or for a person."""
        return json.dumps({"kills": self.kills, **vars(self)}, ensure_ascii=False, indent=1)


class Runner:
    """A process that has imported everything and forks a child for each run, so that a kill costs a run and not its imports."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.killing", "--serve"],
            cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdin and self.process.stdout
        self._in: IO[str] = self.process.stdin
        self._out: IO[str] = self.process.stdout

    def start(self, home: Home, report: Path) -> int:
        """Start a run; returns its process."""
        print(home.root, report, sep="\t", file=self._in, flush=True)
        return int(self._line("pid"))

    def _line(self, what: str) -> str:
        line = self._out.readline()
        word, _, rest = line.strip().partition(" ")
        if word != what:
            raise RuntimeError(f"expected {what}, got {line!r}")
        return rest

    def next(self) -> tuple[str, str]:
        """The next message: ("stage", name), ("summary", outcome) or ("ended", code)."""
        word, _, rest = self._out.readline().strip().partition(" ")
        return word, rest

    def finish(self, home: Home, report: Path) -> tuple[str, list[tuple[str, float]]]:
        """Run to the end; returns the outcome and how long each stage took. A stage may come twice: checks do."""
        self.start(home, report)
        outcome, begun = "", list[tuple[str, float]]()
        while (message := self.next())[0] != "ended":
            if message[0] == "stage":
                begun.append((message[1], time.monotonic()))
            elif message[0] == "summary":
                outcome = message[1]
        times = [*(at for _, at in begun), time.monotonic()]
        return outcome, [(name, times[i + 1] - at) for i, (name, at) in enumerate(begun)]

    def close(self) -> None:
        """End it."""
        self._in.close()
        self.process.wait(30)


def serve() -> None:
    """The other side of `Runner`: a run in a forked child for each line of standard input."""
    from dagster_project import definitions, pipeline, progress  # noqa: F401 - imported before the forks

    class Telling(progress.Observer):
        def stage(self, name: str, total: int | None = None) -> None:
            os.write(1, f"stage {name}\n".encode())

        def step(self, name: str) -> None:
            pass

    while line := sys.stdin.readline().rstrip("\n"):
        home, report = line.split("\t")
        child = os.fork()
        if child == 0:
            os.write(1, f"pid {os.getpid()}\n".encode())
            progress._current = Telling()
            summary = pipeline.run(Home(Path(home)), [report], workers=1)
            words = f"{summary.outcome} {' '.join(summary.failures)[:300]}".replace("\n", " ").strip()
            os.write(1, f"summary {words}\n".encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


def kill_many(kills: int, seed: int, folder: Path, tell: Callable[[Kills], None] = lambda told: None) -> Kills:
    """`kills` runs killed; the stages in turn, the moments at random. `tell` hears how it stands after each."""
    rng = random.Random(seed)
    told = Kills()
    started = time.monotonic()
    first, report = folder / "first.txt", folder / "report.txt"
    first.write_text(FIRST, "utf-8")
    report.write_text(REPORT, "utf-8")
    base, undisturbed, home = (Home(folder / name) for name in ("base", "undisturbed", "killed"))
    runner = Runner()
    try:
        assert runner.finish(base.prepare(), first)[0] == "published"
        shutil.copytree(base.root, undisturbed.root)
        outcome, durations = runner.finish(undisturbed, report)
        assert outcome == "published", outcome
        before, after = marts(base), marts(undisturbed)
        assert before != after
        done = 0
        while done < kills:
            shutil.rmtree(home.root, ignore_errors=True)
            shutil.copytree(base.root, home.root)
            stage = _kill_one(runner, home, report, STAGES[done % len(STAGES)], durations, rng)
            if stage is None:
                told.ended_before += 1
                continue
            done += 1
            told.by_stage[stage] += 1
            # a machine is not as fast at all times: the moments are drawn by the last whole run
            durations = (
                _look(home, undisturbed, f"kill {done} in {stage}", told, before, after, runner, report) or durations
            )
            told.seconds = time.monotonic() - started
            tell(told)
    finally:
        runner.close()
    return told


def _kill_one(
    runner: Runner, home: Home, report: Path, wanted: str, durations: list[tuple[str, float]], rng: random.Random
) -> str | None:
    """Kill a run at a random moment of a stage; returns the stage it was in, None when it ended before."""
    which, lasts = rng.choice(list(enumerate(d for name, d in durations if name == wanted)))
    process = os.pidfd_open(runner.start(home, report))  # a number may be another process's by the time of the kill
    try:
        return _kill_in(runner, process, wanted, which, rng.uniform(0, lasts * 1.05))
    finally:
        os.close(process)


def _kill_in(runner: Runner, process: int, wanted: str, which: int, seconds: float) -> str | None:
    """Kill the process that long after its stage has begun (for the which-th time)."""
    while True:
        word, rest = runner.next()
        if word == "ended":
            return None
        if word == "stage" and rest == wanted:
            if which == 0:
                break
            which -= 1
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)
    stage = wanted
    while (message := runner.next())[0] != "ended":
        if message[0] == "stage":
            stage = message[1]
    return stage if message[1] == "-9" else None


def _look(
    home: Home, undisturbed: Home, place: str, told: Kills, before: object, after: object, runner: Runner, report: Path
) -> list[tuple[str, float]]:
    """What a reader finds after the kill, and what the next run makes of it; returns how long its stages took, if it had all."""
    durations: list[tuple[str, float]] = []
    try:
        found = marts(home)
        told.found_old += found == before
        told.found_new += found == after
        if found not in (before, after):
            told.wrong.append(f"{place}: the publication is neither the old one nor the new one")
        parquet(home)  # raises on a file that is not whole
        if not lock.is_free(home):
            told.wrong.append(f"{place}: the lock is still held")
        outcome, lasted = runner.finish(home, report)
        durations = lasted if {name for name, _ in lasted} >= set(STAGES) else []
        told.next_outcomes[outcome] += 1
        if outcome not in ("published", "unchanged"):
            told.wrong.append(f"{place}: the next run ended as {outcome}")
        for what, of_home, of_undisturbed in (
            ("marts", marts(home), after),
            ("Parquet files", parquet(home), parquet(undisturbed)),
            ("raw tables", raw(home), raw(undisturbed)),
            ("fingerprint", publishing.published_fingerprint(home), publishing.published_fingerprint(undisturbed)),
            ("archive", _names(home), _names(undisturbed)),
        ):
            if of_home != of_undisturbed:
                told.wrong.append(f"{place}: after the next run its {what} differ from the undisturbed one's")
        told.wrong += [f"{place}: {words}" for words in archive.verify_archive(home)]
        told.wrong += [f"{place}: left behind {p.name}" for p in home.published_folder.rglob(".*")]
    except Exception as error:
        told.wrong.append(f"{place}: {type(error).__name__}: {error}")
    return durations


def _names(home: Home) -> list[str]:
    return sorted(p.name for p in home.archive.rglob("*.*"))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.killing", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the counts here, after each kill")
    parser.add_argument("--serve", action="store_true", help="used by the program itself")
    given = parser.parse_args()
    if given.serve:
        serve()
        return

    def keep(told: Kills) -> None:
        if given.json:
            given.json.write_text(told.as_json(), "utf-8")

    with tempfile.TemporaryDirectory(prefix="jixiao-kills-") as folder:
        told = kill_many(given.kills, given.seed, Path(folder), keep)
    print(told.as_json())
    sys.exit(1 if told.wrong else 0)


if __name__ == "__main__":
    main()
