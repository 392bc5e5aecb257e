"""Documents for form tests: one description of a form, set as a true table, as pasted text, on one line, a cell a line."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.forms import extract_forms
from dagster_project.extraction.rows import Figure, FormRow, Identity
from dagster_project.reading.model import Cell, Document, DocumentBuilder, Paragraph
from tests.support.blocks import Grid, Para, TableCell, grid, place
from tests.support.txt_writer import to_text

Rows = Sequence[Sequence[str | TableCell]]
Block = Para | Grid


def span(text: str, rows: int = 1, cols: int = 1) -> TableCell:
    """A merged cell."""
    return TableCell(text, rows, cols)


def identity(year: int | None = 2022, kind: str = "overall_self_evaluation") -> Identity:
    """Who and when, as far as forms ask."""
    return Identity(None, None, None, None, None, None, None, None, year, kind, None)


def pasted(text: str) -> Document:
    """A text file: a paragraph a line, blank lines left out."""
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Paragraph(line, at, at + len(line)))
        at += len(line) + 1
    return Document("report.txt", "txt", text, tuple(blocks))


def set_tables(blocks: Sequence[Block]) -> Document:
    """A document with true tables."""
    builder = DocumentBuilder("report.docx", "docx")
    for block in blocks:
        if isinstance(block, Para):
            builder.paragraph(block.text)
        else:
            placed, n_rows, n_cols = place(block)
            cells = [Cell(r, c, t.text, t.rowspan, t.colspan) for r, c, t in placed]
            builder.table(cells, n_rows, n_cols, seams=block.seams)
    return builder.build()


def words(blocks: Sequence[Block]) -> list[str]:
    """The texts of all cells in reading order; empty cells are gone."""
    out: list[str] = []
    for block in blocks:
        out += [block.text] if isinstance(block, Para) else [c.text for row in block.rows for c in row if c.text]
    return out


LAYOUTS = {
    "table": set_tables,
    "pasted": lambda blocks: pasted(to_text(blocks, spans="row")),
    "padded": lambda blocks: pasted(to_text(blocks, spans="padded")),
    "lost": lambda blocks: pasted(to_text(blocks, spans="lost")),
    "one line": lambda blocks: pasted(" ".join(words(blocks)) + "\n"),
    "a cell a line": lambda blocks: pasted("\n".join(words(blocks)) + "\n"),
}


def form(title: str, rows: Rows, seams: Sequence[int] = ()) -> list[Block]:
    """A titled table."""
    return [Para(title), grid(rows, seams)]


def extracted(document: Document, year: int | None = 2022, kind: str = "overall_self_evaluation") -> Collector:
    """What the forms of a document say; every quote is checked against the text."""
    collector = Collector(document)
    extract_forms(document, identity(year, kind), collector)
    for e in collector.evidence_rows:
        assert document.text[e.char_start : e.char_end] == e.quote and e.quote
        assert collector.is_consumed(e.char_start, e.char_end)
    return collector


def indicator(row: FormRow) -> tuple[str | None, ...]:
    """level 1, level 2, level 3, target, achieved, weight, score, deviation"""
    weight = str(row.weight) if row.weight is not None else None
    score = str(row.score) if row.score is not None else None
    return (row.level_1, row.level_2, row.level_3, row.target, row.achieved, weight, score, row.deviation)


def indicators(collector: Collector) -> list[tuple[str | None, ...]]:
    """The indicator rows in reading order."""
    return [indicator(r) for r in collector.form_rows if r.row_kind == "indicator"]


def rows_of_kind(collector: Collector, kind: str) -> list[FormRow]:
    """The form rows of one kind."""
    return [r for r in collector.form_rows if r.row_kind == kind]


def money(collector: Collector) -> list[tuple[str | None, str | None, str, str]]:
    """row label, measure term, amount as written, unit, of the money figures in reading order"""
    return [(f.row_label, f.measure_term, f.value_as_written, f.unit) for f in collector.figures if f.kind == "money"]


def by_number(collector: Collector) -> dict[int, Figure]:
    """Figures by their number."""
    return {f.figure_no: f for f in collector.figures}


def grid_blocks(caption: str | None, rows: Rows) -> list[Block]:
    """A table without a title, below its caption if it has one."""
    return [*([Para(caption)] if caption else []), grid(rows)]
