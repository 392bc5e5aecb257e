"""Blocks -> pasted text: a line a paragraph, a line a table row with tabs, merged cells lost."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.blocks import Block, Grid, PageBreak, Para, SheetBreak, slots


def table_lines(table: Grid, *, spans: str = "row", separator: str = "\t") -> list[str]:
    """A line a row. `spans` says what pasting left of merged cells:

    "row": a slot covered from above keeps an empty cell, columns covered from the left are gone (a paste);
    "lost": every covered slot is gone, so rows have uneven cell counts; "padded": every covered slot is an empty cell.
    """
    lines: list[str] = []
    for r, row in enumerate(slots(table)):
        parts: list[str] = []
        for c, found in enumerate(row):
            if found is None:
                parts.append("")
                continue
            top, left, cell = found
            if (top, left) == (r, c):
                parts.append(cell.text.replace("\n", " "))
            elif spans == "padded" or (spans == "row" and c == left):
                parts.append("")
        lines.append(separator.join(parts))
    return lines


def to_text(blocks: Iterable[Block], *, spans: str = "row", blank_lines: bool = True) -> str:
    """The pasted text. Hidden blocks are left out: pasting takes what the page shows."""
    out: list[str] = []
    for block in blocks:
        if isinstance(block, Para) and not block.hidden:
            out.append(block.text)
        elif isinstance(block, Grid) and not block.hidden:
            out.extend(table_lines(block, spans=spans))
        elif isinstance(block, PageBreak | SheetBreak) or (isinstance(block, Para | Grid) and block.hidden):
            continue
        if blank_lines:
            out.append("")
    return "\n".join(out) + "\n"


def write_txt(
    blocks: Iterable[Block],
    *,
    spans: str = "row",
    encoding: str = "utf-8",
    newline: str = "\n",
    blank_lines: bool = True,
) -> bytes:
    """The bytes of the pasted text."""
    return to_text(blocks, spans=spans, blank_lines=blank_lines).replace("\n", newline).encode(encoding)
