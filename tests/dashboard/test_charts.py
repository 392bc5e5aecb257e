"""Every chart is Vega-Lite as its schema wants it, with the rows that it was given."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import altair as alt
import pytest
from altair.utils.schemapi import validate_jsonschema

from dagster_project.dashboard import charts
from dagster_project.dashboard.charts import Spec
from dagster_project.dashboard.strings import Words

WORDS = Words("en")
TWO = {"budget": "Budget", "actual": "Executed"}
YEARS = [
    {"fiscal_year": 2021, "series": "budget", "value": Decimal("12.34")},
    {"fiscal_year": 2021, "series": "actual", "value": None},
]
NAMED = [
    {"name": "a", "series": "budget", "value": Decimal("12.34")},
    {"name": "a", "series": "actual", "value": Decimal(2)},
]
RATES = [{"department_name": "d", "fiscal_year": 2021, "execution_rate": Decimal(180), "score": Decimal(90)}]
CHARTS: dict[str, tuple[Callable[[], Spec], int]] = {
    "grouped": (lambda: charts.grouped(NAMED, TWO, WORDS, "万元", ["a"]), 2),
    "years": (lambda: charts.years(YEARS, TWO, "万元", WORDS), 1),
    "bars": (lambda: charts.bars(NAMED, "万元", WORDS), 2),
    "coloured bars": (lambda: charts.bars([{"name": "a", "kind": "Error", "value": 1}], "", WORDS, charts.SEVERITY), 1),
    "parts": (lambda: charts.parts(NAMED, "万元", WORDS), 2),
    "histogram": (lambda: charts.histogram([{"low": 40, "departments": 1}], "Score", "Departments"), 9),
    "scatter": (lambda: charts.scatter(RATES, WORDS), 1),
    "reached": (lambda: charts.reached([{"name": "a", "reached": Decimal(79)}], WORDS), 1),
}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_vega_lite_and_holds_its_rows(name: str) -> None:
    make, count = CHARTS[name]
    spec = make()
    validate_jsonschema(spec, alt.load_schema())
    rows = spec["datasets"]["rows"]
    assert len(rows) == count
    assert not any(isinstance(v, Decimal) for row in rows for v in row.values())


def test_bands_of_scores_add_up() -> None:
    counted = [{"low": low, "departments": n} for n, low in enumerate(range(0, 100, 5), 1)]
    rows = charts.histogram(counted, "Score", "Departments")["datasets"]["rows"]
    assert sum(r["departments"] for r in rows) == sum(r["departments"] for r in counted)
    assert rows[0] == {"band": "<60", "departments": sum(range(1, 13))}


def test_rates_above_the_edge_stand_at_it() -> None:
    assert charts.scatter(RATES, WORDS)["datasets"]["rows"][0]["execution_rate"] == 150
