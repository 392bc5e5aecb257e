"""Command line of the generator: `python -m tests.generator --count 100 --seed 7 --out DIR [--gold DIR] [--formats txt:1]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.generator.report import DEFAULT_FORMATS, generate


def parse_formats(text: str) -> dict[str, int]:
    """`docx:35,txt:25` as weights. Raises SystemExit with the known formats for an unknown one."""
    weights: dict[str, int] = {}
    for part in text.split(","):
        suffix, _, weight = part.partition(":")
        if suffix not in DEFAULT_FORMATS:
            sys.exit(f"unknown format {suffix!r}; known: {', '.join(DEFAULT_FORMATS)}")
        weights[suffix] = int(weight or 1)
    return weights


def main() -> None:
    """Write reports and, where asked for, their truth."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder of the reports")
    parser.add_argument("--gold", type=Path, help="folder of the truth, one JSON file a report")
    parser.add_argument("--formats", default="", help="weights by suffix, e.g. docx:35,txt:25")
    given = parser.parse_args()
    formats = parse_formats(given.formats) if given.formats else None
    given.out.mkdir(parents=True, exist_ok=True)
    if given.gold:
        given.gold.mkdir(parents=True, exist_ok=True)
    for index in range(given.count):
        made = generate(given.seed, index, formats)
        (given.out / made.name).write_bytes(made.data)
        if given.gold:
            truth = json.dumps(made.gold, ensure_ascii=False, indent=1)
            (given.gold / f"{Path(made.name).stem}.json").write_text(truth, encoding="utf-8")


if __name__ == "__main__":
    main()
