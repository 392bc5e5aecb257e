"""Corpora of generated reports, made once and kept in .bench/ (git-ignored)."""

from __future__ import annotations

import os
import random
import re
import shutil
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from tests.generator.report import generate

KEPT = Path(__file__).resolve().parents[1] / ".bench"
SEED = 20260721
SHARES = {"docx": 35, "txt": 25, "html": 20, "pdf": 15, "xlsx": 5}  # of 100 reports
LONG_TEXT = 15_000  # bytes of a long text report, as published ones have
_DONE = "complete"
_FIGURE = re.compile(r"[\d\t|]")
_FOLDER_FILES = 2_000  # in one folder: what archives of published reports have, and file systems like


def mixed(count: int) -> Path:
    """`count` reports of all formats by SHARES."""
    return _kept(f"mixed-{count}", count, SHARES)


def texts(count: int) -> Path:
    """`count` plain-text reports as generated, about 6.5 KB each."""
    return _kept(f"txt-{count}", count, {"txt": 1})


def of_format(suffix: str, count: int) -> Path:
    """`count` reports of one format."""
    return _kept(f"{suffix}-only-{count}", count, {suffix: 1})


def long_texts(count: int) -> Path:
    """`count` text reports of LONG_TEXT bytes: generated ones, filled up with prose without figures before their forms.

    They hold about a hundred figures each, half as many again as published reports of that size.
    """
    folder = KEPT / f"long-txt-{count}-{SEED}"
    if not (folder / _DONE).exists():
        made = [generate(SEED, i, {"txt": 1}).text for i in range(count)]
        prose = [[line for line in _body(text)[0] if len(line) > 30 and not _FIGURE.search(line)] for text in made]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for i, text in enumerate(made):
            rng = random.Random(i)
            head, tail = _body(text)
            size = len(text.encode())
            while size < LONG_TEXT:
                line = rng.choice(prose[rng.randrange(count)] or [""])
                head.insert(rng.randrange(2, len(head) + 1), line)
                size += len(line.encode()) + 1
            (folder / f"long-{i:05d}.txt").write_text("\n".join([*head, *tail]), encoding="utf-8")
        (folder / _DONE).touch()
    return folder


def _body(text: str) -> tuple[list[str], list[str]]:
    """The lines of a report before its first attachment, and the rest."""
    lines = text.split("\n")
    cut = next((i for i, line in enumerate(lines) if line.startswith(("附件", "附表"))), len(lines))
    return lines[: max(cut, 2)], lines[max(cut, 2) :]


def one_more(number: int) -> Path:
    """A report that is in none of the corpora."""
    folder = KEPT / "more"
    folder.mkdir(parents=True, exist_ok=True)
    made = generate(SEED + 1, number, {"txt": 1})
    path = folder / made.name
    path.write_bytes(made.data)
    return path


def _write(index: int, folder: Path, shares: dict[str, int]) -> None:
    made = generate(SEED, index, shares)
    part = folder / f"{index // _FOLDER_FILES:03d}"
    part.mkdir(exist_ok=True)
    (part / made.name).write_bytes(made.data)


def _kept(name: str, count: int, shares: dict[str, int]) -> Path:
    folder = KEPT / f"{name}-{SEED}"
    if not (folder / _DONE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with Pool(os.cpu_count()) as pool:
            pool.map(partial(_write, folder=folder, shares=shares), range(count), chunksize=50)
        (folder / _DONE).touch()
    return folder
