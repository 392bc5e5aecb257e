"""Pasted text: encodings, exact offsets, pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.reading import read
from dagster_project.reading.model import Paragraph, ReadError
from dagster_project.reading.text import read_text

WORDS = "离休0\r\n\r\n人，退休 12 人。\n　　喆\t２，９５１．０９万元\t≥90%\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "utf-8"),
        (WORDS.encode("gb18030"), "gb18030"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "utf-16-be"),
        ("\ufeff".encode("gb18030") + WORDS.encode("gb18030"), "gb18030"),
    ],
)
def test_text_is_exact_in_every_encoding(data: bytes, encoding: str) -> None:
    document = read(data, "t.txt")
    assert document.text == WORDS
    assert (document.format, document.properties["encoding"], document.warnings) == ("txt", encoding, ())
    assert [b.text for b in document.blocks] == ["离休0", "人，退休 12 人。", "　　喆\t２，９５１．０９万元\t≥90%"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_a_guess(encoding: str) -> None:
    document = read_text((WORDS * 5).encode(encoding), "t.txt")
    assert document.text == WORDS * 5
    assert [w.code for w in document.warnings] == ["charset"]


def test_one_bad_byte_in_utf8_costs_one_character() -> None:
    document = read_text((WORDS * 30).encode() + b"\xe4\xb8", "t.txt")
    assert document.text.startswith(WORDS)
    assert [w.code for w in document.warnings] == ["charset"]


def test_gb18030_with_bad_bytes_is_a_guess_and_other_bytes_are_refused() -> None:
    document = read_text((WORDS * 30).encode("gb18030") + b"\xff\xff", "t.txt")
    assert document.text.startswith(WORDS)
    assert [w.code for w in document.warnings] == ["charset"]
    with pytest.raises(ReadError) as caught:
        read(bytes(range(1, 256)) * 20, "乱.txt")
    assert caught.value.reason == "unsupported"
    assert "乱.txt" in caught.value.message


def test_form_feeds_count_pages() -> None:
    document = read_text("一\n二\f三\n\f\f四\n".encode(), "t.txt")
    assert [(b.text, b.page) for b in document.blocks] == [("一", 1), ("二", 1), ("三", 2), ("四", 4)]
    assert {b.page for b in read_text("一\n二\n\f".encode(), "t.txt").blocks} == {None}


@given(st.text(alphabet="一二三12.% \t\n\r\f\v\u2028\u3000，。", max_size=80))
def test_blocks_are_the_non_blank_lines_at_their_offsets(text: str) -> None:
    if not text.strip():
        with pytest.raises(ReadError):
            read_text(text.encode(), "t.txt")
        return
    document = read_text(text.encode(), "t.txt")
    assert document.text == text
    at = 0
    for block in document.blocks:
        assert isinstance(block, Paragraph)
        assert text[block.start : block.end] == block.text
        assert text[at : block.start].strip() == ""
        at = block.end
    assert text[at:].strip() == ""


def test_nothing_but_blanks() -> None:
    for data, reason in ((b"", "empty"), (b" \r\n\t", "empty"), ("\u3000\n".encode(), "no_text")):
        with pytest.raises(ReadError) as caught:
            read(data, "空.txt")
        assert caught.value.reason == reason
