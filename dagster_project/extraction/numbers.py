"""Numbers as these reports write them: exact decimals with their unit, qualifier and written precision.

All functions work on folded text (`reading.folding.fold`): ASCII digits, dots, commas, brackets, percent signs.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from dagster_project.extraction.vocabulary import trie_pattern, vocabulary

_CN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "○": 0,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_CN_STEPS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
MULTIPLIERS = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_CHINESE = r"[〇零一二三四五六七八九十百千两]+"
_PLAIN_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_NUMBERED_YEAR = re.compile(
    r"\d{1,2}\.(?:20\d\d年|[23]\d{4}(?:\d\d)?(?=[一-鿿]))"
)  # a list number before a year or a code


class Number(NamedTuple):
    """A number in folded text. `[start, end)` covers digits, qualifier and unit; `[value_start, value_end)` the digits only.

    `value` is in the unit as written (`unit` keeps a multiplier: 万元, 万份). `kind` is the unit's kind: money, percent,
    score, people, count, or "" for a bare number. `decimals` counts the written decimal places.
    """

    start: int
    end: int
    value_start: int
    value_end: int
    value: Decimal
    value_as_written: str
    decimals: int
    unit: str
    kind: str
    qualifier: str | None
    chinese: bool = False


def chinese_to_decimal(text: str) -> Decimal | None:
    """六百 -> 600, 二十三 -> 23, 二〇二二 -> 2022, 三万五千 -> 35000; None when it is not a number."""
    if not text:
        return None
    if all(c in _CN_DIGITS for c in text):
        return Decimal("".join(str(_CN_DIGITS[c]) for c in text))
    total, section, digit = 0, 0, 0
    for i, char in enumerate(text):
        if char in _CN_DIGITS:
            digit = _CN_DIGITS[char]
        elif char in _CN_STEPS:
            section += (digit or (1 if i == 0 or text[i - 1] in "万亿零" or section == 0 else 0)) * _CN_STEPS[char]
            digit = 0
        elif char in "万亿":
            total += (section + digit) * MULTIPLIERS[char]
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)


def is_too_large(value: Decimal, unit: str) -> bool:
    """True for a number of ten quadrillions (10^16) and more, its unit counted: no budget states it, and no amount column holds it."""
    digits = value.adjusted() + (8 if "亿" in unit else 0) + (4 if "万" in unit else 0)
    return bool(value) and digits >= 16


def to_decimal(text: str) -> tuple[Decimal, int]:
    """A written Arabic number (sign, separators allowed) and its written decimal places. Raises `ValueError` otherwise."""
    plain = text.replace(",", "").replace(" ", "").replace("+", "")
    if not _PLAIN_NUMBER.fullmatch(plain):
        raise ValueError(f"not a number: {text!r}")
    return Decimal(plain), len(plain.partition(".")[2])


@cache
def _scanner() -> re.Pattern[str]:
    unit = trie_pattern(vocabulary().units)
    mult = "百万|千万|十万|万|亿|百|千"
    return re.compile(
        rf"({_ARABIC})(余|多|来|几)?(?:({mult})(余|多)?({unit})?|({unit}))?"
        rf"|({_CHINESE})(余|多|来|几)?(?:(万|亿)(余|多)?({unit})?|({unit}))"
    )


_FIRST = re.compile(rf"[\d.{_CHINESE[1:-2]}]")
_NUMERALS = re.compile(_CHINESE)


def scan(text: str) -> list[Number]:
    """All numbers in folded `text`, from left to right; Chinese numerals only where a unit follows."""
    kinds = vocabulary().units
    out: list[Number] = []
    # The scanner is tried only at characters that a number begins with, which `finditer` cannot know.
    match, search = _scanner().match, _FIRST.search
    at = 0
    while first := search(text, at):
        start = first.start()
        m = match(text, start)
        if m is None:
            # no part of these numerals has a unit behind it, wherever one begins
            numerals = _NUMERALS.match(text, start)
            at = numerals.end() if numerals else start + 1
            continue
        at = m.end()
        arabic, q1, mult, q2, with_mult, alone, numeral, cq1, cmult, cq2, cwith_mult, calone = m.groups()
        value: Decimal | None
        if numeral is not None:
            chinese, written = True, numeral
            base = cwith_mult or calone
            value = chinese_to_decimal(written) if base else None
            if value is None:
                continue
            mult, qualifier, decimals = cmult, cq1 or cq2, 0
        else:
            chinese, written = False, arabic
            base, qualifier = with_mult or alone or "", q1 or q2
            _, point, fraction = written.partition(".")
            if point and _NUMBERED_YEAR.match(text, start):
                continue
            value, decimals = Decimal(written.replace(",", "")), len(fraction)
        value_end = start + len(written)
        if (
            not chinese
            and start
            and text[start - 1] == "-"
            and (start == 1 or text[start - 2] in ",:;(=为是了长降加少约率 \n\t")
        ):
            value, written, start = -value, "-" + written, start - 1
        unit = mult + base if mult else base
        kind = kinds.get(unit) or kinds.get(base) or ""
        out.append(Number(start, at, start, value_end, value, written, decimals, unit, kind, qualifier, chinese))
    return out


_BLANK_CELLS = {"", "-", "--", "---", "----", "/", "\\", "无", "*", "**", "—", "——", "不适用", "N/A", "n/a"}
_CELL = re.compile(rf"^[≥≤><=约近超达到为共计¥￥]*([+-]?(?:{_ARABIC}))(余|多)?(亿|万|百万|千)?(余|多)?([^\d]*)$")


def is_blank(text: str) -> bool:
    """True for a form cell that states nothing: empty, dash, slash, 无."""
    return text.strip().replace(" ", "") in _BLANK_CELLS


def parse_cell(text: str) -> Number | None:
    """The one number of a folded form cell ("2,951.09", "10分", "12.8%", "¥52万"), or None when it is blank, text, or several."""
    plain = "".join(text.split())
    m = _CELL.match(plain)
    if not m:
        return None
    value, decimals = Decimal(m[1].replace(",", "")), len(m[1].partition(".")[2])
    rest = m[5].strip("()。;,")
    unit = (m[3] or "") + rest
    kinds = vocabulary().units
    kind = kinds.get(unit) or kinds.get(rest) or ""
    if (rest and not kind and len(rest) > 4) or is_too_large(value, unit):
        return None
    at = text.find(m[1])
    at = max(at, 0)
    return Number(0, len(text), at, at + len(m[1]), value, m[1], decimals, unit, kind, m[2] or m[4])
