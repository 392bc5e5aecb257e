"""Whether a run would change anything. Asked before Dagster, dbt and Great Expectations are imported: that is 5 s of CPU."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import intake, modelling, progress
from dagster_project.warehouse import loading, publishing, schema
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.loading import Refused, Source

if TYPE_CHECKING:
    import duckdb

UP_TO_DATE = "nothing new: the publication in place is up to date"


def wanted_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """What the publication would be made of: the raw tables' content and the project."""
    return f"{loading.raw_fingerprint(con)}-{modelling.project_fingerprint()}"


def up_to_date(home: Home, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the publication in place is made of what the raw tables hold now."""
    return publishing.published_fingerprint(home) == wanted_fingerprint(con)


def run_without_news(home: Home, paths: Sequence[str | Path], source_url: str | None = None) -> str | None:
    """Do the run if nothing is new: note that the files were seen again. Returns its id; None when there is work to do.

    The caller holds the writer's lock. New files are left to the run proper, as are documents to be read again and
    whatever cannot be read or written. Raises archive.InputError as `intake.take_in` does.
    """
    import duckdb

    if not home.warehouse.exists() or not home.published.exists():
        return None
    try:
        return _note_seen(home, paths, source_url)
    except (OSError, duckdb.IOException):
        return None


def _note_seen(home: Home, paths: Sequence[str | Path], source_url: str | None) -> str | None:
    import duckdb

    run_id = str(uuid.uuid4())
    con = duckdb.connect(str(home.warehouse))
    try:
        if not schema.is_current(con) or not up_to_date(home, con) or intake.queue(home, con)[1]:
            return None
        seen = _seen_before(home, con, intake.chosen(home, paths), source_url)
        if seen is None:
            return None
        con.begin()
        loading.start_run(con, run_id)
        loading.see(con, seen)
        loading.note_provenance(con, seen)
        if not up_to_date(home, con):  # a manifest tells something new of them
            con.rollback()
            return None
        counts = loading.table_counts(con)
        loading.note_run(
            con,
            run_id,
            **loading.arrived_since(con, run_id),
            **{t: counts[t] for t in ("documents", "figures", "form_rows")},
        )
        loading.finish_run(con, run_id, "unchanged", UP_TO_DATE)
        con.commit()
    finally:
        con.close()
    return run_id


def _seen_before(
    home: Home, con: duckdb.DuckDBPyConnection, paths: Sequence[Path], source_url: str | None
) -> list[Source] | None:
    """The files, if each of them is a document or in quarantine for the same reason already."""
    progress.current().stage("archive", None)
    documents = {sha for (sha,) in con.execute("select document_sha256 from raw.documents").fetchall()}
    reasons = loading.refused_reasons(con)
    seen: list[Source] = []
    refused: list[Refused] = []
    for arrived in intake.take_in(home, paths, source_url):
        if isinstance(arrived, Refused):
            if reasons.get(arrived.source.sha256) != arrived.reason:
                return None
            seen.append(arrived.source)
            refused.append(arrived)
        elif arrived.sha256 in documents or arrived.sha256 in reasons:
            seen.append(arrived)
        else:
            return None
        progress.current().step(seen[-1].name)
    return None if intake.settled(seen, refused, reasons) else seen
