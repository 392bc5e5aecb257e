"""The lines of a document's prose, as headings, names and findings are written: one a line, tables left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dagster_project.reading.model import Document, Heading, Table

# 第 2 页 共 7 页, - 3 -, 2/7: what pages leave in pasted text.
_PAGE_MARK = re.compile(
    r"第?\s*[0-9０-９]{1,3}\s*页\s*[,/，／]?\s*(?:共\s*[0-9０-９]{1,3}\s*页)?|共\s*[0-9０-９]{1,3}\s*页"
    r"|[-—–－─]+\s*[0-9０-９]{1,3}\s*[-—–－─]+|[0-9０-９]{1,3}\s*[/／]\s*[0-9０-９]{1,3}"
)
_PAGE_MARK_ENDS = frozenset("页-—–－─0123456789０１２３４５６７８９")
_RARE = 0.15  # of the line ends: blank lines as rare as this part pages, not paragraphs


def is_page_mark(text: str) -> bool:
    """True for a line, without blanks at its ends, that is nothing but a page number as printed."""
    return len(text) <= 16 and text[-1:] in _PAGE_MARK_ENDS and _PAGE_MARK.fullmatch(text) is not None


class Line(NamedTuple):
    """A line without the blanks at its ends; `start` and `end` are its range in the exact text."""

    text: str
    start: int
    end: int
    block: int  # index of its block in the document
    heading_level: int | None = None  # the format's own heading level
    new_page: bool = False  # a page ended right before it, perhaps in mid-sentence


_latest: list[tuple[Document, tuple[Line, ...]]] = []


def lines(document: Document) -> Sequence[Line]:
    """`read_lines`, kept for the document at hand: its title, its outline and its findings all begin with them."""
    if not _latest or _latest[0][0] is not document:
        _latest[:] = [(document, tuple(read_lines(document)))]
    return _latest[0][1]


def read_lines(document: Document) -> Iterator[Line]:
    """The lines of all headings and paragraphs in reading order; page marks and lines of blanks are left out.

    A page ends at a page mark; in pasted text, where blank lines are rare, at a blank line too.
    """
    marked = False
    blank = re.compile(r"\n[ \t]*\r?\n") if document.format == "txt" and not blank_lines_part(document) else None
    last = 0
    for line in _all_lines(document):
        if is_page_mark(line.text):
            marked = True
            continue
        yield (
            line._replace(new_page=True)
            if marked or (blank and last and blank.search(document.text, last, line.start))
            else line
        )
        marked, last = False, line.end


def blank_lines_part(document: Document) -> bool:
    """True for pasted text with so many blank lines that they part paragraphs, and not pages."""
    if document.format != "txt":
        return False
    ends = document.text.count("\n")
    return len(re.findall(r"\n[ \t]*\r?(?=\n)", document.text)) >= _RARE * ends


def _all_lines(document: Document) -> Iterator[Line]:
    for number, block in enumerate(document.blocks):
        if isinstance(block, Table):
            continue
        level = block.level if isinstance(block, Heading) else None
        text = block.text
        if "\n" not in text:
            plain = text.strip()
            if plain:
                start = block.start + (0 if plain[0] == text[0] else text.index(plain[0]))
                yield Line(plain, start, start + len(plain), number, level)
            continue
        at = block.start
        for part in text.split("\n"):
            plain = part.strip()
            if plain:
                start = at + part.index(plain[0])
                yield Line(plain, start, start + len(plain), number, level)
            at += len(part) + 1
