"""Tables of the department's institutions: 机构名称 | 收入合计 | 上年结转 | 公共财政拨款 ..., a row each and one for all together.

Source of the layout: part 部门（单位）收支情况 of the provinces' report form of departmental self-evaluation (income, expenditure
and balance, three public expenses, fixed assets). The row of all institutions is the department; a single institution's
numbers are listed as such, for a department and one of its offices are not to be compared.

Any layout: true tables, pasted tabs, a cell a line, all on one line. Where merged heads are lost, the columns are put in the
order in which the tree of accounts has them: a part follows its whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.context import FormContext, number_of
from dagster_project.extraction.forms.labels import account_label, bare, key_of, measure_of, unit_in
from dagster_project.extraction.forms.recognise import Form
from dagster_project.extraction.forms.rows import FormCell, Row, line_row, make_cell
from dagster_project.extraction.rows import Figure
from dagster_project.extraction.vocabulary import vocabulary

HEAD = re.compile(r"机\s*构\s*名\s*称")  # 单位名称 heads a name field of other forms
_FIRST = "机构名称"
_GROUP = "其中"  # a head that only spans others
_ALL = re.compile(r"汇总|合计|总计|小计")
_WORDS = re.compile(r"\S+")
_MOST_HEADS = 24
_MOST_LINES = 400
_CAPTION = 40  # characters
_INCOME = "收入"
_APPROPRIATION = "财政拨款收入"
_ACTUAL = "决算数"  # the form looks back on the year
_EXPENDITURE = "支出合计"


@dataclass(slots=True)
class Line:
    """An institution's row: its name, and its amounts by column; a column is None where nobody can say which it is."""

    row: Row
    name: FormCell
    amounts: list[tuple[int | None, FormCell]] = field(default_factory=list)


@dataclass(slots=True)
class InstitutionTable:
    """One head with the rows below it."""

    heads: list[FormCell]
    lines: list[Line]
    rows: list[Row]
    unit: str | None = None


def take_institution_tables(rows: list[Row], text: str) -> tuple[list[Row], list[InstitutionTable]]:
    """(the rows that are left, the tables found)"""
    if not HEAD.search(text):
        return rows, []
    rows = [part for row in rows for part in _split_at_heads(row, text)]
    left: list[Row] = []
    tables: list[InstitutionTable] = []
    unit: str | None = None
    at = 0
    while at < len(rows):
        row = rows[at]
        of = _of_words if row.source == "line" else _of_rows
        if _is_head(row, text) and (found := of(rows, at, text)):
            table, at = found
            table.unit = unit
            tables.append(table)
            continue
        for cell in row.cells if len(row.cells) == 1 else ():
            unit = unit_in(cell.key[-_CAPTION:]) or unit
        left.append(row)
        at += 1
    return left, tables


def _is_head(row: Row, text: str) -> bool:
    """True when the first cell, or the first word of a line, heads a column of institutions."""
    if row.source == "line":
        first = _WORDS.search(text, row.start, row.end)
        return first is not None and _starts(key_of(first[0]))
    return bool(row.own()) and _starts(row.own()[0].key)


def _split_at_heads(row: Row, text: str) -> list[Row]:
    """A line with a head behind other words, as one line for each part."""
    if row.source != "line":
        return [row]
    cuts = [m.start() for m in _WORDS.finditer(text, row.start, row.end) if _starts(key_of(m[0]))]
    begins = [row.start, *(c for c in cuts if text[row.start : c].strip())]
    if len(begins) == 1:
        return [row]
    return [_line(row, text, a, b) for a, b in pairwise([*begins, row.end])]


def _line(row: Row, text: str, start: int, end: int) -> Row:
    """A part of a line."""
    return line_row(text[start:end], start, row.paragraph, page=row.page, sheet=row.sheet, heading=row.heading)


def _of_rows(rows: list[Row], at: int, text: str) -> tuple[InstitutionTable, int] | None:
    """(the table that begins at `at`, with cells of its own; the index behind it)"""
    row = rows[at]
    own = row.own()
    if any(_is_amount(c) for c in own):
        return None
    tiers = [row]
    after = at + 1
    while after < len(rows) and len(tiers) < 4 and _is_tier(rows[after], row):
        tiers.append(rows[after])
        after += 1
    body = []
    while after < len(rows) and rows[after].source == row.source and _is_line(rows[after]):
        body.append(rows[after])
        after += 1
    if row.source == "table":
        heads = _leaves_by_slot(tiers, row.width)
        named = list(heads.values())
        order = {slot: i for i, slot in enumerate(heads)}
        lines = [Line(r, r.own()[0], [(order.get(c.column), c) for c in r.own()[1:]]) for r in body]
        table = InstitutionTable(named, lines, [*tiers, *body])
        return (table, after) if lines and _is_known(named) else None
    named = [c for tier in tiers for c in tier.cells][1:]
    lines = [Line(r, r.cells[0], [(None, c) for c in r.cells[1:]]) for r in body]
    return (_placed(named, lines, [*tiers, *body]), after) if lines and _is_known(named) else None


def _is_tier(row: Row, head: Row) -> bool:
    own = row.own()
    return bool(own) and row.source == head.source and not any(_is_amount(c) for c in own) and not _starts(own[0].key)


def _starts(key: str) -> bool:
    return bare(key) == _FIRST


def _is_line(row: Row) -> bool:
    own = row.own()
    return len(own) > 1 and look(own[0].key)[0] == "text" and not _starts(own[0].key) and all(map(_is_amount, own[1:]))


def _is_amount(cell: FormCell) -> bool:
    return look(cell.key)[0] in ("number", "dash", "amount")


def _leaves_by_slot(tiers: Sequence[Row], width: int) -> dict[int, FormCell]:
    """The lowest head above each slot that says more than 其中."""
    heads: dict[int, FormCell] = {}
    for row in tiers:
        for cell in row.cells:
            if cell.column and bare(cell.key) != _GROUP:
                for slot in range(cell.column, min(cell.column + cell.span, width)):
                    heads[slot] = cell
    return heads


def _of_words(rows: list[Row], at: int, text: str) -> tuple[InstitutionTable, int] | None:
    """The same of a table whose words follow one another, on one line or on many."""
    words: list[tuple[FormCell, int]] = []
    for index in range(at, min(at + _MOST_LINES, len(rows))):
        row = rows[index]
        if row.source != "line" or (index > at and _is_head(row, text)):
            break
        for m in _WORDS.finditer(text, row.start, row.end):
            if (cell := make_cell(m[0], m.start(), 0)) is not None:
                words.append((cell, index))
    first = next((i for i, (c, _) in enumerate(words) if _is_amount(c)), 0) - 1  # the name of the first institution
    if not 2 <= first <= _MOST_HEADS:
        return None
    lines: list[Line] = []
    end = first
    while end + 1 < len(words) and not _is_amount(words[end][0]) and _is_amount(words[end + 1][0]):
        name, index = words[end]
        end += 1
        line = Line(rows[index], name)
        while end < len(words) and _is_amount(words[end][0]):
            line.amounts.append((None, words[end][0]))
            end += 1
        lines.append(line)
    named = [c for c, _ in words[1:first]]
    if not _is_known(named):
        return None
    last = words[end - 1][1]
    taken = rows[at : last + 1]
    if end < len(words) and words[end][1] == last:  # the next caption stands on the same line
        cut = words[end][0].start
        taken[-1] = _line(rows[last], text, rows[last].start, cut)
        rows[last] = _line(rows[last], text, cut, rows[last].end)
        return _placed(named, lines, taken), last
    return _placed(named, lines, taken), last + 1


def _placed(named: list[FormCell], lines: list[Line], rows: list[Row]) -> InstitutionTable:
    """The table of rows that may have lost empty cells: columns are known only where each has an amount."""
    heads = _in_order(named, max(len(line.amounts) for line in lines))
    for line in lines:
        if len(line.amounts) == len(heads):
            line.amounts = [(i, c) for i, (_, c) in enumerate(line.amounts)]
    return InstitutionTable(heads, lines, rows)


def _in_order(cells: Sequence[FormCell], count: int) -> list[FormCell]:
    """The heads over `count` columns of which only the words are left; empty when they are not that many."""
    heads = [c for c in cells if bare(c.key) != _GROUP]
    if len(heads) > count:  # 结余 over 当年结余 and 累计结余
        heads = [h for h in heads if not any(o is not h and bare(o.key).endswith(bare(h.key)) for o in heads)]
    if len(heads) != count:
        return []
    parents = vocabulary().account_parents
    codes = {id(h): _said(h)[1] for h in heads}
    out: list[FormCell] = []
    for head in heads:
        parent = parents.get(codes[id(head)] or "")
        over = next((i for i, o in enumerate(out) if parent and codes[id(o)] == parent), None)
        if not over:  # the first column is the whole of all that follow
            out.append(head)
            continue
        place = over + 1
        while place < len(out) and parents.get(codes[id(out[place])] or "") == parent:
            place += 1
        out.insert(place, head)
    return out


def _said(head: FormCell) -> tuple[str | None, str | None]:
    """(account label, account code) of a head; appropriations are named without 收入 where all columns are income."""
    for key in (bare(head.key) + _INCOME, head.key):
        if label := account_label(key):
            return label, vocabulary().accounts.get(label)
    return None, None


def _is_known(heads: Sequence[FormCell]) -> bool:
    """True when the first head or two others say something known."""
    assets = vocabulary().metrics("asset")
    known = [h for h in heads if _said(h)[0] or measure_of(h.key) or bare(h.key) in assets]
    return bool(known) and (known[0] is heads[0] or len(known) > 1)


def extract_institution_table(table: InstitutionTable, context: FormContext) -> None:
    """Add the figures of the department's row; numbers of single institutions are listed with that reason."""
    context.code = "basic_data"
    own = _department(table.lines, context)
    unit = table.unit or next((u for h in table.heads if (u := unit_in(h.key))), None)
    for line in table.lines:
        if line is not own:
            for _, cell in line.amounts:
                context.omit_numbers(cell, "institution")
    if own is None:
        return
    said: dict[str, Figure] = {}
    whole: Figure | None = None
    for column, cell in own.amounts:
        number = number_of(cell)
        if number is None:
            continue
        head = table.heads[column] if column is not None else None
        stated = number.unit if number.kind == "money" else unit_in(head.key) if head is not None else None
        if head is None or not (stated or unit):
            context.omit_numbers(cell, "unknown_column" if head is None else "no_unit")
            continue
        label, code = _said(head)
        measure = measure_of(head.key)
        parent = vocabulary().account_parents.get(code or "")
        over = said.get(parent or "") or (whole if not measure else None)
        figure = context.figure(
            own.row,
            cell,
            number,
            unit=stated or unit,
            label=head.text,
            row_label=own.name.text,
            column_label=head.text,
            **_meaning(head, label, code),
            part_of_figure_no=over.figure_no if over else None,
        )
        whole = whole or figure
        if code and not measure:
            said.setdefault(code, figure)


def _meaning(head: FormCell, label: str | None, code: str | None) -> dict[str, str | None]:
    """kind and terms of a column"""
    plain = bare(head.key)
    if plain.endswith(("资产合计", "固定资产")):
        return {"kind": "asset", "term": plain if plain in vocabulary().metrics("asset") else None}
    measure = measure_of(head.key)
    if measure is not None and measure.code in ("carryover_in", "carryover_out"):
        return {"kind": "money", "term": _EXPENDITURE, "measure_term": measure.term}
    book = vocabulary().books.last(plain)
    return {
        "kind": "money",
        "term": label,
        "measure_term": (_APPROPRIATION if code == "total" and _INCOME in label else _ACTUAL) if label else None,
        "book_term": book.label if book else None,
    }


def _department(lines: Sequence[Line], context: FormContext) -> Line | None:
    """The row of all institutions together; of a single row, that one."""
    name = context.identity.department_name
    whole = [line for line in lines if _ALL.search(line.name.key)]
    own = [line for line in lines if name and line.name.key.endswith(name)]
    return next(iter(whole or own or (lines if len(lines) == 1 else [])), None)


def form_of(table: InstitutionTable, number: int) -> Form:
    """The form that evidence names."""
    return Form("institutions", number, rows=table.rows, info=table.rows)
