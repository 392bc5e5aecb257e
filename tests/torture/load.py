"""Readers of the published marts while runs publish: `python -m tests.torture.load --home HOME --readers 50 --seconds 300`.

Each reader opens a connection of its own for each question, asks one of those that people ask, and pauses like a person.
One more keeps the connection that it opened first, for all the time. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dagster_project.warehouse import publishing, query
from dagster_project.warehouse.home import PROJECT_ROOT, Home

QUESTIONS = (
    "select * from department_year order by execution_rate",
    "select account_code, sum(amount_wan) from fct_expenditure where is_primary group by all order by all",
    (
        "select d.department_name, r.rule_code, count(*) from fct_reconciliation as r join dim_department as d "
        "using (department_key) where r.outcome = 'fails' group by all order by all"
    ),
    "select level_1, level_2, avg(score / weight) from fct_kpi_score where weight > 0 group by all order by all",
    (
        "select e.quote from evidence as e join fct_expenditure as x using (evidence_key) where x.amount_wan > 100 "
        "order by x.amount_wan desc limit 20"
    ),
    "select metric_code, sum(value) from fct_operation group by all order by all",
)
PAUSE = 5.0  # seconds on average between two questions of one reader
FINGERPRINT = "select fingerprint from metadata.build"


@dataclass
class Load:
    """What readers met. Times in milliseconds: opening, asking one question, closing."""

    readers: int
    seconds: float
    publications: int = 0
    questions: int = 0
    errors: list[str] = field(default_factory=list)
    median_ms: float = 0.0
    p95_ms: float = 0.0
    worst_ms: float = 0.0
    seen: int = 0  # publications that a reader met
    held_one_file: bool = True  # the connection that was kept went on seeing its own publication


def measure(home: Home, readers: int, seconds: float, every: float = 10.0, pause: float = PAUSE) -> Load:
    """Publish every so many seconds under so many readers, each pausing about `pause` seconds between questions."""
    told = Load(readers, seconds)
    publishing.publish(home, "publication 0", {})
    with query.session(home) as con:
        expected = [con.execute(sql).fetchall() for sql in QUESTIONS]
    over, lock = threading.Event(), threading.Lock()
    times: list[float] = []
    met: set[str] = set()

    def read(number: int) -> None:
        rng = random.Random(number)
        mine: list[float] = []
        fingerprints: set[str] = set()
        while not over.wait(rng.uniform(0, 2 * pause)):
            which = rng.randrange(len(QUESTIONS))
            started = time.perf_counter()
            try:
                with query.session(home) as con:
                    rows = con.execute(QUESTIONS[which]).fetchall()
                    ((fingerprint,),) = con.execute(FINGERPRINT).fetchall()
            except Exception as e:
                told.errors.append(f"{type(e).__name__}: {e}")
                continue
            mine.append(time.perf_counter() - started)
            fingerprints.add(fingerprint)
            if rows != expected[which]:
                told.errors.append(f"another answer to {QUESTIONS[which][:60]}")
        with lock:
            times.extend(mine)
            met.update(fingerprints)

    def hold() -> None:
        with query.session(home) as con:
            while not over.wait(1):
                told.held_one_file &= con.execute(FINGERPRINT).fetchall() == [("publication 0",)]
                told.held_one_file &= con.execute(QUESTIONS[0]).fetchall() == expected[0]

    threads = [threading.Thread(target=read, args=(n,)) for n in range(readers)] + [threading.Thread(target=hold)]
    for thread in threads:
        thread.start()
    # in a process of its own, as runs are
    command = [sys.executable, "-m", "tests.torture.load", "--home", str(home.root), "--publish"]
    command += ["--seconds", str(seconds), "--every", str(every)]
    try:
        done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
        told.publications = int(done.stdout)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    told.questions, told.seen = len(times), len(met)
    if len(times) > 20:
        told.median_ms = round(statistics.median(times) * 1000, 1)
        told.p95_ms = round(statistics.quantiles(times, n=20)[-1] * 1000, 1)
        told.worst_ms = round(max(times) * 1000, 1)
    return told


def publish(home: Home, seconds: float, every: float) -> int:
    """Publish every so many seconds, or as fast as that goes; returns how often."""
    count = 0
    started = time.monotonic()
    while (now := time.monotonic() - started) < seconds:
        time.sleep(max(0.0, min((count + 1) * every, seconds) - now))
        count += 1
        publishing.publish(home, f"publication {count}", {})
    return count


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.load", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="a home with a publication; it is published again")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--every", type=float, default=10)
    parser.add_argument("--pause", type=float, default=PAUSE)
    parser.add_argument("--publish", action="store_true", help="used by the program itself")
    given = parser.parse_args()
    if given.publish:
        print(publish(Home(given.home), given.seconds, given.every))
        return
    told = measure(Home(given.home.absolute()), given.readers, given.seconds, given.every, given.pause)
    print(json.dumps(asdict(told), ensure_ascii=False, indent=1))
    sys.exit(1 if told.errors else 0)


if __name__ == "__main__":
    main()
