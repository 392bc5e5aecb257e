"""Money tables that are no self-evaluation form: the nine standard tables of a final account (部门决算) and tables like them.

A row label (and a functional or economic code), columns under one or several head rows, the unit in the caption. What a cell
means comes from its row and its column; a cell whose row or column says nothing known keeps both labels and no account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.context import FormContext, number_of
from dagster_project.extraction.forms.labels import (
    NUMBER_BEFORE,
    Measure,
    account_label,
    bare,
    measure_of,
    part_of_vehicles,
    roles_of,
    unit_in,
    unquoted,
)
from dagster_project.extraction.forms.recognise import names_projects
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.numbers import Number
from dagster_project.extraction.rows import Figure
from dagster_project.extraction.subjects import SOME_PROJECTS
from dagster_project.extraction.vocabulary import plain_functional, vocabulary

_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}$")
_CODED_LABEL = re.compile(r"(\d{3}(?:\d{2}){0,2})[-_ ]?(?=[\u4e00-\u9fff])")
_QUOTES = dict.fromkeys(map(ord, "“”\"'‘’「」"))
_ORDINAL_HEAD = re.compile(r"行次|序号|栏次")
_RATE_HEAD = re.compile(r"^(?:预算)?(?:执行|完成|支出)(?:率|进度|比例)(?:\(%\)|%)?$")
_CODE_HEAD = re.compile(r"编码|代码")
_WHOLE = {
    "合计",
    "总计",
    "小计",
    "本年支出合计",
    "本年收入合计",
    "本年支出",
    "本年收入",
    "支出合计",
    "收入合计",
    "金额",
    "支出总计",
    "收入总计",
}
_SIDES = _WHOLE | {"收入", "支出"}
_INCOME = {"本年收入合计", "本年收入", "收入合计", "收入总计"}
_YEAR = re.compile(r"(20\d\d)(?:年度?)?$")
_SHARE = re.compile(r"率$|占比|比重|比例|进度|%")
_CARRIED = ("carryover_in", "carryover_out")
_EXPENDITURE = "支出合计"
_APPROPRIATION = "财政拨款收入"
_OTHER_BOOKS = ({"government_fund"}, {"state_capital"}, {"social_insurance"})  # the general one goes without saying
_PROJECTS = "项目支出"
_KIND = re.compile(r"类(?:项目)?(?:支出)?$")
_LIST_MARK = re.compile(
    r"^(?:其中[:：]?|\d{1,2}[、.．]|[(（][\d一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)\s*"
)
_DIVIDED = {
    "三公经费": {"overseas_travel", "reception", "vehicle", "vehicle_purchase", "vehicle_running"},
    "基本支出": {"personnel", "operating"},
}
_PARTS_OF_BASIC = {"personnel", "operating"}
_REMARK = "备注"


@dataclass(slots=True)
class Head:
    """What the head rows say of a slot."""

    keys: list[str] = field(default_factory=list)
    cells: list[FormCell] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " / ".join(dict.fromkeys(c.text for c in self.cells))

    def ordinal(self) -> bool:
        """A column of row numbers."""
        return any(_ORDINAL_HEAD.search(k) for k in self.keys)

    def code(self) -> bool:
        """A column of classification codes."""
        return any(_CODE_HEAD.search(k) for k in self.keys) or bool({"类", "款", "项"} & set(self.keys))

    def share(self) -> bool:
        """A column of rates: 增减率(%), 完成预算%."""
        return bool(self.keys) and bool("%" in self.keys[-1] or _SHARE.search(bare(self.keys[-1])))

    def year(self) -> bool:
        """A column of years."""
        return any(bare(k) in ("年度", "年份", "年") for k in self.keys)

    def rate(self) -> bool:
        """A column of execution rates."""
        return any("rate" in roles_of(k) or _RATE_HEAD.search(k) for k in self.keys)

    def measure(self) -> Measure | None:
        """The measure that the head names; 支出 and 收入 alone are sides of a table, not measures."""
        for above, key in reversed(list(zip(["", *self.keys], self.keys, strict=False))):
            if above and (found := measure_of(key + bare(above))):  # 年初 and 全年 below 预算数
                return found
            if bare(key) in _WHOLE or bare(key) in ("支出", "收入", "上年", "使用"):
                continue
            if found := measure_of(key):
                return found
        return None

    def account(self) -> str | None:
        """The account that the head names, other than the whole."""
        for above, key in reversed(list(zip(["", *self.keys], self.keys, strict=False))):
            if bare(key) in _SIDES or bare(key) in vocabulary().books or measure_of(key):
                continue
            if label := account_label(key) or part_of_vehicles(account_label(above), key):
                return label
        return None

    def unknown(self) -> bool:
        """A column whose words are neither an account nor a book nor a whole: 节约资金."""
        words = bool(self.keys) and not self.account() and not self.book()
        return words and not any(bare(key) in _SIDES or bare(key) in _INCOME for key in self.keys)

    def income(self) -> str | None:
        """The income side of a table, or a column of all income: the word that says so."""
        return next((bare(key) for key in self.keys if bare(key) in _INCOME or bare(key) == "收入"), None)

    def meaning(self) -> tuple[object, ...]:
        """What an amount in this column is; columns of the same meaning may be taken for one another."""
        return self.measure(), self.account(), self.book(), self.rate(), self.share(), self.ordinal()

    def book(self) -> str | None:
        """The budget book that the head names."""
        for key in self.keys:
            if bare(key) in vocabulary().books:
                return bare(key)
        return None


def extract_money_table(context: FormContext) -> None:
    """Add the money figures of one table; numbers without a known unit are left out with the reason."""
    context.code = "final_account"
    rows = [
        r for r in context.form.rows if r.own() and not (len(r.own()) == 1 and r.own()[0].key == context.form.title)
    ]
    start = next((i for i, r in enumerate(rows) if _is_data(r)), None)
    if start is None:
        return
    width = max(r.width for r in rows)
    named = _head_rows(rows[:start])
    lost = all(len(row.cells) == row.width for row in named)  # blank cells that were kept say what stands below what
    pasted = bool(named) and lost and named[-1].source == "tabbed" and named[-1].width < width
    if pasted and look(rows[start].cells[0].key)[0] == "number":
        rebuilt = _rebuilt(named, width)
        if rebuilt is None:
            for row in rows[
                start:
            ]:  # merged heads were lost and no row has a label: nobody can say which column is which
                for cell in row.own():
                    context.omit_numbers(cell, "unknown_column")
            return
        heads = rebuilt
    else:
        heads = _heads(rows[:start], width)
    told = (u for r in rows for c in r.cells if (u := unit_in(c.key)))
    unit = context.form_unit() or next(told, None) or context.caption_unit() or context.stated_unit()
    reader = _Reader(context, heads, unit, width)
    reader.find_first_value(rows[start:])
    for row in rows[start:]:
        if _is_data(row):
            reader.row(row)
        elif not any(look(c.key)[0] == "number" for c in row.own()) and len(row.own()) > 2:
            continue  # the head again after a page break, or a row of blanks


def _is_data(row: Row) -> bool:
    own = row.own()
    if len(own) < 2 or _ORDINAL_HEAD.search(own[0].key) or row.source == "line":
        return False
    numbers = [c for c in own if look(c.key)[0] == "number" or (look(c.key)[0] == "amount" and number_of(c))]
    values = [c.key for c in numbers]
    if not values or (
        all(v == str(i) for i, v in enumerate(values, int(values[0]) if values[0].isdigit() else 1)) and len(values) > 1
    ):
        return False
    return not (
        len(own) > 1 and len(values) == 1 and values[0].isdigit() and len(values[0]) <= 2 and own[-1] is not numbers[0]
    )


def _head_rows(rows: list[Row]) -> list[Row]:
    """The rows that name columns: no captions, and not the row that numbers them (栏次 1 2 3)."""
    out = []
    for row in rows:
        caption = row.source == "line" or (len(row.own()) == 1 and row.own()[0].span == row.width)
        numbering = any(look(c.key)[0] == "number" for c in row.own())
        if not caption and not numbering and len(row.cells) > (row.source == "tabbed"):
            out.append(row)
    return out


def _heads(rows: list[Row], width: int) -> dict[int, Head]:
    """What stands above each slot. Pasted head rows have lost their column spans: they are spread over the row below."""
    heads: dict[int, Head] = {}
    tiers: list[list[tuple[int, int, FormCell]]] = []
    below: list[bool] | None = None
    for row in reversed(_head_rows(rows)):
        cells = row.cells
        if row.source == "table":
            tiers.append([(c.column, c.column + c.span, c) for c in cells])
            continue
        spread = _spread(cells, row.width, below or [False] * width)
        tiers.append(spread)
        under = below or []
        below = [
            (slot < len(under) and under[slot]) or any(a <= slot < b for a, b, _ in spread)
            for slot in range(max(width, row.width))
        ]
    for tier in reversed(tiers):
        for start, stop, cell in tier:
            for slot in range(start, min(stop, start + 60)):
                head = heads.setdefault(slot, Head())
                if cell.key not in head.keys or not cell.inherited:
                    head.keys.append(cell.key)
                    head.cells.append(cell)
    return heads


def _rebuilt(tiers: list[Row], width: int) -> dict[int, Head] | None:
    """Columns where all merged head cells are lost: the parts in the last row go under the account that they are parts of.

    None when that does not give exactly `width` columns.
    """
    if len(tiers) < 2:
        return None
    upper, parts = tiers[-2].cells, tiers[-1].cells
    holders = len(upper) + len(parts) - width
    if holders <= 0 or len(parts) % holders:
        return None
    size = len(parts) // holders
    accounts, parents = vocabulary().accounts, vocabulary().account_parents
    wholes = {parents.get(accounts.get(account_label(c.key) or "") or "") for c in parts} - {None}
    columns: list[list[FormCell]] = []
    taken = 0
    for cell in upper:
        if accounts.get(account_label(cell.key) or "") in wholes:
            columns += [[cell, part] for part in parts[taken : taken + size]]
            taken += size
        else:
            columns.append([cell])
    if len(columns) != width or taken != len(parts):
        return None
    for tier in tiers[:-2]:
        if width % len(tier.cells):
            return None
        each = width // len(tier.cells)
        for slot, above in enumerate(columns):
            above.insert(0, tier.cells[slot // each])
    return {slot: Head([c.key for c in cells], list(cells)) for slot, cells in enumerate(columns)}


def _spread(cells: list[FormCell], width: int, below: list[bool]) -> list[tuple[int, int, FormCell]]:
    """The slots of pasted head cells: their own where the row is as wide as the table, else by the groups of the row below."""
    if width >= len(below):
        # Covered slots are blank: a head goes on to the right as long as the rows below have cells there.
        spread = []
        for i, cell in enumerate(cells):
            stop, limit = cell.column + 1, cells[i + 1].column if i + 1 < len(cells) else width
            while stop < min(limit, len(below)) and below[stop]:
                stop += 1
            spread.append((cell.column, stop, cell))
        return spread
    groups: list[tuple[int, int]] = []
    for slot, filled in enumerate(below):
        if filled and groups and below[slot - 1] and slot and groups[-1][1] == slot:
            groups[-1] = (groups[-1][0], slot + 1)
        else:
            groups.append((slot, slot + 1))
    if len(groups) == width:
        return [(*groups[c.column], c) for c in cells]
    if len(below) % width == 0:
        size = len(below) // width
        return [(c.column * size, (c.column + 1) * size, c) for c in cells]
    return [(c.column, c.column + 1, c) for c in cells]


_ABOVE = 160  # characters
_PLANNED = re.compile(r"预算(?!执行|内)|安排|下达|批复|计划")
_SPENT = re.compile(r"支出|决算|使用|拨付|支付|执行|列支")
_SURELY_SPENT = re.compile(r"决算|实际|执行|使用|已|拨付|支付|列支")
_BOOK = re.compile(r"(?:一般公共|政府性基金|国有资本经营|社会保险基金)预算")
_OF_OTHERS = re.compile(r"招商|引进|签约|合同|中标|采购|投资|引资")


def _told_measure(context: FormContext) -> str | None:
    """Whether the amounts of a table without a measure were planned or spent, by its caption and the two lines above it."""
    start = context.form.rows[0].start
    lines = context.document.text[max(0, start - _ABOVE) : start].rstrip().rsplit("\n", 2)[-2:]
    captions = [c.text for row in context.form.rows if row.source == "line" for c in row.cells]
    told = _BOOK.sub("", "".join([*lines, *captions]))
    planned, spent = _PLANNED.search(told), _SPENT.search(told)
    if _OF_OTHERS.search(told) or not (planned or spent) or (planned and _SURELY_SPENT.search(told)):
        return None
    return "年初预算数" if planned else "决算数"


_SECTION_LINE = re.compile(
    r"^[ \t\u3000]*[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]([^\n。，,]{2,30})", re.MULTILINE
)
_SECTION_ABOVE = 800  # characters


def _of_basic_expenditure(context: FormContext) -> bool:
    """True for a table without a title in a section that is headed 基本支出."""
    start = context.form.rows[0].start
    heads = _SECTION_LINE.findall(context.document.text[max(0, start - _SECTION_ABOVE) : start])
    return bool(heads) and "基本支出" in heads[-1] and _PROJECTS not in heads[-1]


class _Reader:
    """The data rows of one table."""

    def __init__(self, context: FormContext, heads: dict[int, Head], unit: str | None, width: int) -> None:
        self.context, self.heads, self.unit, self.width = context, heads, unit, width
        self.by_code: dict[tuple[int, str], Figure] = {}
        self.whole: dict[int, Figure] = {}
        self.blank: dict[int, Head] = {}
        self.dense = False  # no row kept a blank cell
        self.first_value = -1  # the first slot of the numbers, where the rows tell it
        self.carried: dict[int, str] = {}  # by side: the measure of what was carried over, for the books below it
        self.above: str | None = None  # account of the row above
        self.group: str | None = None  # account of the last row without a number of a list
        self.projects = any(names_projects(k) for h in heads.values() for k in h.keys)
        # 人员经费 beside 公用经费 and no column for both: the items of either stand there alone
        accounts = vocabulary().accounts
        self.remarks = len(list(takewhile(lambda slot: _REMARK in heads[slot].keys, sorted(heads, reverse=True))))
        self.basic_parts = {accounts.get(h.account() or "") for h in heads.values()} <= _PARTS_OF_BASIC
        title = context.form.title.translate(_QUOTES)
        # A row or a total without an account is about what the title names.
        # the total of some projects is not all project expenditure
        captions = "".join(r.cells[0].key for r in context.form.rows if r.source == "line" and r.cells)
        self.chosen = SOME_PROJECTS.search(title + captions) is not None
        named = [_PROJECTS] if self.projects else [word for word in ("基本支出", _PROJECTS) if word in title]
        if not (named or title) and _of_basic_expenditure(context):
            named = ["基本支出"]
        self.subject = (
            "三公经费" if "三公" in title else named[0] if len(named) == 1 else self._divided(context.form.rows)
        )
        books = list(vocabulary().books.find(title))
        self.book = books[0].label if {b.code for b in books} in _OTHER_BOOKS else None
        plain = "".join(title.split(books[0].label)) if books else title
        self.measured = any(h.measure() for h in heads.values())
        self.coded = any(h.code() for h in heads.values())
        budget = "预算" in plain or context.identity.report_kind == "budget"
        self.default_measure: str | None = "年初预算数" if budget and "决算" not in title else "决算数"
        keys = {k for h in heads.values() for k in h.keys}
        if (
            "行次" not in keys
            and not self.measured
            and "决算" not in title
            and any("amount" in roles_of(k) for k in keys)
        ):
            self.default_measure = _told_measure(context)  # 项目名称 | 金额
        self.economic = (
            "经济分类" in title or "基本支出" in title or any("经济分类" in k for h in heads.values() for k in h.keys)
        )

    @staticmethod
    def _divided(rows: list[Row]) -> str | None:
        """The account that all rows are parts of, where the total of those rows is no total expenditure."""
        accounts = vocabulary().accounts
        codes, known = set(), None
        for row in rows:
            if row.cells and bare(row.cells[0].key) not in _WHOLE and _is_data(row):
                named = next((c.key for c in row.cells if look(c.key)[0] == "text"), "")
                known = part_of_vehicles(known, named) or account_label(named)
                codes.add(accounts.get(known or ""))
        return next((whole for whole, parts in _DIVIDED.items() if codes and codes <= parts), None)

    def row(self, row: Row) -> None:
        """All money cells of a data row."""
        label: FormCell | None = None
        code: str | None = None
        year: int | None = None
        lost = self._lost(row)
        if lost is None:
            for cell in row.own():
                self.context.omit_numbers(cell, "unknown_column")
            return
        for cell in row.cells:
            kind = look(cell.key)[0]
            head = self._head(cell.column + (lost if kind in ("number", "amount", "percent") else 0))
            if head.ordinal() and kind != "text":
                continue
            m = _YEAR.match(cell.key)
            if m and label is None and code is None and (kind == "amount" or head.year()):
                year = int(m[1])
                continue
            if self._is_code(cell, head) and (head.code() or label is None):
                code, label = cell.key, None
                continue
            if kind in ("text", "dash"):
                if kind == "text":
                    m = _CODED_LABEL.match(cell.key)
                    code = m[1] if m else (code if label is None else None)
                    label = cell
                continue
            if cell.inherited or kind not in ("number", "amount", "percent"):
                continue
            if kind == "percent" and not head.rate():
                continue
            number = number_of(cell)
            if head.rate():
                self._rate(row, cell, head, label, code)
                continue
            if row.source == "stream" and cell.column not in self.heads:  # no sum says where it stood
                self.context.omit_numbers(cell, "unknown_column")
            elif number is not None and not number.unit and head.share():
                self.context.omit_numbers(cell, "rate")
            elif self.default_measure is None and not head.measure():  # nobody says whether it was planned or spent
                self.context.omit_numbers(cell, "unknown_column")
            elif number is not None and number.kind in ("", "money"):
                self._money(row, cell, number, head=head, label=label, code=code, stated_year=year)
        self.above = self._row_account(label, code)

    @staticmethod
    def _is_code(cell: FormCell, head: Head) -> bool:
        """A classification code; in front of a row's label it may stand in a column that names none."""
        return _CODE.match(cell.key) is not None and (head.code() or not (head.measure() or head.account()))

    def find_first_value(self, rows: list[Row]) -> None:
        """Find the first slot of amounts in the rows that lost no cell."""
        full = (
            cell.column
            for row in rows
            if row.width == self.width
            for cell in row.cells
            if look(cell.key)[0] in ("number", "amount")
            and not self._is_code(cell, self._head(cell.column))
            and not self._head(cell.column).ordinal()
        )
        self.first_value = min(full, default=-1)
        self.dense = all(len(row.cells) == row.width for row in rows)

    def _lost(self, row: Row) -> int | None:
        """How many cells a pasted row lost in front; None when the columns of its numbers would be a guess."""
        if row.source != "tabbed":
            return 0
        lost, values = self.width - row.width, self.width - self.first_value
        if look(row.cells[0].key)[0] != "text":  # a number of the list, or a code: nothing was lost in front
            return None if lost > self.remarks and self.dense and self._head(0).ordinal() else 0
        if lost and look(row.cells[-1].key)[0] != "text":
            lost = max(0, lost - self.remarks)  # what is missing is the empty remark at the row's end
            values -= self.remarks
        labels = len(list(takewhile(lambda c: look(c.key)[0] == "text", row.cells)))
        if lost <= 0 or self.first_value < 0 or row.width - labels == values:
            return max(0, lost)
        numbers = [c.column for c in row.cells if look(c.key)[0] in ("number", "amount", "percent")]
        if all(self._head(n).meaning() == self._head(n + lost).meaning() for n in numbers):
            return lost
        return 0 if row.width > len(row.cells) and labels == self.first_value else None

    def _head(self, slot: int) -> Head:
        """What stands above a slot. A slot without a head has a blank one of its own, which stays: parts are found by it."""
        if slot not in self.heads and slot not in self.blank:
            self.blank[slot] = Head()
        return self.heads.get(slot) or self.blank[slot]

    def _money(
        self,
        row: Row,
        cell: FormCell,
        number: Number,
        *,
        head: Head,
        label: FormCell | None,
        code: str | None,
        stated_year: int | None,
    ) -> None:
        unit = (
            number.unit
            if number.kind == "money"
            else next((u for c in [*head.cells, label] if c and (u := unit_in(c.key))), self.unit)
        )
        if unit is None:
            self.context.collector.omit(cell.start, cell.end, "no_unit")
            return
        if label is None and code is None and not (head.account() or self.subject):
            self.context.collector.omit(cell.start, cell.end, "no_label")
            return
        if label is not None and roles_of(label.key) & {"info"}:
            return
        measure, row_label = head.measure(), label
        if label is not None and measure is None and code is None and (head.account() or self.subject):
            said = measure_of(label.key)
            if said and said.code not in _CARRIED:  # 2022年预算数 | 2022年决算数, a row each
                measure, label = said, None
        term, parent = self._term(label, code, head)
        book, row_measure = head.book() or self.book, None
        if label is not None and (measure is None or measure.code == "actual"):
            row_measure = self._row_measure(label)
            named = vocabulary().books.last(bare(label.key))
            if row_measure:
                self.carried[id(head)] = row_measure
            elif named and bare(label.key) in vocabulary().books and id(head) in self.carried:
                term, row_measure, book = _EXPENDITURE, self.carried[id(head)], book or named.label
            else:
                self.carried.pop(id(head), None)
                if vocabulary().accounts.get(term or "") == "total" and (
                    bare(label.key).endswith(_APPROPRIATION) or (head.income() and named)
                ):
                    row_measure, book = _APPROPRIATION, book or (named.label if named else None)
        project = self._project(label, code)
        if project is not None:
            term, parent = None, _PROJECTS
        default = None if self.measured and head.unknown() else self.default_measure
        measure_term = row_measure or (measure.term if measure else default)
        year = (measure.year if measure else None) or stated_year or self.context.year()
        if measure and measure.code.startswith("prior_year") and not measure.year and not stated_year and year:
            year -= 1
        key = (id(head), code or "")
        whole = self.by_code.get((id(head), code[:-2])) if code and len(code) > 3 else None
        if whole is None and label is not None and not self._is_whole(label):
            whole = self.whole.get(id(head)) if code and len(code) == 3 else None
        figure = self.context.figure(
            row,
            cell,
            number,
            kind="money",
            label=label.text if label else head.text,
            term=term,
            parent_term=parent,
            project_name=project or None,
            measure_term=measure_term,
            book_term=book,
            fiscal_year=year,
            unit=unit,
            row_label=row_label.text if row_label else None,
            column_label=head.text or None,
            part_of_figure_no=whole.figure_no if whole else None,
        )
        if code:
            self.by_code[key] = figure
        if label is not None and self._is_whole(label):
            self.whole.setdefault(id(head), figure)

    def _project(self, label: FormCell | None, code: str | None) -> str | None:
        """The project of a row in a table of projects, or of a numbered row below 项目支出; blank for a kind of them
        (运转类项目), None in other tables and rows."""
        if label is None or code is not None:
            return None
        listed = self.projects or (self.subject == _PROJECTS and not self.coded)
        if not self._is_under_projects(label) and not listed:
            return None
        if self._is_whole(label) or account_label(label.key):
            return None
        return "" if _KIND.search(label.key) else unquoted(_LIST_MARK.sub("", label.text))

    def _is_under_projects(self, label: FormCell) -> bool:
        """True for 1.甲, 2.乙 below 二、项目支出."""
        account = account_label(label.key)
        if not NUMBER_BEFORE.match(label.text):
            self.group = vocabulary().accounts.get(account or "")
        return self.group == "project" and not account and NUMBER_BEFORE.match(label.text) is not None

    def _rate(self, row: Row, cell: FormCell, head: Head, label: FormCell | None, code: str | None) -> None:
        number = number_of(cell)
        if number is None or label is None or number.kind not in ("percent", ""):
            self.context.omit_numbers(cell, "rate")
            return
        project = self._project(label, code)
        whole = self._whole_account() if self._is_whole(label) else None
        self.context.figure(
            row,
            cell,
            number,
            kind="rate",
            label=head.text,
            term="执行率",
            project_name=project or None,
            unit="%",
            row_label=label.text,
            column_label=head.text,
            rate_of_term=whole or account_label(bare(label.key)) or label.text,
            rate_base_term="预算",
        )

    def _whole_account(self) -> str | None:
        """The account of the table's total."""
        if self.chosen and self.projects:
            return None
        of_project = (
            self.context.identity.report_kind == "project_self_evaluation"
        )  # its parts make no department's total
        return self.subject or (None if of_project else _EXPENDITURE)

    @staticmethod
    def _is_whole(label: FormCell) -> bool:
        return bare(label.key) in _WHOLE

    @staticmethod
    def _row_measure(label: FormCell | None) -> str | None:
        """年初结转和结余 as a row is a measure of the whole."""
        found = measure_of(label.key) if label is not None else None
        return found.term if found and found.code in _CARRIED else None

    def _term(self, label: FormCell | None, code: str | None, head: Head) -> tuple[str | None, str | None]:
        """(account label, the account it stands under). A cell of a classified row in a column of a part has no account of its own."""
        column = head.account()
        if label is None and code is None:
            return column or self.subject, None
        if label is not None and self._is_whole(label) and code is None:
            plain = bare(label.key)
            if plain == "总计" and id(head) in self.whole:
                return column, None  # with what was carried over: neither the year's income nor its expenditure
            known = account_label(plain)
            if plain in ("合计", "小计") and head.income() in _INCOME:
                return column or head.income(), None
            return column or (known if known and plain not in ("金额",) else self._whole_account()), None
        if label is not None and self._row_measure(label):
            measure = head.measure()
            return column or (_EXPENDITURE if measure is None or measure.code == "actual" else None), None
        row = self._row_account(label, code)
        if column is None and code is not None and head.income() in _INCOME:
            return None, head.income()  # income for a class is no expenditure of it
        if column is None:
            return row, None
        if row is not None and self.basic_parts:
            same = vocabulary().accounts.get(row) == vocabulary().accounts.get(column)
            return row, None if same else column
        if row is None and code is None and label is not None and account_label(label.key) is None:
            return None, column
        return None, column

    def _row_account(self, label: FormCell | None, code: str | None) -> str | None:
        name = bare(_CODED_LABEL.sub("", label.key)) if label is not None else ""
        economic = code is not None and (self.economic or code[:2] in ("30", "31", "39"))
        if code is not None and not economic:
            return code
        if name and (known := part_of_vehicles(self.above, name) or account_label(name)):
            return known
        codes = vocabulary().functional_names.get(plain_functional(name), []) if name else []
        classes = [c for c in codes if len(c) == 3] or (codes if len(codes) == 1 else [])
        return classes[0] if len(classes) == 1 else None
