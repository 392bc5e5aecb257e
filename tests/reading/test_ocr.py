"""Pages that are pictures: recognised with the extra `ocr`, refused with a clear message without it."""

from __future__ import annotations

import re

import pytest

from dagster_project.reading import ocr
from dagster_project.reading.model import Document, ReadError
from dagster_project.reading.ofd import read_ofd
from dagster_project.reading.pdf import read_pdf
from tests.reading.test_ofd import changed, page
from tests.support.exactness import cells_of, paragraphs_of, tables_of
from tests.support.forms import PROSE, evaluation_form
from tests.support.pdf_writer import write_pdf
from tests.support.scans import pictures, scan

_FIGURE = re.compile(r"[\d.,%]+")


def form_pdf() -> bytes:
    cells, n_rows, n_cols = evaluation_form()
    return write_pdf([("p", PROSE), ("t", cells, n_rows, n_cols)])


def assert_figures(document: Document) -> None:
    """At least 98 % of the cells that hold a figure are exact in place, spans and text."""
    whole = tables_of(read_pdf(form_pdf(), "truth.pdf"))[0]
    first_page = whole.seams[0]
    wanted = {c for c in cells_of(whole) if c[0] + c[2] <= first_page and _FIGURE.fullmatch(c[4])}
    (table,) = tables_of(document)
    assert len(wanted) >= 25
    assert len(wanted & set(cells_of(table))) / len(wanted) >= 0.98
    assert document.quality == "ocr"


@pytest.mark.parametrize("turn", [0, 90])
def test_a_scanned_form(turn: int) -> None:
    data = scan(form_pdf(), turn)
    if ocr.available():
        document = read_pdf(data, "扫描.pdf")
        assert_figures(document)
        marks = [c[4] for c in cells_of(tables_of(document)[0]) if c[1] in (5, 7) and 3 <= c[0] <= 5]
        assert marks == ["/"] * 6  # not 1
    else:
        with pytest.raises(ReadError) as caught:
            read_pdf(data, "扫描.pdf")
        assert caught.value.reason == "needs_ocr"


def test_a_scanned_page_in_an_ofd() -> None:
    ((picture, _, _),) = pictures(form_pdf())
    data = page('<ofd:ImageObject ID="4" Boundary="0 0 210 297" ResourceID="77"/>')
    media = '<ofd:MultiMedia ID="77" Type="Image"><ofd:MediaFile>scan.jpg</ofd:MediaFile></ofd:MultiMedia>'
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    resources = f'<ofd:Res {space} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>'
    data = changed(data, Doc_0__PublicRes=resources, files={"Doc_0/Res/scan.jpg": picture})
    if ocr.available():
        assert_figures(read_ofd(data, "扫描.ofd"))
    else:
        with pytest.raises(ReadError) as caught:
            read_ofd(data, "扫描.ofd")
        assert caught.value.reason == "needs_ocr"


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(ReadError) as caught:
        read_pdf(scan(form_pdf()), "扫描.pdf")
    assert caught.value.reason == "needs_ocr"
    assert "扫描.pdf" in caught.value.message and "--extra ocr" in caught.value.message


def test_without_the_extra_pages_with_text_are_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    document = read_pdf(scan(form_pdf(), text_page="第二页有文字层，可以直接读取出来"), "混合.pdf")
    assert paragraphs_of(document) == ["第二页有文字层，可以直接读取出来"]
    assert [(w.code, w.place) for w in document.warnings] == [("needs_ocr", "page 1")]
    assert document.quality == "text"


def test_a_scanners_own_text_layer_is_used_and_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    hidden = "扫描仪自己识别的文字：本年支出合计1,200.75万元"
    document = read_pdf(scan(form_pdf(), hidden=hidden), "扫描.pdf")
    assert paragraphs_of(document) == [hidden]
    assert document.quality == "ocr"
