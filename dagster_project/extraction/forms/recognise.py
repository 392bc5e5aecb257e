"""Where the forms are: cuts the rows of a document into forms, and each form into bands under one head row.

A form begins at its title or at its first head row, wherever it stands, and ends where prose goes on. Bands: funding,
goals, indicators (forms 1-2, 1-3 and sisters), staff, money (form 1-1), table (other labelled money tables).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dagster_project.extraction.forms.columns import (
    Column,
    indicator_columns,
    look,
    money_columns,
    refine,
    split_by_source,
    two_tiers,
)
from dagster_project.extraction.forms.labels import (
    account_label,
    fund_source_label,
    is_level,
    level_of,
    measure_of,
    points_of,
    roles_of,
    title_kind,
    unit_in,
)
from dagster_project.extraction.forms.rows import FormCell, Row, clean, make_cell

_NOTE = re.compile(
    r"(?:\d{1,2}[、.])?(?:备注|注\d?[:：]|注释|说明[:：]|填表说明|填表人|填报人|填报日期|填表日期|联系电话|联系人|单位负责人|部门负责人|"
    r"审核人|经办人|评价人员|负责人|填报单位|填报部门|制表人|\(?盖章|\(?签字|单位[:：]|单位\(|金额单位|部门名称|单位名称|项目名称|"
    r"预算部门|主管部门|编制单位|公开部门|部门[:：]|\(?\d{4}年度?\)?$|\(?单位|项目总实施期|等级[:：]|自评等级|评价等级|附件|附表|\*)"
)
_BY_KIND = re.compile(r"按[^,;。]{2,10}(?:分类?|划分)$")  # 1、按来源分类 above the rows of a funding block
_NAMES = re.compile(r"(?:二级|预算)?项目(?:支出)?名称$|(?:主要)?任务名称$")
_FOOT = re.compile(r"备注|注[:：]|说明[:：]|填表人|填报人|填表说明|联系人|联系电话|单位负责人|审核人|经办人|评价人员")
_CAPTION = re.compile(r"(?:附表|表)[\d一二三四五六七八九十]{1,3}(?!\d|[.%])")  # 表3 固定资产情况表
_SECTION = re.compile(r"[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\)")
_NO_TITLE = 70  # characters: a line above that length is neither a title nor the name of an attachment
_ANNEX = re.compile(r"附[件表]?[\d一二三四五六七八九十\-:.]*$")


@dataclass(slots=True)
class Band:
    """Rows under one head row."""

    kind: str
    head: Row
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A form. `kind`: basic_data, overall, project, goal_overall, goal_project, table, or "" until it is known."""

    kind: str
    number: int
    rows: list[Row] = field(default_factory=list)
    info: list[Row] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    title: str = ""
    total_seen: bool = False

    def has(self, kind: str) -> bool:
        """True when a band of this kind has rows."""
        return any(b.kind == kind and b.rows for b in self.bands)


def _first_key(row: Row) -> str:
    return row.cells[0].key if row.cells else ""


def is_total(row: Row) -> bool:
    """True for the row of points and score that closes an indicator table."""
    own = row.own()
    if not own:
        return False
    first = own[0]
    if "total_row" in roles_of(first.key) and level_of(first.key, 1) is None and len(own) <= 8:
        return any(look(c.key)[0] in ("number", "points", "percent") for c in own[1:])
    return False


def join(first: Row, second: Row, text: str) -> Row:
    """One row from two lines of it: the last cell of `first` goes on in the first cell of `second`."""
    cells = [*first.cells]
    shift = first.width - 1
    rest = [*second.cells]
    open_cell = cells[-1] if cells and cells[-1].column == shift else None
    if rest and rest[0].column == 0:
        head = rest.pop(0)
        if open_cell is None:
            cells.append(FormCell(head.text, head.key, head.start, head.end, shift))
        else:
            whole = text[open_cell.start : open_cell.end] + "\n" + text[head.start : head.end]
            cells[-1] = FormCell(clean(whole), open_cell.key + head.key, open_cell.start, head.end, open_cell.column)
    cells.extend(FormCell(c.text, c.key, c.start, c.end, c.column + shift, c.span) for c in rest)
    return Row(
        cells,
        first.width + second.width - 1,
        first.start,
        second.end,
        first.source if first.width > 1 else second.source,
        first.paragraph,
        first.page,
        first.sheet,
    )


_ITEM = re.compile(r"(?:\d{1,2}[、.](?!\d)|其中[:,])")


def _is_item(row: Row, *, begun: bool = False) -> bool:
    """True for the numbered label of a row whose cells are all blank (2、出国经费); `begun`: it need only begin so."""
    if not row.cells or row.cells[0].column or not _ITEM.match(row.cells[0].key):
        return False
    return begun or (row.width == 1 and account_label(row.cells[0].key) is not None)


def split_line(row: Row, text: str) -> Row:
    """A line without tabs as a row of its words: "总分 100 92"."""
    cells: list[FormCell] = []
    for m in re.finditer(r"\S+", text[row.start : row.end]):
        cell = make_cell(m[0], row.start + m.start(), len(cells))
        if cell:
            cells.append(cell)
    return Row(cells, len(cells), row.start, row.end, "stream", row.paragraph, row.page, row.sheet)


def head_of(row: Row) -> tuple[str, list[Column]] | None:
    """(band kind, columns) when the row is a head row."""
    own = row.own()
    if len(own) < 2 or (row.source != "stream" and any(look(c.key)[0] == "number" for c in own)):
        return None
    found: set[str] = set()
    for cell in own:
        found |= roles_of(cell.key)
    if found & {"level_1", "level_2", "level_3", "target", "group"}:
        columns = indicator_columns(row)
        if columns:
            return "indicators", columns
    if (
        "staff_posts" in found
        and found & {"staff_serving", "staff_rate"}
        and not any(look(c.key)[0] == "number" for c in own)
    ):
        return "staff", [Column("staff", c.column, c.column + 1, c) for c in own]
    if ("goal_expected" in found and "goal_achieved" in found) or (
        "goal_group" in found and "goal_achieved" in found and len(own) <= 4 and all(len(c.key) <= 14 for c in own)
    ):
        return "goals", [Column("goal", c.column, c.column + 1, c) for c in own]
    if (
        row.source == "stream"
        and len(own) == 2
        and measure_of(own[0].key)
        and look(own[1].key)[0] in ("number", "amount")
    ):
        return "pairs", [Column("pair", c.column, c.column + 1, c) for c in own]
    if _is_ledger(row, found) or _heads_amounts(row):
        return "table", [Column("head", c.column, c.column + c.span, c) for c in own]
    columns = money_columns(row)
    if columns:
        roles = {c.role for c in columns}
        kind = "table"
        if roles & {"rate", "weight", "score"} or found & {"fund_group", "fund_total"}:
            named = any(names_projects(c.key) for c in own) and not roles & {"weight", "score"}
            kind = "table" if named else "funding"
        elif any("经费控制" in c.key or ("money_group" in roles_of(c.key) and "经费" in c.key) for c in own):
            kind = "money"
        return kind, columns
    return None


_PROJECTS = re.compile(r"(?:实施|支出|预算|专项|子)?(?:项目|专项|专项资金|项目支出|项目资金)名称")


def names_projects(key: str) -> bool:
    """True for the head over the names of a list of projects."""
    return _PROJECTS.fullmatch(key) is not None


_BESIDE = re.compile(r"序号|编号|[\u4e00-\u9fff]{0,8}(?:编码|代码)|备注|说明|(?:所)?占?比[例重]?(?:\(%\))?")


def _heads_amounts(row: Row) -> bool:
    """The head of a list of projects, or of accounts, with one column of amounts: 序号 | 项目名称 | 金额 | 备注."""
    own = [c for c in row.own() if not _BESIDE.fullmatch(c.key)]
    if len(own) != _NAME_AND_AMOUNT or row.source == "stream":
        return False
    if not names_projects(own[0].key) and not ("ledger" in roles_of(own[0].key) and _LEDGER_KEY.search(own[0].key)):
        return False
    return measure_of(own[1].key) is not None or "amount" in roles_of(own[1].key)


_NAME_AND_AMOUNT = 2  # columns
_LEDGER_KEY = re.compile(
    r"(?:科目|功能分类|经济分类)(?:编码|代码|名称)|行次|^科目$|分类科目$|支出类别|本年(?:收入|支出)合计"
)


def _is_ledger(row: Row, roles: set[str]) -> bool:
    """The head of one of the standard tables of a final account: codes and names of accounts, or row numbers and amounts."""
    if "ledger" not in roles or roles & {"weight", "score", "rate", "level_1"}:
        return False
    own = row.own()
    if any(look(c.key)[0] == "number" for c in own):
        return False
    ledger = [c for c in own if "ledger" in roles_of(c.key)]
    if any(c.key == "行次" for c in own) and any(measure_of(c.key) for c in own):
        return True
    return len({c.key for c in ledger}) >= 2 and (any(_LEDGER_KEY.search(c.key) for c in own) or len(ledger) >= 3)


def _unknown_head(row: Row, band: Band) -> bool:
    """True when the first row of a table names columns, and not those of the head above it."""
    own = row.own()
    if (len(own) < 3 and not _heads_amounts(row)) or any(look(c.key)[0] != "text" for c in own):
        return False
    return len({c.key for c in own} & {c.key for c in band.head.cells}) * 2 < len(own)


def in_columns(row: Row, band: Band) -> bool:
    """Are the row's columns those of the head: a row of a true table, or a pasted one that lost no cell?"""
    return row.source == "table" or (row.source == band.head.source == "tabbed" and row.width == band.head.width)


def name_column(band: Band) -> Column | None:
    """The column of a funding block that names a project or a task in each row."""
    return next((c for c in band.columns if c.role == "label" and _NAMES.match(c.head.key)), None)


class Recogniser:
    """Walks the rows once. `text` is the exact text of the document."""

    def __init__(self, rows: list[Row], text: str) -> None:
        self.rows = rows
        self.text = text
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.band: Band | None = None
        self.pending: list[Row] = []  # title and rows between it and the first head row
        self.pending_kind = ""
        self.pending_title = ""

    def run(self) -> list[Form]:
        """All forms in reading order."""
        i, n = 0, len(self.rows)
        while i < n:
            i = self._step(i)
        self._close()
        return [f for f in self.forms if f.bands]

    # ------------------------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        self.form = self.band = None
        self.pending, self.pending_kind, self.pending_title = [], "", ""

    def _open(self, kind: str) -> Form:
        form = Form(self.pending_kind or kind, len(self.forms) + 1, title=self.pending_title)
        form.rows.extend(self.pending)
        form.info.extend(self.pending)
        self.pending, self.pending_kind, self.pending_title = [], "", ""
        self.forms.append(form)
        self.form, self.band = form, None
        return form

    def _title(self, row: Row) -> str | None:
        own = row.own()
        if len(own) != 1 or (row.source == "tabbed" and own[0].column > 2):
            return None
        return title_kind(own[0].key)

    def _step(self, i: int) -> int:
        row = self.rows[i]
        if not row.cells:
            return i + 1
        if self.form is None and row.source == "line" and len(row.cells[0].key) > _NO_TITLE:
            return self._before(row, i)
        kind = self._title(row)
        if kind and not (
            self.band is not None
            and row.source in ("table", "tabbed")
            and self.band.kind in ("goals", "indicators")
            and not self.form_done()
        ):
            if self.form is not None and not self.form.bands and row.source == "table":
                self.form = None
            self.form = self.band = None
            before = [r for r in self.pending if _ANNEX.match(_first_key(r))] if not self.pending_kind else []
            self.pending, self.pending_kind, self.pending_title = [*before[-1:], row], kind, row.cells[0].key
            return i + 1
        if _ANNEX.match(_first_key(row)) and len(row.cells) == 1:
            self.form = self.band = None
            self.pending, self.pending_kind, self.pending_title = [row], "", ""
            return i + 1
        if tiers := self._levels_below(i):
            return self._head(*tiers)
        head = head_of(row) if row.source != "line" else None
        if head and head[0] == "pairs" and self.band is not None and self.band.kind != "pairs":
            head = None
        if head is None and row.source == "tabbed" and self.form is None:
            joined, after = self._mend(i, None)
            if after > i + 1 and (head := head_of(joined)):
                return self._head(joined, head, after)
        if head is None and row.source in ("tabbed", "line") and (broken := self._broken_head(i)):
            return self._head(*broken)
        if head:
            return self._head(row, head, i + 1)
        if self.form is not None and self.form.kind == "table" and self._under_another_head(row, i):
            self._close()
        if self.form is None:
            return self._before(row, i)
        return self._inside(row, i)

    def _levels_below(self, i: int) -> tuple[Row, tuple[str, list[Column]], int] | None:
        """评价指标 | 分值 | 得分 over 一级指标 | 二级指标 | 三级指标: (the one head that both rows make, what it says, index after it)."""
        row, below = self.rows[i], self.rows[i + 1] if i + 1 < len(self.rows) else self.rows[i]
        parts, own = below.own(), row.own()
        together = row.source == below.source and (row.source == "tabbed" or row.paragraph == below.paragraph)
        levels = len(parts) > 1 and all(is_level(roles_of(c.key)) for c in parts)
        if not (together and levels and len(own) > 1 and "group" in roles_of(own[0].key)):
            return None
        # where the blank cells below the merged one are gone, the other heads stand too far to the left
        lost = len(parts) - 1 if row.source == "tabbed" and len(own) == row.width else 0
        first = own[0].column
        levelled = [replace(c, column=first + n) for n, c in enumerate(parts)] if row.source == "tabbed" else parts
        cells = [*levelled, *(replace(c, column=c.column + lost) for c in own[1:])]
        made = replace(row, cells=cells, width=max(row.width + lost, below.width), end=below.end)
        head = head_of(made)
        return (made, head, i + 2) if head and head[0] == "indicators" else None

    def form_done(self) -> bool:
        """True when the open form has had its total row."""
        return self.form is not None and self.form.total_seen

    def _head(self, row: Row, head: tuple[str, list[Column]], after: int) -> int:
        kind, columns = head
        form = self.form
        if kind == "pairs":
            form = form or self._open("")
            form.rows.append(row)
            form.info.append(row)
            if self.band is None:
                self.band = Band(kind, row, columns)
                form.bands.append(self.band)
            return after
        if form is not None and kind == form.kind == "table" and self._under_another_head(row, after - 1):
            self._keep_captions(form)
            form = None
        if form is not None:
            again = kind == "indicators" and form.has("indicators")
            if (
                (again and form.total_seen)
                or (kind in ("funding", "staff") and form.has("indicators"))
                or (kind == "goals" and form.has("indicators") and form.total_seen)
                or (kind == "table" and (form.has("indicators") or form.has("funding")))
                or (
                    form.kind == "basic_data"
                    and kind in ("indicators", "goals", "funding")
                    and form.bands
                    and not (kind == "funding" and not {"weight", "score"} & {c.role for c in columns})
                )
            ):
                form = None
        if form is None:
            guess = {"staff": "basic_data", "money": "basic_data", "table": "table"}.get(kind, "")
            form = self._open(guess)
        if form.kind == "basic_data" and kind in ("table", "funding"):
            kind = "money"
        if form.kind == "table" and kind != "table":
            form.kind = "basic_data" if kind in ("staff", "money") else ""
        if form.kind in ("overall", "project") and kind == "table":
            kind = "funding"
        form.rows.append(row)
        again = self.band is not None and self.band.kind == kind == "indicators" and self.form is form
        if again and self.band and [c.role for c in columns] == [c.role for c in self.band.columns]:
            # The head again after a page break: the band goes on.
            self.band.columns = columns
            return after
        self.band = Band(kind, row, columns)
        form.bands.append(self.band)
        if kind == "funding" and row.source == "table" and after < len(self.rows):
            below = self.rows[after]
            if below.paragraph == row.paragraph and split_by_source(columns, below):
                form.rows.append(below)
                return after + 1
        if kind == "indicators" and after < len(self.rows):
            below = self.rows[after]
            if merged := two_tiers(row, below):
                self.band.columns = merged
                form.rows.append(below)
                return after + 1
            if below.source == row.source and refine(columns, below):
                form.rows.append(below)
                return after + 1
        return after

    def _under_another_head(self, row: Row, i: int) -> bool:
        """True for the head of another table than the open one: in a table of its own, or pasted below a line of words."""
        band = self.band
        if band is None or row.source != band.head.source or row.paragraph == band.head.paragraph:
            return False
        below_words = row.source == "tabbed" and i > 0 and self.rows[i - 1].source == "line"
        return (row.source == "table" or below_words) and _unknown_head(row, band)

    def _keep_captions(self, form: Form) -> None:
        """The lines between the last table and this one are about this one."""
        lines: list[Row] = []
        while form.rows and form.rows[-1].source == "line":
            lines.insert(0, form.rows.pop())
        form.info = [r for r in form.info if not any(r is line for line in lines)]
        self.pending, self.pending_kind = lines, ""
        self.pending_title = _first_key(lines[0]) if lines else ""

    def _before(self, row: Row, i: int) -> int:
        """A row while no form is open: kept when it may be the top of one."""
        if row.source == "line":
            key = _first_key(row)
            if (
                self.pending_kind
                and (_NOTE.match(key) or len(key) <= 30)
                and len(self.pending) < 12
                and not _SECTION.match(key)
            ):
                self.pending.append(row)
            elif len(key) <= 40 and unit_in(key):
                self.pending = [row]
            else:
                self.pending, self.pending_kind, self.pending_title = [], "", ""
            return i + 1
        if (
            self.pending
            and self.pending[-1].source == "table"
            and self.pending[-1].paragraph != row.paragraph
            and not self.pending_kind
        ):
            self.pending = []
        self.pending.append(row)
        if len(self.pending) > 40 and not self.pending_kind:
            del self.pending[:20]
        return i + 1

    def _inside(self, row: Row, i: int) -> int:
        form, band = self.form, self.band
        assert form is not None
        if row.source == "line":
            return self._line(row, i)
        width = band.head.width if band and band.head.source == row.source == "tabbed" else None
        after = i + 1
        if width:
            row, after = self._mend(i, width)
        if self._starts_another(row):
            self._open("")
            assert self.form is not None
            self.form.rows.append(row)
            self.form.info.append(row)
            return after
        if (
            row.source == "table"
            and band is not None
            and band.head.paragraph != row.paragraph
            and not self._goes_on(row, band)
        ):
            self._close()
            return self._before(row, i)
        form.rows.append(row)
        first = row.own()[0].key if row.own() else ""
        if (
            (
                band is not None
                and band.kind == "indicators"
                and _FOOT.match(first)
                and not any(look(c.key)[0] == "number" for c in row.own())
            )
            or band is None
            or (form.total_seen and band.kind == "indicators" and not is_total(row))
        ):
            form.info.append(row)
        elif band.kind != "indicators" and not self._fits(row, band):
            form.info.append(row)
            self.band = None if band.kind not in ("money", "table", "staff") else band
        elif band.kind == "pairs":
            form.info.append(row)
        else:
            band.rows.append(row)
            if band.kind == "indicators" and is_total(row):
                form.total_seen = True
        return after

    def _starts_another(self, row: Row) -> bool:
        """The next project's head rows in the same table or run, without a title between."""
        form = self.form
        assert form is not None
        if not form.has("indicators"):
            return False
        own = row.own()
        return (
            any(roles_of(c.key) & {"project_name", "department_name"} for c in own[:2])
            and len(own) >= 2
            and (
                form.total_seen
                or "project_name" in roles_of(own[0].key)
                or (len(own) > 1 and "project_name" in roles_of(own[1].key))
            )
        )

    def _fits(self, row: Row, band: Band) -> bool:
        """False when a row under a funding or goals head is no row of it any more."""
        own = row.own()
        if band.kind == "funding":
            words = [c for c in own if look(c.key)[0] == "text"]
            if not words or (len(own) == 1 and _BY_KIND.search(own[0].key)):
                return True
            if self._named(row, band):
                return True
            return (
                self._filled(row, band)
                or any(
                    fund_source_label(c.key)
                    or roles_of(c.key) & {"fund_total", "fund_row", "fund_group"}
                    or "资金" in c.key
                    or "拨款" in c.key
                    or "支出" in c.key
                    or "收入" in c.key
                    or "预算" in c.key
                    or "经费" in c.key
                    or c.key.startswith("其中")
                    for c in words[:3]
                )
            ) and not any(
                roles_of(c.key) & {"goal_group", "goal_expected", "project_name", "info"}
                and len(c.key) > 2
                and not fund_source_label(c.key)
                for c in words
            )
        return True

    @staticmethod
    def _filled(row: Row, band: Band) -> bool:
        """True when a row with known columns has an amount in every money column: a project, whatever it is called."""
        money = [c for c in band.columns if c.role == "measure"]
        own = [c for c in row.own() if look(c.key)[0] == "number"]
        return in_columns(row, band) and all(any(m.start <= c.column < m.stop for c in own) for m in money)

    @staticmethod
    def _named(row: Row, band: Band) -> bool:
        """True when a row with known columns has an amount and a name in the column of names."""
        names = name_column(band)
        if names is None or not in_columns(row, band):
            return False
        looks = [(look(c.key)[0], names.start <= c.column < names.stop) for c in row.own()]
        return ("text", True) in looks and ("number", False) in looks

    def _goes_on(self, row: Row, band: Band) -> bool:
        """A table without a head of its own that continues the one on the page before."""
        if self.form is not None and self.form.kind == "table" and _unknown_head(row, band):
            return False
        if row.width == band.head.width or band.head.source != "table":
            return True
        own = row.own()
        return (
            bool(own)
            and abs(row.width - band.head.width) <= 2
            and (level_of(own[0].key, 1) is not None or is_total(row) or level_of(own[0].key, 2) is not None)
        )

    def _line(self, row: Row, i: int) -> int:
        """A line without cells inside a form: a broken row, a note, or the end."""
        form, band = self.form, self.band
        assert form is not None
        key = _first_key(row)
        if band is not None and band.head.source == "tabbed":
            if " " in row.cells[0].text:
                words = split_line(row, self.text)
                if is_total(words):
                    form.rows.append(words)
                    band.rows.append(words)
                    form.total_seen = True
                    return i + 1
            if band.rows and not _FOOT.match(key) and self._is_tail(i, band.rows[-1]):
                form.rows.append(row)
                self._tail(band.rows[-1], row)
                return i + 1
            joined, after = self._mend(i, band.head.width)
            if after > i + 1:
                form.rows.append(joined)
                band.rows.append(joined)
                if band.kind == "indicators" and is_total(joined):
                    form.total_seen = True
                return after
        if _NOTE.match(key):
            form.rows.append(row)
            form.info.append(row)
            return i + 1
        if band is not None and band.kind == "money" and _is_item(row) and self._more(i, 3):
            form.rows.append(row)
            band.rows.append(row)
            return i + 1
        if (
            form.total_seen
            or row.heading
            or (form.kind == "table" and self._says_its_amount(row))
            or (_SECTION.match(key) and not roles_of(key) and not (band and band.kind == "goals"))
        ):
            self._close()
            return self._before(row, i)
        if band is not None and self._more(i, 25 if band.kind == "goals" else 3):
            form.rows.append(row)
            if band.rows and band.kind == "indicators" and band.rows[-1].cells:
                self._tail(band.rows[-1], row)
            return i + 1
        self._close()
        return self._before(row, i)

    def _says_its_amount(self, row: Row) -> bool:
        """True for 住房保障支出 20万元 below a table: a line of prose that says its unit itself."""
        words = split_line(row, self.text).cells
        return len(words) == _NAME_AND_AMOUNT and look(words[-1].key)[0] == "amount"

    def _is_tail(self, i: int, above: Row) -> bool:
        """True when the line at `i` goes on with the last cell above it, not with the row below, which begins with a blank cell."""
        if not above.cells or above.cells[-1].column != above.width - 1 or look(above.cells[-1].key)[0] != "text":
            return False
        below = next((r for r in self.rows[i + 1 : i + 3] if r.cells), None)
        return below is None or (below.source == "tabbed" and below.cells[0].column > 0)

    def _tail(self, above: Row, row: Row) -> None:
        """The rest of the last text cell of the row above, which broke over the line."""
        last, more = above.cells[-1], row.cells[0]
        if look(last.key)[0] in ("text", "amount") and last.column == above.width - 1:
            whole = self.text[last.start : last.end] + "\n" + self.text[more.start : more.end]
            above.cells[-1] = FormCell(clean(whole), last.key + more.key, last.start, more.end, last.column, last.span)
            above.end = more.end

    def _more(self, i: int, within: int) -> bool:
        """True when rows with cells follow soon, before a title or the like."""
        left = within
        for row in self.rows[i + 1 : i + 2 + within * 2]:
            if not row.cells:
                continue
            if row.source != "line":
                return True
            left -= 1
            if left < 0 or self._title(row) or row.heading or _ANNEX.match(_first_key(row)):
                return False
        return False

    def _broken_head(self, i: int) -> tuple[Row, tuple[str, list[Column]], int] | None:
        """The head of an indicator table whose cells broke over lines (年度 / 指标值): (row, what it says, index after it)."""
        last = min(i + 5, len(self.rows) - 1)
        while i < last and self.rows[i].source == "line" and len(_first_key(self.rows[i])) <= 2:
            i += 1  # 绩 / 效 / 指: the label beside the table stands upright
        made = self.rows[i]
        if made.source != "tabbed" or not any(roles_of(c.key) & {"level_1", "level_2", "level_3"} for c in made.cells):
            return None
        best = None
        for j in range(i + 1, min(i + 10, len(self.rows))):
            below = self.rows[j]
            if not below.cells and below.width == 1:
                continue
            if below.source not in ("tabbed", "line") or not below.cells or below.cells[0].column:
                break
            if level_of(below.cells[0].key, 1) or any(look(c.key)[0] == "number" for c in below.cells):
                break
            made = join(made, below, self.text)
            head = head_of(made)
            if head and head[0] == "indicators" and {"weight", "score"} <= {c.role for c in head[1]}:
                best = made, head, j + 1
        return best

    def _mend(self, i: int, width: int | None) -> tuple[Row, int]:
        """The row at `i`, with the lines that it was broken into joined, and the index after it."""
        row = self.rows[i]
        if width is None or row.width >= width or width < 3:
            return row, i + 1
        of_money = self.band is not None and self.band.kind in ("table", "money")
        if row.width > 1 and self._complete(row, of_money=of_money):
            return row, i + 1
        first_key = _first_key(row)
        if row.width == 1 and (title_kind(first_key) or _NOTE.match(first_key) or _CAPTION.match(first_key)):
            return row, i + 1
        made, j = row, i + 1
        for j in range(i + 1, min(i + 8, len(self.rows))):
            below = self.rows[j]
            if not below.cells and below.width == 1:
                continue
            if below.source not in ("tabbed", "line") or made.width + below.width - 1 > width:
                break
            if below.source == "line" and (
                title_kind(_first_key(below)) or _SECTION.match(_first_key(below)) or _NOTE.match(_first_key(below))
            ):
                break
            first = below.cells[0] if below.cells else None
            if first and first.column == 0 and row.width > 1 and (is_total(below) or self._begins(made, first)):
                break
            if head_of(below) or self._broken_head(j):
                break
            if self.band is not None and self.band.kind == "money" and (_is_item(made) or _is_item(below, begun=True)):
                break
            pointed = first is not None and first.column == 0 and below.width > 2 and self._is_pointed(made, first)
            made = join(made, below, self.text)
            if made.width == width or (pointed and len(made.cells) >= 4):
                return made, j + 1
        return row, i + 1

    @staticmethod
    def _begins(above: Row, first: FormCell) -> bool:
        """True when the first cell is a level label of its own and not the rest of one."""
        if level_of(first.key, 1) is None and level_of(first.key, 2) is None:
            return False
        last = above.cells[-1].key if above.cells and above.cells[-1].column == above.width - 1 else ""
        return (level_of(last + first.key, 1) is None and level_of(last + first.key, 2) is None) or bool(
            points_of(first.key)
        )

    @staticmethod
    def _is_pointed(above: Row, first: FormCell) -> bool:
        """产出指标 / (50分): the points of the level label above; empty cells at the end of such a row are often gone."""
        points = points_of(first.key)
        last = above.cells[-1] if above.cells and above.cells[-1].column == above.width - 1 else None
        return bool(points and points[0] == first.key and last and level_of(last.key, 1))

    @staticmethod
    def _complete(row: Row, *, of_money: bool) -> bool:
        """A row that has a plain number (points, an amount) is no half row: what breaks over lines are words. Among money
        118.20万元 is a cell of its own, too; the target 30公里 of an indicator may go on."""
        whole = ("number", "points", "amount") if of_money else ("number", "points")
        return any(look(c.key)[0] in whole for c in row.cells)


def find_forms(rows: list[Row], text: str) -> list[Form]:
    """All forms of a document in reading order."""
    return Recogniser(rows, text).run()
