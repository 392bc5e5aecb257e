"""Pages as a scanner sends them: pictures in a PDF."""

from __future__ import annotations

import io

import pypdfium2
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from dagster_project.reading import ocr
from tests.support.pdf_writer import CID_FONT


def pictures(data: bytes, turn: int = 0, most: int = 1) -> list[tuple[bytes, float, float]]:
    """The first pages at 200 dpi as grey JPEG, as a scanner sends them, with their size in points."""
    out = []
    for sheet in list(pypdfium2.PdfDocument(data))[:most]:
        image = sheet.render(scale=ocr.DPI / 72).to_pil().convert("L").rotate(turn, expand=True)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=85)
        out.append((buffer.getvalue(), image.width * 72 / ocr.DPI, image.height * 72 / ocr.DPI))
    return out


def scan(data: bytes, turn: int = 0, text_page: str = "", hidden: str = "") -> bytes:
    """A PDF whose first page is a picture of the first page of `data`; `text_page` is a second one with text, `hidden`
    lies invisibly under the picture."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for picture, width, height in pictures(data, turn):
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, width, height)
        if hidden:
            canvas.setFont(CID_FONT, 10)
            layer = canvas.beginText(60, 700)
            layer.setTextRenderMode(3)
            layer.textOut(hidden)
            canvas.drawText(layer)
        canvas.showPage()
    if text_page:
        canvas.setFont(CID_FONT, 10)
        canvas.drawString(60, 700, text_page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
