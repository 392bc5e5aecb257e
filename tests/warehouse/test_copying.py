"""Copies of large files: the same bytes, whatever the file system can do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dagster_project.warehouse import copying


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source"
    file.write_bytes(os.urandom(100_000))
    return file


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_a_copy_has_the_same_bytes(tmp_path: Path, source: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_AT_ONCE", 30_000)
    source.write_bytes(source.read_bytes()[:size])
    target = tmp_path / "target"
    target.write_bytes(b"of before" * 20_000)
    copying.copy(source, target)
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("answer", [OSError(errno.EXDEV, "another device"), OSError(errno.EOPNOTSUPP, "cannot"), 0])
def test_a_file_system_that_cannot_share_is_copied_to(
    tmp_path: Path, source: Path, answer: OSError | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> int:
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr(os, "copy_file_range", cannot, raising=False)
    copying.copy(source, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == source.read_bytes()


def test_a_full_disk_is_told(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "copy_file_range", full, raising=False)
    with pytest.raises(OSError, match="No space left"):
        copying.copy(source, tmp_path / "target")
