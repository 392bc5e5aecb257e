"""Reader of .docx (ECMA-376 transitional and strict) on lxml: what the page shows, no more and no less.

Inserted revisions are in, deleted ones out; hidden text is out; automatic numbers and symbols are written out; text
boxes
stand once, after the paragraph that holds them; notes stand at the end; a nested table follows the table that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from zipfile import ZipFile

from lxml import etree

from dagster_project.reading.grid import complete
from dagster_project.reading.guards import MAX_COLSPAN, clamp_span, open_zip, parse_xml, read_entry
from dagster_project.reading.model import Cell, Document, DocumentBuilder, Heading, Paragraph, ReadError
from dagster_project.reading.numbering import Numbering

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = "{" + _MAIN + "}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _MAIN.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _REL[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _MATH[1:-1].encode()),
)
_P, _R, _T, _TBL, _TR, _TC = W + "p", W + "r", W + "t", W + "tbl", W + "tr", W + "tc"
_PPR, _RPR, _TRPR, _TCPR, _VAL = W + "pPr", W + "rPr", W + "trPr", W + "tcPr", W + "val"
_SDT, _SDT_CONTENT = W + "sdt", W + "sdtContent"
_DEL, _MOVE_FROM, _INS, _MOVE_TO = W + "del", W + "moveFrom", W + "ins", W + "moveTo"
_ALTERNATE, _CHOICE, _FALLBACK = _MC + "AlternateContent", _MC + "Choice", _MC + "Fallback"
_BOX = W + "txbxContent"
_VANISH, _STYLE, _PSTYLE, _OUTLINE, _NUMPR = W + "vanish", W + "rStyle", W + "pStyle", W + "outlineLvl", W + "numPr"
_BREAK, _FIELD, _RENDERED = W + "br", W + "fldChar", W + "lastRenderedPageBreak"
_GRID_SPAN, _VMERGE, _HMERGE, _CELL_DEL = W + "gridSpan", W + "vMerge", W + "hMerge", W + "cellDel"
_DRAWN = frozenset({W + "drawing", W + "pict", W + "object"})
_TRANSPARENT = frozenset({_INS, _MOVE_TO, W + "customXml", W + "smartTag"})
_GONE = frozenset(
    {
        _PPR,
        _RPR,
        _DEL,
        _MOVE_FROM,
        W + "sdtPr",
        W + "sdtEndPr",
        W + "customXmlPr",
        W + "smartTagPr",
        W + "rubyPr",
        W + "rt",
        W + "instrText",
        W + "delText",
    }
)
_OFF = frozenset({"0", "false", "off"})
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
# Private characters of the symbol fonts, as far as forms use them: boxes, ticks, bullets, common signs.
_WINGDINGS = {
    "F0FE": "☑",
    "F052": "☑",
    "F054": "☒",
    "F0FD": "☒",
    "F0FC": "✓",
    "F050": "✓",
    "F0A3": "□",
    "F0A8": "□",
    "F06F": "□",
    "F071": "□",
    "F02A": "□",
    "F06C": "●",
    "F06E": "■",
    "F0B7": "•",
}
_SYMBOL = {
    "F0B3": "≥",
    "F0A3": "≤",
    "F0B4": "×",
    "F0B8": "÷",
    "F0B1": "±",
    "F0B0": "°",
    "F0B7": "•",
    "F0B9": "≠",
    "F0BB": "≈",
    "F0E5": "∑",
}


@dataclass(frozen=True, slots=True)
class _Style:
    level: int | None = None
    hidden: bool = False
    list_id: str | None = None
    list_level: int | None = None


class _Styles:
    """The styles of a document, each resolved over what it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._nodes: dict[str, etree._Element] = {}
        self._resolved: dict[str, _Style] = {}
        self.default: str | None = None
        self.any_hidden = root is not None and next(root.iter(_VANISH), None) is not None
        self.lists: dict[str, str] = {}  # numbering style -> w:numId
        if root is None:
            return
        for node in root.iterchildren(W + "style"):
            key = node.get(W + "styleId", "")
            self._nodes[key] = node
            kind = node.get(W + "type")
            if kind == "paragraph" and node.get(W + "default") not in (None, *_OFF):
                self.default = key
            elif kind == "numbering":
                number = node.find(f"{_PPR}/{_NUMPR}/{W}numId")
                if number is not None:
                    self.lists[key] = number.get(_VAL, "")

    def get(self, key: str | None) -> _Style:
        key = key if key is not None else self.default
        if key is None:
            return _Style()
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(key)
        return found

    def _resolve(self, key: str) -> _Style:
        chain: list[etree._Element] = []
        at: str | None = key
        while at in self._nodes and self._nodes[at] not in chain:
            chain.append(self._nodes[at])
            based = chain[-1].find(W + "basedOn")
            at = based.get(_VAL) if based is not None else None
        level: int | None = None
        hidden = False
        list_id: str | None = None
        list_level: int | None = None
        for node in reversed(chain):
            name = node.find(W + "name")
            text = name.get(_VAL, "") if name is not None else ""
            match = _HEADING_NAME.fullmatch(text)
            if match:
                level = int(match[1])
            elif text.lower() in ("title", "标题"):
                level = 1
            ppr = node.find(_PPR)
            if ppr is not None:
                outline = ppr.find(_OUTLINE)
                if outline is not None:
                    level = _outline(outline.get(_VAL))
                numbered = ppr.find(_NUMPR)
                if numbered is not None:
                    number, depth = numbered.find(W + "numId"), numbered.find(W + "ilvl")
                    if number is not None:
                        list_id = number.get(_VAL)
                    if depth is not None:
                        list_level = _small(depth.get(_VAL))
            rpr = node.find(_RPR)
            if rpr is not None:
                vanish = rpr.find(_VANISH)
                if vanish is not None:
                    hidden = vanish.get(_VAL) not in _OFF
        return _Style(level, hidden, list_id, list_level)


def read_docx(data: bytes, name: str) -> Document:
    """Read a .docx. Pages are given where the file says where its pages last broke, else None.

    Raises `ReadError`: "damaged", "encrypted", "hostile" (see `reading.guards`), "no_text".
    """
    with open_zip(data, name) as archive:
        try:
            return _Reader(archive, name).read()
        except RecursionError as error:
            raise ReadError("hostile", f"{name}: elements nested too deep; no report needs that") from error


class _Reader:
    def __init__(self, archive: ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.members = set(archive.namelist())
        self.builder = DocumentBuilder(name, "docx")
        self.main = self._main_part()
        self.relations = self._relations(self.main)
        self.styles = _Styles(self._related("styles"))
        self.numbering = Numbering(self._related("numbering"), self.styles.lists)
        self.page: int | None = None
        self.start_page: int | None = None
        self.carry: list[str] = []  # text of paragraphs whose end mark is deleted or hidden
        self.code_depth: list[bool] = []  # open fields: True while in the code, False in the result
        self.notes: list[tuple[str, str]] = []
        self.can_hide = self.can_join = True

    # --- parts ---------------------------------------------------------------------------------------------------

    def _xml(self, part: str) -> etree._Element:
        content = read_entry(self.archive, part, self.name)
        for strict, transitional in _STRICT:
            if strict in content:
                content = content.replace(strict, transitional)
        return parse_xml(content, self.name, part)

    def _main_part(self) -> str:
        if "_rels/.rels" in self.members:
            for node in self._xml("_rels/.rels"):
                if str(node.get("Type", "")).endswith("/officeDocument"):
                    part = str(node.get("Target", "")).lstrip("/")
                    if part in self.members:
                        return part
        if "word/document.xml" in self.members:
            return "word/document.xml"
        raise ReadError(
            "damaged",
            f"{self.name}: the main part word/document.xml is missing; open the file in Word or WPS and save it again",
        )

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> (last word of its type, part name)."""
        path = f"{dirname(part)}/_rels/{part.rpartition('/')[2]}.rels".lstrip("/")
        if path not in self.members:
            return {}
        out: dict[str, tuple[str, str]] = {}
        for node in self._xml(path):
            if node.get("TargetMode") == "External":
                continue
            target = str(node.get("Target", ""))
            full = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
            out[str(node.get("Id"))] = (str(node.get("Type", "")).rpartition("/")[2], full)
        return out

    def _related(self, kind: str) -> etree._Element | None:
        for what, part in self.relations.values():
            if what == kind and part in self.members:
                return self._xml(part)
        return None

    # --- the document --------------------------------------------------------------------------------------------

    def read(self) -> Document:
        root = self._xml(self.main)
        body = root.find(W + "body")
        if body is None:
            raise ReadError(
                "damaged", f"{self.name}: {self.main} has no body; open the file in Word or WPS and save it again"
            )
        if next(root.iter(_RENDERED), None) is not None:
            self.page = 1
        # Most files hide and delete nothing: then the properties of each run and mark need no look.
        self.can_hide = self.styles.any_hidden or next(root.iter(_VANISH, W + "specVanish"), None) is not None
        self.can_join = self.can_hide or next(root.iter(_DEL, _MOVE_FROM), None) is not None
        self._blocks(body)
        self._flush()
        self._notes()
        self._properties()
        return self.builder.build()

    def _properties(self) -> None:
        for part, wanted in (
            ("docProps/core.xml", {"title", "creator", "created", "modified"}),
            ("docProps/app.xml", {"Application"}),
        ):
            if part not in self.members:
                continue
            try:
                root = self._xml(part)
            except ReadError as error:
                self.builder.warn("properties", error.message, part)
                continue
            for node in root:
                key = etree.QName(node).localname if isinstance(node.tag, str) else ""
                if key in wanted and node.text and node.text.strip():
                    self.builder.properties["producer" if key == "Application" else key] = node.text.strip()

    def _notes(self) -> None:
        """Foot- and endnotes that the text refers to, in the order of their marks."""
        self.page = None
        for kind in ("footnote", "endnote"):
            wanted = [number for what, number in self.notes if what == kind]
            root = self._related(kind + "s") if wanted else None
            if root is None:
                continue
            by_id = {node.get(W + "id"): node for node in root.iterchildren(W + kind)}
            for number in dict.fromkeys(wanted):
                if number in by_id:
                    self._blocks(by_id[number])
                    self._flush()

    def _blocks(self, container: etree._Element) -> None:
        for child in container:
            tag = child.tag
            if tag == _P:
                self._paragraph_block(child)
            elif tag == _TBL:
                self._flush()
                self._table(child)
            elif tag == _SDT:
                content = child.find(_SDT_CONTENT)
                if content is not None:
                    self._blocks(content)
            elif tag in _TRANSPARENT:
                self._blocks(child)
            elif tag == _ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._blocks(chosen)
            elif tag == W + "altChunk":
                self._flush()
                self._chunk(child)

    def _chunk(self, node: etree._Element) -> None:
        """A foreign document embedded whole (web exports do that): its blocks take its place."""
        from dagster_project.reading import read

        _, part = self.relations.get(str(node.get(_REL + "id")), ("", ""))
        if part not in self.members:
            self.builder.warn("chunk", "an embedded document is missing from the file", part)
            return
        for block in read(read_entry(self.archive, part, self.name), f"{self.name}/{part.rpartition('/')[2]}").blocks:
            if isinstance(block, Heading):
                self.builder.heading(block.text, block.level)
            elif isinstance(block, Paragraph):
                self.builder.paragraph(block.text)
            else:
                self.builder.table(block.cells, block.n_rows, block.n_cols, title=block.title)

    # --- paragraphs ----------------------------------------------------------------------------------------------

    def _paragraph(self, node: etree._Element) -> tuple[str, int | None, bool, list[etree._Element]]:
        """Text with its number, heading level, whether the next paragraph goes on in the same line, text boxes."""
        ppr = node[0] if len(node) else None
        style = self.styles.get(None)
        level = style.level
        list_id, list_level = style.list_id, style.list_level
        joined = False
        if ppr is not None and ppr.tag == _PPR:
            key: str | None = None
            direct_list: etree._Element | None = None
            for child in ppr:
                tag = child.tag
                if tag == _PSTYLE:
                    key = child.get(_VAL)
                    style = self.styles.get(key)
                    level, list_id, list_level = style.level, style.list_id, style.list_level
                elif tag == _NUMPR:
                    direct_list = child
                elif tag == _OUTLINE:
                    level = _outline(child.get(_VAL))
                elif tag == _RPR and self.can_join:
                    joined = _mark_gone(child)
            if list_id is not None and list_level is None:
                list_level = self.numbering.level_of_style(list_id, key or self.styles.default or "")
            if direct_list is not None:
                number, depth = direct_list.find(W + "numId"), direct_list.find(W + "ilvl")
                if number is not None:
                    list_id, list_level = number.get(_VAL), 0
                if depth is not None:
                    list_level = _small(depth.get(_VAL))
        out: list[str] = []
        boxes: list[etree._Element] = []
        self.start_page = self.page
        self.code_depth = [False for code in self.code_depth if not code]  # a field's code never outlasts its paragraph
        self._inline(node, out, boxes, style.hidden)
        text = "".join(out)
        if list_id is not None and list_id != "0" and not joined:
            text = self.numbering.label(list_id, list_level or 0) + text
        return text, level, joined, boxes

    def _paragraph_block(self, node: etree._Element) -> None:
        text, level, joined, boxes = self._paragraph(node)
        if joined:
            self.carry.append(text)
        else:
            if self.carry:
                text = "".join(self.carry) + text
                self.carry = []
            self._emit(text, level)
        for box in boxes:
            self._blocks(box)

    def _emit(self, text: str, level: int | None) -> None:
        if level is not None:
            self.builder.heading(text.strip("\n"), level, page=self.start_page)
        elif "\n" in text:
            for line in text.split("\n"):
                self.builder.paragraph(line, page=self.start_page)
        else:
            self.builder.paragraph(text, page=self.start_page)

    def _flush(self) -> None:
        if self.carry:
            text, self.carry = "".join(self.carry), []
            self._emit(text, None)

    def _inline(self, node: etree._Element, out: list[str], boxes: list[etree._Element], hidden: bool) -> None:
        for child in node:
            tag = child.tag
            if tag == _R:
                self._run(child, out, boxes, hidden)
            elif tag in _GONE or not isinstance(tag, str):
                continue
            elif tag == _SDT:
                content = child.find(_SDT_CONTENT)
                if content is not None:
                    self._inline(content, out, boxes, hidden)
            elif tag == _ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._inline(chosen, out, boxes, hidden)
            elif tag in _DRAWN:
                if not hidden:
                    _find_boxes(child, boxes)
            elif tag == _MATH + "t":
                if not hidden and child.text:
                    out.append(child.text)
            elif tag == W + "fldSimple" or len(child):
                self._inline(child, out, boxes, hidden)

    def _run(self, run: etree._Element, out: list[str], boxes: list[etree._Element], hidden: bool) -> None:
        for child in run:
            tag = child.tag
            if tag == _T:
                text = child.text
                if text and not hidden and True not in self.code_depth:
                    if child.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
                        text = text.strip(" \t\r\n")
                    if "\n" in text or "\r" in text:
                        text = re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", text)
                    out.append(text)
            elif tag == _RPR:
                if self.can_hide:
                    hidden = self._run_hidden(child, hidden)
            elif tag == _RENDERED:
                if self.page is not None:
                    self.page += 1
                    if not any(part.strip() for part in out):
                        self.start_page = self.page
            elif tag == _FIELD:
                self._field(child, out, hidden)
            elif tag in _GONE:
                continue
            elif tag == _ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._run(chosen, out, boxes, hidden)
            elif hidden:
                continue
            elif tag in _DRAWN:
                _find_boxes(child, boxes)
            elif True not in self.code_depth:
                self._special(child, tag, out, boxes)

    def _special(self, child: etree._Element, tag: str, out: list[str], boxes: list[etree._Element]) -> None:
        if tag in (W + "tab", W + "ptab"):
            out.append("\t")
        elif tag == W + "cr" or tag == _BREAK:
            out.append("\n")
        elif tag == W + "noBreakHyphen":
            out.append("-")
        elif tag == W + "sym":
            out.append(_symbol(child))
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            kind = "footnote" if tag == W + "footnoteReference" else "endnote"
            self.notes.append((kind, child.get(W + "id", "")))
        elif tag == W + "ruby":
            base = child.find(W + "rubyBase")
            if base is not None:
                self._inline(base, out, boxes, False)
        elif tag == _MATH + "t" and child.text:
            out.append(child.text)

    def _run_hidden(self, rpr: etree._Element, hidden: bool) -> bool:
        for child in rpr:
            tag = child.tag
            if tag == _VANISH:
                hidden = child.get(_VAL) not in _OFF
            elif tag == _STYLE and self.styles.get(child.get(_VAL)).hidden:
                hidden = True
        return hidden

    def _field(self, node: etree._Element, out: list[str], hidden: bool) -> None:
        kind = node.get(W + "fldCharType")
        if kind == "begin":
            self.code_depth.append(True)
            data = node.find(W + "ffData")
            if data is not None and not hidden:
                out.append(_form_field(data))
        elif self.code_depth and kind == "separate":
            self.code_depth[-1] = False
        elif self.code_depth and kind == "end":
            self.code_depth.pop()

    # --- tables --------------------------------------------------------------------------------------------------

    def _table(self, node: etree._Element) -> None:
        rows = [row for row in _rows(node) if not _row_gone(row)]
        if len(rows) == 1:
            only = list(_cells(rows[0]))
            if len(only) == 1 and only[0].find(_TBL) is not None:
                # A frame around other tables: its content reads as if the frame were not there.
                self._blocks(only[0])
                self._flush()
                return
        cells: list[Cell] = []
        nested: list[etree._Element] = []
        seams: list[int] = []
        above: dict[int, int] = {}  # column -> index in `cells` of what the row above has there
        ragged = False
        width = 0
        page = self.page
        for r, row in enumerate(rows):
            page_before = self.page
            col = 0
            gap_after = 0
            trpr = _row_properties(row)
            if trpr is not None:
                col = _gap(trpr, "gridBefore")
                gap_after = _gap(trpr, "gridAfter")
            ragged = ragged or col > 0 or gap_after > 0
            entries: list[tuple[etree._Element, int, bool]] = []
            for tc in _cells(row):
                span, vertical, horizontal, deleted = _cell_properties(tc)
                if deleted:
                    continue
                if horizontal and entries:
                    left, left_span, left_vertical = entries[-1]
                    entries[-1] = left, left_span + span, left_vertical
                else:
                    entries.append((tc, span, vertical))
            here: dict[int, int] = {}
            for tc, span, vertical in entries:
                up = above.get(col, -1) if vertical else -1
                if up >= 0 and cells[up].colspan == span:
                    old = cells[up]
                    cells[up] = Cell(old.row, old.col, old.text, old.rowspan + 1, span)
                    here[col] = up
                else:
                    here[col] = len(cells)
                    cells.append(Cell(r, col, self._cell_text(tc, nested), 1, span))
                col += span
            above = here
            if r and col != width:
                ragged = True
            width = max(width, col + gap_after)
            if self.page is not None and page_before is not None and self.page > page_before:
                # Every cell of a row may carry the break: it is one break.
                self.page = page_before + 1
                if r:
                    seams.append(r)
                else:
                    page = self.page
        if not cells:
            return
        if ragged or width > MAX_COLSPAN:
            cells, width = complete(cells, len(rows), self.name, n_cols=width)
        self.builder.table(cells, len(rows), width, page=page, seams=seams)
        for inner in nested:
            self._table(inner)

    def _cell_text(self, node: etree._Element, nested: list[etree._Element]) -> str:
        outer_carry, self.carry = self.carry, []
        lines: list[str] = []
        self._cell_lines(node, lines, nested)
        if self.carry:
            lines.append("".join(self.carry))
        self.carry = outer_carry
        return lines[0] if len(lines) == 1 else "\n".join(lines)

    def _cell_lines(self, node: etree._Element, lines: list[str], nested: list[etree._Element]) -> None:
        """The non-blank paragraphs of a cell; its tables go to `nested`."""
        for child in node:
            tag = child.tag
            if tag == _P:
                text, _, joined, boxes = self._paragraph(child)
                if joined:
                    self.carry.append(text)
                else:
                    if self.carry:
                        text = "".join(self.carry) + text
                        self.carry = []
                    text = text.strip("\n")
                    if text and not text.isspace():
                        lines.append(text.rstrip() if text[-1].isspace() else text)
                for box in boxes:
                    self._cell_lines(box, lines, nested)
            elif tag == _TBL:
                nested.append(child)
            elif tag == _SDT:
                content = child.find(_SDT_CONTENT)
                if content is not None:
                    self._cell_lines(content, lines, nested)
            elif tag in _TRANSPARENT:
                self._cell_lines(child, lines, nested)
            elif tag == _ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._cell_lines(chosen, lines, nested)


def _chosen(alternate: etree._Element) -> etree._Element | None:
    choice = alternate.find(_CHOICE)
    return choice if choice is not None else alternate.find(_FALLBACK)


def _find_boxes(node: etree._Element, boxes: list[etree._Element]) -> None:
    """Text boxes below a drawing, outermost first; hidden shapes and the fallback copies are left out."""
    for child in node:
        tag = child.tag
        if tag == _BOX:
            boxes.append(child)
        elif tag == _ALTERNATE:
            chosen = _chosen(child)
            if chosen is not None:
                _find_boxes(chosen, boxes)
        elif isinstance(tag, str) and len(child):
            if "visibility:hidden" in (child.get("style") or "").replace(" ", ""):
                continue
            _find_boxes(child, boxes)
        elif isinstance(tag, str) and tag.endswith("}docPr") and child.get("hidden") in ("1", "true"):
            return


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        tag = child.tag
        if tag == _TR:
            yield child
        elif tag == _SDT:
            content = child.find(_SDT_CONTENT)
            if content is not None:
                yield from _rows(content)
        elif tag in _TRANSPARENT:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        tag = child.tag
        if tag == _TC:
            yield child
        elif tag == _SDT:
            content = child.find(_SDT_CONTENT)
            if content is not None:
                yield from _cells(content)
        elif tag in _TRANSPARENT:
            yield from _cells(child)


def _row_properties(row: etree._Element) -> etree._Element | None:
    # w:tblPrEx may stand before it; cells never do.
    for child in row:
        if child.tag == _TRPR:
            return child
        if child.tag == _TC:
            return None
    return None


def _row_gone(row: etree._Element) -> bool:
    """Whether a row is deleted by a revision or hidden."""
    trpr = _row_properties(row)
    if trpr is None:
        return False
    hidden = trpr.find(W + "hidden")
    return trpr.find(_DEL) is not None or (hidden is not None and hidden.get(_VAL) not in _OFF)


def _gap(trpr: etree._Element, name: str) -> int:
    node = trpr.find(W + name)
    value = node.get(_VAL) if node is not None else None
    return clamp_span(value) if value not in (None, "0") else 0


def _cell_properties(tc: etree._Element) -> tuple[int, bool, bool, bool]:
    """Columns spanned; whether the cell continues the one above, the one to the left (old files), is deleted by a
    revision."""
    span, vertical, horizontal, deleted = 1, False, False, False
    properties = tc[0] if len(tc) else None
    if properties is not None and properties.tag == _TCPR:
        for child in properties:
            tag = child.tag
            if tag == _GRID_SPAN:
                span = clamp_span(child.get(_VAL))
            elif tag == _VMERGE:
                vertical = child.get(_VAL, "continue") == "continue"
            elif tag == _HMERGE:
                horizontal = child.get(_VAL, "continue") == "continue"
            elif tag == _CELL_DEL:
                deleted = True
    return span, vertical, horizontal, deleted


def _mark_gone(rpr: etree._Element) -> bool:
    """Whether a paragraph's end mark is deleted, moved away or hidden: the next paragraph then goes on in its line."""
    for child in rpr:
        tag = child.tag
        if tag in (_DEL, _MOVE_FROM):
            return True
        if tag in (_VANISH, W + "specVanish") and child.get(_VAL) not in _OFF:
            return True
    return False


def _outline(value: str | None) -> int | None:
    level = _small(value)
    return level + 1 if level < 9 else None


def _small(value: str | None) -> int:
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 4 else 0


def _symbol(node: etree._Element) -> str:
    code = node.get(W + "char", "").upper()
    known = (_SYMBOL if node.get(W + "font", "") == "Symbol" else _WINGDINGS).get(code)
    if known is not None:
        return known
    try:
        char = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    # Most symbol fonts keep ASCII at F000; anything else of theirs has no plain character.
    return chr(ord(char) - 0xF000) if "\uf020" <= char <= "\uf07e" else ("□" if "\ue000" <= char <= "\uf8ff" else char)


def _form_field(data: etree._Element) -> str:
    """What an old form field shows by itself: a check box, or the chosen entry of a list."""
    box = data.find(W + "checkBox")
    if box is not None:
        state = box.find(W + "checked")
        if state is None:
            state = box.find(W + "default")
        return "☑" if state is not None and state.get(_VAL) not in _OFF else "☐"
    choices = data.find(W + "ddList")
    if choices is not None:
        entries = [e.get(_VAL, "") for e in choices.iterchildren(W + "listEntry")]
        result = choices.find(W + "result")
        at = _small(result.get(_VAL)) if result is not None else 0
        return entries[at] if at < len(entries) else ""
    return ""
