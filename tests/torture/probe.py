"""Runs in the worker: mutates a whole file, reads and extracts it, and says whether what came of it may stand."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

from dagster_project.extraction import extract
from dagster_project.extraction.rows import Extraction
from dagster_project.ingestion import read_and_extract
from dagster_project.reading import containers, read
from dagster_project.reading.model import Document, ReadError, Table
from dagster_project.reading.worker import WorkItem
from tests.torture.bases import bases
from tests.torture.mutations import Mutated, mutate

MOST_DIGITS = 22  # in front of the point: what raw.figures holds, DECIMAL(28,6)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one mutated file. `wrong` is empty when it ended as it must."""

    steps: tuple[str, ...]
    damage: bool
    outcome: str  # document, document_with_warnings, or the reason of the refusal
    wrong: str = ""
    figures: int = 0
    cells: int = 0  # with words, of files that were made beforehand


def item_of(path: str, format: str, number: int, seed: int) -> WorkItem:
    """The work item that stands for mutation `number` of `seed`; the worker makes the bytes itself."""
    from pathlib import Path

    return WorkItem(f"{format}:{seed}:{number}", f"{format}-{seed}-{number}.{format}", Path(path))


def mutated(identifier: str) -> tuple[str, int, Mutated]:
    """Format, which of its whole files, and the mutated bytes of `format:seed:number`."""
    format = identifier.partition(":")[0]
    rng = random.Random(identifier)
    wholes = bases()[format]
    which = rng.randrange(len(wholes))
    return format, which, mutate(format, wholes[which], rng)


@cache
def _whole(format: str, which: int) -> tuple[Counter[str], int]:
    """The words of all table cells of a whole file, and the length of its text."""
    return _content(read(bases()[format][which], f"whole.{format}"))


def _content(document: Document) -> tuple[Counter[str], int]:
    cells = Counter(c.text.strip() for b in document.blocks if isinstance(b, Table) for c in b.cells if c.text.strip())
    return cells, len(document.text)


def probe(data: bytes, item: WorkItem) -> Seen:
    """Judge the mutation that `item` names. `data`, the bytes at its path, are not used."""
    format, which, made = mutated(item.document_sha256)
    if format == "zip":
        return _probe_zip(made, item)
    return _probe_one(made, item, format, which)


def _judged(data: bytes, item: WorkItem, steps: tuple[str, ...], damage: bool) -> tuple[Seen, Document | None]:
    """What became of the bytes, and the document that was read; None where they were refused."""
    try:
        document = read(data, item.name)
    except ReadError as error:
        # what read_and_extract would end with as well
        return Seen(steps, damage, error.reason, "" if error.message else "a refusal without words"), None
    wrong = broken_document(document)
    extraction = extract(document)  # raises what the pipeline calls extraction_failed
    wrong = wrong or broken_rows(extraction, document)
    outcome = "document_with_warnings" if document.warnings else "document"
    return Seen(steps, damage, outcome, wrong, len(extraction.figures)), document


def _probe_one(made: Mutated, item: WorkItem, format: str, which: int) -> Seen:
    seen, document = _judged(made.data, item, made.steps, made.damage)
    if (
        document is not None
        and not seen.wrong
        and made.damage
        and _shows(format, which, made.steps)
        and document.format == format
        and not document.warnings
    ):
        cells, _ = _whole(format, which)
        left, _ = _content(document)
        # A flipped letter inside a cell is another letter: what counts is whether there are fewer cells.
        if len(left) < len(cells) and left.total() < cells.total():
            lost = f"{(cells - left).total()} of {cells.total()}"
            return replace(seen, wrong=f"wrong success: {lost} table cells gone and no warning")
    return seen


def _shows(format: str, which: int, steps: tuple[str, ...]) -> bool:
    """Whether this damage can be told from another whole file. Text has no form at all; a changed bit in plain drawing commands
    (the uncompressed PDFs) or in a record of a workbook, which nothing there sums up, makes another drawing or record."""
    if format == "txt" or (format == "xls" and "flip" in steps):
        return False
    return not (format == "pdf" and which % 2 == 0 and steps[0] in ("flip", "pdf_stream_damaged"))


def probe_prepared(data: bytes, item: WorkItem) -> Seen:
    """Judge a mutated file that was made beforehand; its name says what was done to it: `steps.format`, see prepared.py."""
    seen, document = _judged(data, item, (item.name.partition(".")[0],), True)
    return seen if document is None else replace(seen, cells=_content(document)[0].total())


def _probe_zip(made: Mutated, item: WorkItem) -> Seen:
    if not containers.is_container(made.data):
        try:
            read_and_extract(made.data, item)
        except ReadError as error:
            return Seen(made.steps, made.damage, error.reason)
        return Seen(made.steps, made.damage, "document")
    found = errors = 0
    try:
        for member in containers.members(made.data, item.name):
            found += 1
            if member.error is not None:
                errors += 1
                continue
            try:
                read_and_extract(member.data, WorkItem(item.document_sha256, member.path, item.path))
            except ReadError as error:
                if error.reason == "extraction_failed":
                    return Seen(made.steps, made.damage, "zip", f"{member.path}: {error.message}")
                errors += 1
    except ReadError as error:
        return Seen(made.steps, made.damage, error.reason)
    wrong = "wrong success: members gone without a word" if made.damage and found < 3 else ""
    return Seen(made.steps, made.damage, "document_with_warnings" if errors else "document", wrong)


def broken_document(document: Document) -> str:
    """Why this cannot be a document of the block model; empty when it can."""
    last = 0
    try:
        document.text.encode()
    except UnicodeEncodeError as error:
        return f"text that no database stores: {error}"
    for block in document.blocks:
        if not (0 <= block.start <= block.end <= len(document.text)):
            return f"block outside the text: {block.start}-{block.end} of {len(document.text)}"
        if block.start < last:
            return f"blocks overlap at {block.start}"
        last = block.start
        if not isinstance(block, Table):
            if document.text[block.start : block.end] != block.text:
                return f"a block's words are not where it says: {block.text[:40]!r}"
            continue
        covered: set[tuple[int, int]] = set()
        for cell in block.cells:
            if document.text[cell.start : cell.end] != cell.text:
                return f"a cell's words are not where it says: {cell.text[:40]!r}"
            if not (
                cell.row >= 0
                and cell.row + cell.rowspan <= block.n_rows
                and cell.col >= 0
                and cell.col + cell.colspan <= block.n_cols
            ):
                return f"cell outside its table: {cell}"
            own = {
                (r, c)
                for r in range(cell.row, cell.row + cell.rowspan)
                for c in range(cell.col, cell.col + cell.colspan)
            }
            if covered & own:
                return f"cells overlap at {sorted(covered & own)[0]}"
            covered |= own
        if len(covered) != block.n_rows * block.n_cols and not document.warnings:
            return f"a table covers {len(covered)} of {block.n_rows * block.n_cols} slots and there is no warning"
    return ""


def broken_rows(extraction: Extraction, document: Document) -> str:
    """Why these cannot be the document's raw rows; empty when they can."""
    places = set()
    for evidence in extraction.evidence:
        places.add(evidence.evidence_no)
        if document.text[evidence.char_start : evidence.char_end] != evidence.quote:
            return f"quote not in its place: {evidence.quote[:40]!r}"
    for row in (*extraction.figures, *extraction.form_rows, *extraction.findings):
        if row.evidence_no not in places:
            return f"row without evidence: {row}"
    for figure in extraction.figures:
        if not figure.value.is_finite():
            return f"not a number: {figure.value}"
        if figure.value.adjusted() >= MOST_DIGITS:
            return f"a figure that its table cannot hold: {figure.value_as_written[:60]}"
    if len({f.figure_no for f in extraction.figures}) != len(extraction.figures):
        return "two figures of one number"
    return ""
