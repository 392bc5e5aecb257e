"""What prose says, in a short form that tests can compare: helpers shared by the prose tests."""

from __future__ import annotations

from decimal import Decimal

from dagster_project.extraction import extract
from dagster_project.extraction.rows import Extraction, Figure
from dagster_project.extraction.vocabulary import vocabulary
from dagster_project.reading.text import read_text

TITLE = "2022年度安宁市水利局部门整体支出绩效自评报告"


def extraction(body: str, title: str = TITLE) -> Extraction:
    """The rows of a pasted report: a title, then `body`."""
    return extract(read_text(f"{title}\n{body}\n".encode(), "report.txt"))


def account(figure: Figure) -> str:
    """The account code that SQL gives to a figure's term."""
    if figure.term and figure.term.isdigit():
        return ("f" if figure.term.startswith("2") else "e") + figure.term
    code = vocabulary().accounts.get(figure.term) if figure.term else None
    return code or ("project_item" if figure.project_name else "unclassified")


def measure(figure: Figure) -> str | None:
    """The measure code that SQL gives to a figure's measure term."""
    return vocabulary().measures.get(figure.measure_term) if figure.measure_term else None


def money(body: str) -> list[tuple[str, str | None, str]]:
    """(account or project name, measure, value with unit) of each money figure, in order."""
    rows = extraction(body).figures
    return [
        (f.project_name or account(f), measure(f), f"{f.value_as_written}{f.unit}")
        for f in rows
        if f.kind == "money" and f.qualifier != "stated_none"
    ]


def counts(body: str, kind: str) -> list[tuple[str, Decimal, str]]:
    """(label, value, unit) of each figure of a kind, in order."""
    return [(f.label, f.value, f.unit) for f in extraction(body).figures if f.kind == kind]
