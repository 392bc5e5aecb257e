"""Speed and memory, each as a ratio to a named reference in the same run: python -m benchmarks [PART ...] [--sizes 1000,10000]

Parts: start (start-up and the bundled reports), formats (reading and extraction), runs (whole runs on corpora of growing size, one
report into each, and the references), checks (Great Expectations over a million fact rows). Results are kept in .bench/results.json; docs/benchmarks.md is written from all that is
there. Corpora are generated once, with a fixed seed, into .bench/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import corpora, measuring, tables, validation
from dagster_project.reading.worker import available_cpus

RESULTS = corpora.KEPT / "results.json"
DOCUMENT = measuring.PROJECT / "docs" / "benchmarks.md"
FORMATS = {"txt": 1000, "docx": 240, "html": 200, "xlsx": 100, "pdf": 120}  # reports to read of each
ROUNDS = 5
LATER = 3  # runs with one more report each, after the first
TEXTS_FROM = 100_000  # corpora of this size are plain text: half a million pages of PDF would only test patience


def _jixiao(*args: str) -> list[str]:
    return [sys.executable, "-m", "dagster_project", *args]  # the code beside these benchmarks


def _fresh(name: str) -> Path:
    home = corpora.KEPT / f"home-{name}"
    shutil.rmtree(home, ignore_errors=True)
    return home


def start() -> dict[str, Any]:
    """Imports, small commands, and the bundled reports."""

    def median(measure: Callable[[], measuring.Measured], rounds: int = ROUNDS) -> dict[str, float]:
        runs = [measure().as_dict() for _ in range(rounds)]
        return {key: statistics.median(r[key] for r in runs) for key in runs[0]}

    home = _fresh("bundled")
    first = measuring.run(_jixiao("run", "--home", str(home))).as_dict()
    return {
        "first": first,
        "again": median(lambda: measuring.run(_jixiao("run", "--home", str(home))), 3),
        "import": median(lambda: measuring.run([sys.executable, "-c", "import dagster_project.definitions"])),
        "python": median(lambda: measuring.run([sys.executable, "-c", "pass"])),
        "dagster": median(lambda: measuring.run([sys.executable, "-c", "import dagster, dagster_dbt"])),
        "query": median(
            lambda: measuring.run(_jixiao("query", "select count(*) from dim_report", "--home", str(home)))
        ),
        "status": median(lambda: measuring.run(_jixiao("status", "--home", str(home)))),
    }


def formats() -> dict[str, Any]:
    """Reading and extraction of each format, and of long texts."""
    found: dict[str, Any] = {}
    jobs = [("txt of 15 KB", "txt", corpora.long_texts(FORMATS["txt"]))]
    jobs += [(kind, kind, corpora.of_format(kind, count)) for kind, count in FORMATS.items()]
    for name, kind, folder in jobs:
        done = measuring.module("benchmarks.throughput", kind, str(available_cpus()), str(folder))
        found[name] = {
            **json.loads(done.output),
            "peak_mb": done.peak_mb,
            "together_mb": done.together_mb,
            "files": FORMATS[kind],
        }
        _say(f"{name}: {found[name]['pool']['a_second']:.0f} reports a second")
    return found


def whole_run(size: int, texts: bool, references: bool, keep: Callable[[dict[str, Any]], None]) -> None:
    """A cold run on `size` reports, one without news, one with one more report, later ones, and `references` on the same data.

    The first with one more report keeps the tests as dbt compiles them; what a warehouse costs from day to day is a later one's,
    measured as `jixiao run`, without clocks on its stages.
    `keep` is given what is known after each: the last of them take long on the largest corpora.
    """
    corpus = corpora.texts(size) if texts else corpora.mixed(size)
    home, folder = _fresh(str(size)), corpora.KEPT / f"reference-{size}"
    found: dict[str, Any] = {"size": size, "texts": texts, "bytes": sum(p.stat().st_size for p in corpus.rglob("*.*"))}

    def staged(*paths: str) -> dict[str, Any]:
        done = measuring.module("benchmarks.staged_run", str(home), *paths)
        return {**done.as_dict(), **json.loads(done.output.splitlines()[-1])}

    for name, paths in (("cold", [str(corpus)]), ("again", [str(corpus)]), ("one", [str(corpora.one_more(size))])):
        found[name] = staged(*paths)
        _say(f"{size} reports, {name}: {found[name]['wall']:.0f} s, CPU {found[name]['cpu']:.0f} s")
        found["published_bytes"] = (home / "published" / "jixiao.duckdb").stat().st_size
        found["warehouse_bytes"] = (home / "warehouse.duckdb").stat().st_size
        keep(found)
    more = [str(corpora.one_more(size + n + 1)) for n in range(LATER)]
    later = [measuring.run(_jixiao("run", path, "--home", str(home))).as_dict() for path in more]
    found["later"] = {key: statistics.median(run[key] for run in later) for key in ("wall", "cpu")}
    keep(found)
    if references:
        compare(found, corpus, home, folder, keep)
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def compare(
    found: dict[str, Any], corpus: Path, home: Path, folder: Path, keep: Callable[[dict[str, Any]], None]
) -> None:
    """Put what the references cost to `found`."""
    measuring.module("benchmarks.references", "prepare", str(home), str(folder))
    limit = measuring.module("benchmarks.references", "limit", str(corpus), str(folder))
    found["limit"] = {**limit.as_dict(), **json.loads(limit.output.splitlines()[-1])}
    keep(found)
    for what in ("sql", "pandas"):
        found[what] = json.loads(measuring.module("benchmarks.references", what, str(folder)).output.splitlines()[-1])
        keep(found)


def _say(words: str) -> None:
    print(words, flush=True)


def _machine() -> dict[str, Any]:
    """What it was measured on; `busy` is what other programs had to do meanwhile."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        model = next(
            (x.split(":")[1].strip() for x in cpuinfo.read_text().splitlines() if x.startswith("model name")), ""
        )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=measuring.PROJECT, check=False
    )
    return {
        "cpus": available_cpus(),
        "model": model or platform.processor(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit.stdout.strip(),
    }


def main() -> None:
    """Measure the parts that were named, or all, and write the document."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "parts",
        nargs="*",
        choices=["start", "formats", "runs", "checks", "write", []],
        default=["start", "formats", "runs", "checks"],
    )
    parser.add_argument("--sizes", default="1000,10000", help="of the corpora; 100000 takes an hour and is plain text")
    parser.add_argument("--texts", action="store_true", help="plain text corpora, whatever their size")
    parser.add_argument("--alone", action="store_true", help="runs without their references")
    given = parser.parse_args()
    corpora.KEPT.mkdir(exist_ok=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}

    def keep(name: str, found: dict[str, Any]) -> None:
        results[name] = {**found, "machine": _machine()}
        RESULTS.write_text(json.dumps(results, indent=1))
        DOCUMENT.write_text(tables.document(results), encoding="utf-8")

    if "start" in given.parts:
        keep("start", start())
    if "formats" in given.parts:
        keep("formats", {"formats": formats()})
    if "runs" in given.parts:
        for size in map(int, given.sizes.split(",")):
            texts = given.texts or size >= TEXTS_FROM
            whole_run(size, texts, not given.alone, partial(keep, f"run {size}{' texts' if texts else ''}"))
    if "checks" in given.parts:
        home = _fresh("bundled")
        measuring.run(_jixiao("run", "--home", str(home)))
        keep("checks", validation.measure(home))
    if "write" in given.parts:
        DOCUMENT.write_text(tables.document(results), encoding="utf-8")
    _say(f"written: {DOCUMENT}")


if __name__ == "__main__":
    main()
