"""PDF with a text layer -> `Document`, on PDFium's characters and lines. Pictures of pages go to `reading.ocr`."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from dagster_project.reading import ocr
from dagster_project.reading.guards import check_image, check_page
from dagster_project.reading.lattice import Rule
from dagster_project.reading.lines import Glyph
from dagster_project.reading.model import Document, DocumentBuilder, ReadError
from dagster_project.reading.pages import PageContent, assemble
from dagster_project.reading.pdf_integrity import damage_of

MOST_PAGES = 2_000
MOST_GLYPHS = 100_000  # on one page
MOST_OBJECTS = 300_000  # drawn objects on one page
MOST_SEGMENTS = 100_000  # of one path
DEEPEST_FORM = 8  # forms (XObjects) within forms
THIN = 3.5  # points: a filled rectangle or image thinner than this is a rule
FEW_GLYPHS = 20  # a page with fewer characters and a picture is a scan with a stamp or a page number
PICTURE_SHARE = 0.25  # of the page, from which on pictures may hold its text
UNREADABLE_SHARE = 0.3  # of the characters without a meaning, from which on a text layer is useless
MIDDLE = 0.36  # of the type size: the middle of the em box above the baseline (CJK fonts: ascent .86, descent .14)
_WHITE = 250

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class _Drawing:
    """What the page's drawn objects come to, in the page's own coordinates (y upwards)."""

    segments: list[Box] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)  # areas that are not white
    picture_area: float = 0.0
    objects: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    turn: int | None  # quarter turns anticlockwise; None for slanting text (watermarks)
    shown: bool
    white: bool


# character, origin x and y, advance box (left, bottom, right, top), style
_Character = tuple[str, float, float, float, float, float, float, _Style]


def _times(a: Matrix, b: Matrix) -> Matrix:
    """First `a`, then `b`."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _unchecked(function: Any, result: Any) -> Any:
    """A function of PDFium without declared arguments, at a third of the cost of a call: ctypes checks none.

    For what is asked for each character and each drawn object. Its arguments are handles as `c_void_p`, ints, and `byref`.
    """
    return ctypes.CFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value)  # type: ignore[arg-type]


_char_code = _unchecked(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
_char_origin = _unchecked(pdfium.FPDFText_GetCharOrigin, ctypes.c_int)
_char_box = _unchecked(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int)
_char_matrix = _unchecked(pdfium.FPDFText_GetMatrix, ctypes.c_int)
_char_size = _unchecked(pdfium.FPDFText_GetFontSize, ctypes.c_double)
_char_object = _unchecked(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
_render_mode = _unchecked(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_int)
_object_of_page = _unchecked(pdfium.FPDFPage_GetObject, ctypes.c_void_p)
_object_of_form = _unchecked(pdfium.FPDFFormObj_GetObject, ctypes.c_void_p)
_object_type = _unchecked(pdfium.FPDFPageObj_GetType, ctypes.c_int)
_object_matrix = _unchecked(pdfium.FPDFPageObj_GetMatrix, ctypes.c_int)
_object_bounds = _unchecked(pdfium.FPDFPageObj_GetBounds, ctypes.c_int)
_fill_colour = _unchecked(pdfium.FPDFPageObj_GetFillColor, ctypes.c_int)
_stroke_colour = _unchecked(pdfium.FPDFPageObj_GetStrokeColor, ctypes.c_int)
_draw_mode = _unchecked(pdfium.FPDFPath_GetDrawMode, ctypes.c_int)
_path_segment = _unchecked(pdfium.FPDFPath_GetPathSegment, ctypes.c_void_p)
_segment_point = _unchecked(pdfium.FPDFPathSegment_GetPoint, ctypes.c_int)
_segment_type = _unchecked(pdfium.FPDFPathSegment_GetType, ctypes.c_int)
_segment_close = _unchecked(pdfium.FPDFPathSegment_GetClose, ctypes.c_int)


def _matrix_of(obj: ctypes.c_void_p) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not _object_matrix(obj, ctypes.byref(m)):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _bounds(obj: ctypes.c_void_p, outer: Matrix) -> Box | None:
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    byref = ctypes.byref
    if not _object_bounds(obj, byref(left), byref(bottom), byref(right), byref(top)):
        return None
    if outer == _IDENTITY:
        return left.value, bottom.value, right.value, top.value
    corners = [_apply(outer, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    return (
        min(c[0] for c in corners),
        min(c[1] for c in corners),
        max(c[0] for c in corners),
        max(c[1] for c in corners),
    )


def _colour(getter: Any, obj: ctypes.c_void_p) -> tuple[int, int, int, int]:
    r, g, b, a = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    byref = ctypes.byref
    if not getter(obj, byref(r), byref(g), byref(b), byref(a)):
        return 0, 0, 0, 255
    return r.value, g.value, b.value, a.value


def _faint(colour: tuple[int, int, int, int]) -> bool:
    return colour[3] == 0 or min(colour[:3]) >= _WHITE


class _Page:
    """One page while it is open: its characters and drawn objects."""

    def __init__(self, document: Any, index: int, name: str) -> None:
        self.name, self.number = name, index + 1
        self.page = pdfium.FPDF_LoadPage(document, index)
        if not self.page:
            raise ReadError("damaged", f"{name}: page {self.number} cannot be opened: open and save the file again")
        self.text = pdfium.FPDFText_LoadPage(self.page)

    def close(self) -> None:
        if self.text:
            pdfium.FPDFText_ClosePage(self.text)
        pdfium.FPDF_ClosePage(self.page)

    def frame(self) -> Box:
        """The visible part of the page, in its own coordinates."""
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for getter in (pdfium.FPDFPage_GetCropBox, pdfium.FPDFPage_GetMediaBox):
            if getter(self.page, left, bottom, right, top) and right.value > left.value and top.value > bottom.value:
                return left.value, bottom.value, right.value, top.value
        turned = pdfium.FPDFPage_GetRotation(self.page) % 2
        width, height = pdfium.FPDF_GetPageWidthF(self.page), pdfium.FPDF_GetPageHeightF(self.page)
        return (0.0, 0.0, height, width) if turned else (0.0, 0.0, width, height)

    # -- drawn objects

    def drawing(self) -> _Drawing:
        found = _Drawing()
        page = ctypes.cast(self.page, ctypes.c_void_p)
        objects = [_object_of_page(page, i) for i in range(pdfium.FPDFPage_CountObjects(self.page))]
        self._collect(objects, _IDENTITY, 0, found)
        return found

    def _collect(self, objects: list[int | None], outer: Matrix, depth: int, found: _Drawing) -> None:
        for address in objects:
            found.objects += 1
            if found.objects > MOST_OBJECTS:
                raise ReadError(
                    "oversized", f"{self.name}: page {self.number} draws more than {MOST_OBJECTS:,} objects"
                )
            obj = ctypes.c_void_p(address)
            kind = _object_type(obj)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(obj, outer, found)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._image(obj, outer, found)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
                count = pdfium.FPDFFormObj_CountObjects(ctypes.cast(obj, pdfium.FPDF_PAGEOBJECT))
                inner = [_object_of_form(obj, i) for i in range(count)]
                self._collect(inner, _times(_matrix_of(obj), outer), depth + 1, found)

    def _image(self, obj: ctypes.c_void_p, outer: Matrix, found: _Drawing) -> None:
        width, height = ctypes.c_uint(), ctypes.c_uint()
        image = ctypes.cast(obj, pdfium.FPDF_PAGEOBJECT)
        if pdfium.FPDFImageObj_GetImagePixelSize(image, width, height):  # from its header: nothing is decoded
            check_image(width.value, height.value, self.name, f"page {self.number}")
        box = _bounds(obj, outer)
        if box is None:
            return
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            found.segments.append(box)
        else:
            found.picture_area += (box[2] - box[0]) * (box[3] - box[1])
            found.fills.append(box)

    def _path(self, obj: ctypes.c_void_p, outer: Matrix, found: _Drawing) -> None:
        box = _bounds(obj, outer)
        if box is None:
            return
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        if not _draw_mode(obj, ctypes.byref(mode), ctypes.byref(stroke)):
            return
        stroked = bool(stroke.value) and not _faint(_colour(_stroke_colour, obj))
        filled = bool(mode.value) and not _faint(_colour(_fill_colour, obj))
        if not stroked and not filled:
            return
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            found.segments.append(box)
            return
        count = pdfium.FPDFPath_CountSegments(ctypes.cast(obj, pdfium.FPDF_PAGEOBJECT))
        if count > MOST_SEGMENTS:
            return
        matrix = _times(_matrix_of(obj), outer)
        for points in _subpaths(obj, count, matrix):
            area = (
                min(p[0] for p in points),
                min(p[1] for p in points),
                max(p[0] for p in points),
                max(p[1] for p in points),
            )
            if filled:
                if min(area[2] - area[0], area[3] - area[1]) <= THIN:
                    found.segments.append(area)
                    continue
                found.fills.append(area)
            if stroked:
                found.segments.extend(
                    (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
                    for a, b in pairwise(points)
                    if abs(a[0] - b[0]) < 0.5 or abs(a[1] - b[1]) < 0.5
                )

    # -- characters

    def _style(self, text: ctypes.c_void_p, index: int, obj: ctypes.c_void_p, matrix: Any) -> _Style:
        _char_matrix(text, index, ctypes.byref(matrix))
        size = _char_size(text, index) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        turn = round(angle / 90) % 4
        straight = abs(angle - 90 * round(angle / 90)) < 8  # scanners' text layers lean a little
        mode = _render_mode(obj)
        hidden = mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
        colour = _colour(_fill_colour, obj)
        return _Style(
            abs(size) or 1.0, turn if straight else None, not hidden and colour[3] > 0, min(colour[:3]) >= _WHITE
        )

    def characters(self, frame: Box) -> list[_Character]:
        """All characters whose origin lies within the frame, in drawing order."""
        found: list[_Character] = []
        if not self.text:
            return found
        count = pdfium.FPDFText_CountChars(self.text)
        if count > MOST_GLYPHS:
            raise ReadError(
                "oversized", f"{self.name}: page {self.number} holds {count:,} characters (limit {MOST_GLYPHS:,})"
            )
        x, y, box, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        x_ref, y_ref, box_ref = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
        get_char, get_origin, get_box, get_object = _char_code, _char_origin, _char_box, _char_object
        text = ctypes.cast(self.text, ctypes.c_void_p)
        styles: dict[int, _Style] = {}
        left, bottom, right, top = frame[0] - 1, frame[1] - 1, frame[2] + 1, frame[3] + 1
        high = address = 0
        style = _Style(1.0, 0, True, False)
        for i in range(count):
            code = get_char(text, i)
            if code == 10 or code == 13:  # noqa: PLR1714 - made up by PDFium at line ends; this loop is the hot one
                continue
            owner = get_object(text, i)
            if not owner:  # a blank that PDFium made up
                continue
            if owner != address:
                address = owner
                known = styles.get(owner)
                if known is None:
                    known = styles[owner] = self._style(text, i, ctypes.c_void_p(owner), matrix)
                style = known
            if 0xD800 <= code < 0xE000:
                if code < 0xDC00:
                    high = code
                    continue
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
                high = 0
            get_origin(text, i, x_ref, y_ref)
            px, py = x.value, y.value
            if left <= px <= right and bottom <= py <= top:
                get_box(text, i, box_ref)
                char = "\ufffd" if code == 0 or (code >= 0xFFFE and code <= 0xFFFF) else chr(code)
                found.append((char, px, py, box.left, box.bottom, box.right, box.top, style))
        return found


def _subpaths(obj: ctypes.c_void_p, count: int, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The points of each subpath, closed ones with their first point again; curves count with their end points."""
    paths: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    for i in range(count):
        segment = ctypes.c_void_p(_path_segment(obj, i))
        if not segment or not _segment_point(segment, x_ref, y_ref):
            continue
        point = _apply(matrix, x.value, y.value)
        if _segment_type(segment) == pdfium.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        else:
            paths[-1].append(point)
        if _segment_close(segment):
            paths[-1].append(paths[-1][0])
    return [p for p in paths if len(p) > 1]


def _turned(turns: int, frame: Box) -> Matrix:
    """From the page's own coordinates to the page as read: y downwards, after `turns` quarter turns clockwise."""
    left, bottom, right, top = frame
    return (
        (1.0, 0.0, 0.0, -1.0, -left, top),
        (0.0, 1.0, 1.0, 0.0, -bottom, -left),
        (-1.0, 0.0, 0.0, 1.0, right, -bottom),
        (0.0, -1.0, -1.0, 0.0, top, right),
    )[turns]


def _rules(segments: list[Box], matrix: Matrix) -> tuple[list[Rule], list[Rule]]:
    horizontals, verticals = [], []
    ma, mb, mc, md, me, mf = matrix
    for x0, y0, x1, y1 in segments:
        a, b = ma * x0 + mc * y0 + me, mb * x0 + md * y0 + mf
        c, d = ma * x1 + mc * y1 + me, mb * x1 + md * y1 + mf
        left, right = (a, c) if a <= c else (c, a)
        upper, lower = (b, d) if b <= d else (d, b)
        if right - left >= lower - upper:
            horizontals.append(Rule((upper + lower) / 2, left, right))
        else:
            verticals.append(Rule((left + right) / 2, upper, lower))
    return horizontals, verticals


@dataclass
class _Reading:
    """One page as read. `layer`: "text", "hidden" (recognised text under a picture), "picture" or "empty"."""

    content: PageContent
    layer: str


def _read_page(page: _Page) -> _Reading:
    frame = page.frame()
    characters = page.characters(frame)
    drawing = page.drawing()
    area = (frame[2] - frame[0]) * (frame[3] - frame[1])
    pictured = drawing.picture_area >= PICTURE_SHARE * area
    visible = [c for c in characters if c[7].shown]
    layer = "text"
    if len(visible) < FEW_GLYPHS and pictured:
        layer = "hidden" if len(characters) - len(visible) >= FEW_GLYPHS else "picture"
    shown = characters if layer == "hidden" else visible
    unreadable = sum(c[0] == "\ufffd" or 0xE000 <= ord(c[0]) < 0xF900 for c in shown)
    if len(shown) >= FEW_GLYPHS and unreadable > UNREADABLE_SHARE * len(shown):
        layer = "picture"  # a font without a table of meanings: only the drawn page can be read
    if not shown and layer == "text":
        layer = "empty"
    # The page's own rotation and the direction of most of its text: a landscape table may be drawn sideways.
    votes = Counter(c[7].turn for c in shown if c[7].turn is not None)
    turns = votes.most_common(1)[0][0] if votes else pdfium.FPDFPage_GetRotation(page.page) % 4
    matrix = _turned(turns, frame)
    sideways = turns % 2 == 1
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    content = PageContent(page.number, height if sideways else width, width if sideways else height)
    ma, mb, mc, md, me, mf = matrix
    append = content.glyphs.append
    for char, x, y, left, bottom, right, top, style in shown:
        if style.turn is None or char == "\ufffd":
            continue
        if style.white and not any(f[0] <= x <= f[2] and f[1] <= y <= f[3] for f in drawing.fills):
            continue  # white on white
        a, c = ma * left + mc * bottom + me, ma * right + mc * top + me
        if style.turn == turns:
            # The advance box begins at the origin; glyphs that hang over their advance must not widen it.
            ox, oy = ma * x + mc * y + me, mb * x + md * y + mf
            append(Glyph(ox, max(a, c, ox), oy - MIDDLE * style.size, style.size, char))
        else:
            b, d = mb * left + md * bottom + mf, mb * right + md * top + mf
            append(Glyph(min(a, c), max(a, c), (b + d) / 2, style.size, char))
    content.horizontals, content.verticals = _rules(drawing.segments, matrix)
    return _Reading(content, layer)


def _open(data: bytes, name: str) -> Any:
    if not data:
        raise ReadError("empty", f"{name}: the file is empty")
    if b"%PDF-" not in data[:1024]:
        raise ReadError("damaged", f"{name}: not a PDF: its %PDF mark is missing")
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if document:
        return document
    code = pdfium.FPDF_GetLastError()
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        raise ReadError("encrypted", f"{name}: the PDF asks for a password: save it without one and hand it in again")
    raise ReadError("damaged", f"{name}: the PDF is damaged or cut off (PDFium error {code}): fetch it again")


def _guard_sizes(document: Any, name: str) -> int:
    """The number of pages, once none is found too large; no page is opened for it."""
    count = int(pdfium.FPDF_GetPageCount(document))
    if count <= 0:
        raise ReadError("damaged", f"{name}: the PDF has no pages that can be found: fetch it again")
    if count > MOST_PAGES:
        raise ReadError("oversized", f"{name}: {count:,} pages (at most {MOST_PAGES:,} are read)")
    size = pdfium.FS_SIZEF()
    for i in range(count):
        if pdfium.FPDF_GetPageSizeByIndexF(document, i, size):
            check_page(size.width, size.height, name, i + 1)
    return count


def _properties(document: Any) -> dict[str, str]:
    found = {}
    for tag, key in (
        ("Title", "title"),
        ("Author", "author"),
        ("CreationDate", "created"),
        ("ModDate", "modified"),
        ("Producer", "producer"),
    ):
        length = pdfium.FPDF_GetMetaText(document, tag.encode(), None, 0)
        if 2 < length <= 100_000:
            buffer = ctypes.create_string_buffer(length)
            pdfium.FPDF_GetMetaText(document, tag.encode(), buffer, length)
            text = buffer.raw[:length].decode("utf-16-le", "replace").rstrip("\x00").strip()
            if text:
                found[key] = text
    return found


def read_pdf(data: bytes, name: str) -> Document:
    """Read a PDF.

    Headings are paragraphs here: a PDF does not mark them. Text that is invisible, white on white, off the page, drawn
    twice or slanting (watermarks) is left out, and so are page numbers and running heads. Pages that are pictures are
    read by character recognition where the extra `ocr` is installed (`quality` is then "ocr"); where it is not, a
    document of pictures only is refused and other such pages are warned of.

    Raises `ReadError`: empty, encrypted, damaged, oversized (too many pages or objects), hostile (a page or picture of
    absurd size), needs_ocr, no_text.
    """
    document = _open(data, name)
    before: _Page | None = None
    try:
        count = _guard_sizes(document, name)
        builder = DocumentBuilder(name, "pdf")
        builder.properties = _properties(document)
        for words in damage_of(data):
            builder.warn("damaged", words)
        contents: list[PageContent] = []
        unread: list[int] = []
        for i in range(count):
            try:
                page = _Page(document, i, name)
            except ReadError as error:
                if count == 1:
                    raise
                builder.warn("damaged_page", error.message, f"page {i + 1}")
                continue
            try:
                reading = _read_page(page)
                if reading.layer == "picture":
                    if ocr.available():
                        reading = _Reading(_recognise(page), "hidden")
                    else:
                        unread.append(i + 1)
                        continue
            finally:
                # The page before stays open until now: PDFium forgets a font with the last page that shows it.
                if before is not None:
                    before.close()
                before = page
            if reading.layer == "hidden":
                builder.quality = "ocr"
            elif reading.layer == "empty":
                builder.warn("empty_page", "the page shows no words: see whether its content was lost", f"page {i + 1}")
            contents.append(reading.content)
    finally:
        if before is not None:
            before.close()
        pdfium.FPDF_CloseDocument(document)
    if unread and not any(content.glyphs for content in contents):
        raise ocr.needs_ocr(name, unread)
    for number in unread:
        builder.warn("needs_ocr", ocr.needs_ocr(name, [number]).message, f"page {number}")
    assemble(contents, builder)
    return builder.build()


def _recognise(page: _Page) -> PageContent:
    """Draw the page at 200 dpi as it is shown, and read the picture."""
    import numpy as np

    width, height = pdfium.FPDF_GetPageWidthF(page.page), pdfium.FPDF_GetPageHeightF(page.page)
    scale = min(ocr.DPI / 72, math.sqrt(ocr.MOST_PIXELS / max(width * height, 1.0)))
    columns, rows = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        raise ReadError("memory", f"{page.name}: page {page.number} is too large to be drawn for character recognition")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page.page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    image = np.frombuffer(raw, np.uint8).reshape(rows, stride)[:, : columns * 3].reshape(rows, columns, 3)
    return ocr.recognise(np.ascontiguousarray(image), page.number, width, height)
