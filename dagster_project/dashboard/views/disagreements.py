"""Disagreements: both statements side by side, worst first, each with the way to its place in the document."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import queries, routes, state
from dagster_project.dashboard.components import (
    Tile,
    disagreement,
    disagreement_columns,
    downloads,
    empty,
    heading,
    html,
    quoted,
    relabelled,
    scope_filters,
    text,
    tiles,
)
from dagster_project.dashboard.marts import ask_once, rows
from dagster_project.dashboard.wording import number

SEVERITIES = ("error", "warning", "info")
A_PAGE = 10


def render() -> None:
    """Draw the page."""
    words = state.words()
    heading(words("page.disagreements"), words("intro.disagreements"))
    scope = scope_filters(words)
    left, middle, right = st.columns(3)
    with left:
        severities = state.choices(
            "severity",
            words("severity"),
            SEVERITIES,
            lambda code: words.of("severity", code),
            ("error", "warning"),
            placeholder=words("all"),
        )
    rules = {r["rule_code"]: r[words.pick("rule_name_zh", "rule_name_en")] for r in rows(queries.RULES)}
    with middle:
        rule = state.choice("rule", words("rule"), ["", *rules], lambda code: rules.get(code, words("all")), "")
    named = st.query_params.get("department")
    with right:
        options = rows(queries.department_choices(scope, None), scope.parameters)
        names = {o["department_key"]: o["department_name"] for o in options}
        if named and named not in names:
            names |= {d["department_key"]: d["department_name"] for d in rows(queries.DEPARTMENT, (named,))}
        department = state.choice(
            "department",
            words("department"),
            ["", *names],
            lambda code: names.get(code, words("all")),
            "",
            carried=False,  # the department page names one even where nobody chose
        )
    which = queries.Which(scope, department or None, tuple(severities), rule or None)
    counts = {r["severity"]: r for r in rows(queries.disagreement_counts(which), which.parameters)}
    total = sum(c["disagreements"] for c in counts.values())
    if not total:
        empty(words("empty.disagreements"))
        return
    tiles(
        [
            Tile(
                words.of("severity", s),
                number(counts[s]["disagreements"], 0),
                note=words("causes", n=f"{counts[s]['causes']:,}"),
            )
            for s in SEVERITIES
            if s in counts
        ]
    )
    last = (total - 1) // A_PAGE + 1
    page = 1
    if last > 1:
        chooser, told = st.columns([1, 4], vertical_alignment="bottom")
        with chooser:
            page = state.choice("page", words("page_no"), range(1, last + 1), str, 1, carried=False)
        with told:
            html(f"<p>{text(words('page_of', page=page, pages=last))}</p>")
    shown = rows(queries.disagreements(which, A_PAGE, (page - 1) * A_PAGE), which.parameters)
    places = quoted([key for item in shown for key in item["evidence_keys"] or []])
    evidence = routes.page("evidence", words)
    for item in shown:
        disagreement(words, item, places, evidence)
    columns = disagreement_columns(words)
    downloads(
        words,
        "disagreements",
        words("table.disagreements"),
        lambda: relabelled(ask_once(queries.disagreements(which, None), which.parameters), columns),
    )


if __name__ == "__main__":
    render()
