"""From files to staged rows: what runs in the worker process, and what becomes of its outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.extraction.rows import (
    EXTRACTOR_VERSION,
    Evidence,
    Extraction,
    Figure,
    Finding,
    FormRow,
    Identity,
    Omission,
)
from dagster_project.reading.model import FORMAT_REVISIONS, READER_VERSION, ReadError, reader_version
from dagster_project.reading.worker import WorkItem, process_files
from dagster_project.warehouse.home import REFERENCE
from dagster_project.warehouse.loading import Refused, Source, Staged

READ_AND_EXTRACT = "dagster_project.ingestion.read_and_extract"
# what extraction reads of seeds/reference; a test watches that it opens no others
VOCABULARIES = (
    "account_labels.csv",
    "accounts.csv",
    "budget_book_labels.csv",
    "department_labels.csv",
    "divisions.csv",
    "form_labels.csv",
    "fund_source_labels.csv",
    "indicator_labels.csv",
    "indicators.csv",
    "measure_labels.csv",
    "metric_labels.csv",
    "units.csv",
)


@cache
def extractor_version(reference: Path = REFERENCE) -> str:
    """The extraction's version with a hash of the words that it knows: a new label means other rows."""
    digest = hashlib.sha256()
    for name in VOCABULARIES:
        digest.update((reference / name).read_bytes())
    return f"{EXTRACTOR_VERSION}-{digest.hexdigest()[:8]}"


def any_reader_version(revisions: Mapping[str, int] | None = None) -> str:
    """The version of all readers together, for a file that no reader took."""
    revisions = FORMAT_REVISIONS if revisions is None else revisions
    return "+".join([READER_VERSION, *(f"{f}.{n}" for f, n in sorted(revisions.items()))])


VERSIONS = (any_reader_version(), extractor_version())  # of what goes to quarantine
READERS = {f: reader_version(f) for f in FORMAT_REVISIONS}  # formats with a version of their own


def says_something_of_the_file(reason: str) -> bool:
    """Whether a refusal is about the bytes, rather than about this program or this machine.

    What an earlier version has read stays as it was read when its successor fails of itself, or lacks LibreOffice.
    """
    return reason not in ("extraction_failed", "crashed", "timeout", "memory") and not reason.startswith("needs_")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a worker sends back: the document without its blocks, and its rows."""

    format: str
    quality: str
    reader_version: str
    text: str
    warnings: tuple[str, ...]
    extraction: Extraction

    def __reduce__(self) -> tuple[Any, ...]:
        # Rows go between processes as plain tuples: half the time, and no names of classes.
        identity, *tables, warnings, version = self.extraction
        rows = [list(map(tuple, table)) for table in tables]
        document = (self.format, self.quality, self.reader_version, self.text, self.warnings)
        return _received, (document, tuple(identity), rows, (warnings, version))


def _received(
    document: Sequence[Any], identity: Sequence[Any], rows: Sequence[Sequence[Sequence[Any]]], rest: Sequence[Any]
) -> Extracted:
    """What `Extracted.__reduce__` took apart, put together again."""
    format_, quality, reader, text, warnings = document
    evidence, figures, form_rows, findings, omissions = rows
    extraction = Extraction(
        Identity(*identity),
        tuple(map(Evidence._make, evidence)),
        tuple(map(Figure._make, figures)),
        tuple(map(FormRow._make, form_rows)),
        tuple(map(Finding._make, findings)),
        tuple(map(Omission._make, omissions)),
        *rest,
    )
    return Extracted(format_, quality, reader, text, warnings, extraction)


def read_and_extract(data: bytes, item: WorkItem) -> Extracted:
    """Read a file and take its rows out; runs in a worker process. Raises ReadError.

    A document that does not say whose report it is, or of which year, cannot be keyed: reason `unidentified`.
    """
    from dagster_project.extraction import extract
    from dagster_project.reading import read

    document = read(data, item.name)
    try:
        extraction = extract(document)
    except Exception as e:
        raise ReadError(
            "extraction_failed",
            f"{item.name}: read as {document.format}, but its figures could not be taken out "
            f"({type(e).__name__}: {e}); this is a fault of the program, please report it",
        ) from e
    identity = extraction.identity
    missing = [
        words
        for words, value in (("department", identity.department_name), ("fiscal year", identity.fiscal_year))
        if value is None
    ]
    if missing:
        raise ReadError(
            "unidentified",
            f"{item.name}: no {' and no '.join(missing)} found in its title, text or file name; "
            "if it is a report, name the file after department and year, e.g. 某某局2024年度部门整体支出绩效自评报告",
        )
    warnings = tuple(f"{w.message} ({w.place})" if w.place else w.message for w in document.warnings)
    version = reader_version(document.format)
    extraction = extraction._replace(extractor_version=extractor_version())
    return Extracted(document.format, document.quality, version, document.text, warnings, extraction)


def stage(
    sources: Mapping[str, Source], files: Mapping[str, Path], workers: int | None = None
) -> Iterator[Staged | Refused]:
    """Read and extract files (SHA-256 -> path of the bytes) in worker processes; yields as they complete."""
    items = (WorkItem(sha, sources[sha].name, path, sources[sha].path) for sha, path in files.items())
    for outcome in process_files(items, workers=workers, function=READ_AND_EXTRACT):
        source = sources[outcome.item.document_sha256]
        if outcome.error is not None:
            yield Refused(source, outcome.error.reason, outcome.error.message, *VERSIONS)
            continue
        got: Extracted = outcome.result
        yield Staged(source, got.format, got.quality, got.reader_version, got.text, got.warnings, got.extraction)
