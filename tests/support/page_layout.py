"""Lays simple blocks out on pages, for the writers of generated PDF and OFD files.

A block is `("p", text)`, `("h", text)`, `("t", cells, n_rows, n_cols)` with cells `(row, col, rowspan, colspan, text)`,
`("b",)` for a page break, or one of `tests.support.blocks`.
Coordinates are points, y downwards from the page's upper edge; a text's y is its baseline. Line feeds are hard breaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support import blocks as blocks_module

Block = tuple[Any, ...] | blocks_module.Block
Measure = Callable[[str], float]  # the width of one character in em

A4 = (595.0, 842.0)
BODY = 12.0  # type sizes in points
SMALL = 10.0
HEAD = 15.0
PADDING = 4.0
_NOT_FIRST = "，。、；：！？）》”’％%,.;:!?)"
_WORD = re.compile(r"[0-9A-Za-z.,%+\-/()<>=≥≤]+|.", re.S)


@dataclass
class Text:
    """One run on one baseline."""

    x: float
    y: float
    size: float
    text: str


@dataclass
class Page:
    """What is drawn on one page: texts, and rules as (x0, y0, x1, y1)."""

    width: float
    height: float
    texts: list[Text] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


def plain_measure(char: str) -> float:
    """Half an em for ASCII, an em for everything else."""
    return 0.5 if char.isascii() else 1.0


def width_of(text: str, size: float, measure: Measure) -> float:
    """The width of `text` in points."""
    return sum(measure(c) for c in text) * size


def wrap(text: str, room: float, size: float, measure: Measure, indent: float = 0.0) -> list[str]:
    """Break `text` into lines no wider than `room` as office programs do: words and numbers whole where they fit."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", indent
        for token in _WORD.findall(paragraph):
            w = width_of(token, size, measure)
            if used + w <= room + 1e-6:
                line, used = line + token, used + w
                continue
            if w > room:  # a number too long for its column is broken anywhere
                for char in token:
                    cw = width_of(char, size, measure)
                    if used + cw > room + 1e-6 and line:
                        lines.append(line)
                        line, used = "", 0.0
                    line, used = line + char, used + cw
                continue
            if token[0] in _NOT_FIRST and len(line) > 1:
                lines.append(line[:-1])
                line = line[-1] + token
            else:
                lines.append(line.rstrip(" "))
                line = "" if token == " " else token
            used = width_of(line, size, measure)
        lines.append(line)
        indent = 0.0
    return lines


class _Layout:
    def __init__(
        self,
        size: tuple[float, float],
        margin: tuple[float, float],
        measure: Measure,
        repeat_head_rows: int,
        centred: bool,
    ) -> None:
        self.size, self.measure, self.repeat, self.centred = size, measure, repeat_head_rows, centred
        self.left, self.top = margin
        self.right, self.bottom = size[0] - margin[0], size[1] - margin[1]
        self.pages: list[Page] = []
        self.y = 0.0
        self.new_page()

    def new_page(self) -> None:
        self.pages.append(Page(*self.size))
        self.y = self.top

    def lines(self, text: str, size: float, indent: float) -> None:
        leading = size * 1.6
        for hard in text.split("\n"):
            for i, line in enumerate(wrap(hard, self.right - self.left, size, self.measure, indent)):
                if self.y + leading > self.bottom:
                    self.new_page()
                self.pages[-1].texts.append(
                    Text(self.left + (indent if i == 0 else 0), self.y + size * 1.2, size, line)
                )
                self.y += leading

    def table(
        self, cells: Sequence[tuple[int, int, int, int, str]], n_rows: int, n_cols: int, seams: Sequence[int] = ()
    ) -> None:
        size, leading = SMALL, SMALL * 1.3
        natural = [3.0] * n_cols
        for _, col, _, colspan, text in cells:
            if colspan == 1:
                longest = max(sum(self.measure(c) for c in part) for part in text.split("\n"))
                natural[col] = max(natural[col], min(longest, 12.0))
        scale = (self.right - self.left) / sum(natural)
        xs = [self.left]
        for n in natural:
            xs.append(xs[-1] + n * scale)
        wrapped: dict[tuple[int, int], list[str]] = {}
        heights = [leading + 2 * PADDING] * n_rows
        for row, col, rowspan, colspan, text in sorted(cells, key=lambda c: c[2]):
            rows = wrap(text, xs[col + colspan] - xs[col] - 2 * PADDING, size, self.measure) if text else []
            wrapped[row, col] = rows
            lack = len(rows) * leading + 2 * PADDING - sum(heights[row : row + rowspan])
            if lack > 0:
                heights[row + rowspan - 1] += lack
        starts = self._break_rows(heights, seams)
        for start, end in zip(starts, [*starts[1:], n_rows], strict=True):
            if start:
                self.new_page()
                for a, b in self._repeated(cells, start):
                    self._rows(cells, wrapped, xs, heights, a, b, size, leading)
            self._rows(cells, wrapped, xs, heights, start, end, size, leading)
        self.y += leading

    def _repeated(self, cells: Sequence[tuple[int, int, int, int, str]], start: int) -> list[tuple[int, int]]:
        return [(0, self.repeat)] if 0 < self.repeat <= start else []

    def _break_rows(self, heights: list[float], seams: Sequence[int]) -> list[int]:
        """The rows that begin a page (the first always listed)."""
        starts, y = [0], self.y
        if y + heights[0] > self.bottom:
            self.new_page()
            y = self.y
        for r, h in enumerate(heights):
            if (y + h > self.bottom or r in seams) and r > starts[-1]:
                starts.append(r)
                y = self.top + sum(heights[: self.repeat])
            y += h
        return starts

    def _rows(
        self,
        cells: Sequence[tuple[int, int, int, int, str]],
        wrapped: dict[tuple[int, int], list[str]],
        xs: list[float],
        heights: list[float],
        start: int,
        end: int,
        size: float,
        leading: float,
    ) -> None:
        page = self.pages[-1]
        ys = [self.y]
        for r in range(start, end):
            ys.append(ys[-1] + heights[r])
        for row, col, rowspan, colspan, _ in cells:
            first, last = max(row, start), min(row + rowspan, end)
            if first >= last:
                continue
            x0, x1, y0, y1 = xs[col], xs[col + colspan], ys[first - start], ys[last - start]
            page.rules += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
            if first != row:  # the rest of a merged cell after a page break stays empty
                continue
            rows = wrapped[row, col]
            y = y0 + max(PADDING, (y1 - y0 - len(rows) * leading) / 2)
            for line in rows:
                room = x1 - x0 - width_of(line, size, self.measure)
                x = x0 + (room / 2 if self.centred else PADDING)
                page.texts.append(Text(x, y + size * 1.05, size, line))
                y += leading
        self.y = ys[-1]


def _plain(blocks: Sequence[Block]) -> list[tuple[Any, ...]]:
    """The blocks as tuples; what is hidden is not on the page."""
    plain: list[tuple[Any, ...]] = []
    for block in blocks:
        if isinstance(block, blocks_module.Para):
            if not block.hidden:
                plain.append(("h" if block.level else "p", block.text))
        elif isinstance(block, blocks_module.Grid):
            placed, n_rows, n_cols = blocks_module.place(block)
            cells = [(row, col, cell.rowspan, cell.colspan, cell.text) for row, col, cell in placed]
            if not block.hidden:
                plain.append(("t", cells, n_rows, n_cols, block.seams))
        elif isinstance(block, (blocks_module.PageBreak, blocks_module.SheetBreak)):
            plain.append(("b",))
        else:
            plain.append(block)
    return plain


def lay_out(
    blocks: Sequence[Block],
    *,
    size: tuple[float, float] = A4,
    margin: tuple[float, float] = (64.0, 72.0),
    measure: Measure = plain_measure,
    repeat_head_rows: int = 0,
    page_numbers: bool = True,
    running_head: str = "",
    centred: bool = True,
) -> list[Page]:
    """The pages of `blocks`. `margin` is (left and right, top and bottom) in points."""
    layout = _Layout(size, margin, measure, repeat_head_rows, centred)
    for block in _plain(blocks):
        if block[0] == "t":
            layout.table(*block[1:])
        elif block[0] == "b":
            layout.new_page()
        elif block[0] == "h":
            layout.y += BODY * 0.6
            layout.lines(block[1], HEAD, 0.0)
        elif block[0] == "p":
            layout.lines(block[1], BODY, 2 * BODY)
        else:
            raise ValueError(f"unknown block {block[0]!r}")
    for number, page in enumerate(layout.pages, 1):
        if page_numbers:
            page.texts.append(Text(size[0] / 2 - 20, size[1] - 36, SMALL, f"— {number} —"))
        if running_head:
            page.texts.append(Text(margin[0], 40, 9.0, running_head))
    return layout.pages
