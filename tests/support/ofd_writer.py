"""Writes simple blocks (see `page_layout`) as a minimal OFD file (GB/T 33190-2016): text and path objects."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from tests.support.page_layout import Block, Page, Text, lay_out, plain_measure

NAMESPACE = "http://www.ofdspec.org/2016"
_MM = 25.4 / 72  # OFD counts in millimetres
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OFD = (
    f'{_HEAD}<ofd:OFD xmlns:ofd="{NAMESPACE}" Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
    "<ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID><ofd:Creator>ofd_writer</ofd:Creator>"
    "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
_RESOURCES = (
    f'{_HEAD}<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res">'
    '<ofd:Fonts><ofd:Font ID="1" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>'
)


def delta_x(advances: Sequence[float]) -> str:
    """The DeltaX attribute: repeated advances as `g count value`."""
    parts: list[str] = []
    for value, run in groupby(f"{a:.3f}".rstrip("0").rstrip(".") for a in advances):
        count = len(list(run))
        parts.append(f"g {count} {value}" if count > 2 else " ".join([value] * count))
    return " ".join(parts)


def _text_object(number: int, text: Text) -> str:
    size = text.size * _MM
    advances = [plain_measure(c) * size for c in text.text]
    x, y = text.x * _MM, (text.y - text.size) * _MM
    deltas = f' DeltaX="{delta_x(advances[:-1])}"' if len(advances) > 1 else ""
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{x:.3f} {y:.3f} {sum(advances) + 1:.3f} {size * 1.4:.3f}"'
        f' Font="1" Size="{size:.3f}">'
        f'<ofd:TextCode X="0" Y="{size:.3f}"{deltas}>{escape(text.text)}</ofd:TextCode></ofd:TextObject>'
    )


def _path_object(number: int, rule: tuple[float, float, float, float]) -> str:
    x0, y0, x1, y1 = (v * _MM for v in rule)
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{x0:.3f} {y0:.3f} {max(x1 - x0, 0.2):.3f} {max(y1 - y0, 0.2):.3f}"'
        f' LineWidth="0.18">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _content(page: Page, first: int) -> tuple[str, int]:
    number, objects = first, []
    for rule in dict.fromkeys(page.rules):
        objects.append(_path_object(number, rule))
        number += 1
    for text in page.texts:
        if text.text:
            objects.append(_text_object(number, text))
            number += 1
    box = f"0 0 {page.width * _MM:.3f} {page.height * _MM:.3f}"
    return (
        f'{_HEAD}<ofd:Page xmlns:ofd="{NAMESPACE}"><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:Area>'
        f'<ofd:Content><ofd:Layer ID="{number}" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    ), number + 1


def write_ofd(blocks: Sequence[Block], **layout: Any) -> bytes:
    """`blocks` as OFD bytes; further arguments go to `lay_out`."""
    pages = lay_out(blocks, **layout)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(path: str, content: str) -> None:
            info = zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0))  # fixed, so that the same blocks give the same bytes
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)

        put("OFD.xml", _OFD)
        put("Doc_0/PublicRes.xml", _RESOURCES)
        number, listed = 1000, []
        for i, page in enumerate(pages):
            content, number = _content(page, number)
            put(f"Doc_0/Pages/Page_{i}/Content.xml", content)
            listed.append(f'<ofd:Page ID="{i + 10}" BaseLoc="Pages/Page_{i}/Content.xml"/>')
        box = f"0 0 {pages[0].width * _MM:.3f} {pages[0].height * _MM:.3f}"
        put(
            "Doc_0/Document.xml",
            f'{_HEAD}<ofd:Document xmlns:ofd="{NAMESPACE}"><ofd:CommonData><ofd:MaxUnitID>{number}</ofd:MaxUnitID>'
            f"<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
            f"<ofd:Pages>{''.join(listed)}</ofd:Pages></ofd:Document>",
        )
    return buffer.getvalue()
