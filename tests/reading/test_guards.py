"""Every limit has its own reason, holds below itself, and is met before anything is unpacked."""

from __future__ import annotations

import io
import itertools
import random
import struct
import tracemalloc
import zipfile

import pytest
from lxml import etree

from dagster_project.reading import guards
from dagster_project.reading.model import ReadError


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def refused(data: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        guards.open_zip(data, "报告.docx")
    assert "报告.docx" in caught.value.message
    return caught.value


def test_size() -> None:
    guards.check_size(b"x", "a")
    for data in (b"", b" \r\n\x00", b"\xef\xbb\xbf\n"):
        with pytest.raises(ReadError) as caught:
            guards.check_size(data, "a.txt")
        assert caught.value.reason == "empty"
    with pytest.raises(ReadError) as caught:
        guards.check_size(b"12345", "a.txt", limit=4)
    assert caught.value.reason == "oversized"


def test_an_ordinary_zip_opens() -> None:
    with guards.open_zip(zipped({"a.xml": b"<a/>" * 1000, "b/c.txt": b"text"}), "a") as archive:
        assert guards.read_entry(archive, "b/c.txt", "a") == b"text"
        with pytest.raises(KeyError):
            guards.read_entry(archive, "missing", "a")


def test_small_entries_may_compress_as_well_as_they_like() -> None:
    guards.open_zip(zipped({"a": b"\0" * guards.RATIO_FREE_BYTES}), "a").close()


@pytest.mark.parametrize("size", [2 << 20, 64 << 20])
def test_ratio(size: int) -> None:
    data = zipped({"a": b"\0" * size})
    tracemalloc.start()
    error = refused(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (error.reason, "times its size" in error.message) == ("hostile", True)
    assert peak < 1 << 20


def lying(data: bytes, size: int) -> bytes:
    """The zip with another unpacked size in its directory."""
    at = data.rfind(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def test_entry_and_total() -> None:
    assert "limit is 100 MB" in refused(lying(zipped({"a": b"x"}), 101 << 20)).message
    several = zipped({str(i): b"\0" for i in range(4)}, zipfile.ZIP_STORED)
    out = bytearray(several)
    at = -1
    for _ in range(4):
        at = out.find(b"PK\x01\x02", at + 1)
        struct.pack_into("<II", out, at + 20, 90 << 20, 90 << 20)
    assert "in all" in refused(bytes(out)).message


def test_overlapping_entries_multiply() -> None:
    """Many directory records over the same packed bytes, each by itself within the limits."""
    one = zipped({"a": random.Random(7).randbytes(21_000) * 100})  # 2.1 MB
    at = one.find(b"PK\x01\x02")
    end = one.find(b"PK\x05\x06")
    record, tail = one[at:end], one[end:]
    packed = struct.unpack_from("<I", record, 20)[0]
    assert 2_100_000 / packed < guards.MAX_ZIP_RATIO
    count = 140
    tail = tail[:8] + struct.pack("<HHII", count, count, len(record) * count, at) + tail[20:]
    assert refused(one[:at] + record * count + tail).reason == "hostile"


def test_a_size_that_lies_low_does_not_unpack_more() -> None:
    data = lying(zipped({"a": b"\0" * (50 << 20)}), 100)
    with guards.open_zip(data, "a") as archive, pytest.raises(ReadError) as caught:
        guards.read_entry(archive, "a", "a.docx")
    assert caught.value.reason == "damaged"


def test_number_of_entries() -> None:
    guards.open_zip(zipped({str(i): b"" for i in range(guards.MAX_ZIP_ENTRIES)}), "a").close()
    many = zipped({str(i): b"" for i in range(guards.MAX_ZIP_ENTRIES + 1)}, zipfile.ZIP_STORED)
    assert "entries" in refused(many).message
    at = many.rfind(b"PK\x05\x06")
    assert refused(many[: at + 8] + b"\x01\x00\x01\x00" + many[at + 12 :]).reason == "hostile"


def test_a_million_directory_records_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    record = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    directory = record * 1_000_000
    data = b"PK\x03\x04" + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 4, 0)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # which would make an object of each
    assert refused(data).reason == "hostile"


@pytest.mark.parametrize("cut", [4, 30, 60, 0.5, 0.9, -1])
def test_cut_zip(cut: float) -> None:
    data = zipped({"a": bytes(range(256)) * 20})
    assert refused(data[: int(cut * len(data)) if 0 < cut < 1 else int(cut)]).reason == "damaged"


def test_packing_method() -> None:
    assert refused(zipped({"a": b"x" * 100}, zipfile.ZIP_LZMA)).reason == "unsupported"


def test_encrypted_entry() -> None:
    data = bytearray(zipped({"a": b"text"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    with guards.open_zip(bytes(data), "a") as archive, pytest.raises(ReadError) as caught:
        guards.read_entry(archive, "a", "a")
    assert caught.value.reason == "encrypted"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"<a>", "damaged"),
        (b"", "damaged"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "hostile"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "hostile"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "hostile"),
        (b"<a>" * 30_000 + b"</a>" * 30_000, "hostile"),
    ],
)
def test_xml(xml: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        guards.parse_xml(xml, "a.docx", "word/document.xml")
    assert caught.value.reason == reason
    assert "word/document.xml" in caught.value.message


@pytest.mark.parametrize("use", ["<a>&i;</a>", '<a x="&i;"/>'])
def test_entity_bomb(use: str) -> None:
    names = "abcdefghi"
    entities = "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in itertools.pairwise(names))
    with pytest.raises(ReadError) as caught:
        guards.parse_xml(f'<!DOCTYPE a [<!ENTITY a "{"x" * 1000}">{entities}]>{use}'.encode(), "a")
    assert caught.value.reason == "hostile"


def test_plain_xml_parses() -> None:
    assert guards.parse_xml("<a><b>万元</b></a>".encode(), "a").findtext("b") == "万元"


def test_depth_of_a_tree_from_a_lenient_parser() -> None:
    root = etree.Element("a")
    at = root
    for _ in range(guards.MAX_NESTING + 1):
        at = etree.SubElement(at, "a")
    with pytest.raises(ReadError):
        guards.check_depth(root, "a")
    guards.check_depth(root[0][0], "a")


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("2", 2),
        (" 3 ", 3),
        (None, 1),
        ("", 1),
        ("0", 1),
        ("-4", 1),
        ("x", 1),
        ("2.5", 1),
        ("2000000000", 1000),
        ("9" * 5000, 1000),
        ("٣", 1),
    ],
)
def test_span(value: str | None, span: int) -> None:
    assert guards.clamp_span(value) == span


def test_grid_page_and_image() -> None:
    guards.check_grid(1000, 2000, "a")
    guards.check_page(595, 842, "a", 1)
    guards.check_image(10_000, 10_000, "a")
    for call in (
        lambda: guards.check_grid(1_048_576, 16_384, "a.xlsx", "sheet 1"),
        lambda: guards.check_page(400_000, 842, "a.pdf", 3),
        lambda: guards.check_page(0, 842, "a.pdf", 3),
        lambda: guards.check_page(float("nan"), 842, "a.pdf", 3),
        lambda: guards.check_image(40_000, 40_000, "a.png"),
    ):
        with pytest.raises(ReadError) as caught:
            call()
        assert caught.value.reason == "hostile"


def test_image_headers() -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 40_000, 40_001)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab" + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 7, 9) + b"\x03" + b"\0" * 10
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIIHHIII", 2, 256, 4, 1, 70_000, 257, 4, 1, 5, 0)
    assert guards.image_size(png) == (40_000, 40_001)
    assert guards.image_size(jpeg) == (9, 7)
    assert guards.image_size(tiff) == (70_000, 5)
    assert guards.image_size(b"GIF89a" + struct.pack("<HH", 3, 4)) == (3, 4)
    assert guards.image_size(b"BM" + b"\0" * 16 + struct.pack("<ii", 5, -6)) == (5, 6)
    for data in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"text"):
        assert guards.image_size(data) is None


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("a/b.docx", "a/b.docx"),
        ("./a//b.docx", "a/b.docx"),
        ("a\\b.docx", "a/b.docx"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\reports\\a.docx", "reports/a.docx"),
        ("C:a.docx", "a.docx"),
        ("a\x00\n.docx", "a.docx"),
    ],
)
def test_member_path_is_made_plain(path: str, clean: str) -> None:
    assert guards.safe_member_path(path, "a.zip") == clean


@pytest.mark.parametrize("path", ["../a.docx", "a/../../b.docx", "..\\..\\a", "", "/", "C:"])
def test_member_path_that_climbs_is_refused(path: str) -> None:
    with pytest.raises(ReadError) as caught:
        guards.safe_member_path(path, "a.zip")
    assert caught.value.reason == "hostile"
