"""A run's guards look at the rows that have not passed them; by themselves they look at all."""

from __future__ import annotations

import duckdb
import pytest

from dagster_project import modelling, validation
from dagster_project.warehouse import checked, sql
from dagster_project.warehouse.checked import Guard
from dagster_project.warehouse.home import Home

ONE_ROW = "(select min(expenditure_key) from marts.fct_expenditure)"


def break_a_row(home: Home) -> None:
    """The two units of one amount disagree, which a dbt test and an expectation guard."""
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(f"update marts.fct_expenditure set amount_wan = amount_wan + 1 where expenditure_key = {ONE_ROW}")


def forget_a_row(home: Home, guard: Guard) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "delete from raw.checked where guard = ? and fingerprint = "
            f"(select build_fingerprint from marts.fct_expenditure where expenditure_key = {ONE_ROW})",
            [guard],
        )


def dbt_test(home: Home, project: str = "") -> modelling.Build:
    return modelling.invoke(
        home,
        ["test", "--select", "assert_amounts_in_both_units_agree", "unique_fct_expenditure_expenditure_key"],
        checked_project=project,
    )


def expectations(home: Home, project: str) -> validation.SuiteResult:
    (file,) = [s for s in validation.suites() if s.name == "marts.fct_expenditure"]
    with duckdb.connect(str(home.warehouse)) as con:
        found = checked.unchecked(con, Guard.MART_EXPECTATIONS, project, [(file.schema, file.table)])
    (result,) = validation.validate(
        home.warehouse, [file], None, {file.name: next(iter(found.values()))} if found else {}
    )
    return result


def look_up_what_passed(home: Home, project: str) -> None:
    """What a run does before its tests: the models with the fingerprints say which have passed."""
    names = ["int_documents_to_build", "int_facts_to_build", "int_rules_to_apply"]
    assert modelling.invoke(home, ["run", "--select", *names], checked_project=project).ok


def test_dbt_tests_leave_out_what_passed_them(home: Home) -> None:
    project = modelling.project_fingerprint()
    break_a_row(home)
    assert not dbt_test(home).ok, "without a project, all rows"
    look_up_what_passed(home, project)
    assert not dbt_test(home, "another project").ok, "what passed tests of another project has not passed these"
    assert dbt_test(home, project).ok
    forget_a_row(home, Guard.TESTS)
    look_up_what_passed(home, project)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(f"insert into marts.fct_expenditure from marts.fct_expenditure where expenditure_key = {ONE_ROW}")
    failed = dbt_test(home, project)
    assert len(failed.failures) == 2, "a test in SQL and a generic one"


def test_expectations_leave_out_what_passed_them(home: Home) -> None:
    project = modelling.project_fingerprint()
    break_a_row(home)
    everything = expectations(home, "another project")
    assert not everything.passed
    of_news = expectations(home, project)
    assert (of_news.passed, of_news.rows) == (True, 0)
    forget_a_row(home, Guard.MART_EXPECTATIONS)
    found = expectations(home, project)
    assert not found.passed
    assert 0 < found.rows < everything.rows


@pytest.mark.parametrize("table", ["evidence", "figures", "documents"])
def test_raw_rows_of_a_document_that_is_read_again_have_passed_nothing(home: Home, table: str) -> None:
    project = modelling.project_fingerprint()

    def rows() -> int:
        with duckdb.connect(str(home.warehouse)) as con:
            found = checked.unchecked(con, Guard.RAW_EXPECTATIONS, project, [("raw", table)])
            ((count,),) = con.execute(f"select count(*) from raw.{table} where {found['raw', table]}").fetchall()
        return int(count)

    assert rows() == 0
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "update raw.documents set ingested_at = ingested_at + interval 1 second "
            "where document_sha256 = (select min(document_sha256) from raw.documents)"
        )
        ((wanted,),) = con.execute(
            f"select count(*) from raw.{table} where document_sha256 = (select min(document_sha256) from raw.documents)"
        ).fetchall()
    assert rows() == wanted > 0


def test_a_table_without_fingerprints_is_looked_at_as_a_whole(home: Home) -> None:
    project = modelling.project_fingerprint()
    tables = [("marts", name) for name in ("dim_report", "department_year", "evidence")]
    with duckdb.connect(str(home.warehouse)) as con:
        assert set(checked.unchecked(con, Guard.MART_EXPECTATIONS, project, tables)) == {("marts", "evidence")}
        checked.forget(con, Guard.MART_EXPECTATIONS)
        assert not checked.unchecked(con, Guard.MART_EXPECTATIONS, project, tables)


def test_many_fingerprints_are_looked_for_in_the_tables(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    project = modelling.project_fingerprint()
    relation = ("marts", "fct_expenditure")
    forget_a_row(home, Guard.MART_EXPECTATIONS)
    with duckdb.connect(str(home.warehouse)) as con:
        listed = checked.unchecked(con, Guard.MART_EXPECTATIONS, project, [relation])[relation]
        monkeypatch.setattr(sql, "_LISTED", 0)
        asked = checked.unchecked(con, Guard.MART_EXPECTATIONS, project, [relation])[relation]
        counts = [
            con.execute(f"select count(*) from marts.fct_expenditure where {c}").fetchall() for c in (listed, asked)
        ]
    assert "select" in asked and "select" not in listed
    assert counts[0] == counts[1] != [(0,)]


def test_what_is_gone_has_passed_nothing(home: Home) -> None:
    project = modelling.project_fingerprint()
    with duckdb.connect(str(home.warehouse)) as con:
        ((before,),) = con.execute("select count(*) from raw.checked where guard = 'tests'").fetchall()
        con.execute(f"insert into raw.checked values ('{Guard.TESTS}', '{project}', 'gone')")
        checked.note(con, Guard.TESTS, project)
        assert con.execute("select count(*) from raw.checked where guard = 'tests'").fetchall() == [(before,)]


def test_what_a_build_of_the_same_project_has_to_do() -> None:
    known = modelling.manifest()
    moving = set(modelling.moving_nodes(known))
    kinds = {n["name"]: (n["resource_type"], n["config"]["materialized"]) for n in known["nodes"].values()}
    left_out = {name for name in kinds if name not in moving and kinds[name][0] != "operation"}
    assert {"fct_expenditure", "dim_indicator", "unique_fct_expenditure_expenditure_key"} <= moving
    assert {"accounts", "rule_weights", "stg_reports__figures", "unique_accounts_account_code"} <= left_out
    assert all(kinds[n][0] in ("seed", "test") or kinds[n][1] == "view" for n in left_out)


def test_dbt_builds_just_that(home: Home) -> None:
    known = modelling.manifest()
    words = ["build", "--exclude-resource-type", "unit_test", *modelling.without_still_nodes(known)]
    build = modelling.invoke(home, words, checked_project=modelling.project_fingerprint())
    assert build.ok
    assert sorted(e["data"]["node_info"]["node_name"] for e in build.events) == modelling.moving_nodes(known)
