"""What all forms share: the unit, year and place of a cell, and how it becomes a figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.forms.labels import key_of, unit_in
from dagster_project.extraction.forms.recognise import Form
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.numbers import Number, parse_cell
from dagster_project.extraction.rows import Figure, Identity
from dagster_project.extraction.vocabulary import vocabulary
from dagster_project.reading.model import Document

_TITLE_YEAR = re.compile(r"(20\d{2})年")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_DIGIT = re.compile(r"\d")
_CAPTION = re.compile(r"单位[:：]\s*(?:人民币)?([百千万亿]?元)(?!\w)")
DEFAULT_UNIT = "万元"  # the unit of the official layouts (财预〔2020〕10号, forms 1-1 to 1-3)
_LEAST_YUAN = Decimal(10_000)  # 元: what is said in 万元 elsewhere is hardly ever less than one
_TELLING, _SEVERAL = Decimal(10), 2  # a small amount may be another one; one alike, too
_TOO_MUCH = Decimal(10_000_000)  # 万元: no department of a local government spends 100,000,000,000 元
_CENTS_OF_WAN = Decimal("1E2")  # 0.01 万元
_STATED_AMOUNT = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,6})?\s?(万元|元)")


@lru_cache(maxsize=4)
def _amounts_of(text: str) -> frozenset[Decimal]:
    """The amounts that a text states with their unit, in 元; those in 万元 to two places only."""
    out = set()
    for m in _STATED_AMOUNT.finditer(text):
        value = Decimal(m[1].replace(",", "") + (m[2] or ""))
        out.add(value * 10_000 if m[3] == "万元" else value)
    return frozenset(out)


def _in_yuan(amount: Decimal) -> set[Decimal]:
    """An amount of 元, and as a text in 万元 rounds it."""
    return {amount, amount.quantize(_CENTS_OF_WAN, ROUND_HALF_UP)}


def number_of(cell: FormCell) -> Number | None:
    """The one number of a cell; None when it is blank, a dash, words, or several numbers."""
    return _number(cell.key) if len(cell.key) <= 30 else None


@lru_cache(maxsize=1 << 15)
def _number(key: str) -> Number | None:
    return parse_cell(key) if _DIGIT.search(key) else None


@dataclass
class FormContext:
    """One form on its way into the collector."""

    document: Document
    identity: Identity
    collector: Collector
    form: Form
    code: str = ""  # basic_data, overall, project, final_account
    project_name: str | None = None
    row_numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.row_numbers = {id(row): n for n, row in enumerate((r for r in self.form.rows if r.cells), 1)}
        self._form_unit: str | None = None
        self._form_unit_known = False
        self._amount_unit: str | None = None
        self._amount_unit_known = False

    # Where and when ---------------------------------------------------------------------------------------------------

    def year(self) -> int | None:
        """The report's year, else the one in the form's title."""
        if self.identity.fiscal_year:
            return self.identity.fiscal_year
        m = _TITLE_YEAR.search(self.form.title)
        return int(m[1]) if m else None

    def evidence(self, row: Row, cell: FormCell | None = None) -> int:
        """The evidence of a cell, or of the cells that begin in a row."""
        number = self.row_numbers.get(id(row)) or (row.number or None)
        if cell is not None:
            return self.collector.evidence(cell.start, cell.end, row.place(self.code, number, cell.column + 1))
        own = row.own() or row.cells
        start, end = min(c.start for c in own), max(c.end for c in own)
        return self.collector.evidence(start, end, row.place(self.code, number, None))

    # Units ------------------------------------------------------------------------------------------------------------

    def form_unit(self) -> str | None:
        """The unit in the form's head: caption, title, group labels."""
        if not self._form_unit_known:
            self._form_unit_known = True
            keys = [c.key for r in self.form.info for c in r.cells] + [self.form.title]
            keys += [c.key for b in self.form.bands if b.kind != "indicators" for c in b.head.cells]
            # 部门预算总额(万元): the first row of the block says it for those below
            keys += [c.key for b in self.form.bands if b.kind == "funding" for r in b.rows[:1] for c in r.cells]
            keys += map("".join, pairwise(keys[: len(self.form.info)]))  # a caption that a page cut: 单位：万|元
            keys += [  # 金额单位 | 万元
                a.key + b.key
                for r in self.form.info
                for a, b in pairwise(r.cells)
                if a.key.endswith("单位") and vocabulary().units.get(b.key) == "money"
            ]
            self._form_unit = next((u for u in map(unit_in, keys) if u), None)
        return self._form_unit

    def caption_unit(self) -> str | None:
        """The unit that the captions of the document say (单位：万元), where all say the same and one stands above the form."""
        said = list(_CAPTION.finditer(self.document.text))
        units = {m[1] for m in said}
        above = bool(said) and bool(self.form.rows) and said[0].start() < self.form.rows[0].start
        return units.pop() if above and len(units) == 1 else None

    def stated_unit(self) -> str | None:
        """The unit of a table that says none, where the text states several of its amounts in that unit and none in the other."""
        said = _amounts_of(self.document.text)
        amounts = {n for n in self._amounts() if n >= _TELLING}
        in_yuan = sum(n in said for n in amounts)
        in_wan = sum(n * 10_000 in said for n in amounts)
        if min(in_yuan, in_wan) or max(in_yuan, in_wan) < _SEVERAL:
            return None
        return "元" if in_yuan else "万元"

    def unit(self, number: Number, *nearer: FormCell | None) -> str:
        """The unit of a money cell: its own, else that of the nearest label that states one, else the form's."""
        if number.kind == "money":
            return number.unit
        for cell in nearer:
            if cell is not None and (unit := unit_in(cell.key)):
                return unit
        return self.form_unit() or self._unit_of_amounts() or DEFAULT_UNIT

    def _unit_of_amounts(self) -> str | None:
        """元 where the form states no unit and an amount of it is too large for 万元, or the text says it in 元, or in 万元."""
        if not self._amount_unit_known:
            self._amount_unit_known = True
            large = [n for n in self._amounts() if n >= _LEAST_YUAN]
            said = _amounts_of(self.document.text) if large else frozenset()
            if any(n >= _TOO_MUCH or (_in_yuan(n) & said and n * 10_000 not in said) for n in large):
                self._amount_unit = "元"
        return self._amount_unit

    def _amounts(self) -> list[Decimal]:
        """The plain numbers in the money columns of the form."""
        out = []
        for band in self.form.bands:
            if band.kind in ("funding", "money", "table", "pairs"):
                for row in (band.head, *band.rows) if band.kind == "pairs" else band.rows:
                    for cell in row.own():
                        number = number_of(cell)
                        if number is not None and not number.kind:
                            out.append(abs(number.value))
        return out

    # Figures ----------------------------------------------------------------------------------------------------------

    def figure(self, row: Row, cell: FormCell, number: Number, **fields: Any) -> Figure:
        """Add a figure of this form; `kind`, `label`, `unit` and the terms come as fields."""
        fields.setdefault("form", self.code)
        fields.setdefault("form_no", self.form.number)
        fields.setdefault("fiscal_year", self.year())
        return self.collector.figure(
            evidence_no=self.evidence(row, cell),
            value=number.value,
            value_as_written=number.value_as_written,
            written_decimals=number.decimals,
            **fields,
        )

    def omit_numbers(self, cell: FormCell, reason: str) -> None:
        """Keep the numbers of a cell that states no figure, with the reason."""
        text = self.document.text[cell.start : cell.end]
        if len(key_of(text)) > 2000:
            return
        for m in _NUMBER.finditer(text):
            self.collector.omit(cell.start + m.start(), cell.start + m.end(), reason)
