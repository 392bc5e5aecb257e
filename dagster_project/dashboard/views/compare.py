"""Departments side by side."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import charts, queries, state
from dagster_project.dashboard.components import Column, chart, empty, heading, html, scope_filters, table, text
from dagster_project.dashboard.marts import ask, records, rows

METRICS = {
    "budget_actual": "wan",
    "execution_rate": "percent",
    "basic": "wan",
    "project": "wan",
    "three_public": "wan",
    "staff_count": "people",
    "score": "points",
}
_COLUMN = {"staff_count": "staff"}
LISTED = 100


def render() -> None:
    """Draw the page."""
    words = state.words()
    heading(words("page.compare"), words("intro.compare"))
    scope = scope_filters(words)
    options = rows(queries.department_choices(scope, None, LISTED + 1), scope.parameters)
    find = ""
    if len(options) > LISTED:
        find = state.words_of("find", words("find_department"))
        if find:
            options = rows(queries.department_choices(scope, find, LISTED + 1), (*scope.parameters, find))
    names = {o["department_key"]: o["department_name"] for o in options}
    asked = tuple(filter(None, st.query_params.get("departments", "").split(",")))[:8]
    kept = tuple(st.session_state.get("choices_departments", ()))
    biggest = tuple(r["department_key"] for r in rows(queries.biggest(scope), scope.parameters))
    for key in (*asked, *kept, *biggest):
        if key not in names:
            names |= {d["department_key"]: d["department_name"] for d in rows(queries.DEPARTMENT, (key,))}
    chosen = state.choices(
        "departments", words("department"), list(names), lambda key: names[key], biggest, max_selections=8
    )
    if len(options) > LISTED:
        html(f"<p>{text(words('many_departments', shown=LISTED))}</p>")
    if not chosen:
        empty(words("empty.compare"))
        return
    metric = state.choice("metric", words("choose_metric"), list(METRICS), words, "budget_actual")
    years = (scope.year,) if scope.year else ()
    found = ask(queries.compared(chosen, bool(years)), (*chosen, *years))
    if not found.rows:
        empty(words("empty.scope"))
        return
    several = len({row["fiscal_year"] for row in records(found)}) > 1
    unit = words(METRICS[metric])
    series = ["budget", "actual"] if metric == "budget_actual" else ["actual"]
    drawn = []
    for row in records(found):
        name = f"{row['department_name']} {row['fiscal_year']}" if several else row["department_name"]
        for s in series:
            value = row[s if metric == "budget_actual" else _COLUMN.get(metric, metric)]
            if value is not None:
                drawn.append({"name": name, "series": s, "value": value})
    labels = {s: words(s) for s in series} if metric == "budget_actual" else {"actual": words(metric)}
    chart(
        words, words("chart.compare"), lambda: charts.grouped(drawn, labels, words, unit), bool(drawn), "empty.amounts"
    )
    wan, points = words("wan"), words("points")
    table(
        words,
        "compare",
        words("table.compare"),
        found,
        {
            "department_name": Column(words("department")),
            "fiscal_year": Column(words("year"), "integer"),
            "initial_budget": Column(f"{words('initial_budget')} ({wan})", "money"),
            "full_year_budget": Column(f"{words('full_year_budget')} ({wan})", "money"),
            "actual": Column(f"{words('actual')} ({wan})", "money"),
            "execution_rate": Column(f"{words('execution_rate')} (%)", "percent"),
            "basic": Column(f"{words('basic')} ({wan})", "money"),
            "personnel": Column(f"{words('personnel')} ({wan})", "money"),
            "operating": Column(f"{words('operating')} ({wan})", "money"),
            "project": Column(f"{words('project')} ({wan})", "money"),
            "three_public": Column(f"{words('three_public')} ({wan})", "money"),
            "staff": Column(f"{words('staff_count')} ({words('people')})", "count"),
            "score": Column(f"{words('score')} ({points})", "points"),
            "grade": Column(words("grade"), shown=lambda code: words.of("grade", code)),
            "disagreements_error": Column(words("errors"), "count"),
            "disagreements_warning": Column(words("warnings"), "count"),
        },
    )


if __name__ == "__main__":
    render()
