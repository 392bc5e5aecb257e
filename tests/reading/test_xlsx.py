"""The .xlsx reader: cells as displayed, merges, what is hidden, where tables and text part, hostile claims."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Side

from dagster_project.reading import read
from dagster_project.reading.model import Document, Heading, Paragraph, ReadError, Table
from dagster_project.reading.number_formats import general, show, stored_number
from dagster_project.reading.xlsx import read_xlsx
from tests.reading.grids import Tile, merged_grids, tables_of, tiles_of
from tests.support.blocks import Para, grid
from tests.support.sheet_writer import write_xlsx

_LINE = Side(style="thin")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def book(fill: Callable[[Any], None]) -> bytes:
    made = openpyxl.Workbook()
    fill(made.active)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows(*values: list[Any], box: bool = True) -> Callable[[Any], None]:
    def fill(sheet: Any) -> None:
        for row in values:
            sheet.append(row)
        if box:
            for line in sheet.iter_rows():
                for cell in line:
                    cell.border = BOX

    return fill


def rewritten(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content.decode()) if name == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def lines(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph | Heading)]


# --- numbers as displayed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("0.9786", "0.00%", "97.86%"),
        ("2497.9499999999998", "#,##0.00", "2,497.95"),
        ("-1234.5", "#,##0.00;(#,##0.00)", "(1,234.50)"),
        ("1234567", "#,##0", "1,234,567"),
        ("0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        ("-12.345", "0.0", "-12.3"),
        ("44927", 'yyyy"年"m"月"d"日"', "2023年1月1日"),
        ("44927.5", "yyyy-mm-dd hh:mm", "2023-01-01 12:00"),
        ("0.5", "h:mm AM/PM", "12:00 PM"),
        ("1.5", "[h]:mm", "36:00"),
        ("12345678", "0.00,,", "12.35"),
        ("5", "000", "005"),
        ("3.5", "0.##", "3.5"),
        ("3", "0.##", "3."),
        (".5", "#.00", ".50"),
        ("12.5", '0.0"万元"', "12.5万元"),
        ("1234.5", "[>=1000]#,##0.0;0.00", "1,234.5"),
        ("12", "[DBNum1]General", "十二"),
        ("12", "[DBNum2]0", "壹拾贰"),
        ("44927", '[DBNum1]yyyy"年"m"月"', "二〇二三年一月"),
        ("12345.678", "0.00E+00", "1.23E+04"),
        ("-5", "0;;", ""),
        ("1.005", "0.00", "1.01"),
        ("2.675", "0.00", "2.68"),
        ("1234567.891", "#,##0.00_);[Red](#,##0.00)", "1,234,567.89"),
        ("0", "#", ""),
        ("44927", "yyyy/m/d;@", "2023/1/1"),
        ("60", "yyyy-mm-dd", "1900-01-00"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("7", "[$¥-804]#,##0.00", "¥7.00"),
        ("0.30000000000000004", "General", "0.3"),
        ("12", "G/通用格式", "12"),
        ("1234", '0"-"000', "1-234"),
        ("100", "@", "100"),
        ("44927", "aaaa", "星期日"),
        ("0.0625", "h:mm:ss", "1:30:00"),
        ("0.5", "mm:ss.0", "00:00.0"),
        ("98.5", "0.00\\%", "98.50%"),
        ("1e3", "0", "1000"),
    ],
)
def test_number_formats(stored: str, code: str, shown: str) -> None:
    number = stored_number(stored)
    assert number is not None
    assert show(number, code) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("2951.09", "2951.09"),
        ("12345678901", "12345678901"),
        ("123456789012", "1.23457E+11"),
        ("0.333333333333333", "0.333333333"),
        ("1234567.12345678", "1234567.123"),
        ("100", "100"),
        ("1E-10", "1E-10"),
    ],
)
def test_general(stored: str, shown: str) -> None:
    assert general(Decimal(stored)) == shown


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_amount_shows_as_written(amount: Decimal) -> None:
    assert show(amount, "#,##0.00") == f"{amount:,.2f}"
    assert show(amount, "0.00") == f"{amount:.2f}"


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_any_date_shows_as_written(day: date) -> None:
    assert show(Decimal((day - date(1899, 12, 30)).days), "yyyy-mm-dd") == day.isoformat()


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet='0#?.,%;"[]\\_*E+-ymdhsaAPM/@G>=<1红$¥Bu NDm', max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
)
def test_no_format_code_breaks_the_reader(code: str, value: Decimal) -> None:
    assert isinstance(show(value, code), str)


# --- cells ---------------------------------------------------------------------------------------------------------------


def test_displayed_text_raw_value_and_format_stand_side_by_side() -> None:
    def fill(sheet: Any) -> None:
        rows(["项目", "执行率", "预算", "日期", "有"], ["甲", 0.9786, 2497.95, date(2023, 1, 31), True])(sheet)
        sheet["B2"].number_format, sheet["C2"].number_format, sheet["D2"].number_format = (
            "0.00%",
            "#,##0.00",
            "yyyy-mm-dd",
        )

    cells = tables_of(read_xlsx(book(fill), "t.xlsx"))[0].cells[5:]
    assert [(c.text, c.raw, c.number_format) for c in cells] == [
        ("甲", None, None),
        ("97.86%", "0.9786", "0.00%"),
        ("2,497.95", "2497.95", "#,##0.00"),
        ("2023-01-31", "44957", "yyyy-mm-dd"),
        ("TRUE", "1", None),
    ]


def test_formulas_show_their_stored_result_or_a_warning() -> None:
    data = book(rows(["甲", "乙", "丙"], ["=1+1", "=B1", "=1/0"]))

    def change(xml: str) -> str:
        xml = re.sub(r"<f>1\+1</f><v\s*/?>(</v>)?", "<f>1+1</f><v>2</v>", xml)
        return re.sub(
            r'<c r="C2" s="1"><f>1/0</f><v\s*/?>(</v>)?', '<c r="C2" s="1" t="e"><f>1/0</f><v>#DIV/0!</v>', xml
        )

    document = read_xlsx(rewritten(data, SHEET, change), "t.xlsx")
    assert [c.text for c in tables_of(document)[0].cells] == ["甲", "乙", "丙", "2", "", "#DIV/0!"]
    assert [w.code for w in document.warnings] == ["formula"]


def test_rich_text_inline_text_phonetics_and_escapes() -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet, box = made.add_worksheet("表"), made.add_format({"border": 1})
    for r, row in enumerate((["一", "二", "三"], ["x", "y", "z"])):
        sheet.write_row(r, 0, row, box)
    made.close()
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>支</t></r><r><rPr/><t>出</t></r><rPh sb="0" eb="1"><t>zhi</t></rPh></si>'
        "<si><t>二</t></si><si><t>三</t></si><si><t>x</t></si><si><t>y</t></si><si><t>a_x000D_\nb</t></si></sst>"
    )
    data = rewritten(out.getvalue(), "xl/sharedStrings.xml", lambda _: strings)

    def inline(xml: str) -> str:
        at = xml.index('<c r="B2"')
        return (
            xml[:at]
            + '<c r="B2" s="1" t="inlineStr"><is><r><t>行</t></r><r><t>内</t></r></is></c>'
            + xml[xml.index("</c>", at) + 4 :]
        )

    assert [c.text for c in tables_of(read_xlsx(rewritten(data, SHEET, inline), "t.xlsx"))[0].cells] == [
        "支出",
        "二",
        "三",
        "x",
        "行内",
        "a\nb",
    ]


def test_zeros_that_the_sheet_hides() -> None:
    def fill(sheet: Any) -> None:
        rows(["甲", "乙"], [0, 5])(sheet)
        sheet.sheet_view.showZeros = False

    assert [c.text for c in tables_of(read_xlsx(book(fill), "t.xlsx"))[0].cells] == ["甲", "乙", "", "5"]


# --- hidden ---------------------------------------------------------------------------------------------------------------


def test_hidden_sheets_rows_and_columns_are_left_out_with_a_warning() -> None:
    def fill(sheet: Any) -> None:
        rows(["题", None, None, None], ["甲", "旧", "1", "2"], ["藏", "旧", "8", "9"], ["乙", "旧", "3", "4"])(sheet)
        sheet.merge_cells("A1:D1")
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True
        other = sheet.parent.create_sheet("旧数")
        other.append(["旧", "数"])
        other.sheet_state = "veryHidden"

    document = read_xlsx(book(fill), "t.xlsx")
    assert tiles_of(tables_of(document)[0]) == [
        (0, 0, 1, 3, "题"),
        (1, 0, 1, 1, "甲"),
        (1, 1, 1, 1, "1"),
        (1, 2, 1, 1, "2"),
        (2, 0, 1, 1, "乙"),
        (2, 1, 1, 1, "3"),
        (2, 2, 1, 1, "4"),
    ]
    assert [w.code for w in document.warnings] == ["hidden", "hidden"]
    assert "旧" not in document.text


def test_a_merge_that_begins_in_a_hidden_row_shows_in_the_next() -> None:
    def fill(sheet: Any) -> None:
        rows(["甲", "1"], [None, "2"], ["乙", "3"])(sheet)
        sheet.merge_cells("A1:A2")
        sheet.row_dimensions[1].hidden = True

    assert tiles_of(tables_of(read_xlsx(book(fill), "t.xlsx"))[0]) == [
        (0, 0, 1, 1, "甲"),
        (0, 1, 1, 1, "2"),
        (1, 0, 1, 1, "乙"),
        (1, 1, 1, 1, "3"),
    ]


# --- tables and text --------------------------------------------------------------------------------------------------------


def test_text_around_a_drawn_table() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "部门整体支出绩效自评表"
        sheet.merge_cells("A1:C1")
        sheet["A2"], sheet["C2"] = "填报单位：财政局", "单位：万元"
        for r, row in enumerate([["指标", "分值", "得分"], ["数量", 10, None], ["质量", None, None]], 3):
            for c, value in enumerate(row, 1):
                sheet.cell(r, c, value).border = BOX
        sheet["A6"] = "说明：第一行\n第二行"

    document = read_xlsx(book(fill), "t.xlsx")
    assert lines(document) == ["部门整体支出绩效自评表", "填报单位：财政局\t单位：万元", "说明：第一行", "第二行"]
    (table,) = tables_of(document)
    assert (table.n_rows, table.n_cols, table.sheet) == (3, 3, "Sheet")
    assert tiles_of(table)[-1] == (2, 2, 1, 1, "")


def test_a_sheet_without_borders_is_cut_at_blank_rows() -> None:
    def fill(sheet: Any) -> None:
        for row in (
            ["表1"],
            ["甲", "乙"],
            ["一", 1],
            [],
            ["表2"],
            ["丙", "丁"],
            ["二", 2],
            ["这一行是说明，写得很长。"],
            ["戊", 3],
        ):
            sheet.append(row)

    document = read_xlsx(book(fill), "t.xlsx")
    assert lines(document) == ["表1", "表2", "这一行是说明，写得很长。"]
    assert [[c.text for c in t.cells] for t in tables_of(document)] == [
        ["甲", "乙", "一", "1"],
        ["丙", "丁", "二", "2"],
        ["戊", "3"],
    ]


def test_a_report_pasted_into_one_column_is_text() -> None:
    document = read_xlsx(book(rows(["一、概况"], ["第一段。"], [None], ["第二段。\n第三段。"], box=False)), "t.xlsx")
    assert lines(document) == ["一、概况", "第一段。", "第二段。", "第三段。"]
    assert tables_of(document) == []


def test_words_in_drawn_boxes_are_read() -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet("表")
    sheet.write("A1", "甲")
    sheet.insert_textbox("D5", "单位：万元")
    made.close()
    assert lines(read_xlsx(out.getvalue(), "t.xlsx")) == ["甲", "单位：万元"]


@settings(max_examples=40, deadline=None)
@given(merged_grids(), st.integers(1, 5), st.integers(1, 5))
def test_any_merged_grid_reads_back(grid: tuple[list[Tile], int, int], top: int, left: int) -> None:
    tiles, n_rows, n_cols = grid

    def fill(sheet: Any) -> None:
        for r in range(n_rows):
            for c in range(n_cols):
                sheet.cell(top + r, left + c).border = BOX
        for r, c, height, width, text in tiles:
            cell = sheet.cell(top + r, left + c)
            cell.value, cell.data_type = text, "s"
            if height * width > 1:
                sheet.merge_cells(
                    start_row=top + r,
                    start_column=left + c,
                    end_row=top + r + height - 1,
                    end_column=left + c + width - 1,
                )

    document = read_xlsx(book(fill), "t.xlsx")
    (table,) = tables_of(document)
    assert tiles_of(table) == sorted(tiles)
    assert (table.n_rows, table.n_cols, document.warnings) == (n_rows, n_cols, ())


# --- refusals and claims ------------------------------------------------------------------------------------------------------


def test_a_sparse_sheet_to_the_last_cell_is_small() -> None:
    def fill(sheet: Any) -> None:
        rows(["甲", "乙"], ["1", "2"])(sheet)
        sheet.cell(1_048_576, 16_384, "远")

    data = rewritten(
        book(fill),
        SHEET,
        lambda xml: xml.replace(
            "<sheetData>", '<cols><col min="20" max="16384" width="9" style="1"/></cols><sheetData>'
        ),
    )
    document = read_xlsx(data, "t.xlsx")
    assert [(t.n_rows, t.n_cols) for t in tables_of(document)] == [(2, 2)]
    assert lines(document) == ["远"]


def test_merges_over_the_whole_sheet_and_over_each_other() -> None:
    data = book(rows(["甲", "乙"], ["1", "2"]))
    merges = (
        '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:B1"/><mergeCell ref="nonsense"/></mergeCells>'
    )
    document = read_xlsx(
        rewritten(data, SHEET, lambda xml: xml.replace("</sheetData>", "</sheetData>" + merges)), "t.xlsx"
    )
    assert "甲" in document.text
    assert "grid" in [w.code for w in document.warnings]


def reason(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "坏表.xlsx")
    return caught.value.reason


def test_refusals_name_their_reason() -> None:
    whole = book(rows(["甲", "乙"], ["1", "2"]))
    assert reason(book(lambda sheet: None)) == "no_text"
    for cut in (200, len(whole) // 2, len(whole) - 8):
        assert reason(whole[:cut]) == "damaged"
    assert reason(rewritten(whole, SHEET, lambda xml: xml[: len(xml) // 2])) == "damaged"
    assert reason(rewritten(whole, SHEET, lambda xml: '<!DOCTYPE worksheet [<!ENTITY e "x">]>' + xml)) == "hostile"
    assert reason(rewritten(whole, SHEET, lambda xml: xml.replace("<sheetData>", "<a>" * 400 + "<sheetData>"))) in (
        "hostile",
        "damaged",
    )


def test_the_strict_namespaces_read_the_same() -> None:
    plain = book(rows(["甲", "乙"], [1, 0.5]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            target.writestr(
                name,
                content.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )
    assert read(out.getvalue(), "t.xlsx").blocks == read(plain, "t.xlsx").blocks


def test_a_style_that_does_not_exist_is_the_ordinary_one() -> None:
    """A negative number of a style (found by mutation) is none."""
    data = write_xlsx([Para("部门整体支出绩效自评报告"), grid([["项目", "金额"], ["水质监测", "58.00"]])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as changed:
        for name in whole.namelist():
            body = whole.read(name)
            if name.startswith("xl/worksheets/"):
                body = re.sub(rb' s="\d+"', b' s="-2147483648"', body)
                assert b"-2147483648" in body
            changed.writestr(name, body)
    (table,) = [b for b in read(out.getvalue(), "a.xlsx").blocks if isinstance(b, Table)]
    assert {"水质监测", "项目"} <= {c.text for c in table.cells}
