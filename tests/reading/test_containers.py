"""Members of a .zip of reports: paths, old names, nesting, junk, and one bad member among good ones."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from dagster_project.reading import guards
from dagster_project.reading.containers import is_container, is_junk, member_name, members
from dagster_project.reading.model import ReadError


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped_raw(entries: list[tuple[bytes, bytes, int]]) -> bytes:
    """A stored zip with names and flags byte by byte, as old packers wrote them."""
    out, directory = b"", b""
    for name, data, flags in entries:
        # type: ignore[attr-defined]
        numbers = struct.pack("<5H3I2H", 20, flags, 0, 0, 0, zipfile.crc32(data), len(data), len(data), len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + numbers + struct.pack("<3H2I", 0, 0, 0, 0, len(out)) + name
        out += b"PK\x03\x04" + numbers + name + data
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + end


def paths(data: bytes) -> list[str]:
    return [m.path for m in members(data, "a.zip")]


def reason(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        list(members(data, "a.zip"))
    return caught.value.reason


DOCX = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})


def test_folders_are_kept_and_order_is_by_path() -> None:
    got = list(members(zipped({"乙/b.txt": b"2", "甲/a.docx": DOCX, "c.txt": b"3", "empty/": b""}), "a.zip"))
    assert [(m.path, m.data) for m in got] == [("c.txt", b"3"), ("乙/b.txt", b"2"), ("甲/a.docx", DOCX)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("name", ["部门/自评报告.docx", "㈠镕.txt", "plain.txt"])
def test_old_names(encoding: str, name: str) -> None:
    assert paths(zipped_raw([(name.encode(encoding), b"x", 0)])) == [name]


def test_the_utf8_flag_and_the_unicode_field_win() -> None:
    assert paths(zipped_raw([("报告.txt".encode(), b"x", 0x800)])) == ["报告.txt"]
    info = zipfile.ZipInfo("BERICHT.TXT")
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len("报告.txt".encode()), 1, 0) + "报告.txt".encode()
    assert member_name(info) == "报告.txt"


def test_nested_once() -> None:
    inner = zipped({"dir/b.txt": b"x"})
    assert paths(zipped({"a.txt": b"y", "in/inner.zip": inner})) == ["a.txt", "in/inner.zip/dir/b.txt"]


def test_nested_twice_is_refused_and_the_rest_goes_on() -> None:
    deepest = zipped({"c.txt": b"x"})
    got = list(members(zipped({"a.txt": b"y", "in.zip": zipped({"d.zip": deepest, "e.txt": b"z"})}), "a.zip"))
    assert [(m.path, m.error.reason if m.error else None) for m in got] == [
        ("a.txt", None),
        ("in.zip/d.zip", "hostile"),
        ("in.zip/e.txt", None),
    ]


def test_nesting_does_not_multiply_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MAX_ZIP_TOTAL_BYTES", 3_000)
    inner = zipped({"x.txt": b"0123456789" * 200})
    got = list(members(zipped({f"{i}.zip": inner for i in range(4)}), "a.zip"))
    assert [m.path for m in got if m.error is None] == ["0.zip/x.txt"]
    assert {m.error.reason for m in got if m.error} == {"hostile"}


def test_junk_is_left_out() -> None:
    junk = [
        "__MACOSX/a/._b.docx",
        ".DS_Store",
        "a/Thumbs.db",
        "a/~$b.docx",
        "desktop.ini",
        ".git/config",
        ".~lock.a.docx#",
    ]
    assert all(is_junk(path) for path in junk)
    assert paths(zipped(dict.fromkeys([*junk, "a/b.docx"], b"x"))) == ["a/b.docx"]


def test_links_are_left_out() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("a.txt", b"x")
    assert paths(out.getvalue()) == ["a.txt"]


def test_climbing_paths_are_refused_one_by_one() -> None:
    got = list(
        members(zipped_raw([(b"../../etc/a.txt", b"x", 0), (b"ok.txt", b"y", 0), (b"/abs.txt", b"z", 0)]), "a.zip")
    )
    assert {m.path: m.error.reason if m.error else m.data for m in got} == {
        "etc/a.txt": "hostile", "ok.txt": b"y", "abs.txt": b"z",
    }  # fmt: skip


def test_encrypted() -> None:
    assert reason(zipped_raw([(b"a.txt", b"x", 1)])) == "encrypted"
    got = {
        m.path: m.error.reason if m.error else None
        for m in members(zipped_raw([(b"a.txt", b"x", 1), (b"b.txt", b"y", 0)]), "a.zip")
    }
    assert got == {"a.txt": "encrypted", "b.txt": None}


def test_a_damaged_member_costs_itself_only() -> None:
    data = bytearray(zipped({"a.txt": bytes(range(256)) * 9, "b.txt": b"fine"}))
    data[60:80] = b"\xff" * 20
    got = {m.path: m.error.reason if m.error else m.data for m in members(bytes(data), "a.zip")}
    assert got == {"a.txt": "damaged", "b.txt": b"fine"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (zipped({}), "empty"),
        (zipped({"__MACOSX/a": b"x"}), "empty"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 50, "unsupported"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "unsupported"),
        (zipped({"a.txt": b"x" * 1000})[:-30], "damaged"),
        (zipped({"a.txt": b"\0" * (50 << 20)}), "hostile"),
    ],
    # the bytes of a zip hold the second it was made in: two workers would collect two tests
    ids=["nothing", "no member", "no member but a system's", "rar", "7z", "cut", "bomb"],
)
def test_containers_that_do_not_open(data: bytes, why: str) -> None:
    assert reason(data) == why


def test_what_is_a_container() -> None:
    assert is_container(zipped({"a.txt": b"x"}))
    assert is_container(zipped({"a.docx": DOCX})), "a document inside does not make it one"
    assert is_container(zipped({"a.txt": b"x" * 1000})[:-30])
    for document in (
        DOCX,
        DOCX[:-30],
        zipped({"OFD.xml": b"<x/>", "Doc_0/Document.xml": b""}),
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        zipped({"xl/workbook.xml": b""}),
        b"%PDF-1.7",
        b"",
    ):
        assert not is_container(document)
