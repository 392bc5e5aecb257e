"""From the visible cells of a sheet to blocks: which rows are tables, which are lines of text; shared by .xlsx and
.xls.

A sheet has no blocks of its own. Borders say best what its author drew as a table; a sheet without them is cut at
blank rows,
and rows that hold one cell only (titles, unit lines, prose) are text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dagster_project.reading.guards import MAX_GRID_SLOTS, check_grid
from dagster_project.reading.model import Cell, DocumentBuilder, ReadError

_PROSE = 40  # characters: a lone cell longer than this is text, not the label of an empty row
_EDGE = 20  # blank bordered rows or columns that still belong to a table; more are borders laid over the whole sheet
_MAX_MERGES = 200_000

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one cell shows; `raw` and `number_format` for stored numbers."""

    text: str
    raw: str | None = None
    number_format: str | None = None


@dataclass(slots=True)
class Sheet:
    """The cells of one sheet by (row, column) from 0; merges as (first row, last row, first column, last column)."""

    name: str
    cells: dict[Place, Shown] = field(default_factory=dict)  # cells with words only
    bordered: dict[int, list[int]] = field(default_factory=dict)  # row -> columns of cells with a border
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, col: int, shown: Shown | None, bordered: bool) -> None:
        """Add a cell. Raises `ReadError("hostile")` for a sheet with more cells than a table may have."""
        if shown is not None and shown.text.strip():
            self.cells[row, col] = shown
            if len(self.cells) > MAX_GRID_SLOTS:
                raise ReadError("hostile", f"sheet {self.name}: over {MAX_GRID_SLOTS:,} cells; no report needs that")
        if bordered:
            self.bordered.setdefault(row, []).append(col)


def add_sheet(builder: DocumentBuilder, sheet: Sheet) -> None:
    """Add the sheet's blocks. Hidden rows and columns are left out, with a warning when they hold words."""
    _Layout(builder, sheet).add()


class _Layout:
    def __init__(self, builder: DocumentBuilder, sheet: Sheet) -> None:
        self.builder = builder
        self.sheet = sheet
        self.spans: dict[Place, tuple[int, int, int, int]] = {}  # first visible slot -> merge
        self.cells: dict[Place, Shown] = {}
        self.by_row: dict[int, list[int]] = {}  # visible row -> visible columns with words
        self.bordered: dict[int, list[int]] = {}
        self.upright: set[int] = set()  # rows that a merge over several rows touches
        self.rows: list[int] = []

    def add(self) -> None:
        if not self.sheet.cells:
            return
        self._visible()
        self._drawn = self._is_drawn()
        kinds = [(row, self._kind(row)) for row in self.rows]
        segment: list[int] = []
        for i, (row, found) in enumerate(kinds):
            kind = found
            gap = i > 0 and any(
                r not in self.sheet.hidden_rows for r in (self.rows[i - 1] + 1, row - 1) if self.rows[i - 1] < r < row
            )
            if kind == "several":  # one row of several unboxed cells in a drawn sheet: a line over the table
                alone = not (i and kinds[i - 1][1] == kind and not gap) and not (
                    i + 1 < len(kinds) and kinds[i + 1][1] == kind
                )
                kind = "line" if alone else "table"
            if segment and (gap or kind != "table"):
                self._segment(segment)
                segment = []
            if kind == "line":
                self._line(row)
            elif kind == "table":
                segment.append(row)
        if segment:
            self._segment(segment)

    # --- what is visible ---------------------------------------------------------------------------------------------

    def _visible(self) -> None:
        sheet = self.sheet
        lost = 0
        for (row, col), shown in sheet.cells.items():
            if row in sheet.hidden_rows or col in sheet.hidden_columns:
                lost += 1
            else:
                self.cells[row, col] = shown
        last_row = max([r for r, _ in sheet.cells] + [r for r, c in sheet.bordered.items() if c])
        last_col = max([c for _, c in sheet.cells] + [max(c) for c in sheet.bordered.values() if c])
        if len(sheet.merges) > _MAX_MERGES:
            raise ReadError(
                "hostile",
                f"{self.builder.name}, sheet {sheet.name}: over {_MAX_MERGES:,} merged ranges; no report needs that",
            )
        covered: set[Place] = set()
        touched: set[int] = set()
        for top, bottom, left, right in sorted(sheet.merges):
            # A merge may claim a million rows: only those that the sheet uses count.
            rows = [r for r in range(top, min(bottom, max(last_row, top)) + 1) if r not in sheet.hidden_rows]
            cols = [c for c in range(left, min(right, max(last_col, left)) + 1) if c not in sheet.hidden_columns]
            if not rows or not cols:
                continue
            if len(covered) + len(rows) * len(cols) > MAX_GRID_SLOTS:
                raise ReadError(
                    "hostile",
                    f"{self.builder.name}, sheet {sheet.name}: merged ranges over more than {MAX_GRID_SLOTS:,} cells",
                )
            slots = [(r, c) for r in rows for c in cols]
            if any(slot in covered for slot in slots):
                self.builder.warn("grid", "merged ranges overlap; the later one is ignored", f"sheet {sheet.name}")
                continue
            covered.update(slots)
            anchor = sheet.cells.get((top, left))
            for slot in slots:
                self.cells.pop(slot, None)
            if anchor is not None:
                if top in sheet.hidden_rows or left in sheet.hidden_columns:
                    lost -= 1
                self.cells[slots[0]] = anchor
                touched.update(rows)
            if anchor is not None or any(top <= r <= bottom for r in (top, bottom) if r in sheet.bordered):
                self.spans[slots[0]] = (rows[0], rows[-1], cols[0], cols[-1])
                if len(rows) > 1:
                    self.upright.update(rows)
        for row, col in self.cells:
            self.by_row.setdefault(row, []).append(col)
        for row, cols in sheet.bordered.items():
            if row not in sheet.hidden_rows:
                kept = [c for c in cols if c not in sheet.hidden_columns]
                if kept:
                    self.bordered[row] = kept
        used = set(self.by_row) | touched
        last_used = max(used, default=-1)
        first_used = min(used, default=0)
        near = {r for r in self.bordered if first_used - _EDGE <= r <= last_used + _EDGE}
        if any(r > last_used + _EDGE for r in self.bordered):
            near = {r for r in near if r <= last_used}
        self.rows = sorted(used | near)
        if lost > 0:
            self.builder.warn("hidden", f"{lost} cells of hidden rows or columns are left out", f"sheet {sheet.name}")

    def _is_drawn(self) -> bool:
        """Whether borders tell tables from text here: most rows with several cells have them (a boxed head alone
        does not)."""
        several = [row for row, cols in self.by_row.items() if len(cols) > 1]
        return sum(row in self.bordered for row in several) * 2 >= len(several) > 0

    def _kind(self, row: int) -> str:
        count = len(self.by_row.get(row, ()))
        if self._drawn:
            if row in self.bordered or row in self.upright:
                return "table"
            return "blank" if not count else "line" if count == 1 else "several"
        if row in self.upright:
            return "table"
        return "table" if count else "blank"

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _line(self, row: int) -> None:
        text = "\t".join(self.cells[row, col].text for col in sorted(self.by_row.get(row, ())))
        for line in text.split("\n"):
            self.builder.paragraph(line.rstrip(), sheet=self.sheet.name)

    def _segment(self, rows: Sequence[int]) -> None:
        """A run of rows without a gap: its leading and closing lines of text, and the tables between."""
        if self._drawn:
            self._table(rows)
            return
        single = [len(self.by_row.get(row, ())) == 1 and row not in self.upright for row in rows]
        first = 0
        while first < len(rows) and single[first]:
            self._line(rows[first])
            first += 1
        last = len(rows)
        width = max((max(self.by_row.get(row, [0])) for row in rows[first:]), default=0)
        while last > first and single[last - 1] and self._is_text(rows[last - 1], width):
            last -= 1
        part: list[int] = []
        for i in range(first, last):
            if single[i] and self._is_prose(rows[i]):
                self._table(part)
                part = []
                self._line(rows[i])
            else:
                part.append(rows[i])
        self._table(part)
        for row in rows[last:]:
            self._line(row)

    def _is_prose(self, row: int) -> bool:
        text = self.cells[row, self.by_row[row][0]].text
        return len(text) >= _PROSE or "。" in text

    def _is_text(self, row: int, width: int) -> bool:
        """A closing row: prose, or one cell merged over the table's width."""
        col = self.by_row[row][0]
        span = self.spans.get((row, col))
        return self._is_prose(row) or (span is not None and span[3] >= width > 0)

    def _columns(self, rows: Sequence[int]) -> list[int]:
        words = {c for row in rows for c in self.by_row.get(row, ())}
        inside = set(rows)
        for (row, _), (_, _, left, right) in self.spans.items():
            if row in inside:
                words.update((left, right))
        boxes = {c for row in rows for c in self.bordered.get(row, ())}
        if words:
            low, high = min(words), max(words)
            beyond = [c for c in boxes if c < low - _EDGE or c > high + _EDGE]
            boxes = {c for c in boxes if low <= c <= high} if beyond else boxes
        if not words | boxes:
            return []
        used = sorted(words | boxes)
        columns: list[int] = []
        for i, col in enumerate(used):
            if i and col - used[i - 1] <= _EDGE:
                columns.extend(c for c in range(used[i - 1] + 1, col) if c not in self.sheet.hidden_columns)
            columns.append(col)
        return columns

    def _table(self, rows: Sequence[int]) -> None:
        if not any(self.by_row.get(row) for row in rows):
            return
        columns = self._columns(rows)
        check_grid(len(rows), len(columns), self.builder.name, f"sheet {self.sheet.name}")
        row_at = {row: i for i, row in enumerate(rows)}
        col_at = {col: i for i, col in enumerate(columns)}
        taken: set[Place] = set()
        cells: list[Cell] = []
        for row in rows:
            for col in columns:
                r, c = row_at[row], col_at[col]
                if (r, c) in taken:
                    continue
                shown = self.cells.get((row, col))
                rowspan = colspan = 1
                span = self.spans.get((row, col))
                if span is not None:
                    rowspan = sum(1 for x in range(row, min(span[1], rows[-1]) + 1) if x in row_at)
                    colspan = sum(1 for x in range(col, min(span[3], columns[-1]) + 1) if x in col_at)
                    taken.update((r + i, c + j) for i in range(rowspan) for j in range(colspan))
                if shown is None:
                    cells.append(Cell(r, c, "", rowspan, colspan))
                else:
                    cells.append(Cell(r, c, shown.text, rowspan, colspan, shown.raw, shown.number_format))
        if len(columns) == 1 and len(rows) == 1:
            self._line(rows[0])
            return
        self.builder.table(cells, len(rows), len(columns), sheet=self.sheet.name)
