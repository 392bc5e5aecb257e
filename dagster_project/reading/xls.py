"""Reader of .xls and .et (BIFF in a compound file) on xlrd: cells as displayed, cached values of formulas."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import xlrd
from xlrd.compdoc import CompDoc

from dagster_project.reading.model import Document, DocumentBuilder, ReadError, Warning_
from dagster_project.reading.number_formats import BUILTIN, plain, plus, show, show_text
from dagster_project.reading.sheets import Sheet, Shown, add_sheet


def read_xls(data: bytes, name: str, format: str = "xls") -> Document:
    """Read a workbook of Excel 5 to 2003 or WPS (`format` "et"). Hidden sheets, rows and columns are left out and
    named in warnings.

    Raises `ReadError`: "encrypted", "damaged", "hostile", "no_text".
    """
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise ReadError(
                "encrypted", f"{name}: the workbook has a password; ask the publisher for a copy without one"
            ) from error
        raise ReadError(
            "damaged", f"{name}: the workbook cannot be opened ({error}); open it in Excel or WPS and save it again"
        ) from error
    except Exception as error:  # xlrd meets broken records with any kind of exception
        raise ReadError(
            "damaged",
            f"{name}: a record of the workbook is broken ({type(error).__name__}: {error}); download it again",
        ) from error
    builder = DocumentBuilder(name, format)
    if book.user_name:
        builder.properties["creator"] = str(book.user_name).strip()
    if _has_gap(data):
        builder.warn("damaged", "a part of the workbook was never written: cells may be missing; download it again")
    for source in book.sheets():
        if source.visibility:
            builder.warn("hidden", f"the hidden sheet {source.name} is left out", f"sheet {source.name}")
        else:
            add_sheet(builder, _sheet(book, source))
    document = builder.build()
    if "\x00" in document.text:
        note = Warning_("damaged", "a text of the workbook was never written: cells may be wrong; download it again")
        document = replace(document, warnings=(*document.warnings, note))
    return document


# BIFF8 records: the list of all texts and what continues it, several numbers or blanks side by side in a row
_TEXTS, _CONTINUED, _NUMBERS, _BLANKS = 0x00FC, 0x003C, 0x00BD, 0x00BE
_EMPTY_TEXTS = bytes(15)  # five texts without a character, one behind the other: the list holds each text once


def _has_gap(data: bytes) -> bool:
    """Does the workbook's stream hold zero bytes between two records, in its list of texts, or in a row of numbers? xlrd
    passes over them."""
    try:
        container = CompDoc(data, logfile=io.StringIO())
        memory, start, size = container.locate_named_stream("Workbook")
        if memory is None:
            memory, start, size = container.locate_named_stream("Book")
    except Exception:  # a broken directory: xlrd has its own way, and has opened the file
        return True
    if memory is None:
        return False  # a bare stream without a container
    at, end = start, start + size
    while at + 4 <= end:
        kind, length = memory[at] | memory[at + 1] << 8, memory[at + 2] | memory[at + 3] << 8
        if kind == 0:
            return any(memory[at:end])  # behind the last record only padding
        body = bytes(memory[at + 4 : at + 4 + length])
        if kind in (_TEXTS, _CONTINUED) and _EMPTY_TEXTS in body:
            return True
        if kind in (_NUMBERS, _BLANKS) and length >= 6:
            first, last = int.from_bytes(body[2:4], "little"), int.from_bytes(body[-2:], "little")
            if last - first + 1 != (length - 6) // (6 if kind == _NUMBERS else 2):
                return True
        at += 4 + length
    return at > end


def _sheet(book: Any, source: Any) -> Sheet:
    sheet = Sheet(source.name)
    sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0}
    for col, info in source.colinfo_map.items():
        if info.hidden or info.width == 0:
            sheet.hidden_columns.add(col)
    sheet.merges = [(top, bottom - 1, left, right - 1) for top, bottom, left, right in source.merged_cells]
    show_zeros = bool(getattr(source, "show_zero_values", 1))
    styles: dict[int, tuple[str, bool]] = {}
    for row in range(source.nrows):
        values, types = source.row_values(row), source.row_types(row)
        for col, kind in enumerate(types):
            if kind == xlrd.XL_CELL_EMPTY:
                continue
            number = source.cell_xf_index(row, col)
            if number not in styles:
                styles[number] = _style(book, number)
            code, bordered = styles[number]
            shown = _shown(kind, values[col], code, book.datemode == 1)
            if shown is not None and not show_zeros and shown.raw == "0":
                shown = None
            sheet.put(row, col, shown, bordered)
    return sheet


def _style(book: Any, number: int) -> tuple[str, bool]:
    """Format code and whether there is any border."""
    if number >= len(book.xf_list):  # damaged files point past the end of the list
        return "General", False
    style = book.xf_list[number]
    found = book.format_map.get(style.format_key)
    written = found.format_str if found is not None else "General"
    # Files name built-in formats by number; what xlrd puts in for them is the American form.
    code = BUILTIN.get(style.format_key, written) if style.format_key < 164 else written
    line = style.border
    return code, bool(line.left_line_style or line.right_line_style or line.top_line_style or line.bottom_line_style)


def _shown(kind: int, value: Any, code: str, date1904: bool) -> Shown | None:
    if kind == xlrd.XL_CELL_TEXT:
        text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
        return Shown(show_text(text, code))
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        # The format stores binary doubles; 15 digits are what the spreadsheet itself vouches for.
        number = plus(Decimal(repr(float(value))))
        return Shown(show(number, code, date1904=date1904), plain(number), code)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Shown("TRUE" if value else "FALSE", str(int(value)))
    if kind == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(value, "#N/A")
        return Shown(text, text)
    return None
