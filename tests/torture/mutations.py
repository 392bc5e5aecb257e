"""Seeded mutations of whole files, at the level where each format breaks: zip entries, XML, PDF objects, BIFF records, bytes.

Two kinds. *Damage* is what transport and storage do: files cut, parts lost, bytes flipped or zeroed. Whoever reads a damaged
file must not lose a table without a word. *Edits* make other files, valid or absurd: nothing is known of what they should
say, only that they must end as a document or with a reason.
"""

from __future__ import annotations

import copy
import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

Mutator = Callable[[bytes, random.Random], bytes]
PACKED = ("docx", "xlsx", "ofd", "zip")

NUMBERS = ("0", "-1", "1", "2", "255", "65536", "2147483647", "-2147483648", "4294967296", "2000000000", "1e308", "NaN", "", " ",
           "0.00000001", "9" * 40, "1048577", "16385", "true", "٣", "１２", "½")  # fmt: skip
TEXTS = ("", " ", "\t", "\n", "　", "\u202e甲", "\ufeff", "\u0301" * 40, "9" * 400, "1,2,3,4", "0.0.0", "-", "——", "％％", "万元万元", "“", "”（（（",
         "一二三四五六七八九十百千万亿", "２９５１．０９万元", "2023年2023年13月45日", "\U0001f600", "\U00020000", "⼀⼆㈠", "=1+1", "<b>&amp;</b>", "下降" * 60,
         "（" * 200, "其中：" * 80, "1、" * 100, "12.5万元、" * 60, "∞", "Ⅷ", "附件1-2", "年初预算数", "合计", "总分", "无", "x" * 5000)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutated:
    """The bytes, what was done to them, and whether all of it was damage (rather than an edit)."""

    data: bytes
    steps: tuple[str, ...]
    damage: bool


def mutate(format: str, base: bytes, rng: random.Random) -> Mutated:
    """One damage (two times in five) or one to four edits and damages of `base`."""
    damages, edits = DAMAGES[format], EDITS[format]
    if rng.random() < 0.4:
        name = rng.choice(sorted(damages))
        return Mutated(damages[name](base, rng), (name,), True)
    steps = []
    data = base
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        choice = {**damages, **edits} if rng.random() < 0.2 else edits
        name = rng.choice(sorted(choice))
        try:
            data = choice[name](data, rng)
        except Exception:
            continue  # the step before left nothing that this one could take apart
        steps.append(name)
    return Mutated(data, tuple(steps), False)


# ---------------------------------------------------------------------- bytes


def cut(data: bytes, rng: random.Random) -> bytes:
    """The beginning of the file, often nearly all of it."""
    lost = rng.choice((1, 2, 10, 100, rng.randrange(1, len(data) + 1), rng.randrange(1, len(data) // 4 + 2)))
    return data[: max(0, len(data) - lost)]


def flip(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def zeros(data: bytes, rng: random.Random) -> bytes:
    """A sector that was never written."""
    if not data:
        return data
    size = rng.choice((16, 64, 512, 4096))
    at = rng.randrange(len(data)) // 16 * 16
    return data[:at] + bytes(min(size, len(data) - at)) + data[at + size :]


def without_chunk(data: bytes, rng: random.Random) -> bytes:
    at, size = rng.randrange(len(data) + 1), rng.choice((1, 7, 64, 900))
    return data[:at] + data[at + size :]


def repeated_chunk(data: bytes, rng: random.Random) -> bytes:
    at, size = rng.randrange(len(data) + 1), rng.choice((1, 16, 256, 2000))
    return data[:at] + data[at : at + size] * rng.choice((2, 3, 40)) + data[at + size :]


def inserted(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    made = rng.choice((rng.randbytes(rng.choice((1, 4, 64))), rng.choice(TEXTS).encode(), b"\0" * 9, b"\xff" * 9))
    return data[:at] + made + data[at:]


def number_bytes(data: bytes, rng: random.Random) -> bytes:
    """A number that has its own length or offset meaning, perhaps."""
    out = bytearray(data)
    size = rng.choice((1, 2, 4))
    if len(out) < size:
        return data
    at = rng.randrange(len(out) - size + 1)
    out[at : at + size] = rng.choice((0, 1, 2**7, 2**15 - 1, 2**16 - 1, 2**31 - 1, 2**32 - 1)).to_bytes(5, "little")[
        :size
    ]
    return bytes(out)


def swapped_chunks(data: bytes, rng: random.Random) -> bytes:
    if len(data) < 40:
        return data
    a, b, c = sorted(rng.sample(range(len(data)), 3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


BYTE_EDITS: dict[str, Mutator] = {
    f.__name__: f for f in (flip, zeros, without_chunk, repeated_chunk, inserted, number_bytes, swapped_chunks, cut)
}


# ----------------------------------------------------------------- zip entries


def entries_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries: dict[str, bytes] | Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubled name is meant
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, body in entries.items() if isinstance(entries, dict) else entries:
                archive.writestr(name, body)
    return out.getvalue()


def entry_lost(data: bytes, rng: random.Random) -> bytes:
    entries = entries_of(data)
    del entries[rng.choice(sorted(entries))]
    return packed(entries)


def entry_emptied(data: bytes, rng: random.Random) -> bytes:
    entries = entries_of(data)
    entries[rng.choice(sorted(entries))] = b""
    return packed(entries)


def entry_cut(data: bytes, rng: random.Random) -> bytes:
    entries = entries_of(data)
    name = rng.choice(sorted(entries))
    entries[name] = cut(entries[name], rng)
    return packed(entries)


def entry_body_flipped(data: bytes, rng: random.Random) -> bytes:
    """Bytes of packed content changed under an unchanged checksum."""
    out = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = rng.choice([i for i in archive.infolist() if i.compress_size] or archive.infolist())
    name, extra = struct.unpack_from("<HH", out, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    for _ in range(rng.choice((1, 3, 20))):
        if info.compress_size:
            out[start + rng.randrange(info.compress_size)] ^= 1 << rng.randrange(8)
    return bytes(out)


def entry_renamed(data: bytes, rng: random.Random) -> bytes:
    entries = entries_of(data)
    name = rng.choice(sorted(entries))
    wanted = rng.choice(
        (name.upper(), name + "x", "../" + name, "/" + name, name.replace("/", "\\"), "甲/" + name, "", "a\0b")
    )
    return packed([(wanted if n == name else n, b) for n, b in entries.items()])


def entry_doubled(data: bytes, rng: random.Random) -> bytes:
    entries = list(entries_of(data).items())
    name, body = rng.choice(entries)
    entries.insert(rng.randrange(len(entries) + 1), (name, rng.choice((body, b"", body[: len(body) // 2]))))
    return packed(entries)


def entries_swapped(data: bytes, rng: random.Random) -> bytes:
    entries = entries_of(data)
    if len(entries) < 2:
        return data
    a, b = rng.sample(sorted(entries), 2)
    entries[a], entries[b] = entries[b], entries[a]
    return packed(entries)


def entry_bytes(data: bytes, rng: random.Random) -> bytes:
    entries = entries_of(data)
    name = rng.choice(sorted(entries))
    entries[name] = rng.choice(list(BYTE_EDITS.values()))(entries[name] or b"x", rng)
    return packed(entries)


def directory_field(data: bytes, rng: random.Random) -> bytes:
    """A number in a header of the zip itself: method, flags, sizes, offsets, checksum."""
    out = bytearray(data)
    places = [m.start() for m in re.finditer(rb"PK(?:\x03\x04|\x01\x02|\x05\x06)", data)]
    if not places:
        return data
    at = rng.choice(places)
    offset = at + rng.randrange(4, 22 if out[at + 2] == 5 else 42)
    if offset < len(out):
        out[offset] = rng.choice((0, 1, 8, 0x7F, 0xFF, rng.randrange(256)))
    return bytes(out)


ZIP_EDITS: dict[str, Mutator] = {
    f.__name__: f
    for f in (
        entry_lost,
        entry_emptied,
        entry_cut,
        entry_renamed,
        entry_doubled,
        entries_swapped,
        entry_bytes,
        directory_field,
    )
}


# ------------------------------------------------------------------------- XML


def _element(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice(list(root.iter(etree.Element)))


def _as_parts(root: etree._Element, kind: str, rng: random.Random) -> None:
    """One change of the tree."""
    chosen = _element(root, rng)
    parent = chosen.getparent()
    if kind == "without" and parent is not None:
        parent.remove(chosen)
    elif kind == "doubled" and parent is not None:
        for _ in range(rng.choice((1, 2, 30))):
            parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(chosen))
    elif kind == "moved" and parent is not None:
        target = _element(root, rng)
        if chosen not in target.iterancestors() and target is not chosen:
            target.insert(rng.randrange(len(target) + 1), chosen)
    elif kind == "attribute":
        names = list(chosen.attrib) or ["a"]
        chosen.set(rng.choice(names), rng.choice(NUMBERS + tuple(t for t in TEXTS if _fits(t))))
    elif kind == "attribute_lost" and chosen.attrib:
        del chosen.attrib[rng.choice(list(chosen.attrib))]
    elif kind == "text":
        chosen.text = rng.choice([t for t in TEXTS + NUMBERS if _fits(t)])
    elif kind == "nested":
        for _ in range(rng.choice((1, 5, 300))):
            inner = etree.Element(chosen.tag)
            inner[:] = chosen[:]
            chosen.insert(0, inner)
            chosen = inner
    elif kind == "tag":
        chosen.tag = _element(root, rng).tag


def _fits(text: str) -> bool:
    return not any(ord(c) < 32 and c not in "\t\n" for c in text)


TREE_KINDS = (
    "without",
    "doubled",
    "moved",
    "attribute",
    "attribute",
    "attribute_lost",
    "text",
    "text",
    "nested",
    "tag",
)


def tree_edit(data: bytes, rng: random.Random) -> bytes:
    """Elements of an XML part of the package lost, doubled, moved, nested; attributes and texts made absurd."""
    entries = entries_of(data)
    parts = [n for n, b in entries.items() if b.lstrip()[:1] == b"<"]
    if not parts:
        return data
    large = [n for n in parts if len(entries[n]) > 1500]
    name = rng.choice(large if large and rng.random() < 0.7 else sorted(parts))
    try:
        root = etree.fromstring(entries[name])
    except etree.XMLSyntaxError:
        return data
    for _ in range(rng.choice((1, 1, 2, 6))):
        _as_parts(root, rng.choice(TREE_KINDS), rng)
    entries[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(entries)


def html_tree_edit(data: bytes, rng: random.Random) -> bytes:
    root = etree.HTML(data)
    if root is None:
        return data
    for _ in range(rng.choice((1, 1, 2, 6))):
        _as_parts(root, rng.choice(TREE_KINDS), rng)
    return bytes(etree.tostring(root, method="html", encoding=rng.choice(("utf-8", "gb18030"))))


def tag_bytes(data: bytes, rng: random.Random) -> bytes:
    """Markup as careless programs leave it: tags unclosed, doubled, misspelt."""
    tags = list(re.finditer(rb"<[^>]*>", data))
    if not tags:
        return data
    tag = rng.choice(tags)
    made = rng.choice((b"", tag[0] * 2, tag[0][:-1], b"<" + tag[0], b"</table>", b"<table><tr><td>", b"<!--", b"<td rowspan=0 colspan=99999>",
                       b"<script>", b"<![CDATA[", b"&#0;&#xD800;", b"<table>" * 60, b"<td" + b" a" * 200 + b">"))  # fmt: skip
    return data[: tag.start()] + made + data[tag.end() :]


# ------------------------------------------------------------------------ text


def _texts(data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace"), "utf-8"


def lines_edit(data: bytes, rng: random.Random) -> bytes:
    """Lines lost, doubled, swapped, joined, broken."""
    text, encoding = _texts(data)
    lines = text.splitlines(keepends=True) or [""]
    for _ in range(rng.choice((1, 2, 5))):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(5)
        if kind == 0 and len(lines) > 1:
            del lines[i]
        elif kind == 1:
            lines[i:i] = [lines[j]] * rng.choice((1, 3, 50))
        elif kind == 2:
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == 3:
            lines[i] = lines[i].rstrip()
        else:
            at = rng.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + "\n" + lines[i][at:]
    return "".join(lines).encode(encoding, "replace")


def characters_edit(data: bytes, rng: random.Random) -> bytes:
    """Odd texts put in the place of others; digits, dashes and blanks changed."""
    text, encoding = _texts(data)
    for _ in range(rng.choice((1, 2, 8))):
        at = rng.randrange(len(text) + 1)
        size = rng.choice((0, 1, 3, 20))
        text = text[:at] + rng.choice(TEXTS + NUMBERS) + text[at + size :]
    return text.encode(rng.choice((encoding, encoding, "utf-8", "utf-16", "gb18030")), "surrogatepass")


# ------------------------------------------------------------------------- PDF


def pdf_number(data: bytes, rng: random.Random) -> bytes:
    """A number of the file's objects or of a drawing changed."""
    numbers = list(re.finditer(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", data))
    if not numbers:
        return data
    for found in sorted(rng.sample(numbers, min(len(numbers), rng.choice((1, 1, 3, 20)))), key=lambda m: -m.start()):
        made = rng.choice(NUMBERS[:14]).encode() if rng.random() < 0.6 else b"%d" % rng.randrange(-900, 900)
        data = data[: found.start()] + made + data[found.end() :]
    return data


def pdf_operator(data: bytes, rng: random.Random) -> bytes:
    """Operators of a drawing lost, doubled, changed."""
    found = list(re.finditer(rb"\b(?:Tj|Td|Tm|Tf|BT|ET|re|l|m|S|f|cm|q|Q|n|W|Do)\b", data))
    if not found:
        return data
    for one in sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 20)))), key=lambda m: -m.start()):
        made = rng.choice((b"", one[0] + b" " + one[0], b"Tj", b"re", b"q", b"Q", b"BT", b"ET", b"W n", b"f"))
        data = data[: one.start()] + made + data[one.end() :]
    return data


def pdf_object(data: bytes, rng: random.Random) -> bytes:
    """Objects lost, doubled, swapped, pointed elsewhere."""
    objects = list(re.finditer(rb"(\d+) 0 obj\b.*?endobj", data, re.S))
    if len(objects) < 2:
        return data
    one, other = rng.sample(objects, 2)
    kind = rng.randrange(4)
    if kind == 0:
        return data[: one.start()] + data[one.end() :]
    if kind == 1:
        return data[: one.end()] + b"\n" + other[0] + data[one.end() :]
    if kind == 2:
        return data.replace(b"%b 0 R" % one[1], b"%b 0 R" % other[1])
    return data[: one.start()] + one[1] + other[0][len(other[1]) :] + data[one.end() :]


def pdf_stream_damaged(data: bytes, rng: random.Random) -> bytes:
    """Bytes inside a stream flipped or zeroed, its length kept."""
    streams = list(re.finditer(rb"stream\r?\n(.+?)endstream", data, re.S))
    if not streams:
        return flip(data, rng)
    found = rng.choice(streams)
    start, end = found.span(1)
    body = rng.choice((flip, zeros))(data[start:end], rng)
    return data[:start] + body[: end - start] + data[end:]


# ------------------------------------------------------------------------ BIFF


def _records(stream: bytes) -> list[tuple[int, int]]:
    """(offset, size with head) of the records that follow one another."""
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0 and size == 0:
            break
        found.append((at, size + 4))
        at += size + 4
    return found


_SECTOR = 512  # xlwt writes the Workbook stream in one piece behind the head


def record_edit(data: bytes, rng: random.Random) -> bytes:
    """Records of the workbook lost, doubled, resized, their content changed; the container stays whole."""
    head, stream = data[:_SECTOR], bytearray(data[_SECTOR:])
    records = [(a, s) for a, s in _records(bytes(stream)) if a + s <= len(stream)]
    if not records:
        return data
    whole = len(stream)
    for _ in range(rng.choice((1, 1, 3))):
        at, size = rng.choice(records)
        kind = rng.randrange(5)
        if kind == 0:
            stream[at : at + size] = b""
        elif kind == 1:
            stream[at:at] = stream[at : at + size]
        elif kind == 2:
            stream[at + 2 : at + 4] = struct.pack("<H", rng.choice((0, 1, size, 8224, 65535)))
        elif kind == 3:
            stream[at : at + 2] = struct.pack(
                "<H", rng.choice((0x0A, 0xFD, 0xE5, 0x203, 0x7E, 0x809, 0x85, 0x3C, rng.randrange(65536)))
            )
        elif size > 4:
            for _ in range(rng.choice((1, 2, 6))):
                stream[at + 4 + rng.randrange(size - 4)] = rng.choice((0, 1, 0x7F, 0xFF, rng.randrange(256)))
    return head + bytes(stream[:whole]).ljust(whole, b"\0")


# ----------------------------------------------------------------------- tables

DAMAGES: dict[str, dict[str, Mutator]] = {
    **{
        f: {m.__name__: m for m in (cut, zeros, entry_lost, entry_emptied, entry_cut, entry_body_flipped, flip)}
        for f in ("docx", "xlsx", "ofd")
    },
    "zip": {m.__name__: m for m in (cut, zeros, entry_body_flipped, flip)},
    "pdf": {m.__name__: m for m in (cut, zeros, pdf_stream_damaged, flip)},
    "xls": {m.__name__: m for m in (cut, zeros, flip)},
    "html": {m.__name__: m for m in (cut, zeros)},
    "txt": {m.__name__: m for m in (cut, zeros, flip)},
}
EDITS: dict[str, dict[str, Mutator]] = {
    "docx": {**ZIP_EDITS, "tree_edit": tree_edit, "tree_edit_2": tree_edit, "tree_edit_3": tree_edit, "flip": flip},
    "xlsx": {**ZIP_EDITS, "tree_edit": tree_edit, "tree_edit_2": tree_edit, "tree_edit_3": tree_edit, "flip": flip},
    "ofd": {**ZIP_EDITS, "tree_edit": tree_edit, "tree_edit_2": tree_edit, "tree_edit_3": tree_edit, "flip": flip},
    "zip": {**ZIP_EDITS, **BYTE_EDITS},
    "pdf": {**BYTE_EDITS, "pdf_number": pdf_number, "pdf_operator": pdf_operator, "pdf_object": pdf_object},
    "xls": {**BYTE_EDITS, "record_edit": record_edit, "record_edit_2": record_edit, "record_edit_3": record_edit},
    "html": {
        **BYTE_EDITS,
        "html_tree_edit": html_tree_edit,
        "tag_bytes": tag_bytes,
        "lines_edit": lines_edit,
        "characters_edit": characters_edit,
    },
    "txt": {
        **BYTE_EDITS,
        "lines_edit": lines_edit,
        "characters_edit": characters_edit,
        "characters_edit_2": characters_edit,
    },
}
