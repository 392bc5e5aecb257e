"""Cell-by-cell comparison of what was written with what was read."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.reading.model import Document, Paragraph, Table

CellTuple = tuple[int, int, int, int, str]


def cells_of(table: Table) -> list[CellTuple]:
    """The table's cells as the writers take them."""
    return sorted((c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells)


def share_exact(written: Sequence[CellTuple], table: Table) -> float:
    """The share of cells with the same row, column, spans and text, of all that were written or read."""
    want, got = set(written), set(cells_of(table))
    return len(want & got) / max(len(want), len(got), 1)


def tables_of(document: Document) -> list[Table]:
    return [b for b in document.blocks if isinstance(b, Table)]


def paragraphs_of(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def assert_offsets(document: Document) -> None:
    """Every block and cell lies in the document's text where it says."""
    for block in document.blocks:
        for part in block.cells if isinstance(block, Table) else (block,):
            assert document.text[part.start : part.end] == part.text
