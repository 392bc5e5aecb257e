"""Final-account tables of which only a sequence of words is left -> rows with columns.

Met in pasted text: the table on one line, or a cell a line; merged heads and empty cells are gone. The head words say the
columns, the code or name begins a row. In a row that is shorter than the head the amounts stand where the sums close: the first
column is the sum of the others, and the rows of a class add up to it. What the sums leave open stands in no column.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.labels import account_label, bare, measure_of, roles_of, title_kind, unit_in
from dagster_project.extraction.forms.mending import runs
from dagster_project.extraction.forms.recognise import head_of
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.forms.words import Word, merged, words_of
from dagster_project.extraction.numbers import parse_cell
from dagster_project.extraction.vocabulary import vocabulary

TABLE_ANCHOR = re.compile(
    r"科\s*目\s*(?:编\s*码|名\s*称|代\s*码)|本\s*年\s*(?:支\s*出|收\s*入)\s*合\s*计|行\s*次|因\s*公\s*出\s*国\s*[(（]\s*境\s*[)）]\s*费"
)
_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}$")
_LABEL_HEAD = re.compile(r"(?:科目|分类)(?:编码|代码|名称)?$|编码$|代码$|名称$|项目$|^[类款项目]$|^项目\(")
_CODES = re.compile(r"编码$|代码$")
_WHOLES = {"合计", "小计", "总计", "本年支出合计", "本年收入合计", "支出合计", "收入合计", "本年支出", "本年收入"}
_TOPS = {"合计", "总计"}
_END = re.compile(r"(?:备注|注[:：]|说明[:：]|本表)")
_SECTION = re.compile(r"[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\)[\u4e00-\u9fff]")
_NEAR = Decimal("0.02")
_COMBINATIONS = 400


@dataclass(slots=True)
class Line:
    """A row in the making. `places[i]`: the value column of amount i; None while it is open."""

    code: Word | None
    label: Word | None
    amounts: list[Word] = field(default_factory=list)
    places: list[int | None] = field(default_factory=list)

    def at(self, column: int) -> Decimal | None:
        """The amount in a value column; zero where it is empty; None while it is open."""
        found = Decimal(0)
        for word, place in zip(self.amounts, self.places, strict=True):
            if place is None:
                return None
            if place == column:
                found = _value(word)
        return found


def _value(word: Word) -> Decimal:
    number = parse_cell(word.cell.key)
    return number.value if number else Decimal(0)


def _is_amount(word: Word) -> bool:
    return look(word.cell.key)[0] in ("number", "dash")


def unflatten_tables(rows: list[Row], text: str) -> list[Row]:
    """`rows` with the lines of flattened final-account tables replaced by rows with columns."""
    starts = [m.start() for m in TABLE_ANCHOR.finditer(text)]
    if not starts:
        return rows
    out: list[Row] = []
    done = at = 0
    for index, row in enumerate(rows):
        while at < len(starts) and starts[at] < row.start:
            at += 1
        if at == len(starts):
            break
        if index < done or row.source != "line" or not row.cells or starts[at] >= row.end:
            continue
        made, first, after = _table(rows, index, done, text)
        if made:
            out += rows[done:first]
            out += made
            done = after
    out += rows[done:]
    return out


def _is_head(key: str) -> bool:
    return bool(
        roles_of(key) & {"ledger", "money_group"}
        or measure_of(key)
        or account_label(key)
        or bare(key) in vocabulary().books
        or _LABEL_HEAD.search(key)
        or bare(key) in _WHOLES
        or key in ("栏次", "收入", "支出")
    )


def _table(rows: list[Row], index: int, done: int, text: str) -> tuple[list[Row], int, int]:
    """(the rows made, the first row that they replace, the index after the last one)"""
    line = text[rows[index].start : rows[index].end].strip()
    alone = len(line) <= 30 and " " not in line
    if not alone:
        whole = next(runs(rows, index, index, text, cells_are_lines=False), None)
        if whole is None or len(whole.text) < 40 or sum(w[0].isdigit() for w in whole.text.split()) < 3:
            return [], index, index
    first = index
    if alone:
        while first > done and rows[first - 1].source == "line" and rows[first - 1].cells:
            key = rows[first - 1].cells[0].key
            if not _is_head(key) or title_kind(key) or unit_in(key):
                break
            first -= 1
    words: list[Word] = []
    for run in runs(rows, first, index, text, cells_are_lines=alone):
        row = rows[run.lines[0]]
        key = row.cells[0].key
        if words and (
            row.heading or title_kind(key) or _END.match(key) or len(key) > 60 or (not alone and len(words) > 6)
        ):
            break
        words += words_of(run, rows, cells_are_lines=alone)
    if not alone:
        words = merged(words, text)
    made, used = _Words(words, rows).run()
    if not made:
        return [], index, index
    last = words[used - 1]
    return made, first, max(last.line, last.last) + 1


class _Words:
    """The words of one table."""

    def __init__(self, words: list[Word], rows: list[Row]) -> None:
        self.words, self.rows = words, rows

    def run(self) -> tuple[list[Row], int]:
        """(rows, how many words they used); no rows when the words are no such table."""
        begin = next(
            (i for i, w in enumerate(self.words) if TABLE_ANCHOR.search(w.cell.key) and _is_head(w.cell.key)), None
        )
        if begin is None:
            return [], 0
        while begin and _is_head(self.words[begin - 1].cell.key) and not title_kind(self.words[begin - 1].cell.key):
            begin -= 1
        data = self._data(begin)
        if data is None or data - begin < 2:
            return [], 0
        heads = [w for w in self.words[begin:data] if look(w.cell.key)[0] == "text" and w.cell.key != "栏次"]
        above = [self._row([w.cell], 1, w.line, "line") for w in self.words[:begin]]
        if any(w.cell.key == "行次" for w in heads):
            made, used = self._two_sides(heads, data)
        elif any(_LABEL_HEAD.search(w.cell.key) for w in heads):
            made, used = self._coded(heads, data)
        else:
            made, used = self._one_row(heads, data)
        return (above + made, used) if made else ([], 0)

    def _row(self, cells: list[FormCell], width: int, line: int, source: str = "stream") -> Row:
        origin = self.rows[line]
        start, end = min(c.start for c in cells), max(c.end for c in cells)
        return Row(cells, width, start, end, source, origin.paragraph, origin.page, origin.sheet)

    def _data(self, begin: int) -> int | None:
        """The word that the first row begins with."""
        i = begin
        while i < len(self.words):
            key = self.words[i].cell.key
            if key == "栏次":
                i += 1
                while i < len(self.words) and self.words[i].cell.key.isdigit() and len(self.words[i].cell.key) <= 2:
                    i += 1
                continue
            if self._code_at(i):
                return i
            if look(key)[0] == "number":
                break
            if not _is_head(key):
                return i  # a row's name
            i += 1
        if i >= len(self.words):
            return None
        labelled = any(_LABEL_HEAD.search(w.cell.key) for w in self.words[begin:i])
        return i - 1 if labelled and i - 1 > begin else i

    def _code_at(self, i: int) -> bool:
        key = self.words[i].cell.key
        if not _CODE.match(key) or i + 1 >= len(self.words) or look(self.words[i + 1].cell.key)[0] != "text":
            return False
        parents = vocabulary().account_parents
        return f"f{key}" in parents or f"e{key}" in parents

    # Codes and names --------------------------------------------------------------------------------------------------

    def _coded(self, heads: Sequence[Word], data: int) -> tuple[list[Row], int]:
        lines, used = self._lines(heads, data)
        values = [w for w in heads if not _LABEL_HEAD.search(w.cell.key) and w.cell.key not in ("收入", "支出")]
        most = max((len(line.amounts) for line in lines), default=0)
        if not most or not values:
            return [], 0
        names = [w for w in heads if _LABEL_HEAD.search(w.cell.key)]
        if len(values) > 1 and len({w.cell.key for w in values}) == 1:
            values = values[:1]  # 科目编码 | 科目名称 | 决算数, several times beside one another
        if most != len(values):
            values = _without_holders(values, most)
        for line in lines:
            line.places = (
                list(range(len(line.amounts))) if len(line.amounts) == len(values) else [None] * len(line.amounts)
            )
        if len(values) > 1 and most <= len(values):
            _settle(lines, len(values), whole=bare(values[0].cell.key) in _WHOLES)
        code = next((w for w in names if _CODES.search(w.cell.key)), None)
        others = [w for w in names if w is not code]
        name = next((w for w in others if w.cell.key.endswith("名称")), others[0] if others else None)
        width = 2 + len(values)
        head = [_moved(w, n) for n, w in enumerate((code, name)) if w is not None]
        head += [_moved(w, 2 + n) for n, w in enumerate(values)]
        top = self._row(head, width, heads[0].line)
        found = head_of(top)
        if found is None or found[0] != "table":
            return [], 0
        made = [top]
        for line in lines:
            cells = [_moved(w, n) for n, w in enumerate((line.code, line.label)) if w is not None]
            cells += [_moved(w, width if p is None else 2 + p) for w, p in zip(line.amounts, line.places, strict=True)]
            if line.amounts and cells:
                made.append(self._row(cells, width, (line.code or line.label or line.amounts[0]).line))
        return made, used

    def _lines(self, heads: Sequence[Word], i: int) -> tuple[list[Line], int]:
        """The rows from word `i` on, and the index after them."""
        repeated = {w.cell.key for w in heads}
        out: list[Line] = []
        while i < len(self.words):
            word = self.words[i]
            key = word.cell.key
            if _END.match(key) or title_kind(key) or len(key) > 40 or (_SECTION.match(key) and word.first):
                break
            if self._code_at(i):
                out.append(Line(word, None))
            elif _is_amount(word):
                if not out:
                    break
                out[-1].amounts.append(word)
            elif (
                key in repeated
                and (_LABEL_HEAD.search(key) or not out or out[-1].amounts)
                and self._head_again(i, repeated)
            ):
                i = self._data(i) or len(self.words)  # the head again on the next page
                continue
            elif look(key)[0] != "text":
                break
            elif out and out[-1].code is not None and out[-1].label is None and not out[-1].amounts:
                out[-1].label = word
            elif (
                out and out[-1].label is not None and not out[-1].amounts and not account_label(out[-1].label.cell.key)
            ):
                above = out[-1].label
                cell = FormCell(
                    above.cell.text + word.cell.text, above.cell.key + key, above.cell.start, word.cell.end, 0
                )
                out[-1].label = Word(cell, above.line, above.first, word.last)
            else:
                out.append(Line(None, word))
            i += 1
        while out and not out[-1].amounts:  # words behind the last amount are no row
            gone = out.pop()
            words = [w for w in (gone.code, gone.label) if w is not None]
            i = min([i, *(n for n, w in enumerate(self.words) if any(w is g for g in words))])
        if out:
            end = out[-1].amounts[-1].cell.end
            i = max(n for n, w in enumerate(self.words, 1) if w.cell.end <= end)
        return out, i

    def _head_again(self, i: int, repeated: set[str]) -> bool:
        return i + 1 < len(self.words) and self.words[i + 1].cell.key in repeated

    # Two sides: 项目 行次 金额 | 项目 行次 金额 --------------------------------------------------------------------------

    def _two_sides(self, heads: Sequence[Word], data: int) -> tuple[list[Row], int]:
        ordinal = next(w for w in heads if w.cell.key == "行次")
        sides: list[list[Word]] = []
        for word in heads:
            if word.cell.key == "行次":
                sides.append([])
            elif sides and not _LABEL_HEAD.search(word.cell.key):
                sides[-1].append(word)
        name = next((w for w in heads if _LABEL_HEAD.search(w.cell.key)), None)
        if not 1 <= len(sides) <= 2 or not all(sides) or name is None:
            return [], 0
        items, used = self._items(data)
        if not items:
            return [], 0
        second = items[1][1] if len(sides) == 2 and len(items) > 1 and items[1][1] > items[0][1] + 1 else None
        made: list[Row] = []
        for number, columns in enumerate(sides):
            lines = [line for line, n in items if (number == 1) == (second is not None and n >= second)]
            for line in lines:
                full = len(line.amounts) == len(columns)
                line.places = list(range(len(line.amounts))) if full else [None] * len(line.amounts)
            if len(columns) > 1:
                _settle(lines, len(columns), whole=bare(columns[0].cell.key) in _WHOLES)
            head = [_moved(name, 0), _moved(ordinal, 1), *(_moved(w, 2 + n) for n, w in enumerate(columns))]
            made.append(self._row(head, 2 + len(columns), columns[0].line))
            if head_of(made[-1]) is None:
                return [], 0
            for line in lines:
                cells = [_moved(line.label, 0)] if line.label else []
                cells += [
                    _moved(w, 2 + (len(columns) if p is None else p))
                    for w, p in zip(line.amounts, line.places, strict=True)
                ]
                if line.amounts:
                    made.append(self._row(cells, 2 + len(columns), (line.label or line.amounts[0]).line))
        return made, used

    def _items(self, i: int) -> tuple[list[tuple[Line, int]], int]:
        """(row, its row number) of the words from `i` on: name, number, amounts."""
        out: list[tuple[Line, int]] = []
        label: Word | None = None
        used = i
        while i < len(self.words):
            word = self.words[i]
            key = word.cell.key
            if _END.match(key) or title_kind(key) or len(key) > 40:
                break
            if key == "栏次" or (key in ("项目", "行次", "金额") and not label):
                i += 1
                continue
            if label is not None and key.isdigit() and len(key) <= 3:
                out.append((Line(None, label), int(key)))
                label = None
            elif _is_amount(word) and label is None and out:
                out[-1][0].amounts.append(word)
                used = i + 1
            elif look(key)[0] == "text":
                if label is not None:
                    cell = FormCell(
                        label.cell.text + word.cell.text, label.cell.key + key, label.cell.start, word.cell.end, 0
                    )
                    word = Word(cell, label.line, label.first, word.last)
                label = word
            elif not (key.isdigit() and len(key) <= 2 and not out):
                break
            i += 1
        return out, used

    # One row without a name -------------------------------------------------------------------------------------------

    def _one_row(self, heads: Sequence[Word], data: int) -> tuple[list[Row], int]:
        used = data
        while used < len(self.words) and _is_amount(self.words[used]):
            used += 1
        amounts = self.words[data:used]
        tops = list(itertools.takewhile(lambda w: measure_of(w.cell.key), heads))
        rest = list(heads[len(tops) :])
        split = next((n for n, w in enumerate(rest) if w.cell.key == "小计"), len(rest))
        upper, parts = rest[:split], rest[split:]
        width = len(amounts)
        tiers = [t for t in (tops, upper, parts) if t]
        if width < 3 or not upper or (not parts and len(upper) != width):
            return [], 0
        made = [self._row([_moved(w, n) for n, w in enumerate(t)], len(t), t[0].line, "tabbed") for t in tiers]
        if not any(head_of(r) for r in made):
            return [], 0
        made.append(self._row([_moved(w, n) for n, w in enumerate(amounts)], width, amounts[0].line, "tabbed"))
        return made, used


def _moved(word: Word, column: int) -> FormCell:
    c = word.cell
    return FormCell(c.text, c.key, c.start, c.end, column)


def _without_holders(values: list[Word], most: int) -> list[Word]:
    """The value columns without the heads that stand over others (本年支出 over 小计, 基本支出, 项目支出); unchanged when unclear."""
    start = next((n for n, w in enumerate(values) if w.cell.key == "小计"), None)
    if start is None or most != len(values) - 1:
        return values
    parts = values[start:]
    side = "支出" if any("支出" in w.cell.key for w in parts) else "收入"
    holders = [n for n, w in enumerate(values[:start]) if bare(w.cell.key) in (f"本年{side}", side, f"本年{side}合计")]
    if len(holders) != 1:
        return values
    at = holders[0]
    return [*values[:at], *parts, *values[at + 1 : start]]


def _settle(lines: Sequence[Line], columns: int, *, whole: bool) -> None:
    """Give the amounts of short rows their columns where only one way lets the sums close."""
    options: dict[int, list[tuple[int, ...]]] = {}
    for n, line in enumerate(lines):
        if not line.amounts or (line.places and line.places[0] is not None):
            continue
        ways = list(itertools.combinations(range(columns), len(line.amounts))) if len(line.amounts) <= columns else []
        if whole:
            values = [_value(w) for w in line.amounts]
            ways = [w for w in ways if w[0] == 0 and (len(values) == 1 or abs(values[0] - sum(values[1:])) <= _NEAR)]
        options[n] = ways
    families = _families(lines)
    for _ in range(3):
        for parent, children in families:
            members = [n for n in (parent, *children) if n in options]
            size = 1
            for n in members:
                size *= max(1, len(options[n]))
            if not members or size > _COMBINATIONS or any(not options[n] for n in members):
                continue
            good = []
            for choice in itertools.product(*(options[n] for n in members)):
                for n, way in zip(members, choice, strict=True):
                    lines[n].places = list(way)
                if _closes(lines, parent, children, columns):
                    good.append(choice)
            for k, n in enumerate(members):
                left = {choice[k] for choice in good}
                options[n] = [w for w in options[n] if w in left] if left else options[n]
                lines[n].places = [None] * len(lines[n].amounts)
            for n in members:
                if len(options[n]) == 1:
                    lines[n].places = list(options.pop(n)[0])
    for n, ways in options.items():
        # A column that all the ways that are left agree on is certain.
        agreed = [{w[k] for w in ways} for k in range(len(lines[n].amounts))] if ways else []
        lines[n].places = [next(iter(a)) if len(a) == 1 else None for a in agreed] or [None] * len(lines[n].amounts)


def _families(lines: Sequence[Line]) -> list[tuple[int, list[int]]]:
    """(row, the rows that add up to it): classes to the total, sections to their class, items to the nearest row above them."""
    codes = {line.code.cell.key: n for n, line in enumerate(lines) if line.code is not None}
    children: dict[int, list[int]] = {}
    top = next(
        (n for n, line in enumerate(lines) if line.code is None and line.label and bare(line.label.cell.key) in _TOPS),
        None,
    )
    for code, n in codes.items():
        above = next((codes[code[:k]] for k in range(len(code) - 2, 2, -2) if code[:k] in codes), None)
        if above is None and len(code) == 3:
            above = top
        if above is not None:
            children.setdefault(above, []).append(n)
    return sorted(children.items())


def _closes(lines: Sequence[Line], parent: int, children: Sequence[int], columns: int) -> bool:
    for column in range(columns):
        whole = lines[parent].at(column)
        parts = [lines[n].at(column) for n in children]
        if whole is None or any(p is None for p in parts):
            continue
        if abs(whole - sum((p for p in parts if p is not None), Decimal(0))) > _NEAR * len(children):
            return False
    return True
