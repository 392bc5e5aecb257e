"""Mutated PDFs whose pages are pictures, through character recognition: `python -m tests.torture.scans --inputs 200`.

Needs the extra `ocr`. Some seconds of CPU time for each page that can still be drawn. A bit that changed within a picture
changes what is seen in it: pages that came back with fewer cells are counted as `fewer_cells`.
"""

from __future__ import annotations

from pathlib import Path

from dagster_project.reading import ocr
from dagster_project.reading.worker import Limits
from tests.support.pdf_writer import write_pdf
from tests.support.scans import scan
from tests.torture.bases import forms, prose
from tests.torture.prepared import command


def wholes(folder: Path) -> dict[str, tuple[bytes, ...]]:
    """A page of prose and one with a form, as a scanner sends them."""
    assert ocr.available(), "the extra `ocr` is not installed"
    return {"pdf": tuple(scan(write_pdf(blocks)) for blocks in (prose(), forms()[-2:]))}


if __name__ == "__main__":
    command("scans", __doc__, wholes, Limits())
