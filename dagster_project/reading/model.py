"""The block model: what every reader returns, whatever the format.

A `Document` is an ordered list of blocks over one exact `text`. Every block and every cell knows the half-open
character range `[start, end)` of its own words in `Document.text`, so that evidence can be checked against it.
Nothing here is folded or cleaned: `text` is what the page shows. Folding is a separate view (`reading.folding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

READER_VERSION = "1"  # rises whenever all readers may give other blocks for the same bytes
# format -> revision of its reader alone, e.g. {"pdf": 2}: only documents of that format are read again when it rises
FORMAT_REVISIONS: dict[str, int] = {}


def reader_version(format: str) -> str:
    """The version of the reader of a format: 1, or 1.2 where the format has a revision of its own."""
    revision = FORMAT_REVISIONS.get(format)
    return READER_VERSION if revision is None else f"{READER_VERSION}.{revision}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the format itself marks as a heading (style, tag, outline). `level` counts from 1."""

    text: str
    level: int
    start: int
    end: int
    page: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of prose. May hold tabs and single line breaks where the source has them."""

    text: str
    start: int
    end: int
    page: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table at its upper left slot; it covers `rowspan` x `colspan` slots.

    `text` is what is displayed; `raw` the stored value as text where the format has one (xlsx 0.9786 shown as 97.86%);
    `number_format` the format code that made the text.
    """

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    raw: str | None = None
    number_format: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A grid; every slot is covered by exactly one cell, otherwise the document carries a warning.

    `seams` are the row numbers at which the table went on over a page (the first row after the break); what
    the geometry did not show to be one row there is for the form layer to mend. `title` is a caption that the format itself ties to the table.
    """

    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    start: int
    end: int
    page: int | None = None
    sheet: str | None = None
    seams: tuple[int, ...] = ()
    title: str | None = None

    def grid(self) -> list[list[Cell | None]]:
        """The slots row by row; a slot covered by a span holds the covering cell, an uncovered one None."""
        slots: list[list[Cell | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            for r in range(cell.row, min(cell.row + cell.rowspan, self.n_rows)):
                for c in range(cell.col, min(cell.col + cell.colspan, self.n_cols)):
                    slots[r][c] = cell
        return slots


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something a reader noticed and could not settle: code, sentence for people, place."""

    code: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read: blocks in reading order over one exact text."""

    name: str
    format: str  # docx, doc, wps, pdf, xlsx, xls, et, html, ofd, txt
    text: str
    blocks: tuple[Block, ...]
    warnings: tuple[Warning_, ...] = ()
    properties: dict[str, str] = field(
        default_factory=dict
    )  # the file's own metadata: title, created, modified, producer
    quality: str = "text"  # "text", or "ocr" when any page came from character recognition
    reader_version: str = READER_VERSION


class ReadError(Exception):
    """A file that cannot be read: `reason` is a stable code, the message says what was wrong, where, and what to do.

    Reasons: empty, oversized, unsupported, encrypted, damaged, hostile, needs_libreoffice, needs_ocr, no_text,
    timeout, memory, crashed.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return type(self), (self.reason, self.message)


class DocumentBuilder:
    """Collects blocks in reading order and keeps the one exact text and its offsets.

    Blocks are separated by one line feed, the rows of a table by one line feed, its cells by one tab. A reader that
    already holds the exact text (pasted text) makes `Document` directly instead.
    """

    def __init__(self, name: str, format: str) -> None:
        self.name = name
        self.format = format
        self.blocks: list[Block] = []
        self.warnings: list[Warning_] = []
        self.properties: dict[str, str] = {}
        self.quality = "text"
        self._parts: list[str] = []
        self._length = 0

    def _append(self, text: str) -> tuple[int, int]:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start, self._length

    def heading(self, text: str, level: int, *, page: int | None = None, sheet: str | None = None) -> None:
        """Add a heading; blank text is left out."""
        if text.strip():
            start, end = self._append(text)
            self._append("\n")
            self.blocks.append(Heading(text, level, start, end, page, sheet))

    def paragraph(self, text: str, *, page: int | None = None, sheet: str | None = None) -> None:
        """Add a paragraph; blank text is left out."""
        if text.strip():
            start, end = self._append(text)
            self._append("\n")
            self.blocks.append(Paragraph(text, start, end, page, sheet))

    def table(
        self,
        cells: Iterable[Cell],
        n_rows: int,
        n_cols: int,
        *,
        page: int | None = None,
        sheet: str | None = None,
        seams: Sequence[int] = (),
        title: str | None = None,
    ) -> None:
        """Add a table; cells come without offsets, in any order, and get theirs here. A table without words is left out."""
        ordered = sorted(cells, key=lambda c: (c.row, c.col))
        if not any(c.text.strip() for c in ordered):
            return
        placed: list[Cell] = []
        table_start = self._length
        row = ordered[0].row
        for i, c in enumerate(ordered):
            if i:
                self._append("\n" if c.row != row else "\t")
            row = c.row
            start, end = self._append(c.text)
            placed.append(Cell(c.row, c.col, c.text, c.rowspan, c.colspan, c.raw, c.number_format, start, end))
        table_end = self._length
        self._append("\n")
        covered = sum(c.rowspan * c.colspan for c in placed)
        if covered != n_rows * n_cols:
            self.warn(
                "grid",
                f"table covers {covered} of {n_rows * n_cols} slots",
                f"page {page}" if page else str(sheet or ""),
            )
        self.blocks.append(
            Table(tuple(placed), n_rows, n_cols, table_start, table_end, page, sheet, tuple(seams), title)
        )

    def warn(self, code: str, message: str, place: str = "") -> None:
        """Note something that could not be settled."""
        self.warnings.append(Warning_(code, message, place))

    def build(self) -> Document:
        """The finished document. Raises `ReadError("no_text")` when nothing readable was added."""
        if not self.blocks:
            raise ReadError("no_text", f"{self.name}: no readable text found in this {self.format} file")
        return Document(
            self.name,
            self.format,
            "".join(self._parts),
            tuple(self.blocks),
            tuple(self.warnings),
            dict(self.properties),
            self.quality,
        )
