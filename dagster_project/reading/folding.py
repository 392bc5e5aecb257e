"""The folded view of exact text: one spelling for characters that print alike, with offsets back to the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# NFKC does not touch these: dashes, dots and quotes that pages use for one another.
_EXTRA = {
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\ufe63": "-",
    "〔": "[", "〕": "]", "【": "[", "】": "]", "﹪": "%", "٪": "%", "‰": "‰", "．": ".", "﹒": ".", "∶": ":", "＜": "<", "＞": ">",
    "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u00ad": "", "\u2060": "",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is the folded view; `starts[i]` is the offset in the exact text of folded character i, `starts[len]` its end."""

    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the exact text that the folded range `[start, end)` came from."""
        if end <= start:
            return self.starts[start], self.starts[start]
        return self.starts[start], max(self.starts[end - 1] + 1, self.starts[end] if end == len(self.text) else 0)


@lru_cache(maxsize=65536)
def _fold_char(char: str) -> str:
    if char in _EXTRA:
        return _EXTRA[char]
    # Full-width Chinese punctuation stays: clauses are cut at it. Everything else that has a plain twin takes it.
    if char in "，。；：、！？“”‘’《》（）〈〉「」『』…":
        return {"（": "(", "）": ")", "：": ":", "；": ";", "，": ","}.get(char, char)
    if char in "\t\n\r":
        return "\n" if char == "\r" else char
    out = unicodedata.normalize("NFKC", char)
    return " " if out.isspace() else out


def fold(text: str) -> Folded:
    """Fold `text` character by character: full width to half width, compatibility forms and radicals to plain characters,
    all dashes to '-', colons, semicolons, commas and brackets to ASCII, all blanks to a space; zero-width characters vanish."""
    out: list[str] = []
    starts: list[int] = []
    for i, char in enumerate(text):
        plain = char if char.isascii() and char != "\r" else _fold_char(char)
        out.append(plain)
        starts.extend([i] * len(plain))
    starts.append(len(text))
    return Folded("".join(out), tuple(starts))
