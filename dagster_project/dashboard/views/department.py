"""A department: its money by account, its trend, staff, scorecard, projects, disagreements, and its reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from dagster_project.dashboard import charts, queries, routes, state
from dagster_project.dashboard.components import (
    Column,
    Tile,
    chart,
    disagreement,
    downloads,
    empty,
    heading,
    html,
    money_tile,
    quoted,
    scope_filters,
    subheading,
    table,
    text,
    tiles,
    unmarked,
)
from dagster_project.dashboard.marts import ask, home, records, rows
from dagster_project.dashboard.strings import Words
from dagster_project.dashboard.wording import number
from dagster_project.warehouse import archive
from dagster_project.warehouse.exports import Result

MAIN_ACCOUNTS = ("total", "basic", "personnel", "operating", "project")
PUBLIC_ACCOUNTS = ("three_public", "overseas_travel", "reception", "vehicle_purchase", "vehicle_running")
LISTED = 100  # more are searched for: a long list is most of what the page sends


def render() -> None:
    """Draw the page."""
    words = state.words()
    key = _choose(words)
    if key is None:
        return
    (department,) = rows(queries.DEPARTMENT, (key,))
    years = rows(queries.DEPARTMENT_YEARS, (key,))
    where = " ".join(filter(None, (department["province"], department["city"], department["district"])))
    heading(
        department["department_name"],
        " · ".join(filter(None, (where, words.of("department_type", department["department_type"])))),
    )
    listed = [y["fiscal_year"] for y in reversed(years)]
    if not listed:
        empty(words("empty.year"))
        return
    year = state.choice("year", words("year"), listed, str, listed[0], widget=st.segmented_control)
    current = next(y for y in years if y["fiscal_year"] == year)
    _tiles(words, current)
    accounts = rows(queries.DEPARTMENT_ACCOUNTS, (key, year, year))
    left, right = st.columns([3, 2])
    with left:
        _account_chart(words, accounts, MAIN_ACCOUNTS, "chart.accounts", prior=False)
        _composition(words, accounts)
    with right:
        _account_chart(words, accounts, PUBLIC_ACCOUNTS, "chart.three_public", prior=True)
        _staff(words, key, year)
    _trend(words, years)
    _account_table(words, accounts)
    _scorecard(words, key, year)
    _projects(words, key, year)
    _disagreements(words, key, year)
    _findings(words, key, year)
    _reports(words, key)


def _choose(words: Words) -> str | None:
    """The department that the address names, or that is chosen from a list short enough to be one."""
    named = st.query_params.get("department")
    where, which = st.columns([1, 2])
    with where:
        scope = scope_filters(words, year=False, kinds=False)
    find = ""
    options = rows(queries.department_choices(scope, None, LISTED + 1), scope.parameters)
    if len(options) > LISTED:
        with which:
            find = state.words_of("find", words("find_department"))
        if find:
            options = rows(queries.department_choices(scope, find, LISTED + 1), (*scope.parameters, find))
    if named and named not in {o["department_key"] for o in options}:
        # an address that was sent names it, whatever the list shows
        extra = rows(queries.DEPARTMENT, (named,))
        options = [{**d, "division": ""} for d in extra] + options
    if not options:
        empty(words("empty.no_department"))
        return None
    names = {
        o["department_key"]: f"{o['department_name']}  {o['division'] or ''}".strip() for o in options[: LISTED + 1]
    }
    codes = list(names)
    with which:
        chosen = state.choice("department", words("department"), codes, lambda code: names[code], codes[0])
    # the first of the list is a choice too: the address must name it
    state.remember("department", chosen)
    if len(options) > LISTED:
        html(f"<p>{text(words('many_departments', shown=LISTED))}</p>")
    return chosen


def _tiles(words: Words, current: dict[str, Any]) -> None:
    points = words("points") if current["score"] is not None else ""
    problems = words(
        "error_warning_note",
        errors=current["disagreements_error"],
        warnings=current["disagreements_warning"],
        notes=current["disagreements_info"],
    )
    total = sum(current[f"disagreements_{s}"] for s in ("error", "warning", "info"))
    tiles(
        [
            money_tile(words, words("budget"), current["budget"]),
            money_tile(words, words("actual"), current["actual"]),
            Tile(
                words("execution_rate"),
                number(current["execution_rate"]),
                "%" if current["execution_rate"] is not None else "",
            ),
            Tile(words("score"), number(current["score"]), points, words.of("grade", current["grade"])),
            Tile(
                words("staff_count"),
                number(current["staff"], 0),
                words("people") if current["staff"] is not None else "",
            ),
            money_tile(words, words("three_public"), current["three_public"]),
            Tile(words("disagreements"), number(total, 0), "", problems),
        ]
    )


def _by_measure(accounts: list[dict[str, Any]], code: str) -> dict[str, Decimal]:
    found = {a["measure"]: a["amount_wan"] for a in accounts if a["account_code"] == code}
    budget = next((found[m] for m in ("full_year_budget", "adjusted_budget", "initial_budget") if m in found), None)
    return {**found, **({"budget": budget} if budget is not None else {})}


def _account_chart(
    words: Words, accounts: list[dict[str, Any]], codes: tuple[str, ...], title: str, *, prior: bool
) -> None:
    series = ["prior_year_actual", "budget", "actual"] if prior else ["budget", "actual"]
    names = {s: words(s) for s in series}
    label = {a["account_code"]: a[words.pick("account_name_zh", "account_name_en")] for a in accounts}
    drawn = []
    for code in codes:
        amounts = _by_measure(accounts, code)
        drawn += [{"name": label[code], "series": s, "value": amounts[s]} for s in series if s in amounts]
    order = [label[code] for code in codes if code in label]
    chart(
        words,
        words(title),
        lambda: charts.grouped(drawn, names, words, words("wan"), order),
        bool(drawn),
        "empty.amounts",
    )


def _composition(words: Words, accounts: list[dict[str, Any]]) -> None:
    actual = {a["account_code"]: a["amount_wan"] for a in accounts if a["measure"] == "actual"}
    kinds = ["personnel", "operating", "project"] if {"personnel", "operating"} <= set(actual) else ["basic", "project"]
    drawn = [{"name": words(k), "value": actual[k]} for k in kinds if actual.get(k)]
    chart(
        words,
        words("chart.composition"),
        lambda: charts.parts(drawn, words("wan"), words),
        bool(drawn),
        "empty.amounts",
    )


def _staff(words: Words, key: str, year: int) -> None:
    subheading(words("table.staff"))
    found = {r["metric_code"]: r["value"] for r in rows(queries.DEPARTMENT_STAFF, (key, year, year))}
    kinds = ("posts", "serving_staff", "retired_cadre", "retired_staff", "contract_staff")
    shown = [Tile(words(f"staff.{k}"), number(found[k], 0), words("people")) for k in kinds if k in found]
    if shown:
        tiles(shown)
    else:
        empty(words("empty.staff"))


def _trend(words: Words, years: list[dict[str, Any]]) -> None:
    names = {"budget": words("budget"), "actual": words("actual")}
    drawn = [
        {"fiscal_year": y["fiscal_year"], "series": s, "value": y[s]} for y in years for s in names if y[s] is not None
    ]
    many = len({d["fiscal_year"] for d in drawn}) > 1
    chart(words, words("chart.trend"), lambda: charts.years(drawn, names, words("wan"), words), many, "empty.trend")


def _account_table(words: Words, accounts: list[dict[str, Any]]) -> None:
    if not accounts:
        return
    measures = ("prior_year_actual", "initial_budget", "full_year_budget", "adjusted_budget", "actual")
    names = {a["account_code"]: a[words.pick("account_name_zh", "account_name_en")] for a in accounts}
    order = [
        *MAIN_ACCOUNTS,
        "project_business",
        "project_maintenance",
        "project_special",
        "three_public",
        "overseas_travel",
        "reception",
        "vehicle",
        "vehicle_purchase",
        "vehicle_running",
    ]
    body = []
    for code in (c for c in order if c in names):
        found = {a["measure"]: a["amount_wan"] for a in accounts if a["account_code"] == code}
        body.append((names[code], *(found.get(m) for m in measures)))
    wan = words("wan")
    columns = {"account": Column(words("account"))}
    columns |= {m: Column(f"{words(m)} ({wan})", "money") for m in measures}
    used = [i for i, m in enumerate(measures, 1) if any(r[i] is not None for r in body)]
    kept = Result(("account", *(measures[i - 1] for i in used)), tuple((r[0], *(r[i] for i in used)) for r in body))
    table(words, "accounts", words("table.accounts"), kept, columns)


def _scorecard(words: Words, key: str, year: int) -> None:
    found = ask(queries.DEPARTMENT_SCORECARD, (key, year))
    if not found.rows:
        subheading(words("table.scorecard"))
        empty(words("empty.scorecard"))
        return
    card = records(found)
    totals: dict[str, list[Decimal]] = {}
    for row in card:
        if row["row_kind"] == "indicator" and row["form"] == "overall" and row["weight"] and row["score"] is not None:
            name = row["level_2"] or row["level_1"] or "–"
            sums = totals.setdefault(name, [Decimal(0), Decimal(0)])
            sums[0] += row["score"]
            sums[1] += row["weight"]
    drawn = [{"name": name, "reached": 100 * score / weight} for name, (score, weight) in totals.items() if weight]
    chart(words, words("chart.indicators"), lambda: charts.reached(drawn, words), bool(drawn), "empty.scorecard")
    points = words("points")
    table(
        words,
        "scorecard",
        words("table.scorecard"),
        found,
        {
            "form": Column(words("form"), shown=lambda code: words.of("form", code)),
            "project_name": Column(words("project")),
            "row_kind": Column(words("row_kind"), shown=lambda code: words.of("row", code)),
            "level_1": Column(words("level_1")),
            "level_2": Column(words("level_2")),
            "level_3": Column(words("level_3")),
            "target": Column(words("target")),
            "achieved": Column(words("achieved")),
            "weight": Column(f"{words('weight')} ({points})", "points"),
            "score": Column(f"{words('score')} ({points})", "points"),
            "recomputed_score": Column(f"{words('recomputed')} ({points})", "points"),
            "deviation": Column(words("deviation")),
        },
    )


def _projects(words: Words, key: str, year: int) -> None:
    found = ask(queries.DEPARTMENT_PROJECTS, (key, year))
    if not found.rows:
        subheading(words("table.projects"))
        empty(words("empty.projects"))
        return
    wan = words("wan")
    table(
        words,
        "projects",
        words("table.projects"),
        found,
        {
            "project_name": Column(words("project")),
            "initial_budget": Column(f"{words('initial_budget')} ({wan})", "money"),
            "full_year_budget": Column(f"{words('full_year_budget')} ({wan})", "money"),
            "actual": Column(f"{words('actual')} ({wan})", "money"),
        },
    )


def _disagreements(words: Words, key: str, year: int) -> None:
    subheading(words("disagreements"))
    which = queries.Which(queries.Scope(year), key)
    first = rows(queries.disagreements(which, 3), which.parameters)
    if not first:
        empty(words("empty.disagreements"))
        return
    places = quoted([k for item in first for k in item["evidence_keys"] or []])
    for item in first:
        disagreement(words, item, places, routes.page("evidence", words))
    st.page_link(
        routes.page("disagreements", words),
        label=words("open_disagreements"),
        icon=":material/rule:",
        query_params=state.address(department=key, year=str(year)),
    )


def _findings(words: Words, key: str, year: int) -> None:
    subheading(words("table.findings"))
    found = ask(queries.DEPARTMENT_FINDINGS, (key, year))
    if not found.rows:
        empty(words("empty.findings"))
        return
    for slot, kind in zip(st.columns(2), ("problem", "measure"), strict=True):
        items = [row["text"] for row in records(found) if row["kind"] == kind]
        with slot:
            body = "".join(f"<li>{text(item)}</li>" for item in items)
            html(f'<p>{text(words.of("kind", kind))} ({len(items)})</p><ul class="jx-list">{body}</ul>')
    shown = Result(
        (words("kind"), words("explanation")),
        tuple((words.of("kind", row["kind"]), row["text"]) for row in records(found)),
    )
    downloads(words, "findings", words("table.findings"), lambda: shown)


def _reports(words: Words, key: str) -> None:
    found = ask(queries.DEPARTMENT_REPORTS, (key,))
    table(
        words,
        "reports",
        words("table.reports"),
        found,
        {
            "fiscal_year": Column(words("year"), "integer"),
            "document_name": Column(words("document")),
            "title": Column(words("title")),
            "report_kind": Column(words("report_kind"), shown=lambda code: words.of("report", code)),
            "document_format": Column(words("format")),
            "version": Column(words("version"), "integer"),
            "is_current": Column(words("current"), "yes"),
            "reported_on": Column(words("reported_on"), "date"),
            "ingested_at": Column(words("ingested_at"), "moment"),
            "publisher": Column(words("publisher")),
            "source_page": Column(words("source")),
            "document_sha256": Column(words("document_hash")),
        },
    )
    for row in records(found)[:12]:
        original = archive.find(home(), row["document_sha256"])
        if original is not None:
            st.download_button(
                words("download_original", name=unmarked(row["document_name"])),
                original.read_bytes,
                file_name=row["document_name"],
                key=f"original_{row['document_sha256']}",
                on_click="ignore",
                icon=":material/download:",
            )


if __name__ == "__main__":
    render()
