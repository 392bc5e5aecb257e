"""Collects raw rows while a document is walked: numbers them, makes their evidence, remembers what is consumed."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dagster_project.extraction.rows import Evidence, Figure, Finding, FormRow, Omission
from dagster_project.reading.model import Document


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, beyond its character range."""

    section: str | None = None
    page: int | None = None
    sheet: str | None = None
    paragraph: int | None = None
    form: str | None = None
    row: int | None = None
    column: int | None = None


class Collector:
    """Rows of one document in the making. Numbers count from 1 in the order of the calls."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.evidence_rows: list[Evidence] = []
        self.figures: list[Figure] = []
        self.form_rows: list[FormRow] = []
        self.findings: list[Finding] = []
        self.omissions: list[Omission] = []
        self.warnings: list[str] = []
        self._consumed: list[tuple[int, int]] = []

    def evidence(self, start: int, end: int, place: Place) -> int:
        """Add the place `[start, end)` of the exact text; returns its number. Blanks at both ends are left out of the quote."""
        text = self.document.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        number = len(self.evidence_rows) + 1
        self.evidence_rows.append(
            Evidence(
                number, place.section, place.page, place.sheet, place.paragraph, place.form, place.row, place.column,
                start, end, text[start:end],
            )
        )
        return number

    def figure(
        self, *, evidence_no: int, kind: str, label: str, value: Decimal, value_as_written: str, written_decimals: int, unit: str,
        **more: Any,
    ) -> Figure:
        """Add a figure; fields of `Figure` that are not named are None."""
        names = (
            "term", "parent_term", "project_name", "measure_term", "book_term", "fund_source_term", "fiscal_year", "qualifier",
            "sentence_no", "part_of_figure_no",
        )
        fields: dict[str, Any] = dict.fromkeys(names)
        fields.update(more)
        row = Figure(
            figure_no=len(self.figures) + 1, evidence_no=evidence_no, kind=kind, label=label, value=value,
            value_as_written=value_as_written, written_decimals=written_decimals, unit=unit, **fields,
        )
        self.figures.append(row)
        return row

    def form_row(self, **fields: Any) -> FormRow:
        """Add a form row; fields of `FormRow` that are not named are None."""
        names = (
            "project_name", "level_1", "level_2", "level_3", "target", "achieved", "weight", "weight_as_written", "score",
            "score_as_written", "execution_rate", "execution_rate_as_written", "deviation", "grade",
        )
        row = FormRow(form_row_no=len(self.form_rows) + 1, **{**dict.fromkeys(names), **fields})
        self.form_rows.append(row)
        return row

    def finding(self, *, evidence_no: int, kind: str, text: str) -> Finding:
        """Add a stated problem or measure."""
        row = Finding(len(self.findings) + 1, evidence_no, kind, text)
        self.findings.append(row)
        return row

    def omit(self, start: int, end: int, reason: str) -> None:
        """Keep a number that is not a figure, with the reason."""
        self.omissions.append(Omission(len(self.omissions) + 1, start, end, self.document.text[start:end], reason))

    def consume(self, start: int, end: int) -> None:
        """Say that `[start, end)` of the exact text belongs to a form and is not prose."""
        if end > start:
            bisect.insort(self._consumed, (start, end))

    def is_consumed(self, start: int, end: int) -> bool:
        """True when any part of `[start, end)` was consumed."""
        i = bisect.bisect_left(self._consumed, (end, -1))
        return any(b > start for _, b in self._consumed[max(0, i - 3):i]) or any(a < end and b > start for a, b in self._consumed)
