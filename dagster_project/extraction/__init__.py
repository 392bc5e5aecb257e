"""From a read document to raw rows: what is written, with its evidence. Pure functions, no database."""

from __future__ import annotations

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.rows import EXTRACTOR_VERSION, Extraction
from dagster_project.reading.model import Document

__all__ = ["EXTRACTOR_VERSION", "Extraction", "extract"]


def extract(document: Document) -> Extraction:
    """All raw rows of `document`: identity, forms, prose figures, findings, and what was seen and left out."""
    from dagster_project.extraction.findings import extract_findings
    from dagster_project.extraction.forms import extract_forms
    from dagster_project.extraction.headings import outline
    from dagster_project.extraction.identity import identify
    from dagster_project.extraction.prose import extract_prose

    identity = identify(document)
    sections = outline(document)
    collector = Collector(document)
    extract_forms(document, identity, collector)
    extract_prose(collector, identity, sections)
    extract_findings(document, sections, collector)
    return Extraction(
        identity,
        tuple(collector.evidence_rows),
        tuple(collector.figures),
        tuple(collector.form_rows),
        tuple(collector.findings),
        tuple(collector.omissions),
        tuple(collector.warnings),
    )
