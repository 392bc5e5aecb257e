"""Writes sentences from templates and files every fact with the words that it stands in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.generator import phrases
from tests.generator.facts import (
    FACTOR,
    Book,
    Count,
    Money,
    NumberStyle,
    Rate,
    Written,
    chinese,
    plain,
    quantize,
    write_number,
)
from tests.generator.grammar import compile_template, expand
from tests.generator.world import World
from tests.support.blocks import Block, Para

Fact = Money | Rate | Count | str
_CUTS = "，。；：、\n"


class Script:
    """The report as it is being written. `say` adds a sentence to the open paragraph, `end` closes the paragraph."""

    def __init__(self, rng: random.Random, world: World, style: NumberStyle) -> None:
        self.rng, self.world, self.style = rng, world, style
        self.book = Book()
        self.blocks: list[Block] = []
        self.source = "narrative"
        self._parts: list[str] = []
        self._length = 0
        self._pending: list[tuple[dict[str, Any], int, int]] = []
        year = world.year
        self.words: dict[str, str | Sequence[str]] = {
            "we": (world.self_names[0], world.self_names[0], world.department, "", ""),
            "y": f"{year}年",
            "yr": (f"{year}年", f"{year}年度", f"{year}年", "本年度", "当年"),
            "py": ("上年", f"{year - 1}年", "上年度", "去年"),
            "why": phrases.WHY,
            "S": "",
        }
        self.say_year = rng.choice((f"{year}年", f"{year}年度"))

    # --- words -------------------------------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """Add plain words to the open paragraph; 支出 is not said twice in a row."""
        if text.startswith("支出") and self._parts and self._parts[-1].endswith("支出"):
            text = text[2:]
        self._parts.append(text)
        self._length += len(text)

    def end(self, level: int = 0) -> str:
        """Close the paragraph; evidence of its facts is cut at the nearest mark before each."""
        text = "".join(self._parts)
        for entry, start, stop in self._pending:
            cut = max(text.rfind(c, 0, start) for c in _CUTS) + 1
            entry["evidence"] = text[cut:stop]
        self._parts, self._length, self._pending = [], 0, []
        if text:
            self.blocks.append(Para(text, level))
        return text

    def heading(self, text: str, level: int) -> None:
        """A heading line."""
        self.end()
        self.blocks.append(Para(text, level))

    # --- facts -------------------------------------------------------------------------------------------------------

    def say(
        self, family: str | Sequence[str], facts: dict[str, Fact] | None = None, **words: str | Sequence[str]
    ) -> dict[str, Written]:
        """Write one wording of a family; returns what was written, by fact key."""
        template = family if isinstance(family, str) else family[int(self.rng.random() * len(family))]
        done: dict[str, Written] = {}
        known = facts or {}
        scope = {**self.words, **words} if words else self.words

        def fact(key: str) -> None:
            found = known[key]
            if isinstance(found, str):
                self.put(found)
            elif isinstance(found, Money):
                done[key] = self.money(found)
            elif isinstance(found, Rate):
                done[key] = self.rate(found)
            else:
                done[key] = self.count(found)

        expand(compile_template(template), self.rng, scope, self.put, fact)
        return done

    def _unit(self, fact: Money) -> tuple[str, int]:
        unit = fact.unit or self.style.unit
        if fact.account in ("total", "income") and fact.yuan >= FACTOR["亿元"] and self.style.large_in_yi:
            unit = "亿元"
        if unit == "亿元":
            return unit, 4
        if unit == "元":
            return unit, 2 if self.style.places == 2 else 0
        return unit, self.style.places

    def money(self, fact: Money) -> Written:
        """Write an amount with its unit and file it."""
        unit, places = self._unit(fact)
        text = write_number(fact.yuan / FACTOR[unit], self.style, places)
        gap = " " if self.style.spaced else ""
        start = self._length + len(gap)
        self.put(f"{gap}{text}{gap}{unit}")
        entry, done = self.book.money(fact, text, unit, self.source)
        self._pending.append((entry, start, self._length))
        return done

    def rate(self, fact: Rate) -> Written:
        """Write a percentage and file it."""
        value = quantize(fact.percent, fact.places)
        text = plain(value) if self.style.strip_zeros else f"{value:f}"
        gap = " " if self.style.spaced else ""
        points = fact.kind.startswith("self_eval")
        sign = "分" if points else "％" if self.style.wide else "%"
        start = self._length + len(gap)
        self.put(f"{gap}{text}{sign}")
        entry = self.book.add(
            "figures",
            {
                "label": fact.label,
                "concept": fact.kind,
                "parent_or_group": None,
                "budget_account": None,
                "measure_role": "other" if points else "ratio",
                "year": self.world.year,
                "value": text,
                "value_num": text,
                "unit": "分" if points else "%",
                "source": self.source,
                "evidence": None,
                "occurrence": 1,
                "account": None,
            },
        )
        self._pending.append((entry, start, self._length))
        places = len(text.partition(".")[2])
        return Written(entry["id"], value, Decimal(5).scaleb(-places - 1), Decimal(1))

    def count(self, fact: Count) -> Written:
        """Write a count with its unit and file it."""
        value, unit = fact.value, fact.unit
        if fact.style == "chinese" and value == int(value) and 0 < value < 1000:
            text = chinese(int(value))
            text = "两" if text == "二" else text
        elif fact.style == "wan":
            shown = quantize(value / 10_000, 1)
            text, value, unit = plain(shown), shown * 10_000, "万" + unit
        else:
            text = (
                f"{quantize(value, fact.places):,f}"
                if self.style.commas and value >= 1000
                else f"{quantize(value, fact.places):f}"
            )
        gap = " " if self.style.spaced and fact.style == "digits" else ""
        said = f"{fact.before}{gap}{text}{gap}{fact.after}{unit}"
        if unit.startswith("万") and fact.after and fact.style == "wan":
            said = f"{fact.before}{text}万{fact.after}{unit[1:]}"
        start = self._length
        self.put(said)
        entry: dict[str, Any] = {
            "label": fact.label,
            "value": text,
            "value_num": plain(value),
            "unit": unit,
            "evidence": None,
        }
        if fact.kind == "activities":
            entry["qualifier"] = fact.before or fact.after or None
        elif fact.kind == "headcount":
            entry |= {"concept": fact.concept, "measure_role": "actual", "year": self.world.year, "source": self.source}
        elif fact.kind == "assets":
            entry |= {"concept": fact.concept}
        if fact.optional:
            entry["optional"] = True
        entry = self.book.add(fact.kind, entry)
        self._pending.append((entry, start, self._length))
        done = Written(entry["id"], value, Decimal(0), Decimal(1))
        if fact.kind == "headcount":
            self.book.written.setdefault(("staff", fact.concept, "actual", self.world.year, ""), []).append(done)
        return done

    def quote(self, entry: dict[str, Any], start: int) -> None:
        """Evidence for an entry whose words began at `start` of the open paragraph and end here."""
        self._pending.append((entry, start, self._length))

    @property
    def at(self) -> int:
        """Where the open paragraph ends just now."""
        return self._length
