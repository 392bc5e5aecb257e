"""One report written out in all formats gives the same rows and the same marts."""

from __future__ import annotations

import importlib.util
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dagster_project import pipeline
from dagster_project.extraction import extract
from dagster_project.reading import read
from dagster_project.reading.office import soffice_path
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.query import session
from tests.integration.one_report import bundled, difference, generated, raw_rows, written

# Reports of the generator with all sections and the forms 1-1, 1-2, 1-3, in different layouts and number styles.
WITH_ALL_FORMS = (3, 11, 17, 26, 37, 44)
# Places, and keys made from a document's bytes.
OF_DOCUMENT = {"report_key", "evidence_key", "evidence_keys", "expenditure_key", "kpi_score_key", "operation_key", "finding_key",
               "reconciliation_key", "place", "document_sha256", "figure_no", "form_no", "form_row_no", "finding_no", "section_path",
               "build_fingerprint", "other_report_key", "cause_key"}  # fmt: skip


def agree(title: str, blocks: list[Any], folder: Path) -> None:
    expected = None
    for suffix, data in written(title, blocks, folder).items():
        document = read(data, f"report.{suffix}")
        assert document.format == suffix
        found = raw_rows(extract(document))
        expected = expected or found
        for table, rows in expected.items():
            assert not (off := difference(rows, found[table])), (suffix, table, off[:6])
    assert expected and expected["figures"].total() > 100 and expected["form_rows"].total() > 20


def test_bundled_report_agrees_in_all_formats(tmp_path: Path) -> None:
    agree(*bundled(), tmp_path)


@pytest.mark.parametrize("index", WITH_ALL_FORMS)
def test_generated_report_agrees_in_all_formats(tmp_path: Path, index: int) -> None:
    title, blocks = generated(77, index)
    forms = {row.form for row in extract(read(written(title, blocks, tmp_path)["docx"], "report.docx")).form_rows}
    assert forms >= {"overall", "project"}
    agree(title, blocks, tmp_path)


def facts(home: Home, document: str) -> dict[str, Counter[Any]]:
    """The facts of one document by table, whether it is the current version or an earlier one."""
    found = {}
    with session(home) as con:
        for table in ("fct_expenditure", "fct_kpi_score", "fct_operation", "report_finding"):
            rows: Counter[Any] = Counter()
            for schema in ("marts", "history"):
                done = con.execute(
                    f"select f.* from {schema}.{table} as f join marts.dim_report as r using (report_key) where r.document_name = ?",
                    [document],
                )
                names = [d[0] for d in done.description]
                rows.update(
                    tuple((n, str(v)) for n, v in zip(names, row, strict=True) if n not in OF_DOCUMENT)
                    for row in done.fetchall()
                )
            found[table] = rows
    return found


def test_same_marts_through_the_whole_build(tmp_path: Path) -> None:
    """All formats at once: versions of one report, the facts of each in the marts or their history."""
    title, blocks = bundled()
    reports = tmp_path / "reports"
    reports.mkdir()
    made = written(title, blocks, tmp_path)
    for suffix, data in made.items():
        (reports / f"report.{suffix}").write_bytes(data)
    home = Home(tmp_path / "home").prepare()
    summary = pipeline.run(home, [reports])
    assert summary.outcome == "published" and not summary.quarantined, (summary.failures, summary.quarantined)
    expected = facts(home, "report.docx")
    assert all(rows.total() for rows in expected.values()), expected
    for suffix in made:
        for table, rows in facts(home, f"report.{suffix}").items():
            assert not (off := difference(expected[table], rows)), (suffix, table, off[:6])


def reconciliations(data: bytes, suffix: str, folder: Path) -> Counter[Any]:
    folder.mkdir()
    (folder / f"report.{suffix}").write_bytes(data)
    home = Home(folder / "home").prepare()
    summary = pipeline.run(home, [folder / f"report.{suffix}"])
    assert summary.outcome == "published", summary.failures
    with session(home) as con:
        done = con.execute("select * from marts.fct_reconciliation")
        names = [d[0] for d in done.description]
        return Counter(
            tuple((n, str(v)) for n, v in zip(names, row, strict=True) if n not in OF_DOCUMENT)
            for row in done.fetchall()
        )


def test_same_results_of_rules(tmp_path: Path) -> None:
    """The formats that are furthest apart: cells with spans, and pasted lines."""
    made = written(*bundled(), tmp_path)
    of_docx, of_text = (reconciliations(made[suffix], suffix, tmp_path / suffix) for suffix in ("docx", "txt"))
    assert of_docx.total() > 20
    assert not (off := difference(of_docx, of_text)), off[:6]


def test_doc_is_among_the_formats_where_libreoffice_is(tmp_path: Path) -> None:
    assert ("doc" in written(*bundled(), tmp_path)) is (soffice_path() is not None)


if importlib.util.find_spec("rapidocr") is not None and importlib.util.find_spec("cv2") is not None:

    @pytest.mark.torture
    @pytest.mark.timeout(1800)
    def test_scan_at_200_dpi_keeps_98_percent_of_the_figures(tmp_path: Path) -> None:
        """Pages as pictures, through the extra `ocr`: minutes of CPU time, so opt-in."""
        import pypdfium2

        title, blocks = bundled()
        made = written(title, blocks, tmp_path)
        pictures = [page.render(scale=200 / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(made["pdf"])]
        out = io.BytesIO()
        pictures[0].save(out, "PDF", resolution=200, save_all=True, append_images=pictures[1:])
        document = read(out.getvalue(), "scan.pdf")
        assert document.quality == "ocr"
        expected, found = (
            Counter((f.kind, f.value, f.unit) for f in extract(d).figures)
            for d in (read(made["docx"], "report.docx"), document)
        )
        share = (expected & found).total() / expected.total()
        assert share >= 0.98, (share, list(expected - found)[:20])
