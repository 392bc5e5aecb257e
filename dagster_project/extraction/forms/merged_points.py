"""A column 分值/得分 with "20/18" in each cell -> two columns, as all other forms have them."""

from __future__ import annotations

import re
from dataclasses import replace

from dagster_project.extraction.forms.labels import bare
from dagster_project.extraction.forms.rows import FormCell, Row, make_cell

MERGED_HEAD = re.compile(r"(?:分值|权重|满分)\s*[/／]\s*(?:自评)?(?:得分|评分)")
_MERGED_KEY = re.compile(r"(?:指标)?(?:分值|权重|满分)/(?:自评)?(?:得分|评分)")
_SLASH = re.compile(r"[^/／]*([/／])[^/／]*")
_PAIR = re.compile(r"\s*\d{1,3}(?:[.．]\d{1,2})?\s*分?\s*([/／])\s*\d{1,3}(?:[.．]\d{1,2})?\s*分?\s*")


def split_merged_points(rows: list[Row], text: str) -> list[Row]:
    """The rows, with weight and score in columns of their own."""
    if not MERGED_HEAD.search(text):
        return rows
    out: list[Row] = []
    slot: int | None = None
    source = ""
    for row in rows:
        head = next((c for c in row.own() if _MERGED_KEY.fullmatch(bare(c.key))), None)
        if head is not None and row.source in ("table", "tabbed"):
            slot, source = head.column, row.source
        if slot is None or row.source != source:
            slot = slot if row.source == source or not row.cells else None
            out.append(row)
            continue
        out.append(_split(row, slot, text))
    return out


def _split(row: Row, slot: int, text: str) -> Row:
    cells: list[FormCell] = []
    for cell in row.cells:
        if cell.column > slot:
            cells.append(replace(cell, column=cell.column + 1))
        elif cell.column == slot and cell.span == 1:
            cells += _halves(cell, text)
        else:
            cells.append(replace(cell, span=cell.span + 1) if cell.column + cell.span > slot else cell)
    return replace(row, cells=cells, width=row.width + 1)


def _halves(cell: FormCell, text: str) -> list[FormCell]:
    """The cell before the slash and the one behind it; a cell without a pair stays in the first column."""
    written = text[cell.start : cell.end]
    m = _PAIR.fullmatch(written)
    if m is None and _MERGED_KEY.fullmatch(bare(cell.key)):
        m = _SLASH.fullmatch(written)
    if m is None:
        return [cell]
    cut = m.start(1)
    parts = (
        make_cell(written[:cut], cell.start, cell.column),
        make_cell(written[cut + 1 :], cell.start + cut + 1, cell.column + 1),
    )
    return [replace(p, inherited=cell.inherited) for p in parts if p is not None]
