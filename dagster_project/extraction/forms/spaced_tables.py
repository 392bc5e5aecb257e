"""Small tables whose cells are parted by blanks, or stand on a line each -> rows with columns: lists of projects, of expenses.

A head line that names what the rows are and measures (序号 项目名称 年初预算 实际支出 执行率), below it lines that end in as many values as
the head has columns for them. What stands before the values is the row's name; a row with fewer values keeps them, and no column is guessed for them. Where each cell has a line of its own, the
head's lines are followed by a name and as many values again and again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.labels import bare, functional_or_economic, key_of, measure_of, roles_of
from dagster_project.extraction.forms.recognise import names_projects
from dagster_project.extraction.forms.rows import FormCell, Row, clean

SPACED_HEAD = re.compile(r"(?:(?:项目|专项|科目)(?:支出|资金)?名称|项目|类别|科目|内容|分类)[ \u3000\n]")
_WORD = re.compile(r"\S+")
_ORDINAL = re.compile(r"序号|编号")
_CODE = re.compile(r"编码|代码")
_BEFORE_NAMES = re.compile(r"序号|编号|[\u4e00-\u9fff]{0,8}(?:编码|代码)")
_LONGEST = 10  # characters of a head over names
_VALUES = ("number", "percent", "dash", "amount")
_MERGED = "merged"  # the source of a head of two lines of words, until the rows below it are found
CODED_LINE = re.compile(r"^[23]\d{2}(?:\d{2}){0,2}[ \t\u3000]?[\u4e00-\u9fff]", re.MULTILINE)
_SUPPLIED = ("科目名称", "金额")
_FEWEST_CODED = 3
_TOTALS = ("合计", "总计", "支出合计")
_LOWER_TIER = re.compile(r"年初|全年|年中|调整|当年|本年|上年")
_HEAD = 200  # characters: longer lines are no head
_FEWEST = 2  # rows: one line with numbers at its end may be prose


def split_spaced_tables(rows: list[Row], text: str) -> list[Row]:
    """`rows` with the lines of such lists replaced by rows of cells."""
    rows = _one_tier(_headed(rows, text), text)
    if not SPACED_HEAD.search(text):
        return rows
    out: list[Row] = []
    i = 0
    while i < len(rows):
        head = rows[i] if rows[i].source == _MERGED else _head(rows[i], text)
        made = _data(rows, i + 1, head, text) if head is not None else []
        below = i + 1 + len(made)
        if head is None:
            head, made, below = _stacked(rows, i, text)
        if head is not None and len(made) >= _FEWEST:
            out += [replace(head, source="tabbed"), *made]
            i = below
        else:
            out.append(replace(rows[i], source="line") if rows[i].source == _MERGED else rows[i])
            i += 1
    return out


def _headed(rows: list[Row], text: str) -> list[Row]:
    """`rows` with a head above lists of accounts and amounts that have none: 按功能分类：/ 201一般公共服务支出 118.20 / …"""
    if not CODED_LINE.search(text):
        return rows
    out: list[Row] = []
    i = 0
    while i < len(rows):
        made = []
        if not (i and _is_above_amounts(rows[i - 1], text)):
            made = list(takewhile(lambda row: row is not None, (_classified(row, text) for row in rows[i:])))
        listed = [row for row in made if row is not None]
        if sum(CODED_LINE.match(row.cells[0].text) is not None for row in listed) >= _FEWEST_CODED:
            at = listed[0].start
            head = [FormCell(word, word, at, at, n) for n, word in enumerate(_SUPPLIED)]
            out += [_row(head, len(head), replace(rows[i], end=at)), *listed]
            i += len(listed)
        else:
            out.append(rows[i])
            i += 1
    return out


def _is_above_amounts(row: Row, text: str) -> bool:
    """True for a row of a table, and for a line that names a column of amounts."""
    return row.source in ("tabbed", "table") or (row.source == "line" and any(map(_heads_money, _words(row, text))))


def _classified(row: Row, text: str) -> Row | None:
    """A line of a code with its name, or of a total, and one number; None for any other."""
    if row.source not in ("line", "tabbed") or not row.cells or row.end - row.start > _HEAD:
        return None
    cells = row.cells if row.source == "tabbed" else _words(row, text)
    looks = [look(c.key)[0] for c in cells]
    if looks not in (["text", "number"], ["number", "text", "number"]):
        return None
    a, b = cells[0].start, cells[-2].end
    name = FormCell(clean(text[a:b]), key_of(text[a:b]), a, b, 0)
    coded = CODED_LINE.match(name.text) and functional_or_economic(name.key)
    return _row([name, replace(cells[-1], column=1)], 2, row) if coded or bare(name.key) in _TOTALS else None


def _one_tier(rows: list[Row], text: str) -> list[Row]:
    """`rows` with a head of two lines (项目名称 预算数 实际支出 / 年初 全年) that lost its blank cells as one line of heads."""
    out: list[Row] = []
    for row in rows:
        made = _merged_head(out[-1], row, text) if out else None
        if made is None:
            out.append(row)
        else:
            out[-1] = made
    return out


def _merged_head(above: Row, below: Row, text: str) -> Row | None:
    """The one head that two lines make where all words of the lower one go with the same one of the upper: 年初 + 预算数."""
    if not (below.cells and _LOWER_TIER.match(below.cells[0].key)) or below.end - above.start > _HEAD:
        return None
    if above.source != below.source or above.source not in ("line", "tabbed"):
        return None
    upper, lower = (_words(r, text) if r.source == "line" else r.cells for r in (above, below))
    whole = len(upper) > 1 and len(lower) > 1 and all(len(r.cells) == r.width for r in (above, below))
    if not whole or not any(_names_rows(c.key) for c in upper[:2]) or any(measure_of(c.key) for c in lower):
        return None
    over = [n for n, c in enumerate(upper) if all(measure_of(part.key + c.key) for part in lower)]
    if len(over) != 1:
        return None
    at, whole_of = over[0], upper[over[0]]
    parts = [replace(c, text=f"{whole_of.text} {c.text}", key=c.key + whole_of.key) for c in lower]
    cells = [replace(c, column=n) for n, c in enumerate([*upper[:at], *parts, *upper[at + 1 :]])]
    merged = _row(cells, len(cells), replace(above, end=below.end))
    return replace(merged, source=_MERGED) if above.source == "line" else merged


def _words(row: Row, text: str) -> list[FormCell]:
    return [
        FormCell(m[0], key_of(m[0]), row.start + m.start(), row.start + m.end(), n)
        for n, m in enumerate(_WORD.finditer(text[row.start : row.end]))
    ]


def _row(cells: list[FormCell], width: int, origin: Row) -> Row:
    return Row(cells, width, origin.start, origin.end, "tabbed", origin.paragraph, origin.page, origin.sheet)


def _head(row: Row, text: str) -> Row | None:
    if row.source != "line" or not row.cells or row.end - row.start > _HEAD:
        return None
    cells = _words(row, text)
    named = _name_column(cells)
    if named is None or named > 1 or (named == 1 and not _BEFORE_NAMES.fullmatch(cells[0].key)):
        return None
    values = cells[named + 1 :]
    if sum(_heads_money(c) for c in values) < _measures_needed(cells[named]):
        return None
    return _row(cells, len(cells), row) if all(_heads_values(c) for c in values) else None


def _name_column(cells: list[FormCell]) -> int | None:
    """Which of the heads stands over what the rows are."""
    return next((n for n, c in enumerate(cells) if _names_rows(c.key) and not _CODE.search(c.key)), None)


def _names_rows(key: str) -> bool:
    """True for the head over what the rows are: projects, or kinds of expenses."""
    return names_projects(key) or (len(key) <= _LONGEST and not roles_of(key).isdisjoint(("money_group", "ledger")))


def _measures_needed(head: FormCell) -> int:
    """项目名称 heads a table with one measure, 项目 alone is a word of prose too."""
    return 1 if names_projects(head.key) else 2


def _heads_money(cell: FormCell) -> bool:
    """True for the head over amounts."""
    return measure_of(cell.key) is not None or "amount" in roles_of(cell.key)


def _heads_values(cell: FormCell) -> bool:
    """True for the head over amounts or rates."""
    return _heads_money(cell) or "rate" in roles_of(cell.key)


def _data(rows: list[Row], start: int, head: Row, text: str) -> list[Row]:
    """The lines from `start` on that are rows below `head`."""
    named = _name_column(head.cells) or 0
    coded = named > 0 and _CODE.search(head.cells[0].key) is not None
    size = head.width - named - 1
    made: list[Row] = []
    for n in range(start, len(rows)):
        row = rows[n]
        if row.source != "line" or not row.cells:
            break
        words = _words(row, text)
        values = list(takewhile(lambda c: look(c.key)[0] in _VALUES, reversed(words)))[:size][::-1]
        names = words[: len(words) - len(values)]
        code = names.pop(0) if named and len(names) > 1 and names[0].key.isdigit() else None
        if not names or not values or look(names[-1].key)[0] != "text":
            break
        if len(values) < size and all(look(c.key)[0] == "amount" for c in values):
            break  # 住房保障支出 20万元 below a table: a line that says its unit itself
        a, b = names[0].start, names[-1].end
        cells = [replace(code, column=0)] if coded and code is not None else []
        cells.append(FormCell(clean(text[a:b]), key_of(text[a:b]), a, b, named))
        cells += [FormCell(c.text, c.key, c.start, c.end, column) for column, c in enumerate(values, named + 1)]
        made.append(_row(cells, named + 1 + len(values), row))
    return made


def _stacked(rows: list[Row], start: int, text: str) -> tuple[Row | None, list[Row], int]:
    """The head and the rows of a list with a cell a line from `start` on, and where it ends; no head where there is none."""
    lines = (_only(rows[n], text) for n in range(start, len(rows)))
    first = next(lines, None)
    ordinal = [first] if first is not None and _ORDINAL.fullmatch(first.key) else []
    name = next(lines, None) if ordinal else first
    if name is None or not _names_rows(name.key):
        return None, [], start
    values = [*takewhile(lambda c: c is not None and _heads_values(c), lines)]
    heads = [c for c in (*ordinal, name, *values) if c is not None]
    named, size, at = len(ordinal), len(values), start + len(heads)
    if size < _FEWEST or sum(map(_heads_money, heads[named + 1 :])) < _measures_needed(name):
        return None, [], start
    made: list[Row] = []
    while (found := _stacked_row(rows, at, heads[named + 1 :], named, text)) is not None:
        made.append(found[0])
        at = found[1]
    head = [FormCell(c.text, c.key, c.start, c.end, column) for column, c in enumerate(heads)]
    return _row(head, len(head), replace(rows[start], end=heads[-1].end)), made, at


def _only(row: Row, text: str) -> FormCell | None:
    """The cell that a line is, without blanks in it."""
    found = _words(row, text) if row.source == "line" and row.cells else []
    return found[0] if len(found) == 1 else None


def _stacked_row(rows: list[Row], start: int, heads: list[FormCell], named: int, text: str) -> tuple[Row, int] | None:
    """A number where the head has a column for it, a name and a value for each of `heads`, a line each; and the line behind
    them. A row may lack values where the rest go with their columns by what they look like."""
    lines = [_only(row, text) for row in rows[start : start + len(heads) + 2]]
    if named and lines and lines[0] is not None and lines[0].key.isdigit():
        del lines[0]
        start += 1
    if not lines or lines[0] is None or look(lines[0].key)[0] != "text":
        return None
    name = lines[0]
    values = [
        c for c in takewhile(lambda c: c is not None and look(c.key)[0] in _VALUES, lines[1 : len(heads) + 1]) if c
    ]
    slots = _slots(values, heads)
    if not values or slots is None:
        return None
    placed = [replace(name, column=named)] + [
        replace(c, column=named + 1 + n) for c, n in zip(values, slots, strict=True)
    ]
    return _row(placed, named + len(heads) + 1, replace(rows[start], end=placed[-1].end)), start + len(values) + 1


def _slots(values: list[FormCell], heads: list[FormCell]) -> list[int] | None:
    """Which of `heads` each value stands below; None where a row lacks values and more than one way is open."""
    if len(values) == len(heads):
        return list(range(len(heads)))
    kinds = ["percent" if "rate" in roles_of(h.key) else "number" for h in heads]
    looks = ["percent" if look(c.key)[0] == "percent" else "number" for c in values]
    if looks != [kind for kind in kinds if kind in looks]:
        return None
    return [n for n, kind in enumerate(kinds) if kind in looks]
