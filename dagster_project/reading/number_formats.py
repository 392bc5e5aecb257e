"""Spreadsheet number formats: the text that a stored number shows (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from dagster_project.reading.counting import chinese, chinese_digits

# Built-in formats that files name by number only; 14 and 27 to 58 as a Chinese system shows them.
BUILTIN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
_STORED = Context(prec=15, rounding=ROUND_HALF_UP)  # spreadsheets keep 15 significant digits; the rest is binary noise
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:[Ee][+-]?\d+)?)\]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LONG_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = "一二三四五六日"
_LAST_SERIAL = 2_958_466
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<bracket>[^\]]*)\]|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<general>General|G/通用格式)"
    r"|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)"
    r"|(?P<text>@)|(?P<other>.)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None
    numerals: int  # 0 plain, 1 to 3: [DBNum1] to [DBNum3]
    kinds: frozenset[str]


def stored_number(text: str) -> Decimal | None:
    """The number that a file stores as `text`, at 15 significant digits (2497.9499999999998 -> 2497.95); None for no
    number."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return plus(value) if value.is_finite() and abs(value.adjusted()) < 400 else None


def plus(value: Decimal) -> Decimal:
    """`value` at 15 significant digits."""
    return _STORED.plus(value)


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros at its end: the `raw` of a cell."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def show(value: Decimal, code: str, *, date1904: bool = False) -> str:
    """What a cell with number `value` and format `code` shows, without blanks around it. Never raises for a strange
    code:
    what cannot be followed is shown as General does."""
    sections = _sections(code)
    number, section, signed = _choose(value, sections)
    if section is None:
        return general(value)
    kinds = section.kinds
    if kinds & {"date", "elapsed", "ampm"} and "exponent" not in kinds:
        text = _show_date(value, section, date1904)
        return general(value) if text is None else text.strip()
    text = _show_number(number, section)
    return (("-" if signed else "") + text.strip()).strip()


def show_text(text: str, code: str) -> str:
    """What a cell with words shows: its format may add words of its own around them ('@"元"')."""
    if "@" not in code or code == "@":
        return text
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if "text" not in section.kinds:
        return text
    return "".join(
        text if kind == "text" else body for kind, body in section.tokens if kind in ("text", "literal")
    ).strip()


def is_date(code: str) -> bool:
    """Whether `code` shows dates or times."""
    return bool(_sections(code)[0].kinds & {"date", "elapsed", "ampm"})


def general(value: Decimal) -> str:
    """The General format: at most 11 characters of digits and point, exponents beyond 11 whole digits."""
    value = plus(value)
    sign = "-" if value < 0 else ""
    value = abs(value)
    if value == 0:
        return "0"
    size = value.adjusted()
    if size >= 11 or size < -9:
        rounded = Context(prec=6, rounding=ROUND_HALF_UP).plus(value)
        digits = "".join(map(str, rounded.as_tuple().digits)).rstrip("0")
        power = rounded.adjusted()
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return f"{sign}{mantissa}E{'-' if power < 0 else '+'}{abs(power):02d}"
    places = max(0, 10 - max(size + 1, 1))
    return sign + plain(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    out: list[_Section] = []
    for part in _split(code or "General")[:4]:
        condition = None
        found = _CONDITION.search(part)
        if found:
            condition = (found[1], Decimal(found[2]))
        numerals = re.search(r"\[DBNum([123])\]", part, re.I)
        tokens = _tokens(part)
        kinds = frozenset(kind for kind, _ in tokens)
        out.append(_Section(tokens, condition, int(numerals[1]) if numerals else 0, kinds))
    return tuple(out)


def _split(code: str) -> list[str]:
    parts, at, quoted, i = [], 0, False, 0
    while i < len(code):
        char = code[i]
        if char == '"':
            quoted = not quoted
        elif char in "\\_*" and not quoted:
            i += 1
        elif char == ";" and not quoted:
            parts.append(code[at:i])
            at = i + 1
        i += 1
    return [*parts, code[at:]]


def _tokens(part: str) -> tuple[tuple[str, str], ...]:
    out: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(part):
        kind = str(match.lastgroup)
        body = match[kind]
        if kind == "space":
            out.append(("literal", " "))
        elif kind in ("quoted", "escaped", "other", "currency"):
            if body:
                out.append(("literal", body))
        elif kind == "date":
            out.append((kind, body.lower()))
        elif kind not in ("fill", "bracket"):
            out.append((kind, body))
    _minutes(out)
    return tuple(out)


def _minutes(tokens: list[tuple[str, str]]) -> None:
    """m and mm are minutes after hours and before seconds, else months."""
    places = [i for i, (kind, _) in enumerate(tokens) if kind in ("date", "elapsed")]
    for at, i in enumerate(places):
        kind, body = tokens[i]
        if kind == "date" and body in ("m", "mm"):
            before = tokens[places[at - 1]][1][0].lower() if at else ""
            after = tokens[places[at + 1]][1][0].lower() if at + 1 < len(places) else ""
            if before == "h" or after == "s":
                tokens[i] = ("date", "n" * len(body))


def _holds(value: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


def _choose(value: Decimal, sections: tuple[_Section, ...]) -> tuple[Decimal, _Section | None, bool]:
    """The number to show, its section, and whether a minus sign goes before it."""
    numeric = sections[:3]
    if any(s.condition for s in numeric):
        for section in numeric:
            if section.condition is None or _holds(value, section.condition):
                below = (
                    section.condition is not None and section.condition[0] in ("<", "<=") and section.condition[1] <= 0
                )
                return abs(value), section, value < 0 and not below
        return value, None, False
    if len(numeric) == 1:
        return abs(value), numeric[0], value < 0
    if value < 0:
        return abs(value), numeric[1], False
    if value == 0 and len(numeric) == 3:
        return value, numeric[2], False
    return value, numeric[0], False


def _show_number(value: Decimal, section: _Section) -> str:
    tokens = section.tokens
    kinds = section.kinds
    if "digit" not in kinds:
        shown = "" if not tokens else None
        text = general(value)
        if section.numerals:
            text = _numerals(text, section.numerals, whole=True)
        return (
            shown
            if shown is not None
            else "".join(
                text if k in ("general", "text") else b
                for k, b in tokens
                if k in ("general", "text", "literal", "percent")
            )
        )
    if any(kind == "literal" and body == "/" for kind, body in tokens):
        return general(value)
    value = value.scaleb(2 * sum(1 for kind, _ in tokens if kind == "percent"))
    digit_places = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    exponent_at = next((i for i, (kind, _) in enumerate(tokens) if kind == "exponent"), len(tokens))
    point_at = next((i for i, (kind, _) in enumerate(tokens) if kind == "point"), exponent_at)
    whole = [i for i in digit_places if i < point_at]
    fraction = [i for i in digit_places if point_at < i < exponent_at]
    power_digits = [i for i in digit_places if i > exponent_at]
    commas = [i for i, (kind, _) in enumerate(tokens) if kind == "comma" and i < exponent_at]
    last_whole = whole[-1] if whole else -1
    # A comma between digits groups by thousands; one after the last whole digit divides by a thousand.
    grouped = any(whole and whole[0] < i < last_whole for i in commas)
    value = value.scaleb(-3 * sum(1 for i in commas if i > last_whole and not any(i < j for j in fraction)))
    power = 0
    if exponent_at < len(tokens):
        power = value.adjusted() if value else 0
        if len(whole) > 1:
            power -= power % len(whole)
        value = value.scaleb(-power)
    rounded = (
        value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP, Context(prec=60))
        if value.adjusted() < 40
        else value
    )
    whole_text, _, fraction_text = format(rounded, "f").partition(".")
    if section.numerals and not fraction:
        return _numerals(whole_text, section.numerals, whole=True)
    pieces = _whole_pieces(whole_text, [(i, tokens[i][1]) for i in whole], grouped)
    keep = len(fraction_text.rstrip("0"))
    for n, i in enumerate(fraction):
        digit, mark = (fraction_text[n : n + 1] or "0"), tokens[i][1]
        pieces[i] = digit if n < keep or mark == "0" else (" " if mark == "?" else "")
    power_text = str(abs(power)).rjust(len(power_digits), "0")
    out: list[str] = []
    for i, (kind, body) in enumerate(tokens):
        if kind == "digit":
            if i in power_digits:
                out.append(power_text if i == power_digits[0] else "")
            else:
                out.append(pieces[i])
        elif kind == "point":
            # "#.##" shows a whole number with its bare point; so does the program.
            out.append(("" if whole else whole_text if whole_text != "0" else "") + ".")
        elif kind == "exponent":
            out.append("E" + ("-" if power < 0 else "+" if body[1] == "+" else ""))
        elif kind in ("literal", "percent"):
            out.append(body)
        elif kind == "general":
            out.append(general(value))
    return "".join(out)


def _whole_pieces(text: str, places: list[tuple[int, str]], grouped: bool) -> dict[int, str]:
    """The characters that each whole-number placeholder shows; the first one takes all digits that are left."""
    text = "" if text == "0" else text
    out: dict[int, str] = {}
    count = 0

    def spaced(digit: str) -> str:
        nonlocal count
        count += 1
        return digit + ("," if grouped and count > 1 and count % 3 == 1 and digit.isdigit() else "")

    for n, (i, mark) in enumerate(reversed(places)):
        if text:
            digit, text = text[-1], text[:-1]
        else:
            digit = {"0": "0", "?": " ", "#": ""}[mark]
        piece = spaced(digit) if digit else ""
        if n == len(places) - 1:
            while text:
                piece = spaced(text[-1]) + piece
                text = text[:-1]
        out[i] = piece
    return out


def _numerals(text: str, kind: int, *, whole: bool) -> str:
    if not text.isdigit():
        return text
    if kind == 3:
        return text.translate({ord("0") + d: ord("０") + d for d in range(10)})
    return chinese(int(text), legal=kind == 2) if whole else chinese_digits(int(text))


def _show_date(value: Decimal, section: _Section, date1904: bool) -> str | None:
    if not 0 <= value < _LAST_SERIAL:
        return None
    kinds = section.kinds
    bodies = [body for kind, body in section.tokens if kind in ("date", "elapsed")]
    fraction_digits = 0
    for i, (kind, _) in enumerate(section.tokens):
        if kind == "point":
            for follower, _body in section.tokens[i + 1 :]:
                if follower != "digit":
                    break
                fraction_digits += 1
    # Times are rounded to what is shown; without times the day alone counts.
    seconds = (value * 86400).quantize(Decimal(1).scaleb(-fraction_digits), ROUND_HALF_UP)
    if not any(b[0] in "hns" for b in bodies):
        seconds = Decimal(int(value)) * 86400
    days, within = divmod(seconds, 86400)
    day = _day(int(days), date1904)
    hour, rest = divmod(int(within), 3600)
    minute, second = divmod(rest, 60)
    half = "ampm" in kinds
    out: list[str] = []
    skip_digits = False
    for kind, body in section.tokens:
        if kind == "literal":
            out.append(body)
        elif kind == "comma":
            out.append(",")
        elif kind == "ampm":
            early, _, late = body.partition("/")
            out.append(early if hour < 12 else late)
        elif kind == "elapsed":
            total = int(seconds) // {"h": 3600, "m": 60, "s": 1}[body[0].lower()]
            out.append(str(total).rjust(len(body), "0"))
        elif kind == "point":
            skip_digits = fraction_digits > 0
            out.append("." + f"{within % 1:.{fraction_digits}f}"[2:] if skip_digits else ".")
        elif kind == "date":
            out.append(_date_piece(body, day, ((hour % 12 or 12) if half else hour, minute, second), section.numerals))
    return "".join(out)


def _day(days: int, date1904: bool) -> date | None:
    """The date of a serial day number; None for day 0 and the 29th of February 1900, which never was."""
    if date1904:
        return date(1904, 1, 1) + timedelta(days=days)
    if days in (0, 60):
        return None
    return date(1899, 12, 30 if days > 60 else 31) + timedelta(days=days)


def _date_piece(body: str, day: date | None, clock: tuple[int, int, int], numerals: int) -> str:
    kind, width = body[0], len(body)
    if kind in "hns":
        return str(clock["hns".index(kind)]).rjust(min(width, 2), "0")
    year, month, date_of_month = (day.year, day.month, day.day) if day else (1900, 1, 0)
    if kind in "ye":
        text = str(year) if width > 2 or kind == "e" else f"{year % 100:02d}"
        return chinese_digits(int(text)) if numerals in (1, 2) else text
    if kind == "a" or (kind == "d" and width > 2):
        name = _DAYS[day.weekday()] if day else ""
        return name if width == 3 and kind == "a" else ("周" if width == 3 else "星期") + name
    if kind == "m" and width > 2:
        return (_LONG_MONTHS if width == 4 else _MONTHS)[month - 1] if width < 5 else _MONTHS[month - 1][0]
    number = month if kind == "m" else date_of_month
    return chinese(number, legal=numerals == 2) if numerals in (1, 2) else str(number).rjust(min(width, 2), "0")
