"""Search over departments, projects, indicators, problems and measures, and quotes."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import queries, routes, state
from dagster_project.dashboard.components import Column, empty, heading, html, table, text, unmarked
from dagster_project.dashboard.marts import ask, records


def render() -> None:
    """Draw the page."""
    words = state.words()
    heading(words("page.search"), words("intro.search"))
    find = state.words_of("q", words("search_for"), placeholder=words("search_hint"))
    if not find:
        empty(words("empty.search_start"))
        return
    departments = ask(queries.SEARCH_DEPARTMENTS, (find, find))
    projects = ask(queries.SEARCH_PROJECTS, (find,))
    indicators = ask(queries.SEARCH_INDICATORS, (find,))
    findings = ask(queries.SEARCH_FINDINGS, (find,))
    quotes = ask(queries.SEARCH_QUOTES, (find,))
    if not any(r.rows for r in (departments, projects, indicators, findings, quotes)):
        empty(words("empty.search", words=find))
        return
    wan, points = words("wan"), words("points")
    for row in records(departments)[:20]:
        st.page_link(
            routes.page("department", words),
            label=unmarked(f"{row['department_name']} ({row['years'] or '–'})"),
            icon=":material/apartment:",
            query_params=state.address(department=row["department_key"]),
        )
    if quotes.rows:
        for row in records(quotes)[:6]:
            with st.container(border=True):
                html(
                    f'<div class="jx-head"><b>{text(row["department_name"])} {text(row["fiscal_year"])}</b>'
                    f'<span class="jx-dim">{text(row["section"])}</span></div>'
                    f'<div class="jx-quote" tabindex="0">{text(row["quote"])}</div>'
                )
                st.page_link(
                    routes.page("evidence", words),
                    label=words("open_place"),
                    icon=":material/find_in_page:",
                    query_params=state.address(place=row["evidence_key"]),
                )
    department, year = Column(words("department")), Column(words("year"), "integer")
    if projects.rows:
        columns = {
            "department_name": department,
            "project_name": Column(words("project")),
            "actual": Column(f"{words('actual')} ({wan})", "money"),
        }
        table(words, "found_projects", words("found.projects"), projects, columns)
    if indicators.rows:
        columns = {
            "department_name": department,
            "fiscal_year": year,
            "level_2": Column(words("level_2")),
            "level_3": Column(words("level_3")),
            "target": Column(words("target")),
            "achieved": Column(words("achieved")),
            "weight": Column(f"{words('weight')} ({points})", "points"),
            "score": Column(f"{words('score')} ({points})", "points"),
        }
        table(words, "found_indicators", words("found.indicators"), indicators, columns)
    if findings.rows:
        columns = {
            "department_name": department,
            "fiscal_year": year,
            "kind": Column(words("kind"), shown=lambda code: words.of("kind", code)),
            "text": Column(words("explanation")),
        }
        table(words, "found_findings", words("found.findings"), findings, columns)
    if quotes.rows:
        columns = {
            "department_name": department,
            "fiscal_year": year,
            "section": Column(words("section")),
            "quote": Column(words("quotes")),
        }
        table(words, "found_quotes", words("found.quotes"), quotes, columns)


if __name__ == "__main__":
    render()
