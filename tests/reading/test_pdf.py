"""PDF files made on the spot, read back cell by cell."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import reportlab
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dagster_project.reading.lines import glue
from dagster_project.reading.model import ReadError
from dagster_project.reading.pdf import read_pdf
from tests.support.exactness import assert_offsets, paragraphs_of, share_exact, tables_of
from tests.support.forms import PROSE, evaluation_form
from tests.support.pdf_writer import CID_FONT, write_pdf
from tests.support.random_tables import CellTuple, tables


def sheet(draw: Any, size: tuple[float, float] = (595, 842)) -> bytes:
    """A PDF of one page drawn by `draw(canvas)`."""
    write_pdf([("p", "x")])  # registers the CID font
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    canvas.setFont(CID_FONT, 12)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(width: int = 60, height: int = 80) -> ImageReader:
    from PIL import Image

    return ImageReader(Image.new("L", (width, height), 200))


def fails(data: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_pdf(data, "报告.pdf")
    assert "报告.pdf" in caught.value.message
    return caught.value


class TestTables:
    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"rules": "rect"},
            {"rules": "double"},
            {"rules": "dashed"},
            {"landscape": True},
            {"landscape": True, "rotate": 90},
            {"rotate": 90},
            {"baseline_shift": 2.0},
            {"baseline_shift": -2.0, "rules": "rect", "rotate": 90},
            {"overprint": True},
            {"centred": False},
        ],
        ids=lambda o: ",".join(f"{k}={v}" for k, v in o.items()) or "plain",
    )
    def test_the_official_form_is_exact(self, options: dict[str, Any]) -> None:
        cells, n_rows, n_cols = evaluation_form()
        document = read_pdf(write_pdf([("p", PROSE), ("t", cells, n_rows, n_cols), ("p", PROSE)], **options), "a.pdf")
        (table,) = tables_of(document)
        assert (table.n_rows, table.n_cols) == (n_rows, n_cols)
        assert share_exact(cells, table) == 1.0
        assert paragraphs_of(document) == [PROSE, PROSE]
        assert table.seams
        assert document.warnings == ()
        assert_offsets(document)

    def test_a_head_repeated_on_each_page_stands_once(self) -> None:
        cells = [(r, c, 1, 1, f"第{r}行{c}" if r else f"栏{c}") for r in range(80) for c in range(3)]
        (table,) = tables_of(read_pdf(write_pdf([("t", cells, 80, 3)], repeat_head_rows=1), "a.pdf"))
        assert len(table.seams) == 2
        assert share_exact(cells, table) == 1.0 and table.n_rows == 80

    def test_generated_tables_reach_the_stated_exactness(self) -> None:
        """Over all tables at least 0.999 of the cells: a hard break may be lost where its line was full anyway."""
        right: list[tuple[int, float]] = []

        @settings(
            max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(tables(), st.sampled_from(["line", "rect", "double"]), st.booleans(), st.booleans())
        def one(table: tuple[list[CellTuple], int, int], rules: str, landscape: bool, centred: bool) -> None:
            cells, n_rows, n_cols = table
            if not any(c[4] for c in cells):
                return
            document = read_pdf(write_pdf([("t", *table)], rules=rules, landscape=landscape, centred=centred), "a.pdf")
            (read,) = tables_of(document)
            assert (read.n_rows, read.n_cols) == (n_rows, n_cols)
            assert {c[:4] for c in cells} == {(c.row, c.col, c.rowspan, c.colspan) for c in read.cells}
            right.append((len(cells), share_exact(cells, read)))

        one()
        total = sum(n for n, _ in right)
        assert total > 500
        assert sum(n * share for n, share in right) / total >= 0.999

    def test_an_embedded_font(self) -> None:
        path = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
        pdfmetrics.registerFont(TTFont("Vera", str(path)))
        cells = [(0, 0, 1, 2, "Budget 2023"), (1, 0, 1, 1, "2,951.09"), (1, 1, 1, 1, "97.86%")]
        (table,) = tables_of(read_pdf(write_pdf([("t", cells, 2, 2)], font="Vera"), "a.pdf"))
        assert share_exact(cells, table) == 1.0

    def test_a_sideways_table_on_an_upright_page(self) -> None:
        """Drawn with its head to the left, as landscape tables in portrait documents are, without /Rotate."""

        def draw(canvas: Canvas) -> None:
            canvas.translate(595, 0)
            canvas.rotate(90)
            canvas.setFont(CID_FONT, 12)
            for x in (100, 300, 500):
                canvas.line(x, 400, x, 460)
            for y in (400, 430, 460):
                canvas.line(100, y, 500, y)
            for x, y, text in ((110, 440, "项目"), (310, 440, "决算数"), (110, 410, "办公费"), (310, 410, "12.34")):
                canvas.drawString(x, y, text)

        (table,) = tables_of(read_pdf(sheet(draw), "a.pdf"))
        assert [c.text for c in table.cells] == ["项目", "决算数", "办公费", "12.34"]


class TestProse:
    def test_paragraphs_headings_and_page_numbers(self) -> None:
        texts = [PROSE * n for n in (1, 2, 3)] * 6
        blocks: list[Any] = [("h", "一、部门基本情况")] + [("p", text) for text in texts]
        document = read_pdf(write_pdf(blocks, running_head="荷塘区档案馆2023年度绩效自评报告"), "a.pdf")
        assert paragraphs_of(document) == ["一、部门基本情况", *texts]
        assert document.blocks[-1].page == 3

    @given(st.lists(st.text("预算支出绩效自评一二三，。12.5%", min_size=1, max_size=150), min_size=1, max_size=6))
    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    def test_no_character_is_lost_or_doubled(self, texts: list[str]) -> None:
        document = read_pdf(write_pdf([("p", text) for text in texts]), "a.pdf")
        assert "".join(paragraphs_of(document)).replace(" ", "") == "".join(texts)

    def test_what_is_not_shown_is_not_read(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(60, 700, "看得见的文字")
            canvas.drawString(60, 2000, "页外的文字")
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(60, 600, "白色的文字")
            canvas.setFillColorRGB(0, 0, 0)
            hidden = canvas.beginText(60, 500)
            hidden.setTextRenderMode(3)
            hidden.textOut("隐藏的旧数字99.99")
            canvas.drawText(hidden)
            canvas.saveState()
            canvas.translate(200, 300)
            canvas.rotate(45)
            canvas.drawString(0, 0, "水印")
            canvas.restoreState()

        assert paragraphs_of(read_pdf(sheet(draw), "a.pdf")) == ["看得见的文字"]

    def test_white_on_a_dark_field_is_read(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setFillColorRGB(0, 0, 0.5)
            canvas.rect(50, 690, 200, 30, stroke=0, fill=1)
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(60, 700, "反白的表头")

        assert paragraphs_of(read_pdf(sheet(draw), "a.pdf")) == ["反白的表头"]

    def test_properties(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setTitle("绩效自评报告")
            canvas.drawString(60, 700, "正文")

        assert read_pdf(sheet(draw), "a.pdf").properties["title"] == "绩效自评报告"


class TestRefusals:
    def test_encrypted(self) -> None:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, encrypt=StandardEncryption("secret", canPrint=0))
        canvas.drawString(60, 700, "x")
        canvas.save()
        assert fails(buffer.getvalue()).reason == "encrypted"

    def test_locked_against_changes_only_is_read(self) -> None:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, encrypt=StandardEncryption("", ownerPassword="owner", canModify=0))
        canvas.drawString(60, 700, "readable")
        canvas.save()
        assert paragraphs_of(read_pdf(buffer.getvalue(), "a.pdf")) == ["readable"]

    @pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
    def test_cut_off(self, share: float) -> None:
        data = write_pdf([("p", PROSE * 9)])
        assert fails(data[: int(len(data) * share)]).reason == "damaged"

    @pytest.mark.parametrize("data", [b"not a pdf", b"%PDF-1.7\n%%EOF\n", b"%PDF-1.4\n" + bytes(range(256)) * 50])
    def test_damaged(self, data: bytes) -> None:
        assert fails(data).reason == "damaged"

    def test_empty(self) -> None:
        assert fails(b"").reason == "empty"

    def test_no_text(self) -> None:
        assert fails(sheet(lambda canvas: canvas.line(0, 0, 100, 100))).reason == "no_text"

    @pytest.mark.parametrize("size", [(400_000, 400_000), (400_000, 842), (595, 20_000)])
    def test_a_page_of_absurd_size(self, size: tuple[float, float]) -> None:
        assert fails(sheet(lambda canvas: canvas.drawString(60, 700, "x"), size)).reason == "hostile"

    def test_a_picture_of_absurd_size_is_not_decoded(self) -> None:
        data = sheet(lambda canvas: canvas.drawImage(picture(60, 80), 0, 0, 595, 842))
        huge = data.replace(b"/Width 60", b"/Width 40000").replace(b"/Height 80", b"/Height 40000")
        assert huge != data
        assert fails(huge).reason == "hostile"

    def test_forms_within_forms_do_not_run_away(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.beginForm("f0")
            canvas.setFont(CID_FONT, 12)
            canvas.drawString(60, 700, "深处的文字")
            canvas.endForm()
            for depth in range(1, 40):
                canvas.beginForm(f"f{depth}")
                canvas.doForm(f"f{depth - 1}")
                canvas.endForm()
            canvas.setFont(CID_FONT, 12)
            canvas.drawString(60, 600, "正文")
            canvas.doForm("f39")

        assert paragraphs_of(read_pdf(sheet(draw), "a.pdf"))[-1] == "正文"


@pytest.mark.parametrize(
    ("before", "after", "prose", "between"),
    [
        ("预算完成率88.7", "0%，低于", True, ""),  # a decimal broken by the line's end
        ("支出123.45", "67万元", True, ""),
        ("提高1.2", "5个百分点", True, ""),
        ("88.7", "90%", False, " "),  # two numbers one above the other in a cell
        ("共12", "30万元", True, " "),  # whole numbers may be two
        ("1.2.3", "4%", True, " "),
        ("见表1.2", "2023年", True, " "),
    ],
)
def test_a_decimal_that_a_line_of_prose_breaks(before: str, after: str, prose: bool, between: str) -> None:
    assert glue(before, after, 40.0, 6.0, prose=prose) == between
