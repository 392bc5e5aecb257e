"""The prose of a report, section by section. Each function writes one section and files the identities that it states."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.generator import outputs, phrases
from tests.generator.facts import Count, Money, Rate, Written, chinese, plain, quantize
from tests.generator.script import Fact, Script
from tests.generator.world import CLASS_NAMES, Amounts

LABELS: dict[str, tuple[str, ...]] = {
    "total": ("部门整体支出", "部门预算支出", "部门总支出", "单位整体支出", "全部支出", "年度总支出"),
    "basic": ("基本支出", "部门基本支出", "一般公共预算基本支出", "基本支出经费"),
    "personnel": ("人员经费", "人员支出", "人员类支出", "人员经费支出"),
    "operating": ("公用经费", "日常公用经费", "公用支出"),
    "project": ("项目支出", "部门项目支出", "项目经费", "项目资金"),
    "three_public": ("“三公”经费", "三公经费", "“三公”经费财政拨款"),
    "overseas_travel": ("因公出国（境）费", "因公出国（境）费用", "因公出国（境）支出"),
    "reception": ("公务接待费", "公务接待费用", "公务接待支出"),
    "vehicle": ("公务用车购置及运行维护费", "公务用车购置及运行费", "公务用车购置和运行维护费"),
    "vehicle_purchase": ("公务用车购置费", "公务用车购置支出"),
    "vehicle_running": ("公务用车运行维护费", "公务用车运行费", "公务用车运行维护支出"),
}


def percent(top: Decimal, base: Decimal) -> Decimal:
    """top / base in percent; 0 for an empty base."""
    return top / base * 100 if base else Decimal(0)


def account_facts(
    script: Script, account: str, amounts: Amounts, label: str, project: str | None = None
) -> dict[str, Fact]:
    """The facts that sentences about one account may use."""
    year = script.world.year

    def money(measure: str, yuan: Decimal, of: int = year, scope: str = "") -> Money:
        return Money(account, measure, yuan, label, of, project, scope=scope)

    change = amounts.actual - amounts.prior
    places = script.rng.choice((1, 2, 2, 2))
    return {
        "ini": money("initial_budget", amounts.initial),
        "adj": money("adjustment", abs(amounts.adjustment)),
        "full": money("full_year_budget", amounts.full),
        "act": money("actual", amounts.actual),
        "prior": money("prior_year_actual", amounts.prior, year - 1),
        "chg": money("change", abs(change)),
        "pct": Rate(f"{account}_change_rate", abs(percent(change, amounts.prior)), label, places),
        "rate": Rate(f"{account}_execution_rate", percent(amounts.actual, amounts.full), label, places),
        "bchg": money("change", abs(amounts.actual - amounts.initial)),
        "save": money("change", abs(amounts.initial - amounts.actual)),
    }


def account_words(amounts: Amounts, label: str) -> dict[str, str | tuple[str, ...]]:
    """Directions that agree with the figures."""
    more = amounts.actual >= amounts.prior
    grown = amounts.adjustment >= 0
    return {
        "S": label,
        "dir": "增加" if more else "减少",
        "pdir": ("增长", "上升", "增长") if more else ("下降", "降低", "减少"),
        "adjverb": ("追加", "调增", "增加", "追加预算") if grown else ("调减", "核减", "压减", "收回"),
        "adjword": "调整",
        "cmp": "大于" if amounts.actual > amounts.initial else "小于" if amounts.actual < amounts.initial else "等于",
        "bdir": "增加" if amounts.actual > amounts.initial else "减少",
        "usedfor": ("主要用于保障日常工作运转", "用于完成年度重点工作任务", "专款专用"),
    }


def state(
    script: Script, account: str, amounts: Amounts, project: str | None = None, label: str = ""
) -> dict[str, Written]:
    """One statement of an account: which figures it carries is chosen at random."""
    rng = script.rng
    label = label or rng.choice(LABELS[account])
    facts = account_facts(script, account, amounts, label, project)
    options = [
        phrases.BUDGET_FULL_ACTUAL,
        phrases.INHERITED,
        phrases.AMOUNT_FIRST,
        phrases.BUDGET_ACTUAL,
        phrases.ACTUAL_ONLY,
        phrases.BUDGET_ONLY,
    ]
    if amounts.prior and amounts.actual != amounts.prior:
        options += [phrases.ACTUAL_PRIOR, phrases.FIVE_VALUES]
    family = rng.choice(options)
    if not amounts.adjustment and family in (phrases.BUDGET_FULL_ACTUAL, phrases.INHERITED):
        family = phrases.BUDGET_ACTUAL
    against_initial = family in (phrases.BUDGET_ACTUAL, phrases.FIVE_VALUES, phrases.AMOUNT_FIRST)
    if not amounts.full or not amounts.initial:
        family = phrases.ACTUAL_ONLY
    if against_initial:
        rate = facts["rate"]
        assert isinstance(rate, Rate)
        facts["rate"] = Rate(rate.kind, percent(amounts.actual, amounts.initial), rate.label, rate.places)
    done = script.say(family, facts, **account_words(amounts, label))
    check_account(script, done, account, against_initial)
    return done


def check_account(script: Script, done: dict[str, Written], account: str, against_initial: bool) -> None:
    """The identities that a statement of one account carries."""
    book = script.book
    if {"ini", "adj", "full"} <= done.keys():
        sign = 1 if done["full"].value >= done["ini"].value else -1
        book.identity(
            "initial+adjustment=full",
            "全年预算 = 年初预算 + 调整",
            done["full"],
            [done["ini"], done["adj"]],
            signs=[1, sign],
        )
    base = done.get("ini" if against_initial else "full")
    if "rate" in done and "act" in done and base:
        book.rate("execution rate", "执行率 = 执行数 / 预算数", done["rate"], done["act"], base)
    if {"act", "prior", "chg"} <= done.keys():
        sign = 1 if done["act"].value >= done["prior"].value else -1
        book.identity(
            "actual=prior+change", "决算 = 上年 + 变动", done["act"], [done["prior"], done["chg"]], signs=[1, sign]
        )


def profile(script: Script) -> None:
    """Functions, bodies and staff."""
    world, rng = script.world, script.rng
    staff = world.staff
    script.put(
        rng.choice(
            (
                f"{world.department}是{world.short}政府工作部门",
                f"{world.department}为财政全额拨款单位",
                f"{world.department}（以下简称“本部门”）属一级预算单位",
            )
        )
        + "，"
    )
    script.put(
        rng.choice(
            (
                "承担贯彻落实上级决策部署、管理本领域公共事务的职责。",
                "主要负责本辖区相关政策的组织实施和监督管理。",
                "负责拟订本行业发展规划并组织实施，完成上级交办的其他工作。",
            )
        )
    )
    script.end()
    if rng.random() < 0.7:
        n = len(world.bodies)
        units = rng.randint(1, 6)
        script.say(
            phrases.BODIES,
            {
                "n": Count("org_counts", "内设机构", Decimal(n), "个", style=rng.choice(("digits", "chinese"))),
                "units": Count(
                    "org_counts", "预算单位", Decimal(units), "个", style=rng.choice(("digits", "digits", "chinese"))
                ),
            },
            bodies="、".join(world.bodies),
        )
        script.end()
    unit = rng.choice(("人", "人", "名"))

    def heads(concept: str, label: str, value: int) -> Count:
        return Count("headcount", label, Decimal(value), unit, concept)

    done = script.say(
        phrases.STAFF,
        {
            "posts": heads("staff_quota", "编制", staff["posts"]),
            "adm": heads("staff_quota_administrative", "行政编制", staff["adm"]),
            "inst": heads("staff_quota_institution", "事业编制", staff["inst"]),
            "serving": heads("staff_in_post", "在职人员", staff["serving"]),
            "retired": heads("staff_retired", "退休", staff["retired"]),
            "cadre": heads("staff_retired_veteran_cadre", "离休", staff["cadre"]),
            "gone": heads("staff_retired_total", "离退休", staff["gone"]),
            "contract": heads("staff_contract", "编外", staff["contract"]),
            "all": heads("staff_actual_total", "实有人数", staff["all"]),
            "delta": Count("headcount", "增减", Decimal(rng.randint(1, 9)), unit, "staff_change", optional=True),
            "control": Rate(
                "staff_control_rate", percent(Decimal(staff["serving"]), Decimal(staff["posts"])), "控制率"
            ),
        },
    )
    script.end()
    book = script.book
    if {"posts", "adm", "inst"} <= done.keys():
        book.identity(
            "posts=administrative+institution", "编制 = 行政编制 + 事业编制", done["posts"], [done["adm"], done["inst"]]
        )
    if "all" in done and "serving" in done:
        parts = [done[k] for k in ("serving", "retired", "cadre", "gone") if k in done]
        missing = "retired" in done and "cadre" not in done and staff["cadre"]
        if len(parts) > 1 and not missing:
            book.identity("headcount=serving+retired", "实有 = 在职 + 离退休", done["all"], parts)
    if "control" in done:
        book.rate("control rate", "控制率 = 在职 / 编制", done["control"], done["serving"], done["posts"])


def split_total(script: Script, bump: Decimal = Decimal(0)) -> None:
    """Total = basic + project, with shares. `bump` is a planted disagreement in yuan."""
    world, year = script.world, script.world.year
    total, basic, project = world.total, world.basic, world.project
    places = script.rng.choice((1, 2))
    facts: dict[str, Fact] = {
        "tot": Money("total", "actual", total.actual + bump, "支出合计", year),
        "basic": Money("basic", "actual", basic.actual, "基本支出", year),
        "project": Money("project", "actual", project.actual, "项目支出", year),
        "personnel": Money("personnel", "actual", world.personnel.actual, "人员经费", year),
        "operating": Money("operating", "actual", world.operating.actual, "公用经费", year),
        "sb": Rate("basic_share", percent(basic.actual, total.actual), "基本支出占比", places),
        "sp": Rate("project_share", percent(project.actual, total.actual), "项目支出占比", places),
        "z0": "0%",
        "z1": Money("upward_payment", "actual", Decimal(0), "上缴上级支出", year, optional=True),
        "z2": Money("business_operation", "actual", Decimal(0), "经营支出", year, optional=True),
    }
    family = phrases.TOTAL_SPLIT if script.rng.random() < 0.7 else phrases.DOUBLE_SPLIT
    done = script.say(
        family, facts, totalexp=("部门整体支出", "支出合计", "总支出", "部门支出总额", "一般公共预算财政拨款支出")
    )
    script.end()
    script.book.identity(
        "total=basic+project", "支出合计 = 基本支出 + 项目支出", done.get("tot"), [done["basic"], done["project"]]
    )
    for share, part in (("sb", "basic"), ("sp", "project")):
        if share in done and "tot" in done:
            script.book.rate(f"{part} share", "占比 = 分项 / 合计", done[share], done[part], done["tot"])
    if "personnel" in done:
        script.book.identity(
            "basic=personnel+operating",
            "基本支出 = 人员经费 + 公用经费",
            done["basic"],
            [done["personnel"], done["operating"]],
        )


def split_basic(script: Script, bump: Decimal = Decimal(0)) -> None:
    """Basic = personnel + operating."""
    world, rng, year = script.world, script.rng, script.world.year
    basic = world.basic.actual
    places = rng.choice((1, 2))
    done = script.say(
        phrases.BASIC_SPLIT,
        {
            "basic": Money("basic", "actual", basic, "基本支出", year),
            "personnel": Money("personnel", "actual", world.personnel.actual + bump, "人员经费", year),
            "operating": Money("operating", "actual", world.operating.actual, "公用经费", year),
            "s1": Rate("personnel_share", percent(world.personnel.actual, basic), "人员经费占比", places),
            "s2": Rate("operating_share", percent(world.operating.actual, basic), "公用经费占比", places),
        },
        personnelitems="、".join(rng.sample(phrases.PERSONNEL_ITEMS, rng.randint(2, 6))),
        operatingitems="、".join(rng.sample(phrases.OPERATING_ITEMS, rng.randint(2, 7))),
    )
    script.end()
    script.book.identity(
        "basic=personnel+operating",
        "基本支出 = 人员经费 + 公用经费",
        done.get("basic"),
        [done["personnel"], done["operating"]],
    )
    for share, part in (("s1", "personnel"), ("s2", "operating")):
        if share in done and "basic" in done:
            script.book.rate(f"{part} share", "占比 = 分项 / 基本支出", done[share], done[part], done["basic"])


def income(script: Script) -> None:
    """Income and expenditure as final accounts say them. Their scope is all funds, not the appropriation alone."""
    world, rng, year = script.world, script.rng, script.world.year
    expense = world.total
    inc_total = expense.actual + world.carry_in
    change = inc_total - expense.prior
    fiscal = world.total.actual - world.other_income
    if fiscal <= 0:
        return
    words = {"dir": "增加" if change >= 0 else "减少", "pdir": "增长" if change >= 0 else "下降"}
    if rng.random() < 0.7:
        script.say(
            phrases.INCOME_EXPENSE,
            {
                "inc": Money(None, "actual", inc_total, "收入总计", year, book=None),
                "exp": Money(None, "actual", inc_total, "支出总计", year, book=None),
                "chg": Money(None, "change", abs(change), "收、支总计", year, book=None),
                "pct": Rate("total_change_rate", abs(percent(change, expense.prior)), "收、支总计"),
            },
            **words,
        )
        script.end()
    if rng.random() < 0.7:
        done = script.say(
            phrases.INCOME_PARTS,
            {
                "inc": Money("income", "actual", expense.actual, "收入合计", year, book=None, scope="year"),
                "fiscal": Money(
                    "income_appropriation", "appropriation_income", fiscal, "财政拨款收入", year, book=None
                ),
                "other": Money(None, "actual", world.other_income, "其他收入", year, book=None),
                "s1": Rate("income_share", percent(fiscal, expense.actual), "财政拨款收入占比"),
                "s2": Rate("income_share", percent(world.other_income, expense.actual), "其他收入占比"),
            },
        )
        script.end()
        script.book.identity(
            "income=parts", "收入合计 = 财政拨款收入 + 其他收入", done["inc"], [done["fiscal"], done["other"]]
        )
        if "s1" in done:
            script.book.rate("income share", "占比 = 财政拨款收入 / 收入合计", done["s1"], done["fiscal"], done["inc"])
    if rng.random() < 0.35:
        closing = Decimal(rng.randint(0, 9000)) * 100
        done = script.say(
            phrases.CARRY,
            {
                "cin": Money("total", "carryover_in", world.carry_in, "上年结转", year, book=None),
                "inc": Money(
                    "income",
                    "actual",
                    expense.actual - world.carry_in + closing,
                    "本年收入",
                    year,
                    book=None,
                    scope="carry",
                ),
                "exp": Money("total", "actual", expense.actual, "本年支出", year, book=None, scope="carry"),
                "cout": Money("total", "carryover_out", closing, "年末结转", year, book=None),
            },
        )
        script.end()
        script.book.identity(
            "income+carry in=expenditure+carry out",
            "本年支出 = 上年结转 + 本年收入 - 年末结转",
            done["exp"],
            [done["cin"], done["inc"], done["cout"]],
            signs=[1, 1, -1],
        )


def functions(script: Script) -> None:
    """Functional classes in a list by class, or item by item in one of the four styles."""
    world, rng, year = script.world, script.rng, script.world.year
    total = world.total.actual
    head = script.say(phrases.FUNCTION_HEAD, {"tot": Money("total", "actual", total, "支出合计", year)})
    by_class: dict[str, Amounts] = {}
    for item in world.functions:
        by_class[item.class_code] = (
            by_class[item.class_code] + item.amounts if item.class_code in by_class else item.amounts
        )
    if rng.random() < 0.5:
        template = phrases.FUNCTION_CLASS[int(rng.random() * len(phrases.FUNCTION_CLASS))]
        join = rng.choice(("；", "；", "，"))
        parts = []
        for i, (code, amounts) in enumerate(by_class.items()):
            name = CLASS_NAMES[code]
            label = (
                name
                if "支出（类）" not in template and "{name}支出" not in template and "（类）" not in template
                else name.removesuffix("支出")
            )
            if i:
                script.put(join)
            done = script.say(
                template,
                {
                    "name": label,
                    "act": Money(f"f{code}", "actual", amounts.actual, name, year),
                    "share": Rate(f"f{code}_share", percent(amounts.actual, total), name),
                },
            )
            parts.append(done["act"])
            if "share" in done and "tot" in head:
                script.book.rate(f"f{code} share", "占比 = 分类 / 合计", done["share"], done["act"], head["tot"])
        script.put("。")
        script.end()
        script.book.identity("total=functional classes", "支出合计 = 各功能分类之和", head.get("tot"), parts)
        return
    script.end()
    style = int(rng.random() * 4)
    numbers = rng.choice(("{}.", "{}、", "（{}）", ""))
    parts = []
    for i, item in enumerate(world.functions, 1):
        name = CLASS_NAMES[item.class_code].removesuffix("支出")
        section = item.section
        known = f"f{item.code}"
        facts = account_facts(script, known, item.amounts, item.item)
        facts["rate"] = Rate(f"{known}_execution_rate", percent(item.amounts.actual, item.amounts.initial), item.item)
        facts |= {
            "path": f"{name}支出（类）{section}（款）{item.item}（项）"
            if style == 0 or rng.random() < 0.7
            else f"{name}（类）{section}（款）{item.item}（项）",
            "hyphen": f"{name}支出—{section}—{item.item}"
            if rng.random() < 0.5
            else f"{name}支出-{section}-{item.item}",
            "code": item.code,
            "item": item.item,
        }
        script.put(numbers.format(i))
        done = script.say(
            phrases.FUNCTION_ITEM[style],
            facts,
            usage=("保障机关运转", "缴纳社会保险", "开展业务工作"),
            **account_words(item.amounts, item.item),
        )
        script.end()
        if "act" in done:
            parts.append(done["act"])
        if {"rate", "ini", "act"} <= done.keys():
            script.book.rate("completion of budget", "完成率 = 决算 / 年初预算", done["rate"], done["act"], done["ini"])
    if len(parts) == len(world.functions):
        script.book.identity("total=functional items", "支出合计 = 各项之和", head.get("tot"), parts)


def projects(script: Script, bump: Decimal = Decimal(0), miscount: int = 0) -> None:
    """The project total and its items; `miscount` is added to the stated number of projects."""
    world, rng, year = script.world, script.rng, script.world.year
    stated = len(world.items) + miscount
    style = rng.choice(("digits", "digits", "chinese"))
    family = [
        t for t in phrases.PROJECT_HEAD if not miscount or t.startswith(("[全年|]共实施{n}", "<we><yr>安排项目{n}"))
    ]
    head = script.say(
        family,
        {
            "project": Money("project", "actual", world.project.actual + bump, "项目支出", year),
            "n": Count("org_counts", "项目", Decimal(stated), "", style=style, optional=True),
        },
    )
    if "n" in head:
        script.book.outcome(
            "projects stated=listed",
            "项目个数 = 列出的项目数",
            head["n"].value,
            Decimal(len(world.items)),
            Decimal(0),
            "count",
            "must",
            [head["n"].id],
        )
    parts: list[Written] = []
    if rng.random() < 0.5:
        template = rng.choice(phrases.PROJECT_ITEM_ACTUAL)
        mark = rng.choice(("{}.", "{}、", "（{}）", "", "", "①"))
        join = rng.choice(("；", "；", "，"))
        own_lines = rng.random() < 0.3
        for i, (name, amounts) in enumerate(world.items.items(), 1):
            if i > 1:
                script.put(join)
            if own_lines:
                script.end()
            script.put("①②③④⑤⑥⑦⑧⑨"[i - 1] if mark == "①" else mark.format(i))
            parts.append(
                script.say(
                    template, {"name": name, "act": Money("project_item", "actual", amounts.actual, name, year, name)}
                )["act"]
            )
        script.put("。")
        script.end()
    else:
        script.end()
        mark = rng.choice(("{}.", "（{}）", "{}、", "cn", ""))
        for i, (name, amounts) in enumerate(world.items.items(), 1):
            facts = account_facts(script, "project_item", amounts, name, name)
            facts["name"] = name
            facts["carry"] = Money("project_item", "carryover_out", amounts.full - amounts.actual, name, year, name)
            facts["score"] = Rate("project_self_eval_score", Decimal(rng.randint(85, 100)), f"{name}自评得分", 0)
            template = rng.choice(phrases.PROJECT_ITEM_FULL)
            against_initial = "{full}" not in template
            if against_initial:
                facts["rate"] = Rate("project_item_execution_rate", percent(amounts.actual, amounts.initial), name)
            script.put(f"{chinese(i)}是" if mark == "cn" else mark.format(i))
            done = script.say(
                template,
                facts,
                did=("较好完成了年度目标", "保障了相关工作顺利开展", "项目按计划实施完毕", "资金专款专用"),
                **account_words(amounts, name),
            )
            script.end()
            parts.append(done["act"])
            check_account(script, done, "project_item", against_initial)
    script.book.identity("project=sum(items)", "项目支出 = 各项目之和", head.get("project"), parts)


def three_public(script: Script, bump: Decimal = Decimal(0)) -> None:
    """The three public expenses, their parts and the details of reception."""
    world, rng, year = script.world, script.rng, script.world.year
    whole = world.three_public
    facts = account_facts(script, "three_public", whole, "“三公”经费")
    facts["rate"] = Rate("three_public_execution_rate", percent(whole.actual, whole.initial), "“三公”经费")
    done: dict[str, Written] = {}
    if whole.initial and whole.prior and whole.actual != whole.prior:
        family = [t for t in phrases.THREE_PUBLIC_TOTAL if "{save}" not in t or whole.actual < whole.initial]
        done = script.say(family, facts, **account_words(whole, "“三公”经费"))
        if "rate" in done and "ini" in done:
            script.book.rate("three public rate", "完成率 = 决算 / 预算", done["rate"], done["act"], done["ini"])

    def part(account: str, amounts: Amounts, add: Decimal = Decimal(0)) -> Money:
        return Money(account, "actual", amounts.actual + add, LABELS[account][0], year)

    if bump or rng.random() < 0.8:
        if not done:
            script.put(f"{script.say_year}“三公”经费支出")
            done["act"] = script.money(Money("three_public", "actual", whole.actual, "“三公”经费", year))
            script.put("。")
        found = script.say(
            phrases.THREE_PUBLIC_PARTS,
            {
                "ov": part("overseas_travel", world.overseas),
                "re": part("reception", world.reception, bump),
                "ve": part("vehicle", world.vehicle),
                "vp": part("vehicle_purchase", world.vehicle_purchase),
                "vr": part("vehicle_running", world.vehicle_running),
            },
        )
        vehicles = [found["ve"]] if "ve" in found else [found["vp"], found["vr"]]
        script.book.identity(
            "three public=parts",
            "三公经费 = 出国 + 接待 + 公车",
            done.get("act"),
            [found["ov"], found["re"], *vehicles],
        )
        if {"ve", "vp", "vr"} <= found.keys():
            script.book.identity(
                "vehicle=purchase+running", "公车 = 购置 + 运行", found["ve"], [found["vp"], found["vr"]]
            )
    script.end()
    for account, amounts in (("reception", world.reception), ("vehicle_running", world.vehicle_running)):
        if amounts.actual and rng.random() < 0.4:
            state(script, account, amounts)
            script.end()
    if world.reception.actual and rng.random() < 0.4:
        script.say(
            phrases.RECEPTION_DETAIL,
            {
                "act": Money("reception", "actual", world.reception.actual, "公务接待费", year),
                "batches": Count(
                    "activities", "公务接待批次", Decimal(rng.randint(2, 90)), rng.choice(("批次", "个批次", "批"))
                ),
                "guests": Count(
                    "activities", "公务接待人次", Decimal(rng.randint(20, 900)), rng.choice(("人次", "人"))
                ),
            },
        )
        script.end()


def procurement(script: Script) -> None:
    """Organ operating expenses, procurement and what stands in the yard."""
    world, rng, year = script.world, script.rng, script.world.year
    if rng.random() < 0.6:
        label = "机关运行经费"
        amounts = world.operating
        facts = account_facts(script, "operating", amounts, label)
        facts = {
            k: Money("organ_operating", f.measure, f.yuan, label, f.year, scope="-") if isinstance(f, Money) else f
            for k, f in facts.items()
        }
        if amounts.actual != amounts.prior and amounts.actual != amounts.initial:
            script.say(phrases.ORGAN, facts, **account_words(amounts, label))
            script.end()
    if rng.random() < 0.7:
        goods, works, services = (Decimal(rng.randint(0, 60000)) * 100 for _ in range(3))
        whole = goods + works + services
        sme = quantize(whole * Decimal("0.62") / 100, 0) * 100

        def bought(account: str, yuan: Decimal, label: str, measure: str = "actual") -> Money:
            return Money(account, measure, yuan, label, year, book=None)

        done = script.say(
            phrases.PROCUREMENT,
            {
                "tot": bought("procurement", whole, "政府采购"),
                "goods": bought("procurement_goods", goods, "货物"),
                "works": bought("procurement_works", works, "工程"),
                "services": bought("procurement_services", services, "服务"),
                "sme": bought("procurement_sme", sme, "中小企业"),
                "share": Rate("procurement_sme_share", percent(sme, whole), "中小企业占比"),
                "ini": bought("procurement", whole + 5000, "政府采购", "initial_budget"),
            },
        )
        script.end()
        if "goods" in done:
            script.book.identity(
                "procurement=goods+works+services",
                "政府采购 = 货物 + 工程 + 服务",
                done["tot"],
                [done["goods"], done["works"], done["services"]],
            )
        if "share" in done:
            script.book.rate("sme share", "占比 = 中小企业 / 合计", done["share"], done["sme"], done["tot"])


def assets(script: Script, bump: Decimal = Decimal(0)) -> None:
    """Opening, bought, disposed, closing; vehicles and equipment."""
    world, rng = script.world, script.rng
    rng_key = rng.random()
    if rng_key < 0.75:
        before = len(script.book.gold["figures"])

        def asset(kind: str, label: str, yuan: Decimal) -> Money:
            return Money(None, kind, yuan, label, world.year, book=None)

        done = script.say(
            phrases.ASSETS,
            {
                "open": asset("assets_opening", "年初固定资产", world.assets["open"]),
                "buy": asset("assets_acquired", "购置", world.assets["buy"]),
                "sell": asset("assets_disposed", "处置", world.assets["sell"]),
                "close": asset("assets_closing", "年末固定资产", world.assets["close"] + bump),
            },
        )
        script.end()
        for entry in script.book.gold["figures"][before:]:
            entry["concept"] = entry["measure_role"]
            script.book.gold["assets"].append({**entry, "id": f"s{len(script.book.gold['assets']) + 1:03d}"})
        del script.book.gold["figures"][before:]
        script.book.identity(
            "assets closing",
            "年末 = 年初 + 购置 - 处置",
            done["close"],
            [done["open"], done["buy"], done["sell"]],
            signs=[1, 1, -1],
        )
    if rng_key > 0.5:
        one, two = rng.randint(0, 4), rng.randint(1, 9)
        script.say(
            phrases.VEHICLES,
            {
                "cars": Count("assets", "车辆", Decimal(one + two), "辆", "vehicles"),
                "cars1": Count("assets", "车辆", Decimal(one), "辆", "vehicles"),
                "cars2": Count("assets", "车辆", Decimal(two), "辆", "vehicles"),
                "big": Count("assets", "大型设备", Decimal(rng.randint(0, 9)), "台（套）", "equipment"),
                "none": Count("assets", "专用设备", Decimal(0), "台（套）", "equipment", optional=True),
                "zero": Count("assets", "购置车辆", Decimal(0), "辆", "vehicles", optional=True),
                "area": str(rng.randint(300, 9000)),
            },
        )
        script.end()


def none_books(script: Script, heading: Callable[[str], str], chosen: tuple[str, ...]) -> None:
    """The budget books that there is nothing in; the statement may be one word under its heading."""
    names = {"government_fund": "政府性基金", "state_capital": "国有资本经营", "social_insurance": "社会保险基金"}
    for key in chosen:
        said = heading(key)
        zero = Money(None, "actual", Decimal(0), names[key], script.world.year, book=names[key], optional=True)
        script.say(phrases.NONE, {"book": names[key], "z1": zero, "z2": zero})
        text = script.end()
        bare = names[key] not in text
        script.book.add(
            "zero_statements",
            {"budget_account": names[key], "evidence": f"{said}\n{text}" if bare else text, "occurrence": 1},
        )


def work_output(script: Script, sentences: int) -> None:
    """What was done, in counts, under numbered topics."""
    world, rng = script.world, script.rng
    pool = [o for o in outputs.OUTPUTS if o[0] in ("*", world.kind)]
    own = [o for o in pool if o[0] != "*"] * 2
    chosen = rng.sample([*own, *pool], min(len(own) + len(pool), sentences * 3))
    chosen = list({o[1]: o for o in chosen}.values())
    script.say(outputs.LEADS)
    script.end()
    number = rng.choice(("{}.", "（{}）", "{}、", "cn", ""))
    i = 0
    while chosen:
        i += 1
        group, chosen = chosen[: rng.randint(1, 4)], chosen[4:]
        topic = rng.choice(outputs.TOPICS)
        script.put((f"{chinese(i)}是" if number == "cn" else number.format(i)) + topic + rng.choice(("。", "。", "：")))
        script.put(rng.choice(("全年", f"{world.year}年，", "截至年底，", "共", "累计", "")))
        for j, (_, label, unit, low, high, template) in enumerate(group):
            if j:
                script.put(rng.choice(("，", "，", "；", "、")))
            value = int(low * (high / low) ** rng.random())
            after = before = ""
            style = "digits"
            draw = rng.random()
            if draw < 0.1:
                value, after = max(10, round(value, -1)), rng.choice(("余", "余", "多"))
            elif draw < 0.15:
                value, before = max(10, round(value, -1)), rng.choice(("近", "约", "超", "超过"))
            elif draw < 0.2 and value <= 20:
                style = "chinese"
            elif draw < 0.27 and value >= 20_000 and not unit.startswith("万"):
                style = "wan"
            fact = Count(
                "activities",
                label,
                Decimal(value),
                unit,
                after=after,
                before=before,
                style=style,
                optional=unit == "平方米",
            )
            script.say(template, {"n": fact})
        if rng.random() < 0.35:
            label, template = rng.choice(outputs.RATES)
            script.put("，")
            exact = Decimal(100) if rng.random() < 0.4 else Decimal(rng.randint(8500, 9990)) / 100
            places = 0 if exact == 100 else rng.choice((1, 2))
            script.say(template, {"r": Count("activities", label, quantize(exact, places), "%", places=places)})
        script.put("。")
        script.end()


def findings(script: Script, kind: str) -> None:
    """Problems or measures: a list in one paragraph or in several."""
    rng = script.rng
    family, intro, key = (
        (phrases.PROBLEM, phrases.PROBLEM_INTRO, "issues")
        if kind == "problems"
        else (phrases.MEASURE, phrases.MEASURE_INTRO, "measures")
    )
    chosen = rng.sample(range(len(family)), rng.randint(1, 4))
    script.say(intro)
    joined = rng.random() < 0.4
    mark = rng.choice(("cn", "{}.", "（{}）", "{}、"))
    if not joined:
        script.end()
    for i, which in enumerate(chosen, 1):
        script.put(f"{chinese(i)}是" if joined or mark == "cn" else mark.format(i))
        start = script.at
        script.say(family[which])
        entry = script.book.add(key, {"text": None, "evidence": None})
        script.quote(entry, start)
        script.put("；" if joined and i < len(chosen) else "。")
        if not joined:
            script.end()
    script.end()


def distractor(script: Script) -> None:
    """A sentence with numbers that are not figures."""
    rng, world = script.rng, script.world
    script.say(
        phrases.DISTRACTORS,
        {
            "place": world.short,
            "short": world.short[0],
            "year": str(world.year),
            "doc": str(rng.randint(2, 99)),
            "phone": world.letters["phone"],
            "area": str(rng.randint(300, 9000)),
            "area2": str(rng.randint(3, 60)),
        },
    )
    script.end()


def score_statement(script: Script, score: Decimal, grade: str) -> Written:
    """The self-evaluation's result in words."""
    done = script.say(
        phrases.SCORE,
        {"score": Rate("self_eval_score", score, "自评得分", len(plain(score).partition(".")[2])), "grade": grade},
    )
    script.end()
    return done["score"]
