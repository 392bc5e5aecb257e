"""dbt's tests asked of DuckDB as dbt compiled them tell what dbt tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import compiled_tests, modelling
from dagster_project.compiled_tests import CompiledTest
from dagster_project.warehouse.home import Home
from tests.warehouse.test_checked import ONE_ROW, break_a_row


def told(build: modelling.Build) -> dict[str, tuple[str, str]]:
    """By node: what kind of event told of it, and its status."""
    return {
        e["data"]["node_info"]["unique_id"]: (e["info"]["name"], e["data"]["node_info"]["node_status"])
        for e in build.events
    }


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[CompiledTest]:
    """The tests that are kept for the next run, empty at first."""
    tests: list[CompiledTest] = []
    monkeypatch.setattr(compiled_tests, "kept", lambda _: list(tests))
    monkeypatch.setattr(compiled_tests, "keep", lambda _, made: tests.extend(made))
    return tests


def test_they_tell_what_dbt_tells(home: Home, kept: list[CompiledTest]) -> None:
    project = modelling.project_fingerprint()
    by_dbt = modelling.build_news(home, project)
    tests = [n for n in modelling.moving_nodes(modelling.manifest()) if n in {t.name for t in kept}]
    assert by_dbt.ok
    assert len(tests) == len(kept) > 100, "dbt compiled them all"
    heard: list[str] = []
    asked = modelling.build_news(home, project, lambda name, _: heard.append(name))
    assert asked.ok
    assert told(asked) == told(by_dbt)
    assert asked.counts == by_dbt.counts
    assert sorted(heard) == modelling.moving_nodes(modelling.manifest())


def test_what_fails_with_dbt_fails_when_asked(home: Home, kept: list[CompiledTest]) -> None:
    project = modelling.project_fingerprint()
    assert modelling.build_news(home, project).ok
    break_a_row(home)
    asked = modelling.build_news(home, project)
    assert asked.ok, "that row has passed its tests, as a run takes it"
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "delete from raw.checked where guard = 'tests' and fingerprint = "
            f"(select build_fingerprint from marts.fct_expenditure where expenditure_key = {ONE_ROW})"
        )
    asked = modelling.build_news(home, project)
    kept.clear()
    by_dbt = modelling.build_news(home, project)
    assert not kept, "tests of a build that failed are not kept"
    assert asked.failures == by_dbt.failures
    assert "assert_amounts_in_both_units_agree: Got 1 result, configured to fail if != 0" in asked.failures[0]


def made_up(sql: str, severity: str = "error", error_if: str = "!= 0") -> CompiledTest:
    event: dict[str, Any] = {"info": {"name": "LogTestResult"}, "data": {"node_info": {"unique_id": "test.a"}}}
    return CompiledTest("a", sql, "count(*)", severity, "!= 0", error_if, event)


@pytest.mark.parametrize(
    ("test", "status", "message"),
    [
        (made_up("select 1 where false"), "pass", ""),
        (made_up("select 1"), "fail", "Got 1 result, configured to fail if != 0"),
        (made_up("from range(3)"), "fail", "Got 3 results, configured to fail if != 0"),
        (made_up("from range(3)", error_if="> 3"), "warn", "Got 3 results, configured to warn if != 0"),
        (made_up("from range(4)", error_if="> 3"), "fail", "Got 4 results, configured to fail if > 3"),
        (made_up("from range(3)", "warn"), "warn", "Got 3 results, configured to warn if != 0"),
        (made_up("from nowhere"), "error", "nowhere"),
        (made_up("select 1 -- with a comment at its end"), "fail", "Got 1 result, configured to fail if != 0"),
    ],
)
def test_outcomes_follow_the_rules_of_dbt(test: CompiledTest, status: str, message: str) -> None:
    with duckdb.connect() as con:
        (outcome,) = compiled_tests.ask(con, [test])
    assert outcome.status == status
    assert message in outcome.message
    assert outcome.event["data"]["node_info"]["node_status"] == status
    assert outcome.event["data"]["node_info"]["unique_id"] == "test.a"


def test_kept_tests_come_back_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "tests.json"
    tests = [made_up("select '万元'"), made_up("select 2", "warn")]
    assert compiled_tests.kept(file) == []
    compiled_tests.keep(file, tests)
    assert compiled_tests.kept(file) == tests
    file.write_text('[{"name": "of another version"}]')
    assert compiled_tests.kept(file) == []
    file.write_text("cut off [")
    assert compiled_tests.kept(file) == []
    compiled_tests.keep(tmp_path / "no such folder" / "tests.json", tests)  # dbt runs them again next time
