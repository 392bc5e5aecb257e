"""Lines of a flattened form that are one line: pages and narrow windows cut them, in mid-word too.

A window that wraps lines keeps their blanks, so what stands on both sides of such a cut is one word unless a blank stands there.
A page that ends in a form leaves a blank line or a page mark; there the words decide.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dagster_project.extraction.forms.labels import (
    account_label,
    fund_source_label,
    key_of,
    level_of,
    measure_of,
    roles_of,
    title_kind,
)
from dagster_project.extraction.forms.rows import Row
from dagster_project.extraction.vocabulary import vocabulary

_SLACK = 8  # characters: a wrapped line is shorter than the window where a long number did not fit any more
_WIDEST = 100
MOST_LINES = 600  # with words: what is looked at in one go
_NOT_MORE = re.compile(
    r"(?:附件|附表|备注|注[:：]|填表人|填报人|联系人|联系电话|填报日期|填表日期|单位负责人|[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\)[\u4e00-\u9fff])"
)
_CLOSED = re.compile(r"(?:总\s*分|合\s*计|总\s*计)\s+[\d.]+\s+[\d.]+(?:\s+\S{1,8})?\s*$")
_SIGN_END = re.compile(r"(?:[≥≤><=约近]|达到|不少于|不低于|不超过|不高于|大于等于|小于等于|大于|小于|等于|至少|最多)$")
_OPEN = re.compile(r"[(（\[][^)）\]]*$")
_CJK = re.compile(r"[\u3400-\u9fff]")
_REMARK = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
_AMOUNT_FIRST = re.compile(r"[\d,]+\.\d|[\d.]+[%％]")


@dataclass(slots=True)
class Run:
    """Lines that are one. `text` is their text without what the cuts left; `place` gives the offset in the exact text."""

    lines: list[int]
    text: str
    at: list[int] = field(default_factory=list)  # in `text`: where each piece begins
    starts: list[int] = field(default_factory=list)  # in the exact text: where each piece begins

    def place(self, offset: int) -> int:
        """The exact offset of a character of `text`."""
        i = bisect_right(self.at, offset) - 1
        return self.starts[i] + offset - self.at[i]

    def line(self, offset: int) -> int:
        """The row that a character of `text` stands in."""
        return self.lines[bisect_right(self.at, offset) - 1]


def _raw(row: Row, text: str) -> str:
    return text[row.start : row.end].rstrip("\r")


def wrap_width(rows: Sequence[Row], anchor: int, text: str) -> int | None:
    """The width of the window that wrapped the lines around `anchor`; None where the lines were not wrapped."""
    near = [r for r in rows[max(0, anchor - 4) : anchor + 12] if r.source == "line" and r.cells]
    lines = [_raw(r, text) for r in near]
    width = max(map(len, lines), default=0)
    if not 20 <= width <= _WIDEST:
        return None
    full = [len(line) >= width - _SLACK for line in lines]
    if sum(full) < 3:
        return None
    signs = 0
    for (above, below), filled in zip(itertools.pairwise(lines), full, strict=False):
        if _REMARK.fullmatch(below):
            continue  # (单位：万元) below a label
        signs += filled and (
            above[-1].isspace()
            or below[0].isspace()
            or bool(_AMOUNT_FIRST.match(below))
            or _known(key_of(above.rsplit(maxsplit=1)[-1] + below.split(maxsplit=1)[0]))
        )
    return width if signs >= 2 else None


def runs(rows: Sequence[Row], first: int, anchor: int, text: str, *, cells_are_lines: bool) -> Iterator[Run]:
    """The lines from `first` on, put together where they were cut. Rows with cells of their own end it."""
    width = None if cells_are_lines else wrap_width(rows, anchor, text)
    run: Run | None = None
    mark = False
    tail = 0  # length of the run's last line, as it was before a page cut it
    left = MOST_LINES
    for index in range(first, len(rows)):
        row = rows[index]
        if left == 0:
            break
        left -= bool(row.cells)
        if not row.cells:
            mark = mark or (not text[row.start : row.end].isspace() and row.end > row.start)
            continue
        if row.source != "line":
            break
        line = _raw(row, text)
        if run is not None and not cells_are_lines:
            gap = mark or text.count("\n", rows[run.lines[-1]].end, row.start) > 1
            wrapped = width is not None and tail >= width - _SLACK and not gap
            cut = width is not None and gap and width - _SLACK <= tail + len(line) <= width + 1
            if (wrapped or cut or (gap and _goes_on(run, line, page=mark))) and not _begins(row):
                _add(run, row, line, index, glued=wrapped or _one_word(run.text, line))
                tail = tail + len(line) if cut else len(line)
                mark = False
                continue
        if run is not None:
            yield run
        run = Run([index], line, [0], [row.start])
        mark, tail = False, len(line)
    if run is not None:
        yield run


def _add(run: Run, row: Row, line: str, index: int, *, glued: bool) -> None:
    if not glued:
        run.text += " "
    run.at.append(len(run.text))
    run.starts.append(row.start)
    run.lines.append(index)
    run.text += line


def _begins(row: Row) -> bool:
    """True for a line that opens something of its own."""
    key = row.cells[0].key
    return row.heading or bool(_NOT_MORE.match(key) and not roles_of(key)) or title_kind(key) is not None


def _goes_on(run: Run, line: str, *, page: bool) -> bool:
    """True when `line` goes on with a line of cells that a page ended in."""
    words = run.text.split()
    if len(words) < 8 or len(run.text) > 25 * len(words) or _CLOSED.search(run.text[-40:]):
        return False
    below = line.split()
    if len(below) >= 4 and len(line) <= 15 * len(below):
        return True
    return page and len(line) <= 40 and not line.rstrip().endswith("。")


def _known(key: str) -> bool:
    return bool(
        roles_of(key)
        or level_of(key, 1)
        or level_of(key, 2)
        or fund_source_label(key)
        or measure_of(key)
        or account_label(key)
    )


def _one_word(left: str, right: str) -> bool:
    """True when a page cut a word: what ends `left` goes on in `right`."""
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return False
    last, first = left.rsplit(maxsplit=1)[-1], right.split(maxsplit=1)[0]
    a, b = key_of(last), key_of(first)
    if not a or not b:
        return False
    if a[-1] in ",.、，;:-" or b[0] in ",.、;%)]":
        return True
    if _OPEN.search(last):
        return True
    if a[-1].isdigit():
        if b[0].isdigit():
            return False
        return b[0] == "年" or b in vocabulary().units
    if b[0].isdigit() or b[0] in "≥≤><=":
        return bool(_SIGN_END.search(a)) and b[0].isdigit()
    if not _CJK.match(a[-1]) or not _CJK.match(b[0]):
        return b[0] in "(["
    if _known(a + b):
        return True
    return not (_known(a) or _known(b))
