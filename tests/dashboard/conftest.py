"""A served dashboard of the bundled reports, and a home whose report text is hostile to whoever renders it."""

from __future__ import annotations

import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dagster_project.dashboard import server
from dagster_project.warehouse.home import Home
from tests.support.browser import free_port

HOSTILE = "<img src=x onerror=\"document.title='owned'\">**bold** [a](http://evil.example/) $x$ =1+1"


@contextmanager
def serving(home: Home, log: Path) -> Iterator[str]:
    """The dashboard of a home as `jixiao dashboard` serves it; yields its address."""
    port = free_port()
    with (
        log.open("wb") as out,
        subprocess.Popen(server.command(port), env=server.environment(home), stdout=out, stderr=out) as process,
    ):
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).close()
                    break
                except OSError:
                    assert process.poll() is None, log.read_text(errors="replace")
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def served(built_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard of the bundled reports."""
    with serving(built_home, tmp_path_factory.mktemp("dashboard") / "server.log") as address:
        yield address


@pytest.fixture
def hostile_home(built_home: Home, tmp_path: Path) -> Home:
    """The bundled reports' marts with words that are Markdown, HTML, mathematics and a formula wherever text may stand."""
    home = Home(tmp_path / "hostile")
    home.prepare()
    shutil.copy(built_home.published, home.published)
    with duckdb.connect(str(home.published)) as con:
        for table, column in [
            ("marts.dim_department", "department_name"),
            ("marts.department_year", "department_name"),
            ("marts.dim_report", "title"),
            ("marts.dim_report", "document_name"),
            ("marts.evidence", "quote"),
            ("marts.evidence", "section"),
            ("marts.report_finding", "text"),
            ("marts.fct_reconciliation", "message_zh"),
            ("marts.fct_reconciliation", "message_en"),
            ("marts.fct_kpi_score", "level_3"),
            ("marts.dim_project", "project_name"),
            ("metadata.texts", "text"),
        ]:
            con.execute(f"update {table} set {column} = ? || coalesce({column}, '')", [HOSTILE])
        con.execute("update marts.dim_report set source_page = 'javascript:alert(1)', source_url = null")
    return home
