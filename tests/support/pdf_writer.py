"""Writes simple blocks (see `page_layout`) as a PDF with a text layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.support.page_layout import A4, Block, Page, Text, lay_out

CID_FONT = "STSong-Light"  # one of Adobe's predefined Chinese fonts: needs no font file


@lru_cache(maxsize=65536)
def _measure(char: str, font: str = CID_FONT) -> float:
    _register()
    return float(pdfmetrics.stringWidth(char, font, 1.0))


@lru_cache(maxsize=1)
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(CID_FONT))


def _draw_text(canvas: Canvas, text: Text, height: float, font: str, shift: float) -> None:
    """Draw a run; with `shift`, the CJK characters first and the others afterwards on a baseline that much higher."""
    canvas.setFont(font, text.size)
    if not shift:
        canvas.drawString(text.x, height - text.y, text.text)
        return
    for ascii_pass in (False, True):
        x = text.x
        for char in text.text:
            if char.isascii() == ascii_pass:
                canvas.drawString(x, height - text.y + (shift if ascii_pass else 0.0), char)
            x += _measure(char, font) * text.size


def _draw_rule(canvas: Canvas, rule: tuple[float, float, float, float], height: float, style: str) -> None:
    x0, y0, x1, y1 = rule
    if style == "rect":  # as Word and WPS draw borders: thin filled rectangles
        canvas.rect(x0 - 0.25, height - y1 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)
        return
    if style == "dashed":
        canvas.setDash(3, 2)
    canvas.line(x0, height - y0, x1, height - y1)
    if style == "double":
        gap = 1.5
        if y0 == y1:
            canvas.line(x0, height - y0 - gap, x1, height - y1 - gap)
        else:
            canvas.line(x0 + gap, height - y0, x1 + gap, height - y1)


def draw_pages(
    pages: Sequence[Page],
    *,
    font: str = CID_FONT,
    rules: str = "line",
    rotate: int = 0,
    baseline_shift: float = 0.0,
    overprint: bool = False,
) -> bytes:
    """The PDF of laid out pages. `rotate` 90 draws each page turned and sets /Rotate so that it shows upright."""
    _register()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        if rotate == 90:
            canvas.setPageSize((page.width, page.height))  # reportlab swaps the media box of turned pages itself
            canvas.setPageRotation(90)
            canvas.translate(page.height, 0)
            canvas.rotate(90)
        else:
            canvas.setPageSize((page.width, page.height))
            canvas.setPageRotation(0)
        canvas.setLineWidth(0.5)
        for rule in dict.fromkeys(page.rules):
            canvas.saveState()
            _draw_rule(canvas, rule, page.height, rules)
            canvas.restoreState()
        for text in page.texts:
            _draw_text(canvas, text, page.height, font, baseline_shift)
            if overprint:  # fake bold: the same run again, a hair to the right
                canvas.drawString(text.x + 0.3, page.height - text.y, text.text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def write_pdf(
    blocks: Sequence[Block],
    *,
    landscape: bool = False,
    rotate: int = 0,
    rules: str = "line",
    baseline_shift: float = 0.0,
    overprint: bool = False,
    font: str = CID_FONT,
    **layout: Any,
) -> bytes:
    """`blocks` as PDF bytes; `rules` line|rect|dashed|double, `rotate` 0|90, further arguments go to `lay_out`."""
    size = (A4[1], A4[0]) if landscape else A4
    pages = lay_out(blocks, size=size, measure=lambda c: _measure(c, font), **layout)
    return draw_pages(pages, font=font, rules=rules, rotate=rotate, baseline_shift=baseline_shift, overprint=overprint)
