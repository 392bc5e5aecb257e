"""What the columns of a form mean, and which cell stands in which column.

A row whose cells stand where the head says is read by its slots. Where merged cells were lost, a row was shifted, or only a
sequence of words is left, the cells are aligned with the columns by what they look like (`align`, `align_stream`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from dagster_project.extraction.forms.labels import (
    INDICATOR_ROLES,
    Measure,
    bare,
    fund_source_label,
    is_amount_key,
    is_level,
    level_of,
    measure_of,
    points_of,
    roles_of,
)
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.vocabulary import vocabulary

_FAR = 100_000  # hundredths


@dataclass(slots=True)
class Column:
    """A column of a band: its role, its slots `[start, stop)`, its head."""

    role: str
    start: int
    stop: int
    head: FormCell
    measure: Measure | None = None
    source: str | None = None  # the source of funds that a second head row names


_PREFER = (
    "level_1",
    "level_2",
    "level_3",
    "weight",
    "score",
    "achieved",
    "target_sign",
    "target_unit",
    "target",
    "target_value",
    "deviation",
    "note",
    "group",
)


# words before a head that say nothing more: 三级指标得分, 单位自评扣分原因
_FOREWORD = re.compile(r"三级|单项|绩效|年度|全年|年初|自评|单位|部门|指标|目标")


def _indicator_role(cell: FormCell, whole: bool = False) -> str | None:
    """The role of a head cell; `whole`: the cell is one of a true table, not words that may be two heads."""
    key = cell.key
    roles = roles_of(key)
    while whole and not roles and (m := _FOREWORD.match(key)):
        key = key[m.end() :]
        roles = roles_of(key) & INDICATOR_ROLES
    for role in _PREFER:
        if role in roles:
            return role
    if "goal_achieved" in roles:
        return "achieved"
    if "goal_expected" in roles:
        return "target"
    return None


def indicator_columns(row: Row) -> list[Column] | None:
    """The columns of an indicator table when `row` is its head, otherwise None."""
    cells = row.own()
    if len(cells) < 3:
        return None
    columns: list[Column] = []
    known: set[str] = set()
    for cell, stop in _stops(row):
        if len(cell.key) > 30:
            return None
        role = _indicator_role(cell, row.source == "table")
        if role:
            known.add(role)
        columns.append(Column(role or "note", cell.column, stop, cell))
    levels = sum(is_level(frozenset((r,))) for r in known)
    values = len(known & {"target", "target_value", "achieved", "weight", "score", "deviation"})
    if not (levels and levels + values >= 3 and values) and not (
        "group" in known and "target" in known and values >= 2
    ):
        return None
    if len(columns) - sum(c.role != "note" or "note" in roles_of(c.head.key) for c in columns) > 3:
        return None
    _settle(columns, row)
    return columns


def _settle(columns: list[Column], row: Row) -> None:
    """Give double roles their one meaning: several weights, a group column that names the indicators, open right ends."""
    first = next((i for i, c in enumerate(columns) if c.role.startswith("level_")), 0)
    for column in columns[:first]:
        if column.role in ("target", "achieved"):
            column.role = "group"  # 目标完成情况 beside the whole table
    weights = [i for i, c in enumerate(columns) if c.role == "weight"]
    for i in weights[:-1]:
        before = columns[i - 1].role if i else ""
        columns[i].role = {"level_1": "weight_1", "level_2": "weight_2"}.get(before, "note")
    roles = [c.role for c in columns]
    for role in ("level_3", "target", "achieved", "score"):
        seen = [i for i, r in enumerate(roles) if r == role]
        keep = None if not seen else seen[-1] if role in ("level_3", "score") else seen[0]
        own = [i for i in seen if "自评" in columns[i].head.key]
        if role == "score" and own:
            keep = own[0]  # what others gave stands beside it
        for i in seen:
            if i != keep:
                columns[i].role = roles[i] = "note"
    if "level_3" not in roles and "group" in roles:
        last = max(i for i, r in enumerate(roles) if r == "group")
        if last or not any(r in ("level_1", "level_2") for r in roles):
            columns[last].role = "level_3"
    named = [c for c in columns if c.role in ("level_1", "level_2", "level_3", "group") and c.head.key != "序号"]
    if (
        len(named) > 1
        and [c.role for c in named[-2:]] == ["group", "level_3"]
        and {c.role for c in named[:-2]} <= {"group"}
    ):
        named[-2].role = "level_2"  # 指标类别 | 指标名称: 数量指标, or 产出指标
    if "target_value" in roles and "target" in roles and not {"target_sign", "target_unit"} & set(roles):
        columns[roles.index("target_value")].role = "note"
    if row.source != "table" and columns[-1].stop < row.width:
        columns[-1].stop = row.width


def two_tiers(row: Row, below: Row) -> list[Column] | None:
    """The columns of a head over two rows, of which the second names the parts of several merged cells; None for any other."""
    parts = below.own()
    if row.source == below.source == "table":
        together = below.paragraph == row.paragraph
    else:
        together = row.source == below.source == "tabbed" and below.width == row.width
    if not together or not parts:
        return None
    if any(not roles_of(c.key) & INDICATOR_ROLES for c in parts):
        return None
    split = [h for h, stop in _stops(row) if stop - h.column > 1 and any(h.column <= c.column < stop for c in parts)]
    if len(split) < 2:
        return None
    cells = sorted([*(h for h in row.own() if h not in split), *parts], key=lambda c: c.column)
    return indicator_columns(replace(row, cells=cells))


def _stops(row: Row) -> list[tuple[FormCell, int]]:
    """The cells of a head row, each with the slot after it; in a pasted row a merged cell goes on to the next one."""
    own = row.own()
    if row.source == "table":
        return [(c, c.column + c.span) for c in own]
    return list(zip(own, [*(c.column for c in own[1:]), row.width], strict=True))


def split_by_source(columns: list[Column], below: Row) -> bool:
    """Take `below` as a second head row, with the sources of funds under the measures. True when it was one."""
    parts = below.own()
    inside = [
        (c, p, fund_source_label(p.key))
        for c in columns
        for p in parts
        if c.role == "measure" and c.start <= p.column < c.stop
    ]
    if sum(source is not None for _, _, source in inside) < 2 or any(look(p.key)[0] != "text" for p in parts):
        return False
    out: list[Column] = []
    for column in columns:
        mine = [(p, source) for c, p, source in inside if c is column]
        if not mine:
            out.append(column)
        out += [
            Column("measure" if source else "note", p.column, p.column + p.span, column.head, column.measure, source)
            for p, source in mine
        ]
    columns[:] = out
    return True


def refine(columns: list[Column], row: Row) -> bool:
    """Take `row` as a second head row under `columns` (性质 | 值 | 单位 under one target). True when it was one."""
    own = row.own()
    roles = {r for c in own for r in roles_of(c.key)}
    if not own or any(not roles_of(c.key) & INDICATOR_ROLES for c in own):
        return False
    if not roles & {"target_sign", "target_value", "target_unit"}:
        return False
    for i, column in enumerate(columns):
        inside = [c for c in own if column.start <= c.column < column.stop]
        if len(inside) < 2 or column.role not in ("target", "note"):
            continue
        parts = []
        for n, c in enumerate(inside):
            stop = inside[n + 1].column if n + 1 < len(inside) else column.stop
            found = roles_of(c.key)
            role = next((r for r in ("target_sign", "target_unit", "target_value") if r in found), "target_value")
            parts.append(Column(role, c.column, stop, c))
        columns[i : i + 1] = parts
        return True
    return True


def money_columns(row: Row) -> list[Column] | None:
    """The columns of a funding block or a money table when `row` is its head: at least two measures, or one beside 分值/执行率."""
    cells = row.own()
    if len(cells) < 2:
        return None
    if any(look(c.key)[0] in ("number", "percent", "points") for c in cells):
        return None
    columns: list[Column] = []
    measures = points = 0
    for cell, stop in _stops(row):
        if len(cell.key) > 30:
            return None
        # 执行率权重, 执行率得分: not in the labels, for in forms of words alone 执行率 and 得分 stand beside one another
        roles = roles_of(cell.key) or roles_of(bare(cell.key).removeprefix("预算").removeprefix("执行率"))
        measure = measure_of(cell.key)
        if "rate" in roles:
            role = "rate"
            points += 1
        elif "weight" in roles:
            role = "weight"
            points += 1
        elif "score" in roles:
            role = "score"
            points += 1
        elif measure and not roles & {"fund_group", "fund_total", "fund_row", "money_group"}:
            role = "measure"
            measures += measure.code != "change"
        elif "deviation" in roles or "note" in roles:
            role = "note"
        elif measures == 0 or roles & {"fund_group", "fund_total", "money_group"}:
            role = "label"
        else:
            role = "note"
        columns.append(Column(role, cell.column, stop, cell, measure if role == "measure" else None))
    if points >= _RATE_AND_SCORE:
        measures -= _beside_rows(columns)
    if measures >= 2 or (measures == 1 and points >= 2):
        return columns
    return None


_RATE_AND_SCORE = 2  # columns that a funding block has and other tables lack


def _beside_rows(columns: list[Column]) -> int:
    """Take 年度预算数 before 年初预算, 调整后预算, … for what it is, the label of the rows; how many there were (0 or 1)."""
    found = [c for c in columns if c.role == "measure" and c.measure is not None]
    codes = [(c.measure.code, c.measure.year) for c in found if c.measure]
    if len(found) < 3 or codes[0] not in codes[1:]:
        return 0
    found[0].role, found[0].measure = "label", None
    return 1


# What a cell looks like -----------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+$")
_POINTS = re.compile(r"\d+(?:\.\d+)?分$")
_PERCENT = re.compile(r"[≥≤><=约近]*[+-]?[\d.,]+%$")
_AMOUNT = re.compile(r"[≥≤><=约近]*[+-]?[\d.,]+(?:余|多)?([^\d、.]{1,6})$")
_SIGN = re.compile(
    r"(?:[≥≤><=]+|大于等于|小于等于|大于|小于|等于|不少于|不低于|不超过|不高于|不小于|不大于|不多于|达到|至少|最多|定性|定量|正向|反向)$"
)
_NO_INDICATOR = "无"
_DASH = re.compile(r"[-/\\*]+$|无$")
_LOOKS = (("number", _NUMBER), ("points", _POINTS), ("percent", _PERCENT), ("sign", _SIGN), ("dash", _DASH))


@lru_cache(maxsize=1 << 15)
def look(key: str) -> tuple[str, bool, bool]:
    """(kind, a level-1 label, a level-2 label); kind: number, points, percent, amount, sign, dash, text."""
    if not is_amount_key(key):
        one, two = level_of(key, 1) is not None, level_of(key, 2) is not None
        if one or two:
            return "text", one, two
    if len(key) > 24:
        return "text", False, False
    for kind, pattern in _LOOKS:
        if pattern.match(key):
            return kind, False, False
    m = _AMOUNT.match(key)
    if m and (m[1] in vocabulary().units or m[1].lstrip("百千万亿") in vocabulary().units):
        return "amount", False, False
    return "text", False, False


_VALUE = {"number": 0.6, "points": 0.5, "percent": 0.0, "amount": 0.0, "sign": 3.0, "dash": 0.8, "text": 1.0}
_TEXTUAL = {"number": 8.0, "points": 9.0, "percent": 9.0, "amount": 6.0, "sign": 12.0, "dash": 8.0, "text": 0.0}
_POINT = {"number": 0.0, "points": 0.0, "percent": 5.0, "amount": 15.0, "sign": 25.0, "dash": 1.2, "text": 25.0}
_COSTS: dict[str, dict[str, float]] = {
    "group": {**_TEXTUAL, "number": 4.0, "text": 8.0},
    "level_1": {**_TEXTUAL, "number": 25.0, "text": 6.0},
    "level_2": {**_TEXTUAL, "number": 25.0, "text": 3.0},
    "level_3": _TEXTUAL,
    "target": _VALUE,
    "target_sign": {**_VALUE, "number": 9.0, "percent": 9.0, "amount": 6.0, "sign": 0.0, "text": 4.0, "dash": 1.0},
    "target_value": {**_VALUE, "number": 0.0},
    "target_unit": {"number": 9.0, "points": 3.0, "percent": 9.0, "amount": 6.0, "sign": 5.0, "dash": 1.0, "text": 1.0},
    "achieved": _VALUE,
    "weight": _POINT,
    "score": _POINT,
    "weight_1": _POINT,
    "weight_2": _POINT,
    "deviation": {
        "number": 10.0,
        "points": 10.0,
        "percent": 8.0,
        "amount": 4.0,
        "sign": 12.0,
        "dash": 0.0,
        "text": 1.0,
    },
    "note": {"number": 3.0, "points": 3.0, "percent": 2.0, "amount": 2.0, "sign": 4.0, "dash": 0.5, "text": 1.2},
}


@lru_cache(maxsize=1 << 15)
def type_cost(role: str, key: str) -> float:
    """How badly a cell with this key fits a column of this role; 0 is a perfect fit."""
    kind, one, two = look(key)
    if role == "level_1" and one:
        return 0.6 if two and not points_of(key) else 0.0  # 成本指标 alone is a level-2 label more often
    if role == "level_2" and (one or two):
        return 0.0 if two else 1.0
    cost = _COSTS.get(role, _COSTS["note"])[kind]
    if kind == "text" and "value_word" in roles_of(key):
        return cost - 0.8 if role in ("target", "achieved", "target_value") else cost + 2.5
    if one or two:
        cost += 2.5 if role == "level_3" else 6.0
    elif (
        kind == "text"
        and role in ("target", "achieved", "target_value", "level_1", "level_2", "target_unit")
        and len(key) > 12
    ):
        cost += min(2.0, (len(key) - 12) * 0.1)
    return cost


_SKIP = {
    "level_1": 0.2,
    "level_2": 0.3,
    "level_3": 8.0,
    "target": 2.0,
    "target_sign": 0.4,
    "target_value": 1.0,
    "target_unit": 0.4,
    "achieved": 2.0,
    "weight": 2.5,
    "score": 2.5,
    "deviation": 0.0,
    "note": 0.2,
    "group": 0.0,
    "weight_1": 0.1,
    "weight_2": 0.1,
}
_CONTINUES = {
    "level_1": 3.0,
    "level_2": 3.0,
    "level_3": 2.0,
    "target": 2.6,
    "achieved": 2.4,
    "deviation": 1.2,
    "note": 1.2,
    "target_value": 3.0,
}

Assigned = dict[str, list[FormCell]]


def by_slot(cells: Sequence[FormCell], columns: Sequence[Column]) -> Assigned:
    """The cells by the slots that they stand in; a cell outside all columns is left out."""
    out: Assigned = {}
    for cell in cells:
        for column in columns:
            if column.start <= cell.column < column.stop:
                out.setdefault(column.role, []).append(cell)
                break
    return out


def plausible(found: Assigned, columns: Sequence[Column]) -> bool:
    """True when an indicator row read by its slots makes sense: an indicator's words, numbers in the number columns."""
    for role in ("weight", "score"):
        for cell in found.get(role, ()):
            if look(cell.key)[0] not in ("number", "points", "percent", "dash"):
                return False
    named = found.get("level_3") or found.get("level_2") or found.get("level_1")
    if not named:
        return False
    for role in ("level_3", "level_1", "level_2"):
        for cell in found.get(role, ()):
            if look(cell.key)[0] not in ("text", "amount", "dash"):
                return False
    if found.get("level_1") and not found.get("level_3") and level_of(found["level_1"][0].key, 1) is None:
        return False
    return not any(look(c.key)[0] == "text" and "group" not in roles_of(c.key) for c in found.get("group", ()))


@lru_cache(maxsize=1 << 15)
def _cost(role: str, key: str) -> int:
    """`type_cost` in hundredths: sums of integers leave no doubt which of two ways is cheaper."""
    return round(100 * type_cost(role, key))


def _hundredths(columns: Sequence[Column]) -> list[int]:
    """What it costs to leave the first columns empty: one, two, ... of them."""
    skips = [0]
    for column in columns:
        skips.append(skips[-1] + round(100 * _SKIP.get(column.role, 0.2)))
    return skips


def align(cells: Sequence[FormCell], columns: Sequence[Column], slot_weight: float) -> Assigned:
    """The cheapest order-keeping assignment of a row's cells to columns.

    `slot_weight` is the price of a slot of displacement: high where slots are known, low where merged cells were lost.
    """
    n, m = len(cells), len(columns)
    skips = _hundredths(columns)
    slot = round(100 * slot_weight)
    goes_on = [round(100 * _CONTINUES[c.role]) if c.role in _CONTINUES else None for c in columns]
    best: list[int] = []
    back: list[list[int]] = []
    for i, cell in enumerate(cells):
        now, come = [], []
        low, at = _FAR, -1  # the cheapest column before j
        for j, column in enumerate(columns):
            away = max(column.start - cell.column, cell.column - column.stop + 1, 0)
            here = _cost(column.role, cell.key) + slot * min(away, 5) + skips[j]
            if i == 0:
                now.append(here)
                come.append(-1)
                continue
            value, origin = low, at
            more = goes_on[j]
            if more is not None and best[j] + more - skips[j] < value:
                value, origin = best[j] + more - skips[j], j
            now.append(value + here)
            come.append(origin)
            if best[j] - skips[j + 1] < low:
                low, at = best[j] - skips[j + 1], j
        best = now
        back.append(come)
    last = min(range(m), key=lambda j: best[j] - skips[j + 1])
    out: list[tuple[int, int]] = []
    for i in range(n - 1, -1, -1):
        out.append((i, last))
        last = back[i][last]
        if last < 0 and i:
            break
    found: Assigned = {}
    for i, j in reversed(out):
        found.setdefault(columns[j].role, []).append(cells[i])
    return found


def _reasons(cells: Sequence[FormCell], roles: Sequence[str]) -> list[float]:
    """What the words behind a score cost as a reason: points that were lost are explained, a full score hardly ever is."""
    out = [0.0] * len(cells)
    if not {"weight", "score", "deviation"} <= set(roles):
        return out
    weight, score = roles.index("weight"), roles.index("score")
    if not weight < score < roles.index("deviation"):
        return out
    numbers: list[tuple[int, Decimal]] = []
    for i, cell in enumerate(cells):
        kind = look(cell.key)[0]
        if kind == "number":
            numbers.append((i, Decimal(cell.key.replace(",", ""))))
        elif kind == "text" and i:
            lost = out[i - 1] < 0
            if len(numbers) > 1 and numbers[-1][0] == i - 1 and (score - weight > 1 or numbers[-2][0] == i - 2):
                full = numbers[-1][1] >= numbers[-2][1]
                sentence = i + 1 < len(cells) and "," in cells[i + 1].key
                out[i] = 1.3 if full or (len(cell.key) <= 3 and not sentence) else -0.1
            elif lost and look(cells[i - 1].key)[0] == "text":
                out[i] = -0.6
    return out


def align_stream(
    cells: Sequence[FormCell], columns: Sequence[Column], breaks: Sequence[bool], *, cells_are_lines: bool
) -> list[list[tuple[int, int]]]:
    """Cut a sequence of words into rows and give each word its column.

    `breaks[i]`: a line ends before cell i. `cells_are_lines`: each cell had a line of its own, so that a line end says nothing
    about rows and two lines are hardly ever one cell. Returns rows of (cell index, column index).
    """
    m = len(columns)
    if not cells or not m:
        return []
    roles = [c.role for c in columns]
    skips = _hundredths(columns)
    end = skips[m]
    starts = [j for j, r in enumerate(roles) if r in ("level_1", "level_2", "level_3")] or [0]
    begin = {j: (0 if roles[j] == "level_3" else 10) for j in starts}
    extra = 300 if cells_are_lines else 0
    goes_on = [round(100 * _CONTINUES[r]) + extra if r in _CONTINUES else None for r in roles]
    named = {j for j, r in enumerate(roles) if r in ("level_1", "level_2")}
    closes = [k for k in range(m) if roles[k] not in ("level_1", "level_2", "group")]
    remarks = [j for j, r in enumerate(roles) if r in ("deviation", "note")]
    reasons = [round(100 * r) for r in _reasons(cells, roles)]
    blank = [j for j, r in enumerate(roles) if r == "level_3"]
    costs = [begin.get(j, _FAR) + _cost(roles[j], cells[0].key) for j in range(m)]
    trail: list[list[tuple[int, bool]]] = []
    for i in range(1, len(cells)):
        key = cells[i].key
        broken = breaks[i] and not cells_are_lines
        same, other = (100, -150) if broken else (0, 0)
        whole = any(look(cells[i - 1].key)[1:])
        # The cheapest way to end a row here, whatever column the next one begins with.
        ended, by = _FAR * 1000, 0
        for k in closes:
            value = costs[k] - skips[k + 1]
            if value < ended:
                ended, by = value, k
        ended += end + other
        if cells[i - 1].key == _NO_INDICATOR and (look(key)[1] or look(key)[2]):
            ended -= 900  # 生态效益指标 无, and the next level begins
        now: list[int] = []
        back: list[tuple[int, bool]] = []
        low, at = _FAR * 1000, 0  # the cheapest column before j
        for j in range(m):
            value, origin, fresh = low + skips[j] + same, at, False
            more = goes_on[j]
            if more is not None and j in named and whole:
                more += 300  # a level's name that is complete does not go on
            if more is not None and costs[j] + more + same < value:
                value, origin = costs[j] + more + same, j
            if j in begin and ended + begin[j] < value:
                value, origin, fresh = ended + begin[j], by, True
            now.append(value + _cost(roles[j], key))
            back.append((origin, fresh))
            if costs[j] - skips[j + 1] < low:
                low, at = costs[j] - skips[j + 1], j
        if reasons[i]:
            for j in remarks:
                now[j] += reasons[i]
        if key == _NO_INDICATOR and look(cells[i - 1].key)[2]:
            for j in blank:
                now[j] -= 600  # 生态效益指标 无 / /: nothing is aimed at, and the level above is no indicator
        costs = now
        trail.append(back)
    j = min(range(m), key=lambda c: costs[c] - skips[c + 1])
    rows: list[list[tuple[int, int]]] = [[]]
    for i in range(len(cells) - 1, -1, -1):
        rows[-1].append((i, j))
        if i:
            j, fresh = trail[i - 1][j]
            if fresh:
                rows.append([])
    return [row[::-1] for row in reversed(rows)]
