"""Bytes to text by our own rule: what the bytes are, not what a label claims. Pages under a gb2312 label hold
GB18030."""

from __future__ import annotations

import codecs
import re

from dagster_project.reading.model import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_LABEL = re.compile(
    rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""",
    re.I,
)
_GB = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "euc-cn", "hz-gb-2312", "chinese"}
_USUAL = re.compile("[\t\n\r -~\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, name: str, *, labelled: bool = False) -> tuple[str, str, str | None]:
    """The text of `data`, the encoding that gave it, and a sentence when part of it was a guess.

    Order: byte order mark, UTF-16 where NUL bytes show it, strict UTF-8, UTF-8 with a few broken bytes, the page's own
    label (`labelled`; every GB label means GB18030), strict GB18030, and last the reading with the fewest broken
    characters.
    The byte order mark is not part of the text. Raises `ReadError("unsupported")` for bytes that are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _with_note(data[len(mark) :], encoding)
    if b"\x00" in data[:65536]:
        wide = _utf16(data)
        if wide is not None:
            return wide
        if not labelled and data.count(b"\x00") > max(2, len(data) // 1000):
            raise ReadError(
                "unsupported",
                f"{name}: neither a known document format nor text; save it as .docx, .pdf, .xlsx or .html",
            )
    try:
        return data.decode("utf-8"), "utf-8", None
    except UnicodeDecodeError:
        pass
    # A page cut off in the middle of a character, or one with a single bad byte, is still UTF-8.
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if broken * 50 < sum(1 for c in lenient if c > "\x7f"):
        return lenient, "utf-8", f"{broken} broken characters in UTF-8 text"
    label = _label(data) if labelled else None
    if label and label not in _GB:
        try:
            return data.decode(label), label, None
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return data.decode("gb18030"), "gb18030", None
    except UnicodeDecodeError:
        pass
    guess = data.decode("gb18030", "replace")
    wrong = guess.count("\ufffd")
    if wrong > broken:
        guess, wrong, encoding = lenient, broken, "utf-8"
    else:
        encoding = "gb18030"
    if wrong * 4 > len(guess) or len(_CONTROL.findall(guess[:4096])) * 10 > len(guess[:4096]):
        raise ReadError(
            "unsupported", f"{name}: neither a known document format nor text; save it as .docx, .pdf, .xlsx or .html"
        )
    return guess, encoding, f"the encoding is a guess ({encoding}); {wrong} characters could not be read"


def _with_note(data: bytes, encoding: str) -> tuple[str, str, str | None]:
    try:
        return data.decode(encoding), encoding, None
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return text, encoding, f"{text.count(chr(0xFFFD))} broken characters in {encoding} text"


def _label(data: bytes) -> str | None:
    found = _LABEL.search(data[:8192])
    return (found[1] or found[2]).decode("ascii").lower() if found else None


def _utf16(data: bytes) -> tuple[str, str, str | None] | None:
    """UTF-16 without a mark: the byte order in which (nearly) all characters are ones that reports use."""
    best: tuple[float, str] = (0.9, "")
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = data[:8192].decode(encoding, "ignore")
        best = max(best, (len(_USUAL.findall(sample)) / max(len(sample), 1), encoding))
    encoding = best[1]
    if not encoding:
        return None
    try:
        text = data[: len(data) & ~1].decode(encoding)
    except UnicodeDecodeError:
        return None
    return text, encoding, f"the encoding is a guess ({encoding}, no byte order mark)"
