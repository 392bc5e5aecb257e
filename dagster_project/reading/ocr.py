"""Pictures of pages -> characters and rules, by the optional extra `ocr` (rapidocr with its own models, opencv).

The page is set straight, its rules are found by their shape and wiped out, the text is recognised by characters,
and cells with ink in which the detector saw nothing (single digits, mostly) are recognised once more on their own.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from dagster_project.reading.budget import allow
from dagster_project.reading.lattice import Lattice, Rule, find_lattices
from dagster_project.reading.lines import Glyph
from dagster_project.reading.model import ReadError
from dagster_project.reading.pages import PageContent

DPI = 200  # enough for type of 9 points; the recogniser's own resolution
MOST_PIXELS = 40_000_000  # an A2 sheet at 200 dpi has 31 million
PAGE_SECONDS = 60.0  # a dense page takes 15 to 20 CPU seconds; three times that for slow machines
PAGE_MEMORY = 2_500_000_000  # bytes: the models and one page at 200 dpi take about 1.2 GB of address space
SHORTEST_RULE = 0.3  # inches: strokes of characters are shorter
LEAST_SCORE = 0.4  # below this a recognised line is dirt or a stamp
INK = 140  # grey level (0 black) below which a pixel is ink
MOST_SKEW = 5.0  # degrees that are set straight
LEAST_SKEW = 0.08
SLANT = -0.85  # correlation of ink columns and rows (downwards) from which on a stroke is a slash; a 1 stays above -0.6
_MARKS = "1Il|丿ノ/一-－—–"  # what a lone slash or dash is taken for
TALL = 1.8  # height : width of a text box that stands on its side


@lru_cache(maxsize=1)
def available() -> bool:
    """Is the extra `ocr` installed?"""
    return all(importlib.util.find_spec(module) is not None for module in ("rapidocr", "onnxruntime", "cv2"))


def needs_ocr(name: str, pages: Sequence[int]) -> ReadError:
    """The error for pages that are pictures while the extra is missing."""
    where = f"page {pages[0]} is a picture" if len(pages) == 1 else f"{len(pages)} pages are pictures"
    return ReadError(
        "needs_ocr",
        f"{name}: {where} without text, and character recognition is not installed: "
        'install the extra with `uv sync --extra ocr` (or `pip install "jixiao[ocr]"`) and run again',
    )


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # the whole page is turned instead
            "Global.max_side_len": 2400,  # an A4 page at 200 dpi stays as it is
            "Global.text_score": LEAST_SCORE,
        }
    )


def _read_all(image: Any) -> Any:
    """Detect and recognise. Every switch is named, since the engine keeps those of its last call."""
    return _engine()(
        image, use_det=True, use_cls=False, use_rec=True, return_word_box=True, return_single_char_box=True
    )


def _read_one(image: Any) -> tuple[str, float]:
    """Recognise a picture of one line: its text and score."""
    found = _engine()(
        image, use_det=False, use_cls=False, use_rec=True, return_word_box=False, return_single_char_box=False
    )
    return (found.txts[0].strip(), float(found.scores[0])) if found.txts else ("", 0.0)


def recognise_file(data: bytes, number: int, width: float, height: float) -> PageContent:
    """Recognise a picture file (PNG, JPEG, TIFF ...) that fills a page of `width` x `height` points.

    The caller has checked the picture's size in its header. Raises `ReadError` "damaged" when it cannot be decoded.
    """
    import cv2
    import numpy as np

    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ReadError("damaged", f"the picture of page {number} cannot be decoded: scan the page again")
    scale = min(1.0, math.sqrt(MOST_PIXELS / (image.shape[0] * image.shape[1])), DPI / 72 * width / image.shape[1])
    if scale < 0.9:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return recognise(image, number, width, height)


def recognise(image: Any, number: int, width: float, height: float) -> PageContent:
    """Recognise page `number` of `width` x `height` points from `image` (rows x columns x BGR, uint8)."""
    import cv2

    allow(PAGE_SECONDS, PAGE_MEMORY)
    image = _straighten(image)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    horizontals, verticals, clean = _rules(grey, image, width / image.shape[1])
    found = _read_all(clean)
    if _sideways(found):
        image, found = _upright(image)
        width, height = height, width
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        horizontals, verticals, clean = _rules(grey, image, width / image.shape[1])
    unit = width / image.shape[1]  # points in a pixel
    page = PageContent(number, width, height, [], horizontals, verticals)
    for line in _lines(found):
        page.glyphs.extend(_glyphs(line, unit))
    page.glyphs.extend(_missed(clean, page, unit))
    page.glyphs = _marks(clean, page, unit)
    return page


# -- the picture


def _straighten(image: Any) -> Any:
    """Turn back a page that was laid a little askew on the glass, by the direction of its long lines."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    least = image.shape[1] // 6
    segments = cv2.HoughLinesP(ink, 1, np.pi / 3600, 200, minLineLength=least, maxLineGap=4)
    if segments is None:
        return image
    angles = []
    for x0, y0, x1, y1 in segments.reshape(-1, 4).tolist()[:2000]:
        angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
        angle = (angle + 45) % 90 - 45
        if abs(angle) <= MOST_SKEW:
            angles.append(angle)
    if len(angles) < 3:
        return image
    skew = float(np.median(angles))
    if abs(skew) < LEAST_SKEW:
        return image
    rows, columns = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), skew, 1.0)
    return cv2.warpAffine(image, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def _rules(grey: Any, image: Any, unit: float) -> tuple[list[Rule], list[Rule], Any]:
    """Horizontal and vertical rules in points, and the image without them."""
    import cv2
    import numpy as np

    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    least = max(15, int(SHORTEST_RULE * 72 / unit))
    found: list[list[Rule]] = []
    mask = np.zeros_like(ink)
    for across in (True, False):
        # A line of one pixel's width may waver by one: thicken it across its direction before looking along it.
        thick = cv2.dilate(ink, np.ones((3, 1) if across else (1, 3), np.uint8))
        kernel = np.ones((1, least) if across else (least, 1), np.uint8)
        lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
        count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        rules = []
        for left, top, columns, rows, _ in stats[1:count].tolist():
            length, thickness = (columns, rows) if across else (rows, columns)
            if thickness > 14 or length < 4 * thickness:
                continue  # a dark area, a picture
            if across:
                rules.append(Rule((top + rows / 2) * unit, left * unit, (left + columns) * unit))
            else:
                rules.append(Rule((left + columns / 2) * unit, top * unit, (top + rows) * unit))
            mask[top : top + rows, left : left + columns] |= lines[top : top + rows, left : left + columns]
        found.append(rules)
    clean = image.copy()
    clean[cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0] = 255
    return found[0], found[1], clean


def _sideways(found: Any) -> bool:
    if found.boxes is None or len(found.boxes) < 4:
        return False
    tall = wide = 0.0
    for x0, y0, x1, y1 in map(_extent, found.boxes):
        if y1 - y0 > TALL * (x1 - x0):
            tall += y1 - y0
        elif x1 - x0 > TALL * (y1 - y0):
            wide += x1 - x0
    return tall > 2 * wide  # single characters say nothing


def _upright(image: Any) -> tuple[Any, Any]:
    """The page turned by a quarter to the side on which more of it can be read, and what is read there."""
    import cv2

    best: tuple[float, Any, Any] | None = None
    for way in (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE):
        allow(PAGE_SECONDS)
        turned = cv2.rotate(image, way)
        clean = _rules(cv2.cvtColor(turned, cv2.COLOR_BGR2GRAY), turned, 72 / DPI)[2]
        found = _read_all(clean)
        score = sum(s * len(t) for s, t in zip(found.scores or (), found.txts or (), strict=True))
        if best is None or score > best[0]:
            best = (score, turned, found)
    assert best is not None
    return best[1], best[2]


# -- the characters


def _extent(box: Any) -> tuple[float, float, float, float]:
    xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
    return min(xs), min(ys), max(xs), max(ys)


def _lines(found: Any) -> list[list[tuple[str, tuple[float, float, float, float]]]]:
    """Each recognised line as (character, box in pixels). The characters' boxes fall short at both ends of a line: there
    the detector's box counts."""
    lines = []
    whole = found.boxes if found.boxes is not None else []
    for words, box in zip(found.word_results or (), whole, strict=False):
        line = [(text, _extent(place)) for text, _, place in words if text and place is not None]
        if line:
            left, _, right, _ = _extent(box)
            first = line[0]
            line[0] = (first[0], (min(left, first[1][0]), *first[1][1:]))
            last = line[-1]
            line[-1] = (last[0], (last[1][0], last[1][1], max(right, last[1][2]), last[1][3]))
            lines.append(line)
    return lines


def _type_size(line: list[tuple[str, tuple[float, float, float, float]]]) -> float:
    """In pixels: the step from one CJK character to the next, or what the detector's box, which stands off the ink by
    about a third of the type size, leaves."""
    heights = sorted(b[3] - b[1] for _, b in line)
    tall = heights[len(heights) // 2] * 0.78
    middles = [((b[0] + b[2]) / 2, ord(text[0]) >= 0x4E00) for text, b in line]
    steps = sorted(b[0] - a[0] for a, b in pairwise(middles) if a[1] and b[1])
    if steps:
        return min(max(steps[len(steps) // 2], 0.6 * tall), 1.15 * tall)
    if len(line) == 1 and len(line[0][0]) == 1:
        return min(tall, line[0][1][2] - line[0][1][0]) if middles[0][1] else tall
    return tall


def _glyphs(line: list[tuple[str, tuple[float, float, float, float]]], unit: float) -> list[Glyph]:
    """Glyphs of one recognised line: one type size (whole points, boxes waver), one baseline; or of a line downwards."""
    if len(line) > 1 and line[-1][1][1] >= line[0][1][3]:
        wide = (line[0][1][2] - line[0][1][0]) * unit
        size = float(max(1, round(min(wide * 0.78, (line[1][1][1] - line[0][1][1]) * unit))))
        return [
            Glyph(x0 * unit, x1 * unit, (y0 + y1) / 2 * unit, size, c) for text, (x0, y0, x1, y1) in line for c in text
        ]
    size = float(max(1, round(_type_size(line) * unit)))
    middle = sum((b[1] + b[3]) / 2 for _, b in line) / len(line) * unit
    glyphs = []
    for text, (x0, _, x1, _) in line:
        step = (x1 - x0) / len(text)
        glyphs += [
            Glyph((x0 + i * step) * unit, (x0 + (i + 1) * step) * unit, middle, size, c) for i, c in enumerate(text)
        ]
    return glyphs


def _missed(clean: Any, page: PageContent, unit: float) -> list[Glyph]:
    """What stands in cells with ink but without any recognised character."""
    import cv2

    grey = cv2.cvtColor(clean, cv2.COLOR_BGR2GRAY)
    found: list[Glyph] = []
    for lattice in find_lattices(page.horizontals, page.verticals):
        held = {lattice.slot_at((g.x0 + g.x1) / 2, g.y) for g in page.glyphs}
        for n, cell in enumerate(lattice.cells):
            slots = {
                (r, c)
                for r in range(cell.row, cell.row + cell.rowspan)
                for c in range(cell.col, cell.col + cell.colspan)
            }
            if held.isdisjoint(slots):
                found.extend(_read_cell(clean, grey, lattice, n, unit))
    return found


def _marks(clean: Any, page: PageContent, unit: float) -> list[Glyph]:
    """The glyphs, with the marks of empty cells told from figures: a lone slash looks like a 1, a lone dash like 一."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(clean, cv2.COLOR_BGR2GRAY)
    alone: dict[int, str] = {}
    for lattice in find_lattices(page.horizontals, page.verticals):
        owner = {
            (r, c): n
            for n, cell in enumerate(lattice.cells)
            for r in range(cell.row, cell.row + cell.rowspan)
            for c in range(cell.col, cell.col + cell.colspan)
        }
        held: dict[int, list[int]] = {}
        for i, glyph in enumerate(page.glyphs):
            slot = lattice.slot_at((glyph.x0 + glyph.x1) / 2, glyph.y)
            if slot is not None:
                held.setdefault(owner[slot], []).append(i)
        for n, members in held.items():
            glyph = page.glyphs[members[0]]
            if len(members) > 1:
                continue
            if glyph.text not in _MARKS:
                continue
            x0, y0, x1, y1 = (v / unit for v in lattice.box(lattice.cells[n]))
            edge = 1.5 / unit
            ys, xs = np.nonzero(grey[int(y0 + edge) : int(y1 - edge), int(x0 + edge) : int(x1 - edge)] < INK)
            if xs.size < 10:
                continue
            if np.ptp(xs) > 2 * np.ptp(ys):
                alone[members[0]] = "—"
            # In a slash x rises as y falls over its whole length; a 1 stands upright.
            elif np.ptp(xs) > 1 and np.corrcoef(xs, ys)[0, 1] < SLANT:
                alone[members[0]] = "/"
    return [g._replace(text=alone[i]) if i in alone else g for i, g in enumerate(page.glyphs)]


def _read_cell(clean: Any, grey: Any, lattice: Lattice, n: int, unit: float) -> list[Glyph]:
    """Recognise one small cell without the detector. Several lines of ink are read one by one."""
    import numpy as np

    x0, y0, x1, y1 = lattice.box(lattice.cells[n])
    inset = 1.5  # points, for what is left of the rules
    left, right = int((x0 + inset) / unit), int((x1 - inset) / unit)
    top, bottom = int((y0 + inset) / unit), int((y1 - inset) / unit)
    if right - left < 6 or bottom - top < 6:
        return []
    ink = grey[top:bottom, left:right] < INK
    rows = np.flatnonzero(ink.sum(axis=1) > 0)
    if rows.size == 0:
        return []
    glyphs: list[Glyph] = []
    for band in np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1):
        columns = np.flatnonzero(ink[band[0] : band[-1] + 1].sum(axis=0) > 0)
        tall, wide = int(band[-1] - band[0] + 1), int(columns[-1] - columns[0] + 1)
        if tall * unit < 4 and wide * unit < 4:
            continue  # a speck
        edge = max(4, tall // 4)
        a, b = max(left + int(columns[0]) - edge, left), min(left + int(columns[-1]) + edge, right)
        c, d = max(top + int(band[0]) - edge, top), min(top + int(band[-1]) + edge, bottom)
        text, score = _read_one(np.ascontiguousarray(clean[c:d, a:b]))
        if text and score >= LEAST_SCORE:
            glyphs.extend(_glyphs([(text, (a + edge, c, b - edge, d))], unit))
    return glyphs
