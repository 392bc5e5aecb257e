"""Documents made of plain lines and small tables, for the tests of headings, identity and findings."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.reading.model import Cell, Document, DocumentBuilder

Row = Sequence[str]
Part = str | tuple[int, str] | Sequence[Row]


def document(*parts: Part, name: str = "report.docx", format: str = "docx") -> Document:
    """A document of the parts: a string is a paragraph, (level, text) a heading, a list of rows a table without spans
    (a row of one string covers the whole width)."""
    builder = DocumentBuilder(name, format)
    for part in parts:
        if isinstance(part, str):
            builder.paragraph(part)
        elif isinstance(part, tuple):
            builder.heading(part[1], part[0])
        else:
            width = max(len(row) for row in part)
            cells = []
            for r, row in enumerate(part):
                for c, text in enumerate(row):
                    span = width - len(row) + 1 if c == len(row) - 1 else 1
                    cells.append(Cell(r, c, text, 1, span))
            builder.table(cells, len(part), width)
    return builder.build()


def pasted(text: str, name: str = "report.txt") -> Document:
    """Pasted text: one paragraph a line, offsets into the exact text."""
    from dagster_project.reading.text import read_text

    return read_text(text.encode(), name)
