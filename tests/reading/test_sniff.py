"""What a file is, told by its bytes; the extension only ever gives a warning."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import openpyxl
import pytest
import xlwt

from dagster_project.reading import ole, read
from dagster_project.reading.model import ReadError
from dagster_project.reading.sniff import EXTENSIONS, extension_warning, sniff
from tests.reading.docx_parts import docx, p


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def types(main: str) -> str:
    return f'<Types><Override PartName="/x" ContentType="application/vnd.{main}"/></Types>'


def xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def xls() -> bytes:
    out = io.BytesIO()
    made = xlwt.Workbook()
    made.add_sheet("x").write(0, 0, "甲")
    made.save(out)
    return out.getvalue()


def compound(*names: str, nested: str | None = None) -> bytes:
    """A compound file of empty streams: header, one FAT sector, the directory. `nested` stands in a storage under the root."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    listed = [*names, *(["Storage", nested] if nested else [])]
    sectors = (len(listed) + 1 + 3) // 4
    header = bytearray(512)
    header[:8] = ole.MAGIC
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 40, 0, 1, 1, 0, 4096, end, 0, end, 0)
    struct.pack_into("<109I", header, 76, 0, *[free] * 108)
    chain = [fat, *range(2, sectors + 1), end]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(name: str, kind: int, right: int, child: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, free, right, child).ljust(64, b"\0")

    directory = entry("Root Entry", 5, free, 1 if listed else free)
    top = len(listed) - (1 if nested else 0)
    for i in range(1, top + 1):
        inside = nested is not None and i == top
        directory += entry(listed[i - 1], 1 if inside else 2, i + 1 if i < top else free, top + 1 if inside else free)
    if nested:
        directory += entry(nested, 2, free, free)
    return bytes(header) + table + directory.ljust(sectors * 512, b"\0")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (docx(p("文")), "docx"),
        (xlsx(), "xlsx"),
        (xls(), "xls"),
        (b"%PDF-1.7\n", "pdf"),
        (b"junk\r\n%PDF-1.4\n", "pdf"),
        (zipped(**{"OFD.xml": "<x/>"}), "ofd"),
        (
            zipped(
                **{"[Content_Types].xml": types("openxmlformats-officedocument.wordprocessingml.template.main+xml")}
            ),
            "docx",
        ),
        (
            zipped(
                **{"[Content_Types].xml": types("ms-word.document.macroEnabled.main+xml"), "word__document.xml": "<x/>"}
            ),
            "docx",
        ),
        (zipped(**{"word__document.xml": "<x/>"}), "docx"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (b"{\\rtf1\\ansi", "rtf"),
        (compound("WordDocument", "1Table"), "doc"),
        (compound("Workbook"), "xls"),
        (compound("Book"), "xls"),
        (compound("WordDocument", nested="Workbook"), "doc"),
        (compound("Workbook", nested="WordDocument"), "xls"),
        (b"<!DOCTYPE html><p>x", "html"),
        (b"\xef\xbb\xbf\n<HTML><body>x", "html"),
        ("<table><tr><td>甲</td></tr></table>".encode("gb18030"), "html"),
        ("﻿<html>文</html>".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>x</html>", "html"),
        (b"<!-- saved -->\n<html>x</html>", "html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "mhtml"),
        (
            b"<?xml version='1.0'?><w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'>",
            "word-xml",
        ),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "excel-xml"),
        ("支出<3%，甲<br>乙".encode(), "txt"),
        ("部门\t12".encode("gb18030"), "txt"),
        (b"a < b > c </b", "txt"),
        (b"plain", "txt"),
    ],
)
def test_content_decides(data: bytes, kind: str) -> None:
    assert sniff(data, "name.zzz") == kind
    assert sniff(data, "name.pdf") == kind


def test_names_tell_apart_what_bytes_cannot() -> None:
    assert sniff(compound("Workbook"), "表.ET") == "et"
    assert sniff(compound("WordDocument"), "文.wps") == "wps"


@pytest.mark.parametrize(
    ("data", "reason", "word"),
    [
        (b"", "empty", "nothing"),
        (b"\0" * 9000, "empty", "nothing"),
        (b" \n\t", "empty", "nothing"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 3, 3), "unsupported", "ocr"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "unsupported", "ocr"),
        (b"GIF89a\x01\0\x01\0", "unsupported", "picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "unsupported", "picture"),
        (b"Rar!\x1a\x07\x00x", "unsupported", ".rar"),
        (b"7z\xbc\xaf\x27\x1cxx", "unsupported", ".7z"),
        (b"MZ\x90\0", "unsupported", "program"),
        (compound("EncryptedPackage", "EncryptionInfo"), "encrypted", "password"),
        (compound("PowerPoint Document"), "unsupported", "slides"),
        (compound("Contents"), "unsupported", "container"),
        (compound("WordDocument")[:600], "damaged", "directory"),
        (ole.MAGIC, "damaged", "directory"),
        (zipped(**{"a.txt": "x"}), "unsupported", ".zip"),
        (
            zipped(
                **{"[Content_Types].xml": types("openxmlformats-officedocument.presentationml.presentation.main+xml")}
            ),
            "unsupported",
            "slides",
        ),
        (docx(p("文"))[:-30], "damaged", "zip"),
    ],
)
def test_what_is_no_report_is_refused_by_name(data: bytes, reason: str, word: str) -> None:
    with pytest.raises(ReadError) as caught:
        sniff(data, "某文件.docx")
    assert caught.value.reason == reason
    assert caught.value.message.startswith("某文件.docx")
    assert word in caught.value.message


def test_a_wrong_extension_is_a_warning_only() -> None:
    document = read(docx(p("文")), "folder/报告.pdf")
    assert document.format == "docx"
    assert [(w.code, ".pdf" in w.message) for w in document.warnings] == [("extension", True)]
    for name in ("报告.docx", "报告.DOCX", "报告", "报告.v2", "2023.1"):
        assert read(docx(p("文")), name).warnings == ()


def test_each_format_knows_its_own_extensions() -> None:
    for kind, suffixes in EXTENSIONS.items():
        for suffix in suffixes:
            assert extension_warning(kind, f"a{suffix}") is None
    assert extension_warning("html", "a.xls") is not None


def test_office_files_go_to_the_office_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project.reading import office

    seen: list[str] = []

    def fake(data: bytes, name: str) -> Any:
        seen.append(name)
        return read(docx(p("文")), "x.docx")

    monkeypatch.setattr(office, "read_office", fake)
    for data, name in ((compound("WordDocument"), "a.doc"), (b"{\\rtf1 x}", "b.rtf")):
        assert read(data, name).blocks
    assert seen == ["a.doc", "b.rtf"]


def test_a_directory_that_runs_in_a_circle_ends() -> None:
    data = bytearray(compound("WordDocument", "1Table", "Data", "ObjectPool", "CompObj"))
    struct.pack_into("<I", data, 512 + 4 * 2, 1)  # the second directory sector names the first as its next
    assert sniff(bytes(data), "a.doc") == "doc"
