"""Administrative divisions (GB/T 2260, seeds/reference/divisions.csv): which place a name in a text means.

Names are looked up, never guessed: a name that several divisions bear stays ambiguous until a province or city beside it,
or the year, decides.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"
# What the last character of a division's name can be.
_LAST = re.compile(r"[省市区县州旗盟]")
_LONGEST = 15
# what is called after a county without saying county
_ZONE_OR_SCHOOL = re.compile(
    r"高新|经济(?:技术)?开发区|经开区|(?:产业|工业)(?:园|集中|集聚|开发)|循环经济|第?[一二三四五六七八九]中|中学|职业|国有林场"
)


@dataclass(frozen=True, slots=True)
class Division:
    """One division. Years tell when it came to be or ceased, where that was after 2010; `level` is province, city or county."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str
    province: str
    city: str
    valid_from: int | None
    valid_to: int | None

    def existed(self, year: int | None) -> bool:
        """True when it existed in some part of `year`; without a year, whether it exists today."""
        if year is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= year) and (self.valid_to is None or self.valid_to >= year)


@dataclass(frozen=True, slots=True)
class Chain:
    """Divisions named one inside the other, 湖南省长沙市芙蓉区: the innermost candidates, and the words that named them."""

    start: int
    end: int
    text: str
    province: Division | None = None
    city: Division | None = None
    counties: tuple[Division, ...] = ()
    cities: tuple[Division, ...] = field(default=())

    @property
    def level(self) -> str:
        """The level of the innermost name."""
        return "county" if self.counties else "city" if self.cities else "province"

    def candidates(self) -> tuple[Division, ...]:
        """The divisions that the innermost name can mean."""
        if self.counties:
            return self.counties
        if self.cities:
            return self.cities
        return (self.province,) if self.province else ()

    def resolve(self, year: int | None = None) -> Division | None:
        """The one division that is meant; None when several are."""
        found = self.candidates()
        if len(found) > 1:
            found = tuple(d for d in found if d.existed(year)) or found
        if len(found) > 1 and len({(d.name, d.province, d.city) for d in found}) == 1:
            found = tuple(d for d in found if d.valid_to is None)[:1] or found[-1:]
        return found[0] if len(found) == 1 else None


class Gazetteer:
    """All divisions by name."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self.by_code: dict[str, Division] = {}
        self._provinces: dict[str, tuple[Division, ...]] = {}
        self._cities: dict[str, tuple[Division, ...]] = {}
        self._counties: dict[str, tuple[Division, ...]] = {}
        for d in divisions:
            if d.code not in self.by_code or d.valid_to is None:
                self.by_code[d.code] = d
            table = {"province": self._provinces, "city": self._cities, "county": self._counties}[d.level]
            for name in {d.name, d.short_name} if d.level != "county" else {d.name, *self._county_short(d)}:
                table[name] = (*table.get(name, ()), d)
        # 湘阴 for 湘阴县, where a zone or a school follows: bare, it would be found in ordinary words
        self._bare_counties: dict[str, tuple[Division, ...]] = {}
        for name, found in self._counties.items():
            if len(name) > 2 and not (name.endswith("自治县") or name[:-1] in self._cities):
                self._bare_counties[name[:-1]] = (*self._bare_counties.get(name[:-1], ()), *found)
        self._names = {n for n in (*self._provinces, *self._cities, *self._counties) if _LAST.fullmatch(n[-1])}
        sizes_of: dict[str, set[int]] = {}
        for n in self._names:
            sizes_of.setdefault(n[-2:], set()).add(len(n))
        # last two characters -> how long names that end so are, longest first
        self._endings = {tail: tuple(sorted(sizes, reverse=True)) for tail, sizes in sizes_of.items()}
        lengths: dict[str, set[int]] = {}
        for table in (self._provinces, self._cities, self._counties):
            for name in table:
                if 1 < len(name) <= _LONGEST:
                    lengths.setdefault(name[:2], set()).add(len(name))
        # first two characters -> how long names that begin so are, longest first
        self._lengths = {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}

    @staticmethod
    def _county_short(d: Division) -> tuple[str, ...]:
        # 江华县 for 江华瑶族自治县; bare 芦淞 or 凤凰 would be found in ordinary words.
        return (d.short_name,) if d.short_name[-1] in "县旗" else ()

    def county(self, name: str, parent: Division | None = None) -> tuple[Division, ...]:
        """Counties and districts of this name, those under `parent` only where one is given."""
        return self._within(self._counties.get(name, ()), parent)

    @staticmethod
    def _within(found: tuple[Division, ...], parent: Division | None) -> tuple[Division, ...]:
        if parent is None or not found:
            return found
        if parent.level == "province":
            return tuple(d for d in found if d.province == parent.name)
        return tuple(d for d in found if d.city == parent.name and d.province == parent.province)

    def _longest(
        self, table: dict[str, tuple[Division, ...]], text: str, at: int, longest: int = _LONGEST
    ) -> str | None:
        for size in self._lengths.get(text[at : at + 2], ()):
            if size <= longest and text[at : at + size] in table:
                return text[at : at + size]
        return None

    def prefix(self, text: str, at: int = 0) -> Chain | None:
        """The chain of division names that `text` has at `at`; None when there is none. 长沙芙蓉区 counts, a bare 长沙 does too."""
        start, province, city = at, None, None
        cities: tuple[Division, ...] = ()
        counties: tuple[Division, ...] = ()
        if (
            (name := self._longest(self._provinces, text, at, 8))
            and (name[-1] in "省市区" or self._follows(text, at + len(name)))
            and not (name in self._cities and name not in self._provinces)
        ):
            province = self._provinces[name][0]
            # 吉林市 is a city, not the province.
            longer = self._longest(self._cities, text, at)
            if longer and len(longer) > len(name):
                province = None
            else:
                at += len(name)
                if text.startswith(("省", "市"), at) and name[-1] not in "省市区":
                    at = at - len(name)
                    province = None
        name = self._longest(self._cities, text, at)
        longer = self._longest(self._counties, text, at)
        if name and not (longer and len(longer) > len(name) and not self._under(text, at, name)):
            found = tuple(d for d in self._cities[name] if province is None or d.province == province.name)
            if found:
                cities = found
                city = found[0] if len({(d.name, d.province) for d in found}) == 1 else None
                at += len(name)
        if longer_name := self._longest(self._counties, text, at):
            inner = self.county(longer_name, city or province)
            # Two characters are a name only behind a larger division or at the very start.
            if inner and (len(longer_name) > 2 or at > start or start == 0):
                counties = inner
                at += len(longer_name)
            elif (city or province) is None:
                counties = ()
        if not counties and (bare := self._bare(text, at)):
            inner = self._within(self._bare_counties[bare], city or province)
            if inner and (at > start or len(inner) == 1):
                counties, at = inner, at + len(bare)
        if at == start:
            return None
        return Chain(start, at, text[start:at], province, city, counties, cities)

    def _follows(self, text: str, at: int) -> bool:
        """True when a city or county stands at `at`."""
        return bool(
            self._longest(self._cities, text, at) or self._longest(self._counties, text, at) or self._bare(text, at)
        )

    def _bare(self, text: str, at: int) -> str | None:
        """湘阴 in 湘阴高新区: the name of a county without its last character, before a zone or a school."""
        for size in (3, 2):
            name = text[at : at + size]
            if name in self._bare_counties and _ZONE_OR_SCHOOL.match(text, at + size):
                return name
        return None

    def _under(self, text: str, at: int, name: str) -> bool:
        """True when a county of the city `name` stands right behind it."""
        inner = self._longest(self._counties, text, at + len(name))
        return bool(inner) and any(self.county(inner or "", d) for d in self._cities[name])

    def scan(self, text: str) -> Iterator[Chain]:
        """The chains in running text, by their full names (a bare 长沙 is not looked for), left to right without overlaps."""
        taken = 0
        for m in _LAST.finditer(text):
            end = m.end()
            if end <= taken:
                continue
            for size in self._endings.get(text[end - 2 : end], ()):
                if size > end - taken:
                    continue
                name = text[end - size : end]
                if name in self._names and (size > 2 or (end - size > 0 and text[end - size - 1] in "省市州")):
                    at = end - size
                    # 长沙芙蓉区: the city without its last character.
                    for back in (2, 3, 4, 5):
                        if (
                            at - back >= taken
                            and text[at - back : at] in self._cities
                            and self.county(name, self._cities[text[at - back : at]][0])
                        ):
                            at -= back
                            break
                    chain = self.prefix(text, at)
                    if (
                        chain is not None
                        and chain.end >= end
                        and not (name == "全州县" and text[end : end + 1] in "市直各")
                    ):
                        yield chain
                        taken = chain.end
                    break


@cache
def gazetteer(path: Path = REFERENCE / "divisions.csv") -> Gazetteer:
    """The gazetteer of the reference file. Raises FileNotFoundError when the installation lacks it."""
    with path.open(encoding="utf-8", newline="") as file:
        return Gazetteer(
            Division(
                r["division_code"],
                r["name"],
                r["short_name"],
                r["level"],
                r["parent_code"],
                r["province"],
                r["city"],
                int(r["valid_from"]) if r["valid_from"] else None,
                int(r["valid_to"]) if r["valid_to"] else None,
            )
            for r in csv.DictReader(file)
        )
