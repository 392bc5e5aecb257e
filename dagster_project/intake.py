"""What a run is given: which files, and what the archive knows of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.ingestion import READERS, VERSIONS
from dagster_project.warehouse import archive, loading
from dagster_project.warehouse.home import BUNDLED_REPORTS, Home
from dagster_project.warehouse.loading import Refused, Source

if TYPE_CHECKING:
    import duckdb


def chosen(home: Home, paths: Sequence[str | Path]) -> list[Path]:
    """The paths of a run: those named; else the inbox; else, for a warehouse that has nothing, the bundled reports."""
    if paths:
        return [Path(p).expanduser().absolute() for p in paths]
    if any(archive.files_in(home.inbox)):
        return [home.inbox]
    return [] if any(home.archive.iterdir()) else [BUNDLED_REPORTS]


def take_in(home: Home, paths: Sequence[Path], source_url: str | None) -> Iterator[Source | Refused]:
    """Archive what the paths hold, one outcome a document; what is archived already is only noted.

    Raises archive.InputError before anything is written when a path is missing or empty.
    """
    for found in archive.discover(paths, home, source_url):
        source = _source(found.document_sha256, found.name, found.document_path, found.size_bytes, found.provenance)
        if found.error is None:
            yield source
        else:
            yield Refused(source, found.error.reason, found.error.message, *VERSIONS)


def kept(home: Home) -> Iterator[Source]:
    """The archive's originals, for a warehouse that knows of none: it was lost, or the archive came from a backup."""
    for found in archive.kept(home):
        yield _source(found.document_sha256, found.name, found.document_path, found.size_bytes, found.provenance)


def settled(seen: Sequence[Source], refused: Sequence[Refused], quarantined: Container[str]) -> list[str]:
    """What stands in quarantine for paths that could not be opened at an earlier run, and can now."""
    bad = {r.source.path for r in refused}
    places = (archive.hash_place(path) for path in sorted({s.path for s in seen} - bad))
    return [place for place in places if place in quarantined]


def _source(sha256: str, name: str, path: str, size_bytes: int, known: archive.Provenance) -> Source:
    return Source(
        sha256,
        name,
        path,
        size_bytes,
        known.source_url,
        known.source_page,
        known.publisher,
        known.published_on,
        known.licence,
    )


def queue(
    home: Home, con: duckdb.DuckDBPyConnection, everything: bool = False
) -> tuple[dict[str, Source], dict[str, Path]]:
    """The archived documents to read now, as `archived` gives them: new ones, and those of older versions."""
    return archived(home, loading.waiting(con, VERSIONS, everything, READERS))


def archived(home: Home, sources: Sequence[Source]) -> tuple[dict[str, Source], dict[str, Path]]:
    """Of these documents, by SHA-256: their provenance and size from the archive, and where their bytes are.

    A document without bytes (a member of a zip that could not be opened) is in neither.
    """
    known: dict[str, Source] = {}
    files: dict[str, Path] = {}
    for source in sources:
        file = archive.find(home, source.sha256)
        if file is not None:
            about = archive.provenance_of(home, source.sha256)
            known[source.sha256] = _source(source.sha256, source.name, source.path, file.stat().st_size, about)
            files[source.sha256] = file
    return known, files


def quarantine(home: Home, refused: Refused) -> None:
    """Keep a copy of a refused file with its reason in quarantine/."""
    source = refused.source
    archive.quarantine(
        home,
        source.sha256,
        name=source.name,
        document_path=source.path,
        reason=refused.reason,
        message=refused.message,
    )
