"""The dbt project's own faults: undocumented tables and columns, missing key tests, layers skipped, rules without tests."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from dagster_project import modelling
from dagster_project.warehouse.home import DBT_PROJECT, REFERENCE

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2}")


def nodes(kind: str) -> list[Mapping[str, Any]]:
    return [n for n in modelling.manifest()["nodes"].values() if n["resource_type"] == kind]


def in_schema(*schemas: str) -> list[Mapping[str, Any]]:
    return [n for n in nodes("model") if n["schema"] in schemas]


def rules() -> list[dict[str, str]]:
    with (REFERENCE / "rules.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def unit_tests() -> list[Mapping[str, Any]]:
    files = sorted((DBT_PROJECT / "models" / "rules").glob("*.yml"))
    return [t for f in files for t in yaml.load(f.read_text("utf-8"), yaml.CSafeLoader).get("unit_tests", ())]


def models_of_rules() -> dict[str, str]:
    """rule: the model whose unit tests expect rows of it."""
    return {row["rule_code"]: t["model"] for t in unit_tests() for row in t["expect"]["rows"]}


def in_both_languages(text: str) -> bool:
    return bool(CHINESE.search(text) and ENGLISH.search(text))


@pytest.mark.parametrize("kind", ["model", "seed"])
def test_every_table_is_described_in_both_languages(kind: str) -> None:
    bare = [n["name"] for n in nodes(kind) if not in_both_languages(n["description"])]
    assert not bare


def test_every_column_of_a_mart_has_a_type_and_both_descriptions() -> None:
    faults = [
        f"{n['name']}.{name}"
        for n in in_schema("marts")
        for name, column in n["columns"].items()
        if not column["data_type"] or not in_both_languages(column["description"])
    ]
    assert not faults
    assert all(n["config"]["contract"]["enforced"] for n in in_schema("marts"))


def test_every_column_of_history_is_described_in_both_languages() -> None:
    faults = [
        f"{n['name']}.{name}"
        for n in in_schema("history")
        for name, column in n["columns"].items()
        if not in_both_languages(column["description"])
    ]
    assert not faults


def test_every_mart_has_a_key_that_is_tested() -> None:
    tested = {
        n["attached_node"]
        for n in nodes("test")
        if n.get("test_metadata") and n["test_metadata"]["name"] in ("unique", "unique_together")
    }
    assert not [n["name"] for n in in_schema("marts", "history") if n["unique_id"] not in tested]


def test_every_key_of_another_table_is_tested() -> None:
    keys = {"report_key", "department_key", "evidence_key", "project_key"}
    tested = {
        (n["attached_node"], n["column_name"])
        for n in nodes("test")
        if n.get("test_metadata") and n["test_metadata"]["name"] in ("relationships", "unique")
    }
    missing = [
        f"{n['name']}.{column}"
        for n in in_schema("marts")
        for column in keys & n["columns"].keys()
        if (n["unique_id"], column) not in tested
    ]
    assert not missing


def test_only_staging_reads_the_raw_tables() -> None:
    skipping = [
        n["name"]
        for n in nodes("model")
        if n["schema"] != "staging" and any(parent.startswith("source.") for parent in n["depends_on"]["nodes"])
    ]
    assert not skipping


def test_every_model_states_its_grain() -> None:
    without = [n["name"] for n in nodes("model") if "-- grain" not in n["raw_code"]]
    assert not without


def test_models_are_named_after_their_layer() -> None:
    prefixes = {"staging": "stg_", "intermediate": "int_", "rules": "rule_", "history": "history__"}
    misnamed = [n["name"] for n in nodes("model") if not n["name"].startswith(prefixes.get(n["schema"], ""))]
    assert not misnamed


def test_every_rule_is_made_by_a_model() -> None:
    parts = (REFERENCE / "sum_parts.csv").read_text(encoding="utf-8")
    models = "".join(n["raw_code"] for n in in_schema("rules"))
    for rule in rules():
        assert f"'{rule['rule_code']}'" in models or f"\n{rule['rule_code']}," in parts, rule["rule_code"]


@pytest.mark.parametrize("outcome", ["holds", "rounding", "fails", "not_applicable"])
def test_every_rule_has_a_unit_test_of_each_outcome(outcome: str) -> None:
    expected: dict[str, set[str]] = {}  # rule: outcomes
    silent = set()  # rules whose model, given nothing to compare, returns no row: the mart then says what is missing
    for unit_test in unit_tests():
        rows = unit_test["expect"]["rows"]
        for row in rows:
            expected.setdefault(row["rule_code"], set()).add(row["outcome"])
        if unit_test["name"].endswith("__not_applicable"):
            said = {row["rule_code"] for row in rows}
            silent |= {rule for rule, model in models_of_rules().items() if model == unit_test["model"]} - said
    without = {
        rule["rule_code"]
        for rule in rules()
        if outcome not in expected.get(rule["rule_code"], ())
        and not (outcome == "not_applicable" and rule["rule_code"] in silent)
        # whole numbers are not rounded, and a pair with two units is never in order
        and not (outcome == "rounding" and rule["tolerance"] == "0")
        and not (outcome == "holds" and rule["rule_code"] == "same_amount_same_unit")
    }
    assert not without


def test_the_union_of_rules_holds_every_rule_model() -> None:
    (union,) = [n for n in nodes("model") if n["name"] == "int_reconciliation"]
    turns = {"model.jixiao.int_rules_to_apply"}
    assert {n["unique_id"] for n in in_schema("rules")} | turns == set(union["depends_on"]["nodes"])


def test_a_project_that_is_read_ahead_is_for_one_invocation(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reads() -> str:
        read.append("once more")
        return f"manifest {len(read)}"

    monkeypatch.setattr(modelling, "_kept_manifest", reads)
    monkeypatch.setattr(modelling, "_ahead", [])
    modelling.load_ahead()
    modelling.load_ahead()
    assert modelling._next_manifest() == "manifest 1"
    assert modelling._next_manifest() == "manifest 2", "dbt changes what it was given"

    def fails() -> str:
        raise modelling.DbtError("it does not parse")

    monkeypatch.setattr(modelling, "_kept_manifest", fails)
    modelling.load_ahead()
    with pytest.raises(modelling.DbtError, match="does not parse"):
        modelling._next_manifest()


def test_no_test_asks_the_database_while_it_is_compiled() -> None:
    """Its SQL is kept for the next runs: dagster_project/compiled_tests.py."""
    macros = modelling.manifest()["macros"]

    def reached(names: list[str], known: frozenset[str] = frozenset()) -> frozenset[str]:
        for name in names:
            if name not in known:
                known = reached(macros[name]["depends_on"]["macros"], known | {name})
        return known

    asked = ["macro.jixiao.get_where_subquery", *(m for node in nodes("test") for m in node["depends_on"]["macros"])]
    used = reached(asked)
    assert "macro.jixiao.unchecked_rows" in used
    assert "macro.dbt.test_unique" in used
    for name in used:
        assert "run_query" not in macros[name]["macro_sql"], name
        assert "statement(" not in macros[name]["macro_sql"], name
