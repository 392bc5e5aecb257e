"""Indicators: which headings lose points, and every row with its target and what was achieved."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import charts, queries, state
from dagster_project.dashboard.components import SHOWN_ROWS, Column, chart, empty, heading, scope_filters, table
from dagster_project.dashboard.marts import ask, ask_once, records, rows


def render() -> None:
    """Draw the page."""
    words = state.words()
    heading(words("page.indicators"), words("intro.indicators"))
    scope = scope_filters(words)
    one, two = words.pick("level_1_zh", "level_1_en"), words.pick("level_2_zh", "level_2_en")
    names = {i["indicator_code"]: f"{i[one]} · {i[two]}" if i[two] else i[one] for i in rows(queries.INDICATORS)}
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    with left:
        indicator = state.choice(
            "indicator", words("level_2"), ["", *names], lambda code: names.get(code, words("all")), ""
        )
    with middle:
        find = state.words_of("q", words("contains"))
    with right:
        lost = state.switch("lost", words("lost_only"))
    summary = ask(queries.indicator_summary(scope), scope.parameters)
    if not summary.rows:
        empty(words("empty.indicators"))
        return
    drawn = [{"name": r[two] or r[one], "reached": r["reached"]} for r in records(summary) if r["reached"] is not None]
    chart(words, words("chart.indicators"), lambda: charts.reached(drawn, words), bool(drawn))
    points = words("points")
    table(
        words,
        "indicators",
        words("table.indicators"),
        summary,
        {
            one: Column(words("level_1")),
            two: Column(words("level_2")),
            "rows": Column(words("rows"), "count"),
            "weight": Column(f"{words('weight')} ({points})", "points"),
            "score": Column(f"{words('score')} ({points})", "points"),
            "reached": Column(f"{words('reached')} (%)", "percent"),
            "points_off": Column(words("points_off"), "count"),
        },
    )
    parameters = (*scope.parameters, *((indicator,) if indicator else ()), *((find, find) if find else ()))
    asked = queries.indicator_rows(scope, find or None, indicator or None, lost, SHOWN_ROWS)
    found = ask(asked, parameters)
    if not found.rows:
        empty(words("empty.indicators"))
        return
    (counted,) = rows(queries.indicator_count(scope, find or None, indicator or None, lost), parameters)
    table(
        words,
        "indicator_rows",
        words("table.indicator_rows"),
        found,
        {
            "department_name": Column(words("department")),
            "fiscal_year": Column(words("year"), "integer"),
            "form": Column(words("form"), shown=lambda code: words.of("form", code)),
            "project_name": Column(words("project")),
            "level_2": Column(words("level_2")),
            "level_3": Column(words("level_3")),
            "target": Column(words("target")),
            "achieved": Column(words("achieved")),
            "weight": Column(f"{words('weight')} ({points})", "points"),
            "score": Column(f"{words('score')} ({points})", "points"),
            "deviation": Column(words("deviation")),
        },
        every=lambda: ask_once(queries.indicator_rows(scope, find or None, indicator or None, lost, None), parameters),
        total=counted["rows"],
    )


if __name__ == "__main__":
    render()
