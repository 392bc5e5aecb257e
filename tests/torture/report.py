"""Writes the tables of docs/reliability.md from the results that are kept: `python -m tests.torture.report`.

A campaign's counts are kept by its own command, e.g. `python -m tests.torture.campaign --inputs 100000 --seed 3 --json
tests/torture/results/mutations-3.json`; killing.py and load.py write `kills-*.json` and `load-*.json` alike.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dagster_project.warehouse.home import PROJECT_ROOT

RESULTS = Path(__file__).with_name("results")
PAGE = PROJECT_ROOT / "docs" / "reliability.md"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(
        lines + ["| " + " | ".join(f"{v:,}" if isinstance(v, int) else str(v) for v in row) + " |" for row in rows]
    )


def _kept(name: str) -> list[tuple[str, dict[str, Any]]]:
    return [(p.stem, json.loads(p.read_text("utf-8"))) for p in sorted(RESULTS.glob(f"{name}-*.json"))]


def mutations() -> str:
    """By format: how many mutated files, and how they ended; then each campaign with what it found."""
    inputs: Counter[str] = Counter()
    ended: dict[str, Counter[str]] = {}
    campaigns = []
    for name, told in _kept("mutations"):
        inputs.update(told["inputs"])
        for key, n in told["outcomes"].items():
            format, _, outcome = key.partition(" ")
            ended.setdefault(format, Counter())[outcome] += n
        campaigns.append(
            (
                name,
                told["total"],
                told["figures"],
                len(told["wrong"]),
                len(told["native"]),
                told["slowest_seconds"],
                told["seconds"],
            )
        )
    rows = []
    for format in sorted(ended):
        by = ended[format]
        read, warned = by.pop("document", 0), by.pop("document_with_warnings", 0)
        refused = ", ".join(f"{reason} {n:,}" for reason, n in by.most_common())
        rows.append((format, inputs[format], read, warned, by.total(), refused))
    total = ("all", inputs.total(), sum(r[2] for r in rows), sum(r[3] for r in rows), sum(r[4] for r in rows), "")
    return (
        _table(["format", "mutated files", "read", "read with warnings", "refused", "reasons"], [*rows, total])
        + "\n\n"
        + _table(
            ["campaign", "files", "figures taken out", "wrong", "library crashes", "slowest file (s)", "seconds"],
            campaigns,
        )
    )


def kills() -> str:
    """By stage: how many runs were killed; what readers found, how the next runs ended."""
    stages: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    old = new = wrong = 0
    for _, told in _kept("kills"):
        stages.update(told["by_stage"])
        ends.update(told["next_outcomes"])
        old, new, wrong = old + told["found_old"], new + told["found_new"], wrong + len(told["wrong"])
    ended = ", ".join(f"{n} {outcome}" for outcome, n in sorted(ends.items()))
    return (
        _table(["killed in", "runs"], [*sorted(stages.items()), ("all", stages.total())])
        + f"\n\nReaders found the publication before in {old} cases and the new one in {new}. The next runs: {ended}. "
        + f"Wrong: {wrong}."
    )


def load() -> str:
    """Each measurement with its times."""
    names = ("readers", "seconds", "publications", "questions", "median_ms", "p95_ms", "worst_ms")
    rows = [(*(told[n] for n in names), len(told["errors"])) for _, told in _kept("load")]
    heads = ["readers", "seconds", "publications", "questions", "median (ms)", "p95 (ms)", "worst (ms)", "errors"]
    return _table(heads, rows)


def written(page: str) -> str:
    """The page with its tables made anew."""
    for name, make in (("mutations", mutations), ("kills", kills), ("load", load)):
        block = f"<!-- {name} -->\n{make()}\n<!-- /{name} -->"
        page, found = re.subn(f"<!-- {name} -->.*<!-- /{name} -->", lambda _, b=block: b, page, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"{PAGE} needs one place <!-- {name} --> ... <!-- /{name} -->, it has {found}")
    return page


def main() -> None:
    """Write the page."""
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
