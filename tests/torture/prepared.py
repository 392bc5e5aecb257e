"""Campaigns over mutated files that are made beforehand: those of other programs, a second and more a file."""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from dagster_project.reading.worker import Limits, WorkItem, process_files
from tests.torture.campaign import Tally, tell
from tests.torture.mutations import BYTE_EDITS, ZIP_EDITS

PROBE = "tests.torture.probe.probe_prepared"
ZIPPED = {"odt"}
Wholes = Callable[[Path], Mapping[str, tuple[bytes, ...]]]  # a folder to work in -> format -> whole files


def mutated(format: str, base: bytes, rng: random.Random) -> tuple[bytes, str]:
    """The mutated bytes and the names of the steps; none for one file in twenty, which must come back whole."""
    edits = {**BYTE_EDITS, **ZIP_EDITS} if format in ZIPPED else BYTE_EDITS
    steps = []
    for _ in range(0 if rng.random() < 0.05 else rng.choice((1, 1, 2))):
        name = rng.choice(sorted(edits))
        try:
            base = edits[name](base, rng)
        except Exception:
            continue  # the step before left no zip
        steps.append(name)
    return base, "+".join(steps) or "whole"


def campaign(wholes: Wholes, limits: Limits, inputs: int, seed: int = 1) -> tuple[Tally, Counter[str]]:
    """Read `inputs` mutated files, spread evenly over the formats; returns the counts, and how many came back with fewer cells
    and no warning, by what was done to them."""
    tally, fewer = Tally(), Counter[str]()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jixiao-torture-") as made:
        folder = Path(made)
        bases = wholes(folder)
        formats = sorted(bases)
        which: dict[str, tuple[str, int]] = {}

        def items() -> Iterator[WorkItem]:
            for number in range(inputs):
                format = formats[number % len(formats)]
                rng = random.Random(f"{format}:{seed}:{number}")
                base = rng.randrange(len(bases[format]))
                data, steps = mutated(format, bases[format][base], rng)
                path = folder / f"{number}.{format}"
                path.write_bytes(data)
                which[str(path)] = (f"{format}:{seed}:{number}", base)
                yield WorkItem(hashlib.sha256(data).hexdigest(), f"{steps}.{format}", path)

        cells: dict[tuple[str, int], int] = {}
        left: list[tuple[str, int, str, int]] = []
        for outcome in process_files(items(), None, limits, PROBE):
            path = Path(outcome.item.path)
            identifier, base = which.pop(str(path))
            path.unlink(missing_ok=True)
            steps, _, format = outcome.item.name.partition(".")
            seen = tally.note(format, identifier, outcome, (steps,))
            if outcome.error is not None and outcome.error.reason in ("crashed", "timeout"):
                tally.wrong.append((identifier, (steps,), f"{outcome.error.reason}: {outcome.error.message}"))
            elif seen is not None and not seen.wrong:
                if steps == "whole":
                    cells[format, base] = seen.cells
                elif seen.outcome == "document":
                    left.append((format, base, steps, seen.cells))
        fewer.update(steps for format, base, steps, n in left if n < cells.get((format, base), 0))
    tally.seconds = time.monotonic() - started
    return tally, fewer


def command(program: str, about: str | None, wholes: Wholes, limits: Limits) -> None:
    """The command line of a campaign."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.torture.{program}", description=about)
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the counts here")
    given = parser.parse_args()
    tally, fewer = campaign(wholes, limits, given.inputs, given.seed)
    tell(tally, given.json, fewer_cells=dict(fewer.most_common()))
