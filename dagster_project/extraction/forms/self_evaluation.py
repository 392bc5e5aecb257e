"""Forms 1-2 and 1-3, goal sheets and the sister forms of other provinces -> form rows and figures.

Source of the layout: 财预〔2020〕10号, annexes; the provinces rename and reorder the columns, the parts are the same: project
head, funding block, annual goals, indicator rows, total row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from dagster_project.extraction.forms.columns import Assigned, Column, align, by_slot, look, plausible
from dagster_project.extraction.forms.context import FormContext, number_of
from dagster_project.extraction.forms.labels import (
    NUMBER_BEFORE,
    Measure,
    account_label,
    bare,
    fund_source_label,
    level_1_names,
    level_of,
    measure_of,
    points_of,
    roles_of,
    unquoted,
)
from dagster_project.extraction.forms.recognise import Band, Form, in_columns, is_total, name_column
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.forms.split_amounts import book_label, is_split_head, split_amounts
from dagster_project.extraction.numbers import Number, is_blank, scan
from dagster_project.extraction.rows import Figure
from dagster_project.extraction.vocabulary import vocabulary

_TEMPLATE = re.compile(r"(?:指标|目标|三级指标)?\d{0,2}[:.、]?$|[….·]+$|[Xx×*]{2,}$|指标(?:名称|内容)$")
_POINTS_TEXT = re.compile(
    r"\s*[（(\[【]?\s*(?:共|满分|权重|分值)?\s*[:：]?\s*[\d０-９]+(?:[.．]\d+)?\s*(?:分|%|％)\s*[）)\]】]?\s*[:：]?$"
)
_GRADE = re.compile(r"(?:等级|结论|等次|结果|评级)\)?[:为]?[(\[]?(优|良|中|差)(?:秀|好|等)?(?![\u4e00-\u9fff])")
_GRADE_WORD = re.compile(r"(优|良|中|差)(?:秀|好|等)?$")
_NATURE = {"定性", "定量", "正向", "反向"}
_LEADING_CODE = re.compile(r"^[\d\-_]{8,}[-—_ ]*")
_SUBTOTAL = re.compile(r".{0,8}小计(?:得分|分值|\([^()]*\))?:?$")
_BASIC_AND_PROJECT = ("basic", "project")
_OVERALL_TERM = "部门整体支出"
_PROJECT_TERM = "项目支出"
_GENERAL = "general_public"
_OTHER = {"其他", "其他支出", "其它支出"}


@dataclass(slots=True)
class Parsed:
    """An indicator-table row before it is known whether the form is filled in at all."""

    kind: str
    row: Row
    texts: dict[str, str | None] = field(default_factory=dict)
    cells: Assigned = field(default_factory=dict)
    weight: Number | None = None
    score: Number | None = None
    evidence: FormCell | None = None
    grade: str | None = None


@dataclass(slots=True)
class FundRow:
    """A row of the funding block."""

    row: Row
    label: FormCell | None
    cells: list[tuple[Column, FormCell, Number]]
    weight: tuple[FormCell, Number] | None = None
    score: tuple[FormCell, Number] | None = None
    rate: tuple[FormCell, Number] | None = None
    total: bool = False
    group: FormCell | None = None  # the merged label on the left: 基本支出 | 小计
    named: str | None = None  # the head of the column of names that the label stands in
    unplaced: list[FormCell] = field(default_factory=list)  # amounts whose column the words alone do not say


def extract_self_evaluation(context: FormContext) -> None:
    """Add the rows and figures of one self-evaluation form; a form that nobody filled in adds nothing."""
    form = context.form
    context.project_name = project_name(context)
    context.code = _code(context)
    if context.code == "overall":
        context.project_name = None
    funds = [r for b in form.bands if b.kind in ("funding", "money", "table") for r in parse_funding(b)]
    parsed = [p for b in form.bands if b.kind == "indicators" for p in parse_indicators(b)]
    _late_total(context, parsed)
    _mark_changes(funds)
    indicators = [p for p in parsed if p.kind == "indicator"]
    lost = all(p.row.source == "stream" for p in indicators) and not any(_counts(p) for p in indicators)
    splits = list(split_amounts(_funding_rows(form), context.document.text))
    filled = (
        any(r.cells for r in funds)
        or bool(splits)
        or (not lost and any(p.texts.get("target") or p.texts.get("achieved") or p.score for p in indicators))
        or any(measure_of(label.key) and number_of(value) for _, label, value in _pairs(form.info))
    )
    if not filled:
        return
    _emit_info(context)
    if not _emit_funds(context, funds):
        _emit_execution_line(context)
    _emit_kinds(context, funds)
    _emit_splits(context, splits)
    amounts = {n.value for r in funds for _, _, n in r.cells}
    for p in parsed:
        _emit_parsed(context, p, amounts)
    for band in form.bands:
        if band.kind == "goals":
            for row in band.rows:
                for cell in row.own():
                    context.omit_numbers(cell, "goal")


def _counts(p: Parsed) -> bool:
    """True when an indicator row holds a number: without one, words of a flattened row may all be labels of a blank form."""
    cells = [c for role in ("target", "target_value", "achieved") for c in p.cells.get(role, ())]
    return bool(p.weight or p.score) or any(look(c.key)[0] in ("number", "percent", "amount") for c in cells)


def _code(context: FormContext) -> str:
    kind = context.form.kind.removeprefix("goal_")
    if kind in ("overall", "project"):
        return kind
    if context.project_name or context.identity.report_kind == "project_self_evaluation":
        return "project"
    return "overall"


# Head of the form --------------------------------------------------------------------------------------------------------


def _pairs(rows: Sequence[Row]) -> list[tuple[Row, FormCell, FormCell]]:
    """(row, label, value) of label cells and what stands behind them, also within one cell: 项目名称：…"""
    out = []
    for row in rows:
        own = row.own()
        for i, cell in enumerate(own):
            roles = roles_of(cell.key)
            if not roles and not measure_of(cell.key):
                name, colon, value = cell.text.replace("：", ":").partition(":")
                if colon and value.strip() and roles_of("".join(name.split())):
                    at = cell.end - len(value.strip())
                    label = FormCell(name, "".join(name.split()), cell.start, cell.start + len(name), cell.column)
                    text = value.strip()
                    out.append((row, label, FormCell(text, "".join(text.split()), at, cell.end, cell.column)))
                continue
            if i + 1 < len(own):
                out.append((row, cell, own[i + 1]))
    return out


def project_name(context: FormContext) -> str | None:
    """The project that the form is about, without list numbers, quotation marks and its code."""
    fallback = None
    for _, label, value in _pairs([*context.form.info, *context.form.rows[:6]]):
        roles = roles_of(label.key)
        if not roles & {"project_name", "sub_project_name"} or roles_of(value.key) & {
            "project_name",
            "sub_project_name",
            "info",
            "investment",
        }:
            continue
        name = unquoted(NUMBER_BEFORE.sub("", _LEADING_CODE.sub("", value.text)))
        if not name or is_blank(name) or name.isdigit():
            continue
        if "project_name" in roles:
            return name
        fallback = fallback or name
    return fallback


def _emit_info(context: FormContext) -> None:
    """Project investment, and key/value funding lines above or below the tables."""
    investment: Figure | None = None
    goal = context.form.kind.startswith("goal")
    seen: set[int] = set()
    total: Figure | None = None
    for row, label, value in _pairs(context.form.info):
        roles = roles_of(label.key)
        number = number_of(value)
        if "info" in roles and value.start not in seen:
            context.omit_numbers(value, "contact" if "电话" in label.key else "name")
            seen.add(value.start)
            continue
        if number is None or number.kind not in ("", "money") or value.start in seen:
            continue
        if "investment" in roles:
            seen.add(value.start)
            investment = context.figure(
                row,
                value,
                number,
                kind="money",
                label=label.text,
                term=_term(context),
                project_name=context.project_name,
                measure_term="项目总投资",
                unit=context.unit(number, label),
                row_label=label.text,
            )
        elif investment is not None and "investment_fiscal" in roles:
            seen.add(value.start)
            context.figure(
                row,
                value,
                number,
                kind="money",
                label=label.text,
                term=_term(context),
                project_name=context.project_name,
                measure_term="项目总投资",
                fund_source_term=fund_source_label(label.key),
                unit=context.unit(number, label),
                row_label=label.text,
                part_of_figure_no=investment.figure_no,
            )
        else:
            measure = measure_of(label.key)
            source = fund_source_label(label.key)
            if measure is None and not (goal and (source or "fund_total" in roles)):
                continue
            seen.add(value.start)
            whole = source is None or "fund_total" in roles
            figure = context.figure(
                row,
                value,
                number,
                kind="money",
                label=label.text,
                term=_term(context),
                project_name=context.project_name,
                measure_term=measure.term if measure else "年初预算",
                fund_source_term=source,
                unit=context.unit(number, label),
                row_label=label.text,
                part_of_figure_no=None if whole or total is None else total.figure_no,
            )
            if whole and goal:
                total = figure


def _term(context: FormContext) -> str | None:
    """The account of a whole form: total expenditure, or the project (by its name; 项目支出 when it has none)."""
    if context.code == "overall":
        return _OVERALL_TERM
    return None if context.project_name else "项目支出"


# Funding block -----------------------------------------------------------------------------------------------------------


def shift_of(row: Row, band: Band) -> int:
    """How far the row's cells stand left of the head's columns because merged cells were lost."""
    gap = band.head.width - row.width
    if row.source == "table" or gap <= 0:
        return 0
    if row.cells and row.cells[-1].column < row.width - 1 and row.cells[0].column == 0:
        return gap  # blank cells at the end are there, so the missing ones were in front

    nearest = next((c for c in reversed(band.columns) if c.role == "label"), None)

    def fit(shift: int) -> int:
        good = 0
        for cell in row.cells:
            column = next((c for c in band.columns if c.start <= cell.column + shift < c.stop), None)
            kind = look(cell.key)[0]
            role = column.role if column else ""
            if kind == "text":
                good += (3 if column is nearest else 2) if role == "label" else -2
            elif kind == "dash":
                good += role in ("weight", "rate", "score")
            elif kind == "percent":
                good += 3 if role == "rate" else -3
            else:
                good += 1 if role in ("measure", "weight", "score") else -1
        return good

    return max(range(gap + 1), key=lambda s: (fit(s), -s))


def parse_funding(band: Band) -> list[FundRow]:
    """The rows of a funding block with their numbers by column."""
    out: list[FundRow] = []
    first = min((c.start for c in band.columns if c.role in ("measure", "weight", "rate", "score")), default=0)
    had_total = False
    names = name_column(band)
    whole: set[int] = set()  # where the merged cells begin that span the total, too
    above: list[FormCell] = []
    for row in band.rows:
        if any(is_split_head(c.key) for c in row.own()):
            break  # what follows is the total again, by kind of income and of expenditure
        shift = shift_of(row, band)
        sides = [FundRow(row, None, [])]
        own = row.own()
        for i, cell in enumerate(own):
            at = cell.column + shift
            kind = look(cell.key)[0]
            found = sides[-1]
            if at < first and kind == "text":
                found.label = cell
                continue
            column = next((c for c in band.columns if c.start <= at < c.stop), None)
            if kind == "text" and in_columns(row, band) and _is_amount(own[i + 1 : i + 2], band):
                sides.append(FundRow(row, cell, []))  # income on the left, expenditure on the right
                continue
            number = number_of(cell)
            if column is None or number is None:
                if number is not None and row.source == "stream":
                    found.unplaced.append(cell)
                continue
            if column.role == "measure" and number.kind in ("", "money"):
                found.cells.append((column, cell, number))
            elif column.role in ("weight", "score", "rate"):
                setattr(found, column.role, (cell, number))
        if sides[0].score and sides[0].weight is None:
            sides[0].weight = _points_in_head(band)
        totals = False
        beside = above = _beside(row, band, first, above)
        named = next((c for c in row.cells if names and names.start <= c.column < names.stop), None)
        if named is not None and in_columns(row, band) and not _is_fund(named.key):
            sides[0].label, sides[0].named = named, names.head.key if names else None
        for found in sides:
            if found.label is not None and measure_of(found.label.key) and not _is_fund(found.label.key):
                found.label = None  # 预算数 | 100 | 执行数 | 95: the columns say as much
            if found.label is None and not found.cells and not found.unplaced:
                continue
            key = found.label.key if found.label else ""
            found.group = _group(found, beside, whole)
            if found.group is not None and bare(key) == "小计":
                found.label, found.group = found.group, None
                key = found.label.key
            roles = roles_of(key)
            found.total = not had_total and (
                not key
                or "fund_total" in roles
                or "fund_group" in roles
                or bool(found.weight and found.score and fund_source_label(key) in (None, "合计"))
            )
            if found.named:
                found.total, found.group = False, None
            if found.total:
                found.group, totals = None, True
            out.append(found)
        if totals and not had_total:
            had_total = True
            whole |= {c.start for c in beside}
    return out


_POINTS_IN_HEAD = re.compile(r"\((\d{1,3})分(?:[*×xX]执行率)?\)")


def _points_in_head(band: Band) -> tuple[FormCell, Number] | None:
    """The points of the execution where no column has them: 得分（20分*执行率）, 预算执行情况（万元）（20分）."""
    if any(c.role == "weight" for c in band.columns):
        return None
    found = ((c, m) for c in reversed(band.head.cells) if (m := _POINTS_IN_HEAD.search(c.key)))
    return next(((replace(c, text=m[1] + "分"), _written(m[1])) for c, m in found), None)


def _is_fund(key: str) -> bool:
    """True for a label that a funding block has in its rows: a source, an account, a total."""
    roles = roles_of(key) & {"fund_total", "fund_row", "fund_group", "total_row"}
    return bool(roles or fund_source_label(key) or account_label(key))


def _is_amount(after: Sequence[FormCell], band: Band) -> bool:
    """True when the cell behind some words is an amount: the words name it, wherever they stand."""
    return any(
        look(cell.key)[0] == "number"
        and any(c.role == "measure" and c.start <= cell.column < c.stop for c in band.columns)
        for cell in after
    )


def _beside(row: Row, band: Band, first: int, above: list[FormCell]) -> list[FormCell]:
    """The cells of a row with the merged ones that began in rows above.

    A pasted table keeps a blank slot for those: one to the left of a row's label goes on with the label `above`, once a row
    has shown that labels stand in several columns.
    """
    if row.source == "table":
        return row.cells
    if not in_columns(row, band):
        return []
    labels = [c for c in row.cells if c.column < first and look(c.key)[0] == "text"]
    if not labels:
        return above
    kept = [c for c in above if c.column < labels[0].column]
    return [*kept, *labels] if len(kept) + len(labels) > 1 else []


def _group(found: FundRow, beside: Sequence[FormCell], whole: set[int]) -> FormCell | None:
    """The merged cell of an account, 基本支出 or 项目支出, that the label of a row stands right of."""
    if found.label is None:
        return None
    for cell in reversed(beside):
        if cell.column < found.label.column and cell.start not in whole and "fund_row" in roles_of(cell.key):
            return cell if account_label(cell.key) and not fund_source_label(cell.key) else None
    return None


def _is_expenditure(account: str | None) -> bool:
    """True for a part of total expenditure; false for the whole, and for income."""
    parents = vocabulary().account_parents
    code = parents.get(vocabulary().accounts.get(account or "") or "")
    while code and code != "total":
        code = parents.get(code)
    return code == "total"


def _emit_funds(context: FormContext, funds: Sequence[FundRow]) -> bool:
    """Add the figures of the funding block; True when it says what the execution scored."""
    totals: dict[int, Figure] = {}
    executed = False
    project_row = listed = False  # 项目支出, and the projects listed below it from 其中 on
    for fund in funds:
        for cell in fund.unplaced:
            context.omit_numbers(cell, "unknown_column")
        label = fund.label
        text = label.text if label else "合计"
        key = label.key if label else "合计"
        source = fund_source_label(key)
        book = None if fund.total else book_label(key)
        if source and vocabulary().books.get(book or "") == _GENERAL:
            book = None  # goes without saying
        account = None if source or book or fund.total else account_label(key)
        name = text.replace("其中：", "").replace("其中:", "").strip()
        over = account_label(fund.group.key) if fund.group else None
        unknown = not (fund.total or source or book or account)
        listed = unknown and (listed or (project_row and key.startswith("其中"))) and bare(key) not in _OTHER
        project_row = listed or vocabulary().accounts.get(account or "") == "project"
        if listed and over is None and fund.row.source in ("table", "tabbed"):
            over = _PROJECT_TERM
        if fund.named and unknown:
            over = None if "任务" in fund.named else _PROJECT_TERM
        term = (over or _term(context)) if fund.total or source or book else account
        project = context.project_name if fund.total or source or not account else None
        if over and not source and not account and vocabulary().accounts.get(over) == "project":
            project = project or unquoted(NUMBER_BEFORE.sub("", name))
        source = "合计" if fund.total else source
        parent = None
        if context.code == "overall" and _is_expenditure(account):
            parent = _OVERALL_TERM
        if over and (account or not source):
            parent = over
        head = context.form.bands[0].head.cells[0] if context.form.bands else None
        group = next((c for c in fund.row.cells if c is not label and look(c.key)[0] == "text"), None)
        for column, cell, number in fund.cells:
            assert column.measure is not None
            whole = totals.get(column.start)
            figure = context.figure(
                fund.row,
                cell,
                number,
                kind="money",
                label=name,
                term=term,
                parent_term=parent,
                project_name=project,
                measure_term=column.measure.term,
                book_term=book,
                fund_source_term=column.source if column.source and source in (None, "合计") else source,
                fiscal_year=column.measure.year or context.year(),
                unit=context.unit(number, column.head, label, group, head),
                row_label=text,
                column_label=column.head.text,
                part_of_figure_no=None if fund.total or whole is None else whole.figure_no,
            )
            if fund.total:
                totals[column.start] = figure
        rate = _percent(fund.rate, context)
        if fund.rate is not None and rate is not None:
            context.figure(
                fund.row,
                fund.rate[0],
                Number(0, 0, 0, 0, rate, fund.rate[1].value_as_written, fund.rate[1].decimals, "%", "percent", None),
                kind="rate",
                label="执行率",
                term=term,
                project_name=project,
                fund_source_term=source,
                unit="%",
                row_label=text,
                column_label="执行率",
                rate_of_term="全年执行数",
                rate_base_term="全年预算数",
            )
        if fund.total and not executed and (fund.weight or fund.score):
            executed = True
            context.collector.form_row(
                evidence_no=context.evidence(fund.row),
                form=context.code,
                form_no=context.form.number,
                project_name=context.project_name,
                row_kind="execution",
                level_1=None,
                level_3=text,
                weight=fund.weight[1].value if fund.weight else None,
                weight_as_written=fund.weight[0].text if fund.weight else None,
                score=fund.score[1].value if fund.score else None,
                score_as_written=fund.score[0].text if fund.score else None,
                execution_rate=rate,
                execution_rate_as_written=fund.rate[0].text if fund.rate else None,
            )
    return executed


def _emit_kinds(context: FormContext, funds: Sequence[FundRow]) -> None:
    """基本支出总额 | 850.20 | 项目支出总额 | 1,200.50 above the funding block: the two say no measure, and have that of the one
    total which they make; where they make none or two of them, nobody can say."""
    kinds = {
        account: (row, label, value, number)
        for row, label, value in _pairs(context.form.info)
        if (account := vocabulary().accounts.get(account_label(label.key) or "")) in _BASIC_AND_PROJECT
        and "fund_row" in roles_of(label.key)
        and (number := number_of(value)) is not None
    }
    if len(kinds) < len(_BASIC_AND_PROJECT) or context.code != "overall":
        return
    both = sum(number.value for *_, number in kinds.values())
    made = [column for fund in funds if fund.total for column, _, number in fund.cells if number.value == both]
    if len(made) != 1 or made[0].measure is None:
        return
    column, measure = made[0], made[0].measure
    for row, label, value, number in kinds.values():
        context.figure(
            row,
            value,
            number,
            kind="money",
            label=label.text,
            term=account_label(label.key),
            parent_term=_OVERALL_TERM,
            measure_term=measure.term,
            fiscal_year=measure.year or context.year(),
            unit=context.unit(number, label, column.head),
            row_label=label.text,
            column_label=column.head.text,
        )


def _emit_execution_line(context: FormContext) -> None:
    """预算执行率 | 90% | 分值 | 10 | 得分 | 9: what the execution scored, each value behind its name."""
    for row in _funding_rows(context.form):
        own = row.own()
        said: dict[str, tuple[FormCell, Number]] = {}
        for label, value in pairwise(own):
            role = next((r for r in ("rate", "weight", "score") if r in roles_of(label.key)), None)
            number = number_of(value) if role else None
            if role and number is not None and number.kind in ("", "percent", "score"):
                said.setdefault(role, (value, number))
        rate = _percent(said.get("rate"), context)
        if rate is None or "weight" not in said or "score" not in said:
            continue
        (cell, number), weight, score = said["rate"], said["weight"], said["score"]
        term = _term(context)
        context.figure(
            row,
            cell,
            number._replace(value=rate),
            kind="rate",
            label="执行率",
            term=term,
            project_name=context.project_name,
            fund_source_term="合计",
            unit="%",
            row_label=own[0].text,
            column_label="执行率",
            rate_of_term="全年执行数",
            rate_base_term="全年预算数",
        )
        context.collector.form_row(
            evidence_no=context.evidence(row),
            form=context.code,
            form_no=context.form.number,
            project_name=context.project_name,
            row_kind="execution",
            level_1=None,
            level_3=own[0].text,
            weight=weight[1].value,
            weight_as_written=weight[0].text,
            score=score[1].value,
            score_as_written=score[0].text,
            execution_rate=rate,
            execution_rate_as_written=cell.text,
        )
        return


def _mark_changes(funds: Sequence[FundRow]) -> None:
    """A column 调整预算 whose total is what lies between two others is the change of the budget, and not what it became."""
    total = next((f for f in funds if f.total), None)
    said = {c.measure.code: (c, n.value) for c, _, n in total.cells if c.measure} if total else {}
    if "adjusted_budget" not in said or "initial_budget" not in said:
        return
    (column, change), (_, initial) = said["adjusted_budget"], said["initial_budget"]
    after = {said[code][1] for code in ("full_year_budget", "actual") if code in said}
    if change and (change < 0 or (initial + change in after and change not in after)):
        assert column.measure is not None
        column.measure = Measure("年中调整", "adjustment", column.measure.year)


def _funding_rows(form: Form) -> list[Row]:
    """The rows of a form up to its goals and indicators."""
    ends = [b.head.start for b in form.bands if b.kind in ("goals", "indicators")]
    stop = min(ends, default=None)
    return [r for r in form.rows if stop is None or r.start < stop]


def _emit_splits(context: FormContext, splits: Sequence[tuple[Row, FormCell, FormCell]]) -> None:
    for row, label, amount in splits:
        number = number_of(amount)
        if number is None or number.kind not in ("", "money"):
            continue
        book = book_label(label.key)
        general = not book or vocabulary().books.get(book) == _GENERAL
        source = fund_source_label(label.key) if general else None
        account = None if book or source else account_label(label.key)
        own = context.project_name if not account else None
        context.figure(
            row,
            amount,
            number,
            kind="money",
            label=label.text,
            term=account or _term(context),
            parent_term=_OVERALL_TERM if account and context.code == "overall" else None,
            project_name=own,
            measure_term=None,
            book_term=book,
            fund_source_term=source,
            unit=context.unit(number, label, row.cells[0]),
            row_label=label.text,
        )


def _percent(rate: tuple[FormCell, Number] | None, context: FormContext) -> Decimal | None:
    """A rate in percent; a bare 0.98 is a ratio, because no form reports an execution below 1.5 % of its budget."""
    if rate is None:
        return None
    cell, number = rate
    if number.kind == "percent" or "%" in cell.key:
        return number.value
    if number.kind:
        return None
    return number.value * 100 if 0 < number.value <= Decimal("1.5") else number.value


# Indicator rows ----------------------------------------------------------------------------------------------------------


def _joined(cells: Sequence[FormCell] | None) -> str | None:
    if not cells:
        return None
    text = "".join(c.text for c in cells) if len(cells) > 1 else cells[0].text
    return text or None


def _target(found: Assigned, split: bool) -> str | None:
    """The target as one text; a target split into sign, value and unit is joined, 定性 and 定量 are no part of it."""
    parts = [
        *found.get("target_sign", ()),
        *found.get("target", ()),
        *found.get("target_value", ()),
        *found.get("target_unit", ()),
    ]
    kept = [c for c in parts if c.key not in _NATURE and not (len(parts) > 1 and look(c.key)[0] == "dash")]
    text = _joined(kept)
    return "".join(text.split()) if text and split else text


def without_points(text: str) -> str:
    """产出指标（50分） -> 产出指标"""
    if "分" in text or "%" in text or "％" in text:
        return _POINTS_TEXT.sub("", text).strip() or text
    return text.strip() or text


def assign(row: Row, band: Band) -> Assigned:
    """The cells of an indicator row by role."""
    own = row.own()
    columns = band.columns
    if row.source in ("table", "stream") or row.width == band.head.width:
        found = by_slot(own, columns)
        if plausible(found, columns) or len(own) < 2:
            return found
    if row.source == "tabbed" and (moved := _moved(own, band.head.width - row.width, columns)):
        return moved
    roles = [c for c in columns if c.role != "group"]
    cells = [c for c in own if "group" not in roles_of(c.key) or level_of(c.key, 1)]
    if not cells or not roles:
        return {}
    return align(cells, roles, 1.0 if row.width == band.head.width else 0.35)


def _moved(cells: Sequence[FormCell], lost: int, columns: Sequence[Column]) -> Assigned | None:
    """The cells of a pasted row that lacks its first `lost` cells, merged ones; None where the rest makes no sense so."""
    named = sum(c.role in ("group", "level_1", "level_2") for c in columns)
    if not 0 < lost <= named or [c.role for c in columns[:lost] if c.role not in ("group", "level_1", "level_2")]:
        return None
    found = by_slot([replace(c, column=c.column + lost) for c in cells], columns)
    if "level_3" not in found or not found.keys() & {"weight", "score"} or not plausible(found, columns):
        return None
    if any(look(c.key)[0] in ("number", "percent") for c in found.get("deviation", ())):
        return None
    levels = [(role, c.key) for role in ("level_1", "level_2", "level_3") for c in found.get(role, ())]
    if any(level_of(key, 1) and role != "level_1" and not level_of(key, 2) for role, key in levels):
        return None
    return None if any(level_of(key, 2) for role, key in levels if role == "level_3") else found


def parse_indicators(band: Band) -> list[Parsed]:
    """The rows of an indicator table, with level 1 and level 2 filled down over merged or lost cells."""
    out: list[Parsed] = []
    level_1 = level_2 = None
    headed: set[str | None] = set()  # the levels whose points are known, of the first `counted` rows
    counted = 0
    roles_here = {c.role for c in band.columns}
    shared = _shared_scores(band)
    for row in band.rows:
        if not row.own():
            continue
        if is_total(row):
            out.append(_total(row, band))
            continue
        if _SUBTOTAL.match(row.own()[0].key):
            if counted < len(out):
                headed |= {p.texts["level_1"] for p in out[counted:] if p.kind == "heading"}
                counted = len(out)
            out.append(_subtotal(row, band, None if level_1 in headed else level_1))
            continue
        found = assign(row, band)
        if row.source == "table":
            for role in ("level_1", "level_2", "level_3"):
                if role not in found:
                    above = by_slot(
                        [c for c in row.cells if c.inherited], [c for c in band.columns if c.role == role]
                    ).get(role)
                    if above and not (role == "level_3" and not _has_values(found)):
                        found[role] = above
        one, two, three = found.get("level_1"), found.get("level_2"), found.get("level_3")
        if two and "level_1" not in roles_here:
            level_1 = None if level_of(two[0].key, 2) else level_1  # the name of the second level tells the first
            one, two = (None, two) if level_of(two[0].key, 2) else (two if level_of(two[0].key, 1) else None, None)
        fresh = [c for c in one or () if not c.inherited]
        if (
            one
            and not three
            and not two
            and level_of(one[0].key, 1) is None
            and _has_values(found)
            and roles_here & {"level_3"}
        ):
            three, one, fresh = one, None, []
        if one:
            name = without_points(_joined(one) or "")
            if fresh or level_1 is None:
                if name != level_1 or fresh:
                    level_2 = None
                level_1 = name
                if fresh and (m := points_of("".join(c.key for c in fresh))):
                    out.append(_heading(row, fresh[0], level_1, m[1]))
                elif fresh and (given := found.get("weight_1")) and (n := number_of(given[0])):
                    out.append(_heading(row, given[0], level_1, n.value_as_written))
        fresh_2 = [c for c in two or () if not c.inherited]
        if two:
            level_2 = without_points(_joined(two) or "")
        parsed = Parsed("indicator", row, cells=found)
        parsed.weight, parsed.score = _points_cell(found.get("weight")), _points_cell(found.get("score"))
        if (given := found.get("score")) and given[0].start in shared:
            parsed.score = None  # 88 over all rows: the score of no single one
        text_3 = _joined(three)
        if text_3 is None and fresh_2:
            text_3 = without_points(_joined(fresh_2) or "")
        if text_3 is None and fresh and not two and _has_values(found):
            if parsed.weight and "target" not in found and "achieved" not in found:
                if not any(p.kind == "heading" and p.row is row for p in out):
                    heading = _heading(row, fresh[0], level_1, parsed.weight.value_as_written)
                    heading.score = parsed.score
                    out.append(heading)
                continue
            text_3 = level_1
        target, achieved = _target(found, "target_sign" in roles_here), _joined(found.get("achieved"))
        deviation = _joined(found.get("deviation"))
        if (
            text_3
            and parsed.weight is None
            and "weight" not in roles_here
            and (m := points_of(text_3.replace("（", "(").replace("）", ")")))
        ):
            parsed.weight = _written(m[1])
        values = bool(target or achieved or parsed.weight or parsed.score)
        if text_3 and not values and out and out[-1].kind == "indicator" and not fresh and not fresh_2:
            # A row that a page or line break cut in two: only words go on.
            out[-1].texts["level_3"] = (out[-1].texts.get("level_3") or "") + text_3
            if deviation:
                out[-1].texts["deviation"] = (out[-1].texts.get("deviation") or "") + deviation
            continue
        if (
            not text_3
            and out
            and out[-1].kind == "indicator"
            and (achieved or deviation or target)
            and not parsed.weight
            and not parsed.score
        ):
            for name, more in (("target", target), ("achieved", achieved), ("deviation", deviation)):
                if more:
                    out[-1].texts[name] = (out[-1].texts.get(name) or "") + more
            continue
        if not text_3 or not values:
            continue
        if _TEMPLATE.match("".join(text_3.split())) and not (target or achieved or parsed.score):
            continue
        parsed.texts = {
            "level_1": level_1 or (level_1_names().get(level_of(two[0].key, 2) or "") if two else None),
            "level_2": level_2,
            "level_3": text_3,
            "target": _stated(target),
            "achieved": _stated(achieved),
            "deviation": deviation
            if deviation and not is_blank("".join(deviation.split()).strip("-"))
            else _none_word(deviation),
        }
        out.append(parsed)
    if len(shared) == 1 and not any(p.kind == "total" for p in out):
        out += _whole_score(band, shared)
    return out


def _whole_score(band: Band, shared: set[int]) -> list[Parsed]:
    """The one score beside all rows as the total that no row states."""
    for row in band.rows:
        for cell in by_slot(row.own(), band.columns).get("score", ()):
            if cell.start in shared:
                return [Parsed("total", row, score=number_of(cell), evidence=cell)]
    return []


def _shared_scores(band: Band) -> set[int]:
    """Where the merged cells of a score begin that stand beside several weights: they score all those rows together."""
    weights: dict[int, set[int]] = {}
    for row in band.rows:
        if row.source != "table" or is_total(row):
            continue
        found = by_slot(row.cells, band.columns)
        for score in found.get("score", ()):
            weights.setdefault(score.start, set()).update(c.start for c in found.get("weight", ()))
    return {start for start, beside in weights.items() if len(beside) > 1}


def _none_word(text: str | None) -> str | None:
    """无 is a statement in a deviation cell, a dash is not."""
    return text if text and text.strip() == "无" else None


def _stated(text: str | None) -> str | None:
    return None if text is None or not text.strip("-－—–― ") else text


def _has_values(found: Assigned) -> bool:
    return any(found.get(role) for role in ("target", "target_value", "achieved", "weight", "score"))


def _points_cell(cells: Sequence[FormCell] | None) -> Number | None:
    return number_of(cells[0]) if cells else None


def _written(text: str) -> Number:
    return Number(0, len(text), 0, len(text), Decimal(text), text, len(text.partition(".")[2]), "", "", None)


def _heading(row: Row, cell: FormCell, level_1: str | None, points: str) -> Parsed:
    """The points of a level-1 heading; those of a level-2 heading only repeat the sum of its rows and are no row."""
    return Parsed("heading", row, {"level_1": level_1}, weight=_written(points), evidence=cell)


def _grade(cells: Sequence[FormCell]) -> str | None:
    for i, cell in enumerate(cells):
        if m := _GRADE.search(cell.key):
            return m[1]
        if "grade" in roles_of(cell.key) and i + 1 < len(cells) and (m := _GRADE_WORD.match(cells[i + 1].key)):
            return m[1]
    return None


def _total(row: Row, band: Band) -> Parsed:
    """The total row: points and score by their columns, or in their order where the row is short."""
    parsed = Parsed("total", row)
    own = row.own()
    parsed.grade = _grade(own) or next((c.key[0] for c in own[1:] if _GRADE_WORD.match(c.key)), None)
    numbers = [(c, n) for c in own[1:] if look(c.key)[0] in ("number", "points", "percent") and (n := number_of(c))]
    slots = (
        by_slot([c for c, _ in numbers], band.columns) if row.source != "line" and row.width == band.head.width else {}
    )
    one_each = len(slots.get("weight", ())) == 1 and len(slots.get("score", ())) == 1
    in_words = slots and any(number_of(c) is None for c in by_slot(own[1:], band.columns).get("weight", ()))  # 90+10
    if one_each or in_words or (len(numbers) == 1 and (slots.get("weight") or slots.get("score"))):
        parsed.weight, parsed.score = _points_cell(slots.get("weight")), _points_cell(slots.get("score"))
        return parsed
    roles = [c.role for c in band.columns if c.role in ("weight", "score")]
    if len(numbers) >= 2:
        pair = {"weight": numbers[-2][1], "score": numbers[-1][1]}
        if roles[:1] == ["score"]:
            pair = {"score": numbers[-2][1], "weight": numbers[-1][1]}
        parsed.weight, parsed.score = pair["weight"], pair["score"]
    elif numbers:
        if "score" in roles:
            parsed.score = numbers[0][1]
        else:
            parsed.weight = numbers[0][1]
    return parsed


def _subtotal(row: Row, band: Band, level_1: str | None) -> Parsed:
    """The points of a level 1 that stand under its rows; any other subtotal only repeats what the rows above it add up to."""
    sums = _total(row, band)
    inner = next((c.start for c in band.columns if c.role == "level_3"), None)
    of_level_2 = inner is not None and row.source == "table" and row.own()[0].column >= inner
    if level_1 is None or sums.weight is None or of_level_2:
        return Parsed("subtotal", row)
    return Parsed("heading", row, {"level_1": level_1}, weight=sums.weight, score=sums.score)


def _late_total(context: FormContext, parsed: list[Parsed]) -> None:
    """A grade, or a total, that stands in the head or foot of the form instead of in the total row."""
    totals = [p for p in parsed if p.kind == "total"]
    for row in context.form.info:
        own = row.own()
        grade = _grade(own)
        if totals:
            totals[-1].grade = totals[-1].grade or grade
            continue
        for cell, after in pairwise(own):
            if (
                "total_row" in roles_of(cell.key)
                and "fund_total" not in roles_of(cell.key)
                and (n := number_of(after))
                and n.kind in ("", "score")
            ):
                totals.append(Parsed("total", row, score=n, grade=grade))
                parsed.append(totals[-1])
                break


def _money_unit(found: Assigned) -> str | None:
    """The money unit that stands in a column of its own beside the target."""
    unit = next((c.key for c in found.get("target_unit", ())), None)
    return unit if unit and vocabulary().units.get(unit) == "money" else None


def _emit_parsed(context: FormContext, p: Parsed, amounts: set[Decimal]) -> None:
    if p.kind == "total" and p.weight is None and p.score is None:
        return
    if p.kind == "subtotal":
        for cell in p.row.own():
            context.omit_numbers(cell, "subtotal")
        return
    number = context.evidence(p.row, p.evidence)
    context.collector.form_row(
        evidence_no=number,
        form=context.code,
        form_no=context.form.number,
        project_name=context.project_name,
        row_kind=p.kind,
        **{k: v for k, v in p.texts.items() if v},
        weight=p.weight.value if p.weight else None,
        weight_as_written=p.weight.value_as_written if p.weight else None,
        score=p.score.value if p.score else None,
        score_as_written=p.score.value_as_written if p.score else None,
        grade=p.grade,
    )
    if p.kind != "indicator":
        return
    label = p.texts["level_3"] or ""
    common = {"label": label, "project_name": context.project_name, "row_label": label}
    for role, measure in (("target", "年度指标值"), ("target_value", "年度指标值"), ("achieved", "实际完成值")):
        for cell in p.cells.get(role, ()):
            n = number_of(cell)
            if n is None:
                continue
            if not n.unit and role != "achieved" and (split := _money_unit(p.cells)):
                n = n._replace(unit=split, kind="money")
            if n.kind == "money":
                sign = re.match(r"[≥≤><=约近]+", cell.key)
                context.figure(
                    p.row,
                    cell,
                    n,
                    kind="money",
                    term=None,
                    measure_term=measure,
                    unit=n.unit,
                    column_label=measure,
                    qualifier=n.qualifier or (sign[0] if sign else None),
                    **common,
                )
            elif not n.unit and n.value in amounts and n.value != 0 and "成本" in (p.texts.get("level_2") or ""):
                # A cost row that repeats an amount of the funding block without its unit: kept as a bare figure.
                context.figure(
                    p.row,
                    cell,
                    n,
                    kind="output",
                    term=None,
                    measure_term=measure,
                    unit="",
                    column_label=measure,
                    **common,
                )
    for cell in p.cells.get("deviation", ()):
        for n in scan(cell.key):
            if n.kind == "money" and n.unit != "万":
                context.figure(
                    p.row,
                    cell,
                    n,
                    kind="money",
                    term=None,
                    measure_term="偏差说明",
                    unit=n.unit,
                    column_label="偏差说明",
                    qualifier=n.qualifier,
                    **common,
                )
