"""The folded view of exact text: one spelling for characters that print alike, with offsets back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# NFKC does not touch these: dashes, dots and quotes that pages use for one another.
_EXTRA = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2015": "-",
    "\u2212": "-",
    "\ufe63": "-",
    "〔": "[",
    "〕": "]",
    "【": "[",
    "】": "]",
    "﹪": "%",
    "٪": "%",
    "‰": "‰",
    "㎡": "㎡",
    "㎥": "㎥",
    "．": ".",
    "﹒": ".",
    "∶": ":",
    "＜": "<",
    "＞": ">",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\ufeff": "",
    "\u00ad": "",
    "\u2060": "",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is the folded view; `starts[i]` is the offset in the exact text of folded character i, `starts[len]` its end."""

    text: str
    starts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the exact text that the folded range `[start, end)` came from."""
        if end <= start:
            return self.starts[start], self.starts[start]
        return self.starts[start], self.starts[end - 1] + 1


def _fold_char(char: str) -> str:
    if char in _EXTRA:
        return _EXTRA[char]
    # Chinese full stops and quotation marks stay: sentences are cut at them. A circled list number must not become a digit.
    if char in "。、！？“”‘’《》〈〉「」『』…\t\n" or "①" <= char <= "⑳":
        return char
    if char == "\r":
        return "\n"
    out = unicodedata.normalize("NFKC", char)
    return " " if out.isspace() else out


class _Table(dict[int, str]):
    """Folds a character when it is first met; `uneven` are those that become none or several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        plain = _fold_char(chr(code))
        if len(plain) != 1:
            self.uneven.add(chr(code))
        self[code] = plain
        return plain


_TABLE = _Table()
# All that reports are mostly made of folds to itself; a character class finds the rest at a tenth of the cost of a table.
_PLAIN = r" -~\t\n\u4e00-\u9fff。、！？“”‘’《》〈〉「」『』…"
_CHANGED = re.compile(f"[^{_PLAIN}]")
_UNCHANGED = re.compile(f"[{_PLAIN}]")


def fold_evenly(text: str) -> str | None:
    """The folded view where each character becomes exactly one, so that offsets stay what they are; None otherwise."""
    plain = text
    for char in set(_CHANGED.findall(text)):
        folded = _TABLE[ord(char)]
        if folded == char:
            continue
        if not _UNCHANGED.fullmatch(folded):
            break
        plain = plain.replace(char, folded)
    else:
        return plain
    plain = text.translate(_TABLE)
    return plain if _TABLE.uneven.isdisjoint(text) else None


def fold(text: str) -> Folded:
    """Fold `text` character by character: full width to half width, compatibility forms and radicals to plain characters,
    all dashes to '-', colons, semicolons, commas and brackets to ASCII, all blanks to a space; zero-width characters vanish."""
    plain = fold_evenly(text)
    if plain is not None:
        return Folded(plain, range(len(text) + 1))
    starts: list[int] = []
    for i, char in enumerate(text):
        starts.extend([i] * len(_TABLE[ord(char)]))
    starts.append(len(text))
    return Folded(text.translate(_TABLE), starts)
