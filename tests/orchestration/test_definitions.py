"""The asset graph, its checks, and when it runs: names are a contract with the people who operate it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import assets, checks, modelling, validation
from dagster_project.definitions import defs
from dagster_project.retrying import RETRIES
from dagster_project.warehouse import schema

SNAPSHOT = Path(__file__).parent / "snapshot" / "names.json"
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
    assert graph.get(dg.AssetKey(["raw", "figures"])).parent_keys == {  # type: ignore[attr-defined]
        assets.ARCHIVE,
        assets.RE_EXTRACTION,
    }
    published = graph.get(assets.PUBLISHED).parent_keys  # type: ignore[attr-defined]
    assert {dg.AssetKey(["marts", m]) for m in MARTS} <= published


def test_every_asset_has_group_owner_and_description(graph: object) -> None:
    for key in graph.get_all_asset_keys():  # type: ignore[attr-defined]
        node = graph.get(key)  # type: ignore[attr-defined]
        assert node.group_name not in (None, "default"), key
        assert node.owners, key
        assert node.description, key


def names(graph: object) -> dict[str, object]:
    """What operators know by name: assets with parents, checks, jobs with their assets, schedules, sensors."""
    keys = sorted(graph.get_all_asset_keys())  # type: ignore[attr-defined]
    repository, job = defs.get_repository_def(), defs.resolve_job_def
    return {
        "assets": {
            k.to_user_string(): sorted(p.to_user_string() for p in graph.get(k).parent_keys)  # type: ignore[attr-defined]
            for k in keys
        },
        "checks": sorted(f"{c.asset_key.to_user_string()}: {c.name}" for c in graph.asset_check_keys),  # type: ignore[attr-defined]
        "left out of jobs": {
            name: sorted(k.to_user_string() for k in set(keys) - set(job(name).asset_layer.selected_asset_keys))
            for name in ("jixiao", "re_extract")
        },
        "schedules": {s.name: [s.cron_schedule, s.execution_timezone, s.job_name] for s in repository.schedule_defs},
        "sensors": sorted(s.name for s in repository.sensor_defs),
    }


def test_the_graph_is_as_it_was(graph: object) -> None:
    """A change here is a change for those who operate it: JIXIAO_UPDATE_SNAPSHOT=1 writes it, a person reads the diff."""
    found = json.loads(json.dumps(names(graph)))
    if os.environ.get("JIXIAO_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    kept = json.loads(SNAPSHOT.read_text("utf-8"))
    for part in kept:
        assert found[part] == kept[part], f"{part}: set JIXIAO_UPDATE_SNAPSHOT=1 when this is meant"
    assert found.keys() == kept.keys()


def test_steps_are_retried_where_something_can_pass() -> None:
    for asset in (assets.archive, assets.re_extraction, assets.raw, assets.published):
        assert asset.op.retry_policy == RETRIES, asset


def test_what_should_be_fresh(graph: object) -> None:
    """Every day something looks at the inbox; every week the marts are published anew."""
    assert assets.FRESH.fail_window > assets.FRESH.warn_window
    policies = {
        k.to_user_string(): graph.get(k).freshness_policy  # type: ignore[attr-defined]
        for k in (assets.ARCHIVE, assets.PUBLISHED)
    }
    assert policies == {"archive": assets.FRESH, "published": assets.PUBLISHED_FRESH}


def test_columns_of_models_are_described(graph: object) -> None:
    for mart in MARTS:
        columns = graph.get(dg.AssetKey(["marts", mart])).metadata["dagster/column_schema"].columns  # type: ignore[attr-defined]
        assert columns
        assert all(c.type != "?" and c.description for c in columns), mart


def test_project_fingerprint_follows_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = modelling.project_fingerprint()
    assert modelling.project_fingerprint() == before
    (tmp_path / "new_rule.sql").write_text("select 1")
    monkeypatch.setattr(modelling, "EXPECTATIONS", tmp_path)
    assert modelling.project_fingerprint() != before
