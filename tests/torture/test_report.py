"""The figures of docs/reliability.md are those of the results that are kept."""

from __future__ import annotations

from tests.torture.report import PAGE, RESULTS, written


def test_the_page_says_what_was_measured() -> None:
    assert {p.name.partition("-")[0] for p in RESULTS.glob("*.json")} == {"mutations", "kills", "load"}
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "run: python -m tests.torture.report"
