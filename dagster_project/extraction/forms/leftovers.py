"""Numbers of tables that no form explains: kept without an account where their unit is known, otherwise listed with the reason.

Prose leaves tables and forms alone, so a number that is not taken up here would be lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dagster_project.extraction.collector import Collector, Place
from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.context import number_of
from dagster_project.extraction.forms.labels import account_label, key_of, measure_of, unit_in
from dagster_project.extraction.forms.rows import FormCell, Row, make_cell
from dagster_project.extraction.numbers import Number
from dagster_project.extraction.rows import Identity
from dagster_project.reading.model import Document, Paragraph, Table

_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+(?:万元|亿元|元)?|(?:万元|亿元|元))")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CAPTION = 60  # characters
_LONG = 40  # characters: a longer cell holds sentences


_NARROWEST = 3  # cells: two may be a heading or a line of prose behind its number


def keep_unknown_tables(document: Document, rows: Sequence[Row], identity: Identity, collector: Collector) -> None:
    """Money of tables that are no form -> figures without an account; other numbers of theirs -> omissions."""
    for ordinal, block in enumerate(document.blocks, 1):
        if isinstance(block, Table) and block.n_cols > 1:
            above = document.blocks[ordinal - 2] if ordinal > 1 else None
            caption = (
                unit_in(key_of(above.text)) if isinstance(above, Paragraph) and len(above.text) <= _CAPTION else None
            )
            cells: dict[int, list[FormCell]] = {}
            for c in block.cells:
                if (made := make_cell(c.text, c.start, c.col, c.colspan)) is not None:
                    cells.setdefault(c.row + 1, []).append(made)
            at = Place(None, block.page, block.sheet, ordinal)
            _Unknown(at, cells, identity, collector, caption).run()
    for start, run in _pasted(rows, collector):
        caption = unit_in(rows[start - 1].cells[0].key) if start and rows[start - 1].cells else None
        at = Place(None, run[0].page, run[0].sheet, run[0].paragraph)
        _Unknown(at, {n: r.cells for n, r in enumerate(run, 1)}, identity, collector, caption).run()
        collector.consume(run[0].start, run[-1].end)


def _pasted(rows: Sequence[Row], collector: Collector) -> Iterator[tuple[int, list[Row]]]:
    """Pasted tables that no form has taken, each with the place of its first row: lines with as many tabs, one below the other."""
    i = 0
    while i < len(rows):
        row = rows[i]
        j = i + 1
        if row.source == "tabbed" and row.width >= _NARROWEST:
            while j < len(rows) and rows[j].source == "tabbed" and rows[j].width == row.width:
                j += 1
            run = list(rows[i:j])
            sentences = any(c.key.endswith("。") for r in run for c in r.cells)
            if len(run) > 1 and not sentences and not any(collector.is_consumed(r.start, r.end) for r in run):
                yield i, run
        i = j


@dataclass(slots=True)
class _Unknown:
    at: Place
    rows: dict[int, list[FormCell]]
    identity: Identity
    collector: Collector
    unit: str | None
    heads: dict[int, FormCell] = field(default_factory=dict)  # the last words above a slot, until numbers stand below

    def run(self) -> None:
        free = {
            n: [c for c in cells if not self.collector.is_consumed(c.start, c.end)] for n, cells in self.rows.items()
        }
        self.unit = self.unit or next((u for cells in free.values() for c in cells[:1] if (u := unit_in(c.key))), None)
        for row in sorted(free):
            self._row(row, sorted(free[row], key=lambda c: c.column))

    def _row(self, row: int, cells: list[FormCell]) -> None:
        label: FormCell | None = None
        numbers = False
        for cell in cells:
            number = number_of(cell) if look(cell.key)[0] in ("number", "amount") else None
            if number is None:
                label = cell if len(cell.text) <= _LONG else None
                if any(c.isdigit() for c in cell.key):
                    self._omit(cell, "unknown_table")
                continue
            numbers = True
            self._number(row, cell, number, label)
        if not numbers:
            for cell in cells:
                for slot in range(cell.column, cell.column + cell.span):
                    self.heads[slot] = cell

    def _number(self, row: int, cell: FormCell, number: Number, label: FormCell | None) -> None:
        head = self.heads.get(cell.column)
        unit = number.unit if number.kind == "money" else None
        if unit is None and not number.unit:
            unit = next((u for c in (head, label) if c is not None and (u := unit_in(c.key))), None)
            if unit is None and head is not None and measure_of(head.key):
                unit = self.unit
        if unit is None or (label is None and head is None):
            self._omit(cell, "no_unit" if not number.unit else "unknown_table")
            return
        measure = measure_of(head.key) if head is not None else None
        place = self.at._replace(row=row, column=cell.column + 1)
        said = label or head
        assert said is not None
        self.collector.consume(cell.start, cell.end)
        self.collector.figure(
            evidence_no=self.collector.evidence(cell.start, cell.end, place),
            kind="money",
            label=said.text,
            value=number.value,
            value_as_written=number.value_as_written,
            written_decimals=number.decimals,
            unit=unit,
            term=account_label(said.key),
            measure_term=measure.term if measure else None,
            fiscal_year=(measure.year if measure else None) or self.identity.fiscal_year,
            qualifier=number.qualifier,
            row_label=label.text if label else None,
            column_label=head.text if head else None,
        )

    def _omit(self, cell: FormCell, reason: str) -> None:
        text = self.collector.document.text
        for m in _DIGITS.finditer(text, cell.start, cell.end):
            self.collector.omit(m.start(), m.end(), reason)


def list_unread(collector: Collector, ranges: list[tuple[int, int]]) -> None:
    """Amounts inside of forms (`ranges`) that became neither figure nor row nor omission are listed as unread."""
    taken = sorted(
        [(e.char_start, e.char_end) for e in collector.evidence_rows]
        + [(o.char_start, o.char_end) for o in collector.omissions]
    )
    text = collector.document.text
    i = done = 0
    for start, end in sorted(ranges):
        at = max(start, done)  # a table within a form has a range of its own
        done = max(end, done)
        while i < len(taken) and taken[i][0] < end:
            if taken[i][0] > at + 1:  # one character is no amount
                for m in _AMOUNT.finditer(text, at, taken[i][0]):
                    collector.omit(m.start(), m.end(), "unread")
            at = max(at, taken[i][1])
            i += 1
        for m in _AMOUNT.finditer(text, at, max(at, end)):
            collector.omit(m.start(), m.end(), "unread")
