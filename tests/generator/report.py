"""One synthetic report from one seed: blocks, truth, format. The same seed and options give the same report."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from tests.generator import damage, forms, phrases, prose
from tests.generator.facts import NumberStyle, chinese
from tests.generator.script import Script
from tests.generator.world import World, make_world
from tests.support.blocks import Block, Grid, PageBreak, Para, SheetBreak
from tests.support.docx_writer import write_docx
from tests.support.html_writer import write_html
from tests.support.sheet_writer import write_xls, write_xlsx
from tests.support.txt_writer import to_text

DEFAULT_FORMATS: dict[str, int] = {"docx": 35, "txt": 25, "pdf": 15, "html": 10, "xlsx": 8, "ofd": 4, "xls": 3}
PLANTS = (
    "total",
    "basic",
    "project",
    "miscount",
    "three_public",
    "assets",
    "form_operating",
    "form_staff",
    "form_three_public",
    "form_total",
    "form_lost_rows",
    "form_score_over",
    "score",
)

FINAL_ACCOUNT_PLANTS = ("total", "basic", "three_public")


@dataclass
class Generated:
    """A report: file name, bytes, the text that a reader should see, and the truth in the format of the gold files."""

    name: str
    data: bytes
    text: str
    gold: dict[str, Any]
    damages: tuple[str, ...]
    plants: tuple[str, ...]
    blocks: tuple[Block, ...] = ()  # as composed, before damage: the same report can be written in other formats


def _style(rng: random.Random) -> NumberStyle:
    return NumberStyle(
        unit="元" if rng.random() < 0.1 else "万元",
        strip_zeros=rng.random() < 0.35,
        commas=rng.random() < 0.25,
        wide=rng.random() < 0.04,
        spaced=rng.random() < 0.12,
        large_in_yi=rng.random() < 0.1,
    )


class _Sections:
    """Numbers the sections and words their headings."""

    def __init__(self, script: Script) -> None:
        self.script = script
        rng = script.rng
        self.first = rng.choice(("{}、", "{}、", "{}．", "第{}部分 "))
        self.second = rng.choice(("（{}）", "（{}）", "({})"))
        self.marked = rng.random() < 0.7  # headings as the format marks them, or plain lines
        self.major = self.minor = 0

    def open(self, key: str) -> str:
        """A section; returns the heading as written. Now and then its number is wrong."""
        rng = self.script.rng
        self.major += 1
        self.minor = 0
        number = chinese(self.major) if rng.random() < 0.97 else str(self.major)
        text = self.first.format(number) + rng.choice(phrases.HEADINGS[key])
        self.script.heading(text, 1 if self.marked else 0)
        return text

    def sub(self, key: str) -> str:
        """A subsection."""
        self.minor += 1
        text = self.second.format(chinese(self.minor)) + self.script.rng.choice(phrases.HEADINGS[key])
        self.script.heading(text, 2 if self.marked else 0)
        return text


def _title(rng: random.Random, world: World, kind: str) -> tuple[str, str]:
    """Title and the department as the title writes it."""
    written = world.department
    if (
        world.city
        and world.district
        and written.startswith(world.city)
        and world.city != world.district
        and rng.random() < 0.35
    ):
        written = written.removeprefix(world.city)
    year = world.year
    if kind == "final_account":
        return rng.choice(
            (
                f"{year}年度{written}部门决算",
                f"{written}{year}年度部门决算公开说明",
                f"{written}{year}年部门决算情况说明",
            )
        ), written
    return (
        rng.choice(
            (
                f"{year}年度{written}部门整体支出绩效自评报告",
                f"{written}{year}年度部门整体支出绩效自评报告",
                f"{written}{year}年部门整体支出绩效评价自评报告",
                f"{written}关于{year}年度部门整体支出绩效自评情况的报告",
                f"{year}年度部门整体支出绩效自评报告（{written}）",
                f"{written}{year}年度整体支出绩效自评报告",
            )
        ),
        written,
    )


def _bump(rng: random.Random) -> Decimal:
    return Decimal(rng.choice((100, 900, 10_000, 90_000, 123_400, 500_000)))


def _evaluation(script: Script, plants: tuple[str, ...]) -> None:
    """A self-evaluation report."""
    rng, world = script.rng, script.world
    sections = _Sections(script)

    def plant(name: str) -> Decimal:
        return _bump(rng) if name in plants else Decimal(0)

    def maybe_distractor() -> None:
        if rng.random() < 0.4:
            prose.distractor(script)

    sections.open("profile")
    sections.sub("profile_functions")
    maybe_distractor()
    sections.sub("profile_staff")
    prose.profile(script)
    if rng.random() < 0.7 or "total" in plants:
        sections.sub("scale") if rng.random() < 0.6 else sections.open("scale")
        if rng.random() < 0.6:
            prose.state(script, "total", world.total)
            script.end()
        prose.split_total(script, plant("total"))
        if rng.random() < 0.3:
            prose.income(script)
    sections.open("general")
    sections.sub("basic")
    if rng.random() < 0.5:
        prose.state(script, "basic", world.basic)
        script.end()
    prose.split_basic(script, plant("basic"))
    if rng.random() < 0.4:
        for account, amounts in (("personnel", world.personnel), ("operating", world.operating)):
            prose.state(script, account, amounts)
        script.end()
    if rng.random() < 0.8 or "three_public" in plants:
        if rng.random() < 0.5:
            sections.sub("three_public")
        prose.three_public(script, plant("three_public"))
    sections.sub("project")
    if rng.random() < 0.4:
        prose.state(script, "project", world.project)
        script.end()
    prose.projects(
        script, plant("project"), (rng.choice((1, -1, 2)) if "miscount" in plants and len(world.items) > 1 else 0)
    )
    if rng.random() < 0.35:
        sections.sub("function")
        prose.functions(script)
    if rng.random() < 0.85:
        prose.none_books(script, sections.open, ("government_fund", "state_capital", "social_insurance"))
    sections.open("performance")
    prose.work_output(script, rng.randint(1, 4))
    maybe_distractor()
    score: tuple[Decimal, str] | None = None
    if rng.random() < 0.7 or "assets" in plants:
        sections.open("assets") if rng.random() < 0.5 else sections.sub("assets")
        prose.assets(script, plant("assets"))
    if rng.random() < 0.3:
        sections.open("procurement")
        prose.procurement(script)
    sections.open("problems")
    prose.findings(script, "problems")
    sections.open("measures")
    prose.findings(script, "measures")
    if rng.random() < 0.8:
        sections.open("disclosure")
        script.say(phrases.DISCLOSURE)
        script.end()
    slot = len(script.blocks)
    _forms(script, plants)
    found = script.book.gold["score_totals"]
    overall = next((t for t in found if t["table"] == "1-2"), None)
    if overall and (rng.random() < 0.5 or "score" in plants):
        value = Decimal(overall["score_total"])
        said = value + (1 if value < 99 else -1) if "score" in plants else value
        tail, script.blocks[slot:] = script.blocks[slot:], []
        grade = "优" if said >= 90 else "良" if said >= 80 else "中" if said >= 60 else "差"
        written = prose.score_statement(script, said, grade)
        script.blocks += tail
        script.book.outcome(
            "score text=form",
            "正文自评得分 = 自评表总分",
            written.value,
            value,
            Decimal(0),
            "equality",
            "must",
            [written.id],
        )
        score = (said, grade)
    if score is None and rng.random() < 0.3:
        script.blocks.insert(slot, Para(rng.choice(("附件：", "附表：")) + "部门整体支出绩效自评表"))


def _forms(script: Script, plants: tuple[str, ...]) -> None:
    rng, world = script.rng, script.world
    layout = forms.make_layout(rng)
    made: list[Callable[[], object]] = []

    def annex(name: str, title: str) -> None:
        script.end()
        script.blocks.append(SheetBreak(title) if rng.random() < 0.6 else PageBreak())
        if rng.random() < 0.8:
            script.blocks.append(Para(name))

    def chosen(names: tuple[str, ...]) -> str:
        return next((p.removeprefix("form_") for p in plants if p in names), "")

    basic_plant = chosen(("form_operating", "form_staff", "form_three_public"))
    overall_plant = chosen(("form_total", "form_lost_rows", "form_score_over"))

    def basic() -> None:
        annex("附件1-1", "基础数据表")
        forms.basic_data(script, "1-1", plant=basic_plant)

    def overall() -> None:
        annex("附件1-2", "整体支出自评表")
        forms.scored_form(script, "1-2", layout, plant=overall_plant)

    def project(name: str, n: int) -> None:
        annex("附件1-3", f"项目自评表{n}")
        forms.scored_form(script, "1-3", layout, project=name)

    if basic_plant or rng.random() < 0.7:
        made.append(basic)
    if overall_plant or rng.random() < 0.8 or "score" in plants:
        made.append(overall)
    shown = list(world.items)[: rng.choice((0, 1, 1, 2, 3))]
    for n, name in enumerate(shown, 1):
        made.append(partial(project, name, n))
    if rng.random() < 0.12:
        made.reverse()
    for make in made:
        make()
    draw = rng.random()
    if draw < 0.03:
        annex("附件", "空表")
        forms.scored_form(script, "1-2", layout, blank=True)
    elif draw < 0.06:
        annex("附件", "目标表")
        forms.scored_form(script, "1-2", layout, goal=True)
    elif draw < 0.1 and shown:
        forms.project_card(script, shown[0])
    if rng.random() < 0.4:
        script.blocks.append(
            Para(
                f"填表人：{world.letters['person']}　填报日期：{world.year + 1}年5月18日　联系电话：{world.letters['phone']}　单位负责人签字："
            )
        )


def _final_account(script: Script, plants: tuple[str, ...]) -> None:
    """The explanation and the tables of a final account."""
    rng = script.rng
    sections = _Sections(script)
    sections.open("profile")
    prose.profile(script)
    sections.open("income")
    prose.income(script)
    prose.split_total(script, _bump(rng) if "total" in plants else Decimal(0))
    sections.open("function")
    prose.functions(script)
    sections.open("basic")
    prose.split_basic(script, _bump(rng) if "basic" in plants else Decimal(0))
    sections.open("three_public")
    prose.three_public(script, _bump(rng) if "three_public" in plants else Decimal(0))
    prose.none_books(script, sections.open, ("government_fund", "state_capital"))
    if rng.random() < 0.7:
        sections.open("procurement")
        prose.procurement(script)
        if rng.random() < 0.5:
            prose.assets(script)
    if rng.random() < 0.8:
        script.blocks.append(SheetBreak("决算公开表"))
        forms.final_account_tables(script)


def generate(seed: int, index: int, formats: Mapping[str, int] | None = None, *, name: str = "") -> Generated:
    """Report number `index` of `seed`. `formats` are weights by file suffix."""
    rng = random.Random(f"{seed}:{index}")
    weights = dict(formats or DEFAULT_FORMATS)
    suffix = rng.choices(list(weights), list(weights.values()))[0]
    world = make_world(rng)
    kind = "final_account" if rng.random() < 0.2 else "overall_self_evaluation"
    script = Script(rng, world, _style(rng))
    known = PLANTS if kind != "final_account" else FINAL_ACCOUNT_PLANTS
    plants = tuple(rng.sample(known, rng.choice((1, 1, 2)))) if rng.random() < 0.35 else ()
    title, written = _title(rng, world, kind)
    script.blocks.append(Para(title, 1 if rng.random() < 0.7 else 0))
    (_final_account if kind == "final_account" else _evaluation)(script, plants)
    reported = None
    if rng.random() < 0.3:
        script.blocks += [Para(world.department), Para(f"{world.year + 1}年6月28日")]
        reported = f"{world.year + 1}-06-28"
    script.book.same_figures()
    file_name = name or f"g{seed}-{index:06d}.{suffix}"
    gold = script.book.gold
    head = {
        "document": file_name,
        "title": title,
        "department": world.department,
        "department_alternatives": list(world.alternatives),
        "department_as_written": written,
        "city": world.city,
        "district": world.district,
        "province": world.province,
        "province_stated": False,
        "division_code": world.code,
        "fiscal_year": world.year,
        "report_kind": kind,
        "report_date": reported,
        "plants": list(plants),
    }
    composed = tuple(script.blocks)
    blocks, damages, options = _damage(script.blocks, gold, suffix, rng)
    gold = {**head, **gold, "damages": list(damages)}
    data, text = _render(blocks, suffix, title, options)
    return Generated(file_name, data, text, gold, damages, plants, composed)


def _damage(
    blocks: list[Block], gold: dict[str, Any], suffix: str, rng: random.Random
) -> tuple[list[Block], tuple[str, ...], dict[str, Any]]:
    """Damage that suits the format; returns blocks, its names, and options for the writer."""
    done: list[str] = []
    options: dict[str, Any] = {"rng": rng, "spans": "padded", "wrap": 0, "pages": 0}
    if rng.random() < 0.2:
        blocks = damage.space_cells(blocks, rng)
        done.append("spaced_cells")
    if suffix == "txt":
        options["spans"] = rng.choice(("row", "row", "lost", "padded"))
        done.append(f"spans_{options['spans']}")
        if rng.random() < 0.12:
            blocks = damage.flatten(blocks, gold, rng)
            done.append("flattened")
        if rng.random() < 0.3:
            options["wrap"] = rng.randint(28, 44)
            done.append("wrapped")
        if rng.random() < 0.45:
            options["pages"] = rng.randint(1, 6)
            done.append("page_breaks")
    if suffix in ("docx", "html", "xlsx", "xls") and rng.random() < 0.15:
        grids = [b for b in blocks if isinstance(b, Grid)]
        if grids:
            blocks = [
                *blocks,
                *([SheetBreak("旧数据", hidden=True)] if suffix in ("xlsx", "xls") else []),
                damage.outdated(rng.choice(grids), rng),
            ]
            done.append("hidden_outdated")
    return blocks, tuple(done), options


def _render(blocks: list[Block], suffix: str, title: str, options: dict[str, Any]) -> tuple[bytes, str]:
    """The bytes in the format, and the text that they show."""
    rng: random.Random = options["rng"]
    text = to_text(blocks, spans=options["spans"], blank_lines=rng.random() < 0.3)
    if options["wrap"]:
        text = damage.wrap_lines(text, rng, options["wrap"])
    if options["pages"]:
        text = damage.break_pages(text, rng, options["pages"])
    if suffix == "txt":
        encoding, newline = rng.choice((("utf-8", "\n"), ("utf-8", "\r\n"), ("utf-8-sig", "\n"), ("gb18030", "\r\n")))
        return text.replace("\n", newline).encode(encoding), text
    if suffix == "docx":
        return write_docx(blocks, title), text
    if suffix == "html":
        encoding, label = rng.choice((("utf-8", ""), ("utf-8", ""), ("gb18030", "gb2312"), ("gb18030", "gbk")))
        return write_html(blocks, title, encoding=encoding, label=label, navigation=rng.random() < 0.6), text
    if suffix == "xlsx":
        return write_xlsx(blocks, title), text
    if suffix == "xls":
        return write_xls(blocks), text
    return _paged(blocks, suffix, rng), text


def _paged(blocks: list[Block], suffix: str, rng: random.Random) -> bytes:
    """PDF and OFD, whose writers are only loaded where they are used."""
    options: dict[str, Any] = {"repeat_head_rows": 0, "page_numbers": rng.random() < 0.7, "centred": rng.random() < 0.6}
    if suffix == "pdf":
        from tests.support.pdf_writer import write_pdf

        return write_pdf(blocks, rules=rng.choice(("line", "rect")), landscape=rng.random() < 0.1, **options)
    from tests.support.ofd_writer import write_ofd

    return write_ofd(blocks, **options)


__all__ = ["DEFAULT_FORMATS", "Generated", "generate"]
