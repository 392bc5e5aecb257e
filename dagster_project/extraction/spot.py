"""A number in its sentence, with the words around it: what the readers of figures look at."""

from __future__ import annotations

from typing import NamedTuple

from dagster_project.extraction.context import Context
from dagster_project.extraction.numbers import Number
from dagster_project.extraction.sentences import Passage


class Spot(NamedTuple):
    """`number` in the folded sentence `text`, which starts at `start` of `passage`; `at` is where its lead begins.

    `lead` are the words since the figure before (or what 分别 gives it), `following` those up to the next one.
    """

    passage: Passage
    start: int
    text: str
    at: int
    number: Number
    lead: str
    following: str
    context: Context

    def depth(self) -> int:
        """How many brackets are open before the number."""
        return self.text.count("(", 0, self.number.start) - self.text.count(")", 0, self.number.start)

    def value_span(self) -> tuple[int, int]:
        """The range of the digits in the exact text."""
        return self.passage.span(self.start + self.number.value_start, self.start + self.number.value_end)
