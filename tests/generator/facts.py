"""What a synthetic report states, and the book that keeps its truth in the format of the hand-checked facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

WAN = Decimal(10_000)
FACTOR = {"元": Decimal(1), "千元": Decimal(1000), "万元": WAN, "亿元": Decimal(100_000_000), "万": WAN}
_WIDE = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
_DIGITS = "零一二三四五六七八九"

# account code -> concept of the hand-checked facts, where the two are not the same word
CONCEPT = {
    "total": "total_expenditure",
    "basic": "basic_expenditure",
    "personnel": "personnel_expenditure",
    "operating": "public_expenditure",
    "project": "project_expenditure",
    "project_item": "project_item",
    "three_public": "three_public_total",
    "reception": "three_public_official_reception",
    "vehicle": "three_public_vehicle",
    "vehicle_purchase": "three_public_vehicle_purchase",
    "vehicle_running": "three_public_vehicle_running",
    "overseas_travel": "three_public_overseas",
    "procurement": "government_procurement",
    "operating_group": "public_group",
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in yuan. `account` is a code of DOMAIN.md, None where no account can be told from the words."""

    account: str | None
    measure: str
    yuan: Decimal
    label: str
    year: int
    project: str | None = None
    book: str | None = "一般公共预算"
    optional: bool = False  # may be found, need not be
    scope: str = ""  # figures of different scopes are not compared with one another
    unit: str | None = None  # forces a unit


@dataclass(frozen=True, slots=True)
class Rate:
    """A stated rate in percent."""

    kind: str
    percent: Decimal
    label: str
    places: int = 2
    top: tuple[str, Decimal] | None = None  # what it is a rate of, for the identity: name, amount
    base: tuple[str, Decimal] | None = None
    change: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A count of work done, heads, bodies or things owned; `kind` is the list it belongs to."""

    kind: str  # activities, headcount, org_counts, assets
    label: str
    value: Decimal
    unit: str
    concept: str = ""
    after: str = ""  # 余, 多: between number and unit
    before: str = ""  # 近, 约, 超过
    style: str = "digits"  # digits, chinese, wan
    places: int = 0
    optional: bool = False


@dataclass
class NumberStyle:
    """How one report writes its amounts."""

    unit: str = "万元"
    strip_zeros: bool = False
    commas: bool = False
    wide: bool = False
    spaced: bool = False
    places: int = 2
    large_in_yi: bool = False  # totals of 1 亿元 and more in 亿元


def chinese(number: int) -> str:
    """Chinese numerals for 0 to 9999."""
    if number == 0:
        return "零"
    out, zero = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            out += ("零" if zero else "") + ("" if digit == 1 and size == 10 and not out else _DIGITS[digit]) + name
            zero = False
        elif out and number:
            zero = True
    return out


def quantize(value: Decimal, places: int) -> Decimal:
    """`value` rounded half up."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_number(value: Decimal, style: NumberStyle, places: int) -> str:
    """The digits as the report writes them."""
    rounded = quantize(value, places)
    text = f"{rounded:,f}" if style.commas else f"{rounded:f}"
    if style.strip_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_WIDE) if style.wide else text


def narrow(text: str) -> str:
    """Full-width digits made plain, thousands separators gone."""
    return text.translate(str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")).replace(",", "")


@dataclass(slots=True)
class Written:
    """An amount as it stands in the report: what identities compare."""

    id: str
    value: Decimal  # as written, in yuan, heads, percent or points
    half: Decimal  # half a unit of the last written place, in the same unit
    scale: Decimal  # the unit in which differences are told: 10,000 for money


@dataclass
class Book:
    """Collects the truth of one report."""

    gold: dict[str, Any] = field(default_factory=dict)
    written: dict[tuple[Any, ...], list[Written]] = field(default_factory=dict)
    last: dict[str, Written] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in (
            "figures",
            "indicators",
            "fund_rows",
            "score_totals",
            "blank_cells",
            "activities",
            "headcount",
            "assets",
        ):
            self.gold[key] = []
        for key in ("org_counts", "zero_statements", "issues", "measures", "non_figures", "identities", "traps"):
            self.gold[key] = []

    def add(self, key: str, entry: dict[str, Any]) -> dict[str, Any]:
        """File an entry under one of the lists, with an id."""
        prefix = {
            "figures": "f",
            "headcount": "h",
            "activities": "a",
            "org_counts": "o",
            "assets": "s",
            "indicators": "i",
        }
        if key in prefix:
            entry = {"id": f"{prefix[key]}{len(self.gold[key]) + 1:03d}", **entry}
        self.gold[key].append(entry)
        return entry

    def money(self, fact: Money, text: str, unit: str, source: str) -> tuple[dict[str, Any], Written]:
        """File an amount as written; its evidence is added by the caller."""
        number = narrow(text)
        account = fact.account
        concept = CONCEPT.get(account or "", "")
        if not concept and account:
            concept = (
                {"f": "function_", "e": "econ_"}.get(account[0], "") + account[1:] if account[1:].isdigit() else account
            )
        if fact.measure == "change":
            concept += "_change"
        entry: dict[str, Any] = {
            "label": fact.label,
            "concept": concept or "other",
            "parent_or_group": None,
            "budget_account": fact.book,
            "measure_role": fact.measure,
            "year": fact.year,
            "value": text,
            "value_num": number,
            "unit": unit,
            "source": source,
            "evidence": None,
            "occurrence": 1,
            "account": account,
        }
        if fact.project:
            entry["project_name"] = fact.project
        if fact.optional:
            entry["optional"] = True
        entry = self.add("figures", entry)
        factor = FACTOR[unit]
        places = len(number.partition(".")[2])
        done = Written(entry["id"], Decimal(number) * factor, Decimal(5).scaleb(-places - 1) * factor, WAN)
        if account and fact.measure != "change" and not fact.scope.startswith("-"):
            name = (account, fact.project, fact.measure, fact.year, fact.scope)
            self.written.setdefault(name, []).append(done)
        return entry, done

    def identity(
        self,
        name: str,
        formula: str,
        left: Written | None,
        right: Sequence[Written],
        *,
        signs: Sequence[int] = (),
        kind: str = "sum",
        strength: str = "must",
    ) -> None:
        """Check left = sum of right, as written; file the outcome. A missing term files nothing."""
        if left is None or not right or any(r is None for r in right):
            return
        use = signs or [1] * len(right)
        total = sum((r.value * s for r, s in zip(right, use, strict=True)), Decimal(0))
        tolerance = left.half + sum((r.half for r in right), Decimal(0))
        if kind == "equality":  # one figure said twice: only fewer decimals in one of the places excuse a difference
            tolerance = Decimal(0) if left.half == right[0].half else max(left.half, right[0].half)
        self.outcome(
            name,
            formula,
            left.value / left.scale,
            total / left.scale,
            tolerance / left.scale,
            kind,
            strength,
            [left.id, *(r.id for r in right)],
        )

    def rate(
        self,
        name: str,
        formula: str,
        rate: Written,
        top: Written,
        base: Written,
        *,
        minus_one: bool = False,
        strength: str = "must",
    ) -> None:
        """Check a stated percentage against the two figures that it is a rate of."""
        if base.value == 0:
            return
        computed = top.value / base.value * 100 - (100 if minus_one else 0)
        # what the rounding of the two amounts may move the rate by, over and above the rate's own last place
        moved = abs(computed) * (base.half / base.value + (top.half / top.value if top.value else 0))
        exact = abs(rate.value - computed) <= rate.half
        tolerance = rate.half if exact or top.half + base.half == 0 else rate.half + moved
        self.outcome(name, formula, rate.value, computed, tolerance, "ratio", strength, [rate.id, top.id, base.id])

    def outcome(
        self,
        name: str,
        formula: str,
        left: Decimal,
        right: Decimal,
        tolerance: Decimal,
        kind: str,
        strength: str,
        ids: list[str],
    ) -> None:
        """File an identity; the outcome follows from difference and tolerance."""
        difference = left - right
        if difference == 0:
            said = "holds"
        elif abs(difference) <= tolerance:
            said = "holds" if kind == "ratio" else "rounding"
        else:
            said = "fails"
        self.gold["identities"].append(
            {
                "id": f"t{len(self.gold['identities']) + 1:03d}",
                "name": name,
                "formula": formula,
                "left": plain(left),
                "right": plain(quantize(right, 6)),
                "difference": plain(quantize(difference, 6)),
                "holds": said == "holds",
                "outcome": said,
                "kind": kind,
                "strength": strength,
                "tolerance": plain(tolerance),
                "tolerance_note": "",
                "evidence_ids": ids,
            }
        )

    def same_figures(self) -> None:
        """The same figure said more than once must agree: each later statement against the first."""
        for (account, project, measure, year, _), found in self.written.items():
            for other in found[1:]:
                self.identity(
                    f"same figure {project or account} {measure} {year}",
                    "同一数字在两处的表述一致",
                    found[0],
                    [other],
                    kind="equality",
                )
