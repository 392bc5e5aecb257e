"""Altair charts of the pages, as Vega-Lite. Amounts become floats here and only here: a pixel needs no cents.

Every chart has its unit in the axis title, colours that stay apart for colour-blind eyes, and a text alternative.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from dagster_project.dashboard.fonts import CHART_FAMILY
from dagster_project.dashboard.strings import Words

BUDGET, ACTUAL, PRIOR = "#b9c9d6", "#1f5c7a", "#8a8f98"
GOOD, FAIR, POOR = "#2f7d5b", "#c77f0a", "#b3372f"
SEVERITY = {"error": POOR, "warning": FAIR, "info": "#5b7083"}
PARTS = ["#1f5c7a", "#5fa3b8", "#c77f0a", "#8a6f9e"]
Rows = Sequence[dict[str, Any]]
Spec = dict[str, Any]

# holding each part against Vega-Lite's schema takes Altair longer than the page's questions; a test does it
disable_debug_mode()
alt.theme.enable("none")


def _plain(rows: Rows) -> list[dict[str, Any]]:
    return [{k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in rows]


def _finish(chart: Any, rows: Rows, height: int) -> Spec:
    finished = (
        chart.properties(height=height)
        .configure(font=CHART_FAMILY)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelLimit=190, gridColor="#e8edf1"
        )
        .configure_legend(labelFontSize=12, title=None, orient="top", labelLimit=260)
        .configure_view(stroke=None)
    )
    # the rows join last: Altair would look into each of them
    # (by a name: of data without one, Streamlit draws nothing)
    return {**finished.to_dict(validate=False), "data": {"name": "rows"}, "datasets": {"rows": _plain(rows)}}


def grouped(rows: Rows, names: dict[str, str], words: Words, unit: str, order: Sequence[str] | None = None) -> Spec:
    """Horizontal bars, a group a name: rows of name, series, value; `names` gives the series' words in their order."""
    palette = {"budget": BUDGET, "actual": ACTUAL, "prior_year_actual": PRIOR}
    drawn = [{**r, "shown": names[r["series"]]} for r in rows if r["value"] is not None]
    height = 72 + len({r["name"] for r in rows}) * (10 + 13 * len(names))
    bars = (
        alt.Chart()
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("name:N", title=None, sort=list(order) if order else None, scale=alt.Scale(paddingInner=0.3)),
            yOffset=alt.YOffset("shown:N", sort=list(names.values())),
            x=alt.X("value:Q", title=unit, axis=alt.Axis(format=",~f", tickCount=5)),
            color=alt.Color(
                "shown:N",
                sort=list(names.values()),
                scale=alt.Scale(domain=list(names.values()), range=[palette.get(k, ACTUAL) for k in names]),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=words("account")),
                alt.Tooltip("shown:N", title=words("measure")),
                alt.Tooltip("value:Q", title=unit, format=",.2f"),
            ],
        )
    )
    return _finish(bars, drawn, height)


def years(rows: Rows, names: dict[str, str], unit: str, words: Words) -> Spec:
    """Columns, a group a year: rows of fiscal_year, series, value."""
    palette = {"budget": BUDGET, "actual": ACTUAL, "prior_year_actual": PRIOR}
    drawn = [{**r, "shown": names[r["series"]]} for r in rows if r["value"] is not None]
    chart = (
        alt.Chart()
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("fiscal_year:O", title=words("year"), axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("shown:N", sort=list(names.values())),
            y=alt.Y("value:Q", title=unit, axis=alt.Axis(format=",~f", tickCount=5)),
            color=alt.Color(
                "shown:N",
                sort=list(names.values()),
                scale=alt.Scale(domain=list(names.values()), range=[palette.get(k, ACTUAL) for k in names]),
            ),
            tooltip=[
                alt.Tooltip("fiscal_year:O", title=words("year")),
                alt.Tooltip("shown:N", title=words("measure")),
                alt.Tooltip("value:Q", title=unit, format=",.2f"),
            ],
        )
    )
    return _finish(chart, drawn, 280)


def bars(rows: Rows, unit: str, words: Words, colours: dict[str, str] | None = None) -> Spec:
    """Horizontal bars in the given order: rows of name, value and, for colours, kind."""
    axis = alt.Axis(format=",~f", tickCount=5)
    if all(isinstance(r["value"], int) for r in rows):
        axis = alt.Axis(format=",d", tickCount=5, tickMinStep=1)
    encoding: dict[str, Any] = {
        "y": alt.Y("name:N", title=None, sort=[r["name"] for r in rows]),
        "x": alt.X("value:Q", title=unit, axis=axis),
        "tooltip": [alt.Tooltip("name:N", title=words("label")), alt.Tooltip("value:Q", title=unit, format=",~f")],
    }
    mark: dict[str, Any] = {"cornerRadiusEnd": 2}
    if colours:
        shown = {words.of("severity", k): v for k, v in colours.items()}
        encoding["color"] = alt.Color(
            "kind:N", scale=alt.Scale(domain=list(shown), range=list(shown.values())), sort=list(shown)
        )
    else:
        mark["color"] = ACTUAL
    chart = alt.Chart().mark_bar(**mark).encode(**encoding)
    return _finish(chart, rows, max(110, 24 * len({r["name"] for r in rows}) + 50))


def parts(rows: Rows, unit: str, words: Words) -> Spec:
    """One stacked bar: rows of name, value."""
    names = [r["name"] for r in rows]
    chart = (
        alt.Chart()
        .mark_bar(size=36)
        .encode(
            x=alt.X("value:Q", title=unit, stack="zero", axis=alt.Axis(format=",~f", tickCount=5)),
            color=alt.Color("name:N", sort=names, scale=alt.Scale(domain=names, range=PARTS[: len(names)])),
            order=alt.Order("at:Q"),
            tooltip=[alt.Tooltip("name:N", title=words("account")), alt.Tooltip("value:Q", title=unit, format=",.2f")],
        )
    )
    return _finish(chart, [{**r, "at": i} for i, r in enumerate(rows)], 112)


def histogram(counted: Rows, title: str, count_title: str) -> Spec:
    """How many departments have a score in each band of five points, below 60 together: rows of low, departments."""
    bands = {"<60": 0, **{f"{low}-{low + 5}": 0 for low in range(60, 100, 5)}}
    for row in counted:
        low = row["low"]
        bands["<60" if low < 60 else f"{low}-{low + 5}"] += row["departments"]
    rows = [{"band": k, "departments": v} for k, v in bands.items()]
    chart = (
        alt.Chart()
        .mark_bar(color=ACTUAL, cornerRadiusEnd=2)
        .encode(
            x=alt.X("band:O", sort=list(bands), title=title, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("departments:Q", title=count_title, axis=alt.Axis(format="d", tickMinStep=1, tickCount=5)),
            tooltip=[alt.Tooltip("band:O", title=title), alt.Tooltip("departments:Q", title=count_title)],
        )
    )
    return _finish(chart, rows, 240)


def scatter(rows: Rows, words: Words) -> Spec:
    """Execution rate against score, a point a department and year; rates above 150 % stand at the edge."""
    wide, plain = alt.Scale(zero=False, nice=True), alt.Axis(format="~f", tickCount=5)
    shown = [{**r, "execution_rate": min(r["execution_rate"], Decimal(150))} for r in rows]
    chart = (
        alt.Chart()
        .mark_circle(size=70, opacity=0.65, color=ACTUAL)
        .encode(
            x=alt.X("execution_rate:Q", title=f"{words('execution_rate')} (%)", scale=wide, axis=plain),
            y=alt.Y("score:Q", title=f"{words('score')} ({words('points')})", scale=wide, axis=plain),
            tooltip=[
                alt.Tooltip("department_name:N", title=words("department")),
                alt.Tooltip("fiscal_year:O", title=words("year")),
                alt.Tooltip("execution_rate:Q", title="%", format=".2f"),
                alt.Tooltip("score:Q", title=words("points"), format=".2f"),
            ],
        )
    )
    return _finish(chart, shown, 240)


def reached(rows: Rows, words: Words) -> Spec:
    """Share of points reached by indicator: rows of name, reached (percent)."""
    chart = (
        alt.Chart()
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("name:N", title=None, sort=[r["name"] for r in rows]),
            x=alt.X(
                "reached:Q",
                title=f"{words('reached')} (%)",
                scale=alt.Scale(domain=[0, 100], clamp=True),
                axis=alt.Axis(tickCount=5),
            ),
            color=alt.condition("datum.reached < 80", alt.value(POOR), alt.value(GOOD)),
            tooltip=[alt.Tooltip("name:N", title=words("level_2")), alt.Tooltip("reached:Q", title="%", format=".2f")],
        )
    )
    return _finish(chart, rows, max(110, 26 * len(rows) + 50))
