"""Hostile and broken files of every format, made in memory: small to write, large or endless to read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from xlwt.CompoundDoc import XlsDoc

from tests.support.blocks import Block, Para, grid
from tests.support.docx_writer import write_docx
from tests.support.html_writer import write_html
from tests.support.ofd_writer import write_ofd
from tests.support.pdf_writer import write_pdf
from tests.support.sheet_writer import write_xls, write_xlsx
from tests.support.txt_writer import write_txt

Maker = Callable[[], bytes]
MB = 1 << 20
_BOMB = "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefgh", "bcdefghi", strict=True))
ENTITY_BOMB = f'<!DOCTYPE x [<!ENTITY a "{"x" * 100}">{_BOMB}]>'
EXTERNAL_ENTITY = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
DEEP = 30_000
TWO_BILLION = 2_000_000_000


def zipped(entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_parts(document: bytes, parts: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The packed document with some of its parts changed, or added."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    for name, change in parts.items():
        entries[name] = change(entries.get(name, b""))
    return zipped(entries)


def blocks() -> list[Block]:
    return [Para("部门整体支出绩效自评报告"), Para("全年预算数 12.5 万元。"), grid([["甲", "乙"], ["1", "2"]])]


@cache
def good() -> dict[str, bytes]:
    """A small good report in each format that is written here."""
    content = blocks()
    return {
        "docx": write_docx(content),
        "xlsx": write_xlsx(content),
        "xls": write_xls(content),
        "html": write_html(content),
        "pdf": write_pdf(content),
        "ofd": write_ofd(content),
        "txt": write_txt(content),
    }


def docx_body(body: str, before: str = "") -> bytes:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
    return with_parts(good()["docx"], {"word/document.xml": lambda _: xml.encode()})


def docx_text(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_nested_tables() -> bytes:
    opening = "<w:tbl><w:tr><w:tc>"
    return docx_body(opening * DEEP + docx_text("x") + "</w:tc></w:tr></w:tbl>" * DEEP)


def stored(document: bytes) -> bytes:
    """The packed document with nothing compressed: no ratio gives it away."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, zipfile.ZIP_STORED)


def docx_span() -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{TWO_BILLION}"/></w:tcPr>{docx_text("x")}</w:tc>'
    rows = f"<w:tr>{cell}{cell}</w:tr>" * 3
    return docx_body(f"<w:tbl>{rows}</w:tbl>{docx_text('after')}")


def docx_grid_before() -> bytes:
    before = f'<w:trPr><w:gridBefore w:val="{TWO_BILLION}"/><w:gridAfter w:val="{TWO_BILLION}"/></w:trPr>'
    return docx_body(f"<w:tbl><w:tr>{before}<w:tc>{docx_text('x')}</w:tc></w:tr></w:tbl>")


def html_span() -> bytes:
    cell = f'<td rowspan="{TWO_BILLION}" colspan="{TWO_BILLION}">x</td>'
    return (
        f"<html><body><p>before</p><table><tr>{cell}<td>y</td></tr><tr><td>z</td></tr></table></body></html>".encode()
    )


def html_many_spans() -> bytes:
    """Each span is allowed; together they would be 65 million slots."""
    row = '<tr><td rowspan="65534" colspan="1000">x</td></tr>'
    return f"<html><body><p>before</p><table>{row * 200}</table></body></html>".encode()


def html_deep(tag: str) -> bytes:
    return f"<html><body><p>before</p>{f'<{tag}>' * DEEP}x{f'</{tag}>' * DEEP}</body></html>".encode()


def html_deep_tables() -> bytes:
    return f"<html><body>{'<table><tr><td>' * DEEP}x{'</td></tr></table>' * DEEP}</body></html>".encode()


def xlsx_sheet(rows: str, dimension: str, extra: str = "") -> bytes:
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{name}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData>{extra}</worksheet>'
    return with_parts(good()["xlsx"], {"xl/worksheets/sheet1.xml": lambda _: xml.encode()})


def xlsx_sparse() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return xlsx_sheet(cells, "A1:XFD1048576")


def xlsx_merged_all() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return xlsx_sheet(cells, "A1:A1", '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')


def png(width: int, height: int) -> bytes:
    """A grey picture of that size whose rows are all the same; packs to a thousandth."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf_objects(*objects: bytes) -> bytes:
    """A PDF of numbered objects, the first one its catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def pdf_image(width: int = 40_000, height: int = 40_000) -> bytes:
    """A page that is nothing but a picture of 1.6 gigapixels."""
    packer = zlib.compressobj(9)
    row = b"\0" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    content = b"q 595 0 0 842 0 0 cm /I Do Q"
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode/Length %d>>"
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        head % (width, height, len(data)) + b"stream\n" + data + b"\nendstream",
    )


def pdf_page(size: float, text: str = "x") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(size, size))
    canvas.drawString(100, 100, text)
    canvas.line(0, 0, size, 0)
    canvas.save()
    return out.getvalue()


def pdf_page_loop() -> bytes:
    """A page tree that contains itself."""
    return pdf_objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>")


def pdf_form_loop() -> bytes:
    """A drawing that draws itself, twice."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 11>>stream\n/F Do /F Do\nendstream"
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 5>>stream\n/F Do\nendstream",
        form,
    )


def pdf_rules(count: int = 120_000) -> bytes:
    """A page of crossing lines, none of them a table."""
    lines = b"".join(b"%d %d m %d %d l S\n" % (i % 595, i % 842, (i * 7) % 595, i % 842) for i in range(count // 2))
    lines += b"".join(b"%d %d m %d %d l S\n" % (i % 595, i % 842, i % 595, (i * 11) % 842) for i in range(count // 2))
    data = zlib.compress(lines)
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(data), data),
    )


def pdf_encrypted() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", "owner", strength=128))
    canvas.drawString(100, 100, "x")
    canvas.save()
    return out.getvalue()


def ole(stream: str) -> bytes:
    """A compound file with one stream of that name."""
    out = io.BytesIO()
    XlsDoc().save(out, b"\0" * 5000)
    data = bytearray(out.getvalue())
    at = data.find("Workbook".encode("utf-16-le"))
    data[at : at + 64] = stream.encode("utf-16-le").ljust(64, b"\0")
    data[at + 64 : at + 66] = (2 * len(stream) + 2).to_bytes(2, "little")
    return bytes(data)


def xls_encrypted() -> bytes:
    """A workbook whose second record is FILEPASS."""
    bof = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    book = bof + struct.pack("<HHH", 0x2F, 54, 1) + b"\x01" * 52 + struct.pack("<HH", 0x0A, 0)
    out = io.BytesIO()
    XlsDoc().save(out, book.ljust(5000, b"\0"))
    return out.getvalue()


def zip_encrypted(document: bytes) -> bytes:
    """The packed document with the encryption bit of every entry set."""
    data = bytearray(document)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def ofd_page(change: Callable[[bytes], bytes]) -> bytes:
    """The good .ofd with its first page's drawing changed."""
    document = good()["ofd"]
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        page = next(n for n in archive.namelist() if n.endswith("Content.xml"))
    return with_parts(document, {page: change})


def ofd_deep() -> bytes:
    name = "http://www.ofdspec.org/2016"
    blocks_ = "<ofd:PageBlock>" * DEEP + "</ofd:PageBlock>" * DEEP
    xml = f'<ofd:Page xmlns:ofd="{name}"><ofd:Content><ofd:Layer ID="1">{blocks_}</ofd:Layer></ofd:Content></ofd:Page>'
    return ofd_page(lambda _: xml.encode())


def after_declaration(data: bytes, insert: str) -> bytes:
    at = data.index(b"?>") + 2 if data.lstrip().startswith(b"<?xml") else 0
    return data[:at] + insert.encode() + data[at:]


def bomb(document: str, part: str) -> bytes:
    """A document with one part that unpacks to 99 MB of zeros from 100 KB."""
    return with_parts(good()[document], {part: lambda _: b"\0" * (99 * MB)})


# Name of the file -> how to make it, and the reasons that may be given for it; "read" where it may also be read
# with the hostile part clamped.
CASES: dict[str, tuple[Maker, frozenset[str]]] = {
    "zip-bomb.docx": (lambda: bomb("docx", "word/document.xml"), frozenset({"hostile"})),
    "zip-bomb.xlsx": (lambda: bomb("xlsx", "xl/worksheets/sheet1.xml"), frozenset({"hostile"})),
    "zip-bomb.ofd": (lambda: bomb("ofd", "Doc_0/more.xml"), frozenset({"hostile"})),
    "entity-bomb.docx": (lambda: docx_body(docx_text("&i;"), ENTITY_BOMB), frozenset({"hostile"})),
    "entity-bomb.xlsx": (
        lambda: with_parts(
            good()["xlsx"],
            {"xl/sharedStrings.xml": lambda d: after_declaration(d, ENTITY_BOMB).replace(b"<t>", b"<t>&i;", 1)},
        ),
        frozenset({"hostile", "damaged"}),
    ),
    "entity-bomb-in-sheet.xlsx": (
        lambda: with_parts(good()["xlsx"], {"xl/worksheets/sheet1.xml": lambda d: after_declaration(d, ENTITY_BOMB)}),
        frozenset({"hostile", "damaged"}),
    ),
    "entity-bomb.ofd": (lambda: ofd_page(lambda d: after_declaration(d, ENTITY_BOMB)), frozenset({"hostile"})),
    "entity-bomb.html": (
        f"<html>{ENTITY_BOMB}<body><p>before &i;</p></body></html>".encode,
        frozenset({"read", "hostile"}),
    ),
    "external-entity.docx": (lambda: docx_body(docx_text("&i;"), EXTERNAL_ENTITY), frozenset({"hostile"})),
    "external-entity.xlsx": (
        lambda: with_parts(
            good()["xlsx"],
            {"xl/sharedStrings.xml": lambda d: after_declaration(d, EXTERNAL_ENTITY).replace(b"<t>", b"<t>&i;", 1)},
        ),
        frozenset({"hostile", "damaged"}),
    ),
    "external-entity.ofd": (lambda: ofd_page(lambda d: after_declaration(d, EXTERNAL_ENTITY)), frozenset({"hostile"})),
    "external-entity.html": (
        f'<?xml version="1.0"?>{EXTERNAL_ENTITY}<html><body><p>before &i;</p></body></html>'.encode,
        frozenset({"read", "hostile"}),
    ),
    "deep.docx": (lambda: stored(docx_nested_tables()), frozenset({"hostile"})),
    "deep-packed.docx": (docx_nested_tables, frozenset({"hostile"})),
    "deep-div.html": (lambda: html_deep("div"), frozenset({"read", "hostile"})),
    "deep-span.html": (lambda: html_deep("span"), frozenset({"read", "hostile"})),
    "deep-tables.html": (html_deep_tables, frozenset({"read", "hostile"})),
    "deep.ofd": (ofd_deep, frozenset({"hostile"})),
    "span.html": (html_span, frozenset({"read", "hostile"})),
    "many-spans.html": (html_many_spans, frozenset({"read", "hostile"})),
    "span.docx": (docx_span, frozenset({"read", "hostile"})),
    "grid-before.docx": (docx_grid_before, frozenset({"read", "hostile"})),
    "sparse.xlsx": (xlsx_sparse, frozenset({"read", "hostile"})),
    "merged.xlsx": (xlsx_merged_all, frozenset({"read", "hostile"})),
    "gigapixel.png": (lambda: png(40_000, 40_000), frozenset({"unsupported", "hostile"})),
    "gigapixel.pdf": (pdf_image, frozenset({"hostile", "needs_ocr", "no_text"})),
    "page.pdf": (lambda: pdf_page(400_000), frozenset({"hostile", "read"})),
    "page-loop.pdf": (pdf_page_loop, frozenset({"damaged", "no_text", "hostile", "oversized"})),
    # PDFium follows the loop by itself: the worker's memory limit is what ends it.
    "form-loop.pdf": (pdf_form_loop, frozenset({"memory", "timeout", "no_text", "needs_ocr"})),
    "rules.pdf": (pdf_rules, frozenset({"no_text", "hostile", "needs_ocr", "read"})),
    "encrypted.docx": (lambda: ole("EncryptedPackage"), frozenset({"encrypted"})),
    "encrypted.xlsx": (lambda: ole("EncryptedPackage"), frozenset({"encrypted"})),
    "encrypted-entries.docx": (lambda: zip_encrypted(good()["docx"]), frozenset({"encrypted"})),
    "encrypted.xls": (xls_encrypted, frozenset({"encrypted"})),
    "encrypted.pdf": (pdf_encrypted, frozenset({"encrypted"})),
    "picture.docx": (lambda: png(10, 10), frozenset({"unsupported"})),
    "slides.doc": (lambda: ole("PowerPoint Document"), frozenset({"unsupported"})),
    "program.pdf": (lambda: b"\x7fELF" + bytes(range(256)) * 40, frozenset({"unsupported"})),
    "noise.pdf": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, frozenset({"damaged"})),
    "noise.xls": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 400,
        frozenset({"damaged", "unsupported"}),
    ),
    "nothing.txt": (lambda: b"", frozenset({"empty"})),
    "blanks.txt": (lambda: b" \n" * 500, frozenset({"empty"})),
}
