"""The archive keeps bytes and provenance, changes nothing on a second run, and says what is wrong."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from dagster_project.warehouse import archive
from dagster_project.warehouse.archive import InputError, discover
from dagster_project.warehouse.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


def write(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return out.getvalue()


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_original_and_sidecar(home: Home, inbox: Path) -> None:
    file = write(inbox / "报告.DOCX", b"bytes")
    [got] = discover([file], home, source_url="https://example.gov.cn/a.docx")
    digest = hashlib.sha256(b"bytes").hexdigest()
    assert (got.document_sha256, got.name, got.document_path, got.size_bytes) == (digest, "报告.DOCX", str(file), 5)
    assert got.is_new
    assert got.archived == home.archive / digest[:2] / f"{digest}.docx" == archive.find(home, digest)
    assert got.archived.read_bytes() == b"bytes"
    record = json.loads(got.archived.with_suffix(".json").read_text("utf-8"))
    assert record["source_url"] == "https://example.gov.cn/a.docx"
    assert (record["sha256"], record["size_bytes"], record["names"]) == (digest, 5, ["报告.DOCX"])


def test_a_second_run_changes_nothing(home: Home, inbox: Path) -> None:
    write(inbox / "a.txt")
    write(inbox / "b.zip", zipped({"c.txt": b"y"}))
    list(discover([inbox], home, source_url="https://example.gov.cn/"))
    before = snapshot(home.root)
    again = list(discover([inbox], home))
    assert snapshot(home.root) == before
    assert [(i.name, i.is_new, i.provenance.source_url) for i in again] == [
        ("a.txt", False, "https://example.gov.cn/"),
        ("c.txt", False, "https://example.gov.cn/"),
    ]


def test_one_content_under_two_names_is_archived_once(home: Home, inbox: Path) -> None:
    write(inbox / "a.txt")
    write(inbox / "b.md")
    got = list(discover([inbox], home))
    assert got[0].archived == got[1].archived
    assert len(list(home.archive.glob("??/*"))) == 2
    assert json.loads(next(home.archive.glob("??/*.json")).read_text())["names"] == ["a.txt", "b.md"]


def test_walking_skips_what_is_no_report_and_is_stable(home: Home, inbox: Path) -> None:
    for number, name in enumerate(
        ["b.txt", "a/z.txt", "a/~$z.docx", ".hidden.txt", ".git/x.txt", "Thumbs.db", "__MACOSX/a.txt"]
    ):
        write(inbox / name, str(number).encode())
    write(inbox / "manifest.csv", b"file\nb.txt\n")
    os.symlink("/etc/hostname", inbox / "link.txt")
    assert [i.document_path for i in discover([inbox], home)] == [str(inbox / "a/z.txt"), str(inbox / "b.txt")]


def test_zip_members_are_documents_of_their_own(home: Home, inbox: Path) -> None:
    file = write(inbox / "a.zip", zipped({"甲/b.docx": b"1", "in.zip": zipped({"c.txt": b"2"}), "../d.txt": b"3"}))
    got = {i.document_path.removeprefix(str(inbox)): i for i in discover([file], home)}
    assert set(got) == {"/a.zip/甲/b.docx", "/a.zip/in.zip/c.txt", "/a.zip/d.txt"}
    assert got["/a.zip/甲/b.docx"].name == "b.docx"
    error = got["/a.zip/d.txt"].error
    assert error is not None
    assert error.reason == "hostile"
    assert not (inbox / "d.txt").exists()
    assert not (inbox.parent / "d.txt").exists()


HEADS = {
    "english": "file,page address,publisher,published_on,licence\n",
    "chinese": "文件,网页地址,发布单位,发布日期,许可\n",
    "loose": "File Name,Page_URL,Publisher,Published-On,License\n",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_manifest(home: Home, inbox: Path, head: str, encoding: str) -> None:
    write(inbox / "年度/a.txt")
    row = "年度/a.txt,https://example.gov.cn/p.html,某某局,2024年3月1日,CC BY 4.0\n"
    write(inbox / "manifest.csv", (HEADS[head] + row).encode(encoding))
    [got] = discover([inbox], home, source_url="https://example.gov.cn/given")
    assert got.provenance == archive.Provenance(
        publisher="某某局",
        source_page="https://example.gov.cn/p.html",
        source_url="https://example.gov.cn/given",
        published_on=date(2024, 3, 1),
        licence="CC BY 4.0",
    )
    assert archive.provenance_of(home, got.document_sha256) == got.provenance


def test_a_manifest_of_the_inbox_speaks_of_files_below(home: Home) -> None:
    """The sensor names single files; the manifest lies at the top."""
    file = write(home.inbox / "2023" / "a.docx")
    write(home.inbox / "manifest.csv", "file,publisher\n2023/a.docx,水务局\n".encode())
    [got] = discover([file], home)
    assert got.provenance.publisher == "水务局"


def test_manifest_of_zips(home: Home, inbox: Path) -> None:
    inner = "file,title,licence\nb.txt,内,L1\n".encode()
    write(inbox / "a.zip", zipped({"b.txt": b"1", "c.txt": b"2", "manifest.csv": inner}))
    write(inbox / "manifest.csv", "file,publisher,licence\na.zip,全部,L0\na.zip/c.txt,其一,\n".encode())
    got = {i.name: i.provenance for i in discover([inbox / "a.zip"], home)}
    assert got == {
        "b.txt": archive.Provenance(title="内", publisher="全部", licence="L1"),
        "c.txt": archive.Provenance(publisher="其一", licence="L0"),
    }


def test_a_corrected_manifest_corrects_the_sidecar(home: Home, inbox: Path) -> None:
    write(inbox / "a.txt")
    for publisher in ("甲局", "乙局"):
        write(inbox / "manifest.csv", f"file,publisher\na.txt,{publisher}\n".encode())
        [got] = discover([inbox], home)
        assert archive.provenance_of(home, got.document_sha256).publisher == publisher


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b"name,publisher\na.txt,b\n", "no column"),
        (b"file,published_on\na.txt,1 March\n", "line 2"),
        (b"\xff\xff\xff", "UTF-8"),
    ],
)
def test_a_wrong_manifest_is_said_before_anything_is_done(home: Home, inbox: Path, manifest: bytes, words: str) -> None:
    write(inbox / "a.txt")
    write(inbox / "manifest.csv", manifest)
    with pytest.raises(InputError, match=words):
        discover([inbox], home)
    assert not list(home.archive.iterdir())


def test_missing_path_and_empty_folder(home: Home, inbox: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        discover([inbox / "missing.docx"], home)
    write(inbox / ".DS_Store")
    with pytest.raises(InputError, match="holds no reports"):
        discover([inbox], home)


def test_bad_files_do_not_stop_the_rest(home: Home, inbox: Path) -> None:
    write(inbox / "a.txt", b"")
    write(inbox / "b.zip", zipped({"x.txt": b"x" * 100})[:-20])
    with (inbox / "c.pdf").open("wb") as file:
        file.truncate(101 << 20)
    write(inbox / "d.txt", b"fine")
    got = {i.name: i.error.reason if i.error else "archived" for i in discover([inbox], home)}
    assert got == {"a.txt": "empty", "b.zip": "damaged", "c.pdf": "oversized", "d.txt": "archived"}


@pytest.mark.parametrize(("writes", "reason"), [(1, None), (99, "changing")])
def test_a_file_that_is_written_meanwhile(
    home: Home, inbox: Path, monkeypatch: pytest.MonkeyPatch, writes: int, reason: str | None
) -> None:
    """Half a file is never archived as a whole one: it is read again, then left for another run."""
    file = write(inbox / "a.txt", b"bytes")
    left = [writes]

    def look_while_it_grows(size: int, name: str, most: int = 1000) -> None:
        if left[0] > 0:
            left[0] -= 1
            with file.open("ab") as more:
                more.write(b" and more")

    monkeypatch.setattr(archive, "_read_at_rest", partial(archive._read_at_rest, wait_seconds=0))
    monkeypatch.setattr(archive.guards, "check_length", look_while_it_grows)
    [got] = discover([file], home)
    assert (got.error.reason if got.error else None) == reason
    archived = [p.read_bytes() for p in home.archive.rglob("*.txt")]
    assert archived == ([] if reason else [b"bytes and more"])
    left[0] = 0
    [got] = discover([file], home)
    assert got.error is None
    assert got.archived is not None
    assert got.archived.read_bytes() == file.read_bytes()


def test_a_half_written_original_is_mended(home: Home, inbox: Path) -> None:
    write(inbox / "a.txt", b"whole")
    [first] = discover([inbox], home)
    assert first.archived is not None
    first.archived.chmod(0o644)
    first.archived.write_bytes(b"wh")
    [again] = discover([inbox], home)
    assert first.archived.read_bytes() == b"whole"
    assert again.is_new


def test_what_a_killed_run_left_half_written_is_written_over(home: Home, inbox: Path) -> None:
    data = "某某局2022年度部门整体支出绩效自评报告".encode()
    (inbox / "a.txt").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    folder = home.archive / digest[:2]
    folder.mkdir(parents=True)
    (folder / f".{digest}.txt.part").write_bytes(data[:9])
    assert [found.archived for found in discover([inbox / "a.txt"], home)] == [folder / f"{digest}.txt"]
    assert sorted(path.name for path in folder.iterdir()) == [f"{digest}.json", f"{digest}.txt"]


def test_no_part_is_left_when_writing_fails(home: Home, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(inbox / "a.txt")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space"):
        list(discover([inbox], home))
    assert not [p for p in home.archive.rglob("*") if p.is_file()]


def test_verify(home: Home, inbox: Path) -> None:
    for number in range(3):
        write(inbox / f"{number}.txt", str(number).encode())
    first, second, third = (i.archived for i in discover([inbox], home))
    assert first and second and third
    assert list(archive.verify_archive(home)) == []
    first.chmod(0o644)
    first.write_bytes(b"changed")
    second.unlink()
    third.with_suffix(".json").unlink()
    faults = list(archive.verify_archive(home))
    assert len(faults) == 3
    assert {str(first), str(second.with_suffix(".json")), str(third)} == {f.partition(": ")[0] for f in faults}


def test_quarantine_and_release(home: Home, inbox: Path) -> None:
    name = "很长的名字" * 40 + ".docx"
    got = archive.store(home, b"bytes", name, str(inbox / "x"), archive.Provenance())
    for _ in range(2):
        kept = archive.quarantine(
            home, got.document_sha256, name=name, document_path="a.zip/x", reason="damaged", message="broken; mend it"
        )
    assert kept.read_bytes() == b"bytes"
    assert kept.suffix == ".docx"
    assert len(kept.name.encode()) < 240
    assert json.loads(Path(f"{kept}.json").read_text("utf-8"))["reason"] == "damaged"
    kept.write_bytes(b"repaired")
    assert got.archived is not None
    assert got.archived.read_bytes() == b"bytes"
    archive.release(home, got.document_sha256)
    assert list(home.quarantine.iterdir()) == []


def test_quarantine_of_what_has_no_bytes(home: Home, inbox: Path) -> None:
    kept = archive.quarantine(
        home, "0" * 64, name="../a.txt", document_path="b.zip/a.txt", reason="encrypted", message="password"
    )
    assert kept.parent == home.quarantine
    assert not kept.exists()
    assert Path(f"{kept}.json").exists()
