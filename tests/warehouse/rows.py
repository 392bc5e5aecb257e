"""Small documents with known rows, for loading."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from dagster_project.extraction.rows import Evidence, Extraction, Figure, Finding, FormRow, Identity, Omission
from dagster_project.warehouse.loading import Source, Staged


def identity(department: str = "株洲市某局", year: int = 2024) -> Identity:
    return Identity(
        "自评报告", department, "某局", "湖南省", "株洲市", None, None, "city", year, "overall_self_evaluation", None
    )


def figure(no: int, value: str = "12.5", **changes: object) -> Figure:
    values: dict[str, object] = {
        "figure_no": no,
        "evidence_no": 1,
        "kind": "money",
        "label": "公务接待费",
        "term": "公务接待费",
        "parent_term": None,
        "project_name": None,
        "measure_term": "决算",
        "book_term": None,
        "fund_source_term": None,
        "fiscal_year": 2024,
        "value": Decimal(value),
        "value_as_written": value,
        "written_decimals": 1,
        "unit": "万元",
        "qualifier": None,
        "sentence_no": 1,
        "part_of_figure_no": None,
    }
    return Figure(**(values | changes))  # type: ignore[arg-type]


def staged(name: str = "a.txt", figures: tuple[Figure, ...] | None = None, extractor_version: str = "1") -> Staged:
    text = "公务接待费支出12.5万元。"
    sha = hashlib.sha256(name.encode()).hexdigest()
    extraction = Extraction(
        identity(),
        evidence=(Evidence(1, None, 1, None, 1, None, None, None, 0, len(text), text),),
        figures=figures if figures is not None else (figure(1), figure(2, "3.25")),
        form_rows=(
            FormRow(
                1,
                1,
                "overall",
                1,
                None,
                "total",
                None,
                None,
                None,
                None,
                None,
                Decimal(100),
                "100",
                Decimal("96.5"),
                "96.5",
                None,
                None,
                None,
                "优",
            ),
        ),
        findings=(Finding(1, 1, "problem", "预算编制不够精细"),),
        omissions=(Omission(1, 0, 2, "公务", "name"),),
        extractor_version=extractor_version,
    )
    return Staged(Source(sha, name, f"/in/{name}", len(text)), "txt", "text", "1", text, (), extraction)
