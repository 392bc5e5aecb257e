"""The prose of a document as sentences: forms left out, broken lines joined, blanks gone, every character with its offset."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dagster_project.extraction.collector import Collector, Place
from dagster_project.extraction.headings import Section, section_at
from dagster_project.extraction.lines import blank_lines_part, is_page_mark
from dagster_project.reading.folding import Folded, fold, fold_evenly
from dagster_project.reading.model import Document, Heading, Paragraph, Table

_BLANKS = re.compile(r"(?:\s|\*\*|(?<=\s)_+(?=\s))+")
_TERMINAL = tuple("。!?;:！？…")
_NUMBERED = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．,，是]|[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳⑴-⒇㈠-㈩]|第[一二三四五六七八九十]+|附件|附表|备注|注[:：]|其中[:：]?$|[-*•·●◆■])"
)
_TITLE = re.compile(r"[^,:]{4,60}(?:自评|评价|绩效)(?:工作)?(?:的)?报告")
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\r?\n")
_BARE_NUMBER = re.compile(r"[\d,.]+")
_CELL = re.compile(r"\s*(?:[+-]?[\d,.]+[%％]?|[-—–/]+)\s*")
_DIGITS = re.compile(r"[\d,.]*\d")
_WHOLE_NUMBER = re.compile(r"\d[.,]\d|\d[%％]|\d{3}")
_SHORT = 16  # characters: a wrapped line is longer
_VALUE = re.compile(r"[\d,.]+\D?$")
# (主要用于…。)比上年减少…: the sentence around a bracket that holds one goes on
_SENTENCE_END = re.compile(r"[。!?！？](?!\)(?:[,;]|比|较|同比|与上))(?:[”’」』》)])*")


class Passage(NamedTuple):
    """A paragraph of prose without blanks; `starts[i]` is the offset of character i in the exact text (one more for the end)."""

    text: str
    starts: Sequence[int]
    place: Place
    section: Section | None
    is_heading: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the exact text behind `[start, end)`."""
        if end <= start:
            return self.starts[start], self.starts[start]
        return self.starts[start], self.starts[end - 1] + 1

    def sentences(self) -> Iterator[tuple[int, int]]:
        """The ranges of its sentences."""
        start = 0
        for m in _SENTENCE_END.finditer(self.text):
            yield start, m.end()
            start = m.end()
        if start < len(self.text):
            yield start, len(self.text)


def _compact(text: str, base: int, whole: str | None) -> tuple[str, Sequence[int]]:
    """Folded `text` without blanks (one is kept between two digits, where it separates), with offsets from `base`.

    `whole` is the evenly folded text of the document, in which `text` begins at `base`, where there is one."""
    folded = fold(text) if whole is None else Folded(whole[base : base + len(text)], range(len(text) + 1))
    plain, origin = folded.text, folded.starts
    even = isinstance(origin, range)
    if " " not in plain and "\n" not in plain and "\t" not in plain and "**" not in plain:
        return plain, range(base, base + len(plain)) if even else [base + o for o in origin[:-1]]
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for m in _BLANKS.finditer(plain):
        a, b = m.span()
        parts.append(plain[at:a])
        starts.extend(range(base + at, base + a) if even else [base + origin[i] for i in range(at, a)])
        if (
            a
            and b < len(plain)
            and plain[b].isalnum()
            and plain[b].isascii()
            and (plain[a - 1] == "." or (plain[a - 1].isascii() and plain[a - 1].isalnum()))
        ):
            parts.append(" ")
            starts.append(base + origin[a])
        at = b
    parts.append(plain[at:])
    starts.extend(range(base + at, base + len(plain)) if even else [base + origin[i] for i in range(at, len(plain))])
    return "".join(parts), starts


def passages(document: Document, sections: Sequence[Section], collector: Collector) -> Iterator[Passage]:
    """The prose paragraphs of `document` in reading order.

    A paragraph that stops in mid-sentence goes on in the next one (a page break, a wrapped line) unless that one starts with
    a number of its own, is a heading, or stands in another section.
    """
    whole = fold_evenly(document.text)
    begins = [s.start for s in sections]
    opening = {s.start: s for s in sections}
    starts_of_sections = sorted(opening)
    text, starts, place, section, heading = "", [], Place(), None, False  # type: str, Sequence[int], Place, Section | None, bool
    page_break = False
    parted = blank_lines_part(document)
    last: tuple[int, int] | None = None  # the range of the piece before
    cells = _number_cells(document)
    for number, block in enumerate(document.blocks, 1):
        if isinstance(block, Table) or collector.is_consumed(block.start, block.end):
            if text:
                yield _passage(text, starts, place, section, heading)
                text = ""
            continue
        if number in cells:
            if text:
                yield _passage(text, starts, place, section, heading)
                text = ""
            for value in _DIGITS.finditer(document.text, block.start, block.end):
                share = document.text[value.end() : value.end() + 1] in ("%", "％")
                collector.omit(*value.span(), "unknown_table" if share else "no_unit")
            continue
        i = bisect_left(starts_of_sections, block.start)
        opened = (
            opening[starts_of_sections[i]]
            if i < len(starts_of_sections) and starts_of_sections[i] < block.end
            else None
        )
        current = opened or section_at(sections, block.start, begins)
        for start, end, is_heading in _parts(block, opened):
            plain, offsets = _compact(document.text[start:end], start, whole)
            if not plain:
                continue
            if is_page_mark(plain):
                page_break = True
                continue
            goes_on = (
                text
                and not heading
                and not is_heading
                and opened is None
                and not text.endswith(_TERMINAL)
                and not _TITLE.fullmatch(text)
                and (page_break or len(text) > 4 or _VALUE.match(plain))
                and not _NUMBERED.match(plain)
                and not _are_rows(document.text, last, (start, end))
                and not (parted and not page_break and last and _is_cell(document.text, last, (start, end)))
            )
            page_break = False
            last = start, end
            if goes_on:
                text += plain
                starts = [*starts, *offsets]
                continue
            if text:
                yield _passage(text, starts, place, section, heading)
            text, starts, section, heading = plain, offsets, current, is_heading
            place = Place(current.path if current else None, block.page, block.sheet, number)
    if text:
        yield _passage(text, starts, place, section, heading)


_TWO_CELLS = 2


def _number_cells(document: Document) -> frozenset[int]:
    """The numbers of the blocks that are cells of a pasted table: bare numbers, a line each, below one another."""
    if document.format != "txt":
        return frozenset()
    found: set[int] = set()
    run: list[int] = []
    sure = False
    for number, block in enumerate(document.blocks, 1):
        if isinstance(block, Paragraph) and len(block.text) <= _SHORT and _CELL.fullmatch(block.text):
            run.append(number)
            # a text layer may show the digits of a year one a line: those are no numbers yet
            sure = sure or _WHOLE_NUMBER.search(block.text) is not None
            continue
        if len(run) > 1 and sure:
            found.update(run)
        run, sure = [], False
    return frozenset(found.union(run) if len(run) > 1 and sure else found)


def _are_rows(text: str, above: tuple[int, int] | None, below: tuple[int, int]) -> bool:
    """True where one of two lines has several tabs, or both are a name and a number: no sentence wraps there."""
    pieces = [text[slice(*part)].split("\t") for part in (above, below) if part]
    pairs = [len(p) == _TWO_CELLS and _BARE_NUMBER.fullmatch(p[1].strip()) is not None for p in pieces]
    return any(len(p) > _TWO_CELLS for p in pieces) or (above is not None and all(pairs))


def _is_cell(text: str, above: tuple[int, int], below: tuple[int, int]) -> bool:
    """True for a bare number with a blank line to its short neighbour: cells of a pasted table, and no sentence that wraps."""
    pieces = text[slice(*above)].strip(), text[slice(*below)].strip()
    return (
        len(pieces[0]) <= _SHORT
        and any(_BARE_NUMBER.fullmatch(p) for p in pieces)
        and _BLANK_LINE.search(text, above[1], below[0]) is not None
    )


def _parts(block: Heading | Paragraph, opened: Section | None) -> list[tuple[int, int, bool]]:
    """The ranges of a block: a heading that its sentence follows on the same line (三、…情况：无。) is a part of its own."""
    if opened is None:
        return [(block.start, block.end, isinstance(block, Heading))]
    if opened.heading_end >= block.end:
        return [(block.start, block.end, True)]
    return [(block.start, opened.heading_end, True), (opened.heading_end, block.end, False)]


def _passage(text: str, starts: Sequence[int], place: Place, section: Section | None, heading: bool) -> Passage:
    if isinstance(starts, range):
        return Passage(text, range(starts.start, starts.stop + 1), place, section, heading)
    return Passage(text, [*starts, starts[-1] + 1], place, section, heading)
