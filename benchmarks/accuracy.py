"""How much of what reports state reaches the marts: python -m benchmarks.accuracy [--count 300] [--seed 20260704]

Generates reports with known truth, runs `jixiao run` on them, compares the published marts with the truth, and does the
same with hand-checked real reports where a folder of them is given or stands beside the project. Writes docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.generator.__main__ import parse_formats
from tests.generator.report import generate
from tests.generator.scoring import Tally, score_database

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"  # hand-checked real reports, where they are at hand
MEANING = {
    "report": "the document is published",
    "department": "full official name of the department",
    "year": "fiscal year",
    "money": "stated amounts: value and measure",
    "meaning": "the account of those amounts",
    "evidence": "the quote holds the figure",
    "funding": "cells of the forms' funding blocks",
    "indicator": "indicator rows of the scored forms",
    "total": "total rows of the scored forms",
    "staff": "head counts",
    "asset": "assets",
    "rate": "stated rates and scores",
    "output": "work output",
    "none": "budget books stated to be empty",
    "disagree": "identities that fail are reported",
    "calm": "identities that hold are not reported",
}


def run_jixiao(paths: Sequence[Path], home: Path) -> float:
    """`jixiao run` on the paths; returns seconds. Raises RuntimeError with the end of its output when it fails."""
    started = time.monotonic()
    command = [sys.executable, "-m", "dagster_project.cli", "run", *map(str, paths), "--home", str(home)]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False
    )
    if done.returncode not in (0, 3):
        raise RuntimeError(f"jixiao run ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    return time.monotonic() - started


def measure_generated(count: int, seed: int, work: Path, formats: dict[str, int] | None = None) -> tuple[Tally, float]:
    """Generated reports of all formats."""
    reports = work / "generated"
    reports.mkdir()
    golds: list[dict[str, Any]] = []
    for index in range(count):
        made = generate(seed, index, formats)
        (reports / made.name).write_bytes(made.data)
        golds.append(made.gold)
    home = work / "home-generated"
    seconds = run_jixiao([reports], home)
    return score_database(home / "published" / "jixiao.duckdb", golds), seconds


def measure_real(folder: Path, work: Path) -> tuple[Tally, float]:
    """Hand-checked real reports: `reports/` and `gold/` under `folder`."""
    golds = [json.loads(path.read_text("utf-8")) for path in sorted((folder / "gold").glob("*.json"))]
    home = work / "home-real"
    seconds = run_jixiao([folder / "reports"], home)
    return score_database(home / "published" / "jixiao.duckdb", golds), seconds


def table(tally: Tally) -> list[str]:
    """The rates as a Markdown table."""
    lines = ["| kind | what | recall | facts | precision | rows |", "|---|---|---|---|---|---|"]
    for kind, (recall, precision, facts, rows) in tally.rates().items():
        shown = [f"{v:.2f} %" if v is not None else "" for v in (recall, precision)]
        lines.append(f"| {kind} | {MEANING.get(kind, '')} | {shown[0]} | {facts or ''} | {shown[1]} | {rows or ''} |")
    return lines


def show(tally: Tally, limit: int) -> None:
    """The first misses of each kind, on the terminal."""
    for name, lists in (("missed", tally.missed), ("extra", tally.extra)):
        for kind, lines in lists.items():
            for line in lines[:limit]:
                print(f"  {name} {kind}: {line}")
            if len(lines) > limit:
                print(f"  {name} {kind}: and {len(lines) - limit} more")


def main() -> None:
    """Measure, print, write docs/accuracy.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20260704)
    parser.add_argument(
        "--real", type=Path, default=SHARED, help="folder with reports/ and gold/ of hand-checked reports"
    )
    parser.add_argument("--show", type=int, default=5, help="misses to print for each kind")
    parser.add_argument("--output", type=Path, default=PROJECT / "docs" / "accuracy.md")
    parser.add_argument("--formats", default="", help="weights by suffix, e.g. docx:35,txt:25")
    given = parser.parse_args()
    formats = parse_formats(given.formats) if given.formats else None
    extra = f" --formats {given.formats}" if given.formats else ""
    text = [
        "# Accuracy",
        "",
        "Recall: of the facts that the reports state, how many the marts hold. Precision: of the rows that the marts hold, how many",
        "the reports state. Each fact must agree in value and in what its kind says below; each row serves one fact. Made by",
        f"`make accuracy` (`python -m benchmarks.accuracy --count {given.count} --seed {given.seed}{extra}`).",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        tally, seconds = measure_generated(given.count, given.seed, Path(folder), formats)
        show(tally, given.show)
        text += [
            f"## {given.count} generated reports (seed {given.seed})",
            "",
            *table(tally),
            "",
            f"`jixiao run` took {seconds:.0f} s.",
            "",
        ]
        if (given.real / "gold").is_dir():
            tally, seconds = measure_real(given.real, Path(folder))
            show(tally, given.show)
            text += ["## Hand-checked real reports", "", *table(tally), "", f"`jixiao run` took {seconds:.0f} s.", ""]
    given.output.write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
