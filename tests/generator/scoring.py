"""Compares published facts with known truth: recall and precision by kind.

The truth is in the format of the hand-checked gold files; entries of the generator may say more (`account`, `optional`,
alternatives). A fact counts as found when value (and measure, weight, score, ... as its kind has them) agree; each published
row serves one fact. `optional` facts may be found, need not be. Kinds:

    report, department, year   the document is there, whose it is, which year
    money, meaning, evidence   stated amounts with their measure; the same with the account; the quote holds the figure
    funding, total, indicator  cells of funding blocks, total rows, indicator rows of the scored forms
    staff, asset, rate, output head counts, assets, stated rates and scores, work output
    none                       "there is none" of a budget book
    disagree, calm             identities that fail are reported; those that hold are not
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any

from tests.generator.facts import CONCEPT, FACTOR

Row = dict[str, Any]
_WIDE = str.maketrans("０１２３４５６７８９．％－", "0123456789.%-")
_SAME_MEASURE = {
    "adjusted_budget": {"full_year_budget"},
    "full_year_budget": {"adjusted_budget"},
    "target": {"initial_budget"},
}
_BOOKS = {"政府性基金": "government_fund", "国有资本经营": "state_capital", "社会保险基金": "social_insurance"}
_FORMS = {"1-2": "overall", "1-3": "project"}
# concepts of the gold files whose account is not told by their first words; None: the account is not scored
_CONCEPTS: tuple[tuple[str, tuple[str, ...] | None], ...] = (
    ("project_item", ("project_item", "project", "project_special")),
    ("project_business", ("project_business",)),
    ("project_maintenance", ("project_maintenance",)),
    ("project_special", ("project_special",)),
    ("public_expenditure", ("operating",)),
    ("public_", ("operating", "e302")),
    ("total", ("total",)),
    ("gpb_appropriation", ("total",)),
    ("current_year_appropriation", ("total",)),
    ("carryover_from", ("total",)),
)
# accounts that the words leave open between two
_ALSO: dict[str, tuple[str, ...]] = {
    "organ_operating": ("organ_operating", "operating"),
    "income_appropriation": ("income_appropriation", "total"),
}
# cells of the project form's head and other figures that the gold lists and nobody need place
_UNSCORED = (
    "project_total_investment",
    "project_investment",
    "cost_indicator",
    "unit_cost",
    "drug_control_funds_added",
    "project_fiscal_appropriation",
    "project_funds_total",
    "county_appropriation",
    "four_books",
)


def number(text: object) -> Decimal | None:
    """The number in a text, or None."""
    digits = re.sub(r"[^0-9.\-]", "", str(text if text is not None else "").translate(_WIDE))
    try:
        return Decimal(digits) if digits not in ("", "-", ".") else None
    except InvalidOperation:
        return None


def fold(text: object) -> str:
    """Without blanks and marks: how texts are compared."""
    return re.sub(r"[^\w%≥≤><=＝＞＜％]+", "", str(text or "").translate(_WIDE)).replace("％", "%").replace("＝", "=")


def amount(entry: Row) -> Decimal | None:
    """A fact's amount in yuan; None where its unit is no money."""
    factor = FACTOR.get(str(entry.get("unit") or "").strip())
    value = number(entry.get("value_num") or entry.get("value"))
    return value * factor if factor and value is not None else None


def counted(entry: Row) -> set[Decimal]:
    """The values that a count may be published as: 2.7 万起 is 2.7 or 27000."""
    value = number(entry.get("value_num") or entry.get("value"))
    written = number(entry.get("value"))
    if value is None:
        return set()
    out = {value} | ({written} if written is not None else set())
    unit = str(entry.get("unit") or "")
    for first, factor in (("万", 10_000), ("亿", 100_000_000)):
        if unit.startswith(first):
            out |= {v * factor for v in tuple(out)}
    return out


def accounts(entry: Row) -> tuple[str, ...] | None:
    """The accounts that a fact may be filed under; None where that is not scored."""
    if "account" in entry:
        code = entry["account"]
        if code is None:
            return None
        if code == "operating_group":
            return ("operating", "e302")
        return _ALSO.get(code, (code,))
    concept = str(entry["concept"])
    if found := re.fullmatch(r"(function|econ)_(\d+)", concept):
        return (("f" if found[1] == "function" else "e") + found[2],)
    for code, name in CONCEPT.items():
        if concept == name:
            return (code,)
    for prefix, codes in _CONCEPTS:
        if concept.startswith(prefix):
            return codes
    return None


def account_fits(wanted: tuple[str, ...], code: object) -> bool:
    """Whether a published account is one of the wanted, or an operating item below one of them."""
    return any(
        str(code) == w or (w in ("operating", "e302") and len(wanted) > 1 and str(code).startswith((w, "e30")))
        for w in wanted
    )


@dataclass
class Tally:
    """Hits and misses by kind, with a line for each miss."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    extra: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def want(self, kind: str, ok: bool, what: str) -> None:
        """One fact of the truth, found or not."""
        self.wanted[kind] += 1
        self.found[kind] += ok
        if not ok:
            self.missed[kind].append(what)

    def give(self, kind: str, ok: bool, what: str) -> None:
        """One published row, right or not."""
        self.given[kind] += 1
        self.right[kind] += ok
        if not ok:
            self.extra[kind].append(what)

    def rates(self) -> dict[str, tuple[float | None, float | None, int, int]]:
        """By kind: recall, precision (percent, None where not measured), facts, rows."""
        out = {}
        for kind in dict.fromkeys([*self.wanted, *self.given]):
            recall = 100 * self.found[kind] / self.wanted[kind] if self.wanted[kind] else None
            precision = 100 * self.right[kind] / self.given[kind] if self.given[kind] else None
            out[kind] = (recall, precision, self.wanted[kind], self.given[kind])
        return out


@dataclass
class Published:
    """What the marts say about one report."""

    report: Row | None
    department: str | None
    money: list[Row]
    operations: list[Row]
    forms: list[Row]
    checks: list[Row]


def _rows(con: Any, sql: str, *values: object) -> list[Row]:
    cursor = con.execute(sql, list(values))
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def published(con: Any, document: str) -> Published:
    """The current facts of a document in a published database (a DuckDB connection)."""
    reports = _rows(con, "select * from marts.dim_report where document_name = ? and is_current", document)
    if not reports:
        return Published(None, None, [], [], [], [])
    report = reports[0]
    key = report["report_key"]
    names = _rows(
        con, "select department_name from marts.dim_department where department_key = ?", report["department_key"]
    )
    quoted = (
        "select f.*, e.quote from marts.{} f left join marts.evidence e using (evidence_key) where f.report_key = ?"
    )
    return Published(
        report,
        names[0]["department_name"] if names else None,
        _rows(con, quoted.format("fct_expenditure"), key),
        _rows(con, quoted.format("fct_operation"), key),
        _rows(con, "select * from marts.fct_kpi_score where report_key = ?", key),
        _rows(con, "select * from marts.fct_reconciliation where report_key = ?", key),
    )


class _Pool:
    """Rows of which each serves one fact."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.used: set[int] = set()

    def take(self, fits: Callable[[Row], bool]) -> Row | None:
        for i, row in enumerate(self.rows):
            if i not in self.used and fits(row):
                self.used.add(i)
                return row
        return None


def score(rows: Published, gold: Row, tally: Tally) -> None:
    """Compare one report with its truth."""
    document = gold["document"]
    tally.want("report", rows.report is not None, document)
    if rows.report is not None:
        names = [gold["department"], *gold.get("department_alternatives", [])]
        tally.want(
            "department",
            fold(rows.department) in {fold(n) for n in names},
            f"{document}: {rows.department} for {gold['department']}",
        )
        year = rows.report["fiscal_year"]
        tally.want("year", year == gold["fiscal_year"], f"{document}: {year} for {gold['fiscal_year']}")
    allowed = _money(rows, gold, tally)
    _funds_and_assets(rows, gold, tally, allowed)
    for row in rows.money:
        if row.get("qualifier") != "stated_none":
            what = f"{document} {row['account_code']} {row['measure']} {row['value_as_written']}{row['unit_as_written']} «{str(row.get('quote'))[:40]}»"
            tally.give("money", Decimal(row["amount_yuan"]) in allowed, what)
    _counts(rows, gold, tally)
    _forms_of(rows, gold, tally)
    for none in gold.get("zero_statements", []):
        book = next((code for name, code in _BOOKS.items() if fold(none["budget_account"]).startswith(name[:4])), None)
        ok = any(r.get("qualifier") == "stated_none" and r["budget_book"] == book for r in rows.money)
        tally.want("none", ok, f"{document} {none['budget_account']}")
    _checks(rows, gold, tally)


def _money(rows: Published, gold: Row, tally: Tally) -> set[Decimal]:
    """Amounts and stated rates; returns every amount that may be published."""
    document = gold["document"]
    allowed = {yuan for fact in gold["figures"] if (yuan := amount(fact)) is not None}
    amounts: list[tuple[Row, str, Decimal]] = []
    for fact in gold["figures"]:
        what = f"{document} {fact['label']} {fact['measure_role']} {fact['value']}{fact['unit'] or ''}"
        if fact.get("optional") or fact["concept"].startswith(_UNSCORED) or fact["concept"].endswith("_change"):
            continue
        yuan = amount(fact)
        if yuan is not None and fact["measure_role"] != "ratio":
            amounts.append((fact, what, yuan))
            continue
        value = number(fact["value"])
        said = any(_equal(r["value"], value) for r in rows.operations)
        said = said or any(_equal(r["score"], value) or _equal(r["weight"], value) for r in rows.forms)
        tally.want("rate", said, what)
    pool = _Pool(rows.money)
    taken: dict[int, Row | None] = {}
    for strict in (2, 1, 0):  # the same words and account first, so that no fact takes the row of another
        for i, (fact, _, yuan) in enumerate(amounts):
            wanted = accounts(fact) if strict else None
            if taken.get(i) is None and (wanted is not None or strict != 1):
                roles = {
                    fact["measure_role"],
                    *_SAME_MEASURE.get(fact["measure_role"], ()),
                    *fact.get("role_alternatives", ()),
                }
                free = fact["measure_role"] == "other"
                fits = partial(_is_amount, yuan=yuan, roles=None if free else roles, accounts=wanted)
                taken[i] = pool.take(partial(fits, written=str(fact["value"])) if strict == 2 else fits)
    for i, (fact, what, _) in enumerate(amounts):
        row, wanted = taken[i], accounts(fact)
        tally.want("money", row is not None, what)
        if row is not None:
            if wanted is not None:
                tally.want(
                    "meaning", account_fits(wanted, row["account_code"]), f"{what}: account {row['account_code']}"
                )
            tally.want(
                "evidence", fold(fact["value"]) in fold(row.get("quote")), f"{what}: «{str(row.get('quote'))[:60]}»"
            )
    return allowed


def _is_amount(
    row: Row, yuan: Decimal, roles: set[str] | None, accounts: tuple[str, ...] | None = None, written: str | None = None
) -> bool:
    if Decimal(row["amount_yuan"]) != yuan or row.get("qualifier") == "stated_none":
        return False
    if written is not None and fold(row["value_as_written"]) != fold(written):
        return False
    return (roles is None or row["measure"] in roles) and (
        accounts is None or account_fits(accounts, row["account_code"])
    )


def _is_value(row: Row, values: set[Decimal | None] | set[Decimal]) -> bool:
    return number(row["value"]) in values


def _equal(found: object, value: Decimal | None) -> bool:
    return found is not None and value is not None and number(found) == value


def _funds_and_assets(rows: Published, gold: Row, tally: Tally, allowed: set[Decimal]) -> None:
    document = gold["document"]
    for fund in gold.get("fund_rows", []):
        factor = FACTOR.get(fund.get("unit", "万元"), Decimal(10_000))
        for role in ("initial_budget", "full_year_budget", "actual"):
            value = number(fund.get(role))
            if value is None:
                continue
            allowed.add(value * factor)
            if fund.get("optional"):
                continue
            roles = {role, *_SAME_MEASURE.get(role, ())}
            ok = any(
                Decimal(r["amount_yuan"]) == value * factor
                and (r["measure"] in roles or r["measure"].startswith("carryover"))
                for r in rows.money
            )
            tally.want("funding", ok, f"{document} {fund['table']} {fund['row']} {role} {fund[role]}")
    for asset in gold.get("assets", []):
        yuan, value = amount(asset), number(asset["value"])
        if yuan is not None:
            allowed.add(yuan)
        if asset.get("optional"):
            continue
        ok = any(_equal(r["value"], value) or (yuan is not None and _equal(r["value"], yuan)) for r in rows.operations)
        ok = ok or any(yuan is not None and Decimal(r["amount_yuan"]) == yuan for r in rows.money)
        tally.want("asset", ok, f"{document} {asset['label']} {asset['value']}{asset['unit'] or ''}")


def _counts(rows: Published, gold: Row, tally: Tally) -> None:
    document = gold["document"]
    staff = _Pool(r for r in rows.operations if r["metric_group"] == "staff")
    for head in gold.get("headcount", []):
        if head.get("optional"):
            continue
        value = number(head.get("value_num") or head["value"])
        row = staff.take(partial(_is_value, values={value}))
        tally.want("staff", row is not None, f"{document} {head['label']} {head['value']}")
        if row is not None:
            tally.want(
                "evidence",
                fold(head["value"]) in fold(row.get("quote")),
                f"{document} {head['label']}: «{str(row.get('quote'))[:60]}»",
            )
    work = _Pool(r for r in rows.operations if r["metric_group"] in ("output", "rate", "organisation"))
    for done in gold.get("activities", []):
        values = counted(done)
        if values and not done.get("optional"):
            row = work.take(partial(_is_value, values=values))
            tally.want("output", row is not None, f"{document} {done['label']} {done['value']}{done['unit'] or ''}")
    lists = ("activities", "headcount", "figures", "org_counts", "assets")
    known = {v for name in lists for fact in gold.get(name, []) for v in counted(fact)}
    for row in rows.operations:
        if row["metric_group"] in ("output", "staff"):
            what = f"{document} {row['metric_group']} {row['metric_label']} {row['value_as_written']} «{str(row.get('quote'))[:40]}»"
            tally.give("output", number(row["value"]) in known, what)


def _forms_of(rows: Published, gold: Row, tally: Tally) -> None:
    document = gold["document"]
    pool = _Pool(r for r in rows.forms if r["row_kind"] == "indicator")
    facts = sorted(gold.get("indicators", []), key=lambda f: bool(f.get("optional")))
    for fact in facts:
        form = _FORMS.get(str(fact["table"])[:3])
        targets = {fold(fact["target"]), *(fold(t) for t in fact.get("target_alternatives", []))}
        name = fold(fact["level3"])

        def fits(
            row: Row, fact: Row = fact, form: str | None = form, targets: set[str] = targets, name: str = name
        ) -> bool:
            return (
                (form is None or row["form"] == form)
                and number(row["weight"]) == number(fact["weight"])
                and number(row["score"]) == number(fact["score"])
                and fold(row["target"]) in targets
                and fold(row["achieved"]) == fold(fact["actual"])
                and (fold(row["level_3"]) in name or name in fold(row["level_3"]))
            )

        row = pool.take(fits)
        if not fact.get("optional"):
            what = f"{document} {fact['table']} {fact['level2']}/{fact['level3']} {fact['target']}|{fact['actual']}|{fact['weight']}|{fact['score']}"
            tally.want("indicator", row is not None, what)
    for i, row in enumerate(pool.rows):
        what = f"{document} {row['form']} {row['level_2']}/{row['level_3']} {row['target']}|{row['achieved']}|{row['weight']}|{row['score']}"
        tally.give("indicator", i in pool.used, what)
    for total in gold.get("score_totals", []):
        form = _FORMS.get(str(total["table"])[:3])
        ok = any(
            r["row_kind"] == "total"
            and (form is None or r["form"] == form)
            and _equal(r["weight"], number(total["weight_total"]))
            and _equal(r["score"], number(total["score_total"]))
            for r in rows.forms
        )
        tally.want("total", ok, f"{document} {total['table']} {total['score_total']}")


def _same_check(row: Row, known: Row) -> bool:
    """Whether a published failure is this identity: the same difference, and one side the same, in any unit of the two."""
    difference, published_difference = number(known.get("difference")), number(row.get("difference"))
    if difference is None or published_difference is None:
        return False
    sides = [abs(v) for v in (number(known.get("left")), number(known.get("right"))) if v is not None]
    left = number(row.get("left_value"))
    for scale in (Decimal(1), Decimal(10_000), Decimal("0.01"), Decimal(100)):
        near = Decimal("0.006") * max(scale, Decimal(1))
        if abs(abs(published_difference) - abs(difference) * scale) <= near and (
            left is None or not sides or any(abs(abs(left) - side * scale) <= near for side in sides)
        ):
            return True
    return False


def _checks(rows: Published, gold: Row, tally: Tally) -> None:
    document = gold["document"]
    fails = [r for r in rows.checks if r["outcome"] == "fails"]
    known = [i for i in gold.get("identities", []) if i["outcome"] == "fails"]
    sizes = {abs(d) for i in known if (d := number(i.get("difference"))) is not None}
    for identity in gold.get("identities", []):
        strength = identity.get("strength", "must")
        what = f"{document} {identity['name']}: {identity['left']} vs {identity['right']} ({identity['difference']})"
        size = number(identity.get("difference"))
        if identity["outcome"] == "fails" and strength == "must":
            tally.want("disagree", any(_same_check(r, identity) for r in fails), what)
        elif identity["outcome"] in ("holds", "rounding") and strength != "weak" and size and abs(size) not in sizes:
            tally.want("calm", not any(_same_check(r, identity) for r in fails), what)
    for row in fails:
        if row["severity"] == "error":
            what = f"{document} {row['rule_code']} {row['subject']} {row['left_value']} vs {row['right_value']}"
            tally.give("disagree", any(_same_check(row, i) for i in known), what)


def score_database(database: Path, golds: Iterable[Row]) -> Tally:
    """Compare a published database with the truth of its reports."""
    import duckdb

    tally = Tally()
    with duckdb.connect(str(database), read_only=True) as con:
        for gold in golds:
            score(published(con, gold["document"]), gold, tally)
    return tally
