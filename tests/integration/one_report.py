"""One report written out in every format, and its rows without what a format decides (places, numbers of rows)."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dagster_project.extraction import Extraction
from dagster_project.reading.office import soffice_path
from tests.generator.report import generate
from tests.support import blocks as description
from tests.support.blocks import Block
from tests.support.docx_writer import write_docx
from tests.support.html_writer import write_html
from tests.support.ofd_writer import write_ofd
from tests.support.pdf_writer import write_pdf
from tests.support.sheet_writer import write_xls, write_xlsx
from tests.support.txt_writer import write_txt

SOURCES = Path(__file__).resolve().parents[2] / "seeds" / "report_sources"
# Columns of place and order: they differ by nature, and the marts derive nothing but places and keys of places from them.
OF_PLACE = {
    "figures": {"figure_no", "evidence_no", "sentence_no", "part_of_figure_no", "form_no"},
    "form_rows": {"form_row_no", "evidence_no", "form_no"},
    "findings": {"finding_no", "evidence_no"},
}


def bundled() -> tuple[str, list[Block]]:
    """The bundled report of 荷塘 from its description: title and blocks."""
    head, blocks = description.parse((SOURCES / "zhuzhou-hetang-government-office-2022.md").read_text("utf-8"))
    return head["title"], blocks


def generated(seed: int, index: int) -> tuple[str, list[Block]]:
    """A report of the generator before damage: title and blocks."""
    made = generate(seed, index, {"txt": 1})
    return made.gold["title"], list(made.blocks)


def written(title: str, blocks: Sequence[Block], folder: Path) -> dict[str, bytes]:
    """Format -> bytes; .doc by LibreOffice where it is installed."""
    made = {
        "docx": write_docx(blocks, title),
        "html": write_html(blocks, title),
        "xlsx": write_xlsx(blocks, title),
        "xls": write_xls(blocks),
        "pdf": write_pdf(blocks),
        "ofd": write_ofd(blocks),
        "txt": write_txt(blocks),
    }
    if soffice_path():
        made["doc"] = as_doc(made["docx"], folder)
    return made


def as_doc(docx: bytes, folder: Path) -> bytes:
    """The .docx saved as Word 97 .doc by LibreOffice."""
    program = soffice_path()
    assert program
    source = folder / "source.docx"
    source.write_bytes(docx)
    profile = folder / "profile"
    done = subprocess.run(
        [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "doc:MS Word 97",
         "--outdir", str(folder), str(source)],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    result = source.with_suffix(".doc")
    assert result.exists(), done.stderr
    shutil.rmtree(profile, ignore_errors=True)
    return result.read_bytes()


def raw_rows(extraction: Extraction) -> dict[str, Counter[tuple[tuple[str, str], ...]]]:
    """The raw rows by table, as values without places; and the identity."""
    found: dict[str, Counter[Any]] = {
        table: Counter(
            tuple((name, str(value)) for name, value in row._asdict().items() if name not in left_out)
            for row in getattr(extraction, table)
        )
        for table, left_out in OF_PLACE.items()
    }
    identity = extraction.identity
    found["identity"] = Counter([tuple((name, str(value)) for name, value in identity._asdict().items())])
    return found


def difference(one: Counter[Any], other: Counter[Any]) -> list[tuple[str, Any]]:
    """What only one of the two holds, in words short enough to read."""
    return [
        (sign, dict(row) if isinstance(row, tuple) and row and isinstance(row[0], tuple) else row)
        for sign, rest in (("-", one - other), ("+", other - one))
        for row in rest
    ]
