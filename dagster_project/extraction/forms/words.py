"""Words of a flattened form: lines cut into cells by the known labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.labels import key_of, measure_of, roles_of
from dagster_project.extraction.forms.mending import Run
from dagster_project.extraction.forms.rows import FormCell, Row, clean
from dagster_project.extraction.vocabulary import read_csv, vocabulary

_WORD = re.compile(
    r"[≥≤＞＜><=]+\s*[\d０-９][\d,.，．０-９]*(?:\s*(?:万元|亿元|元|%|％))?(?=\s|$)"
    r"|[\d０-９][\d,.，．０-９]*\s*(?:万元|亿元|千元|元|万|%|％|分|人次|人|次|个|件|天|项)(?=\s|$)"
    r"|\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?(?:\s*[-—~至]\s*(?:\d{4}\s*年\s*)?\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?(?=\s|$)"
    r"|(?:19|20)\d{2}\s*年\S*"
    r"|\S+"
)


@dataclass(slots=True)
class Word:
    """A cell in the making and the row (line) that it came from."""

    cell: FormCell
    line: int
    first: bool  # a line begins with it
    last: int = -1  # the row that it ends in, where that is another one


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """(labels that a form may hold, all their beginnings)"""
    labels = {r["label"] for r in read_csv("form_labels.csv")} | {r["label"] for r in read_csv("indicator_labels.csv")}
    labels |= set(vocabulary().fund_sources.codes) | {m for m in vocabulary().measures.codes if len(m) > 3}
    labels |= {a for a in vocabulary().accounts.codes if len(a) > 3}
    labels = {key_of(label) for label in labels}
    return frozenset(labels), frozenset(label[:n] for label in labels for n in range(1, len(label) + 1))


_CLOSING = {"合计", "总计", "总分", "小计"}  # these words are cells of their own
_DECORATED = re.compile(r"^(?:其中[:,]?|\d{1,2}[、.])?([^\d()]+)(?:\([^()]*\)?){0,2}$")


_COLON = re.compile(r"([^:：]{2,20})[:：](?=\S)")
_CARD = frozenset(("project_name", "sub_project_name", "department_name", "info", "investment", "fund_total"))


def _card(text: str) -> int:
    """Where the value begins in a label and value that a colon joins (全年预算数：12.5); 0 for anything else."""
    m = _COLON.match(text)
    if m is None:
        return 0
    name = key_of(m[1])
    return m.end() if measure_of(name) or roles_of(name) & _CARD else 0


def words_of(run: Run, rows: Sequence[Row], *, cells_are_lines: bool) -> list[Word]:
    """The words of a run of lines; where each cell had a line of its own, a word a line."""
    out: list[Word] = []
    if cells_are_lines:
        cell = rows[run.lines[0]].cells[0]
        written = run.text.strip()  # with the blanks that the cell's words have lost: places are counted in it
        cut = _card(written)
        for text, at in ((written[:cut], cell.start), (written[cut:], cell.start + cut)):
            if text:
                word = FormCell(clean(text), key_of(text), at, at + len(text), 0)
                out.append(Word(word, run.lines[0], not out))
        return out
    first = True
    for m in _WORD.finditer(run.text):
        start, end = m.span()
        cut = _card(m[0])
        for a, b in ((start, start + cut), (start + cut, end)):
            text = run.text[a:b]
            key = key_of(text)
            if key:
                made = FormCell(text, key, run.place(a), run.place(b - 1) + 1, 0)
                out.append(Word(made, run.line(a), first, run.line(b - 1)))
                first = False
    return out


def merged(words: list[Word], text: str) -> list[Word]:
    """Labels that blanks have broken (产出 指标 (50 分)) put together: the longest known label wins."""
    labels, beginnings = _known()
    out: list[Word] = []
    i, n = 0, len(words)
    while i < n:
        key = words[i].cell.key
        best = 1
        if len(key) <= 10 and look(key)[0] == "text":
            run = key
            for j in range(i + 1, min(n, i + 9)):
                if words[j].cell.key in _CLOSING:
                    break
                run += words[j].cell.key
                m = _DECORATED.match(run)
                stem = m[1].strip(":") if m else ""
                if not stem or len(run) > 30 or stem not in beginnings:
                    break
                if stem in labels and run.count("(") == run.count(")"):
                    best = j - i + 1
        if best == 1 and key.endswith("、") and i + 1 < n and words[i + 1].cell.key.endswith("费"):
            best = 2  # 邮电费、差旅费、 租赁费: one line of several items
        out.append(joined(words[i : i + best], text) if best > 1 else words[i])
        i += best
    return out


def joined(words: Sequence[Word], text: str) -> Word:
    """One word from several that stand side by side in the exact text."""
    start, end = words[0].cell.start, words[-1].cell.end
    whole = text[start:end]
    key = "".join(w.cell.key for w in words)
    whole = "".join(w.cell.text for w in words) if "\n" in whole else clean(whole)
    return Word(FormCell(whole, key, start, end, 0), words[0].line, words[0].first, words[-1].last)
