"""Form 1-1, the basic data of the department: staff, three public expenses, project expenditure, operating expenses.

Source of the layout: the basic data form (基础数据表) of the provinces' departmental self-evaluation. Columns: last year's final
account, this year's budget, this year's final account; rows stand under one another by numbering and 其中.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from dagster_project.extraction.forms.columns import Column, look
from dagster_project.extraction.forms.context import FormContext, number_of
from dagster_project.extraction.forms.labels import (
    account_label,
    bare,
    fund_source_label,
    part_of_vehicles,
    roles_of,
    unquoted,
)
from dagster_project.extraction.forms.recognise import Band
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.forms.self_evaluation import shift_of
from dagster_project.extraction.rows import Figure
from dagster_project.extraction.vocabulary import vocabulary

_PREFIX = re.compile(
    r"^(?:其中[:：,，]?\s*|\d{1,2}[、.．]\s*|[(（][\d一二三四五六七八九十]{1,2}[)）]\s*|[一二三四五六七八九十]{1,2}、|[①-⑳])+"
)
_YEAR = re.compile(r"(?:19|20)\d\d年")  # the head of the next block, where nobody filled the heads in
_MARKS = "《》 ：:"
OPERATING_ITEM = "公用经费明细"  # the label of account_labels.csv for a line of several economic items
_RATIO = Decimal("1.5")  # no department has so few of its posts filled that a rate below is in percent
_ALL = {"合计", "总计", "小计", "汇总"}
_SPECIAL = "专项资金"
_THREE_PUBLIC = {"overseas_travel", "reception", "vehicle", "vehicle_purchase", "vehicle_running"}
_ADJUSTMENT = "部门基本支出预算调整"


@dataclass(slots=True)
class Line:
    """A row that others can stand under."""

    term: str | None
    code: str | None
    figures: dict[int, Figure] = field(default_factory=dict)
    source: str | None = None


def extract_basic_data(context: FormContext) -> None:
    """Add the staff and money figures of a basic data form."""
    context.code = "basic_data"
    years = [c.measure.year for b in context.form.bands for c in b.columns if c.measure and c.measure.year]
    year = context.identity.fiscal_year or (max(years) if years else context.year())
    for band in context.form.bands:
        if band.kind == "staff":
            _staff(context, band, year)
        elif band.kind in ("money", "funding", "table"):
            _Money(context, band, year).run()


def _staff(context: FormContext, band: Band, year: int | None) -> None:
    heads = [
        c
        for c in band.columns
        if roles_of(c.head.key) & {"staff_posts", "staff_serving", "staff_rate"} or _metric(c.head.key)
    ]
    if not heads:
        return
    for i, column in enumerate(band.columns):
        column.stop = band.columns[i + 1].start if i + 1 < len(band.columns) else band.head.width
    own = _department_row(band, heads[0].start)
    for row in band.rows:
        if own is not None and row is not own:
            for cell in row.own():
                context.omit_numbers(cell, "institution")
            continue
        gap = band.head.width - row.width if row.source != "table" else 0
        before = heads[0].start - row.cells[0].column if row.cells else 0
        shift = before if 0 < before <= gap else 0  # what else is missing was blank at the end
        for cell in row.own():
            column_ = next((c for c in heads if c.start <= cell.column + shift < c.stop), None)
            number = number_of(cell)
            if column_ is None or number is None or _YEAR.match(cell.key):
                continue
            head = column_.head
            if "staff_rate" in roles_of(head.key) or number.kind == "percent":
                if not number.kind and 0 < number.value <= _RATIO:
                    # 0.93 of a sheet is 93 %: its places move with the point
                    number = number._replace(value=number.value * 100, decimals=max(number.decimals - 2, 0))
                context.figure(
                    row,
                    cell,
                    number,
                    kind="rate",
                    label=head.text,
                    term="控制率",
                    unit="%",
                    fiscal_year=year,
                    column_label=head.text,
                    rate_of_term="在职人数",
                    rate_base_term="编制数",
                )
            elif number.kind in ("", "people") and number.value == number.value.to_integral_value():
                context.figure(
                    row,
                    cell,
                    number,
                    kind="staff",
                    label=head.text,
                    term=_metric(head.key),
                    unit="人",
                    fiscal_year=year,
                    column_label=head.text,
                )


def _department_row(band: Band, first: int) -> Row | None:
    """The row of all institutions together, where each has a row of its own; None where no row is named like that."""
    if len(band.rows) < 2:
        return None
    whole = [r for r in band.rows if r.cells and r.cells[0].column < first and bare(r.cells[0].key) in _ALL]
    return whole[-1] if whole else None


def _metric(key: str) -> str | None:
    """The staff label of a column head, without its year."""
    metrics = vocabulary().metrics("staff")
    plain = bare(key)
    for name in (
        plain,
        plain.removeprefix("年末"),
        plain.removeprefix("实际"),
        plain.removeprefix("年末").removeprefix("实际"),
        plain.removesuffix("数") + "数",
    ):
        if name in metrics:
            return name
    roles = roles_of(key)
    if "staff_posts" in roles:
        return "编制数"
    return "在职人数" if "staff_serving" in roles else None


class _Money:
    """The money rows of one band."""

    def __init__(self, context: FormContext, band: Band, year: int | None) -> None:
        self.context, self.band, self.year = context, band, year
        self.columns = [c for c in band.columns if c.role == "measure"]
        self.first = min((c.start for c in self.columns), default=0)
        self.top = self.middle = self.vehicle = Line(None, None)
        self.codes: set[str] = set()  # of the rows so far
        self.other_head = False
        self.kinds: set[str] = set()  # of project expenditure, each one row: a second row of that name is a project

    def run(self) -> None:
        for row in self.band.rows:
            self._row(row)

    def _label(self, row: Row, shift: int) -> FormCell | None:
        words = [c for c in row.cells if c.column + shift < self.first and look(c.key)[0] == "text"]
        if not words:
            return None
        label = words[-1]
        if bare(label.key) in ("合计", "小计", "总计") and len(words) > 1:
            return words[-2]
        return None if label.inherited else label

    def _row(self, row: Row) -> None:
        shift = shift_of(row, self.band)
        label = self._label(row, shift)
        if label is None:
            return
        own = row.own()
        if row.source == "table" and sum(look(c.key)[0] == "text" for c in own if c.column >= self.first) > 1:
            self.other_head = True  # 年初数 | 年末数: the columns of a block of another kind
        elif "basic_top" in roles_of(label.key):
            self.other_head = False
        if self.other_head:
            for cell in own:
                self.context.omit_numbers(cell, "unknown_column")
            return
        if roles_of(label.key) & {"staff_group"}:
            return
        line, parent, project = self._place(label)
        for cell in row.own():
            number = number_of(cell)
            at = cell.column + shift
            column = next((c for c in self.columns if c.start <= at < c.stop), None)
            if number is not None and column is None and row.source == "stream":
                self.context.omit_numbers(cell, "unknown_column")
            if number is None or column is None:
                continue
            if number.kind not in ("", "money"):
                self.context.omit_numbers(cell, "unit")
                continue
            line.figures[column.start] = self._figure(
                row, cell, label, column=column, line=line, parent=parent, project=project
            )

    def _place(self, label: FormCell) -> tuple[Line, Line | None, str | None]:
        """(the row's line, the line it stands under, its project name)"""
        key = label.key
        term = account_label(key)
        code = vocabulary().accounts.get(term) if term else None
        if bare(key) in _ALL and len(self.codes) > 1 and self.codes <= _THREE_PUBLIC:
            return Line("三公经费", "three_public"), None, None  # the rows above, without a row of their own for it
        if code:
            self.codes.add(code)
        roles = roles_of(key)
        inner = key.startswith("其中")
        if "basic_top" in roles and not inner and not (self.top.code == "project" and "project_kind" in roles):
            line = Line(term, code)
            self.top, self.middle, self.vehicle, self.kinds = line, Line(None, None), Line(None, None), set()
            return line, None, None
        if self.top.code == "three_public":
            if code is None and (part := part_of_vehicles(self.vehicle.term, key)):
                term, code = part, vocabulary().accounts.get(part)
            line = Line(term, code)
            if code == "vehicle":
                self.vehicle = line
            if code in ("vehicle_purchase", "vehicle_running") and self.vehicle.term:
                return line, self.vehicle, None
            return line, self.top, None
        if self.top.code == "project":
            source = fund_source_label(key)
            if (
                code is None
                and ("project_kind" in roles or source)
                and bare(key).endswith(_SPECIAL)
                and _PREFIX.match(key)
            ):
                term, code = _SPECIAL, "project_special"  # 3、市级专项资金
            again = source is not None and code == "project_special" and _PREFIX.match(key)  # 4、省级专项资金
            if code and code.startswith("project_") and code != "project_item" and (again or code not in self.kinds):
                self.kinds.add(code)
                self.middle = Line(term, code, source=source)
                return self.middle, self.top, None
            name = unquoted(_PREFIX.sub("", label.text)).strip(_MARKS)
            return Line(None, None), self.middle if self.middle.term else self.top, name or None
        if self.top.code == "operating":
            return Line(term if code and code.startswith("e3") else OPERATING_ITEM, code), self.top, None
        return Line(term, code), self.top if inner and self.top.term else None, None

    def _figure(
        self,
        row: Row,
        cell: FormCell,
        label: FormCell,
        *,
        column: Column,
        line: Line,
        parent: Line | None,
        project: str | None,
    ) -> Figure:
        number = number_of(cell)
        measure = column.measure
        assert number is not None and measure is not None
        term, year = measure.term, measure.year or self.year
        prior = measure.code.startswith("prior_year") or bool(measure.year and self.year and measure.year < self.year)
        if prior:
            term = "上年决算数" if measure.code in ("actual", "prior_year_actual") else "上年预算数"
            year = measure.year or (self.year - 1 if self.year else None)
        if bare(label.key) in (_ADJUSTMENT, "预算调整", "部门整体支出预算调整"):
            term = _ADJUSTMENT
        group = next((c for c in self.band.head.cells if c.column < self.first), None)
        whole = parent.figures.get(column.start) if parent else None
        return self.context.figure(
            row,
            cell,
            number,
            kind="money",
            label=label.text,
            term=line.term,
            parent_term=parent.term if parent else None,
            project_name=project,
            measure_term=term,
            fund_source_term=line.source,
            fiscal_year=year,
            unit=self.context.unit(number, column.head, label, group),
            row_label=label.text,
            column_label=column.head.text,
            part_of_figure_no=whole.figure_no if whole else None,
        )
