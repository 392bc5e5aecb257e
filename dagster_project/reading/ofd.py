"""OFD (GB/T 33190-2016, the fixed-layout format of Chinese authorities) -> `Document`, on the same geometry as PDF.

An OFD file is a zip: OFD.xml names the documents, Document.xml the pages and templates, Content.xml the
objects of a page.
Lengths are millimetres, y downwards from the page's upper edge.
"""

from __future__ import annotations

import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from dagster_project.reading import ocr
from dagster_project.reading.guards import check_image, check_page, image_size, open_zip, parse_xml, read_entry
from dagster_project.reading.lattice import Rule
from dagster_project.reading.lines import Glyph
from dagster_project.reading.model import Document, DocumentBuilder, ReadError
from dagster_project.reading.pages import PageContent, assemble

POINTS = 72 / 25.4  # points in a millimetre
THIN = 1.2  # millimetres: a filled shape thinner than this is a rule
FEW_GLYPHS = 20  # a page with fewer characters and a picture is a scan with a stamp or a page number
PICTURE_SHARE = 0.25  # of the page, from which on pictures may hold its text
DEEPEST_BLOCK = 20  # page blocks within page blocks
MOST_PAGES = 2_000
MOST_GLYPHS = 100_000  # on one page
MOST_STEPS = 100_000  # of one path, and advances that one DeltaX may stand for
MIDDLE = 0.36  # of the type size: the middle of the em box above the baseline
_WHITE = 250

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_PATH_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARGUMENTS = {"M": 2, "L": 2, "S": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def _floats(text: str | None) -> list[float]:
    numbers = []
    for token in (text or "").split():
        try:
            value = float(token)
        except ValueError:
            continue
        if math.isfinite(value):
            numbers.append(value)
    return numbers


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    numbers = _floats(text)
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) >= 4 else None


def deltas(text: str | None, count: int) -> list[float]:
    """The advances of DeltaX or DeltaY, at most `count`: numbers, and `g n v` for n times v (GB/T 33190, 11.3)."""
    out: list[float] = []
    tokens = (text or "").split()
    i = 0
    while i < len(tokens) and len(out) < count:
        try:
            if tokens[i].lower() == "g" and i + 2 < len(tokens):
                out.extend([float(tokens[i + 2])] * max(0, min(int(tokens[i + 1]), count - len(out))))
                i += 3
            else:
                out.append(float(tokens[i]))
                i += 1
        except ValueError:
            i += 1
    return out[:count]


def path_points(data: str) -> list[list[Point]]:
    """The subpaths of AbbreviatedData; curves and arcs count with their end points, closed ones repeat the first."""
    tokens = _PATH_TOKEN.findall(data)
    if len(tokens) > MOST_STEPS:
        return []
    paths: list[list[Point]] = []
    i = 0
    while i < len(tokens):
        step = tokens[i].upper()
        i += 1
        if step not in _ARGUMENTS:
            continue
        need = _ARGUMENTS[step]
        arguments: list[float] = []
        while len(arguments) < need and i < len(tokens) and not tokens[i].isalpha():
            arguments.append(float(tokens[i]))
            i += 1
        if len(arguments) < need:
            continue
        if step == "C":
            if paths:
                paths[-1].append(paths[-1][0])
        elif step in "MS" or not paths:
            paths.append([(arguments[-2], arguments[-1])])
        else:
            paths[-1].append((arguments[-2], arguments[-1]))
    return [p for p in paths if len(p) > 1]


@dataclass
class _Frame:
    """Where an object's own coordinates lie on the page: its CTM, then its boundary's corner."""

    matrix: Matrix
    dx: float
    dy: float

    def place(self, x: float, y: float) -> Point:
        m = self.matrix
        return m[0] * x + m[2] * y + m[4] + self.dx, m[1] * x + m[3] * y + m[5] + self.dy

    def scale(self) -> float:
        return math.hypot(self.matrix[2], self.matrix[3])


@dataclass
class _PageObjects:
    """What one page shows, in millimetres from the page's own upper left corner."""

    glyphs: list[Glyph] = field(default_factory=list)
    segments: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictures: list[tuple[float, str]] = field(default_factory=list)  # (area, resource number)
    hidden: int = 0


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((c for c in element if _name(c) == name), None)


def _descend(element: etree._Element, *names: str) -> etree._Element | None:
    found: etree._Element | None = element
    for name in names:
        if found is None:
            return None
        found = _child(found, name)
    return found


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _frame(element: etree._Element) -> _Frame | None:
    box = _box(element.get("Boundary"))
    if box is None:
        return None
    ctm = _floats(element.get("CTM"))
    matrix: Matrix = (ctm[0], ctm[1], ctm[2], ctm[3], ctm[4], ctm[5]) if len(ctm) >= 6 else _IDENTITY
    return _Frame(matrix, box[0], box[1])


def _white(element: etree._Element, name: str) -> bool:
    """Is the object painted white, or not at all?"""
    colour = _child(element, name)
    if colour is None:
        return False
    if colour.get("Alpha") == "0":
        return True
    values = _floats(colour.get("Value"))
    return len(values) == 3 and min(values) >= _WHITE


def _shown(element: etree._Element) -> bool:
    return element.get("Visible", "true").lower() != "false"


def _text_object(element: etree._Element, found: _PageObjects) -> None:
    frame = _frame(element)
    if frame is None:
        return
    size = (_floats(element.get("Size")) or [0.0])[0]
    if size <= 0:
        return
    stretch = (_floats(element.get("HScale")) or [1.0])[0] or 1.0
    turned = (_floats(element.get("CharDirection")) or [0.0])[0] % 360
    em = size * (frame.scale() or 1.0)
    filled = element.get("Fill", "true").lower() != "false" or element.get("Stroke", "false").lower() == "true"
    seen = filled and not _white(element, "FillColor") and element.get("Alpha") != "0"
    x = y = 0.0
    for code in element:
        if _name(code) != "TextCode":
            continue
        text = code.text or ""
        if len(found.glyphs) + len(text) > MOST_GLYPHS:
            raise ReadError("oversized", f"a page holds more than {MOST_GLYPHS:,} characters")
        if not seen:
            found.hidden += len(text.strip())
            continue
        starts = _floats(code.get("X")), _floats(code.get("Y"))
        x, y = (starts[0] or [x])[0], (starts[1] or [y])[0]
        across, down = deltas(code.get("DeltaX"), len(text)), deltas(code.get("DeltaY"), len(text))
        for i, char in enumerate(text):
            natural = size * stretch * (0.5 if char.isascii() else 1.0)
            step_x = across[i] if i < len(across) else (0.0 if down else natural)
            step_y = down[i] if i < len(down) else 0.0
            # The advance may hold extra space: then the glyph itself ends earlier.
            width = min(step_x, natural * 1.15) if i < len(across) and step_x > 0 else natural
            if char not in "\r\n" and not (turned and char.isspace()):
                (a, b), (c, d) = frame.place(x, y), frame.place(x + width, y)
                mx, my = frame.place(x, y - MIDDLE * size)
                if abs(c - a) >= abs(d - b):
                    glyph = Glyph(min(a, c), max(a, c), my, em, char)
                else:  # sideways
                    glyph = Glyph(mx - em / 2, mx + em / 2, (b + d) / 2, em, char)
                found.glyphs.append(glyph)
            x, y = x + step_x, y + step_y


def _path_object(element: etree._Element, found: _PageObjects) -> None:
    frame = _frame(element)
    data = _text(_child(element, "AbbreviatedData"))
    if frame is None or not data:
        return
    stroked = element.get("Stroke", "true").lower() != "false" and not _white(element, "StrokeColor")
    filled = element.get("Fill", "false").lower() == "true" and not _white(element, "FillColor")
    for subpath in path_points(data):
        points = [frame.place(*p) for p in subpath]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if (filled or stroked) and min(box[2] - box[0], box[3] - box[1]) <= THIN:
            found.segments.append(box)
        elif stroked:
            found.segments.extend(
                (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
                for a, b in pairwise(points)
                if abs(a[0] - b[0]) < 0.2 or abs(a[1] - b[1]) < 0.2
            )


def _collect(parent: etree._Element, found: _PageObjects, depth: int = 0) -> None:
    """Objects of a layer or block, in drawing order."""
    for element in parent:
        kind = _name(element)
        if not kind or not _shown(element):
            continue
        if kind == "TextObject":
            _text_object(element, found)
        elif kind == "PathObject":
            _path_object(element, found)
        elif kind == "ImageObject":
            box = _box(element.get("Boundary"))
            if box is not None:
                found.pictures.append((box[2] * box[3], element.get("ResourceID", "")))
        elif kind in ("PageBlock", "Layer") and depth < DEEPEST_BLOCK:
            _collect(element, found, depth + 1)


class _Archive:
    """The zip's parts by path; paths in an OFD may begin at its root or where their file lies."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.zip: zipfile.ZipFile = open_zip(data, name)
        self.parts = {info.filename.replace("\\", "/").lstrip("/"): info for info in self.zip.infolist()}
        self.folded = {path.lower(): path for path in self.parts}

    def find(self, path: str, base: str) -> str | None:
        """The full path of `path` as a file in the folder `base` names it."""
        path = path.replace("\\", "/").strip()
        for candidate in [path] if path.startswith("/") else [posixpath.join(base, path), path]:
            full = posixpath.normpath(candidate).lstrip("/")
            if full.lower() in self.folded:
                return self.folded[full.lower()]
        return None

    def bytes(self, path: str) -> bytes:
        return read_entry(self.zip, self.parts[path], self.name)

    def xml(self, path: str) -> etree._Element:
        return parse_xml(self.bytes(path), self.name, path)


class _Body:
    """One document of the archive: its pages, templates and picture files."""

    def __init__(self, archive: _Archive, root_path: str) -> None:
        self.archive = archive
        self.base = posixpath.dirname(root_path)
        root = archive.xml(root_path)
        common = _child(root, "CommonData")
        self.area = _descend(common, "PageArea") if common is not None else None
        self.templates: dict[str, str] = {}
        self.resources: list[str] = []
        for element in common if common is not None else ():
            if _name(element) == "TemplatePage" and (path := archive.find(element.get("BaseLoc", ""), self.base)):
                self.templates[element.get("ID", "")] = path
            elif _name(element) in ("PublicRes", "DocumentRes") and (path := archive.find(_text(element), self.base)):
                self.resources.append(path)
        pages = _child(root, "Pages")
        listed = [p.get("BaseLoc", "") for p in pages if _name(p) == "Page"] if pages is not None else []
        self.pages = [archive.find(location, self.base) for location in listed]
        self._pictures: dict[str, str] | None = None

    def picture(self, number: str) -> str | None:
        """The path of the picture with this resource number."""
        if self._pictures is None:
            self._pictures = {}
            for resource in self.resources:
                root = self.archive.xml(resource)
                base = posixpath.join(posixpath.dirname(resource), root.get("BaseLoc", ""))
                for media in root.iter():
                    if _name(media) == "MultiMedia":
                        path = self.archive.find(_text(_child(media, "MediaFile")), base)
                        if path:
                            self._pictures[media.get("ID", "")] = path
        return self._pictures.get(number)

    def page_box(self, page: etree._Element) -> tuple[float, float, float, float]:
        """(x, y, width, height) of the page in millimetres; A4 where none is given."""
        for area in (_child(page, "Area"), self.area):
            if area is not None:
                box = _box(_text(_child(area, "PhysicalBox")))
                if box is not None:
                    return box
        return 0.0, 0.0, 210.0, 297.0

    def objects(self, page: etree._Element) -> _PageObjects:
        """The page's own objects and those of its templates."""
        found = _PageObjects()
        for template in page:
            if _name(template) == "Template" and (path := self.templates.get(template.get("TemplateID", ""))):
                content = _child(self.archive.xml(path), "Content")
                if content is not None:
                    _collect(content, found)
        content = _child(page, "Content")
        if content is not None:
            _collect(content, found)
        return found


def _to_points(found: _PageObjects, number: int, box: tuple[float, float, float, float]) -> PageContent:
    left, top, width, height = box
    page = PageContent(number, width * POINTS, height * POINTS)
    for g in found.glyphs:
        middle = (g.x0 + g.x1) / 2 - left
        if -1 <= middle <= width + 1 and -1 <= g.y - top <= height + 1:
            page.glyphs.append(
                Glyph((g.x0 - left) * POINTS, (g.x1 - left) * POINTS, (g.y - top) * POINTS, g.size * POINTS, g.text)
            )
    for x0, y0, x1, y1 in found.segments:
        a, b, c, d = (x0 - left) * POINTS, (y0 - top) * POINTS, (x1 - left) * POINTS, (y1 - top) * POINTS
        if c - a >= d - b:
            page.horizontals.append(Rule((b + d) / 2, a, c))
        else:
            page.verticals.append(Rule((a + c) / 2, b, d))
    return page


def _documents(archive: _Archive, root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for body in root:
        if _name(body) == "DocBody":
            path = archive.find(_text(_child(body, "DocRoot")), "")
            if path:
                yield path, body


def _properties(body: etree._Element) -> dict[str, str]:
    info = _child(body, "DocInfo")
    keys = {
        "Title": "title",
        "Author": "author",
        "CreationDate": "created",
        "ModDate": "modified",
        "Creator": "producer",
    }
    if info is None:
        return {}
    return {keys[_name(e)]: _text(e) for e in info if _name(e) in keys and _text(e)}


def read_ofd(data: bytes, name: str) -> Document:
    """Read an OFD file; the same rules as for PDF hold for what is left out and for pages that are pictures.

    Raises `ReadError`: encrypted, damaged, hostile, oversized, needs_ocr, no_text.
    """
    archive = _Archive(data, name)
    try:
        if archive.find("Encryptions.xml", ""):
            raise ReadError(
                "encrypted", f"{name}: the OFD is encrypted: save it without a password and hand it in again"
            )
        start = archive.find("OFD.xml", "")
        if start is None:
            raise ReadError("damaged", f"{name}: not a complete OFD: OFD.xml is missing in it: fetch it again")
        builder = DocumentBuilder(name, "ofd")
        pages: list[PageContent] = []
        unread: list[int] = []
        number = 0
        for path, entry in _documents(archive, archive.xml(start)):
            body = _Body(archive, path)
            builder.properties = builder.properties or _properties(entry)
            for page_path in body.pages:
                number += 1
                if number > MOST_PAGES:
                    raise ReadError("oversized", f"{name}: more than {MOST_PAGES:,} pages")
                if page_path is None:
                    builder.warn("damaged_page", f"{name}: the content of page {number} is missing", f"page {number}")
                    continue
                page = _read_page(body, page_path, number, name)
                if page is None:
                    unread.append(number)
                else:
                    pages.append(page[0])
                    if page[1]:
                        builder.quality = "ocr"
        if not number:
            raise ReadError("damaged", f"{name}: the OFD lists no pages: fetch it again")
    finally:
        archive.zip.close()
    if unread and not any(page.glyphs for page in pages):
        raise ocr.needs_ocr(name, unread)
    for n in unread:
        builder.warn("needs_ocr", ocr.needs_ocr(name, [n]).message, f"page {n}")
    assemble(pages, builder)
    return builder.build()


def _read_page(body: _Body, path: str, number: int, name: str) -> tuple[PageContent, bool] | None:
    """The page and whether it was recognised; None for a picture that cannot be read without the extra."""
    root = body.archive.xml(path)
    box = body.page_box(root)
    check_page(box[2] * POINTS, box[3] * POINTS, name, number)
    try:
        found = body.objects(root)
    except ReadError as error:
        raise ReadError(error.reason, f"{name}, page {number}: {error.message}") from error
    share = sum(area for area, _ in found.pictures) / (box[2] * box[3])
    if len(found.glyphs) >= FEW_GLYPHS or share < PICTURE_SHARE:
        return _to_points(found, number, box), False
    _, resource = max(found.pictures)
    picture = body.picture(resource)
    data = body.archive.bytes(picture) if picture else b""
    size = image_size(data)
    if size is not None:
        check_image(*size, name, f"page {number}")
    if not ocr.available() or size is None:
        return None
    return ocr.recognise_file(data, number, box[2] * POINTS, box[3] * POINTS), True
