"""A data engineer's first hour: `jixiao dev`, the sensor, three files of which one is broken, a backfill of one year.

Opt-in (make torture): it takes minutes on a busy machine. JIXIAO_PICTURES=DIR keeps what the browser saw.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.warehouse.home import BUNDLED_REPORTS, PROJECT_ROOT, Home
from tests.support import browser

pytestmark = [pytest.mark.torture, pytest.mark.timeout(1200)]

REPOSITORY = {"repositoryName": "__repository__", "repositoryLocationName": "dagster_project.definitions"}


class Dagster:
    """The GraphQL interface that the UI itself uses."""

    def __init__(self, port: int, home: Home) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.home = home

    def ask(self, query: str, **variables: Any) -> Any:
        """One query. Raises OSError while the server is not there, AssertionError with the server's errors."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.load(answer)
        assert "errors" not in told, told
        return told["data"]

    def runs(self) -> list[dict[str, Any]]:
        """All runs, newest first."""
        found = self.ask("{ runsOrError { ... on Runs { results { runId status jobName tags { key value } } } } }")
        return [{**r, "tags": {t["key"]: t["value"] for t in r["tags"]}} for r in found["runsOrError"]["results"]]

    def finished(self, count: int) -> dict[str, Any]:
        """The newest run, once `count` runs have ended."""

        def ended() -> list[dict[str, Any]] | None:
            runs = self.runs()
            done = [r for r in runs if r["status"] in ("SUCCESS", "FAILURE", "CANCELED")]
            return runs if len(runs) == len(done) == count else None

        return until(ended, 480, f"{count} ended runs")[0]

    def asset(self, *key: str) -> dict[str, Any]:
        """An asset's last materialization: label -> value of its metadata."""
        found = self.ask(
            """query ($key: AssetKeyInput!) { assetOrError(assetKey: $key) { ... on Asset {
              assetMaterializations(limit: 1) { metadataEntries { label
                ... on MarkdownMetadataEntry { mdStr } ... on IntMetadataEntry { intValue }
                ... on TableColumnLineageMetadataEntry { lineage { columnName } } } } } } }""",
            key={"path": list(key)},
        )
        (last,) = found["assetOrError"]["assetMaterializations"]
        return {e["label"]: e.get("mdStr", e.get("intValue", e.get("lineage"))) for e in last["metadataEntries"]}


def until(look: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(1)
    raise AssertionError(f"{what} not within {seconds} s")


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    """`jixiao dev` on an empty home."""
    home = Home(tmp_path_factory.mktemp("dev") / "home").prepare()
    port = browser.free_port()
    command = [sys.executable, "-m", "dagster_project", "dev", "--home", str(home.root), "--port", str(port)]
    with (home.root.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            server = Dagster(port, home)

            def answers() -> bool:
                assert process.poll() is None, (home.root.parent / "log").read_text()
                try:
                    return bool(server.ask("{ version }"))
                except OSError:
                    return False

            until(answers, 180, "the UI")
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("JIXIAO_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def drop(home: Home, *files: tuple[str, bytes]) -> None:
    for name, data in files:
        file = home.inbox / name
        file.write_bytes(data)
        os.utime(file, (time.time() - 3600,) * 2)


# the fingerprint holds when a document was read
FACTS = "select * exclude (build_fingerprint) from marts.fct_expenditure order by all"


def published(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.published), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_from_the_sensor_to_the_marts(dagster: Dagster) -> None:
    home = dagster.home
    started = dagster.ask(
        "mutation ($s: SensorSelector!) { startSensor(sensorSelector: $s) { __typename"
        " ... on Sensor { sensorState { status } } } }",
        s={**REPOSITORY, "sensorName": "inbox"},
    )
    assert started["startSensor"]["sensorState"]["status"] == "RUNNING"
    reports = sorted(BUNDLED_REPORTS.glob("*.docx")) + sorted(BUNDLED_REPORTS.glob("*.html"))
    whole = [(f.name, f.read_bytes()) for f in reports[:2]]
    assert len(whole) == 2
    drop(home, *whole, ("cut.pdf", b"%PDF-1.7\n" + b"0" * 200))
    run = dagster.finished(1)
    assert run["status"] == "SUCCESS"
    assert run["jobName"] == "jixiao"
    assert run["tags"]["jixiao/trigger"] == "inbox"
    assert run["tags"]["jixiao/files"] == "3"

    quarantine = dagster.asset("raw", "quarantine")
    assert "cut.pdf" in quarantine["files"]
    assert "damaged" in quarantine["by reason"]
    documents = dagster.asset("raw", "documents")
    assert documents["read_now"] == 2
    assert all(name in documents["read in this run"] for name, _ in whole)
    rows = published(home, "select count(*) from marts.fct_expenditure")[0][0]
    expenditure = dagster.asset("marts", "fct_expenditure")
    assert expenditure["dagster/row_count"] == rows > 0
    lineage = {c["columnName"] for c in expenditure["dagster/column_lineage"]}
    assert {"amount_yuan", "evidence_key"} <= lineage
    assert "preview of department_year" in dagster.asset("published")

    checks = dagster.ask(
        """{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks { name
             executionForLatestMaterialization { status } } } } } }"""
    )
    outcomes = [
        (node["assetKey"]["path"][-1], c["name"], (c["executionForLatestMaterialization"] or {}).get("status"))
        for node in checks["assetNodes"]
        for c in node["assetChecksOrError"].get("checks", [])
    ]
    assert len(outcomes) > 100
    assert {status for *_, status in outcomes} == {"SUCCEEDED"}, [o for o in outcomes if o[2] != "SUCCEEDED"]


def test_one_year_is_backfilled(dagster: Dagster) -> None:
    home = dagster.home
    before = dict(published(home, "select document_name, ingested_at from metadata.documents"))
    facts = published(home, FACTS)
    year = published(home, "select fiscal_year from metadata.documents order by all limit 1")[0][0]
    concerned = {
        n for (n,) in published(home, f"select document_name from metadata.documents where fiscal_year = {year}")
    }
    runs = len(dagster.runs())
    told = dagster.ask(
        """mutation ($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) { __typename
             ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }""",
        p={
            "selector": {"partitionSetName": "re_extract_partition_set", "repositorySelector": REPOSITORY},
            "partitionNames": [str(year)],
            "tags": [],
        },
    )
    assert told["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess", told
    until(lambda: len(dagster.runs()) > runs, 120, "the backfill's run")
    run = dagster.finished(runs + 1)
    assert (run["status"], run["jobName"]) == ("SUCCESS", "re_extract")
    # a backfill of several years is one run: the tag is of a range
    assert str(year) in (run["tags"].get("dagster/partition"), run["tags"].get("dagster/asset_partition_range_start"))
    after = dict(published(home, "select document_name, ingested_at from metadata.documents"))
    assert {name for name in after if after[name] != before[name]} == concerned
    assert published(home, FACTS) == facts


@pytest.mark.skipif(bool(browser.installed()), reason=browser.installed() or "")
def test_the_graph_is_drawn(dagster: Dagster, tmp_path: Path, pictures: Path) -> None:
    with browser.browser(tmp_path, 1600, 900) as window:
        window.open(f"{dagster.address}/asset-groups")
        window.wait_text("publication", 120)
        window.wait_text("marts", 30)
        window.wait("return document.querySelectorAll('svg path').length > 20", seconds=60, what="the graph's lines")
        window.wait(
            "return !document.body.innerText.includes('fetching statuses')", seconds=60, what="the groups' statuses"
        )
        time.sleep(5)  # it moves into its place
        window.picture(pictures / "asset-graph.png")
        window.open(f"{dagster.address}/assets/raw/quarantine")
        window.wait_text("by reason", 120)
        window.run(
            "[...document.querySelectorAll('*')].find(e => e.children.length == 0 && e.textContent == 'by reason')"
            ".scrollIntoView({block: 'center'})"
        )
        window.picture(pictures / "quarantine.png")
        assert not window.strangers()
