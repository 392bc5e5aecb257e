"""Pasted text: one paragraph a line, offsets into the exact decoded text."""

from __future__ import annotations

import re

from dagster_project.reading.charset import decode
from dagster_project.reading.model import Block, Document, Paragraph, ReadError, Warning_

_LINE = re.compile("[^\r\n\x0b\x0c\x85\u2028\u2029]+")


def read_text(data: bytes, name: str) -> Document:
    """Read pasted text. `Document.text` is the decoded text as it stands (line ends too); tabs stay inside the
    paragraphs.

    Form feeds count pages, as text tools write them. There are no tables: the form layer knows what pasted cells
    look like.
    Raises `ReadError`: "no_text" for nothing but blanks, "unsupported" for bytes that are no text.
    """
    text, encoding, note = decode(data, name)
    warnings = (Warning_("charset", note),) if note else ()
    breaks = "\f" in text.rstrip()
    page = 1
    last = 0
    blocks: list[Block] = []
    for match in _LINE.finditer(text):
        line = match[0]
        if line.isspace():
            continue
        start, end = match.span()
        if breaks:
            page += text.count("\f", last, start)
            last = start
        blocks.append(Paragraph(line, start, end, page if breaks else None))
    if not blocks:
        raise ReadError("no_text", f"{name}: the text file holds nothing but blanks")
    return Document(name, "txt", text, tuple(blocks), warnings, {"encoding": encoding})
