"""What a run is given: which files, archived by content, with their provenance; and where bad ones go."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dagster_project.warehouse.home import BUNDLED_REPORTS, Home
from dagster_project.warehouse.loading import Refused, Source, path_name


class NothingToRead(Exception):
    """A path that does not exist, or a folder without files: a mistake in the call, said before anything is done."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is in the archive now."""

    source: Source


def chosen(home: Home, paths: Sequence[str | Path]) -> list[Path]:
    """The paths of a run: those named; else the inbox; else, for a warehouse that has nothing, the bundled reports."""
    if paths:
        return [Path(p).expanduser().absolute() for p in paths]
    if any(files_in(home.inbox)):
        return [home.inbox]
    return [] if any(home.archive.iterdir()) else [BUNDLED_REPORTS]


def check(paths: Iterable[Path]) -> None:
    """Raise NothingToRead, in words for the person who typed it, unless every path holds at least one file."""
    for path in paths:
        if not path.exists():
            raise NothingToRead(f"{path} does not exist: name files, folders or .zip archives of reports")
        if path.is_dir() and not any(files_in(path)):
            raise NothingToRead(
                f"{path} holds no files: name a folder with reports (.docx, .pdf, .xlsx, .html, .txt, ...)"
            )


def files_in(folder: Path) -> Iterator[Path]:
    """All files under a folder in a fixed order, but hidden ones and the lock files of office programs."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__MACOSX")
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(place) / name


def take_in(home: Home, paths: Sequence[Path], source_url: str | None) -> Iterator[Arrived | Refused]:
    """Archive what the paths hold, one outcome a file; a file that is archived already is only noted."""
    for path in paths:
        for file in files_in(path) if path.is_dir() else [path]:
            data = file.read_bytes()
            sha = hashlib.sha256(data).hexdigest()
            source = Source(sha, file.name, str(file), len(data), source_url)
            target = archived(home, source)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                part = target.with_name(f".{target.name}.part")
                part.write_bytes(data)
                os.replace(part, target)
            yield Arrived(source)


def archived(home: Home, source_or_sha: Source | str) -> Path:
    """Where a file's bytes are in the archive."""
    sha = source_or_sha if isinstance(source_or_sha, str) else source_or_sha.sha256
    return home.archive / sha[:2] / sha


def with_provenance(home: Home, source: Source) -> Source:
    """The source with its size and what its sidecar knows."""
    path = archived(home, source.sha256)
    return replace(source, size_bytes=path.stat().st_size if path.exists() else 0, name=path_name(source.path))


def quarantine(home: Home, refused: Refused) -> None:
    """Keep a copy of a refused file under its own name in quarantine/, with its reason beside it."""
    folder = home.quarantine / refused.source.sha256[:12]
    folder.mkdir(parents=True, exist_ok=True)
    original = archived(home, refused.source)
    if original.exists():
        shutil.copyfile(original, folder / refused.source.name)
    (folder / "reason.txt").write_text(f"{refused.reason}\n{refused.message}\n{refused.source.path}\n", "utf-8")


def release(home: Home, source: Source) -> None:
    """A file that can be read after all leaves the quarantine."""
    shutil.rmtree(home.quarantine / source.sha256[:12], ignore_errors=True)


__all__ = ["Arrived", "NothingToRead", "archived", "check", "chosen", "files_in", "quarantine", "release", "take_in"]
