"""Reads mutated files in the worker pool and counts how they ended: `python -m tests.torture.campaign --inputs 100000`.

Every input is known by `format:seed:number` and can be made again: `--show docx:1:4711` writes its bytes to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.reading.worker import Limits, Outcome, WorkItem, process_files
from tests.torture.bases import FORMATS
from tests.torture.probe import Seen, item_of, mutated

PROBE = "tests.torture.probe.probe"
# Small files: what takes longer than this hangs. Memory as in the pipeline.
LIMITS = Limits(cpu_seconds=25.0, wall_seconds=40.0, files_per_worker=2000)


@dataclass
class Tally:
    """What became of the inputs of a campaign."""

    inputs: Counter[str] = field(default_factory=Counter)  # by format
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)  # by format and outcome
    figures: int = 0
    wrong: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)  # identifier, steps, what is wrong
    native: list[tuple[str, str]] = field(
        default_factory=list
    )  # identifier, message: a native library ended the worker
    slowest: float = 0.0
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        """Put another campaign's counts to these."""
        self.inputs += other.inputs
        self.outcomes += other.outcomes
        self.figures += other.figures
        self.wrong += other.wrong
        self.native += other.native
        self.slowest = max(self.slowest, other.slowest)
        self.seconds += other.seconds

    def note(self, format: str, identifier: str, outcome: Outcome, steps: tuple[str, ...] = ()) -> Seen | None:
        """Count how a file ended; what it came back as, None when it was refused. `steps`: where the worker did not mutate it."""
        self.inputs[format] += 1
        self.slowest = max(self.slowest, outcome.seconds)
        if outcome.error is not None:
            self.outcomes[format, outcome.error.reason] += 1
            return None
        seen: Seen = outcome.result
        self.outcomes[format, seen.outcome] += 1
        self.figures += seen.figures
        if seen.wrong:
            self.wrong.append((identifier, steps or seen.steps, seen.wrong))
        return seen

    def as_json(self) -> dict[str, Any]:
        """The counts for a file or for a person."""
        return {
            "inputs": dict(self.inputs),
            "total": self.inputs.total(),
            "outcomes": {f"{f} {o}": n for (f, o), n in sorted(self.outcomes.items())},
            "figures": self.figures,
            "native": self.native,
            "wrong": self.wrong,
            "slowest_seconds": round(self.slowest, 2),
            "seconds": round(self.seconds),
        }


def campaign(inputs: int, seed: int = 1, formats: Sequence[str] = FORMATS, workers: int | None = None) -> Tally:
    """Read `inputs` mutated files, spread evenly over the formats."""
    os.environ["JIXIAO_SOFFICE"] = (
        ""  # a workbook mutated into a .doc says that it needs LibreOffice; that is tested elsewhere
    )
    tally = Tally()
    started = time.monotonic()
    with tempfile.NamedTemporaryFile(prefix="jixiao-torture-") as unused:
        Path(unused.name).write_bytes(b"the worker makes the bytes itself")

        def items() -> Iterator[WorkItem]:
            for number in range(inputs):
                yield item_of(unused.name, formats[number % len(formats)], number, seed)

        for outcome in process_files(items(), workers, LIMITS, PROBE):
            identifier = outcome.item.document_sha256
            tally.note(identifier.partition(":")[0], identifier, outcome)
            if outcome.error is None:
                continue
            reason, message = outcome.error.reason, outcome.error.message
            if reason == "crashed" and "library crashed" in message:
                tally.native.append((identifier, message))
            elif reason in ("crashed", "timeout", "damaged") or (reason == "hostile" and outcome.detail):
                # a fault of ours that the worker caught; nothing else raises out of the probe
                words = (outcome.detail or "").strip().splitlines()[-6:]
                tally.wrong.append(
                    (identifier, mutated(identifier)[2].steps, f"{reason}: {message} {' | '.join(words)}")
                )
    tally.seconds = time.monotonic() - started
    return tally


def tell(tally: Tally, file: Path | None, **more: Any) -> None:
    """Print the counts, write them to `file`, and end the process: with 1 when something was wrong."""
    text = json.dumps({**tally.as_json(), **more}, ensure_ascii=False, indent=1)
    if file:
        file.write_text(text, "utf-8")
    print(text)
    sys.exit(1 if tally.wrong else 0)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.campaign", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", type=Path, help="write the counts here")
    parser.add_argument("--show", metavar="FORMAT:SEED:NUMBER", help="write the bytes of one input to standard output")
    given = parser.parse_args()
    if given.show:
        sys.stdout.buffer.write(mutated(given.show)[2].data)
        return
    tell(campaign(given.inputs, given.seed, given.formats.split(","), given.workers), given.json)


if __name__ == "__main__":
    main()
