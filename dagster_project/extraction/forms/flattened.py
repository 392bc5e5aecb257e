"""Forms of which only a sequence of words is left -> rows with columns, so that they are read like any other form.

Met on public pages: a whole form on one line with single blanks between the cells and the empty cells gone; rows on lines of
their own with blanks between the cells; every cell on a line of its own. The words are cut into cells by the known labels,
cells into rows by what the columns can hold (`columns.align_stream`), amounts into columns by the sums that they must give.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from dagster_project.extraction.forms.columns import Column, align_stream, indicator_columns, look, money_columns
from dagster_project.extraction.forms.labels import (
    INDICATOR_ROLES,
    account_label,
    fund_source_label,
    level_of,
    measure_of,
    roles_of,
    title_kind,
    unit_in,
)
from dagster_project.extraction.forms.mending import MOST_LINES, runs
from dagster_project.extraction.forms.recognise import Band
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.forms.split_amounts import is_labelled_amount, is_split_head
from dagster_project.extraction.forms.words import Word, joined, merged, words_of
from dagster_project.extraction.numbers import parse_cell

ANCHOR = re.compile(
    r"一\s*级\s*指\s*标|二\s*级\s*指\s*标|三\s*级\s*指\s*标|全\s*年\s*执\s*行\s*数|全\s*年\s*预\s*算\s*数|实\s*际\s*完\s*成\s*值|指\s*标\s*(?:名\s*称|内\s*容)|经\s*费\s*控\s*制\s*情\s*况|财\s*政\s*供\s*养\s*人\s*员\s*情\s*况"
)
_HEAD_WORD = re.compile(
    r"[一二三]级指标|指标值|目标值|完成值|实际值|分值|权重|得分|执行率|年初预算|全年预算|全年执行|编制数|控制率|在职人数|决算数|预算数"
)
_STOP = re.compile(
    r"(?:备注|注[:：]|填表人|填报人|联系电话|联系人|填报日期|填表日期|单位负责人|部门负责人|审核人|经办人|制表人|说明[:：])"
)
_SECTION = re.compile(r"[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\)[\u4e00-\u9fff]")
_NUMBERED = re.compile(r"(?:\d{1,2}[、.]|\(\d{1,2}\)|其中)")
_GRADE = re.compile(r"\(?(?:自评|评价|绩效)?(?:等级|结论|等次|结果)|[优良中差](?:秀|好|等)?$")


def unflatten(rows: list[Row], text: str) -> list[Row]:
    """`rows` with the lines of flattened forms replaced by rows with columns; everything else is left as it is."""
    starts = [m.start() for m in ANCHOR.finditer(text)]
    if not starts:
        return rows
    anchored = _lines_with(rows, starts, text)
    if not anchored:
        return rows
    out: list[Row] = []
    done = tried = 0
    for index in anchored:
        if index < max(done, tried):
            continue
        first = _first_line(rows, index, done)
        made, after = _Stream(rows, first, index, text).run()
        if made:
            out.extend(rows[done:first])
            out.extend(made)
            done = after
        else:
            tried = after
    out.extend(rows[done:])
    return out


def _lines_with(rows: list[Row], starts: list[int], text: str) -> list[int]:
    found, at = [], 0
    for index, row in enumerate(rows):
        while at < len(starts) and starts[at] < row.start:
            at += 1
        if at == len(starts):
            break
        if row.source == "line" and starts[at] < row.end and _holds_heads(text[row.start : row.end]):
            found.append(index)
    return found


def _holds_heads(line: str) -> bool:
    """True when a line is a head label by itself, or names at least three: prose names one or two."""
    if len(line) <= 30:
        return True
    return len(set(_HEAD_WORD.findall("".join(line.split())))) >= 3


def _first_line(rows: list[Row], index: int, done: int) -> int:
    """The line that the form begins with: its title, if one stands above with only short lines between."""
    first, short, prose = index, 0, 0
    for i in range(index - 1, max(done - 1, index - 40), -1):
        row = rows[i]
        if not row.cells:
            continue
        key = row.cells[0].key
        title = title_kind(key)
        if row.source != "line" or (not title and (row.heading or (_SECTION.match(key) and not roles_of(key)))):
            break
        if title:
            return i
        if len(key) > 60 or key.endswith(("。", ";")):
            prose += 1  # goals are sentences too
            short = 99
            if prose > 3:
                break
        short += 1
        label = key.partition(":")[0]
        if short <= 12 and (
            unit_in(key) or roles_of(label) & {"project_name", "department_name", "info"} or measure_of(label)
        ):
            first = i
    return first


def _is_label(key: str) -> bool:
    return bool(roles_of(key) or level_of(key, 1) or level_of(key, 2) or fund_source_label(key) or measure_of(key))


class _Stream:
    """One flattened form, or several in one run of lines."""

    def __init__(self, rows: list[Row], first: int, anchor: int, text: str) -> None:
        self.rows, self.first, self.anchor, self.text = rows, first, anchor, text
        own = [r for r in rows[first : anchor + 12] if r.source == "line" and r.cells]
        alone = sum(
            bool(roles_of(r.cells[0].key) & INDICATOR_ROLES)
            or measure_of(r.cells[0].key) is not None
            or _is_amount_line(r.cells[0].key)
            for r in own
        )
        self.cells_are_lines = alone >= 3
        self.words: list[Word] = []
        self.made: list[Row] = []

    def run(self) -> tuple[list[Row], int]:
        """The rows made, and the index of the first line that does not belong to them; no rows when it is no form (then
        the index after the lines that were looked at)."""
        last = self._collect()
        end = self._parse()
        if not any(r.source == "head" for r in self.made):
            pairs = sum(_is_amount_pair(r) for r in self.made)
            named = any(roles_of(r.cells[0].key) & {"project_name", "department_name"} for r in self.made)
            if pairs < 2 or not (self.cells_are_lines or named):
                return [], last + 1
        for row in self.made:
            if row.source == "head":
                row.source = "stream"
        after = max(self.words[end - 1].line, self.words[end - 1].last) + 1 if end else self.first + 1
        after = max(after, self.anchor + 1)
        for row, following in itertools.pairwise(self.made):
            row.end = max(row.end, min(following.start, row.end + 2000))
        if self.made and not self.cells_are_lines:
            top = self.rows[self.words[0].line]
            if self.made[0].source != "line" or self.made[0].start < top.end:
                self.made[0].start = min(self.made[0].start, top.start)
        tail = self.rows[after - 1]
        self.made[-1].end = max(self.made[-1].end, tail.end if after - 1 <= last else 0)
        return self.made, after

    # Words ------------------------------------------------------------------------------------------------------------

    def _collect(self) -> int:
        last = self.first
        quiet = looked_at = 0
        line = self.text[self.rows[self.anchor].start : self.rows[self.anchor].end].split()
        dense = len(line) > 25 and sum(w[0].isdigit() for w in line) > 4  # the whole form stands on this line
        for run in runs(self.rows, self.first, self.anchor, self.text, cells_are_lines=self.cells_are_lines):
            row = self.rows[run.lines[0]]
            key = row.cells[0].key
            if run.lines[0] > self.anchor:
                if row.heading or (_SECTION.match(key) and not roles_of(key)):
                    break
                anchored = ANCHOR.search(run.text)
                if dense and not (anchored or title_kind(key) or _STOP.match(key) or roles_of(key)):
                    break
                prose = len(run.text) > 80 and not anchored
                quiet = quiet + 1 if prose else 0
                if quiet > 2 or (
                    prose and not self.cells_are_lines and self.words and self.words[-1].line == self.anchor
                ):
                    break
            self.words += words_of(run, self.rows, cells_are_lines=self.cells_are_lines)
            last = run.lines[-1]
            looked_at += len(run.lines)
        if looked_at >= MOST_LINES:
            last = self._leave_the_last_form(last)
        self.words = merged(self.words, self.text)
        return last

    def _leave_the_last_form(self, last: int) -> int:
        """Without the words from the last title on: their form may go on below what was looked at. The last line left."""
        for n in range(len(self.words) - 1, 0, -1):
            word = self.words[n]
            if word.line <= self.anchor:
                break
            if word.first and title_kind(word.cell.key):
                del self.words[n:]
                return word.line - 1
        return last

    # Grammar ----------------------------------------------------------------------------------------------------------

    def _row(self, cells: list[FormCell], width: int, line: int, source: str = "stream") -> Row:
        origin = self.rows[line]
        row = Row(cells, width, cells[0].start, cells[-1].end, source, origin.paragraph, origin.page, origin.sheet)
        self.made.append(row)
        return row

    def _head_at(self, i: int) -> tuple[str, Row, list[Column], int] | None:
        """An indicator, staff or money head that begins at word `i`: (kind, row, columns, index after it)."""
        roles = roles_of(self.words[i].cell.key)
        if not roles and measure_of(self.words[i].cell.key) is None:
            return None
        if roles and roles <= {
            "project_name",
            "sub_project_name",
            "department_name",
            "info",
            "goal_group",
            "goal_expected",
            "value_word",
        }:
            return None
        cells: list[FormCell] = []
        j = i
        while j < len(self.words) and j < i + 16:
            key = self.words[j].cell.key
            if not (roles_of(key) or measure_of(key)) or (level_of(key, 1) and j > i + 2):
                break
            if roles_of(key) & {"fund_row", "basic_top"} or (
                "fund_total" in roles_of(key) and any(measure_of(c.key) for c in cells)
            ):
                break
            cells.append(self.words[j].cell)
            j += 1
        for stop in range(len(cells), 2, -1):
            cut = [FormCell(c.text, c.key, c.start, c.end, n) for n, c in enumerate(cells[:stop])]
            row = Row(cut, stop, cut[0].start, cut[-1].end, "stream", 0)
            if any(roles_of(c.key) & {"level_1", "level_2", "level_3", "target"} for c in cut):
                columns = indicator_columns(row)
                # A data row may begin with 产出指标: labels that are also heads end the head there.
                if (
                    columns
                    and sum(c.role in ("level_1", "level_2", "level_3", "weight", "score", "target") for c in columns)
                    >= 3
                ):
                    while len(columns) > 3 and roles_of(columns[-1].head.key) <= {"group", "goal_group"}:
                        columns = columns[:-1]
                    return "indicators", row, columns, i + len(columns)
                continue
            staff = {r for c in cut for r in roles_of(c.key)}
            if "staff_posts" in staff and staff & {"staff_serving", "staff_rate"}:
                while cut and not roles_of(cut[-1].key) & {"staff_posts", "staff_serving", "staff_rate"}:
                    cut.pop()
                row.cells, row.width = cut, len(cut)
                return "staff", row, [Column("staff", c.column, c.column + 1, c) for c in cut], i + len(cut)
            columns = money_columns(row)
            if columns and columns[-1].role != "label":
                return "money", row, columns, i + stop
        return None

    def _parse(self) -> int:
        i, n = 0, len(self.words)
        used = 0
        while i < n:
            word = self.words[i]
            key = word.cell.key
            if self.cells_are_lines and unit_in(key) and len(key) < 40 and not measure_of(key) and not self._complete():
                self._row([word.cell], 1, word.line, "line")
            if title_kind(key):
                if self.made and self._complete() and not self._more_heads(i):
                    break
                self._row([word.cell], 1, word.line, "line")
                i += 1
                continue
            head = self._head_at(i)
            if head:
                kind, row, columns, after = head
                placed = self._row(row.cells[: after - i], after - i, word.line, "head")
                if kind == "indicators":
                    i = self._indicators(columns, after)
                elif kind == "staff":
                    i = self._staff(placed, after)
                else:
                    i = self._money(columns, after)
                used = i
                continue
            if is_split_head(key):
                i = used = self._split(i)
                continue
            after = self._pair(i)
            if after == i and self._complete() and word.first and used == i and not self._more_heads(i):
                if not (_STOP.match(key) and len(key) < 60):
                    break
                used = i + 1
            i = max(after, i + 1)
            if not self._complete() or _STOP.match(key):
                used = i
        if self._complete():
            return used
        return max(
            (n for n, w in enumerate(self.words, 1) if self.made and w.cell.start < self.made[-1].cells[-1].end),
            default=i,
        )

    def _complete(self) -> bool:
        return any(r.source == "head" for r in self.made)

    def _more_heads(self, i: int) -> bool:
        """True when the words from `i` on hold another head row soon."""
        return any(self._head_at(j) for j in range(i, min(i + 60, len(self.words))))

    def _pair(self, i: int) -> int:
        """Label and value in the head of a form, and the goals; the index after them, or `i`."""
        key = self.words[i].cell.key
        roles = roles_of(key)
        if not roles & {
            "project_name",
            "sub_project_name",
            "department_name",
            "info",
            "investment",
            "goal_expected",
            "goal_achieved",
            "goal_group",
            "grade",
            "fund_total",
            "investment_fiscal",
        } and not measure_of(key):
            return i
        j = i + 1
        limit = 400 if roles & {"goal_expected", "goal_achieved", "goal_group"} else 8
        while j < len(self.words) and j - i <= limit:
            other = self.words[j].cell.key
            if _is_label(other) or title_kind(other) or _STOP.match(other):
                break
            if self.cells_are_lines and unit_in(other) and limit == 8:
                break  # 年度资金情况(元): the label of the block below
            j += 1
        if j == i + 1:
            return i + 1
        value = joined(self.words[i + 1 : j], self.text).cell
        value.column = 1
        if roles & {"goal_expected", "goal_achieved", "goal_group"}:
            return j
        self._row([self.words[i].cell, value], 2, self.words[i].line)
        return j

    def _split(self, i: int) -> int:
        """The amounts by kind of income and of expenditure, each with its label; the index after them."""
        first = i
        while i < len(self.words) and i < first + 60:
            key = self.words[i].cell.key
            known = is_split_head(key) or is_labelled_amount(key) or account_label(key) or fund_source_label(key)
            if not (known or look(key)[0] in ("number", "amount", "dash") or key.endswith(":")):
                break
            i += 1
        cells = [
            FormCell(w.cell.text, w.cell.key, w.cell.start, w.cell.end, n) for n, w in enumerate(self.words[first:i])
        ]
        self._row(cells, len(cells), self.words[first].line)
        return i

    def _indicators(self, columns: list[Column], i: int) -> int:
        width = len(columns)
        end = i
        while end < len(self.words):
            if self._is_total(end) or self._ends_rows(end):
                break
            end += 1
        kept = [w for w in self.words[i:end] if "group" not in roles_of(w.cell.key) or level_of(w.cell.key, 1)]
        if columns[0].head.key == "序号":
            kept = _without_ordinals(kept)
        usable = [c for c in columns if c.role != "group"]
        breaks = [w.first and n > 0 for n, w in enumerate(kept)]
        for pairs in align_stream([w.cell for w in kept], usable, breaks, cells_are_lines=self.cells_are_lines):
            cells: list[FormCell] = []
            for index, same in itertools.groupby(pairs, key=lambda p: p[1]):
                part = joined([kept[p[0]] for p in same], self.text).cell
                part.column = usable[index].start
                cells.append(part)
            self._row(cells, width, kept[pairs[0][0]].line)
        if end < len(self.words) and self._is_total(end):
            after = end + 1
            while after < len(self.words) and after < end + 8:
                key = self.words[after].cell.key
                if look(key)[0] not in ("number", "points", "percent", "dash") and not _GRADE.match(key):
                    break
                after += 1
            cells = [
                FormCell(w.cell.text, w.cell.key, w.cell.start, w.cell.end, n)
                for n, w in enumerate(self.words[end:after])
            ]
            self._row(cells, -1, self.words[end].line)
            end = after
        return end

    def _is_total(self, i: int) -> bool:
        key = self.words[i].cell.key
        if "total_row" not in roles_of(key) or i + 1 >= len(self.words):
            return False
        return look(self.words[i + 1].cell.key)[0] in ("number", "points")

    def _ends_rows(self, i: int) -> bool:
        key = self.words[i].cell.key
        if _STOP.match(key) or (title_kind(key) is not None and len(key) > 8) or re.match(r"附件|附表", key):
            return True
        if roles_of(key) & {"project_name", "staff_group"}:
            return True
        if self.words[i].first and not self.cells_are_lines and len(key) > 80:
            return True
        if measure_of(key) or roles_of(key) & {"fund_group", "level_1"}:
            return self._head_at(i) is not None
        return False

    def _staff(self, head: Row, i: int) -> int:
        cells = []
        columns = [c for c in head.cells if roles_of(c.key) & {"staff_posts", "staff_serving", "staff_rate"}]
        line = self.words[i].line if i < len(self.words) else self.anchor
        for column in columns:
            if i >= len(self.words):
                break
            cell = self.words[i].cell
            kind = look(cell.key)[0]
            rate = "staff_rate" in roles_of(column.key)
            if kind not in ("number", "percent", "amount", "dash") or ((kind == "percent") != rate and kind != "dash"):
                continue
            cells.append(FormCell(cell.text, cell.key, cell.start, cell.end, column.column))
            i += 1
        if cells:
            self._row(cells, head.width, line)
        return i

    # Money rows -------------------------------------------------------------------------------------------------------

    def _money(self, columns: list[Column], i: int) -> int:
        labels = [c for c in columns if c.role == "label"]
        values = [c for c in columns if c.role in ("measure", "weight", "rate", "score")]
        funding = any(c.role in ("weight", "rate", "score") for c in columns)
        rows: list[tuple[Word | None, list[Word]]] = []
        while i < len(self.words):
            word = self.words[i]
            key = word.cell.key
            if look(key)[0] in ("number", "percent", "amount", "dash", "points"):
                if not rows:
                    rows.append((None, []))
                rows[-1][1].append(word)
                i += 1
                continue
            if title_kind(key) or _STOP.match(key) or self._head_at(i):
                break
            known = bool(
                fund_source_label(key)
                or roles_of(key) & {"fund_total", "fund_row", "basic_top", "project_kind"}
                or account_label(key)
            )
            if funding and not known and not key.startswith("其中"):
                break
            if roles_of(key) & {"goal_group", "goal_expected", "project_name"} and not known:
                break
            if (
                rows
                and rows[-1][0]
                and not rows[-1][1]
                and (
                    not roles_of(key) & {"basic_top", "project_kind", "fund_row", "fund_total"}
                    or (not funding and len(rows[-1][0].cell.key) <= 4)
                )
                and not _NUMBERED.match(key)
                and not account_label(rows[-1][0].cell.key)
                and not roles_of(rows[-1][0].cell.key)
            ):
                rows[-1] = (joined([rows[-1][0], word], self.text), [])
            else:
                rows.append((word, []))
            i += 1
        first = labels[-1].start if labels and labels[-1].start < values[0].start else values[0].start - 1
        for (label, words), places in zip(
            rows, place_amounts([w for _, w in rows], values, by_sum=funding), strict=True
        ):
            cells = []
            if label is not None:
                c = label.cell
                cells.append(FormCell(c.text, c.key, c.start, c.end, first))
            for w, column in zip(words, places, strict=False):
                cells.append(FormCell(w.cell.text, w.cell.key, w.cell.start, w.cell.end, column.start))
            if cells:
                self._row(cells, len(columns), (label or words[0]).line)
        return i


_EXECUTION_WEIGHTS = frozenset(map(Decimal, (5, 10, 15, 20)))


def _without_ordinals(words: list[Word]) -> list[Word]:
    """The words of rows without the running numbers that open them."""
    out: list[Word] = []
    n = 1
    for word, following in itertools.pairwise([*words, None]):
        assert word is not None
        if word.cell.key == str(n) and following is not None and look(following.cell.key)[0] == "text":
            n += 1
        else:
            out.append(word)
    return out


def _is_amount_line(key: str) -> bool:
    """A measure and its amount behind a colon."""
    name, colon, value = key.partition(":")
    return bool(colon) and measure_of(name) is not None and look(value)[0] in ("number", "amount")


def _is_amount_pair(row: Row) -> bool:
    """A measure and its amount, each on a line of its own."""
    return (
        len(row.cells) == 2
        and measure_of(row.cells[0].key) is not None
        and look(row.cells[1].key)[0] in ("number", "amount")
    )


def _amount(word: Word) -> Decimal | None:
    number = parse_cell(word.cell.key)
    return number.value if number else None


def place_amounts(rows: Sequence[list[Word]], columns: list[Column], *, by_sum: bool) -> list[list[Column]]:
    """The column of each amount of each row where empty cells are gone.

    A full row is clear. In a short row the columns are chosen so that the parts give the total in the first row (`by_sum`), or
    so that no part exceeds the full row above it; what stays open is taken from the left in a funding block, from the right in
    form 1-1 (there the prior year is what is missing).
    """
    measures = [c for c in columns if c.role == "measure"]
    others = [c for c in columns if c.role != "measure"]
    tails: list[int] = []
    rows = [list(words) for words in rows]
    for words in rows:
        # Dashes that fill 分值, 执行率, 得分 of the parts say nothing about where the amounts stand.
        dashes = sum(1 for _ in itertools.takewhile(lambda w: look(w.cell.key)[0] == "dash", reversed(words)))
        cut = len(others) if others and dashes >= len(others) and len(words) < len(columns) else 0
        tails.append(cut)
        if cut:
            del words[-cut:]
    out = _place(rows, columns, measures, by_sum)
    for words, places in zip(rows, out, strict=True):
        _leave_zeros_open(words, places, columns, measures)
    return [[*places, *others] if cut else places for places, cut in zip(out, tails, strict=True)]


def place_dense(band: Band) -> None:
    """Give the amounts of a pasted table without a single blank slot their columns: its blank cells were dropped, tabs and all."""
    rows = [r for r in band.rows if r.cells and r.source != "line"]
    values = [c for c in band.columns if c.role in ("measure", "weight", "rate", "score")]
    if not values or any(r.source != "tabbed" or len(r.cells) != r.width for r in (band.head, *rows)):
        return
    parts = [list(itertools.takewhile(lambda c: look(c.key)[0] == "text", r.cells)) for r in rows]
    amounts = [[Word(c, 0, False) for c in r.cells[len(p) :]] for r, p in zip(rows, parts, strict=True)]
    if any(look(w.cell.key)[0] == "text" for words in amounts for w in words):
        return
    if not any(len(words) == len(values) for words in amounts) or all(len(words) >= len(values) for words in amounts):
        return
    for row, labels, words, places in zip(
        rows, parts, amounts, place_amounts(amounts, values, by_sum=band.kind == "funding"), strict=True
    ):
        if not words:
            continue
        for n, cell in enumerate(reversed(labels), 1):
            cell.column = max(0, values[0].start - n)
        for word, column in zip(words, places, strict=False):
            word.cell.column = column.start
        row.source, row.width = "stream", band.head.width


def _leave_zeros_open(words: list[Word], places: list[Column], columns: list[Column], measures: list[Column]) -> None:
    """Put the zeros of a short row in no column where another one is as good: no sum says which."""
    if len(words) >= len(measures) or any(c.role != "measure" for c in places):
        return
    at = [measures.index(c) for c in places]
    sure = [-1, *(m if _amount(w) else None for w, m in zip(words, at, strict=True)), len(measures)]
    nowhere = Column("measure", columns[-1].stop, columns[-1].stop + 1, columns[-1].head)
    for n in range(len(words)):
        if sure[n + 1] is not None:
            continue
        before = max(k for k in range(n + 1) if sure[k] is not None)
        after = min(k for k in range(n + 2, len(sure)) if sure[k] is not None)
        left, right = sure[before], sure[after]
        assert left is not None and right is not None
        if right - left > after - before:
            places[n] = nowhere


def _place(
    rows: Sequence[list[Word]], columns: list[Column], measures: list[Column], by_sum: bool
) -> list[list[Column]]:
    out: list[list[Column]] = [[] for _ in rows]
    open_rows: list[int] = []
    weight = next((c for c in columns if c.role == "weight"), None)
    for r, words in enumerate(rows):
        if weight and r == 0 and len(words) == 1 and _amount(words[0]) in _EXECUTION_WEIGHTS:
            out[r] = [weight]  # only the points are printed: nobody filled the amounts in
            continue
        fixed = _full(words, columns)
        if fixed is not None:
            out[r] = fixed
        elif len(words) <= len(measures):
            open_rows.append(r)
        else:
            out[r] = columns[: len(words)]
    whole: dict[int, Decimal] = {}
    for r, words in enumerate(rows):
        if out[r]:
            for w, c in zip(words, out[r], strict=False):
                if c.role == "measure" and (v := _amount(w)) is not None:
                    whole[c.start] = v
            break
    choices = {r: list(itertools.combinations(measures, len(rows[r]))) for r in open_rows if rows[r]}
    if by_sum and choices and whole:
        total = 1
        for options in choices.values():
            total *= len(options)
        if total <= 300:
            fixed_rows = [r for r in range(len(rows)) if out[r]][1:]
            best, best_score = None, (-1, 0)
            for combo in itertools.product(*choices.values()):
                sums: dict[int, Decimal] = {}
                for r, places in [*zip(choices, combo, strict=True), *((f, tuple(out[f])) for f in fixed_rows)]:
                    for w, c in zip(rows[r], places, strict=False):
                        if c.role == "measure":
                            sums[c.start] = sums.get(c.start, Decimal(0)) + (_amount(w) or 0)
                closed = sum(abs(sums.get(s, Decimal(0)) - v) <= Decimal("0.02") for s, v in whole.items())
                score = (closed, -sum(c.start for places in combo for c in places))
                if score > best_score:
                    best, best_score = combo, score
            if best is not None:
                for r, places in zip(choices, best, strict=True):
                    out[r] = list(places)
                return out
    above: dict[int, Decimal] = {}
    for r, words in enumerate(rows):
        if not words:
            continue
        if not out[r]:
            if r in choices:
                sign = -1 if by_sum else 1
                out[r] = list(max(choices[r], key=partial(_fits_under, words, above, sign)))
        elif len(out[r]) >= len(measures):
            above = {c.start: v for w, c in zip(words, out[r], strict=False) if (v := _amount(w)) is not None}
    return out


def _fits_under(
    words: list[Word], above: dict[int, Decimal], sign: int, places: tuple[Column, ...]
) -> tuple[int, int, int]:
    """How well amounts stand in these columns: none over the row above, many equal to it, then to the left (-1) or right."""
    pairs = [(_amount(w) or Decimal(0), above.get(c.start)) for w, c in zip(words, places, strict=True)]
    over = sum(v is not None and a > v + Decimal("0.02") for a, v in pairs)
    same = sum(v is not None and a == v for a, v in pairs)
    return -over, same, sum(c.start for c in places) * sign


def _full(words: list[Word], columns: list[Column]) -> list[Column] | None:
    """The columns of a row that has a value for each measure (and then some of weight, rate, score); None for a short row."""
    measures = [c for c in columns if c.role == "measure"]
    if len(words) < len(measures):
        return None
    rest = [c for c in columns if c.role != "measure"]
    if len(words) == len(columns):
        return list(columns)
    if len(words) == len(measures):
        return measures if not any(look(w.cell.key)[0] == "percent" for w in words) else None
    extra = words[len(measures) :]
    for chosen in itertools.combinations(rest, len(extra)):
        if all((look(w.cell.key)[0] == "percent") == (c.role == "rate") for w, c in zip(extra, chosen, strict=True)):
            return [*measures, *chosen]
    for chosen in itertools.combinations(rest, len(extra)):
        return [*measures, *chosen]
    return None
