"""Data quality: what was read, what was not, which labels are unknown, and how the rules came out."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import charts, queries, state
from dagster_project.dashboard.components import Column, Tile, chart, empty, heading, subheading, table, tiles
from dagster_project.dashboard.marts import ask, records, rows
from dagster_project.dashboard.wording import number
from dagster_project.warehouse.exports import Result


def render() -> None:
    """Draw the page."""
    words = state.words()
    heading(words("page.quality"), words("intro.quality"))
    coverage = ask(queries.COVERAGE)
    formats = records(coverage)
    quarantine = ask(queries.QUARANTINE)
    unmapped = ask(queries.UNMAPPED)
    figures = sum(f["figures"] or 0 for f in formats)
    unknown = sum(f["unmapped"] or 0 for f in formats)
    tiles(
        [
            Tile(words("documents"), number(sum(f["documents"] for f in formats), 0)),
            Tile(words("figures"), number(figures, 0)),
            Tile(words("mapped"), number(100 * (figures - unknown) / figures if figures else None), "%"),
            Tile(words("table.quarantine"), number(len(quarantine.rows), 0)),
            Tile(words("table.unmapped"), number(len(unmapped.rows), 0)),
        ]
    )
    left, right = st.columns([2, 3])
    with left:
        years = [{"name": str(r["fiscal_year"]), "value": r["reports"]} for r in rows(queries.COVERAGE_YEARS)]
        chart(words, words("chart.coverage"), lambda: charts.bars(years, words("reports"), words), bool(years))
    with right:
        table(words, "coverage", words("table.coverage"), coverage, _coverage(words))
    _or_empty(
        words,
        "quarantine",
        quarantine,
        {
            "document_name": Column(words("document")),
            "reason": Column(words("reason"), shown=lambda code: words.of("reason", code)),
            "message": Column(words("explanation")),
            "size_bytes": Column(words("size"), "count"),
            "seen_at": Column(words("seen_at"), "moment"),
        },
    )
    _or_empty(
        words,
        "unmapped",
        unmapped,
        {
            "kind": Column(words("kind"), shown=lambda code: words.of("figure", code)),
            "label": Column(words("label")),
            "parent_term": Column(words("parent_term")),
            "figures": Column(words("figures"), "count"),
            "documents": Column(words("documents"), "count"),
            "example_document": Column(words("example_document")),
            "example_quote": Column(words("example_quote")),
        },
    )
    outcomes = {
        "rule_no": Column("#", "integer"),
        words.pick("rule_name_zh", "rule_name_en"): Column(words("rule")),
        **{c: Column(words.of("outcome", c), "count") for c in ("holds", "rounding", "fails", "not_applicable")},
    }
    table(words, "outcomes", words("table.outcomes"), ask(queries.OUTCOMES), outcomes)
    documents = {
        "document_name": Column(words("document")),
        "department_name": Column(words("department")),
        "fiscal_year": Column(words("year"), "integer"),
        "figures": Column(words("figures"), "count"),
        "figures_unmapped": Column(words("unmapped"), "count"),
        "form_rows": Column(words("form_rows"), "count"),
        "findings": Column(words("findings"), "count"),
        "omissions": Column(words("omissions"), "count"),
        "warnings": Column(words("reading_warnings")),
    }
    table(words, "documents", words("table.documents"), ask(queries.DOCUMENTS), documents)
    runs = {
        "started_at": Column(words("started_at"), "moment"),
        "outcome": Column(words("outcome"), shown=lambda code: words.of("run", code)),
        "files_seen": Column(words("files_seen"), "count"),
        "files_new": Column(words("files_new"), "count"),
        "files_quarantined": Column(words("files_quarantined"), "count"),
        "documents": Column(words("documents"), "count"),
        "seconds": Column(words("seconds"), "count"),
        "message": Column(words("explanation")),
    }
    table(words, "runs", words("table.runs"), ask(queries.RUNS), runs)


def _coverage(words: state.Words) -> dict[str, Column]:
    return {
        "document_format": Column(words("format")),
        "documents": Column(words("documents"), "count"),
        "figures": Column(words("figures"), "count"),
        "mapped": Column(f"{words('mapped')} (%)", "percent"),
        "form_rows": Column(words("form_rows"), "count"),
        "findings": Column(words("findings"), "count"),
        "omissions": Column(words("omissions"), "count"),
    }


def _or_empty(words: state.Words, name: str, result: Result, columns: dict[str, Column]) -> None:
    if result.rows:
        table(words, name, words(f"table.{name}"), result, columns)
        return
    subheading(words(f"table.{name}"))
    empty(words(f"empty.{name}"))


if __name__ == "__main__":
    render()
