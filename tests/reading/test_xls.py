"""The .xls and .et reader: cells as displayed, merges, what is hidden, refusals."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlwt
from hypothesis import given, settings

from dagster_project.reading import read
from dagster_project.reading.model import Paragraph, ReadError
from dagster_project.reading.xls import read_xls
from tests.reading.grids import Tile, merged_grids, tables_of, tiles_of


def style(code: str = "General", box: bool = True) -> Any:
    made = xlwt.XFStyle()
    made.num_format_str = code
    if box:
        made.borders.left = made.borders.right = made.borders.top = made.borders.bottom = xlwt.Borders.THIN
    return made


def book(fill: Callable[[Any, Any], None]) -> bytes:
    made = xlwt.Workbook(encoding="utf-8")
    fill(made, made.add_sheet("表", cell_overwrite_ok=True))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def simple(made: Any, sheet: Any) -> None:
    for r, row in enumerate((("甲", "乙"), ("一", 1.5))):
        for c, value in enumerate(row):
            sheet.write(r, c, value, style())


def test_displayed_text_raw_value_and_format_stand_side_by_side() -> None:
    def fill(made: Any, sheet: Any) -> None:
        values = [
            ("甲", "General"),
            (0.9786, "0.00%"),
            (2497.95, "#,##0.00"),
            (date(2023, 1, 31), 'yyyy"年"m"月"d"日"'),
            (0.1 + 0.2, "General"),
            (True, "General"),
        ]
        for c, (value, code) in enumerate(values):
            sheet.write(0, c, value, style(code))

    (table,) = tables_of(read_xls(book(fill), "t.xls"))
    assert [(c.text, c.raw) for c in table.cells] == [
        ("甲", None),
        ("97.86%", "0.9786"),
        ("2,497.95", "2497.95"),
        ("2023年1月31日", "44957"),
        ("0.3", "0.3"),
        ("TRUE", "1"),
    ]
    assert table.cells[1].number_format == "0.00%"


def test_hidden_sheets_rows_and_columns_are_left_out_with_a_warning() -> None:
    def fill(made: Any, sheet: Any) -> None:
        for r in range(3):
            for c in range(3):
                sheet.write(r, c, f"{r}{c}", style())
        sheet.row(1).hidden = True
        sheet.col(1).hidden = True
        other = made.add_sheet("旧")
        other.write(0, 0, "旧数")
        other.visibility = 1

    document = read_xls(book(fill), "t.xls")
    assert [c.text for c in tables_of(document)[0].cells] == ["00", "02", "20", "22"]
    assert [w.code for w in document.warnings] == ["hidden", "hidden"]


def test_titles_are_text_and_tables_without_borders_part_at_blank_rows() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_merge(0, 0, 0, 3, "自评报告")
        for r, row in ((1, ("甲", "乙")), (2, ("一", "1")), (4, ("丙", "丁")), (5, ("二", "2"))):
            for c, value in enumerate(row):
                sheet.write(r, c, value)

    document = read_xls(book(fill), "t.xls")
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["自评报告"]
    assert [[c.text for c in t.cells] for t in tables_of(document)] == [
        ["甲", "乙", "一", "1"],
        ["丙", "丁", "二", "2"],
    ]


@settings(max_examples=40, deadline=None)
@given(merged_grids())
def test_any_merged_grid_reads_back(grid: tuple[list[Tile], int, int]) -> None:
    tiles, n_rows, n_cols = grid

    def fill(made: Any, sheet: Any) -> None:
        box = style()
        for r, c, height, width, text in tiles:
            sheet.write_merge(r, r + height - 1, c, c + width - 1, text, box)

    document = read_xls(book(fill), "t.xls")
    (table,) = tables_of(document)
    assert tiles_of(table) == sorted(tiles)
    assert (table.n_rows, table.n_cols, document.warnings) == (n_rows, n_cols, ())


def test_et_is_the_same_container_under_another_name() -> None:
    assert read(book(simple), "表.et").format == "et"
    assert read(book(simple), "表.xls").format == "xls"
    assert [w.code for w in read(book(simple), "表.docx").warnings] == ["extension"]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_truncated_workbook_is_damaged(share: float) -> None:
    def fill(made: Any, sheet: Any) -> None:
        for r in range(200):
            sheet.write(r, 0, f"文字{r}")

    data = book(fill)
    with pytest.raises(ReadError) as caught:
        read(data[: int(len(data) * share)], "坏表.xls")
    assert caught.value.reason == "damaged"
    assert "坏表.xls" in caught.value.message


def test_an_empty_workbook_has_no_text() -> None:
    with pytest.raises(ReadError) as caught:
        read(book(lambda made, sheet: None), "空.xls")
    assert caught.value.reason == "no_text"
