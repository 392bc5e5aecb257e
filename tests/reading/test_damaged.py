"""Damage that libraries pass over in silence is said."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from dagster_project.reading import containers, read
from dagster_project.reading.model import ReadError
from dagster_project.reading.pdf_integrity import damage_of
from tests.support.blocks import Block, Para, grid
from tests.support.pdf_writer import write_pdf
from tests.support.sheet_writer import write_xls

BLOCKS: list[Block] = [
    Para("部门整体支出绩效自评报告"),
    grid([["项目", "金额"], ["水质监测", "58.00"], ["河道清淤", "79.62"]]),
]


@pytest.fixture(params=[0, 1], ids=["plain", "deflated"])
def pdf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(rl_config, "pageCompression", request.param)
    return write_pdf(BLOCKS)


def test_a_whole_pdf_has_no_warning(pdf: bytes) -> None:
    assert damage_of(pdf) == []
    assert read(pdf, "a.pdf").warnings == ()


def test_a_cut_pdf_says_so(pdf: bytes) -> None:
    (said,) = damage_of(pdf[:-20])
    assert "cut" in said


def test_a_sector_never_written_is_said(pdf: bytes) -> None:
    start, end = max(
        (m.span(1) for m in re.finditer(rb"stream\r?\n(.+?)endstream", pdf, re.S)), key=lambda s: s[1] - s[0]
    )
    middle = (start + end) // 2
    damaged = pdf[:middle] + bytes(64) + pdf[middle + 64 :]
    assert any("damaged" in said for said in damage_of(damaged))


def test_a_page_without_words_is_said() -> None:

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "words of the first page")
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    assert [(w.code, w.place) for w in read(out.getvalue(), "a.pdf").warnings] == [("empty_page", "page 2")]


def test_zeros_between_records_of_a_workbook_are_said() -> None:
    data = write_xls(BLOCKS)
    assert read(data, "a.xls").warnings == ()
    cells = re.search(rb"(?:\xfd\x00\x0a\x00.{10}){2}", data, re.S)  # two records that say which text stands in a cell
    assert cells
    text = data.index("河道清淤".encode("utf-16-le"))
    for at, size in ((cells.start(), 28), (text, 4)):
        damaged = data[:at] + bytes(size) + data[at + size :]
        assert any(w.code == "damaged" for w in read(damaged, "a.xls").warnings)


def test_an_entry_without_a_name_is_one_member_with_its_reason() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("q", b"1")
        archive.writestr("a.txt", "部门".encode())
    nameless = out.getvalue().replace(b"q", b"\0")
    found = {m.path: m.error and m.error.reason for m in containers.members(nameless, "a.zip")}
    assert found["a.txt"] is None
    assert "hostile" in found.values()


def test_zeros_in_a_workbook_s_texts_and_rows_of_numbers_are_said() -> None:
    """A list of texts with empty ones in it moves those behind; a row of numbers without its last column loses cells."""
    rows = [["项目", "预算数", "决算数"], *([f"河道清淤第{n}段", f"{n}.5", f"{n}.25"] for n in range(1, 9))]
    data = write_xls([Para("部门整体支出绩效自评报告"), grid(rows)])
    assert read(data, "a.xls").warnings == ()
    texts = data.index("河道清淤第1段".encode("utf-16-le")) - 3  # in front of it: its length and kind
    numbers = re.search(rb"\xbd\x00\x12\x00", data)  # a row of two numbers
    assert numbers
    for at, size in ((texts, 64), (numbers.end(), 18)):
        damaged = data[:at] + bytes(size) + data[at + size :]
        assert any(w.code == "damaged" for w in read(damaged, "a.xls").warnings), at


def test_entries_that_a_broken_directory_hides_are_missed() -> None:
    """The length of the first entry's comment, wrong by a bit: what stands behind it counts as comment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a.txt", "b.txt", "c.txt"):
            archive.writestr(name, "部门整体支出".encode())
    data = bytearray(out.getvalue())
    first = data.index(b"PK\x01\x02")
    assert len(list(containers.members(bytes(data), "a.zip"))) == 3
    data[first + 33] ^= 4
    with pytest.raises(ReadError, match="says that it holds 3 entries, its directory lists 1") as said:
        list(containers.members(bytes(data), "a.zip"))
    assert said.value.reason == "damaged"
