"""Signs in a PDF's bytes that part of it is missing. PDFium reads what is left of a damaged file and says nothing."""

from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(rb"stream\r?\n")
_MOST_BYTES = 64 << 20  # of one stream, unpacked: PDFium has its own limits, this is only a look
_END_MARK_WITHIN = 2048  # the standard says 1,024; some writers append more
# Pictures and fonts are large, and damage in them loses no words in silence: the text is in the page's own stream.
_NOT_LOOKED_AT = (
    b"/Image",
    b"/FontFile",
    b"/Length1",
    b"Type1C",
    b"CIDFontType0C",
    b"/OpenType",
    b"/DecodeParms",
    b"/Metadata",
)
_UNWRITTEN = bytes(16)


def damage_of(data: bytes) -> list[str]:
    """Sentences about what is missing: the end of the file, or content that does not unpack. Empty for a whole file."""
    found = []
    if b"%%EOF" not in data[-_END_MARK_WITHIN:]:
        found.append(
            "the file has no end mark: it was cut, and pages, text or tables may be missing; download it again"
        )
    if b"/Encrypt" not in data:
        broken = _broken_streams(data)
        if broken:
            found.append(
                f"{broken} of its content streams {'is' if broken == 1 else 'are'} damaged: text or tables may be missing; "
                "download it again"
            )
    return found


def _broken_streams(data: bytes) -> int:
    broken = at = 0
    while match := _STREAM.search(data, at):
        start = match.end()
        end = data.find(b"endstream", start)
        head = data[max(data.rfind(b" obj", at, match.start()), match.start() - 2048, 0) : match.start()]
        at = start if end < 0 else end + 9
        if end < 0:
            broken += 1
            break
        if any(mark in head for mark in _NOT_LOOKED_AT):
            continue
        body = data[start:end]
        if b"/FlateDecode" not in head and b"/Fl " not in head:
            # Plain drawing commands hold no run of zero bytes; a sector that was never written does.
            broken += b"/Filter" not in head and _UNWRITTEN in body
        elif not _unpacks(body, b"/ASCII85Decode" in head, b"/ASCIIHexDecode" in head):
            broken += 1
    return broken


def _unpacks(body: bytes, ascii85: bool, hexadecimal: bool) -> bool:
    try:
        if ascii85:
            body = base64.a85decode(b"<~" + body.strip().removesuffix(b"~>") + b"~>", adobe=True)
        elif hexadecimal:
            return True
    except ValueError:
        return False
    unpacker = zlib.decompressobj()
    total = 0
    try:
        while body and not unpacker.eof and total < _MOST_BYTES:
            total += len(unpacker.decompress(body, 1 << 20))
            body = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof or total >= _MOST_BYTES
