"""The warehouse built document by document is the one that a full refresh builds, row by row."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dagster_project import modelling
from dagster_project.warehouse import loading, publishing, schema
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.loading import Staged
from tests.warehouse.rows import figure, identity, staged

SCHEMAS = ("intermediate", "marts", "history")
# what the rules of one run are applied to, and say
OF_ONE_RUN = {
    "intermediate.int_rules_to_apply",
    "intermediate.int_rule_money",
    "intermediate.int_rule_operation",
    "intermediate.int_rule_form_rows",
    "intermediate.int_reconciliation",
}


def document(name: str, reported_on: date, project: str, amount: str, year: int = 2024) -> Staged:
    """A report with a project's amount, a total and a head count."""
    figures = (
        figure(1, amount, term="支出合计", label="支出合计", fiscal_year=year),
        figure(2, amount, term=None, label=project, project_name=project, part_of_figure_no=1, fiscal_year=year),
        figure(
            3,
            "28",
            kind="staff",
            term="在职人员",
            label="在职人员",
            unit="人",
            measure_term=None,
            written_decimals=0,
            fiscal_year=year,
        ),
    )
    one = staged(name, figures)
    who = identity(year=year)._replace(reported_on=reported_on)
    return replace(one, extraction=one.extraction._replace(identity=who))


def at(hour: int) -> datetime:
    """A time of arrival, as the raw tables hold it: UTC without zone."""
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)).replace(tzinfo=None)


def load(home: Home, documents: Sequence[Staged], arrived: datetime) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        schema.create(con)
        loading.load_batch(con, documents, arrived)


def build(home: Home, *flags: str) -> None:
    # models and vocabularies; their tests run in the pipeline's own tests
    result = modelling.invoke(home, ["build", "--exclude-resource-type", "unit_test", "test", *flags])
    assert result.ok, result.failures


def contents(home: Home) -> dict[str, list[str]]:
    """Every row of every built table, as text, sorted."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        names = con.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ? and table_type = 'BASE TABLE'",
            [list(SCHEMAS)],
        ).fetchall()
        found = {}
        for where, name in names:
            if f"{where}.{name}" in OF_ONE_RUN:
                continue
            described = con.execute(f'select column_name from (describe "{where}"."{name}") order by all').fetchall()
            columns = ", ".join(f'"{column}"' for (column,) in described)
            rows = con.execute(
                f'select cast(t as varchar) from (select {columns} from "{where}"."{name}") as t'
            ).fetchall()
            found[f"{where}.{name}"] = sorted(r for (r,) in rows)
        return found


FIRST = document("first.txt", date(2025, 3, 1), "公车办", "12.5")
OTHER_YEAR = document("other-year.txt", date(2024, 3, 1), "公务用车平台经费", "7.5", year=2023)
REISSUED = document("reissued.txt", date(2025, 5, 1), "公务用车运转经费", "13.5")


@pytest.fixture(scope="module")
def grown_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A warehouse that grew by three runs: a report, one of another year, and a new version of the first."""
    home = Home(tmp_path_factory.mktemp("grown")).prepare()
    for hour, one in enumerate((FIRST, OTHER_YEAR, REISSUED)):
        load(home, [one], at(hour))
        build(home)
    return home


@pytest.fixture
def grown(grown_once: Home, tmp_path: Path) -> Home:
    """A copy of it, to build on."""
    shutil.copytree(grown_once.root, tmp_path / "grown")
    return Home(tmp_path / "grown")


def test_incremental_build_is_the_full_refresh(grown: Home) -> None:
    by_document = contents(grown)
    build(grown, "--full-refresh")
    refreshed = contents(grown)
    assert by_document.keys() == refreshed.keys()
    for table, rows in refreshed.items():
        assert by_document[table] == rows, table
    assert refreshed["marts.fct_expenditure"]


def test_a_new_version_replaces_the_facts_and_the_earlier_one_stays_in_history(grown: Home) -> None:
    with duckdb.connect(str(grown.warehouse), read_only=True) as con:
        reports = con.execute(
            "select document_name, version, is_current from marts.dim_report order by fiscal_year, version"
        ).fetchall()
        facts = con.execute(
            "select distinct document_name from marts.fct_expenditure join marts.dim_report using (report_key)"
        ).fetchall()
        earlier = con.execute("select amount_wan from history.fct_expenditure where project_key is not null").fetchall()
        projects = con.execute("select count(*) from marts.dim_project").fetchone()
    assert reports == [("other-year.txt", 1, True), ("first.txt", 1, False), ("reissued.txt", 2, True)]
    assert sorted(facts) == [("other-year.txt",), ("reissued.txt",)]
    assert earlier == [(Decimal("12.500000"),)]
    assert projects == (1,), "three spellings of one project"


def test_building_again_changes_nothing(grown: Home) -> None:
    before = contents(grown)
    build(grown)
    assert contents(grown) == before
    assert applied(grown) == []


def test_a_document_read_anew_replaces_its_rows(grown: Home) -> None:
    corrected = document("reissued.txt", date(2025, 5, 1), "公务用车运转经费", "14.5")
    load(grown, [corrected], at(24))
    build(grown)
    with duckdb.connect(str(grown.warehouse), read_only=True) as con:
        amounts = con.execute(
            "select distinct amount_wan from marts.fct_expenditure where fiscal_year = 2024"
        ).fetchall()
    assert amounts == [(Decimal("14.500000"),)]


def applied(home: Home) -> list[str]:
    """The documents that the last build applied the rules to."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return [
            name
            for (name,) in con.execute(
                "select document_name from intermediate.int_rules_to_apply join raw.documents using (document_sha256) "
                "where is_to_apply order by 1"
            ).fetchall()
        ]


def test_rules_are_applied_to_the_departments_with_news(grown: Home) -> None:
    one = document("another.txt", date(2025, 3, 1), "会议费", "3.5")
    who = one.extraction.identity._replace(department_name="乙市水利局", department_as_written="乙市水利局")
    load(grown, [replace(one, extraction=one.extraction._replace(identity=who))], at(24))
    build(grown)
    assert applied(grown) == ["another.txt"]
    # the year before is compared with the year after
    load(grown, [document("other-year.txt", date(2024, 3, 1), "公务用车平台经费", "8.5", year=2023)], at(25))
    build(grown)
    assert applied(grown) == ["other-year.txt", "reissued.txt"]
    by_document = contents(grown)
    build(grown, "--full-refresh")
    assert contents(grown) == by_document
    assert applied(grown) == ["another.txt", "other-year.txt", "reissued.txt"]


def test_rules_applied_to_one_share_after_the_other_say_the_same(grown: Home) -> None:
    def take_in(names: tuple[str, ...], hour: int) -> None:
        for later, name in enumerate(names):
            one = document(f"{name}.txt", date(2025, 3, 1), "会议费", "3.5")
            who = one.extraction.identity._replace(department_name=name, department_as_written=name)
            load(grown, [replace(one, extraction=one.extraction._replace(identity=who))], at(hour + later))

    def turns() -> int:
        with duckdb.connect(str(grown.warehouse), read_only=True) as con:
            asked = "select count(distinct turn) from intermediate.int_rules_to_apply where is_to_apply"
            return int(con.execute(asked).fetchall()[0][0])

    take_in(("乙市水利局", "丙市教育局", "丁市民政局"), 24)
    build(grown, "--full-refresh", "--vars", "{reports_a_turn: 1}")
    assert turns() > 1
    take_in(("戊市司法局", "己市财政局", "庚市审计局"), 28)
    build(grown, "--vars", "{reports_a_turn: 1}")
    assert turns() > 1
    in_turns = contents(grown)
    build(grown, "--full-refresh")
    assert turns() == 1
    assert contents(grown) == in_turns


def test_a_warehouse_made_before_rows_had_fingerprints_is_filled_anew(grown: Home) -> None:
    before = contents(grown)
    with duckdb.connect(str(grown.warehouse)) as con:
        for table in ("marts.fct_reconciliation", "marts.evidence", "intermediate.int_operation"):
            con.execute(f"alter table {table} drop column build_fingerprint")
    build(grown)
    assert contents(grown) == before


def published(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every published row but that of metadata.build, and how often the file has been changed in place."""
    publishing.publish(home, "x", modelling.descriptions())
    with duckdb.connect(str(home.published), read_only=True) as con:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where table_name <> 'build' order by all"
        ).fetchall()
        found = {f"{s}.{t}": sorted(con.execute(f'from "{s}"."{t}"').fetchall(), key=repr) for s, t in names}
        found["changes"] = con.execute("select changes_in_place from metadata.build").fetchall()
    return found


def test_a_publication_changed_in_place_is_the_one_written_as_a_whole(
    grown: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "SHARE_IN_PLACE", 0)
    assert published(grown)["changes"] == [(0,)]
    load(grown, [document("reissued.txt", date(2025, 5, 1), "公务用车运转经费", "15.5")], at(24))
    load(grown, [document("third.txt", date(2025, 6, 1), "公车办", "16.5")], at(25))
    build(grown)
    changed = published(grown)
    assert changed["changes"] == [(1,)]
    grown.published.unlink()
    whole = published(grown)
    assert whole.pop("changes") == [(0,)]
    changed.pop("changes")
    assert changed == whole
    assert len(whole["history.fct_expenditure"]) == 4, "two earlier versions"


def test_a_table_whose_select_fails_stays_as_it_was(home: Home) -> None:
    """The old table is dropped and the new one made in one transaction (dbt/macros/materializations/table.sql)."""

    def years() -> list[tuple[object, ...]]:
        with duckdb.connect(str(home.warehouse), read_only=True) as con:
            return con.execute("select * from marts.dim_year order by all").fetchall()

    before = years()
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("drop view staging.stg_reports__documents")
    build = modelling.invoke(
        home, ["build", "--select", "dim_year int_report_versions", "--indirect-selection", "empty"]
    )
    assert not build.ok
    assert years() == before
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        ((versions,),) = con.execute("select count(*) from intermediate.int_report_versions").fetchall()
        ((reports,),) = con.execute("select count(*) from marts.dim_report").fetchall()
    assert versions >= reports > 0


def test_a_view_gives_way_to_a_table_of_its_name(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("drop table marts.dim_year")
        con.execute("create view marts.dim_year as select 1 as fiscal_year")
    build = modelling.invoke(home, ["build", "--select", "dim_year", "--indirect-selection", "empty"])
    assert build.ok, build.failures
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        kinds = con.execute("select table_type from information_schema.tables where table_name = 'dim_year'").fetchall()
    assert kinds == [("BASE TABLE",)]
