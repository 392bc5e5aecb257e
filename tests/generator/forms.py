"""The official forms and their sisters: basic data, department's form, project form, goal sheet, final-account tables."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.generator.facts import FACTOR, Money, NumberStyle, Written, plain, quantize, write_number
from tests.generator.prose import percent
from tests.generator.script import Script
from tests.generator.world import CLASS_NAMES, Amounts
from tests.support.blocks import Grid, Para, TableCell

DASHES = ("——", "—", "/", "", "", "")
ACHIEVED_WORDS = (
    "有所提升",
    "持续改善",
    "显著提高",
    "已完成",
    "达成预期指标",
    "基本达成",
    "长期",
    "明显增强",
    "效果良好",
)
TARGET_WORDS = ("长期", "持续提升", "有效保障", "不断提高", "逐步改善", "显著", "及时", "优良")
LEVEL3 = {
    "数量指标": (
        "开展培训场次",
        "印发文件数量",
        "检查企业家数",
        "服务群众人数",
        "维修设施处数",
        "办理案件件数",
        "举办活动次数",
        "项目实施个数",
    ),
    "质量指标": ("验收合格率", "资金使用合规率", "培训合格率", "工作任务完成率", "案件办结率", "设备完好率"),
    "时效指标": ("资金拨付及时率", "任务按时完成率", "项目完成时间", "工作开展及时性"),
    "成本指标": ("预算控制数", "三公经费控制率", "项目总成本", "单位成本控制"),
    "经济效益指标": ("促进地方经济发展", "节约财政资金", "带动增收", "提高资金使用效益"),
    "社会效益指标": ("提升公共服务水平", "维护社会稳定", "群众知晓率", "保障机构正常运转"),
    "生态效益指标": ("改善人居环境", "节能减排", "资源节约利用"),
    "可持续影响指标": ("长效机制建设", "制度健全性", "人才队伍建设", "政策持续影响"),
    "服务对象满意度指标": ("群众满意度", "服务对象满意度", "职工满意度", "受益对象满意度"),
}
SHORT = {
    "经济效益指标": "经济效益",
    "社会效益指标": "社会效益",
    "生态效益指标": "生态效益",
    "可持续影响指标": "可持续影响",
    "服务对象满意度指标": "服务对象满意度",
}
COUNT_UNITS = ("次", "场", "件", "个", "人次", "份", "处", "家", "期")
REASONS = (
    "年初目标设置偏低",
    "受客观因素影响，部分工作推迟",
    "资金下达较晚，下一步加快进度",
    "人员不足，今后加强统筹",
    "指标值设置不够合理",
    "宣传力度还需加强",
)
GOALS = (
    (
        "保障人员工资按时发放，机构正常运转，完成年度重点任务。",
        "人员经费按时足额发放，机构运转正常，各项任务圆满完成。",
    ),
    (
        "目标1：加强队伍建设。目标2：提升服务水平。目标3：保障重点项目实施。",
        "完成1：队伍建设得到加强。完成2：服务水平有所提升。完成3：重点项目如期实施。",
    ),
    ("做好本年度业务工作，提高资金使用效益。", "业务工作有序推进，资金使用规范高效。"),
)


@dataclass(slots=True)
class Layout:
    """The variations of one scored form."""

    execution_weight: int = 10
    points_in_heading: bool = True
    split_target: bool = False
    deviation_before_score: bool = False
    weight_first: bool = False  # weight before target
    letters: bool = False  # heads (A), (B), (B/A)
    empty_rate: bool = False
    rows_of_funds: bool = True  # rows by source, or the total alone
    unit: str = "万元"
    short_level2: bool = False


def make_layout(rng: random.Random) -> Layout:
    """A form layout as one of the provinces has it."""
    sister = rng.random() < 0.5
    return Layout(
        execution_weight=20 if rng.random() < 0.12 else 10,
        points_in_heading=rng.random() < 0.6,
        split_target=sister and rng.random() < 0.2,
        deviation_before_score=sister and rng.random() < 0.2,
        weight_first=sister and rng.random() < 0.4,
        letters=sister and rng.random() < 0.4,
        empty_rate=rng.random() < 0.1,
        rows_of_funds=rng.random() < 0.8,
        unit="元" if rng.random() < 0.12 else "万元",
        short_level2=rng.random() < 0.4,
    )


def _text(yuan: Decimal, unit: str, style: NumberStyle) -> str:
    places = 2 if unit == "万元" else 0 if style.strip_zeros else 2
    plain_style = NumberStyle(unit, style.strip_zeros, style.commas, False, False, 2)
    return write_number(yuan / FACTOR[unit], plain_style, places)


def _row_quotes(table: Grid, entries: list[tuple[int, dict[str, Any]]]) -> None:
    """Evidence of form facts: the words of their row, tab by tab."""
    for r, entry in entries:
        entry["evidence"] = "\t".join(cell.text for cell in table.rows[r])


def basic_data(script: Script, number: str, *, plant: str = "") -> list[Written]:
    """Form 1-1: staff, three public expenses, projects, operating items; three columns of figures."""
    world, rng, style = script.world, script.rng, script.style
    year, staff, book = world.year, world.staff, script.book
    unit = "元" if rng.random() < 0.08 else "万元"
    script.end()
    script.blocks.append(Para(f"{year}年度部门整体支出绩效评价基础数据表", 2 if rng.random() < 0.5 else 0))
    rows: list[list[str | TableCell]] = []
    entries: list[tuple[int, dict[str, Any]]] = []
    serving = staff["all"] if plant == "staff" else staff["serving"]
    control = percent(Decimal(serving), Decimal(staff["posts"]))
    control_text = f"{quantize(control, 2)}%" if rng.random() < 0.7 else ""
    rows.append([TableCell("财政供养人员情况（人）", rowspan=2), "编制数", f"{year}年实际在职人数", "控制率"])
    rows.append([str(staff["posts"]), str(serving), control_text])
    head: list[Written] = []
    for concept, label, value in (
        ("staff_quota", "编制数", staff["posts"]),
        ("staff_in_post", "实际在职人数", serving),
    ):
        entry = book.add(
            "headcount",
            {
                "label": label,
                "value": str(value),
                "value_num": str(value),
                "unit": "人",
                "concept": concept,
                "measure_role": "actual",
                "year": year,
                "source": "table",
            },
        )
        entries.append((1, entry))
        done = Written(entry["id"], Decimal(value), Decimal(0), Decimal(1))
        book.written.setdefault(("staff", concept, "actual", year, ""), []).append(done)
        head.append(done)
    if control_text:
        entry = book.add("figures", _rate_entry("staff_control_rate", "控制率", control_text, year, "1-1"))
        entries.append((1, entry))
        book.rate(
            "control rate (form)",
            "控制率 = 在职 / 编制",
            Written(entry["id"], quantize(control, 2), Decimal("0.005"), Decimal(1)),
            head[1],
            head[0],
        )
    rows.append([f"经费控制情况（{unit}）", f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数"])
    columns = (
        ("prior", "prior_year_actual", year - 1),
        ("initial", "initial_budget", year),
        ("actual", "actual", year),
    )

    def line(
        label: str,
        account: str | None,
        amounts: Amounts | None,
        project: str | None = None,
        bump: Decimal = Decimal(0),
        scope: str = "",
    ) -> list[Written | None]:
        cells: list[str | TableCell] = [label]
        done: list[Written | None] = []
        for attribute, measure, of in columns:
            yuan = getattr(amounts, attribute) + (bump if attribute == "actual" else 0) if amounts else None
            if yuan is None or (yuan == 0 and rng.random() < 0.5):
                cells.append("")
                done.append(None)
                continue
            text = _text(yuan, unit, style)
            entry, written = book.money(
                Money(account, measure, yuan, label, of, project, book=None, scope=scope), text, unit, "table"
            )
            entries.append((len(rows), entry))
            cells.append(text)
            done.append(written)
        rows.append(cells)
        return done

    def closes(name: str, whole: list[Written | None], parts: list[list[Written | None]]) -> None:
        for i, (attribute, _, _) in enumerate(columns):
            found = [p[i] for p in parts if p[i] is not None]
            if whole[i] is not None and found:
                book.identity(f"{name} {attribute}", "合计 = 各分项之和", whole[i], [f for f in found if f is not None])

    odd = rng.choice((Decimal(100), Decimal(1100), Decimal(10_000)))
    three = line(rng.choice(("三公经费", "“三公”经费", "一、三公经费")), "three_public", world.three_public)
    vehicle = line("1、公务用车购置和维护经费", "vehicle", world.vehicle)
    bought = line("其中：公车购置", "vehicle_purchase", world.vehicle_purchase)
    running = line("公车运行维护", "vehicle_running", world.vehicle_running)
    abroad = line("2、出国经费", "overseas_travel", world.overseas if rng.random() < 0.5 else None)
    reception = line("3、公务接待", "reception", world.reception, bump=odd if plant == "three_public" else Decimal(0))
    closes("three public=parts (form)", three, [vehicle, abroad, reception])
    closes("vehicle=purchase+running (form)", vehicle, [bought, running])
    project = line("项目支出：", "project", world.project)
    line("1、业务工作经费", "project_business", None)
    line("2、运行维护经费", "project_maintenance", None)
    line("3、专项资金（一个专项一行）", "project_special", None)
    items = [line(name, "project_item", amounts, name) for name, amounts in world.items.items()]
    closes("project=items (form)", project, items)
    operating = line("公用经费", "operating", world.operating)
    grouped = rng.random() < 0.5
    first = True
    parts = []
    for name, amounts in (world.groups if grouped else world.economic).items():
        code, _, item = name.rpartition(" ")
        account = "operating_group" if grouped else f"e{code}"
        bump = odd if plant == "operating" and first else Decimal(0)
        label = ("其中：" if first else "") + (item if not grouped else name)
        parts.append(line(label, account, amounts, scope=f"-{name}", bump=bump))
        first = False
    closes("operating=items (form)", operating, parts)
    if rng.random() < 0.7:
        amounts = Amounts(Decimal(0), world.reception.initial + 30_000, Decimal(0), world.reception.actual + 45_600)
        made: list[str | TableCell] = ["政府采购金额", rng.choice(DASHES)]
        for measure, yuan in (("initial_budget", amounts.initial), ("actual", amounts.actual)):
            text = _text(yuan, unit, style)
            entry, _ = book.money(
                Money("procurement", measure, yuan, "政府采购金额", year, book=None, scope="-form"), text, unit, "table"
            )
            entries.append((len(rows), entry))
            made.append(text)
        rows.append(made)
    if rng.random() < 0.5:
        text = _text(world.basic.adjustment, unit, style)
        made = ["部门基本支出预算调整", rng.choice(DASHES), ""]
        if world.basic.adjustment > 0:
            entry, _ = book.money(
                Money("basic", "adjustment", world.basic.adjustment, "部门基本支出预算调整", year, book=None),
                text,
                unit,
                "table",
            )
            entries.append((len(rows), entry))
            made.append(text)
        else:
            made.append("")
        rows.append(made)
    rows.append(["厉行节约保障措施", TableCell(rng.choice(("", "严格执行财务制度，压减一般性支出")), colspan=3)])
    table = _grid(rows, rng)
    _row_quotes(table, entries)
    script.blocks.append(table)
    return head


def _rate_entry(concept: str, label: str, text: str, year: int, table: str) -> dict[str, Any]:
    value = text.rstrip("%")
    return {
        "label": label,
        "concept": concept,
        "parent_or_group": None,
        "budget_account": None,
        "measure_role": "ratio",
        "year": year,
        "value": value,
        "value_num": value,
        "unit": "%",
        "source": f"table {table}",
        "evidence": None,
        "occurrence": 1,
        "account": None,
    }


def _grid(rows: list[list[str | TableCell]], rng: random.Random) -> Grid:
    made = tuple(tuple(c if isinstance(c, TableCell) else TableCell(c) for c in row) for row in rows)
    seams = (len(rows) // 2,) if len(rows) > 14 and rng.random() < 0.3 else ()
    return Grid(made, seams)


@dataclass(slots=True)
class _Indicator:
    level1: str
    points: int
    level2: str
    level3: str
    target: str
    parts: tuple[str, str, str]  # nature, value, unit
    achieved: str
    weight: Decimal
    score: Decimal
    deviation: str


def _target(rng: random.Random, level2: str) -> tuple[str, tuple[str, str, str], str]:
    """Target as written, its three parts, and what was achieved."""
    if level2 == "数量指标":
        n, unit = rng.randint(2, 900), rng.choice(COUNT_UNITS)
        sign = rng.choice(("≥", "", "＝", "不少于"))
        return f"{sign}{n}{unit}", (sign or "=", str(n), unit), f"{n + rng.choice((0, 0, 1, 3))}{unit}"
    if level2 == "成本指标" and rng.random() < 0.6:
        wan = Decimal(rng.randint(100, 90000)) / 100
        done = wan - Decimal(rng.choice((0, 0, 50))) / 100
        return f"≤{wan}万元", ("≤", str(wan), "万元"), f"{done}万元"
    if level2 in ("质量指标", "时效指标", "服务对象满意度指标", "成本指标"):
        n = rng.choice((80, 85, 90, 95, 98, 100))
        sign = rng.choice(("≥", "", "达到", "大于等于")) if n < 100 else rng.choice(("", "", "="))
        got = rng.choice((n, min(100, n + 2), 100))
        return (
            f"{sign}{n}%",
            (sign or "=", str(n), "%"),
            f"{got}%" if rng.random() < 0.9 else f"{got}.5%" if got < 99 else f"{got}%",
        )
    word = rng.choice(TARGET_WORDS)
    return word, ("定性", word, ""), rng.choice(ACHIEVED_WORDS)


def _indicators(rng: random.Random, execution: int, project: bool) -> list[_Indicator]:
    rest = 100 - execution
    satisfaction = 10 if rest > 40 else 5
    outcome = 30 if rest >= 80 else 20
    output = rest - outcome - satisfaction
    plan = (
        ("产出指标", output, ("数量指标", "质量指标", "时效指标", "成本指标")),
        (
            "效益指标",
            outcome,
            rng.choice(
                (
                    ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
                    ("社会效益指标", "可持续影响指标"),
                    ("经济效益指标", "社会效益指标"),
                )
            ),
        ),
        ("满意度指标", satisfaction, ("服务对象满意度指标",)),
    )
    made: list[_Indicator] = []
    for level1, points, seconds in plan:
        slots_: list[str] = []
        for second in seconds:
            slots_ += [second] * (rng.randint(1, 3 if level1 == "产出指标" else 2) if level1 != "满意度指标" else 1)
        left = Decimal(points)
        for i, second in enumerate(slots_):
            rest_rows = len(slots_) - i - 1
            if rest_rows == 0:
                weight = left
            else:
                even = left / (rest_rows + 1)
                weight = max(Decimal(1), quantize(even, 0) if rng.random() < 0.8 else quantize(even * 2, 0) / 2)
                weight = min(weight, left - rest_rows)
            left -= weight
            target, parts, achieved = _target(rng, second)
            lost = (
                Decimal(0) if rng.random() < 0.75 else min(weight, rng.choice((Decimal(1), Decimal("0.5"), Decimal(2))))
            )
            names = LEVEL3[second]
            made.append(
                _Indicator(
                    level1,
                    points,
                    second,
                    rng.choice(names),
                    target,
                    parts,
                    achieved,
                    weight,
                    weight - lost,
                    rng.choice(REASONS) if lost and rng.random() < 0.8 else "",
                )
            )
    seen: set[str] = set()
    for n, item in enumerate(made):  # two rows of one name would be one row to a reader
        while item.level3 in seen:
            item.level3 += rng.choice("甲乙丙丁")
        seen.add(item.level3)
        made[n] = item
    return made


def scored_form(
    script: Script,
    number: str,
    layout: Layout,
    *,
    project: str | None = None,
    plant: str = "",
    blank: bool = False,
    goal: bool = False,
) -> tuple[Written | None, Decimal, str]:
    """Form 1-2 (department) or 1-3 (one project). Returns the written total score, its value and the grade.

    `plant`: "total" misstates the total, "lost_rows" drops rows after weighing, "score_over" gives more than the weight.
    """
    world, rng, book = script.world, script.rng, script.book
    year, w = world.year, layout.execution_weight
    amounts = world.items[project] if project else world.total
    table_name = "goal" if goal else "1-3" if project else "1-2"
    title = (
        f"{year}年度{'项目支出' if project else '部门整体支出'}绩效{'目标表' if goal else '自评表'}"
        if not layout.letters
        else f"{'项目支出' if project else '部门（单位）整体支出'}绩效{'目标申报表' if goal else '自评表'}（{year}年度）"
    )
    script.end()
    script.blocks.append(Para(title, 2 if rng.random() < 0.4 else 0))
    heads = ["一级指标", "二级指标", "三级指标"]
    target_heads = (
        ["指标性质", "指标值", "度量单位"]
        if layout.split_target
        else [rng.choice(("年度指标值", "年度指标值", "目标值", "指标值"))]
    )
    weight_head, done_head, score_head, why_head = (
        rng.choice(("分值", "权重", "分值")),
        rng.choice(("实际完成值", "全年实际值", "完成值")),
        rng.choice(("得分", "自评得分")),
        "偏差原因分析及改进措施",
    )
    tail = [done_head, weight_head, score_head, why_head]
    if layout.weight_first:
        order = [*heads, weight_head, *target_heads, done_head, score_head, why_head]
    elif layout.deviation_before_score:
        order = [*heads, *target_heads, done_head, weight_head, why_head, score_head]
    else:
        order = [*heads, *target_heads, *tail]
    if goal:
        order = [h for h in order if h not in (done_head, score_head, why_head)]
    width = len(order) + 1  # the left-hand group column
    rows: list[list[str | TableCell]] = []
    entries: list[tuple[int, dict[str, Any]]] = []
    label = "部门名称" if not project else rng.choice(("项目名称", "项目支出名称"))
    rows.append([label, TableCell(project or world.department, colspan=width - 1)])
    if project and rng.random() < 0.4:
        code = f"{rng.randint(10**11, 10**12 - 1)}{rng.randint(10**8, 10**9 - 1)}"
        rows.append(["项目编码", TableCell(code, colspan=width - 1)])
    if project and rng.random() < 0.5:
        rows.append(["主管部门", TableCell(world.department, colspan=width - 1)])
    if project and rng.random() < 0.3:
        rows.append(
            [
                "项目负责人",
                TableCell(world.letters["person"], colspan=2),
                "联系电话",
                TableCell(world.letters["phone"], colspan=width - 4),
            ]
        )
    rate = percent(amounts.actual, amounts.full)
    execution_score = quantize(min(Decimal(w), Decimal(w) * rate / 100), 2)
    rate_text = f"{plain(quantize(rate, 2))}%"
    fund_written: dict[str, dict[str, Written]] = {}
    if not goal:
        execution_score = _funding(
            script,
            rows,
            entries,
            layout,
            table_name,
            amounts,
            project,
            rate_text,
            execution_score,
            width,
            blank,
            fund_written,
        )
    expected, reached = rng.choice(GOALS)
    if not blank:
        half = (width - 1) // 2
        if goal:
            rows.append(["年度总体目标", TableCell(expected, colspan=width - 1)])
        else:
            rows.append(
                [
                    TableCell("年度总体目标", rowspan=2),
                    TableCell("预期目标", colspan=half),
                    TableCell("实际完成情况", colspan=width - 1 - half),
                ]
            )
            rows.append([TableCell(expected, colspan=half), TableCell(reached, colspan=width - 1 - half)])
    items = _indicators(rng, w, project is not None)
    shown = list(items)
    if plant == "lost_rows" and len(items) > 5:
        shown = [i for n, i in enumerate(items) if n not in (1, 2)]
    if plant == "score_over":
        shown[0].score = shown[0].weight + 1
    total = execution_score + sum((i.score for i in (shown if plant != "lost_rows" else items)), Decimal(0))
    if plant == "total":
        total += rng.choice((Decimal(1), Decimal(-1), Decimal(3)))
    grade = "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"
    rows.append([TableCell("绩效指标", rowspan=len(shown) + 1), *order])
    row_of: list[tuple[int, _Indicator]] = []
    for n, item in enumerate(shown):
        row: list[str | TableCell] = []
        if n == 0 or shown[n - 1].level1 != item.level1:
            span = sum(1 for i in shown if i.level1 == item.level1)
            row.append(
                TableCell(
                    f"{item.level1}（{item.points}分）" if layout.points_in_heading else item.level1, rowspan=span
                )
            )
        if n == 0 or shown[n - 1].level2 != item.level2:
            span = sum(1 for i in shown if i.level2 == item.level2)
            row.append(
                TableCell(SHORT.get(item.level2, item.level2) if layout.short_level2 else item.level2, rowspan=span)
            )
        row.append(item.level3)
        values = {
            weight_head: plain(item.weight),
            done_head: item.achieved,
            score_head: plain(item.score),
            why_head: item.deviation,
            target_heads[0]: item.parts[0] if layout.split_target else item.target,
        }
        if layout.split_target:
            values |= {"指标值": item.parts[1], "度量单位": item.parts[2]}
        row += ["" if blank else values[h] for h in order[3:]]
        row_of.append((len(rows), item))
        rows.append(row)
    written_total: Written | None = None
    total_label = rng.choice(("总分", "总分", "合计", "总 分"))
    if goal:
        rows.append([TableCell("备注", colspan=1), TableCell("", colspan=width - 1)])
    else:
        weight_at = order.index(weight_head) + 1
        score_at = order.index(score_head) + 1
        cells: list[str | TableCell] = [TableCell(total_label, colspan=weight_at)]
        for c in range(weight_at, width):
            cells.append(
                ""
                if blank
                else "100"
                if c == weight_at
                else plain(total)
                if c == score_at
                else (f"等级：{grade}" if c == width - 1 and rng.random() < 0.4 else "")
            )
        total_row = len(rows)
        rows.append(cells)
        if not blank:
            entry = book.add(
                "score_totals",
                {
                    "table": table_name,
                    "label": total_label,
                    "weight_total": "100",
                    "score_total": plain(total),
                    "rating": grade if cells[-1] else None,
                    "evidence": None,
                    "occurrence": 1,
                },
            )
            entries.append((total_row, entry))
            written_total = Written(f"total-{table_name}", total, Decimal(0), Decimal(1))
    table = _grid(rows, rng)
    if not blank:
        _file_indicators(script, layout, table_name, row_of, entries, goal)
    _row_quotes(table, entries)
    script.blocks.append(table)
    if not blank and not goal:
        _form_identities(script, table_name, w, execution_score, shown, total, layout, amounts, rate)
    return written_total, total, grade


def _funding(
    script: Script,
    rows: list[list[str | TableCell]],
    entries: list[tuple[int, dict[str, Any]]],
    layout: Layout,
    table_name: str,
    amounts: Amounts,
    project: str | None,
    rate_text: str,
    execution_score: Decimal,
    width: int,
    blank: bool,
    fund_written: dict[str, dict[str, Written]],
) -> Decimal:
    world, rng, style, book = script.world, script.rng, script.style, script.book
    unit, year, w = layout.unit, world.year, layout.execution_weight
    lead = width - 7
    carry = min(world.carry_in, amounts.full) if project is None and rng.random() < 0.5 else Decimal(0)
    names = (
        ("当年财政拨款", "上年结转资金", "其他资金")
        if not layout.letters
        else ("其中：财政资金", "上年结转", "其他资金")
    )
    heads = ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    if layout.letters:
        heads = ["年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分"]
    sources = [("年度资金总额", amounts.initial, amounts.full, amounts.actual)]
    if layout.rows_of_funds:
        sources.append(
            (
                (names[0] if layout.letters else f"其中：{names[0]}"),
                amounts.initial,
                amounts.full - carry,
                amounts.actual - carry if carry <= amounts.actual else amounts.actual,
            )
        )
        sources.append((names[1], Decimal(0), carry, carry if carry <= amounts.actual else Decimal(0)))
        sources.append((names[2], Decimal(0), Decimal(0), Decimal(0)))
    group = f"{'年度' if rng.random() < 0.5 else ''}{'项目' if project else ''}资金{'情况' if rng.random() < 0.7 else ''}（{unit}）"
    rows.append(
        [
            TableCell(group, rowspan=len(sources) + 1),
            TableCell(rng.choice(("资金来源", "年度资金总额", "")), colspan=lead),
            *heads,
        ]
    )
    account = "project_item" if project else "total"
    for n, (label, *values) in enumerate(sources):
        shown = label if n or rng.random() < 0.5 else "合计"
        cells: list[str | TableCell] = [TableCell(shown, colspan=lead)]
        entry: dict[str, Any] = {
            "table": table_name,
            "row": label,
            "unit": unit,
            "initial_budget": None,
            "full_year_budget": None,
            "actual": None,
            "weight": None,
            "execution_rate": None,
            "score": None,
            "evidence": None,
        }
        found: dict[str, Written] = {}
        for measure, yuan in zip(("initial_budget", "full_year_budget", "actual"), values, strict=True):
            if blank or (n and yuan == 0):
                cells.append("" if blank or rng.random() < 0.7 else _text(yuan, unit, style))
                if not blank and cells[-1]:
                    entry[measure] = cells[-1]
                continue
            text = _text(yuan, unit, style)
            entry[measure] = text
            cells.append(text)
            scope = "" if n == 0 else f"-{n}"
            # how the rows of sources are measured (上年结转: carry-over in) is left open here; the funding kind counts them
            fact = Money(account if not n else None, measure, yuan, label, year, project, None, n > 0, scope)
            filed, done = book.money(fact, text, unit, "table")
            entries.append((len(rows), filed))
            found[measure] = done
        fund_written[label] = found
        if n == 0 and not blank:
            said_rate = "" if layout.empty_rate else rate_text
            cells += [str(w), said_rate, plain(execution_score)]
            entry |= {"weight": str(w), "execution_rate": said_rate or None, "score": plain(execution_score)}
            if said_rate:
                filed = book.add(
                    "figures",
                    _rate_entry(
                        "total_execution_rate" if not project else "project_execution_rate",
                        "执行率",
                        said_rate,
                        year,
                        table_name,
                    ),
                )
                entries.append((len(rows), filed))
                value = Decimal(said_rate.rstrip("%"))
                places = len(said_rate.rstrip("%").partition(".")[2])
                book.rate(
                    "execution rate (form)",
                    "执行率 = 全年执行数 / 全年预算数",
                    Written(filed["id"], value, Decimal(5).scaleb(-places - 1), Decimal(1)),
                    found["actual"],
                    found["full_year_budget"],
                )
        else:
            filler = "" if blank or rng.random() < 0.6 else rng.choice(("—", "——", "-"))
            cells += [filler, filler, filler]
        if not blank:
            entries.append((len(rows), book.add("fund_rows", entry)))
        rows.append(cells)
    if not blank and layout.rows_of_funds:
        whole = fund_written["年度资金总额"]
        for measure in ("initial_budget", "full_year_budget"):
            parts = [f[measure] for label, f in fund_written.items() if label != "年度资金总额" and measure in f]
            book.identity(
                f"funding block {table_name} {measure}",
                "合计 = 当年财政拨款 + 上年结转 + 其他",
                whole.get(measure),
                parts,
            )
    return execution_score


def _file_indicators(
    script: Script,
    layout: Layout,
    table_name: str,
    row_of: list[tuple[int, _Indicator]],
    entries: list[tuple[int, dict[str, Any]]],
    goal: bool,
) -> None:
    for n, (r, item) in enumerate(row_of):
        first = n == 0 or row_of[n - 1][1].level1 != item.level1
        nature, value, unit = item.parts
        target = item.target
        alternatives = []
        if layout.split_target:
            target = (value if nature == "定性" else f"{nature}{value}") + unit
            alternatives = [f"{nature}{value}{unit}", value + unit, value]
        entry: dict[str, Any] = {
            "table": table_name,
            "level1": item.level1,
            "level1_weight": str(item.points) if layout.points_in_heading else None,
            "level2": SHORT.get(item.level2, item.level2) if layout.short_level2 else item.level2,
            "level3": item.level3,
            "target": target,
            "actual": None if goal else item.achieved,
            "weight": plain(item.weight),
            "score": None if goal else plain(item.score),
            "deviation": None if goal else item.deviation or None,
            "evidence": None,
            "occurrence": 1,
        }
        if alternatives:
            entry["target_alternatives"] = alternatives
        if goal:
            entry["optional"] = True
        entries.append((r, script.book.add("indicators", entry)))
        for measure, text in (
            ("target", target),
            ("achieved", item.achieved),
        ):  # amounts in cells: may be found, need not be
            if text.endswith("万元"):
                said = text.strip("≤＝=≥").removesuffix("万元")
                fact = Money(
                    None, measure, Decimal(said) * 10_000, item.level3, script.world.year, book=None, optional=True
                )
                entries.append((r, script.book.money(fact, said, "万元", "table")[0]))
        if first and layout.points_in_heading and not goal:
            points = _rate_entry("level1_weight", item.level1, str(item.points), script.world.year, table_name)
            points |= {"unit": "分", "measure_role": "other"}
            entries.append((r, script.book.add("figures", points)))


def _form_identities(
    script: Script,
    table_name: str,
    w: int,
    execution: Decimal,
    shown: list[_Indicator],
    total: Decimal,
    layout: Layout,
    amounts: Amounts,
    rate: Decimal,
) -> None:
    book = script.book
    book.outcome(
        f"{table_name} scores total",
        "执行得分 + 各指标得分 = 总分",
        execution + sum((i.score for i in shown), Decimal(0)),
        total,
        Decimal(0),
        "sum",
        "must",
        [],
    )
    book.outcome(
        f"{table_name} weights total",
        "执行分值 + 各指标分值 = 100",
        w + sum((i.weight for i in shown), Decimal(0)),
        Decimal(100),
        Decimal(0),
        "sum",
        "must",
        [],
    )
    if layout.points_in_heading:
        for level1 in dict.fromkeys(i.level1 for i in shown):
            rows = [i for i in shown if i.level1 == level1]
            book.outcome(
                f"{table_name} {level1} weights",
                "各三级指标分值 = 一级指标分值",
                sum((i.weight for i in rows), Decimal(0)),
                Decimal(rows[0].points),
                Decimal(0),
                "sum",
                "must",
                [],
            )
    for item in shown:
        if item.score > item.weight:
            book.outcome(
                f"{table_name} score<=weight {item.level3}",
                "得分 <= 分值",
                item.score,
                item.weight,
                Decimal(0),
                "bound",
                "must",
                [],
            )


def project_card(script: Script, project: str) -> None:
    """Label and value on lines of their own, next to a person's name and telephone."""
    world, book = script.world, script.book
    amounts = world.items[project]
    script.end()
    script.blocks.append(Para("项目基本信息（单位：万元）"))
    lines: list[tuple[str, str, str | None, Decimal]] = [
        ("项目名称", project, None, Decimal(0)),
        ("项目负责人", world.letters["person"], None, Decimal(0)),
        ("联系电话", world.letters["phone"], None, Decimal(0)),
    ]
    for label, measure, yuan in (
        ("年初预算数", "initial_budget", amounts.initial),
        ("全年预算数", "full_year_budget", amounts.full),
        ("全年执行数", "actual", amounts.actual),
    ):
        lines.append((label, _text(yuan, "万元", script.style), measure, yuan))
    for label, text, role, yuan in lines:
        script.blocks += [Para(label), Para(text)]
        if role:
            entry, _ = book.money(
                Money("project_item", role, yuan, label, world.year, project, book=None, optional=True),
                text,
                "万元",
                "table",
            )
            entry["evidence"] = f"{label}\n{text}"


def final_account_tables(script: Script) -> None:
    """Table 05 (appropriation expenditure by function) and the three public expenses' table of the final accounts."""
    world, rng, style, book = script.world, script.rng, script.style, script.book
    year = world.year
    script.end()
    script.blocks += [
        Para("一般公共预算财政拨款支出决算表", 2),
        Para("公开05表"),
        Para(f"部门：{world.department}　　　　　单位：万元"),
    ]
    rows: list[list[str | TableCell]] = [
        [
            TableCell("项　　目", colspan=2),
            TableCell("本年支出合计", rowspan=2),
            TableCell("基本支出", rowspan=2),
            TableCell("项目支出", rowspan=2),
        ],
        ["功能分类科目编码", "科目名称"],
    ]
    entries: list[tuple[int, dict[str, Any]]] = []

    def row(
        code: str, name: str, account: str | None, whole: Decimal, basic: Decimal, project: Decimal
    ) -> list[Written]:
        cells: list[str | TableCell] = [code, name] if code else [TableCell("合计", colspan=2)]
        done: list[Written] = []
        for n, yuan in enumerate((whole, basic, project)):
            text = _text(yuan, "万元", style)
            use = account if n == 0 else ("basic", "project")[n - 1] if not code else None
            fact = Money(use, "actual", yuan, name, year, scope="" if n == 0 or not code else "-")
            entry, written = book.money(fact, text, "万元", "table")
            entries.append((len(rows), entry))
            cells.append(text)
            done.append(written)
        rows.append(cells)
        return done

    total = row("", "合计", "total", world.total.actual, world.basic.actual, world.project.actual)
    book.identity("total=basic+project (final account)", "合计 = 基本支出 + 项目支出", total[0], total[1:])
    basic_left = world.basic.actual
    classes: dict[str, list[int]] = {}
    splits = []
    for n, item in enumerate(world.functions):
        basic = min(basic_left, item.amounts.actual)
        basic_left -= basic
        splits.append((basic, item.amounts.actual - basic))
        classes.setdefault(item.class_code, []).append(n)
    parts = []
    for code, members in classes.items():
        whole = sum((world.functions[n].amounts.actual for n in members), Decimal(0))
        parts.append(
            row(
                code,
                CLASS_NAMES[code],
                f"f{code}",
                whole,
                sum((splits[n][0] for n in members), Decimal(0)),
                sum((splits[n][1] for n in members), Decimal(0)),
            )[0]
        )
        for n in members:
            item = world.functions[n]
            row(item.code, item.item, f"f{item.code}", item.amounts.actual, *splits[n])
    book.identity("total=functional classes (final account)", "合计 = 各类之和", total[0], parts)
    table = Grid(tuple(tuple(c if isinstance(c, TableCell) else TableCell(c) for c in r) for r in rows))
    _row_quotes(table, entries)
    script.blocks.append(table)
    script.blocks.append(Para("注：本表反映部门本年度一般公共预算财政拨款支出情况。"))
    if rng.random() < 0.6:
        entries = []
        script.blocks += [
            Para("财政拨款“三公”经费支出决算表", 2),
            Para(f"部门：{world.department}　　　　　单位：万元"),
        ]
        heads: list[list[str | TableCell]] = [
            [TableCell("预算数", colspan=6), TableCell("决算数", colspan=6)],
            [
                TableCell(
                    t,
                    rowspan=1 if t.startswith("公务用车购置及") else 2,
                    colspan=3 if t.startswith("公务用车购置及") else 1,
                )
                for _ in range(2)
                for t in ("合计", "因公出国（境）费", "公务用车购置及运行维护费", "公务接待费")
            ],
            ["小计", "公务用车购置费", "公务用车运行维护费"] * 2,
        ]
        values: list[str | TableCell] = []
        for attribute, measure in (("initial", "initial_budget"), ("actual", "actual")):
            columns: list[Written] = []
            for account, amounts in (
                ("three_public", world.three_public),
                ("overseas_travel", world.overseas),
                ("vehicle", world.vehicle),
                ("vehicle_purchase", world.vehicle_purchase),
                ("vehicle_running", world.vehicle_running),
                ("reception", world.reception),
            ):
                text = _text(getattr(amounts, attribute), "万元", style)
                entry, done = book.money(
                    Money(account, measure, getattr(amounts, attribute), account, year, book=None),
                    text,
                    "万元",
                    "table",
                )
                entries.append((3, entry))
                values.append(text)
                columns.append(done)
            book.identity(
                f"three public=parts (final account) {attribute}",
                "合计 = 出国 + 公车 + 接待",
                columns[0],
                [columns[1], columns[2], columns[5]],
            )
        heads.append(values)
        table = Grid(tuple(tuple(c if isinstance(c, TableCell) else TableCell(c) for c in r) for r in heads))
        _row_quotes(table, entries)
        script.blocks.append(table)
