"""Overview: what all departments of a scope were given, spent and scored, and where their reports disagree."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import charts, queries, routes, state
from dagster_project.dashboard.components import (
    SHOWN_ROWS,
    Column,
    Tile,
    chart,
    empty,
    heading,
    money_tile,
    scope_filters,
    table,
    tiles,
    unmarked,
)
from dagster_project.dashboard.marts import ask, ask_once, rows
from dagster_project.dashboard.wording import number


def render() -> None:
    """Draw the page."""
    words = state.words()
    heading(words("page.overview"), words("intro.overview"))
    scope = scope_filters(words)
    (head,) = rows(queries.headline(scope), scope.parameters)
    if not head["departments"]:
        empty(words("empty.scope"))
        return
    both = words("of_both", n=f"{head['with_both']:,}")
    problems = words(
        "error_warning_note", errors=int(head["errors"]), warnings=int(head["warnings"]), notes=int(head["notes"])
    )
    tiles(
        [
            Tile(words("departments"), number(head["departments"], 0)),
            Tile(words("reports"), number(head["reports"], 0), note=words("of_reports")),
            money_tile(words, words("budget"), head["budget"], both),
            money_tile(words, words("actual"), head["actual"], both),
            Tile(words("execution_rate"), number(head["execution_rate"]), "%", both),
            Tile(
                words("mean_score"),
                number(head["score"]),
                words("points") if head["score"] is not None else "",
                words("of_scored", n=f"{head['with_score']:,}"),
            ),
            Tile(words("disagreements"), number(head["errors"] + head["warnings"] + head["notes"], 0), "", problems),
        ]
    )
    names = {"budget": words("budget"), "actual": words("actual")}
    wan = words("wan")
    left, right = st.columns(2)
    with left:
        every = queries.Scope(None, scope.division, scope.department_type)
        found = rows(queries.by_year(every), every.parameters)
        drawn = [
            {"fiscal_year": r["fiscal_year"], "series": s, "value": r[s]}
            for r in found
            for s in names
            if r[s] is not None
        ]
        chart(words, words("chart.by_year"), lambda: charts.years(drawn, names, wan, words), bool(drawn))
    with right:
        divisions = [r for r in rows(queries.by_division(scope), scope.parameters) if r["actual"] is not None]
        bars = [{"name": r["division"], "value": r["actual"]} for r in divisions[:10]]
        chart(words, words("chart.by_division"), lambda: charts.bars(bars, wan, words), bool(bars))
    left, right = st.columns(2)
    with left:
        bands = rows(queries.scores(scope), scope.parameters)
        title = f"{words('score')} ({words('points')})"
        picture = lambda: charts.histogram(bands, title, words("departments_in_year"))  # noqa: E731
        chart(words, words("chart.scores"), picture, bool(bands))
    with right:
        points = rows(queries.points(scope), scope.parameters)
        chart(words, words("chart.rate_score"), lambda: charts.scatter(points, words), bool(points))
    failed = [
        {
            "name": r[words.pick("rule_name_zh", "rule_name_en")],
            "value": r["disagreements"],
            "kind": words.of("severity", r["severity"]),
        }
        for r in rows(queries.rules_failed(scope), scope.parameters)
    ]
    unit = words("disagreements")
    chart(words, words("chart.rules"), lambda: charts.bars(failed, unit, words, charts.SEVERITY), bool(failed))
    st.page_link(
        routes.page("disagreements", words),
        label=words("open_disagreements"),
        icon=":material/rule:",
        query_params=state.address(year=str(scope.year) if scope.year else None, division=scope.division),
    )
    table(
        words,
        "departments",
        words("table.departments"),
        ask(queries.departments(scope, SHOWN_ROWS), scope.parameters),
        {
            "department_name": Column(words("department")),
            "fiscal_year": Column(words("year"), "integer"),
            "division": Column(words("division")),
            "budget": Column(f"{words('budget')} ({wan})", "money"),
            "actual": Column(f"{words('actual')} ({wan})", "money"),
            "execution_rate": Column(f"{words('execution_rate')} (%)", "percent"),
            "score": Column(f"{words('score')} ({words('points')})", "points"),
            "disagreements_error": Column(words("errors"), "count"),
            "disagreements_warning": Column(words("warnings"), "count"),
            "disagreements_info": Column(words("notes"), "count"),
            "grade": Column(words("grade"), shown=lambda code: words.of("grade", code)),
        },
        every=lambda: ask_once(queries.departments(scope), scope.parameters),
        total=head["department_years"],
    )
    links = rows(queries.departments(scope, SHOWN_ROWS), scope.parameters)[:12]
    for n, slot in enumerate(st.columns(3)):
        with slot:
            for y in links[n::3]:
                st.page_link(
                    routes.page("department", words),
                    label=unmarked(f"{y['department_name']} {y['fiscal_year']}"),
                    query_params=state.address(department=y["department_key"], year=str(y["fiscal_year"])),
                )


if __name__ == "__main__":
    render()
