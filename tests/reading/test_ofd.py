"""OFD files made on the spot, read back cell by cell."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from dagster_project.reading.model import ReadError
from dagster_project.reading.ofd import deltas, path_points, read_ofd
from tests.support.exactness import assert_offsets, paragraphs_of, share_exact, tables_of
from tests.support.forms import PROSE, evaluation_form
from tests.support.ofd_writer import NAMESPACE, write_ofd
from tests.support.random_tables import CellTuple, tables

CONTENT = "Doc_0/Pages/Page_0/Content.xml"


def changed(data: bytes, files: dict[str, bytes] | None = None, **parts: str | None) -> bytes:
    """The archive with XML parts replaced, added, or (None) left out; `__` in a name stands for `/`. `files` by path."""
    new: dict[str, str | bytes | None] = {name.replace("__", "/") + ".xml": c for name, c in parts.items()}
    new.update(files or {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as out:
        for name in old.namelist():
            if name not in new:
                out.writestr(name, old.read(name))
        for name, content in new.items():
            if content is not None:
                out.writestr(name, content)
    return buffer.getvalue()


def page(objects: str, extra: str = "") -> bytes:
    """An OFD of one A4 page with these objects."""
    content = (
        f'<ofd:Page xmlns:ofd="{NAMESPACE}">{extra}<ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>'
        f'<ofd:Content><ofd:Layer ID="2" Type="Body">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    )
    return changed(write_ofd([("p", "x")]), Doc_0__Pages__Page_0__Content=content)


def text(words: str, x: float = 20, y: float = 40, attributes: str = "", code: str = "", inner: str = "") -> str:
    return (
        f'<ofd:TextObject ID="5" Boundary="{x} {y} 150 6" Font="1" Size="4" {attributes}>{inner}'
        f'<ofd:TextCode X="0" Y="4" {code or f"""DeltaX="g {len(words) - 1} 4" """}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def fails(data: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_ofd(data, "报告.ofd")
    assert "报告.ofd" in caught.value.message
    return caught.value


class TestExactness:
    @pytest.mark.parametrize(
        "options", [{}, {"centred": False}, {"size": (842.0, 595.0)}, {"running_head": "绩效自评报告"}]
    )
    def test_the_official_form_is_exact(self, options: dict[str, Any]) -> None:
        cells, n_rows, n_cols = evaluation_form()
        document = read_ofd(write_ofd([("p", PROSE), ("t", cells, n_rows, n_cols), ("p", PROSE)], **options), "a.ofd")
        (table,) = tables_of(document)
        assert share_exact(cells, table) == 1.0
        assert paragraphs_of(document) == [PROSE, PROSE]
        assert document.warnings == ()
        assert_offsets(document)

    def test_generated_tables_reach_the_stated_exactness(self) -> None:
        """Over all tables at least 0.999 of the cells, and all spans."""
        right: list[tuple[int, float]] = []

        @settings(
            max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(tables())
        def one(table: tuple[list[CellTuple], int, int]) -> None:
            cells = table[0]
            if not any(c[4] for c in cells):
                return
            (read,) = tables_of(read_ofd(write_ofd([("t", *table)]), "a.ofd"))
            assert {c[:4] for c in cells} == {(c.row, c.col, c.rowspan, c.colspan) for c in read.cells}
            right.append((len(cells), share_exact(cells, read)))

        one()
        total = sum(n for n, _ in right)
        assert total > 500
        assert sum(n * share for n, share in right) / total >= 0.999


class TestObjects:
    def test_deltas(self) -> None:
        assert deltas("1 g 3 2.5 4", 9) == [1, 2.5, 2.5, 2.5, 4]
        assert deltas("g 1000000000 1", 5) == [1] * 5
        assert deltas("g x 1 2", 5) == [1, 2]
        assert deltas(None, 3) == []

    def test_paths(self) -> None:
        assert path_points("M 0 0 L 5 0 5 5 C") == [[(0, 0), (5, 0), (0, 0)]]
        assert path_points("S 0 0 L 9 0 M 0 5 B 1 1 2 2 9 5") == [[(0, 0), (9, 0)], [(0, 5), (9, 5)]]
        assert path_points("M 0") == []

    def test_text_codes_of_one_object_each_have_their_place(self) -> None:
        objects = (
            '<ofd:TextObject ID="5" Boundary="20 40 150 20" Font="1" Size="4">'
            '<ofd:TextCode X="0" Y="4" DeltaX="4">预算</ofd:TextCode><ofd:TextCode X="8" Y="4" DeltaX="g 5 2">123.45</ofd:TextCode>'
            '<ofd:TextCode X="0" Y="14" DeltaX="4">决算</ofd:TextCode></ofd:TextObject>'
        )
        assert paragraphs_of(read_ofd(page(objects), "a.ofd")) == ["预算123.45", "决算"]

    def test_a_matrix_moves_and_scales(self) -> None:
        objects = text("预算数", code='DeltaX="4 4"', attributes='CTM="2 0 0 2 10 0"') + text("备注", 68, 44)
        assert paragraphs_of(read_ofd(page(objects), "a.ofd")) == ["预算数 备注"]

    def test_nested_blocks_and_templates(self) -> None:
        template = (
            f'<ofd:Page xmlns:ofd="{NAMESPACE}"><ofd:Content><ofd:Layer ID="3" Type="Background">'
            f"{text('模板上的表名', y=30)}</ofd:Layer></ofd:Content></ofd:Page>"
        )
        data = page(
            f'<ofd:PageBlock ID="7"><ofd:PageBlock ID="8">{text("块中的文字", y=60)}</ofd:PageBlock></ofd:PageBlock>',
            '<ofd:Template TemplateID="99" ZOrder="Background"/>',
        )
        root = zipfile.ZipFile(io.BytesIO(data)).read("Doc_0/Document.xml").decode()
        root = root.replace("</ofd:CommonData>", '<ofd:TemplatePage ID="99" BaseLoc="Tpls/T.xml"/></ofd:CommonData>')
        data = changed(data, Doc_0__Document=root, Doc_0__Tpls__T=template)
        assert paragraphs_of(read_ofd(data, "a.ofd")) == ["模板上的表名", "块中的文字"]

    @pytest.mark.parametrize(
        ("attributes", "inner"),
        [
            ('Visible="false"', ""),
            ('Alpha="0"', ""),
            ("", '<ofd:FillColor Value="255 255 255"/>'),
            ('Fill="false"', ""),
        ],
    )
    def test_what_is_not_shown_is_not_read(self, attributes: str, inner: str) -> None:
        objects = text("看得见") + text("看不见", y=60, attributes=attributes, inner=inner)
        assert paragraphs_of(read_ofd(page(objects), "a.ofd")) == ["看得见"]

    def test_filled_thin_rectangles_are_rules(self) -> None:
        def bar(x: float, y: float, w: float, h: float) -> str:
            return (
                f'<ofd:PathObject ID="9" Boundary="{x} {y} {w} {h}" Stroke="false" Fill="true">'
                f"<ofd:AbbreviatedData>M 0 0 L {w} 0 L {w} {h} L 0 {h} C</ofd:AbbreviatedData></ofd:PathObject>"
            )

        rules = "".join(bar(20, y, 80, 0.3) for y in (30, 40, 50)) + "".join(bar(x, 30, 0.3, 20) for x in (20, 60, 100))
        words = text("甲", 22, 32) + text("乙", 62, 32) + text("丙", 22, 42) + text("丁", 62, 42)
        (table,) = tables_of(read_ofd(page(rules + words), "a.ofd"))
        assert [c.text for c in table.cells] == ["甲", "乙", "丙", "丁"]


class TestRefusals:
    def test_a_picture_without_the_extra_or_its_file(self) -> None:
        assert fails(page('<ofd:ImageObject ID="4" Boundary="0 0 210 297" ResourceID="77"/>')).reason == "needs_ocr"

    def test_no_text(self) -> None:
        assert fails(page("")).reason == "no_text"

    def test_without_its_root(self) -> None:
        assert fails(changed(write_ofd([("p", "x")]), OFD=None)).reason == "damaged"

    def test_a_missing_page_is_warned_of(self) -> None:
        data = write_ofd([("p", PROSE)] * 20)
        document = read_ofd(changed(data, Doc_0__Pages__Page_0__Content=None), "a.ofd")
        assert [(w.code, w.place) for w in document.warnings] == [("damaged_page", "page 1")]

    def test_broken_xml(self) -> None:
        assert fails(changed(write_ofd([("p", "x")]), Doc_0__Pages__Page_0__Content="<ofd:Page")).reason == "damaged"

    def test_entities(self) -> None:
        bomb = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><p>&b;</p>'
        assert fails(changed(write_ofd([("p", "x")]), Doc_0__Pages__Page_0__Content=bomb)).reason == "hostile"

    def test_cut_off(self) -> None:
        data = write_ofd([("p", PROSE)])
        assert fails(data[: len(data) // 2]).reason == "damaged"

    def test_encrypted(self) -> None:
        assert fails(changed(write_ofd([("p", "x")]), Encryptions="<a/>")).reason == "encrypted"

    def test_an_absurd_page(self) -> None:
        data = page(text("正文"))
        content = zipfile.ZipFile(io.BytesIO(data)).read(CONTENT).decode().replace("0 0 210 297", "0 0 141000 141000")
        assert fails(changed(data, Doc_0__Pages__Page_0__Content=content)).reason == "hostile"
