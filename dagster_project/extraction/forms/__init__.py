"""Forms 1-1, 1-2, 1-3, their sister forms of other provinces, and the money tables of final accounts -> raw rows.

`extract_forms` looks at all blocks of a document, whatever the layout: true tables, pasted lines with tabs, forms on one line,
a cell on a line of its own. What belongs to a form is reported to the collector as consumed, so that prose leaves it alone.
"""

from __future__ import annotations

import re

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.forms.asset_tables import extract_asset_table, take_asset_tables
from dagster_project.extraction.forms.asset_tables import form_of as form_of_assets
from dagster_project.extraction.forms.basic_data import extract_basic_data
from dagster_project.extraction.forms.context import FormContext
from dagster_project.extraction.forms.flat_tables import TABLE_ANCHOR, unflatten_tables
from dagster_project.extraction.forms.flattened import ANCHOR, place_dense, unflatten
from dagster_project.extraction.forms.institution_tables import (
    HEAD,
    extract_institution_table,
    form_of,
    take_institution_tables,
)
from dagster_project.extraction.forms.label_values import ANCHOR as STAFF_ANCHOR
from dagster_project.extraction.forms.label_values import keep_label_values
from dagster_project.extraction.forms.leftovers import keep_unknown_tables, list_unread
from dagster_project.extraction.forms.merged_points import split_merged_points
from dagster_project.extraction.forms.money_tables import extract_money_table
from dagster_project.extraction.forms.recognise import Form, find_forms
from dagster_project.extraction.forms.rows import rows_of
from dagster_project.extraction.forms.self_evaluation import extract_self_evaluation
from dagster_project.extraction.forms.spaced_tables import CODED_LINE, SPACED_HEAD, split_spaced_tables
from dagster_project.extraction.rows import Identity
from dagster_project.reading.model import Document, Table

__all__ = ["extract_forms"]


def extract_forms(document: Document, identity: Identity, collector: Collector) -> None:
    """Add evidence, figures and form rows of all forms of `document`; consume the character ranges that forms cover."""
    start = _first(document)
    if start is None:
        return
    rows = unflatten_tables(unflatten(rows_of(document, start), document.text), document.text)
    rows = split_merged_points(split_spaced_tables(rows, document.text), document.text)
    rows, tables = take_institution_tables(rows, document.text)
    rows, of_assets = take_asset_tables(rows, document.text)
    ranges: list[tuple[int, int]] = []
    forms = find_forms(rows, document.text)
    for form in forms:
        for band in form.bands:
            if band.kind in ("funding", "money"):
                place_dense(band)
        context = FormContext(document, identity, collector, form)
        _EXTRACTORS.get(form.kind, extract_self_evaluation)(context)
        ranges += _ranges(form, document.text)
    for number, table in enumerate(tables, len(forms) + 1):
        form = form_of(table, number)
        extract_institution_table(table, FormContext(document, identity, collector, form))
        ranges += _ranges(form, document.text)
    for number, of_kinds in enumerate(of_assets, len(forms) + len(tables) + 1):
        form = form_of_assets(of_kinds, number)
        extract_asset_table(of_kinds, FormContext(document, identity, collector, form))
        ranges += _ranges(form, document.text)
    for start, end in ranges:
        collector.consume(start, end)
    list_unread(collector, ranges)
    keep_label_values(rows, identity, collector)
    keep_unknown_tables(document, rows, identity, collector)


_EXTRACTORS = {"basic_data": extract_basic_data, "table": extract_money_table}


def _first(document: Document) -> int | None:
    """Where the first thing stands that may be a row of a form; None in a document of prose alone."""
    places = [
        m.start()
        for pattern in (_CELLS, ANCHOR, TABLE_ANCHOR, HEAD, STAFF_ANCHOR, SPACED_HEAD, CODED_LINE)
        if (m := pattern.search(document.text))
    ]
    places += [b.start for b in document.blocks if isinstance(b, Table)][:1]
    return min(places, default=None)


_SAYS_MONEY = re.compile(r"\d[万亿]?元.*[,;:]")
_CELLS = re.compile(r"[\t|]")


_SENTENCE = re.compile(r"[^\n\t]{12,}\d[^\n\t]*。[ \u3000]*(?:\n|$)")
_SENTENCE_OF_MONEY = re.compile(r"[^\n\t]{12,}\d[万亿]?元[^\n\t]*[,，;；][^\n\t]*。\s*")


def _ranges(form: Form, text: str) -> list[tuple[int, int]]:
    """The ranges of the exact text that the rows of a form cover. A sentence between the rows of a money table is none of
    them, nor is one with amounts below the last row."""
    out: list[tuple[int, int]] = []
    start = end = -1
    rows = sorted(form.rows, key=lambda r: r.start)
    while rows and rows[-1].source == "line" and _SENTENCE_OF_MONEY.fullmatch(text, rows[-1].start, rows[-1].end):
        del rows[-1]  # what the report says below its table
    for row in rows:
        if row.end <= row.start or (
            start < 0 and row.source == "line" and _SAYS_MONEY.search(row.cells[0].key if row.cells else "")
        ):
            continue  # 项目支出26万元，明细如下（单位：万元）: a sentence that says the unit, too
        prose = form.kind == "table" and 0 <= end < row.start and _SENTENCE.search(text, end, row.start)
        if end >= 0 and (prose or row.start > end + 400):  # another page's rows: what stands between may be prose
            out.append((start, end))
            start = -1
        if start < 0:
            start = row.start
        end = max(end, row.end)
    if start >= 0:
        out.append((start, end))
    return out
