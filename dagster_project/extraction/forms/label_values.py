"""Staff numbers that stand beside their label in a table, or on the line below it: 人员编制 | 21 | 实有人数 | 19.

Source of the layout: part 部门（单位）基本概况 of the provinces' report form of departmental self-evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.forms.context import number_of
from dagster_project.extraction.forms.labels import bare
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.rows import Identity
from dagster_project.extraction.vocabulary import vocabulary

# Blanks without tabs and line ends, which begin the search anew: a run of those would be walked from each of them.
ANCHOR = re.compile(
    r"(?:^|[\t\n|])[^\S\t\n]*(?:人\s*员\s*编\s*制|编\s*制\s*(?:人\s*)?数|实\s*有\s*人\s*数|在\s*职\s*人\s*(?:员|数))"
)
_PHONE = re.compile(r"(?:联系|联络|办公)?电话$")
_PEOPLE = re.compile(r"\d{1,5}[人名]?$")
_DIGITS = re.compile(r"\d[\d-]*$")


def keep_label_values(rows: Sequence[Row], identity: Identity, collector: Collector) -> None:
    """Staff numbers beside their labels -> figures; telephone numbers are listed as such. Both are no prose any more."""
    metrics = vocabulary().metrics("staff")
    for row, label, value in _pairs(rows):
        if collector.is_consumed(label.start, value.end):
            continue
        name = bare(label.key)
        if name in metrics and _PEOPLE.match(value.key):
            number = number_of(value)
            assert number is not None
            collector.figure(
                evidence_no=collector.evidence(value.start, value.end, row.place("basic_data", None, None)),
                kind="staff",
                label=label.text,
                term=name,
                fiscal_year=identity.fiscal_year,
                value=number.value,
                value_as_written=number.value_as_written,
                written_decimals=number.decimals,
                unit=number.unit or "人",
                form="basic_data",
                row_label=label.text,
            )
        elif _PHONE.match(name) and _DIGITS.match(value.key):
            collector.omit(value.start, value.end, "phone")
        else:
            continue
        collector.consume(label.start, label.end)
        collector.consume(value.start, value.end)


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[Row, FormCell, FormCell]]:
    """A cell and the one right of it; a line and the one below it."""
    above: Row | None = None
    for row in rows:
        own = row.own()
        if row.source == "line":
            if own and above is not None:
                yield row, above.cells[0], own[0]
            above = row if own else above
            continue
        above = None
        for left, right in pairwise(own):
            yield row, left, right
