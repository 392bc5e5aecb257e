"""What a file is, from its bytes: magic numbers, zip members, compound-file streams, tags. The extension never
decides."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from dagster_project.reading import ole
from dagster_project.reading.guards import image_size, is_zip, open_zip, read_entry
from dagster_project.reading.model import ReadError

# Extensions under which a format is ordinarily found; another one gives a warning.
EXTENSIONS = {
    "docx": {".docx", ".docm", ".dotx"},
    "xlsx": {".xlsx", ".xlsm", ".xltx"},
    "xls": {".xls", ".xlt"},
    "et": {".et", ".ett"},
    "doc": {".doc", ".dot"},
    "wps": {".wps", ".wpt"},
    "rtf": {".rtf", ".doc"},
    "odt": {".odt"},
    "ods": {".ods"},
    "word-xml": {".xml", ".doc"},
    "excel-xml": {".xml", ".xls"},
    "pdf": {".pdf"},
    "ofd": {".ofd"},
    "html": {".html", ".htm", ".shtml", ".xhtml", ".jhtml", ".jsp", ".aspx", ".php"},
    "mhtml": {".mht", ".mhtml"},
    "txt": {".txt", ".text", ".md", ".csv", ".tsv", ".log"},
}
_TAG = re.compile(
    rb"<(/?)(?:html|head|body|table|tbody|tr|td|th|div|p|span|br|h[1-6]|meta|ul|li|font|center)(?=[\s/>])[^<>]{0,400}>",
    re.I,
)
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
_HEAD_BYTES = 65536


def sniff(data: bytes, name: str) -> str:
    """The format code of `data` (a key of `EXTENSIONS`). `name` is for messages, and tells .et from .xls and .wps
    from .doc.

    Raises `ReadError`: "empty", "encrypted" (office file with a password), "unsupported" (pictures, slides, archives,
    programs), "damaged" (a container that cannot be opened).
    """
    head = data[:16]
    if not data.strip(b"\x00 \t\r\n"):
        raise ReadError("empty", f"{name}: the file holds nothing; download it again from its publisher")
    if is_zip(data):
        return _sniff_zip(data, name)
    if head.startswith(ole.MAGIC):
        return _sniff_ole(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    _refuse(data, name)
    return _sniff_markup(data)


def extension_warning(kind: str, name: str) -> str | None:
    """A sentence when the name's extension is not one of the format's; None otherwise, and for a name without
    extension."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    known = {s for group in EXTENSIONS.values() for s in group} | {".png", ".jpg", ".jpeg", ".zip"}
    if suffix not in known or suffix in EXTENSIONS.get(kind, set()):
        return None
    return f"the name ends in {suffix}, but the content is {kind}; read as {kind}"


def _sniff_zip(data: bytes, name: str) -> str:
    with open_zip(data, name) as archive:
        members = set(archive.namelist())
        if "OFD.xml" in members:
            return "ofd"
        if "mimetype" in members:
            mimetype = read_entry(archive, "mimetype", name)[:100]
            if b"opendocument.text" in mimetype:
                return "odt"
            if b"opendocument.spreadsheet" in mimetype:
                return "ods"
        if "[Content_Types].xml" in members:
            types = read_entry(archive, "[Content_Types].xml", name)
            for mark, kind in (
                (b"wordprocessingml", "docx"),
                (b"spreadsheetml", "xlsx"),
                (b"ms-excel.sheet.binary", "xlsb"),
                (b"presentationml", "slides"),
            ):
                # An embedded workbook has a content type of its own: only main parts count.
                if re.search(rb"(?:" + mark + rb"|vnd\." + mark + rb")[^\"']*\.main\+xml", types) or (
                    kind == "xlsb" and mark in types
                ):
                    return _known_package(kind, name)
        for path, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx")):
            if path in members:
                return kind
    raise ReadError(
        "unsupported",
        f"{name}: a zip archive, not a document; pass it as a .zip so that its members are read one by one",
    )


def _known_package(kind: str, name: str) -> str:
    if kind == "xlsb":
        raise ReadError("unsupported", f"{name}: a binary workbook (.xlsb); open it and save it as .xlsx")
    if kind == "slides":
        raise ReadError("unsupported", f"{name}: slides, not a report; save the report as .docx or .pdf")
    return kind


def _sniff_ole(data: bytes, name: str) -> str:
    names = ole.root_names(data, name)
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise ReadError(
            "encrypted", f"{name}: the office file has a password; ask the publisher for a copy without one"
        )
    if "Workbook" in names or "Book" in names:
        return "et" if suffix in EXTENSIONS["et"] else "xls"
    if "WordDocument" in names:
        return "wps" if suffix in EXTENSIONS["wps"] else "doc"
    if "PowerPoint Document" in names:
        raise ReadError("unsupported", f"{name}: slides, not a report; save the report as .docx or .pdf")
    raise ReadError(
        "unsupported", f"{name}: an office container without a text or a sheet; save the report as .docx or .xlsx"
    )


def _refuse(data: bytes, name: str) -> None:
    """Raise for what is surely no document."""
    head = data[:16]
    webp_or_heic = (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] in (b"ftypheic", b"ftypmif1")
    if (
        image_size(data) is not None
        or webp_or_heic
        or head[:4] in (b"II*\x00", b"MM\x00*")
        or head[:3] == b"\xff\xd8\xff"
    ):
        raise ReadError(
            "unsupported",
            f"{name}: a picture, not a document; put the scanned pages into one PDF (read with the extra 'ocr')",
        )
    for mark, what in (
        (b"Rar!\x1a\x07", "a .rar archive"),
        (b"7z\xbc\xaf\x27\x1c", "a .7z archive"),
        (b"\x1f\x8b", "a gzip file"),
    ):
        if head.startswith(mark):
            raise ReadError("unsupported", f"{name}: {what}; unpack it and pass the files or a .zip")
    if head.startswith((b"MZ\x90", b"\x7fELF")):
        raise ReadError("unsupported", f"{name}: a program, not a document")


def _sniff_markup(data: bytes) -> str:
    head = data[:_HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode("utf-8", "replace")
    elif b"<\x00" in head[:200] and head[1:2] == b"\x00":
        head = head.replace(b"\x00", b"")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    if start[:5].lower() == b"<?xml" or start.startswith(b"<w:"):
        if (
            b"schemas.microsoft.com/office/word/2003/wordml" in start
            or b"schemas.microsoft.com/office/2006/xmlPackage" in start
        ):
            return "word-xml"
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start.lower():
            return "excel-xml"
    if (
        re.match(rb"(?:[A-Za-z-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)*?MIME-Version:", start, re.I)
        and b"multipart/related" in start.lower()
    ):
        return "mhtml"
    if _HTML_START.match(start):
        return "html"
    opening = closing = 0
    for tag in _TAG.finditer(head):
        if tag[1]:
            closing += 1
        else:
            opening += 1
        if opening >= 2 and closing >= 1:
            return "html"
    return "txt"
