"""Placed characters -> lines -> running text. Pure geometry, used alike by PDF, OFD and OCR pages.

Coordinates are points, y downwards from the page's upper edge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

SAME_LINE = (
    0.45  # of the type size: how far baselines of one line may lie apart (CJK and Latin fonts differ by up to 0.3)
)
SPLIT_LINE = 0.8  # of the type size: how far, when the two rows of glyphs fill each other's gaps
SPACE_LATIN = 0.22  # of the type size: a gap between letters that reads as a blank
SPACE_DIGIT = 0.3  # between digits, which some programs space out
SPACE_MIXED = 0.6  # between Latin and CJK, where office programs put a quarter of an em by themselves
SPACE_CJK = 1.2  # between CJK characters, which justified lines pull apart
TAB = 2.5  # of the type size: a gap in prose that only a tab makes

_WORD = re.compile(r"[0-9A-Za-z.,%+\-/]+")
_CLOSING = "，。、；：！？）》”’％%,.;:!?)]】"
_OPENING = "（《“‘〈【([<≥≤"
_HANGING = "，。、；：！？）》”’"
_BROKEN_DECIMAL = re.compile(r"(?<![\d.])\d+\.\d{1,3}$")
_DECIMAL_GOES_ON = re.compile(r"\d{1,3}(?=[%％‰万亿元]|个百分点)")
_ITEM = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[、）)]|[（(]?\d{1,2}[、．）)]|\d{1,2}\.(?!\d)|[①-⑳]|第[一二三四五六七八九十]+[章节条部])"
)
_SENTENCE_END = "。；;：:！？!?"


class Glyph(NamedTuple):
    """One character as drawn: its advance box [x0, x1], the middle of its em box, its type size, the character."""

    x0: float
    x1: float
    y: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs of one line from left to right, and their text."""

    glyphs: tuple[Glyph, ...]
    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0


def _cjk(char: str) -> bool:
    return ord(char[0]) >= 0x2E80


def _gap(before: Glyph, after: Glyph, prose: bool) -> str:
    size = max(before.size, after.size)
    gap = (after.x0 - before.x1) / size if size else 0.0
    if gap <= SPACE_LATIN:
        return ""
    a, b = before.text[-1], after.text[0]
    if a.isspace() or b.isspace():
        return ""
    if prose and gap > TAB:
        return "\t"
    if _cjk(a) and _cjk(b):
        least = SPACE_CJK
    elif _cjk(a) or _cjk(b):
        least = SPACE_MIXED
    elif a.isdigit() and b.isdigit():
        least = SPACE_DIGIT
    else:
        least = SPACE_LATIN
    return " " if gap > least else ""


def _without_overprints(glyphs: list[Glyph]) -> list[Glyph]:
    """Fake bold and shadows draw a character twice in one place: keep the first."""
    kept: list[Glyph] = []
    last = -math.inf  # the left edge of the last one kept: none of those before it begins further to the right
    for glyph in glyphs:
        x0 = glyph.x0
        half = 0.5 * (glyph.x1 - x0)
        if x0 - last < half and any(
            other.text == glyph.text and x0 - other.x0 < min(0.5 * (other.x1 - other.x0), half) for other in kept[-3:]
        ):
            continue
        kept.append(glyph)
        last = x0
    return kept


def make_line(glyphs: Sequence[Glyph], *, prose: bool = False) -> Line | None:
    """A line of glyphs in any order; None when nothing but blanks is left."""
    ordered = _without_overprints(sorted(glyphs))
    while ordered and ordered[0].text.isspace():
        ordered.pop(0)
    while ordered and ordered[-1].text.isspace():
        ordered.pop()
    if not ordered:
        return None
    parts = [ordered[0].text]
    for before, after in pairwise(ordered):
        if gap := _gap(before, after, prose):
            parts.append(gap)
        parts.append(after.text)
    sizes = sorted(g.size for g in ordered)
    size = sizes[len(sizes) // 2]
    y = sum(g.y for g in ordered) / len(ordered)
    return Line(tuple(ordered), "".join(parts), ordered[0].x0, max(g.x1 for g in ordered), y, size)


def _fill_gaps(upper: list[Glyph], lower: list[Glyph]) -> bool:
    """Do two rows of glyphs stand in each other's gaps, as digits and characters on separate baselines do?"""
    a = sorted((g.x0, g.x1) for g in upper if not g.text.isspace())
    b = sorted((g.x0, g.x1) for g in lower if not g.text.isspace())
    if not a or not b or a[-1][1] < b[0][0] or b[-1][1] < a[0][0]:
        return False
    overlap, i = 0.0, 0
    for x0, x1 in b:
        while i < len(a) and a[i][1] <= x0:
            i += 1
        for k in range(i, len(a)):
            if a[k][0] >= x1:
                break
            overlap += min(x1, a[k][1]) - max(x0, a[k][0])
    return overlap < 0.1 * min(sum(x1 - x0 for x0, x1 in a), sum(x1 - x0 for x0, x1 in b))


def group_lines(glyphs: Sequence[Glyph], *, prose: bool = False) -> list[Line]:
    """Lines from top to bottom. A slightly shifted baseline, small print or a raised character does not part a line."""
    rows: list[list[Glyph]] = []
    middle, count, size = 0.0, 0, 0.0
    for glyph in sorted(glyphs, key=lambda g: g.y):
        if rows and glyph.y - middle <= SAME_LINE * max(size, glyph.size):
            rows[-1].append(glyph)
            count += 1
            middle += (glyph.y - middle) / count
            size = max(size, glyph.size)
        else:
            rows.append([glyph])
            middle, count, size = glyph.y, 1, glyph.size
    merged: list[list[Glyph]] = []
    for row in rows:
        if merged:
            before = merged[-1]
            size = max(row[0].size, before[0].size)
            distance = sum(g.y for g in row) / len(row) - sum(g.y for g in before) / len(before)
            if distance < SPLIT_LINE * size and _fill_gaps(before, row):
                before.extend(row)
                continue
        merged.append(row)
    lines = [line for row in merged if (line := make_line(row, prose=prose)) is not None]
    return sorted(lines, key=lambda line: line.y)


def first_unit(line: Line) -> float:
    """The width in points of what cannot be parted from the line's beginning: a word, a number, a character with its
    closing punctuation."""
    n = 0
    while n < len(line.text) - 1 and line.text[n] in _OPENING:
        n += 1
    match = _WORD.match(line.text, n)
    # `text` and `glyphs` agree at the beginning of a line as long as no blank was put between: a word has none.
    n = match.end() if match else n + 1
    while n < len(line.text) and line.text[n] in _CLOSING:
        n += 1
    n = min(n, len(line.glyphs))
    return line.glyphs[n - 1].x1 - line.glyphs[0].x0


def begins_item(text: str) -> bool:
    """Does the text begin as a numbered item does: 一、 （一） 1. （1） ①?"""
    return _ITEM.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Does the text end where a sentence or a clause of a list ends?"""
    return text.rstrip()[-1:] in _SENTENCE_END


def glue(before: str, after: str, spare: float, next_width: float, *, prose: bool = False) -> str:
    """What stands between two pieces of a wrapped line: nothing next to CJK; between Latin words the blank that the
    break swallowed; nothing inside a number or word that had to be broken because its column is too narrow.

    `spare` is the room that was left on the first line, `next_width` that of the next line's first character (points).
    """
    a, b = before[-1:], after[:1]
    if not a or not b or _cjk(a) or _cjk(b) or a.isspace() or b.isspace():
        return ""
    if not (a.isalnum() and b.isalnum()):
        # "97." / "35%" and "1,234" / ".56" are parts of one number; "(see" / "note)" are words
        return "" if re.search(r"[\d.,%\-/≥≤<>=(]$", before) or b in ".,%)/-" else " "
    if prose and _BROKEN_DECIMAL.search(before) and _DECIMAL_GOES_ON.match(after):
        return ""  # "88.7" / "0%": a line of prose need not reach its edge, and holds no stacked numbers
    return "" if spare < next_width * 1.1 + 1.0 else " "


def join_cell(lines: Sequence[Line], left: float, right: float, padding: float) -> str:
    """The text of a cell whose inner edges are `left` and `right`: wrapped lines joined, hard breaks as line feeds.

    `padding` is the distance (points, both sides together) that the table keeps between its rules and its text.
    """
    if not lines:
        return ""
    if len(lines) > 1 and all(len(line.text) == 1 and _cjk(line.text) for line in lines):
        return "".join(line.text for line in lines)  # written downwards
    widest = max(line.width for line in lines)
    room = max(widest, right - left - padding)
    middle = (left + right) / 2
    centred = all(abs((line.x0 + line.x1) / 2 - middle) < 0.6 * line.size for line in lines)
    margin = min(line.x0 for line in lines)
    text = lines[0].text
    for i, (before, after) in enumerate(pairwise(lines)):
        spare = room - before.width - (0.0 if centred else max(0.0, before.x0 - margin))
        if before.text[-1] in _HANGING:
            spare -= 0.5 * before.size  # the mark's blank half is squeezed, hangs over, or is not seen on a scan
        unit = first_unit(after)
        first = after.glyphs[0].x1 - after.glyphs[0].x0
        # A unit that is wider than the column is broken anywhere: then only its first character must not have fitted.
        full = spare < (first if unit > room else unit) + 0.1 * before.size
        if not full and len(lines) > 2:
            inner = [line.width for line in lines[:-1]]
            full = before.width > 0.6 * (right - left) and max(inner) - before.width < before.size and i < len(inner)
        indented = not centred and after.x0 - margin > 1.5 * after.size and before.x0 - margin < 0.5 * after.size
        item = begins_item(after.text) and ends_sentence(before.text)
        if full and not indented and not item:
            text += glue(text, after.text, spare, first) + after.text
        else:
            text += "\n" + after.text
    return text
