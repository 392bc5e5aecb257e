"""Random merged grids for property tests: tilings of a rectangle, each tile a cell with its own text."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from dagster_project.reading.model import Document, Table

Tile = tuple[int, int, int, int, str]  # row, column, rowspan, colspan, text

WORDS = st.text(alphabet="年初预算决算数人员经费万元，。0123456789.%（）-ABab", min_size=1, max_size=12)


@st.composite
def merged_grids(draw: st.DrawFn, max_rows: int = 7, max_cols: int = 7) -> tuple[list[Tile], int, int]:
    """Tiles in reading order, the number of rows, the number of columns (at least two); some row has two cells of its own."""
    n_rows, n_cols = draw(st.integers(1, max_rows)), draw(st.integers(2, max_cols))
    taken: set[tuple[int, int]] = set()
    tiles: list[Tile] = []
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) in taken:
                continue
            free = 1
            while col + free < n_cols and (row, col + free) not in taken:
                free += 1
            # The first row begins with two cells, so that the grid is a table and not a frame around one text.
            width = 1 if row == 0 and col < 2 else draw(st.sampled_from([1, 1, 1, 2, 3, free]))
            width = min(width, free)
            height = min(draw(st.sampled_from([1, 1, 1, 2, 3])), n_rows - row)
            taken.update((row + i, col + j) for i in range(height) for j in range(width))
            tiles.append((row, col, height, width, draw(WORDS)))
    return tiles, n_rows, n_cols


def tiles_of(table: Table) -> list[Tile]:
    """The cells of a table that was read, as tiles."""
    return [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells]


def tables_of(document: Document) -> list[Table]:
    """The tables of a document; its offsets are checked on the way."""
    for block in document.blocks:
        if isinstance(block, Table):
            for cell in block.cells:
                assert document.text[cell.start : cell.end] == cell.text
        else:
            assert document.text[block.start : block.end] == block.text
    return [b for b in document.blocks if isinstance(b, Table)]


def slots_of(tiles: Sequence[Tile]) -> dict[tuple[int, int], Tile]:
    """Each slot with the tile that covers it."""
    return {(t[0] + i, t[1] + j): t for t in tiles for i in range(t[2]) for j in range(t[3])}
