"""Runs as a whole: without news, with errors that pass and that do not, of one year, in a process a step."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import ingestion, intake, pipeline, standstill
from dagster_project.extraction import extract
from dagster_project.reading import model, read
from dagster_project.resources import PUBLISHED, end_of
from dagster_project.warehouse import archive, instance, loading, publishing
from dagster_project.warehouse.home import BUNDLED_REPORTS, PROJECT_ROOT, REFERENCE, Home
from dagster_project.warehouse.lock import writer

LOCKED = 'IO Error: Could not set lock on file "warehouse.duckdb": Conflicting lock is held in dbeaver (PID 5)'


def last_run(home: Home) -> tuple[Any, ...]:
    with duckdb.connect(str(home.warehouse)) as con:
        return con.execute("select outcome, message from raw.runs order by started_at desc limit 1").fetchall()[0]


# ---------------------------------------------------------------- without news


def test_a_run_without_news_starts_nothing(home: Home) -> None:
    """The seconds are in the imports: none of the engines is loaded."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom dagster_project import pipeline\n"
        "from dagster_project.warehouse.home import Home\n"
        f"done = pipeline.run(Home(Path({str(home.root)!r})), [{str(BUNDLED_REPORTS)!r}])\n"
        "heavy = {'dagster', 'dbt', 'great_expectations', 'pandas', 'pyarrow'} & set(sys.modules)\n"
        "print(done.outcome, done.files_seen, done.files_new, sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "unchanged 5 0 []\n"
    assert last_run(home) == ("unchanged", standstill.UP_TO_DATE)


def test_what_is_new_is_not_done_in_passing(home: Home, tmp_path: Path) -> None:
    report = tmp_path / "new.txt"
    report.write_text("x", "utf-8")
    with writer(home):
        assert standstill.run_without_news(home, [report]) is None
        assert standstill.run_without_news(home, [BUNDLED_REPORTS], "https://example.org/list") is None  # provenance
        with duckdb.connect(str(home.warehouse)) as con:
            loading.ask_again(con, [2022])
        assert standstill.run_without_news(home, [BUNDLED_REPORTS]) is None
    assert last_run(home)[0] == "published"


# -------------------------------------------------------- what is read again


def test_only_documents_of_a_format_whose_reader_has_changed_are_read_again(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        assert loading.waiting(con, ingestion.VERSIONS, readers=ingestion.READERS) == []
        revised = loading.waiting(con, ingestion.VERSIONS, readers={"pdf": "1.2"})
    assert [s.name.rsplit(".", 1)[-1] for s in revised] == ["pdf"]


def test_versions_of_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model.FORMAT_REVISIONS, "pdf", 2)
    assert model.reader_version("pdf") == f"{model.READER_VERSION}.2"
    assert model.reader_version("docx") == model.READER_VERSION
    assert ingestion.any_reader_version({"pdf": 2, "docx": 3}) == f"{model.READER_VERSION}+docx.3+pdf.2"


def test_a_new_label_is_a_new_extraction(tmp_path: Path) -> None:
    for name in ingestion.VOCABULARIES:
        (tmp_path / name).write_bytes((REFERENCE / name).read_bytes())
    before = ingestion.extractor_version(tmp_path)
    ingestion.extractor_version.cache_clear()
    assert before == ingestion.extractor_version()
    with (tmp_path / "account_labels.csv").open("a", encoding="utf-8") as file:
        file.write("新科目,other\n")
    ingestion.extractor_version.cache_clear()
    assert ingestion.extractor_version(tmp_path) != before


def test_the_extraction_opens_no_other_vocabulary() -> None:
    """In a process of its own, where nothing has been read yet."""
    program = (
        "import sys\nopened = set()\n"
        "sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == 'open' else None)\n"
        "from pathlib import Path\nfrom dagster_project.extraction import extract\nfrom dagster_project.reading import read\n"
        f"for f in Path({str(BUNDLED_REPORTS)!r}).iterdir():\n    extract(read(f.read_bytes(), f.name))\n"
        f"print(sorted({{Path(o).name for o in opened if Path(o).parent == Path({str(REFERENCE)!r})}}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    opened = set(json.loads(done.stdout.replace("'", '"')))
    assert opened, "nothing was looked at"
    assert opened <= set(ingestion.VOCABULARIES), opened - set(ingestion.VOCABULARIES)


def test_what_a_worker_sends_back_has_the_versions() -> None:
    file = next(BUNDLED_REPORTS.glob("*.txt"))
    from dagster_project.reading.worker import WorkItem

    got = ingestion.read_and_extract(file.read_bytes(), WorkItem("sha", file.name, file, str(file)))
    assert (got.reader_version, got.extraction.extractor_version) == ingestion.VERSIONS
    assert got.extraction.figures == extract(read(file.read_bytes(), file.name)).figures


# --------------------------------------------------------------- what goes wrong


class Fails:
    """A function that raises at its first calls."""

    def __init__(self, real: Callable[..., Any], error: Exception, times: int = 1) -> None:
        self.real, self.error, self.left, self.calls = real, error, times, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls <= self.left:
            raise self.error
        return self.real(*args, **kwargs)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.txt"
    file.write_text("没有单位", "utf-8")
    return file


def test_a_full_disk_is_said_so_and_not_tried_again(home: Home, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Fails(archive._write, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x"), 99)
    monkeypatch.setattr(archive, "_write", full)
    before = home.published.read_bytes()
    summary = pipeline.run(home, [report])
    assert summary.outcome == "failed"
    assert "the disk is full" in summary.failures[0]
    assert home.published.read_bytes() == before


def test_what_a_step_failed_of_is_in_the_run_s_row(home: Home, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Fails(loading.see, OSError(errno.EROFS, os.strerror(errno.EROFS), "warehouse.duckdb"), 99)
    monkeypatch.setattr(loading, "see", failing)
    assert pipeline.run(home, [report]).outcome == "failed"
    assert failing.calls == 1
    outcome, message = last_run(home)
    assert outcome == "failed"
    assert message.startswith("archive: it may not be written")


def test_a_full_disk_before_the_first_step(home: Home, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = duckdb.IOException('IO Error: Could not write file "warehouse.duckdb.wal": No space left on device')
    monkeypatch.setattr(loading, "start_run", Fails(loading.start_run, full, 99))
    summary = pipeline.run(home, [report])
    assert summary.outcome == "failed"
    assert summary.failures[0].startswith("the disk is full"), summary.failures


def test_a_lock_passes_and_the_step_goes_on(home: Home, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = Fails(loading.see, duckdb.IOException(LOCKED))
    monkeypatch.setattr(loading, "see", locked)
    summary = pipeline.run(home, [report])
    assert locked.calls == 2
    assert summary.outcome == "published", summary.failures
    assert [q.reason for q in summary.quarantined] == ["unidentified"]


@pytest.mark.parametrize("reason", ["extraction_failed", "needs_libreoffice", "damaged"])
def test_a_fault_of_the_program_loses_no_report(home: Home, monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """A new version that cannot read what the one before could: only what is about the bytes takes the report away."""
    import dagster as dg

    from dagster_project import assets
    from dagster_project.resources import Warehouse
    from dagster_project.spark.resource import SparkEngine

    def failing(
        sources: dict[str, Any], files: dict[str, Path], workers: int | None = None
    ) -> Iterator[loading.Refused]:
        for sha in files:
            yield loading.Refused(sources[sha], reason, "no luck", *ingestion.VERSIONS)

    monkeypatch.setattr(assets, "stage", failing)
    warehouse = Warehouse(home=str(home.root))
    warehouse._run_id = "again"
    with warehouse.connect() as con:
        loading.start_run(con, "again")
        asked = loading.ask_again(con, range(2000, 2100))
    assert asked == 5
    assets._extract_and_load(dg.build_asset_context(), warehouse, SparkEngine())
    with warehouse.connect() as con:
        counts = loading.table_counts(con)
        told = con.execute("select message from raw.runs where run_id = 'again'").fetchall()[0][0]
        loading.close_open_run(con, "again", "failed", "dbt: no memory")
        failed = con.execute("select message from raw.runs where run_id = 'again'").fetchall()[0][0]
    lost = reason == "damaged"
    assert (counts["documents"], counts["quarantine"]) == ((0, 5) if lost else (5, 0))
    assert bool(counts["figures"]) is not lost
    assert told == (None if lost else f"{loading.KEPT} 5 documents that could not be read again, the first: no luck")
    assert failed.startswith("dbt: no memory")


def test_the_publication_is_drafted_beside_the_last_checks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project.resources import Warehouse

    warehouse = Warehouse(home=str(home.root))
    with warehouse.drafting():  # a run of some assets only has no publication
        pass
    assert warehouse.take_draft() is None
    warehouse._is_whole_job = True
    before = publishing.published_fingerprint(home)
    with warehouse.drafting(), duckdb.connect(str(home.warehouse), read_only=True):
        pass
    drafted = warehouse.take_draft()
    assert drafted is not None
    assert drafted.build.exists()
    assert publishing.published_fingerprint(home) == before
    publishing.discard(home)

    begun = threading.Event()

    def endless(
        _home: Home, _about: object, opened: Callable[[duckdb.DuckDBPyConnection], None], _copied: object
    ) -> None:
        con = duckdb.connect()
        opened(con)
        begun.set()
        con.execute(
            "select count(*) from range(100000000000) as a, range(1000) as b where random() < a.range"
        ).fetchall()

    monkeypatch.setattr(publishing, "draft", endless)
    with pytest.raises(KeyboardInterrupt), warehouse.drafting():
        assert begun.wait(30)
        time.sleep(0.5)
        raise KeyboardInterrupt
    assert warehouse.take_draft() is None


def test_expectations_and_draft_begin_while_dagster_is_told_what_was_built(home: Home) -> None:
    from dagster_project.resources import Warehouse
    from dagster_project.validation import SuiteResult

    warehouse = Warehouse(home=str(home.root))
    found = [SuiteResult("marts.dim_year", 3, 1, ())]
    warehouse.look_ahead(lambda: found)
    assert warehouse.looked() is None, "a run of some assets looks when its check is due"
    warehouse._is_whole_job = True
    warehouse.look_ahead(lambda: found)
    assert warehouse.looked() == found
    assert (drafted := warehouse.take_draft()) is not None
    assert drafted.build.exists()
    assert warehouse.looked() is None, "told once"

    def breaks() -> list[SuiteResult]:
        raise ValueError("no answer")

    warehouse.look_ahead(breaks)
    with pytest.raises(ValueError, match="no answer"):
        warehouse.looked()
    warehouse.look_ahead(lambda: found)
    warehouse._abandon()
    assert warehouse.looked() is None
    publishing.discard(home)
    with warehouse.connect():
        pass  # nobody holds the database any more


def test_the_publication_in_place_is_copied_ahead(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project.resources import Warehouse

    def beside() -> set[str]:
        return {p.name for p in home.published_folder.rglob(".*build*")}

    warehouse = Warehouse(home=str(home.root))
    warehouse.copy_ahead()
    assert not beside(), "a run of some assets has no publication"
    warehouse._is_whole_job = True
    warehouse.copy_ahead()
    warehouse._discard()
    assert not beside()

    begun: list[Home] = []
    begin = publishing.begin
    monkeypatch.setattr(publishing, "begin", lambda home: begun.append(home) or begin(home))
    warehouse.copy_ahead()
    with warehouse.drafting():
        pass
    assert len(begun) == 1, "the draft takes what was copied"
    drafted = warehouse.take_draft()
    assert drafted is not None
    assert drafted.changes == 1
    publishing.publish(home, "changed", {}, drafted)
    assert not beside()

    def full(_home: Home) -> None:
        begun.append(home)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "begin", full)
    warehouse.copy_ahead()
    with warehouse.drafting():
        pass
    assert warehouse.take_draft() is None
    assert len(begun) == 3, "what could not be copied ahead is tried once more when its turn has come"
    monkeypatch.setattr(publishing, "begin", begin)
    assert publishing.publish(home, "again", {}).rows["marts.dim_report"] > 0


def test_a_lost_warehouse_is_made_again_from_the_archive(home: Home) -> None:
    import dagster as dg

    from dagster_project import assets
    from dagster_project.resources import Warehouse

    with duckdb.connect(str(home.warehouse)) as con:
        before = {(s.sha256, s.name) for s in loading.waiting(con, ingestion.VERSIONS, everything=True)}
    home.warehouse.unlink()
    home.published.unlink()
    assert standstill.run_without_news(home, []) is None
    assert dg.materialize([assets.archive], resources={"warehouse": Warehouse(home=str(home.root))}).success
    with duckdb.connect(str(home.warehouse)) as con:
        again = loading.waiting(con, ingestion.VERSIONS)
        assert {(s.sha256, s.name) for s in again} == before
        assert len(before) == 5
        sources, files = intake.queue(home, con)
    assert len(files) == 5
    assert all(source.size_bytes == files[sha].stat().st_size for sha, source in sources.items())


def test_how_a_run_ends() -> None:
    import dagster as dg

    whole = dg.DagsterRun(job_name="jixiao")
    some = dg.DagsterRun(job_name="jixiao", asset_selection=frozenset({dg.AssetKey(["raw", "documents"])}))
    all_of_it = dg.DagsterRun(job_name="jixiao", asset_selection=frozenset({PUBLISHED}))
    for run, process_a_step, outcome in (
        (whole, False, "failed"),
        (None, False, "failed"),
        (all_of_it, False, "failed"),
        (some, False, "partial"),
        (some, True, "partial"),
    ):
        ended = end_of(run, process_a_step)
        assert ended
        assert ended[0] == outcome
    assert end_of(whole, True) is None


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_a_process_a_step(empty_home: Home) -> None:
    """Dagster's default executor: steps that could run side by side take turns at the lock."""
    config = empty_home.root / "config.json"
    reports = [str(f) for f in sorted(BUNDLED_REPORTS.iterdir())[:2]]
    config.write_text(
        json.dumps(
            {
                "ops": {"archive": {"config": {"paths": reports}}},
                "resources": {"warehouse": {"config": {"home": str(empty_home.root)}}},
            }
        )
    )
    command = [
        "-m",
        "dagster",
        "job",
        "execute",
        "-m",
        "dagster_project.definitions",
        "-j",
        "jixiao",
        "-c",
        str(config),
    ]
    environment = {
        **os.environ,
        "JIXIAO_EXECUTOR": "multiprocess",
        "JIXIAO_HOME": str(empty_home.root),
        "DAGSTER_HOME": str(instance.prepare(empty_home)),
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert 'Launching subprocess for "published"' in done.stderr
    assert last_run(empty_home)[0] == "published"
    with duckdb.connect(str(empty_home.published), read_only=True) as con:
        assert con.execute("select count(*) from marts.dim_report").fetchall() == [(2,)]
