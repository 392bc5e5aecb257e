"""One odd report holds nothing back: whatever values it states, the others are published beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import duckdb

from dagster_project import modelling, validation
from dagster_project.extraction.rows import FormRow
from dagster_project.warehouse import loading, schema
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.loading import Staged
from tests.warehouse.rows import figure, identity, staged

LARGEST = "9" * 22  # what a raw value can hold before its point


def scored(no: int, kind: str, weight: str, score: str, grade: str | None = None) -> FormRow:
    """A row of a department's form with impossible points."""
    return FormRow(
        no, 1, "overall", 1, None, kind, "产出指标", "数量指标", "次数", "100", "90", Decimal(weight), weight,
        Decimal(score), score, Decimal("999999.9999"), "999999.9999", "偏差", grade,
    )  # fmt: skip


def odd_report() -> Staged:
    """Figures, points, years and a grade that no report should state."""
    figures = (
        figure(1, LARGEST, term="支出合计", label="支出合计"),
        figure(2, f"-{LARGEST}", term="支出合计", label="支出合计", unit="亿元", measure_term="年初预算"),
        figure(3, "0", term="基本支出", label="基本支出", unit="元"),
        figure(4, "-12.5", term="项目支出", label="项目支出", written_decimals=6),
        figure(5, "0.000001", term="支出合计", label="支出合计", measure_term="全年预算数", written_decimals=6),
        figure(6, "-3.5", kind="staff", term="在职人员", label="在职人员", unit="人", measure_term=None),
        figure(7, LARGEST, kind="staff", term="编制", label="编制", unit="万人", measure_term=None),
        figure(
            8, LARGEST, kind="rate", term="执行率", label="执行率", unit="%", measure_term=None, rate_of_term="支出合计"
        ),
        figure(9, "5000", kind="score", term="自评得分", label="自评得分", unit="分", measure_term=None),
        figure(10, "1", term=None, label="另一年", fiscal_year=3024, measure_term=None, project_name="另一年"),
        figure(12, "9999999999999", term="人员经费", label="人员经费", written_decimals=0),
        figure(13, "0.01", term="人员经费", label="人员经费", measure_term="年初预算", written_decimals=2, unit="元"),
        figure(14, LARGEST, kind="asset", term="期末资产", label="期末资产", unit="元", measure_term=None),
        figure(15, "-1", kind="asset", term="期初资产", label="期初资产", unit="元", measure_term=None),
        figure(11, "1", kind="output", term=None, label="会议", unit="次", measure_term=None, fiscal_year=1066),
    )
    rows = (
        scored(1, "execution", "999999", "-999999"),
        scored(2, "indicator", "-20", "999999.9999"),
        scored(3, "heading", "0", "0"),
        scored(4, "total", "100", "999999.9999", "特优"),
    )
    one = staged("odd.txt", figures)
    extraction = one.extraction._replace(identity=identity("长沙市某局", 3024), form_rows=rows)
    return replace(one, extraction=extraction)


def test_odd_values_are_published_and_warned_of(empty_home: Home) -> None:
    with duckdb.connect(str(empty_home.warehouse)) as con:
        schema.create(con)
        loading.load_batch(
            con, [staged("usual.txt"), odd_report()], datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        )
    build = modelling.invoke(empty_home, ["build", "--exclude-resource-type", "unit_test"])
    assert build.ok, build.failures
    assert any("value_in_range" in warning for warning in build.warnings)
    results = validation.validate(empty_home.warehouse, validation.suites())
    assert {r.suite: [f.notes for f in r.failures if f.severity == "critical"] for r in results if r.blocking} == {}
    assert any(not r.passed for r in results), "odd values are warned of"
    with duckdb.connect(str(empty_home.warehouse), read_only=True) as con:
        published = con.execute(
            "select document_name, count(*) from marts.dim_report join marts.fct_expenditure using (report_key) group by all order by all"
        ).fetchall()
    assert [name for name, _ in published] == ["odd.txt", "usual.txt"]
