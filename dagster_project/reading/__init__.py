"""Bytes of a published report -> `Document`: one interface over a module a format.

    from dagster_project.reading import read
    document = read(data, "report.docx")

The format is told by the content. Reading runs in the caller's process; `reading.worker` runs it under limits.
"""

from __future__ import annotations

from dataclasses import replace

from dagster_project.reading.guards import check_size
from dagster_project.reading.model import Document, ReadError, Warning_
from dagster_project.reading.sniff import extension_warning, sniff

__all__ = ["Document", "ReadError", "read"]


def read(data: bytes, name: str) -> Document:
    """Read one report. `name` (file name, may have folders) is for messages and `Document.name`; its extension never
    decides.

    Raises `ReadError` with the reasons that `reading.model` lists; never returns a document without blocks.
    """
    check_size(data, name)
    kind = sniff(data, name)
    document = _read_as(kind, data, name)
    note = extension_warning(kind, name)
    if note:
        document = replace(document, warnings=(*document.warnings, Warning_("extension", note)))
    return document


def _read_as(kind: str, data: bytes, name: str) -> Document:
    # Readers are imported when first met: each format's library costs start-up time.
    if kind == "docx":
        from dagster_project.reading.docx import read_docx

        return read_docx(data, name)
    if kind == "txt":
        from dagster_project.reading.text import read_text

        return read_text(data, name)
    if kind == "pdf":
        from dagster_project.reading.pdf import read_pdf

        return read_pdf(data, name)
    if kind == "html":
        from dagster_project.reading.html import read_html

        return read_html(data, name)
    if kind == "mhtml":
        from dagster_project.reading.html import read_mhtml

        return read_mhtml(data, name)
    if kind == "xlsx":
        from dagster_project.reading.xlsx import read_xlsx

        return read_xlsx(data, name)
    if kind in ("xls", "et"):
        from dagster_project.reading.xls import read_xls

        return read_xls(data, name, kind)
    if kind == "ofd":
        from dagster_project.reading.ofd import read_ofd

        return read_ofd(data, name)
    from dagster_project.reading.office import read_office

    return read_office(data, name)
