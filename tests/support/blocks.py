"""The one block description that every test writer takes: paragraphs, headings, tables with spans, breaks.

`parse` reads it from a small markup that people can review (seeds/report_sources); the generator makes it directly.
Line forms of the markup:

    # text        heading of level 1 (## level 2, ### level 3)
    text          a paragraph
    ---           a page break
    === name      a new sheet (spreadsheets), a new part elsewhere
    <<<  >>>      a table between the two lines, one row a line, cells between " | "
    {r2c3}text    a cell over two rows and three columns; the slots that it covers are not written again
    [empty]       a cell without text, where the row would otherwise be a blank line
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph, or a heading when `level` is above 0. `hidden` text is in the file but not on the page."""

    text: str
    level: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell as the row lists it. `number`, `number_format`: for sheets that store 0.9786 and show 97.86%."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    number: str | None = None
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table row by row as HTML has it: slots covered by a span from above or from the left are left out.

    `seams` are row numbers before which a paged format breaks the page. `hidden`: in the file, not on the page.
    """

    rows: tuple[tuple[TableCell, ...], ...]
    seams: tuple[int, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page in paged formats; nothing elsewhere."""


@dataclass(frozen=True, slots=True)
class SheetBreak:
    """A new sheet in spreadsheets; a new page in paged formats."""

    name: str
    hidden: bool = False


Block = Para | Grid | PageBreak | SheetBreak
Placed = tuple[int, int, TableCell]


def grid(rows: Sequence[Sequence[str | TableCell]], seams: Sequence[int] = (), hidden: bool = False) -> Grid:
    """A `Grid` from rows of texts and cells."""
    made = tuple(tuple(c if isinstance(c, TableCell) else TableCell(c) for c in row) for row in rows)
    return Grid(made, tuple(seams), hidden)


def place(table: Grid) -> tuple[list[Placed], int, int]:
    """Each cell with its upper left slot; the number of rows and of columns. Raises ValueError where spans collide."""
    rows = len(table.rows)
    taken: list[set[int]] = [set() for _ in range(rows)]
    placed: list[Placed] = []
    width = 0
    for r, row in enumerate(table.rows):
        here = taken[r]
        c = 0
        for cell in row:
            while c in here:
                c += 1
            if cell.rowspan == 1 and cell.colspan == 1:
                here.add(c)
            else:
                columns = range(c, c + cell.colspan)
                for below in taken[r : r + cell.rowspan]:
                    if not below.isdisjoint(columns):
                        raise ValueError(f"spans collide in row {r + 1}, column {c + 1}: {cell.text!r}")
                    below.update(columns)
            placed.append((r, c, cell))
            c += cell.colspan
        if here:
            width = max(width, max(here) + 1)
    return placed, rows, width


def slots(table: Grid) -> list[list[Placed | None]]:
    """The slots row by row, each holding the cell that covers it."""
    placed, n_rows, n_cols = place(table)
    out: list[list[Placed | None]] = [[None] * n_cols for _ in range(n_rows)]
    for found in placed:
        r, c, cell = found
        if cell.rowspan == 1 and cell.colspan == 1:
            out[r][c] = found
            continue
        for i in range(r, min(r + cell.rowspan, n_rows)):
            out[i][c : c + cell.colspan] = [found] * cell.colspan
    return out


_SPAN = re.compile(r"\{(?:r(\d+))?(?:c(\d+))?\}")


def _cell(text: str) -> TableCell:
    text = text.strip()
    match = _SPAN.match(text)
    if match:
        text = text[match.end() :]
    body = "" if text == "[empty]" else text
    return TableCell(body, int(match[1] or 1) if match else 1, int(match[2] or 1) if match else 1)


def parse(markup: str) -> tuple[dict[str, str], list[Block]]:
    """The `key: value` lines before the first blank line, and the blocks after it. Raises ValueError with the line."""
    lines = markup.splitlines()
    head: dict[str, str] = {}
    at = 0
    while at < len(lines) and lines[at].strip():
        key, colon, value = lines[at].partition(":")
        if not colon:
            raise ValueError(f"line {at + 1}: expected 'key: value' before the first blank line")
        head[key.strip()] = value.strip()
        at += 1
    return head, list(_blocks(lines, at))


def _blocks(lines: Sequence[str], at: int) -> Iterator[Block]:
    rows: list[tuple[TableCell, ...]] | None = None
    seams: list[int] = []
    opened = at
    for no, line in enumerate(lines[at:], at + 1):
        text = line.rstrip()
        if rows is not None:
            if text == ">>>":
                yield Grid(tuple(rows), tuple(seams))
                rows, seams = None, []
            elif text == "---":
                seams.append(len(rows))
            else:
                rows.append(tuple(_cell(part) for part in text.split("|")))
        elif text == "<<<":
            rows, opened = [], no
        elif text == "---":
            yield PageBreak()
        elif text.startswith("=== "):
            yield SheetBreak(text[4:].strip())
        elif match := re.match(r"(#{1,6}) (.+)", text):
            yield Para(match[2].strip(), len(match[1]))
        elif text.strip():
            yield Para(text)
    if rows is not None:
        raise ValueError(f"line {opened}: the table is not closed with >>>")
