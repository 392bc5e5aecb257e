"""List numbers as word processors print them: the number formats of ECMA-376 part 1, 17.18.59 that Chinese documents
use."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def chinese(number: int, *, legal: bool = False) -> str:
    """`number` in Chinese: 12 -> 十二, 105 -> 一百零五; `legal`: 壹拾贰. From 0 to 99,999,999; beyond, plain digits."""
    if not 0 <= number <= 99_999_999:
        return str(number)
    digits = _LEGAL if legal else "零" + _DIGITS[1:]
    units = ("", "拾", "佰", "仟") if legal else ("", "十", "百", "千")
    if number == 0:
        return digits[0]

    def below_wan(value: int) -> str:
        out = ""
        gap = False
        for place in (3, 2, 1, 0):
            digit = value // 10**place % 10
            if digit:
                out += (digits[0] if gap and out else "") + digits[digit] + units[place]
                gap = False
            else:
                gap = True
        return out

    high, low = divmod(number, 10_000)
    text = below_wan(low)
    if high:
        text = below_wan(high) + ("萬" if legal else "万") + (digits[0] if 0 < low < 1000 else "") + text
    if not legal and text.startswith("一十"):
        text = text[1:]
    return text


def chinese_digits(number: int) -> str:
    """Digit by digit: 2022 -> 二〇二二."""
    return "".join(_DIGITS[int(d)] if d.isdigit() else d for d in str(number))


def roman(number: int) -> str:
    """Capital Roman numerals; beyond 1 to 3999, plain digits."""
    if not 1 <= number <= 3999:
        return str(number)
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out += letters
            number -= value
    return out


def _letters(number: int, first: str) -> str:
    # Word repeats the letter: 27 is AA, 53 is AAA.
    if not 1 <= number <= 26 * 30:
        return str(number)
    return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    if 36 <= number <= 50:
        return chr(0x32B1 + number - 36)
    return str(number)


def _from(first: int, last: int, number: int) -> str:
    return chr(first + number - 1) if 1 <= number <= last else str(number)


def list_number(number: int, kind: str) -> str:
    """`number` in the numbering format `kind` (w:numFmt); an unknown format gives plain digits, "none" and "bullet"
    nothing."""
    match kind:
        case "none" | "bullet":
            return ""
        case (
            "chineseCounting"
            | "chineseCountingThousand"
            | "taiwaneseCountingThousand"
            | "taiwaneseCounting"
            | "japaneseCounting"
        ):
            return chinese(number)
        case "chineseLegalSimplified" | "ideographLegalTraditional":
            return chinese(number, legal=True)
        case "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" | "koreanDigital2":
            return chinese_digits(number)
        case "ideographTraditional":
            return _STEMS[(number - 1) % 10] if number > 0 else str(number)
        case "ideographZodiac":
            return _BRANCHES[(number - 1) % 12] if number > 0 else str(number)
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return _circled(number)
        case "ideographEnclosedCircle":
            return _from(0x3280, 10, number)
        case "decimalEnclosedParen":
            return _from(0x2474, 20, number)
        case "decimalEnclosedFullstop":
            return _from(0x2488, 20, number)
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate({ord("0") + d: ord("０") + d for d in range(10)})
        case "decimalZero":
            return f"{number:02d}"
        case "numberInDash":
            return f"- {number} -"
        case "upperRoman":
            return roman(number)
        case "lowerRoman":
            return roman(number).lower()
        case "upperLetter":
            return _letters(number, "A")
        case "lowerLetter":
            return _letters(number, "a")
    return str(number)
