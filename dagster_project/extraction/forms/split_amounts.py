"""Amounts of a funding block by kind of income and of expenditure, each behind its label in one cell.

Source: the Hunan variant of the overall form (按收入性质分, 按支出性质分 under the total). No column says whether they are
budget or executed amounts, so they have no measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dagster_project.extraction.forms.labels import account_label, bare, fund_source_label
from dagster_project.extraction.forms.rows import FormCell, Row, make_cell
from dagster_project.extraction.vocabulary import vocabulary

_SPLIT_HEAD = re.compile(r"按(?:资金|收入|支出|经费)?(?:收入|支出|资金)?(?:性质|来源|类别|用途)(?:划?分)?(?:类)?:?$")
_LABELLED = re.compile(
    r"\s*(?:其\s*中\s*[:：])?\s*(?P<label>[^\d:：;；]{2,30})\s*[:：]\s*(?P<amount>[\d０-９][\d０-９,，.．]*)\s*(?P<unit>亿元|万元|元)?\s*[,，;；、。]?"
)
_HINT = re.compile(r"按\S{0,6}(?:性质|来源|类别|用途)|[:：]\s*[\d０-９]")
_TAIL = re.compile(r"(?:预算)?(?:财政)?(?:拨款|资金)$")


def is_split_head(key: str) -> bool:
    """True for 按收入性质分, 按支出性质分."""
    return len(key) <= 12 and _SPLIT_HEAD.match(key) is not None


def is_labelled_amount(key: str) -> bool:
    """True for one or several labels with an amount behind a colon: 其中:一般公共预算:1200."""
    at = 0
    while at < len(key):
        m = _LABELLED.match(key, at)
        if m is None or not (account_label(m["label"]) or fund_source_label(m["label"]) or book_label(m["label"])):
            return False
        at = m.end()
    return at > 0


def book_label(key: str) -> str | None:
    """The budget book that a label names, also with 拨款 behind it; None for anything else."""
    books = vocabulary().books
    plain = bare(key)
    for name in (plain, _TAIL.sub("", plain), _TAIL.sub("", plain).removesuffix("预算")):
        if name in books:
            return name
    return None


def split_amounts(rows: list[Row], text: str) -> Iterator[tuple[Row, FormCell, FormCell]]:
    """(row, label, amount) of the labelled amounts in `rows`; a label and an amount in cells of their own only below 按…性质分."""
    if not rows or not _HINT.search(text, rows[0].start, rows[-1].end):
        return
    below = False
    for row in rows:
        own = row.own()
        below = below or any(is_split_head(c.key) for c in own)
        label: FormCell | None = None
        for cell in own:
            if is_labelled_amount(cell.key):
                exact = text[cell.start : cell.end]
                for m in _LABELLED.finditer(exact):
                    name = make_cell(m["label"], cell.start + m.start("label"), cell.column)
                    end = m.end("unit") if m["unit"] else m.end("amount")
                    amount = make_cell(exact[m.start("amount") : end], cell.start + m.start("amount"), cell.column)
                    if name and amount:
                        yield row, name, amount
                label = None
            elif below and label is not None and cell.key[:1].isdigit():
                yield row, label, cell
                label = None
            else:
                known = account_label(cell.key) or fund_source_label(cell.key) or book_label(cell.key)
                label = cell if known else None
