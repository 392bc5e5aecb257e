"""Collects raw rows while a document is walked: numbers them, makes their evidence, remembers what is consumed."""

from __future__ import annotations

import bisect
from decimal import Decimal
from typing import Any, NamedTuple

from dagster_project.extraction.rows import Evidence, Figure, Finding, FormRow, Omission
from dagster_project.reading.model import Document

MOST_POINTS = 10**6  # what the raw tables hold of points and rates: DECIMAL(10,4)


class Place(NamedTuple):
    """Where something stands, beyond its character range."""

    section: str | None = None
    page: int | None = None
    sheet: str | None = None
    paragraph: int | None = None
    form: str | None = None
    row: int | None = None
    column: int | None = None


_BLANK_FORM_ROW: dict[str, Any] = dict.fromkeys(
    (
        "project_name",
        "level_1",
        "level_2",
        "level_3",
        "target",
        "achieved",
        "weight",
        "weight_as_written",
        "score",
        "score_as_written",
        "execution_rate",
        "execution_rate_as_written",
        "deviation",
        "grade",
    )
)


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
        self._consumed_starts: list[int] = []
        self._consumed_ends: list[int] = []

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
                number,
                place.section,
                place.page,
                place.sheet,
                place.paragraph,
                place.form,
                place.row,
                place.column,
                start,
                end,
                text[start:end],
            )
        )
        return number

    def figure(
        self,
        *,
        evidence_no: int,
        kind: str,
        label: str,
        value: Decimal,
        value_as_written: str,
        written_decimals: int,
        unit: str,
        term: str | None = None,
        parent_term: str | None = None,
        project_name: str | None = None,
        measure_term: str | None = None,
        book_term: str | None = None,
        fund_source_term: str | None = None,
        fiscal_year: int | None = None,
        qualifier: str | None = None,
        sentence_no: int | None = None,
        part_of_figure_no: int | None = None,
        rate_of_term: str | None = None,
        rate_base_term: str | None = None,
        listed_count: int | None = None,
        form: str | None = None,
        form_no: int | None = None,
        row_label: str | None = None,
        column_label: str | None = None,
    ) -> Figure:
        """Add a figure; its fields are those of `Figure`."""
        row = Figure(
            len(self.figures) + 1,
            evidence_no,
            kind,
            label,
            term,
            parent_term,
            project_name,
            measure_term,
            book_term,
            fund_source_term,
            fiscal_year,
            value,
            value_as_written,
            written_decimals,
            unit,
            qualifier,
            sentence_no,
            part_of_figure_no,
            rate_of_term,
            rate_base_term,
            listed_count,
            form,
            form_no,
            row_label,
            column_label,
        )
        self.figures.append(row)
        return row

    def form_row(self, **fields: Any) -> FormRow:
        """Add a form row; fields of `FormRow` that are not named are None."""
        for name in ("weight", "score", "execution_rate"):
            if (value := fields.get(name)) is not None and abs(value) >= MOST_POINTS:
                self.warnings.append(f"{name} {value} is no {name.replace('_', ' ')}: kept as written only")
                fields[name] = None
        row = FormRow(**{**_BLANK_FORM_ROW, **fields, "form_row_no": len(self.form_rows) + 1})
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
        if end <= start:
            return
        # Ranges that overlap or touch become one, so that starts and ends rise together.
        first = bisect.bisect_left(self._consumed_ends, start)
        last = bisect.bisect_right(self._consumed_starts, end)
        if first < last:
            start = min(start, self._consumed_starts[first])
            end = max(end, self._consumed_ends[last - 1])
        self._consumed_starts[first:last] = [start]
        self._consumed_ends[first:last] = [end]

    def is_consumed(self, start: int, end: int) -> bool:
        """True when any part of `[start, end)` was consumed; an empty range, when it lies inside of one."""
        i = bisect.bisect_right(self._consumed_ends, start)
        return i < len(self._consumed_starts) and self._consumed_starts[i] < end
