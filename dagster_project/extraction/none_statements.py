"""Statements that there is none: a budget book or an expense that a report declares empty is a fact, zero and not missing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from dagster_project.extraction.context import Context
from dagster_project.extraction.subjects import strip_enumerator
from dagster_project.extraction.vocabulary import vocabulary

if TYPE_CHECKING:
    from dagster_project.extraction.collector import Collector
    from dagster_project.extraction.rows import Figure, Identity
    from dagster_project.extraction.sentences import Passage

_OTHER_BOOKS = ("government_fund", "state_capital", "social_insurance")
_BARE_NONE = re.compile(
    r"^(?:\(?[一二三四五六七八九十\d]*\)?[、.]?)?(?:本年度?|本单位|我单位|我局|本部门|20\d\d年度?)*[均都暂]?(?:无|没有|不涉及|无此项(?:内容|支出)?|未发生|无相关(?:支出|内容|情况)|无该项(?:支出|预算))[。.;]?$"
)
_NONE = re.compile(
    r"(?:没有|无(?!法|偿|线|障|人|害|烟|疑|误|故|投|违|固定|论|需|形|非|序)|未(?:安排|发生|使用|涉及|列|编制|承担)|不(?:涉及|承担)|不存在|为零|为0(?![\d.%])|[均都]为0\.0+)"
)
_AMOUNT_BEFORE = re.compile(r".*\d[\d.,]*[万亿]?元[^,]*,(?=.*(?:预算|基金|经营))")
_YEAR = re.compile(r"20\d\d年")
# 因公出国费未发生, 公务接待费无支出: what is denied stands in front
_DENIED_BEFORE = re.compile(
    r"^[^,;。\d]{2,40}?(?:均|都|全年|本年度?|当年)*(?:未(?:发生|产生|安排|支出|列支|使用)|无(?:支出|发生|安排|开支)|没有(?:发生|支出|安排)|(?:均|都)?为(?:零|0)|(?:均|都)为0(?:\.0+)?万?元)(?:任何)?(?:费用|支出|开支|预算|经费)?$"
)
_MAY_DENY = re.compile(r"无|没有|未|不涉及|不承担|不存在|零|为0")


def _denied(words: str) -> str:
    """What a denial reaches: 无出国费，公务接待费2万元 ends with the first item that has a figure of its own."""
    reached = ""
    for piece in re.split(r"(?<=[,、])", words):
        if re.search(r"\d", _YEAR.sub("", piece)):
            break
        reached += piece
    return reached


class NoneStatements:
    """Finds them while the prose is read; each budget book and account gives one row a document."""

    def __init__(self, collector: Collector, identity: Identity) -> None:
        self.collector = collector
        self.identity = identity
        self.vocabulary = vocabulary()
        self.seen: set[tuple[str | None, str]] = set()

    def enter(self, passage: Passage) -> None:
        """A new section begins: a heading that itself says none (四、国有资本经营预算支出情况：无) counts as a statement."""
        title = passage.section.title if passage.section else ""
        if passage.is_heading and ("无" in title or "没有" in title):
            m = re.search(r"[:：\s](?:无|没有)[。.]?$", title.strip())
            if m:
                self.statement(passage, 0, len(passage.text), passage.text, None)

    def statement(self, passage: Passage, start: int, end: int, text: str, context: Context | None) -> bool:
        """Take the sentence `[start, end)` when it is a statement of none; True when it holds nothing else."""
        if not _MAY_DENY.search(text):
            return False
        plain = text.strip("。;, ")
        book = self._book(context.book_term) if context else None
        if book and _BARE_NONE.match(text.strip()) and not (context and context.kind in ("problems", "measures")):
            label = context.book_term if context else None
            said = self.vocabulary.books.find(context.title) if context else ()
            for named in {m.code: m.label for m in said if m.code in _OTHER_BOOKS}.values() or (label,):
                self._add(passage, start, end, named, None)
            return True
        if not _NONE.search(plain):
            return False
        any_number = bool(re.search(r"\d", re.sub(r"20\d\d年|(?:^|[,;:])[(]?\d+[、.)]", "", plain)))
        for clause in re.split(r"[;。]", plain):
            denial = _NONE.search(clause)
            if not denial:
                continue
            stated = _AMOUNT_BEFORE.match(clause[: denial.start()])
            reached = clause[stated.end() :] if stated else clause  # 基金支出286万元，国有资本经营预算无支出
            books = [m for m in self.vocabulary.books.find(reached) if m.code in _OTHER_BOOKS]
            for m in books:
                self._add(passage, start, end, m.label, None)
            if (
                not books
                and book
                and context
                and not any_number
                and re.search(r"收入|支出|预算|资金|收支|此项|该项|相关", clause)
            ):
                self._add(passage, start, end, context.book_term, None)
            denied = [] if denial[0].endswith("0") else [_denied(clause[denial.start() :])]
            denied += [piece for piece in clause.split(",") if _DENIED_BEFORE.match(strip_enumerator(piece)[0])]
            for a in self.vocabulary.accounts.find(",".join(denied)) if not books else ():
                if a.code in (
                    "overseas_travel",
                    "vehicle",
                    "vehicle_purchase",
                    "vehicle_running",
                    "reception",
                    "three_public",
                    "procurement",
                ):
                    self._add(passage, start, end, context.book_term if context else None, a.label)
        return not any_number

    def close(self) -> None:
        """收入0万元，支出0万元: a book whose stated amounts are all nought is declared empty too."""
        amounts: dict[str, list[Figure]] = {}
        for figure in self.collector.figures:
            code = self._book(figure.book_term)
            if figure.kind == "money" and code:
                amounts.setdefault(code, []).append(figure)
        for code, figures in amounts.items():
            if (code, "total") in self.seen or any(f.value for f in figures):
                continue
            first = figures[0]
            self.collector.figure(
                evidence_no=first.evidence_no,
                kind="money",
                label=first.label,
                term="部门整体支出",
                measure_term="支出",
                book_term=first.book_term,
                fiscal_year=first.fiscal_year,
                value=Decimal(0),
                value_as_written=first.value_as_written,
                written_decimals=first.written_decimals,
                unit=first.unit,
                qualifier="stated_none",
                sentence_no=first.sentence_no,
            )

    def _book(self, term: str | None) -> str | None:
        code = self.vocabulary.books.get(term) if term else None
        return code if code in _OTHER_BOOKS else None

    def _add(self, passage: Passage, start: int, end: int, book_label: str | None, account: str | None) -> None:
        book = self.vocabulary.books.get(book_label) if book_label else None
        key = (book, self.vocabulary.accounts.get(account) or "total" if account else "total")
        if key in self.seen:
            return
        self.seen.add(key)
        a, b = passage.span(start, end)
        heading = passage.section
        if len(self.collector.document.text[a:b].strip()) < 6 and heading is not None and heading.start < a:
            a = heading.start  # the bare 无。 says nothing without its heading
        m = _NONE.search(passage.text[start:end])
        self.collector.figure(
            evidence_no=self.collector.evidence(a, b, passage.place),
            kind="money",
            label=account or book_label or "",
            term=account or "部门整体支出",
            measure_term="支出",
            book_term=book_label,
            fiscal_year=self.identity.fiscal_year,
            value=Decimal(0),
            value_as_written=m[0] if m else "无",
            written_decimals=0,
            unit="万元",
            qualifier="stated_none",
        )
