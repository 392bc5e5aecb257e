"""Command line of the generator: `python -m tests.generator --count 100 --seed 7 --out DIR [--gold DIR] [--formats txt:1]`."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from multiprocessing import Pool
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


def write(index: int, *, seed: int, formats: dict[str, int] | None, out: Path, gold: Path | None) -> None:
    """Write one report, and its truth where a folder for it is given."""
    made = generate(seed, index, formats)
    (out / made.name).write_bytes(made.data)
    if gold:
        truth = json.dumps(made.gold, ensure_ascii=False, indent=1)
        (gold / f"{Path(made.name).stem}.json").write_text(truth, encoding="utf-8")


def main() -> None:
    """Write reports and, where asked for, their truth."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder of the reports")
    parser.add_argument("--gold", type=Path, help="folder of the truth, one JSON file a report")
    parser.add_argument("--jobs", type=int, default=1, help="processes to write with")
    parser.add_argument("--formats", default="", help="weights by suffix, e.g. docx:35,txt:25")
    given = parser.parse_args()
    formats = parse_formats(given.formats) if given.formats else None
    given.out.mkdir(parents=True, exist_ok=True)
    if given.gold:
        given.gold.mkdir(parents=True, exist_ok=True)
    one = partial(write, seed=given.seed, formats=formats, out=given.out, gold=given.gold)
    if given.jobs == 1:
        for index in range(given.count):
            one(index)
    else:
        with Pool(given.jobs) as pool:
            pool.map(one, range(given.count), chunksize=64)


if __name__ == "__main__":
    main()
