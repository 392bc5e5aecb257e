"""One view of everything that may hold a form: rows of cells with exact places, whatever the block they came from.

Rows of true tables, of pasted lines with tabs, of single lines: one type, in reading order. Cells keep the words as written,
with the blanks taken out that only come from wrapping.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dagster_project.extraction.collector import Place
from dagster_project.extraction.forms.labels import key_of
from dagster_project.extraction.lines import is_page_mark
from dagster_project.reading.model import Document, Table

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—"
_BLANK = re.compile(r"\s")
_WRAPPED = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_NARROW = re.compile(r"(?<=[\d.,%])[ \t]*\n[ \t]*(?=[\d.,%％])")  # a narrow column broke the number
_BREAK = re.compile(rf"[ \t]*\n[ \t]*(?=[{_CJK}])|(?<=[{_CJK}])[ \t]*\n[ \t]*")

HEAD = 60  # blocks: no form has its title further above its first row
LONG = 100  # characters: longer lines are looked at by their beginning only


def clean(text: str) -> str:
    """The words as written, without blanks that only come from wrapping."""
    out = text.strip()
    if not _BLANK.search(out):
        return out
    if "\n" in out or "\r" in out:
        out = _BREAK.sub("", _NARROW.sub("", out.replace("\r", "\n")))
    return " ".join(_WRAPPED.sub("", out).split())


@dataclass(slots=True)
class FormCell:
    """A cell that is not blank. `column` is its first slot, `span` the slots it covers; `inherited`: it began in a row above."""

    text: str
    key: str
    start: int
    end: int
    column: int
    span: int = 1
    inherited: bool = False


@dataclass(slots=True)
class Row:
    """A row: its cells that are not blank, in order. `source`: table, tabbed (slots are counted tabs), line (one cell), stream."""

    cells: list[FormCell]
    width: int
    start: int
    end: int
    source: str
    paragraph: int
    page: int | None = None
    sheet: str | None = None
    number: int = 0  # in the table, from 1
    heading: bool = False

    def own(self) -> list[FormCell]:
        """The cells that begin in this row."""
        return self.cells if self.source != "table" else [c for c in self.cells if not c.inherited]

    def place(self, form: str, number: int | None, column: int | None) -> Place:
        """The place of a cell of this row."""
        return Place(None, self.page, self.sheet, self.paragraph, form, number, column)


@lru_cache(maxsize=1 << 15)
def _words(text: str) -> tuple[str, str]:
    """(the words, their key): forms share most of their words."""
    return clean(text), key_of(text)


def make_cell(text: str, start: int, column: int, span: int = 1) -> FormCell | None:
    """A cell from exact text that begins at `start`; None when it is blank. Its range covers the words only."""
    words = text.strip()
    if not words:
        return None
    at = start if text[0] == words[0] else start + text.index(words[0])
    plain, key = _words(words)
    return FormCell(plain, key, at, at + len(words), column, span)


def _table_rows(table: Table, paragraph: int) -> Iterator[Row]:
    by_row: list[list[FormCell]] = [[] for _ in range(table.n_rows)]
    ends = [table.start] * table.n_rows
    starts = [table.end] * table.n_rows
    for cell in table.cells:
        if cell.row < table.n_rows:
            starts[cell.row] = min(starts[cell.row], cell.start)
            ends[cell.row] = max(ends[cell.row], cell.end)
        made = make_cell(cell.text, cell.start, cell.col, cell.colspan)
        if made is None:
            continue
        by_row[cell.row].append(made)
        for r in range(cell.row + 1, min(cell.row + cell.rowspan, table.n_rows)):
            by_row[r].append(FormCell(made.text, made.key, made.start, made.end, made.column, made.span, True))
    for r, cells in enumerate(by_row):
        cells.sort(key=lambda c: c.column)
        start, end = (starts[r], ends[r]) if ends[r] >= starts[r] else (table.start, table.start)
        yield Row(cells, table.n_cols, start, end, "table", paragraph, table.page, table.sheet, r + 1)


_PIPES = re.compile(r"\s*\|(?:[^|\n]*\|){2,}\s*$")
_DOTS = re.compile(r"[…⋯.．·]+")  # the template's 以此类推
_RULE = re.compile(r"\s*\|[\s:|\-]+\|\s*$")


def line_row(
    text: str, start: int, paragraph: int, *, page: int | None, sheet: str | None, heading: bool = False
) -> Row:
    """The row of one line: cells between tabs (or the pipes of a plain-text table), otherwise one cell."""
    if "\t" in text or ("|" in text and _PIPES.match(text)):
        separator = "\t"
        offset = 0
        pieces = text
        if "\t" not in text:
            if _RULE.match(text):
                return Row([], 1, start, start + len(text), "line", paragraph, page, sheet)
            separator = "|"
            offset = text.index("|") + 1
            pieces = text[offset:].rstrip()[:-1]
        cells = []
        at = start + offset
        parts = pieces.split(separator)
        for column, piece in enumerate(parts):
            cell = make_cell(piece, at, column)
            if cell is not None:
                cells.append(cell)
            at += len(piece) + 1
        return Row(cells, len(parts), start, start + len(text), "tabbed", paragraph, page, sheet)
    words = text.strip()
    if len(words) > LONG:  # prose, or a form on one line: no label
        at = start + (len(text) - len(text.lstrip()))
        long = FormCell(words, key_of(words[:LONG]), at, at + len(words), 0)
        return Row([long], 1, start, start + len(text), "line", paragraph, page, sheet, 0, heading)
    only = None if is_page_mark(words) or _DOTS.fullmatch(words) else make_cell(text, start, 0)
    return Row([only] if only else [], 1, start, start + len(text), "line", paragraph, page, sheet, 0, heading)


def rows_of(document: Document, start: int = 0) -> list[Row]:
    """The rows of the document in reading order, blank lines included, from the block on that stands `HEAD` blocks above `start`."""
    out: list[Row] = []
    first = max(0, bisect_left(document.blocks, start, key=lambda b: b.end) - HEAD)
    for paragraph, block in enumerate(document.blocks[first:], first + 1):
        if isinstance(block, Table):
            if block.n_cols == 1:  # a frame around prose: its lines are lines
                for cell in block.cells:
                    at = cell.start
                    for line in cell.text.split("\n"):
                        out.append(line_row(line, at, paragraph, page=block.page, sheet=block.sheet))
                        at += len(line) + 1
                continue
            out.extend(_table_rows(block, paragraph))
            continue
        heading = not hasattr(block, "level")
        at = block.start
        for line in document.text[block.start : block.end].split("\n"):
            out.append(line_row(line, at, paragraph, page=block.page, sheet=block.sheet, heading=not heading))
            at += len(line) + 1
    return out
