"""Completing a table's grid: every slot covered exactly once, whatever the source's spans and ragged rows say."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.reading.guards import check_grid
from dagster_project.reading.model import Cell


def complete(
    cells: Sequence[Cell], n_rows: int, name: str, *, n_cols: int = 0, trim: bool = False
) -> tuple[list[Cell], int]:
    """Non-overlapping `cells` plus empty ones for the uncovered slots, and the number of columns (at least `n_cols`).

    `trim` cuts off the columns at the right end that only over-wide spans reach (colspan="100" over five columns).
    Raises `ReadError("hostile")` for a grid above the limit.
    """
    n_cols = max(n_cols, max((c.col + c.colspan for c in cells), default=0))
    check_grid(n_rows, n_cols, name)
    covered: list[list[tuple[int, int]]] = [[] for _ in range(n_rows)]
    for cell in cells:
        for row in range(cell.row, min(cell.row + cell.rowspan, n_rows)):
            covered[row].append((cell.col, cell.col + cell.colspan))
    if all(sum(b - a for a, b in row) == n_cols for row in covered):
        return list(cells), n_cols
    width = n_cols
    if trim:
        shortest = min(max((b for _, b in row), default=0) for row in covered)
        width = max(max(c.col for c in cells) + 1, shortest)
    out = [
        Cell(c.row, c.col, c.text, c.rowspan, width - c.col, c.raw, c.number_format) if c.col + c.colspan > width else c
        for c in cells
    ]
    for row, spans in enumerate(covered):
        at = 0
        for a, b in [*sorted(spans), (width, width)]:
            if a > at:
                out.append(Cell(row, at, "", 1, a - at))
            at = max(at, min(b, width))
    return out, width
