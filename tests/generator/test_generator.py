"""The generator tells the truth about what it writes, always the same, and the bundled reports follow their descriptions."""

from __future__ import annotations

import random
import runpy
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.generator import damage, phrases
from tests.generator.facts import Book, Money, NumberStyle, Rate, Written, chinese
from tests.generator.grammar import compile_template, expand
from tests.generator.report import DEFAULT_FORMATS, PLANTS, Generated, generate
from tests.generator.scoring import Published, Tally, amount, number, score
from tests.generator.script import Script
from tests.generator.world import make_world
from tests.support.blocks import Grid, Para, TableCell, parse, place

LISTS = (
    "figures",
    "indicators",
    "fund_rows",
    "score_totals",
    "activities",
    "headcount",
    "org_counts",
    "assets",
    "zero_statements",
)
SOURCES = Path(__file__).resolve().parents[2] / "seeds" / "report_sources"


@pytest.fixture(scope="module")
def made() -> list[Generated]:
    return [generate(4711, index, {"txt": 1}) for index in range(120)]


def test_the_same_seed_gives_the_same_bytes_and_truth() -> None:
    for index in range(25):
        one, two = generate(99, index), generate(99, index)
        assert one.name == two.name
        assert one.gold == two.gold
        if not one.name.endswith(("xls", "ofd")):
            assert one.data == two.data


def test_other_seeds_give_other_reports() -> None:
    assert len({generate(seed, 0, {"txt": 1}).text for seed in range(20)}) == 20


def test_every_evidence_stands_in_the_text(made: list[Generated]) -> None:
    checked = 0
    for report in made:
        text = damage.squash(report.text)
        for name in LISTS:
            for entry in report.gold[name]:
                assert entry["evidence"], (report.name, name, entry)
                assert damage.squash(entry["evidence"]) in text, (report.name, report.damages, entry)
                checked += 1
    assert checked > 10_000


def test_figures_stand_in_their_evidence_as_written(made: list[Generated]) -> None:
    for report in made:
        for entry in report.gold["figures"]:
            assert damage.squash(entry["value"]) in damage.squash(entry["evidence"]), (report.name, entry)


def test_identities_follow_from_their_terms(made: list[Generated]) -> None:
    outcomes: Counter[str] = Counter()
    for report in made:
        for identity in report.gold["identities"]:
            left, right, tolerance = (Decimal(identity[k]) for k in ("left", "right", "tolerance"))
            difference = Decimal(identity["difference"])
            assert abs(left - right - difference) <= Decimal("0.000001")
            expected = (
                "fails"
                if abs(difference) > tolerance
                else "holds"
                if difference == 0 or identity["kind"] == "ratio"
                else "rounding"
            )
            assert identity["outcome"] == expected, identity
            outcomes[identity["outcome"]] += 1
    assert outcomes["holds"] > 100 * outcomes["rounding"] > 0
    assert outcomes["fails"] > 20


def test_only_planted_reports_disagree(made: list[Generated]) -> None:
    for report in made:
        fails = [i for i in report.gold["identities"] if i["outcome"] == "fails"]
        if not report.plants:
            assert not fails, (report.name, fails)


def test_each_plant_can_be_seen() -> None:
    seen: set[str] = set()
    for index in range(400):
        report = generate(31, index, {"txt": 1})
        if len(report.plants) == 1 and any(i["outcome"] == "fails" for i in report.gold["identities"]):
            seen.update(report.plants)
    assert seen == set(PLANTS)


def test_the_sums_of_a_department_close() -> None:
    for seed in range(50):
        world = make_world(random.Random(seed))
        functions = sum((f.amounts.actual for f in world.functions), Decimal(0))
        assert functions == world.total.actual == world.basic.actual + world.project.actual
        assert sum((a.prior for a in world.economic.values()), Decimal(0)) == world.operating.prior
        assert world.assets["close"] == world.assets["open"] + world.assets["buy"] - world.assets["sell"]


def test_every_format_is_written() -> None:
    magic = {
        "docx": b"PK",
        "xlsx": b"PK",
        "ofd": b"PK",
        "pdf": b"%PDF",
        "xls": b"\xd0\xcf\x11\xe0",
        "html": b"<!DOCTYPE",
    }
    for suffix in DEFAULT_FORMATS:
        report = generate(5, 1, {suffix: 1})
        assert report.name.endswith(f".{suffix}")
        assert report.data.startswith(magic.get(suffix, b""))
        assert len(report.data) > 1000


def test_text_reports_are_utf8_or_gb18030() -> None:
    encodings: Counter[str] = Counter()
    for index in range(40):
        data = generate(6, index, {"txt": 1}).data
        try:
            data.decode("utf-8")
            encodings["utf-8"] += 1
        except UnicodeDecodeError:
            data.decode("gb18030")
            encodings["gb18030"] += 1
    assert len(encodings) == 2


def test_statements_come_in_many_wordings() -> None:
    families = [
        getattr(phrases, name)
        for name in ("BUDGET_FULL_ACTUAL", "BUDGET_ACTUAL", "TOTAL_SPLIT", "BASIC_SPLIT", "STAFF", "NONE")
    ]
    words = {"we": "我局", "y": "2022年", "yr": "2022年", "py": "上年", "S": "项目支出", "why": "厉行节约"}
    rest = dict.fromkeys(("adjverb", "adjword", "cmp", "usedfor", "totalexp", "personnelitems", "operatingitems"), "某")
    for family in families:
        said = set()
        rng = random.Random(1)
        for _ in range(300):
            parts: list[str] = []
            template = rng.choice(family)
            expand(
                compile_template(template),
                rng,
                {**words, **rest},
                parts.append,
                parts.append,
            )
            said.add("".join(parts))
        assert len(family) >= 8
        assert len(said) >= 25


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (14, "十四"),
        (20, "二十"),
        (105, "一百零五"),
        (600, "六百"),
        (1001, "一千零一"),
    ],
)
def test_chinese_numerals(value: int, text: str) -> None:
    assert chinese(value) == text


def test_templates_that_do_not_close_are_named() -> None:
    with pytest.raises(ValueError, match="not closed"):
        compile_template("预算[数|为{ini}")
    with pytest.raises(ValueError, match="not closed"):
        compile_template("预算{ini")


def test_damage_changes_no_words() -> None:
    text = (
        "本部门2022年度基本支出1,234.56万元，其中：人员经费1,000.00万元，公用经费234.56万元，均按规定列支并接受监督。"
    )
    for seed in range(50):
        rng = random.Random(seed)
        broken = damage.break_pages(damage.wrap_lines(text, rng, 18), rng, 2)
        assert broken != text
        assert damage.squash(broken) == text
        assert "1,234.56" in broken


def test_colliding_spans_are_named() -> None:
    with pytest.raises(ValueError, match="row 2, column 1"):
        place(Grid(((TableCell("a"), TableCell("b", rowspan=2)), (TableCell("c", colspan=2),))))


def test_the_markup_reads_headings_tables_and_spans() -> None:
    head, blocks = parse("file: a.txt\ntitle: t\n\n# 一\n文\n<<<\n{r2c3}x | y\nz\n>>>\n")
    assert head == {"file": "a.txt", "title": "t"}
    assert blocks == [Para("一", 1), Para("文"), Grid(((TableCell("x", 2, 3), TableCell("y")), (TableCell("z"),)))]
    with pytest.raises(ValueError, match="line 4: the table is not closed"):
        parse("file: a.txt\n\n文\n<<<\nx | y\n")


def test_bundled_reports_follow_their_descriptions() -> None:
    build = runpy.run_path(str(SOURCES / "build.py"))
    assert build["main"](check=True) == 0
    names = {path.suffix for path in (SOURCES.parent / "reports").iterdir()}
    assert names == {".docx", ".xlsx", ".pdf", ".html", ".txt"}


def test_scoring_counts_hits_misses_and_extras() -> None:
    world = make_world(random.Random(3))
    script = Script(random.Random(3), world, NumberStyle())
    script.say(
        "基本支出{act}，占{share}。",
        {
            "act": Money("basic", "actual", Decimal(1_000_000), "基本支出", world.year),
            "share": Rate("s", Decimal(40), "占比"),
        },
    )
    script.end()
    gold = {**script.book.gold, "document": "a.txt", "department": world.department, "fiscal_year": world.year}
    row = {
        "account_code": "basic",
        "measure": "actual",
        "amount_yuan": Decimal(1_000_000),
        "value_as_written": "100.00",
        "unit_as_written": "万元",
        "quote": "基本支出100.00万元",
        "qualifier": None,
        "budget_book": None,
    }
    right = Published(
        {"fiscal_year": world.year}, world.department, [row], [{"metric_group": "rate", "value": Decimal(40)}], [], []
    )
    tally = Tally()
    score(right, gold, tally)
    assert {kind: r[:2] for kind, r in tally.rates().items()} == {
        "report": (100.0, None),
        "department": (100.0, None),
        "year": (100.0, None),
        "money": (100.0, 100.0),
        "meaning": (100.0, None),
        "evidence": (100.0, None),
        "rate": (100.0, None),
    }
    wrong = Published({"fiscal_year": 1999}, "另一个局", [{**row, "amount_yuan": Decimal(5)}], [], [], [])
    tally = Tally()
    score(wrong, gold, tally)
    assert tally.rates()["money"] == (0.0, 0.0, 1, 1)
    assert tally.rates()["rate"][0] == 0.0
    assert tally.rates()["department"][0] == 0.0


def test_numbers_and_amounts_of_the_truth() -> None:
    assert number("２,９５１.09") == Decimal("2951.09")
    assert number("——") is None
    assert amount({"value": "2,951.09", "unit": "万元"}) == Decimal("29510900")
    assert amount({"value": "12", "unit": "人"}) is None


def test_an_identity_within_rounding_is_no_failure() -> None:
    book = Book()
    terms = [Written(f"f{i}", Decimal(v), Decimal(50), Decimal(10_000)) for i, v in enumerate((10_000, 6_000, 3_900))]
    book.identity("a", "a = b + c", terms[0], terms[1:])
    assert book.gold["identities"][0]["outcome"] == "rounding"
    terms[2].value = Decimal(3_000)
    book.identity("a", "a = b + c", terms[0], terms[1:])
    assert book.gold["identities"][1]["outcome"] == "fails"
