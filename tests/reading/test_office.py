"""Old office formats: converted for real where LibreOffice is installed, refused with what to install where not."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from xlwt.CompoundDoc import XlsDoc

from dagster_project.reading import office, read
from dagster_project.reading.model import ReadError, Table
from dagster_project.reading.worker import Limits, WorkItem, process_files

SOFFICE = office.soffice_path()
RTF = (
    rb"{\rtf1\ansi\uc1 {\b \u37096?\u38376?} 12.5\par "
    rb"\trowd\cellx2000\cellx4000\intbl A\cell 2,951.09\cell\row\pard after\par}"
)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program in LibreOffice's place; the test writes what it does."""
    program = tmp_path / "soffice"
    monkeypatch.setenv("JIXIAO_SOFFICE", str(program))
    monkeypatch.setattr(office, "SECONDS_FOR_ONE", 1.0)
    monkeypatch.setattr(office, "SECONDS_FOR_EACH_OF_MANY", 0.2)
    yield program


def script(program: Path, body: str) -> None:
    # `$out` is the output folder, the files follow as "$@".
    skip = 'while [ "$1" != --outdir ]; do shift; done; out=$2; shift 2; mkdir -p "$out"'
    program.write_text(f"#!/bin/sh\n{skip}\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def reason(data: bytes, name: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        office.read_office(data, name)
    return caught.value


def test_without_libreoffice_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_SOFFICE", "")
    error = reason(RTF, "报告.rtf")
    assert error.reason == "needs_libreoffice"
    for words in ("报告.rtf", "libreoffice-writer-nogui", "libreoffice-calc-nogui"):
        assert words in error.message


def test_a_real_conversion_or_the_clear_message() -> None:
    if SOFFICE is None:
        assert reason(RTF, "a.rtf").reason == "needs_libreoffice"
        return
    document = read(RTF, "a.rtf")
    assert document.format == "rtf"
    assert "部门 12.5" in document.text
    [table] = [b for b in document.blocks if isinstance(b, Table)]
    assert [c.text for c in table.cells] == ["A", "2,951.09"]


def test_many_are_converted_with_one_start_and_a_bad_one_costs_itself(tmp_path: Path) -> None:
    files = []
    for number in range(4):
        path = tmp_path / f"{number}.rtf"
        path.write_bytes(RTF.replace(b"12.5", b"%d" % number))
        files.append(WorkItem(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path))
    bad = tmp_path / "bad.doc"
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    files.insert(2, WorkItem("bad", bad.name, bad))
    got = {o.item.name: o for o in process_files(files, 1)}
    assert got["bad.doc"].error is not None
    assert got["bad.doc"].error.reason in ("damaged", "unsupported")
    for number in range(4):
        outcome = got[f"{number}.rtf"]
        if SOFFICE is None:
            assert outcome.error is not None
            assert outcome.error.reason == "needs_libreoffice"
        else:
            assert f"部门 {number}" in outcome.result.text
            assert outcome.seconds < 1.0, "converted before it reached the worker"


def test_time_limit_kills_the_whole_group(fake: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script(fake, f'sleep 600 & echo $! > "{note}"; wait')
    assert reason(RTF, "a.rtf").reason == "timeout"
    pid = int(note.read_text())
    for _ in range(50):
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "\nState:\tZ" in status.read_text():
            break
        time.sleep(0.05)
    else:
        os.kill(pid, 9)
        raise AssertionError("a child of LibreOffice went on")


def test_a_file_that_it_cannot_load_is_damaged(fake: Path) -> None:
    script(fake, "exit 0")
    assert reason(RTF, "a.rtf").reason == "damaged"


def test_a_hanging_file_costs_itself_in_a_batch(fake: Path, tmp_path: Path) -> None:
    script(
        fake,
        'for f in "$@"; do grep -q HANG "$f" && sleep 600; b=$(basename "$f" .rtf); cp "$f" "$out/$b.docx"; done',
    )
    files = []
    for number in range(5):
        path = tmp_path / f"{number}.rtf"
        path.write_bytes(RTF + b"%d" % number + (b"HANG" if number == 2 else b""))
        files.append((path.name, path))
    got = office.convert_many(files, tmp_path / "out")
    assert [r.reason if isinstance(r, ReadError) else r.exists() for r in got] == [True, True, "timeout", True, True]


def test_nothing_is_left_behind(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    script(fake, "sleep 600")
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF)
    assert reason(RTF, "a.rtf").reason == "timeout"
    stream = process_files([WorkItem("0", "a.rtf", path)], 1, Limits(wall_seconds=20))
    [outcome] = stream
    assert outcome.error is not None
    assert outcome.error.reason == "timeout"
    assert list(scratch.iterdir()) == []


def test_encrypted_word_file() -> None:
    """The flag in the header is enough: LibreOffice is not even started."""
    word = b"\xec\xa5\xc1\x00" + b"\0" * 6 + b"\x00\x01" + b"\0" * 5000
    written = io.BytesIO()
    XlsDoc().save(written, word)
    data = bytearray(written.getvalue())
    at = data.find("Workbook".encode("utf-16-le"))
    data[at : at + 64] = "WordDocument".encode("utf-16-le").ljust(64, b"\0")
    data[at + 64 : at + 66] = (2 * len("WordDocument") + 2).to_bytes(2, "little")
    assert reason(bytes(data), "a.doc").reason == "encrypted"
