"""Ruled lines -> table lattices: rows, columns and merged cells. Pure geometry, used alike by PDF, OFD and OCR pages.

Coordinates are points, y downwards from the page's upper edge.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SNAP = 3.0  # points: rules nearer than this are one (double lines, both sides of a thin rectangle, rounding)
SHORTEST = 5.0  # points: no row or column of a printed form is smaller; shorter strokes are parts of glyphs and ticks
DASH = 8.0  # points: pieces up to this length may be dashes of one line
DASH_GAP = 6.0
COVERED = 0.6  # a slot's side is ruled when this share of it is drawn: corners and gaps are often cut short
MOST_CROSSINGS = 4_000_000  # drawings (maps, plans) beyond this are not tables


class Rule(NamedTuple):
    """A straight axis-parallel line: at `at` (y of a horizontal, x of a vertical one), from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a lattice: its upper left slot and its spans."""

    row: int
    col: int
    rowspan: int
    colspan: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table's grid: column edges `xs`, row edges `ys` (both rising), and cells that cover every slot exactly once."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Slot, ...]

    def slot_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, column) of a point, None outside the table (beyond half a snap)."""
        xs, ys = self.xs, self.ys
        slack = SNAP / 2
        if not (xs[0] - slack <= x <= xs[-1] + slack and ys[0] - slack <= y <= ys[-1] + slack):
            return None
        # The outer edges are left out: what lies on the slack belongs to the outer slots.
        return bisect_right(ys, y, 1, len(ys) - 1) - 1, bisect_right(xs, x, 1, len(xs) - 1) - 1

    def box(self, cell: Slot) -> tuple[float, float, float, float]:
        """The cell's (x0, y0, x1, y1)."""
        return (
            self.xs[cell.col],
            self.ys[cell.row],
            self.xs[cell.col + cell.colspan],
            self.ys[cell.row + cell.rowspan],
        )


def snap(rules: Iterable[Rule]) -> list[Rule]:
    """Join near-duplicates and pieces of one line; what stays shorter than a cell's side is dropped."""
    ordered = sorted(rules, key=lambda r: r.at)
    snapped: list[Rule] = []
    i = 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j].at - ordered[i].at <= SNAP:
            j += 1
        snapped.extend(_join(ordered[i:j]))
        i = j
    return snapped


def _join(group: Sequence[Rule]) -> list[Rule]:
    weight = sum(r.end - r.start for r in group) or 1.0
    at = sum(r.at * (r.end - r.start) for r in group) / weight if weight > 1e-9 else group[0].at
    joined: list[Rule] = []
    start = end = piece = 0.0
    for n, rule in enumerate(sorted(group, key=lambda r: r.start)):
        length = rule.end - rule.start
        gap = DASH_GAP if length <= DASH and piece <= DASH else SNAP
        if n and rule.start - end <= gap:
            end = max(end, rule.end)
        else:
            if n and end - start >= SHORTEST:
                joined.append(Rule(at, start, end))
            start, end = rule.start, rule.end
        piece = length
    if end - start >= SHORTEST:
        joined.append(Rule(at, start, end))
    return joined


def find_lattices(horizontals: Iterable[Rule], verticals: Iterable[Rule]) -> list[Lattice]:
    """All tables that the rules of one page draw, from top to bottom.

    Frames of a single slot are not tables. A lattice inside one cell of a bigger one belongs to that cell's text.
    """
    across, down = snap(horizontals), snap(verticals)
    if len(across) * len(down) > MOST_CROSSINGS:
        return []
    found = [lattice for group in _groups(across, down) if (lattice := _lattice(*group)) is not None]
    found = [lattice for lattice in found if len(lattice.cells) > 1]
    outer = [a for a in found if not any(_inside_one_cell(a, b) for b in found if b is not a)]
    return sorted(outer, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _inside_one_cell(inner: Lattice, outer: Lattice) -> bool:
    box = (inner.xs[0], inner.ys[0], inner.xs[-1], inner.ys[-1])
    for cell in outer.cells:
        x0, y0, x1, y1 = outer.box(cell)
        if box[0] >= x0 - SNAP and box[1] >= y0 - SNAP and box[2] <= x1 + SNAP and box[3] <= y1 + SNAP:
            return True
    return False


def _groups(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that touch, however indirectly, stand in one table."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if (
                h.start - SNAP <= v.at <= h.end + SNAP
                and v.start - SNAP <= h.at <= v.end + SNAP
                and (a := root(i)) != (b := root(j))
            ):
                parent[b] = a
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*across, *down]):
        group = groups.setdefault(root(i), ([], []))
        group[0 if i < len(across) else 1].append(rule)
    return [g for g in groups.values() if g[0] and g[1]]


def _edges(rules: Sequence[Rule], crossing: Sequence[Rule]) -> list[float]:
    """The rules' places, with an edge where the crossing rules run on beyond the last one (an open side)."""
    edges: list[float] = []
    for at in sorted({r.at for r in rules}):
        # Borders that browsers draw cell by cell lie a little apart; no row or column is as small as that.
        if not edges or at - edges[-1] > SHORTEST:
            edges.append(at)
    for ends, far in ((sorted(c.start for c in crossing), -1), (sorted((c.end for c in crossing), reverse=True), 1)):
        limit = ends[0]
        together = [e for e in ends if abs(e - limit) <= SNAP]
        beyond = (edges[0] - limit) if far < 0 else (limit - edges[-1])
        # Two rules must agree: one alone is a caption's underline that happens to touch the table.
        if beyond > 2 * SNAP and len(together) >= 2:
            edges.append(limit)
            edges.sort()
    return edges


def _drawn(rules: Sequence[Rule], edges: Sequence[float], across: Sequence[float]) -> list[list[bool]]:
    """[edge][interval]: is that piece of the edge drawn?"""
    drawn = [[False] * (len(across) - 1) for _ in edges]
    for i, edge in enumerate(edges):
        near = [r for r in rules if -SNAP <= r.at - edge <= SHORTEST]
        for j in range(len(across) - 1):
            a, b = across[j], across[j + 1]
            length = max((min(b, r.end) - max(a, r.start) for r in near), default=0.0)
            if length < COVERED * (b - a):  # in pieces
                length = sum(max(0.0, min(b, r.end) - max(a, r.start)) for r in near)
            drawn[i][j] = length >= COVERED * (b - a)
    drawn[0] = drawn[-1] = [True] * (len(across) - 1)
    return drawn


def _lattice(across: Sequence[Rule], down: Sequence[Rule]) -> Lattice | None:
    ys, xs = _edges(across, down), _edges(down, across)
    if len(xs) < 2 or len(ys) < 2:
        return None
    rows, cols = _drawn(across, ys, xs), _drawn(down, xs, ys)
    # An edge that no cell has is no edge: an underline that touches the border, a mark.
    keep_y = [i for i in range(len(ys)) if any(rows[i])]
    keep_x = [i for i in range(len(xs)) if any(cols[i])]
    if len(keep_y) < len(ys) or len(keep_x) < len(xs):
        ys, xs = [ys[i] for i in keep_y], [xs[i] for i in keep_x]
        rows, cols = _drawn(across, ys, xs), _drawn(down, xs, ys)
    cells = _cells(len(ys) - 1, len(xs) - 1, lambda r, c: rows[r][c], lambda r, c: cols[c][r])
    return Lattice(tuple(xs), tuple(ys), tuple(cells))


def _cells(n_rows: int, n_cols: int, above: Callable[[int, int], bool], left: Callable[[int, int], bool]) -> list[Slot]:
    """Slots without a line between them are one cell; what is no rectangle is cut into rectangles, row by row."""
    group = [[0] * n_cols for _ in range(n_rows)]
    names = 0
    alias: list[int] = []

    def root(i: int) -> int:
        while alias[i] != i:
            i = alias[i]
        return i

    for r in range(n_rows):
        for c in range(n_cols):
            up = root(group[r - 1][c]) if r and not above(r, c) else None
            west = root(group[r][c - 1]) if c and not left(r, c) else None
            if up is None and west is None:
                alias.append(names)
                group[r][c] = names
                names += 1
            else:
                group[r][c] = up if up is not None else west  # type: ignore[assignment]
                if up is not None and west is not None and up != west:
                    alias[max(up, west)] = min(up, west)
                    group[r][c] = min(up, west)
    done = [[False] * n_cols for _ in range(n_rows)]
    cells: list[Slot] = []
    for r in range(n_rows):
        for c in range(n_cols):
            if done[r][c]:
                continue
            name = root(group[r][c])

            def same(i: int, j: int, name: int = name) -> bool:
                return not done[i][j] and root(group[i][j]) == name

            width = 1
            while c + width < n_cols and same(r, c + width):
                width += 1
            height = 1
            while r + height < n_rows and all(same(r + height, j) for j in range(c, c + width)):
                height += 1
            for i in range(r, r + height):
                for j in range(c, c + width):
                    done[i][j] = True
            cells.append(Slot(r, c, height, width))
    return cells
