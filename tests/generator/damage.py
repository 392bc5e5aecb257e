"""What pasting, paging and narrow columns do to a report's text. Only blanks, line ends and page furniture are added,
so that the words of every fact still stand in the same order."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from tests.support.blocks import Block, Grid, Para, TableCell
from tests.support.txt_writer import table_lines

FURNITURE = re.compile(
    r"^\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})\s*$", re.M
)


def squash(text: str) -> str:
    """Without blanks and page furniture: what damage must not change."""
    return re.sub(r"\s+", "", FURNITURE.sub("", text))


def wrap_lines(text: str, rng: random.Random, width: int) -> str:
    """Hard line ends as copying from a page leaves them; digits of one number stay together."""
    out: list[str] = []
    for line in text.split("\n"):
        if "\t" in line or len(line) <= width:
            out.append(line)
            continue
        at = 0
        while at < len(line):
            stop = min(len(line), at + width - rng.randint(0, 2))
            while (
                at < stop < len(line)
                and re.match(r"[0-9.,%０-９．，％]", line[stop])
                and re.match(r"[0-9.,０-９．]", line[stop - 1])
            ):
                stop -= 1
            stop = stop if stop > at else min(len(line), at + width)
            out.append(line[at:stop])
            at = stop
    return "\n".join(out)


def break_pages(text: str, rng: random.Random, times: int) -> str:
    """Blank lines, with or without a page number, in the middle of sentences."""
    for page in range(1, times + 1):
        lines = text.split("\n")
        long = [i for i, line in enumerate(lines) if len(line) > 20 and "\t" not in line]
        if not long:
            return text
        i = long[int(rng.random() * len(long))]
        line = lines[i]
        spots = [
            m.start()
            for m in re.finditer(
                r"(?<=[^\x00-\x7f０-９])(?=[0-9])|(?<=[0-9])(?=[^\x00-\x7f０-９％．，])|(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])",
                line,
            )
        ]
        if not spots:
            continue
        at = spots[int(rng.random() * len(spots))]
        furniture = rng.choice(("", "", f"— {page} —", f"- {page} -", f"第 {page} 页 共 {times + 3} 页"))
        lines[i] = line[:at] + "\n\n" + (furniture + "\n\n" if furniture else "") + line[at:]
        text = "\n".join(lines)
    return text


def space_cells(blocks: Sequence[Block], rng: random.Random) -> list[Block]:
    """Blanks inside the words of cells, where a narrow column wrapped them: 产出 指标."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Grid):
            rows = []
            for row in block.rows:
                cells = []
                for cell in row:
                    text = cell.text
                    if len(text) > 3 and not re.search(r"[0-9A-Za-z]", text) and rng.random() < 0.3:
                        at = rng.randint(2, len(text) - 1)
                        text = f"{text[:at]} {text[at:]}"
                    cells.append(TableCell(text, cell.rowspan, cell.colspan))
                rows.append(tuple(cells))
            out.append(Grid(tuple(rows), block.seams, block.hidden))
        else:
            out.append(block)
    return out


def flatten(blocks: Sequence[Block], gold: dict[str, Any], rng: random.Random) -> list[Block]:
    """Each form on one line: cells behind single blanks, empty cells gone. Facts of rows with a gap become optional:
    without the empty cell nobody can tell their column."""
    gone: set[str] = set()
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Grid) and not block.hidden:
            lines = table_lines(block, spans="lost")
            for line in lines:
                cells = line.split("\t")
                filled = [i for i, c in enumerate(cells) if c]
                if filled and filled[-1] - filled[0] + 1 != len(filled):
                    gone.add(squash(line))
            out.append(Para(" ".join(c for line in lines for c in line.split("\t") if c)))
        else:
            out.append(block)
    for key in ("figures", "fund_rows", "indicators"):
        for entry in gold[key]:
            evidence = entry["evidence"] or ""
            if squash(evidence) in gone or "\t\t" in evidence.rstrip("\t"):
                entry["optional"] = True
    return out


def outdated(block: Grid, rng: random.Random) -> Grid:
    """A hidden copy of a form with last season's numbers."""
    rows = []
    for row in block.rows:
        cells = []
        for cell in row:
            text = cell.text
            if re.fullmatch(r"[\d,]+\.\d\d", text):
                text = f"{rng.randint(1, 900)}.{rng.randint(10, 99)}"
            cells.append(TableCell(text, cell.rowspan, cell.colspan))
        rows.append(tuple(cells))
    return Grid(tuple(rows), hidden=True)
