"""Blocks -> .docx: heading styles, true merged cells, page breaks, hidden runs. By hand: small, fast and fixed."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from tests.support.blocks import Block, Grid, PageBreak, Para, SheetBreak, slots
from tests.support.zipping import pack

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    _HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELS = (
    _HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
_DOC_RELS = (
    _HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"'
    ' Target="styles.xml"/></Relationships>'
)
_FONTS = '<w:rFonts w:ascii="FangSong" w:hAnsi="FangSong" w:eastAsia="仿宋"/>'
_STYLES = (
    _HEAD
    + f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}<w:sz w:val="24"/></w:rPr></w:rPrDefault>'
    + '<w:pPrDefault><w:pPr><w:spacing w:line="360" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    + '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr><w:keepNext/><w:outlineLvl w:val="{n - 1}"/></w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{34 - 3 * n}"/></w:rPr></w:style>'
        for n in range(1, 5)
    )
    + "</w:styles>"
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_WIDTH = 9000


def _run(text: str, hidden: bool = False) -> str:
    props = "<w:rPr><w:vanish/></w:rPr>" if hidden else ""
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n"))
    return f"<w:r>{props}{pieces}</w:r>" if text else ""


def _paragraph(block: Para) -> str:
    style = (
        f'<w:pPr><w:pStyle w:val="Heading{min(block.level, 4)}"/></w:pPr>'
        if block.level
        else '<w:pPr><w:ind w:firstLine="480"/></w:pPr>'
    )
    return f"<w:p>{style}{_run(block.text, block.hidden)}</w:p>"


def _table(table: Grid) -> str:
    rows = slots(table)
    n_cols = len(rows[0]) if rows else 0
    width = _WIDTH // max(n_cols, 1)
    out = [
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>',
        "<w:tblGrid>",
    ]
    out.append(f'<w:gridCol w:w="{width}"/>' * n_cols + "</w:tblGrid>")
    for r, row in enumerate(rows):
        out.append("<w:tr>")
        c = 0
        while c < n_cols:
            found = row[c]
            if found is None:
                out.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p/></w:tc>')
                c += 1
                continue
            top, left, cell = found
            span = cell.colspan - (c - left)
            props = f'<w:tcW w:w="{width * span}" w:type="dxa"/>'
            if span > 1:
                props += f'<w:gridSpan w:val="{span}"/>'
            if cell.rowspan > 1:
                props += '<w:vMerge w:val="restart"/>' if r == top else "<w:vMerge/>"
            lines = cell.text.split("\n") if r == top else [""]
            text = "".join(f"<w:p>{_run(line, table.hidden)}</w:p>" for line in lines)
            out.append(f"<w:tc><w:tcPr>{props}</w:tcPr>{text}</w:tc>")
            c += span
        out.append("</w:tr>")
    out.append("</w:tbl><w:p/>")
    return "".join(out)


def write_docx(blocks: Iterable[Block], title: str = "") -> bytes:
    """The bytes of a .docx. The same blocks give the same bytes."""
    body: list[str] = []
    for block in blocks:
        if isinstance(block, Para):
            body.append(_paragraph(block))
        elif isinstance(block, Grid):
            body.append(_table(block))
        elif isinstance(block, PageBreak | SheetBreak) and body:
            body.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"'
        ' w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
    )
    document = f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{"".join(body)}{page}</w:body></w:document>'
    core = (
        _HEAD + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2024-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
    )
    parts = [
        ("[Content_Types].xml", _TYPES),
        ("_rels/.rels", _RELS),
        ("docProps/core.xml", core),
        ("word/document.xml", document),
        ("word/styles.xml", _STYLES),
        ("word/_rels/document.xml.rels", _DOC_RELS),
    ]
    return pack([(name, text.encode("utf-8")) for name, text in parts])
