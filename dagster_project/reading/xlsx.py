"""Reader of .xlsx (SpreadsheetML, transitional and strict) on lxml: cells as displayed, cached values of formulas."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import lru_cache
from posixpath import dirname, join, normpath
from zipfile import ZipFile

from lxml import etree

from dagster_project.reading.guards import open_zip, parse_xml, read_entry
from dagster_project.reading.model import Document, DocumentBuilder, ReadError
from dagster_project.reading.number_formats import BUILTIN, plain, show, show_text, stored_number
from dagster_project.reading.sheets import Sheet, Shown, add_sheet

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_S = "{" + _MAIN + "}"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", _MAIN.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _REL.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _A[1:-1].encode()),
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_SIDES = (_S + "left", _S + "right", _S + "top", _S + "bottom")


@dataclass(slots=True)
class _Formats:
    codes: list[str] = field(default_factory=lambda: ["General"])  # by cell style number
    bordered: list[bool] = field(default_factory=lambda: [False])


def read_xlsx(data: bytes, name: str) -> Document:
    """Read a workbook: each visible sheet's tables and lines of text. Hidden sheets, rows and columns are left out
    and named in warnings.

    Raises `ReadError`: "damaged", "encrypted", "hostile" (see `reading.guards`), "no_text".
    """
    with open_zip(data, name) as archive:
        return _Reader(archive, name).read()


class _Reader:
    def __init__(self, archive: ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.members = set(archive.namelist())
        self.builder = DocumentBuilder(name, "xlsx")
        self.date1904 = False
        self.formats = _Formats()
        self.strings: list[str] = []
        self.uncached = 0
        self.shown: dict[tuple[str, int], Shown] = {}  # the same number in the same style shows the same

    def _content(self, part: str) -> bytes:
        content = read_entry(self.archive, part, self.name)
        for strict, transitional in _STRICT:
            if strict in content[:4096]:
                content = content.replace(strict, transitional)
        return content

    def _xml(self, part: str) -> etree._Element:
        return parse_xml(self._content(part), self.name, part)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        path = f"{dirname(part)}/_rels/{part.rpartition('/')[2]}.rels".lstrip("/")
        out: dict[str, tuple[str, str]] = {}
        if path in self.members:
            for node in self._xml(path):
                target = str(node.get("Target", ""))
                full = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
                out[str(node.get("Id"))] = (str(node.get("Type", "")).rpartition("/")[2], full)
        return out

    def read(self) -> Document:
        main = "xl/workbook.xml"
        for kind, part in self._relations("").values():
            if kind == "officeDocument" and part in self.members:
                main = part
        if main not in self.members:
            raise ReadError(
                "damaged",
                f"{self.name}: the main part {main} is missing; open the file in Excel or WPS and save it again",
            )
        book = self._xml(main)
        properties = book.find(_S + "workbookPr")
        self.date1904 = properties is not None and properties.get("date1904") in ("1", "true")
        relations = self._relations(main)
        for kind, part in relations.values():
            if part not in self.members:
                continue
            if kind == "styles":
                self.formats = _read_formats(self._xml(part))
            elif kind == "sharedStrings":
                self.strings = [_string(node) for node in self._xml(part).iterchildren(_S + "si")]
        for node in book.iter(_S + "sheet"):
            title = node.get("name", "")
            kind, part = relations.get(node.get("{" + _REL + "}id", ""), ("", ""))
            if node.get("state", "visible") != "visible":
                self.builder.warn("hidden", f"the hidden sheet {title} is left out", f"sheet {title}")
            elif kind == "worksheet" and part in self.members:
                self._sheet(part, title)
            elif kind == "worksheet":
                self.builder.warn("sheet", f"the sheet {title} is missing from the file", f"sheet {title}")
        self._properties()
        return self.builder.build()

    def _properties(self) -> None:
        if "docProps/core.xml" in self.members:
            for node in self._xml("docProps/core.xml"):
                key = etree.QName(node).localname if isinstance(node.tag, str) else ""
                if key in ("title", "creator", "created", "modified") and (node.text or "").strip():
                    self.builder.properties[key] = (node.text or "").strip()

    def _sheet(self, part: str, title: str) -> None:
        sheet = Sheet(title)
        self.uncached = 0
        show_zeros = True
        content = self._content(part)
        if b"<!DOCTYPE" in content[:4096]:
            raise ReadError("hostile", f"{self.name}, {part}: declares a document type, which office files never do")
        row_number = -1
        try:
            for _, node in etree.iterparse(
                io.BytesIO(content),
                events=("end",),
                tag=[_S + t for t in ("row", "col", "mergeCell", "sheetView")],
                no_network=True,
                load_dtd=False,
                resolve_entities=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            ):
                tag = node.tag
                if tag == _S + "row":
                    row_number = _limited(node.get("r"), row_number + 2, _MAX_ROWS) - 1
                    if node.get("hidden") in ("1", "true") or node.get("ht") == "0":
                        sheet.hidden_rows.add(row_number)
                    self._row(sheet, node, row_number, show_zeros)
                    # A sheet may have a million rows: what is read is let go.
                    node.clear()
                    parent = node.getparent()
                    while parent is not None and node.getprevious() is not None:
                        del parent[0]
                elif tag == _S + "col":
                    if node.get("hidden") in ("1", "true") or node.get("width") in ("0", "0.0"):
                        first = _limited(node.get("min"), 1, _MAX_COLUMNS)
                        sheet.hidden_columns.update(range(first - 1, _limited(node.get("max"), first, _MAX_COLUMNS)))
                elif tag == _S + "mergeCell":
                    area = _area(node.get("ref", ""))
                    if area is not None:
                        sheet.merges.append(area)
                elif node.get("showZeros") in ("0", "false"):
                    show_zeros = False
        except etree.XMLSyntaxError as error:
            text = str(error)
            reason = (
                "hostile"
                if any(word in text.lower() for word in ("depth", "entity", "huge", "amplification"))
                else "damaged"
            )
            raise ReadError(
                reason,
                f"{self.name}, sheet {title}: broken XML ({text}); open the file in Excel or WPS and save it again",
            ) from error
        if self.uncached:
            self.builder.warn(
                "formula",
                f"{self.uncached} formulas have no stored result; open the file in Excel or WPS, save it, and read it again",
                f"sheet {title}",
            )
        add_sheet(self.builder, sheet)
        self._text_boxes(part, title)

    def _row(self, sheet: Sheet, row: etree._Element, number: int, show_zeros: bool) -> None:
        column = -1
        bordered = self.formats.bordered
        for cell in row:
            if cell.tag != _S + "c":
                continue
            reference = cell.get("r")
            column = _column(reference) if reference else column + 1
            if not 0 <= column < _MAX_COLUMNS:
                continue
            try:
                style = int(cell.get("s") or 0)
            except ValueError:
                style = 0
            shown = self._cell(cell, style) if len(cell) else None
            if shown is not None and not show_zeros and shown.raw == "0":
                shown = None
            sheet.put(number, column, shown, 0 <= style < len(bordered) and bordered[style])

    def _cell(self, cell: etree._Element, style: int) -> Shown | None:
        kind = cell.get("t", "n")
        value = formula = inline = None
        for child in cell:
            tag = child.tag
            if tag == _S + "v":
                value = child.text
            elif tag == _S + "f":
                formula = child
            elif tag == _S + "is":
                inline = child
        code = self.formats.codes[style] if 0 <= style < len(self.formats.codes) else "General"
        if kind == "inlineStr":
            return Shown(show_text(_string(inline), code)) if inline is not None else None
        if value is None:
            # An empty text result is stored as t="str" without a value.
            self.uncached += formula is not None and kind != "str"
            return None
        if kind == "s":
            at = int(value) if value.strip().isascii() and value.strip().isdigit() else -1
            if not 0 <= at < len(self.strings):
                self.builder.warn("cell", f"a cell names text {value}, which the file does not have", cell.get("r", ""))
                return None
            return Shown(show_text(self.strings[at], code))
        if kind == "str":
            return Shown(show_text(_unescape(value), code))
        if kind == "b":
            return Shown("TRUE" if value.strip() in ("1", "true") else "FALSE", value.strip())
        if kind in ("e", "d"):
            return Shown(value, value)
        found = self.shown.get((value, style))
        if found is None:
            number = stored_number(value.strip())
            if number is None:
                found = Shown(value, value)
            else:
                found = Shown(show(number, code, date1904=self.date1904), plain(number), code)
            self.shown[value, style] = found
        return found

    def _text_boxes(self, part: str, title: str) -> None:
        """Words in drawn boxes over the sheet, after its cells."""
        for kind, drawing in self._relations(part).values():
            if kind == "drawing" and drawing in self.members:
                for paragraph in self._xml(drawing).iter(_A + "p"):
                    self.builder.paragraph("".join(t.text or "" for t in paragraph.iter(_A + "t")), sheet=title)


def _read_formats(root: etree._Element) -> _Formats:
    codes = dict(BUILTIN)
    for node in root.iterfind(f"{_S}numFmts/{_S}numFmt"):
        try:
            codes[int(node.get("numFmtId", ""))] = node.get("formatCode", "General")
        except ValueError:
            continue
    lines = [
        any(side.tag in _SIDES and side.get("style", "none") != "none" for side in node)
        for node in root.iterfind(f"{_S}borders/{_S}border")
    ]
    out = _Formats([], [])
    for node in root.iterfind(f"{_S}cellXfs/{_S}xf"):
        code, border = _limited(node.get("numFmtId"), 0, 1 << 20), _limited(node.get("borderId"), 0, 1 << 20)
        out.codes.append(codes.get(code, "General"))
        out.bordered.append(border < len(lines) and lines[border])
    return out


def _string(node: etree._Element | None) -> str:
    """The words of a string item: plain or in runs; phonetic guides are left out."""
    if node is None:
        return ""
    out: list[str] = []
    for child in node:
        if child.tag == _S + "t":
            out.append(child.text or "")
        elif child.tag == _S + "r":
            out.extend(t.text or "" for t in child.iterchildren(_S + "t"))
    return _unescape("".join(out))


def _unescape(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def _limited(text: str | None, default: int, limit: int) -> int:
    """A count attribute as a number up to `limit`; `default` for what is none."""
    return min(int(text[:12]), limit) if text and text.isascii() and text.isdigit() else default


def _column(reference: str) -> int:
    """The column of a cell reference from 0: "AB12" -> 27; -1 for no reference."""
    return _letters(reference.rstrip("0123456789"))


@lru_cache(maxsize=4096)
def _letters(letters: str) -> int:
    number = 0
    for char in letters.upper():
        if not "A" <= char <= "Z":
            return -1
        number = number * 26 + ord(char) - 64
    return number - 1


def _area(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    a, b = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if a is None or b is None:
        return None
    rows = sorted((min(int(a[2]), _MAX_ROWS) - 1, min(int(b[2]), _MAX_ROWS) - 1))
    columns = sorted((min(_letters(a[1]), _MAX_COLUMNS - 1), min(_letters(b[1]), _MAX_COLUMNS - 1)))
    return rows[0], rows[1], columns[0], columns[1]
