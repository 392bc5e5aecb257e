"""Pages of placed characters and rules -> the block model: tables over pages, paragraphs over lines, no page furniture.

Used alike by PDF, OFD and OCR. Coordinates are points, y downwards from the upper edge of the page as shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dagster_project.reading.lattice import Lattice, Rule, Slot, find_lattices
from dagster_project.reading.lines import (
    Glyph,
    Line,
    begins_item,
    ends_sentence,
    first_unit,
    glue,
    group_lines,
    join_cell,
)
from dagster_project.reading.model import Cell, DocumentBuilder

NUMBER_ZONE = 0.12  # of the page's height, from below: where a page number stands (GB/T 9704)
HEAD_ZONE = 0.085  # where running heads and feet stand; body text of office pages begins lower
EDGE = 4.0  # points: column edges of one table agree within this on both pages
PAGE_END = 0.3  # of the page's height: a table that goes on over the page leaves less than this free below it
SHORT = 3.0  # of the type size: by how much the right margin may be the wider one
THINNEST = 10.0  # points: a row that holds text is higher
INDENT = 1.2  # of the type size: a first line stands at least this far in (two characters as a rule)
CENTRED = 3.0  # of the type size: a title's last line stands in further than a paragraph's first one
MOST_PADDING = 6.0  # points on one side: office programs use 5.4

_PAGE_NUMBER = re.compile(
    r"[\s\-—–―·.~|_]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/／,，]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[\s\-—–―·.~|_]*$"
)
_NUMBERISH = re.compile(r"[0-9.,%+\-]+$")
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?")
# A number that a line's end cut: at its point or comma, in a group of three, or before its last decimals.
_NUMBER_HEAD = re.compile(r"[0-9][0-9,]*[.,]|[0-9]+(?:,[0-9]{3})*,[0-9]{1,2}")
_NUMBER_REST = re.compile(r"[0-9][0-9,.]*%?")
_POINT_REST = re.compile(r"\.[0-9]{1,2}%?|%")
_DECIMALS_REST = re.compile(r"[0-9]{1,2}%?|%")
_BRACKET = re.compile(r"[（(][^（()）]{1,8}[)）]")
_LISTS_ONE = re.compile(r"[单單]\s*位")  # "单位：万元" above a repeated table carries meaning: never furniture


@dataclass
class PageContent:
    """What a reader found on one page, as the page is shown (after any rotation)."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    horizontals: list[Rule] = field(default_factory=list)
    verticals: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PartCell:
    """A cell of a table's part with its lines and its inner width, so that a row that the page cut can be mended."""

    slot: Slot
    text: str
    lines: tuple[Line, ...]
    left: float
    right: float


@dataclass
class TablePart:
    """The part of a table on one page, or, after stitching, the whole table. `padding` as in `join_cell`."""

    page: int
    xs: list[float]
    top: float
    bottom: float
    page_height: float
    cells: list[PartCell]
    n_rows: int
    padding: float
    seams: list[int] = field(default_factory=list)


@dataclass
class _Page:
    content: PageContent
    tables: list[TablePart]
    lines: list[Line]
    left: float = 0.0
    right: float = 0.0


def _assign(lattice: Lattice, glyphs: Sequence[Glyph]) -> dict[tuple[int, int], list[Glyph]]:
    """Glyphs by the slot that holds them. A number that runs over its border stays in one piece."""
    slots: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    run: list[Glyph] = []

    def flush() -> None:
        if run:
            middle = (run[0].x0 + run[-1].x1) / 2
            slots[lattice.slot_at(middle, run[0].y) or (0, 0)].extend(run)
            run.clear()

    slot_at = lattice.slot_at
    kinds: dict[str, bool] = {}
    for glyph in glyphs:
        numberish = kinds.get(glyph.text)
        if numberish is None:
            numberish = kinds[glyph.text] = _NUMBERISH.match(glyph.text) is not None
        if run and not (
            numberish and abs(glyph.y - run[-1].y) < 0.1 and -0.1 < (glyph.x0 - run[-1].x1) / (glyph.size or 1.0) < 0.15
        ):
            flush()
        if numberish:
            run.append(glyph)
        else:
            slots[slot_at((glyph.x0 + glyph.x1) / 2, glyph.y) or (0, 0)].append(glyph)
    flush()
    return slots


def _read_table(lattice: Lattice, glyphs: Sequence[Glyph], page: PageContent) -> TablePart:
    by_slot = _assign(lattice, glyphs)
    owner = {
        (r, c): n
        for n, cell in enumerate(lattice.cells)
        for r in range(cell.row, cell.row + cell.rowspan)
        for c in range(cell.col, cell.col + cell.colspan)
    }
    by_cell: list[list[Glyph]] = [[] for _ in lattice.cells]
    for place, members in by_slot.items():
        by_cell[owner[place]].extend(members)
    lines = [group_lines(members) if members else [] for members in by_cell]
    gaps = [MOST_PADDING]
    for cell, rows in zip(lattice.cells, lines, strict=True):
        x0, _, x1, _ = lattice.box(cell)
        for line in rows:
            if len(line.glyphs) > 1:  # one character alone hangs over where its column is narrower
                gaps += [max(line.x0 - x0, 0.0), max(x1 - line.x1, 0.0)]
    padding = 2 * min(gaps)
    cells = []
    for cell, rows in zip(lattice.cells, lines, strict=True):
        x0, _, x1, _ = lattice.box(cell)
        cells.append(PartCell(cell, join_cell(rows, x0, x1, padding), tuple(rows), x0, x1))
    n_rows = len(lattice.ys) - 1
    for row in range(n_rows - 1, -1, -1):
        if lattice.ys[row + 1] - lattice.ys[row] < THINNEST and _is_remnant(cells, row):
            cells, n_rows = _without_row(cells, row), n_rows - 1
    return TablePart(page.number, list(lattice.xs), lattice.ys[0], lattice.ys[-1], page.height, cells, n_rows, padding)


def _analyse(page: PageContent) -> _Page:
    lattices = find_lattices(page.horizontals, page.verticals)
    inside: list[list[Glyph]] = [[] for _ in lattices]
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        x = (glyph.x0 + glyph.x1) / 2
        for n, lattice in enumerate(lattices):
            if lattice.slot_at(x, glyph.y) is not None:
                inside[n].append(glyph)
                break
        else:
            outside.append(glyph)
    tables = [_read_table(lattice, members, page) for lattice, members in zip(lattices, inside, strict=True)]
    # Bars, axes and boxes without any word are drawings, and so must not part the prose around them.
    tables = [t for t in tables if any(cell.text for cell in t.cells)]
    return _Page(page, tables, group_lines(outside, prose=True))


def _drop_furniture(pages: Sequence[_Page]) -> None:
    """Take away page numbers, and running heads and feet: what recurs in the margin on most pages."""

    def key(line: Line) -> str:
        return re.sub(r"[\s\d]+", "#", line.text)

    def zone(page: _Page, line: Line, share: float) -> bool:
        # A page on its side keeps the margins of the upright ones.
        height, longer = page.content.height, max(page.content.height, page.content.width)
        return line.y < share * longer or line.y > height - share * longer

    seen = Counter(k for page in pages for k in {key(line) for line in page.lines if zone(page, line, HEAD_ZONE)})
    for page in pages:
        body = [t.top for t in page.tables] + [line.y for line in page.lines if not zone(page, line, NUMBER_ZONE)]
        kept = []
        for line in page.lines:
            often = seen[key(line)] >= max(2, len(pages) / 2) and not _LISTS_ONE.search(line.text)
            furniture = (zone(page, line, HEAD_ZONE) and often) or (
                (zone(page, line, HEAD_ZONE) or (zone(page, line, NUMBER_ZONE) and line.y > page.content.height / 2))
                and _PAGE_NUMBER.match(line.text) is not None
                and (not body or line.y < min(body) or line.y > max(body))
            )
            if not furniture:
                kept.append(line)
        page.lines = kept


def _margins(pages: Sequence[_Page]) -> None:
    """The body's left and right edge on each page; a page with little on it takes those of pages of its width."""
    widths: dict[int, list[_Page]] = defaultdict(list)
    for page in pages:
        widths[round(page.content.width)].append(page)
    for group in widths.values():
        lefts = [line.x0 for p in group for line in p.lines] + [t.xs[0] for p in group for t in p.tables]
        rights = [line.x1 for p in group for line in p.lines] + [t.xs[-1] for p in group for t in p.tables]
        if not lefts:
            continue
        left = min(lefts)
        # Where all lines are short none shows the right edge: then the margins count as equal, but for some characters.
        ems = [line.size for p in group for line in p.lines] or [0.0]
        right = max(*rights, group[0].content.width - left - SHORT * max(ems))
        for page in group:
            page.left, page.right = left, right
            if not page.lines:
                continue
            em = page.lines[0].size
            own_left, own_right = min(line.x0 for line in page.lines), max(line.x1 for line in page.lines)
            # Mirrored margins move the body by a few characters; more than that is a page of short lines.
            if len(page.lines) >= 5 and own_left - left < 4 * em:
                page.left = own_left
            if own_right > right - 4 * em:
                page.right = own_right


def _centred(line: Line, page: _Page) -> bool:
    """Does the line stand in the middle of the body, well in from both its edges?"""
    left, right = line.x0 - page.left, page.right - line.x1
    return min(left, right) > CENTRED * line.size and abs(left - right) < 1.5 * line.size


def _goes_on(before: Line, after: Line, first: _Page, second: _Page, leading: float) -> bool:
    """Is `after` the rest of the sentence that `before` began?"""
    em = before.size
    if abs(before.size - after.size) > 0.12 * em:
        return False
    if first is second and after.y - before.y > max(1.5 * leading, 2.2 * em if not leading else 0.0):
        return False
    # Rules against a closing mark at the head of a line send one more character to the next: 0.7 em of slack.
    if first.right - before.x1 > max(first_unit(after), em) + 0.7 * em:
        return False
    indent, own = after.x0 - second.left, before.x0 - first.left
    if indent > INDENT * em:
        if ends_sentence(before.text) or before.text.rstrip().endswith("报告") or begins_item(after.text):
            return False
        # A block that stands in as a whole goes on, and a title whose first line is full; a first line standing in begins anew.
        return abs(indent - own) < 0.5 * em or (own < INDENT * em and _centred(after, second))
    # A title that fills its line ends so, and a heading follows it.
    ended = ends_sentence(before.text) or before.text.rstrip().endswith((")", "）", "报告"))
    return not (ended and begins_item(after.text))


def _paragraphs(run: Sequence[tuple[Line, _Page]]) -> list[tuple[str, int]]:
    """(text, page) of each paragraph in lines that follow one another without a table between."""
    steps = sorted(b.y - a.y for (a, p), (b, q) in pairwise(run) if p is q and b.y > a.y)
    leading = steps[len(steps) // 2] if len(steps) >= 4 else 0.0
    out: list[tuple[str, int]] = []
    for n, (line, page) in enumerate(run):
        if n and _goes_on(run[n - 1][0], line, run[n - 1][1], page, leading):
            before, first = run[n - 1]
            text, number = out[-1]
            next_width = line.glyphs[0].x1 - line.glyphs[0].x0
            out[-1] = (
                text + glue(text, line.text, first.right - before.x1, next_width, prose=True) + line.text,
                number,
            )
        else:
            out.append((line.text, page.content.number))
    return out


def _same_columns(a: Sequence[float], b: Sequence[float]) -> list[float] | None:
    """The union of two parts' column edges (in `a`'s coordinates) when they are one table's, else None."""
    shift = a[0] - b[0]
    moved = [x + shift for x in b]
    if abs(a[-1] - moved[-1]) > EDGE:
        return None
    union = sorted(a)
    matched = 0
    for x in moved[1:-1]:
        if any(abs(x - y) <= EDGE for y in a):
            matched += 1
        else:
            union.append(x)
    fewest = min(len(a), len(b)) - 2
    # Rows of a form differ in their columns; a table of another kind shares hardly any.
    return sorted(union) if matched * 2 >= fewest else None


def _spread(part: TablePart, xs: Sequence[float]) -> list[PartCell]:
    """The part's cells over the wider set of column edges `xs`."""
    if list(xs) == part.xs:
        return list(part.cells)
    shift = xs[0] - part.xs[0]
    place = []
    for x in part.xs:
        n = bisect_left(xs, x + shift)
        near = [i for i in (n - 1, n) if 0 <= i < len(xs)]
        place.append(min(near, key=lambda i, x=x: abs(xs[i] - x - shift)))  # type: ignore[misc]

    def moved(slot: Slot) -> Slot:
        return replace(slot, col=place[slot.col], colspan=place[slot.col + slot.colspan] - place[slot.col])

    return [replace(cell, slot=moved(cell.slot)) for cell in part.cells]


def _shift(cell: PartCell, rows: int) -> PartCell:
    slot = cell.slot
    moved = Slot(slot.row + rows, slot.col, slot.rowspan, slot.colspan)
    return PartCell(moved, cell.text, cell.lines, cell.left, cell.right)


def _without_row(cells: Sequence[PartCell], row: int) -> list[PartCell]:
    """The cells without one row: cells that begin and end in it go, others over it lose a row."""
    kept = []
    for cell in cells:
        first, last = cell.slot.row, cell.slot.row + cell.slot.rowspan - 1
        if first == last == row:
            continue
        if first <= row <= last:
            cell = replace(cell, slot=replace(cell.slot, rowspan=cell.slot.rowspan - 1))  # noqa: PLW2901
        if first > row:
            cell = _shift(cell, -1)  # noqa: PLW2901
        kept.append(cell)
    return kept


def _is_remnant(cells: Sequence[PartCell], row: int) -> bool:
    """Is the row blank where it has cells of its own, while others run over it? Browsers end a merged cell that a page
    break cut a little above the row's end."""
    own = [c for c in cells if c.slot.row <= row < c.slot.row + c.slot.rowspan]
    alone = [c for c in own if c.slot.rowspan == 1]
    return len(alone) < len(own) and not any(c.text for c in alone)


def _is_sliver(cells: Sequence[PartCell], row: int, n_cols: int) -> bool:
    """Is the row what a page break leaves of a row's empty edge: no word, and no rule between its columns?"""
    own = [c for c in cells if c.slot.row <= row < c.slot.row + c.slot.rowspan]
    alone = [c for c in own if c.slot.rowspan == 1]
    return bool(alone) and len(alone) == 1 and not alone[0].text and alone[0].slot.colspan > 1 and n_cols > 2


def _repeated_heads(upper: Sequence[PartCell], lower: Sequence[PartCell], most: int) -> int:
    """How many rows at the top of the second part repeat the table's first rows word for word."""

    def row(cells: Sequence[PartCell], n: int) -> list[tuple[int, int, int, str]]:
        return sorted((c.slot.col, c.slot.colspan, c.slot.rowspan, c.text) for c in cells if c.slot.row == n)

    n = 0
    while n < most and (head := row(upper, n)) == row(lower, n) and any(text for *_, text in head):
        n += 1
    return n


def _begins_anew(upper: Sequence[PartCell], lower: Sequence[PartCell], heads: int) -> bool:
    """Does another table of the same kind begin with the repeated heads: a form whose next row has the same label again?"""

    def label(cells: Sequence[PartCell]) -> str:
        return next((c.text for c in cells if c.slot.row == heads and c.slot.col == 0), "")

    return label(upper) != "" and label(upper) == label(lower)


def _joined(first: PartCell, cell: PartCell, padding: float) -> str:
    """The text of two cells, neither blank, if the second one's lines went on below the first one's."""
    step = first.lines[-1].y + 1.5 * first.lines[-1].size - cell.lines[0].y
    aside = first.left - cell.left
    moved = [
        replace(
            line,
            y=line.y + step,
            x0=line.x0 + aside,
            x1=line.x1 + aside,
            glyphs=tuple(g._replace(x0=g.x0 + aside, x1=g.x1 + aside, y=g.y + step) for g in line.glyphs),
        )
        for line in cell.lines
    ]
    return join_cell([*first.lines, *moved], first.left, first.right, padding)


def _mended(
    upper: Sequence[PartCell], below: Sequence[PartCell], last: int, row: int, padding: float
) -> dict[tuple[int, int], str] | None:
    """The whole texts, by (col, colspan), of a row that the page break cut: row `last` above, `row` below; else None.

    It was cut when each text below goes on from one in the same columns (in the middle of a line at least once, otherwise
    with another sentence or item), and a cell above has nothing below it (its label, as a rule). A number stands on one line:
    two columns with a whole number on either side are two rows, unless a number is plainly cut (32. / 28).
    """
    above = {(c.slot.col, c.slot.colspan): c for c in upper if c.slot.row + c.slot.rowspan - 1 == last}
    under = [c for c in below if c.slot.row == row]
    pairs = [(a.text, c.text) for c in under if (a := above.get((c.slot.col, c.slot.colspan))) is not None]
    in_number = any(
        (_NUMBER_HEAD.fullmatch(a) and _NUMBER_REST.fullmatch(b)) or (a.isdigit() and _POINT_REST.fullmatch(b))
        for a, b in pairs
    )
    texts: dict[tuple[int, int], str] = {}
    runs_on = numbers = 0
    for cell in under:
        first = above.get((cell.slot.col, cell.slot.colspan))
        if first is None or (cell.text and not first.text):
            return None
        if not cell.text:
            continue
        whole = _joined(first, cell, padding)
        together = first.text + cell.text
        if in_number and (_continues_number(first.text, cell.text) or (together.isdigit() and whole == together)):
            texts[first.slot.col, first.slot.colspan] = together
            runs_on += 1
            continue
        numbers += bool(_NUMBER.fullmatch(first.text) and _NUMBER.fullmatch(cell.text))
        if numbers > 1:
            return None
        if whole[len(first.text) : len(first.text) + 1] != "\n" and len(first.text) > 1:
            runs_on += 1
        elif not (ends_sentence(first.text) or begins_item(cell.text)):
            return None  # another entry: two rows of their own
        texts[first.slot.col, first.slot.colspan] = whole
    blank_below = any(not c.text and above[c.slot.col, c.slot.colspan].text for c in under)
    return texts if runs_on and (blank_below or in_number) else None


def _continues_number(above: str, below: str) -> bool:
    """Can `below` be the rest of the number `above`? 32. / 28, 31.3 / 5, 100.00 / %; not 0.00 / 1.25."""
    if _NUMBER_HEAD.fullmatch(above):
        return _NUMBER_REST.fullmatch(below) is not None
    if above.isdigit() and _POINT_REST.fullmatch(below):
        return True
    return _NUMBER.fullmatch(above) is not None and "." in above and _DECIMALS_REST.fullmatch(below) is not None


def _is_rest_of_label(above: PartCell, below: PartCell, padding: float) -> bool:
    """Is `below` what a page break left of a merged cell's label? 产出指标（50 / 分）, 产出指标 / （50分）, 产出指 / 标."""
    open_bracket = above.text.count("（") + above.text.count("(") > above.text.count("）") + above.text.count(")")
    closes = below.text.count("）") + below.text.count(")") > below.text.count("（") + below.text.count("(")
    if open_bracket and closes:
        return True
    if _BRACKET.fullmatch(below.text) and not _BRACKET.search(above.text):
        return True
    if len(below.text) > 1 or len(above.text) < 2 or not "\u4e00" <= below.text <= "\u9fff":
        return False
    return "\n" not in _joined(above, below, padding)[len(above.text) :]


def stitch(upper: TablePart, lower: TablePart) -> TablePart | None:
    """One table out of its parts on two pages, the seam kept, or None when the columns are not one table's.

    A merged cell that the page break cut (blank below, over several rows on one side) becomes one again, and so does a row
    that it cut in the middle of a text. A repeated head goes, unless another form begins with it.
    """
    xs = _same_columns(upper.xs, lower.xs)
    if xs is None:
        return None
    cells, below = _spread(upper, xs), _spread(lower, xs)
    seam, added = upper.n_rows, lower.n_rows
    if seam > 1 and _is_sliver(cells, seam - 1, len(xs) - 1):
        cells, seam = _without_row(cells, seam - 1), seam - 1
    if added > 1 and _is_sliver(below, 0, len(xs) - 1):
        below, added = _without_row(below, 0), added - 1
    heads = _repeated_heads(cells, below, min(seam, added) - 1)
    if heads and not _begins_anew(cells, below, heads):
        for row in range(heads - 1, -1, -1):
            below, added = _without_row(below, row), added - 1
        heads = 0
    padding = min(upper.padding, lower.padding)
    mended = _mended(cells, below, seam - 1, heads, padding)
    if mended is not None:
        extra = {(c.slot.col, c.slot.colspan): c.slot.rowspan - 1 for c in below if c.slot.row == heads}
        for n, cell in enumerate(cells):
            columns = (cell.slot.col, cell.slot.colspan)
            if cell.slot.row + cell.slot.rowspan == seam and columns in mended:
                cells[n] = replace(cell, text=mended[columns])
        # What goes on below the cut row over more rows goes on from above.
        going = [c for c in below if c.slot.row == heads and c.slot.rowspan > 1] if not heads else []
        if heads and any(extra.values()):
            mended = None
        else:
            below, added = _without_row([c for c in below if c not in going], heads), added - 1
            for cell in going:
                cells = [
                    replace(c, slot=replace(c.slot, rowspan=c.slot.rowspan + cell.slot.rowspan - 1))
                    if (c.slot.col, c.slot.colspan) == (cell.slot.col, cell.slot.colspan)
                    and c.slot.row + c.slot.rowspan == seam
                    else c
                    for c in cells
                ]
    ends = {(c.slot.col, c.slot.colspan): n for n, c in enumerate(cells) if c.slot.row + c.slot.rowspan == seam}
    for cell in (_shift(c, seam) for c in below):
        slot = cell.slot
        m = ends.get((slot.col, slot.colspan)) if slot.row == seam and mended is None else None
        if m is not None and cell.text:
            # Labels stand to the left: what follows cells with words of their own is an entry.
            leads = not any(c.text and c.slot.row == 0 and c.slot.col < slot.col for c in below)
            if not (leads and cells[m].text and _is_rest_of_label(cells[m], cell, padding)):
                m = None
        elif m is not None and cells[m].slot.rowspan == slot.rowspan == 1:
            m = None
        if m is not None:
            whole = replace(cells[m].slot, rowspan=cells[m].slot.rowspan + slot.rowspan)
            cells[m] = replace(cells[m], slot=whole, text=cells[m].text + cell.text)
        else:
            cells.append(cell)
    return TablePart(
        upper.page,
        xs,
        upper.top,
        lower.bottom,
        lower.page_height,
        cells,
        seam + added,
        padding,
        [*upper.seams, *([seam] if added else [])],
    )


def assemble(pages: Sequence[PageContent], builder: DocumentBuilder) -> None:
    """Add the blocks of all pages to `builder`, in reading order."""
    analysed = [_analyse(page) for page in pages]
    _drop_furniture(analysed)
    _margins(analysed)
    run: list[tuple[Line, _Page]] = []
    table: TablePart | None = None

    def flush_run() -> None:
        for text, number in _paragraphs(run):
            builder.paragraph(text, page=number)
        run.clear()

    def flush_table() -> None:
        nonlocal table
        if table is not None:
            placed = [Cell(c.slot.row, c.slot.col, c.text, c.slot.rowspan, c.slot.colspan) for c in table.cells]
            builder.table(placed, table.n_rows, len(table.xs) - 1, page=table.page, seams=table.seams)
        table = None

    for page in analysed:
        items: list[tuple[float, Line | TablePart]] = [(line.y, line) for line in page.lines]
        items += [(t.top, t) for t in page.tables]
        first = True
        for _, item in sorted(items, key=lambda i: i[0]):
            if isinstance(item, Line):
                flush_table()
                run.append((item, page))
            else:
                flush_run()
                whole = None
                if table is not None and first and table.page_height - table.bottom < PAGE_END * table.page_height:
                    whole = stitch(table, item)
                if whole is None:
                    flush_table()
                table = whole or item
            first = False
    flush_run()
    flush_table()
