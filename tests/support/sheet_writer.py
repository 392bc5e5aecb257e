"""Blocks -> .xlsx and .xls: prose a row a paragraph over merged columns, tables with merged cells, hidden sheets."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
import xlwt

from tests.support.blocks import Block, Grid, Para, SheetBreak, TableCell, place
from tests.support.zipping import repack

_PROSE_WIDTH = 8
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def _value(cell: TableCell) -> tuple[Decimal | None, str]:
    """The stored number and its format, or None for text. A plain number is stored so that it shows as written."""
    if cell.number is not None:
        return Decimal(cell.number), cell.number_format or "General"
    if _NUMBER.fullmatch(cell.text) and len(cell.text) < 15:
        decimals = len(cell.text.partition(".")[2])
        return Decimal(cell.text), "0." + "0" * decimals if decimals else "0"
    return None, ""


def _sheets(blocks: Iterable[Block], first: str) -> list[tuple[SheetBreak, list[Para | Grid]]]:
    out: list[tuple[SheetBreak, list[Para | Grid]]] = []
    for block in blocks:
        if isinstance(block, SheetBreak):
            out.append((SheetBreak(_FORBIDDEN.sub("-", block.name)[:31], block.hidden), []))
        elif isinstance(block, Para | Grid):
            if not out:
                out.append((SheetBreak(first), []))
            out[-1][1].append(block)
    return [(head, parts) for head, parts in out if parts]


def write_xlsx(blocks: Iterable[Block], title: str = "", *, first_sheet: str = "自评报告", fixed: bool = True) -> bytes:
    """The bytes of an .xlsx. With `fixed` the same blocks give the same bytes on every machine."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "created": datetime(2024, 1, 1, tzinfo=UTC)})
    formats: dict[tuple[str, bool, bool], Any] = {}

    def style(number: str = "", border: bool = False, bold: bool = False) -> Any:
        key = (number, border, bold)
        if key not in formats:
            look: dict[str, Any] = {"text_wrap": True, "valign": "vcenter", "bold": bold, "border": int(border)}
            if number:
                look["num_format"] = number
            formats[key] = book.add_format(look)
        return formats[key]

    for head, parts in _sheets(blocks, first_sheet):
        sheet = book.add_worksheet(head.name)
        if head.hidden:
            sheet.hide()
        row = 0
        for block in parts:
            if isinstance(block, Para):
                sheet.merge_range(row, 0, row, _PROSE_WIDTH - 1, block.text, style(bold=block.level > 0))
                if block.hidden:
                    sheet.set_row(row, None, None, {"hidden": True})
                row += 1
                continue
            placed, n_rows, _ = place(block)
            for r, c, cell in placed:
                number, code = _value(cell)
                look = style(code, border=True)
                last = (row + r + cell.rowspan - 1, c + cell.colspan - 1)
                if last != (row + r, c):
                    sheet.merge_range(row + r, c, *last, "", look)
                if number is not None:
                    sheet.write_number(row + r, c, float(number), look)
                elif cell.text:
                    sheet.write_string(row + r, c, cell.text, look)
                else:
                    sheet.write_blank(row + r, c, None, look)
            if block.hidden:
                for r in range(n_rows):
                    sheet.set_row(row + r, None, None, {"hidden": True})
            row += n_rows + 1
    book.close()
    return repack(out.getvalue()) if fixed else out.getvalue()


def write_xls(blocks: Iterable[Block], *, first_sheet: str = "自评报告") -> bytes:
    """The bytes of an .xls."""
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[str, Any] = {}

    def style(number: str = "") -> Any:
        if number not in styles:
            made = xlwt.XFStyle()
            if number:
                made.num_format_str = number
            styles[number] = made
        return styles[number]

    for head, parts in _sheets(blocks, first_sheet):
        sheet = book.add_sheet(head.name, cell_overwrite_ok=True)
        if head.hidden:
            sheet.visibility = 1
        row = 0
        for block in parts:
            if isinstance(block, Para):
                sheet.write_merge(row, row, 0, _PROSE_WIDTH - 1, block.text, style())
                sheet.row(row).hidden = block.hidden
                row += 1
                continue
            placed, n_rows, _ = place(block)
            for r, c, cell in placed:
                number, code = _value(cell)
                value = float(number) if number is not None else cell.text
                sheet.write_merge(row + r, row + r + cell.rowspan - 1, c, c + cell.colspan - 1, value, style(code))
            for r in range(n_rows if block.hidden else 0):
                sheet.row(row + r).hidden = True
            row += n_rows + 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
