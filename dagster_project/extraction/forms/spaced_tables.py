"""Lists of projects whose cells are parted by blanks -> rows with columns.

A head line that names projects and measures (序号 项目名称 年初预算 实际支出 执行率), below it lines that end in as many values as
the head has columns for them. What stands before the values is the project's name.
"""

from __future__ import annotations

import re

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.labels import key_of, measure_of, roles_of
from dagster_project.extraction.forms.recognise import names_projects
from dagster_project.extraction.forms.rows import FormCell, Row, clean

SPACED_HEAD = re.compile(r"(?:项目|专项)(?:支出|资金)?名称[ \u3000]")
_WORD = re.compile(r"\S+")
_ORDINAL = re.compile(r"序号|编号")
_VALUES = ("number", "percent", "dash", "amount")
_FEWEST = 2  # rows: one line with numbers at its end may be prose


def split_spaced_tables(rows: list[Row], text: str) -> list[Row]:
    """`rows` with the lines of such lists replaced by rows of cells."""
    if not SPACED_HEAD.search(text):
        return rows
    out: list[Row] = []
    i = 0
    while i < len(rows):
        head = _head(rows[i], text)
        made = _data(rows, i + 1, head, text) if head is not None else []
        if head is not None and len(made) >= _FEWEST:
            out += [head, *made]
            i += 1 + len(made)
        else:
            out.append(rows[i])
            i += 1
    return out


def _words(row: Row, text: str) -> list[FormCell]:
    return [
        FormCell(m[0], key_of(m[0]), row.start + m.start(), row.start + m.end(), n)
        for n, m in enumerate(_WORD.finditer(text[row.start : row.end]))
    ]


def _row(cells: list[FormCell], width: int, origin: Row) -> Row:
    return Row(cells, width, origin.start, origin.end, "tabbed", origin.paragraph, origin.page, origin.sheet)


def _head(row: Row, text: str) -> Row | None:
    if row.source != "line" or not row.cells or row.end - row.start > 200:
        return None
    cells = _words(row, text)
    named = next((n for n, c in enumerate(cells) if names_projects(c.key)), None)
    if named is None or named > 1 or (named == 1 and not _ORDINAL.fullmatch(cells[0].key)):
        return None
    values = cells[named + 1 :]
    if not any(measure_of(c.key) for c in values):
        return None
    return _row(cells, len(cells), row) if all(measure_of(c.key) or "rate" in roles_of(c.key) for c in values) else None


def _data(rows: list[Row], start: int, head: Row, text: str) -> list[Row]:
    """The lines from `start` on that are rows below `head`."""
    named = next(n for n, c in enumerate(head.cells) if names_projects(c.key))
    size = head.width - named - 1
    made: list[Row] = []
    for n in range(start, len(rows)):
        row = rows[n]
        if row.source != "line" or not row.cells:
            break
        words = _words(row, text)
        values, names = words[-size:], words[:-size]
        if named and len(names) > 1 and names[0].key.isdigit():
            del names[0]
        if not names or look(names[-1].key)[0] != "text" or any(look(c.key)[0] not in _VALUES for c in values):
            break
        a, b = names[0].start, names[-1].end
        cells = [FormCell(clean(text[a:b]), key_of(text[a:b]), a, b, named)]
        cells += [FormCell(c.text, c.key, c.start, c.end, column) for column, c in enumerate(values, named + 1)]
        made.append(_row(cells, head.width, row))
    return made
