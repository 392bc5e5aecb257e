"""The lines of a document's prose, as headings, names and findings are written: one a line, tables left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dagster_project.reading.model import Document, Heading, Table


class Line(NamedTuple):
    """A line without the blanks at its ends; `start` and `end` are its range in the exact text."""

    text: str
    start: int
    end: int
    block: int  # index of its block in the document
    heading_level: int | None = None  # the format's own heading level


def lines(document: Document) -> Iterator[Line]:
    """The lines of all headings and paragraphs in reading order; lines of blanks are left out."""
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
