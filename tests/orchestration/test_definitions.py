"""The asset graph, its checks, and when it runs: names are a contract with the people who operate it."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import assets, automation, checks, modelling, validation
from dagster_project.definitions import defs
from dagster_project.warehouse import schema
from dagster_project.warehouse.home import Home

MARTS = {
    "dim_department", "dim_year", "dim_account", "dim_indicator", "dim_project", "dim_report", "evidence",
    "fct_expenditure", "fct_kpi_score", "fct_operation", "fct_reconciliation", "report_finding", "department_year",
}  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> dg.AssetGraph:  # type: ignore[name-defined]
    return defs.resolve_asset_graph()


def test_definitions_are_valid() -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_contract_s_marts_are_assets(graph: object) -> None:
    keys = {k.to_user_string() for k in graph.get_all_asset_keys()}  # type: ignore[attr-defined]
    assert {f"marts/{m}" for m in MARTS} <= keys
    assert {f"raw/{t.name}" for t in schema.TABLES} <= keys
    assert {"archive", "published"} <= keys


def test_every_check_has_its_asset(graph: object) -> None:
    """Dagster says nothing about a check of an asset that does not exist."""
    keys = graph.get_all_asset_keys()  # type: ignore[attr-defined]
    for check in graph.asset_check_keys:  # type: ignore[attr-defined]
        assert check.asset_key in keys, check


def test_every_suite_is_a_blocking_check(graph: object) -> None:
    wanted = {dg.AssetCheckKey(dg.AssetKey([s.schema, s.table]), "expectations") for s in validation.suites()}
    assert wanted
    assert wanted <= graph.asset_check_keys  # type: ignore[attr-defined]
    for check in (checks.mart_expectations, checks.raw_expectations, checks.nothing_lost, checks.quotes_in_place):
        assert all(spec.blocking for spec in check.check_specs)


def test_raw_tables_flow_into_models_and_marts_into_the_publication(graph: object) -> None:
    parents = graph.get(dg.AssetKey(["staging", "stg_reports__figures"])).parent_keys  # type: ignore[attr-defined]
    assert parents == {dg.AssetKey(["raw", "figures"])}
    assert graph.get(dg.AssetKey(["raw", "figures"])).parent_keys == {assets.ARCHIVE}  # type: ignore[attr-defined]
    published = graph.get(assets.PUBLISHED).parent_keys  # type: ignore[attr-defined]
    assert {dg.AssetKey(["marts", m]) for m in MARTS} <= published


def test_every_asset_has_group_owner_and_description(graph: object) -> None:
    for key in graph.get_all_asset_keys():  # type: ignore[attr-defined]
        node = graph.get(key)  # type: ignore[attr-defined]
        assert node.group_name not in (None, "default"), key
        assert node.owners, key
        assert node.description, key


def test_names_of_job_schedules_and_sensor() -> None:
    assert defs.resolve_job_def("jixiao").name == "jixiao"
    schedules = {s.name: s.cron_schedule for s in (automation.daily, automation.weekly_full_recheck)}
    assert schedules == {"daily": "30 2 * * *", "weekly_full_recheck": "0 4 * * 0"}
    assert automation.inbox.name == "inbox"


def test_nothing_runs_by_itself_until_switched_on() -> None:
    assert automation.daily.default_status == dg.DefaultScheduleStatus.STOPPED
    assert automation.weekly_full_recheck.default_status == dg.DefaultScheduleStatus.STOPPED
    assert automation.inbox.default_status == dg.DefaultSensorStatus.STOPPED


def test_run_config(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert automation.run_config(
        home, ["a", "b"], source_url="https://example.org", workers=2, full_refresh=True, wait_seconds=5
    ) == {
        "ops": {"archive": {"config": {"paths": ["a", "b"], "source_url": "https://example.org"}}},
        "resources": {
            "warehouse": {"config": {"home": str(tmp_path), "full_refresh": True, "workers": 2, "wait_seconds": 5.0}}
        },
    }
    assert automation.run_config(home) == {
        "ops": {"archive": {"config": {"paths": []}}},
        "resources": {"warehouse": {"config": {"home": str(tmp_path), "full_refresh": False}}},
    }


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    for file, age in ((old, 60), (new, 1)):
        file.write_text("x")
        os.utime(file, (1000 - age, 1000 - age))
    assert automation.settled([old, new], now=1000) == [old]


def test_inbox_state_follows_content_changes(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    before = automation.inbox_state([file])
    assert automation.inbox_state([file]) == before
    file.write_text("xy")
    assert automation.inbox_state([file]) != before


def test_the_sensor_runs_once_for_a_state_of_the_inbox(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_HOME", str(empty_home.root))

    def look(cursor: str | None) -> object:
        with dg.DagsterInstance.ephemeral() as instance:
            return automation.inbox(dg.build_sensor_context(instance=instance, cursor=cursor, definitions=defs))

    assert isinstance(look(None), dg.SkipReason)
    file = empty_home.inbox / "report.txt"
    file.write_text("x")
    assert "still being written" in str(look(None))
    os.utime(file, (1000, 1000))
    result = look(None)
    assert isinstance(result, dg.SensorResult)
    assert result.run_requests is not None
    assert result.run_requests[0].run_config["ops"]["archive"]["config"]["paths"] == [str(file)]
    assert isinstance(look(result.cursor), dg.SkipReason)


def test_project_fingerprint_follows_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = modelling.project_fingerprint()
    assert modelling.project_fingerprint() == before
    (tmp_path / "new_rule.sql").write_text("select 1")
    monkeypatch.setattr(modelling, "EXPECTATIONS", tmp_path)
    assert modelling.project_fingerprint() != before
