"""The vocabularies of seeds/reference: the same CSVs that dbt joins, here to recognise labels in text.

Labels are written folded (ASCII brackets, no quotation marks around them needed: the text is searched without them).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"
_QUOTES = re.compile(r"[“”\"‘’「」]")


class Match(NamedTuple):
    """A label found in a text: range there, the label, its code."""

    start: int
    end: int
    label: str
    code: str


def trie_pattern(words: Iterable[str]) -> str:
    """A regular expression for the longest of `words`: their common beginnings are written once, so that it runs fast."""
    root: dict[str, dict] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}

    def branch(node: dict[str, dict]) -> str:
        ways = [re.escape(char) + branch(below) for char, below in node.items() if char]
        if not ways:
            return ""
        body = ways[0] if len(ways) == 1 and "" not in node else "(?:" + "|".join(ways) + ")"
        return body + "?" if "" in node else body

    return branch(root)


class Labels:
    """A set of labels with codes, found longest first, from left to right, without overlaps."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.codes: dict[str, str] = {}
        for label, code in pairs:
            self.codes.setdefault(label, code)
        self._pattern = re.compile(trie_pattern(self.codes)) if self.codes else None

    def __contains__(self, label: str) -> bool:
        return label in self.codes

    def get(self, label: str) -> str | None:
        """The code of exactly this label."""
        return self.codes.get(label)

    def find(self, text: str) -> Iterator[Match]:
        """All labels in `text`."""
        for start, end, label in self.places(text):
            yield Match(start, end, label, self.codes[label])

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """The range and the words of all labels in `text`."""
        return [(*m.span(), m[0]) for m in self._pattern.finditer(text)] if self._pattern is not None else []

    def last(self, text: str) -> Match | None:
        """The last label in `text`."""
        if self._pattern is None:
            return None
        m = None
        for m in self._pattern.finditer(text):  # noqa: B007
            pass
        return None if m is None else Match(*m.span(), m[0], self.codes[m[0]])

    def ending(self, text: str) -> Match | None:
        """The longest label that `text` ends with."""
        for start in range(len(text)):
            label = text[start:]
            if label in self.codes:
                return Match(start, len(text), label, self.codes[label])
        return None


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a reference CSV; an absent file has none."""
    path = REFERENCE / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


class Vocabulary:
    """Everything that the reference CSVs say, loaded on first use."""

    def _labels(self, name: str, code: str) -> Labels:
        # Quotation marks are taken out of the text before it is searched, so a quoted spelling could never be found.
        return Labels((r["label"], r[code]) for r in read_csv(name) if r["label"] and not _QUOTES.search(r["label"]))

    @cached_property
    def accounts(self) -> Labels:
        """label -> account code"""
        return self._labels("account_labels.csv", "account_code")

    @cached_property
    def measures(self) -> Labels:
        """label -> measure"""
        return self._labels("measure_labels.csv", "measure")

    @cached_property
    def books(self) -> Labels:
        """label -> budget book"""
        return self._labels("budget_book_labels.csv", "budget_book")

    @cached_property
    def fund_sources(self) -> Labels:
        """label -> source of funds"""
        return self._labels("fund_source_labels.csv", "fund_source")

    @cache  # noqa: B019  one vocabulary a process
    def metrics(self, group: str) -> Labels:
        """label -> metric code, of one metric group"""
        rows = read_csv("metric_labels.csv")
        return Labels((r["label"], r["metric_code"]) for r in rows if r["metric_group"] == group)

    @cached_property
    def units(self) -> dict[str, str]:
        """unit -> kind (money, percent, score, people, count)"""
        return {r["unit"]: r["kind"] for r in read_csv("units.csv")}

    @cached_property
    def account_parents(self) -> dict[str, str]:
        """account code -> parent account code"""
        return {r["account_code"]: r["parent_account_code"] for r in read_csv("accounts.csv")}

    @cached_property
    def functional_names(self) -> dict[str, list[str]]:
        """name of a functional class, section or item -> its codes without the f (a name may stand under several parents)"""
        names: dict[str, list[str]] = {}
        for r in read_csv("accounts.csv"):
            if r["classification"] == "functional":
                names.setdefault(plain_functional(r["account_name_zh"]), []).append(r["account_code"].lstrip("f"))
        return names


_TAIL = re.compile(r"(?:支出|\([类款项]\))+$")


def plain_functional(name: str) -> str:
    """A functional name without what reports add or leave out: （类）, 支出, blanks and brackets' width."""
    name = name.replace("（", "(").replace("）", ")").replace(" ", "")
    return _TAIL.sub("", name)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this process."""
    return Vocabulary()
