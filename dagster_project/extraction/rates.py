"""Stated rates and scores in prose: what each is, and what it is a rate of."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from dagster_project.extraction.subjects import (
    COMPARED_YEAR,
    behind_last,
    clean_label,
    last_piece,
    project_name,
    unquoted,
    words,
    year_of,
)
from dagster_project.extraction.vocabulary import vocabulary

if TYPE_CHECKING:
    from dagster_project.extraction.money import Subject
    from dagster_project.extraction.prose import ProseReader
    from dagster_project.extraction.rows import Figure
    from dagster_project.extraction.spot import Spot

_EXECUTION = re.compile(
    r"执行率|完成(?:年初|全年|调整后?|当年|本年)?的?预算(?:数)?的?|预算完成率|支付率|支付进度|(?<!床)(?<!床位)(?<!设备)(?<!场地)使用率|支出进度|执行进度|完成率(?=.{0,6}$)|(?:占|为|达到?|相当于)(?:年初|全年|调整后?|当年)?预算(?!总额)(?:数|资金)?的?(?:比例|比重)?|支出率|完成(?:年度|全年)?(?:指标|目标)的?"
)
_OWN_RATE = re.compile(r"[一-鿿]{2}(?<!到位)(?<!支付)(?<!结余)(?<!预算)率(?:为|达到?|是)?$")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")  # no end of a clause
_SHARE_OF_BUDGET = re.compile(r"占[^,;。]{0,8}预算[^,;。]*$")
_AIMED_AT = re.compile(r"(?:力争|确保|争取|预计)[^,;。]*$")  # 力争执行率达到95%
# 截至9月底支出630万元，执行率58%; what of them stands last says of when the rate is
_TIME = re.compile(
    r"(?P<within>(?<![\d十])(?:[1-9]|1[01]|[一二三四五六七八九十]|十一)月(?:底|末|份)|1[-—~至到](?:[2-9]|1[01])月|上半年|[一二三]季度|序时)|全年|年[末底终]|(?:12|十二)月"
)
_NOT_SPENT = re.compile(r"追加|调增|调减|结转|结余|沉淀|闲置")
_OF_AMOUNT = re.compile(
    r"((?:完成|占)[^,;。:\d]{2,16})(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[万亿千]?元的$"
)  # 完成预算50万元的90%
_EACH_SHARE = re.compile(r"分别占[^,;。]*$|占[^,;。]*分别为$|占比分别为$")
_MORE_RATES = re.compile(r"(?:[,、和及与]+\d+(?:\.\d+)?%)+")
_SHARE = re.compile(r"占|比重|比例")
_CHANGE = re.compile(r"同比|增长|下降|减少|增加|降低|上升|增幅|降幅|压减|提高|提升|下滑|回落|节约率|变动率")
_CONTROL = re.compile(r"控制率")
_SATISFACTION = re.compile(r"满意")
_EVEN = re.compile(
    r"([一-鿿]{2,20}(?:率|度))[、和及与]([一-鿿]{2,20}(?:率|度))(?:[、和及与]([一-鿿]{2,20}(?:率|度)))?(?:均|都|皆)?(?:为|达到?|在|是|超过?|保持)*$"
)


# kind of rate, what names it, the label where the words are none
_KINDS = (
    ("control", _CONTROL, "控制率"),
    ("satisfaction", _SATISFACTION, "满意率"),
    ("execution", _EXECUTION, "执行率"),
    ("change", _CHANGE, "增长"),
    ("share", _SHARE, "占"),
)


def _metric(lead: str) -> tuple[str | None, str]:
    """(label in metric_labels.csv or None, what kind of rate)."""
    near = _THOUSANDS.sub("", behind_last(";。", lead))
    clause = behind_last(",", near) or near
    metrics = vocabulary().metrics("rate")
    for kind, pattern, default in _KINDS:
        m = None
        for m in pattern.finditer(clause):  # noqa: B007
            pass
        if m:
            return (m[0] if metrics.get(m[0]) else default), kind
    last = metrics.last(clause)
    return (last.label if last else None), "other"


def rate(reader: ProseReader, spot: Spot) -> bool:
    """Add the stated rate (a percentage); always takes it."""
    number, lead, following = spot.number, spot.lead, spot.following
    term, kind = _metric(lead)
    if of_amount := _OF_AMOUNT.search(spot.text[: number.start]) if lead == "的" else None:
        lead = of_amount[1] + lead
        term, kind = _metric(lead)
    if kind == "execution" and _SHARE_OF_BUDGET.search(lead) and (_NOT_SPENT.search(lead) or _is_not_spent(reader)):
        term, kind = "占", "share"
    said = reader.figure_before()
    of_work = said is not None and said.kind == "output" and re.search("指标|目标|完成率", lead) is not None
    if kind == "execution" and (number.unit == "个百分点" or of_work or _is_of_another_time(spot)):
        term, kind = None, "other"  # 支出进度比上年低10个百分点; 下载16.5万次，完成年度目标的110%
    base: str | None = None
    subject = reader.state.near or reader.state.subject
    if spot.lead.startswith(")") and reader.state.bracket is not None:
        subject = reader.state.bracket[0]  # 补助收入34万元（其中…补助27万元），占总收入11%
    shared = _respective(reader, spot)
    if kind == "execution" and reader.list_is_over():
        subject = reader.state.parent_subject
    numerator = subject.term or subject.label if subject else None
    labels = words(lead)
    accounts = [w for w in labels if w.account]
    if kind == "share":
        after = [w for w in accounts if "占" in lead[: w.start]]
        base = after[-1].label if after else None
        before = [w for w in accounts if w not in after]
        numerator = before[-1].label if before else numerator
        last = _whole_of_bracket(reader, subject) if spot.lead.startswith(")") else reader.state.last
        if base is None and last is not None and last.part_of_figure_no is not None:
            base = reader.collector.figures[last.part_of_figure_no - 1].term
    elif kind in ("execution", "change") and accounts:
        strong = [w for w in accounts if not w.measure]
        numerator = strong[-1].label if strong else numerator
    if kind == "change" and not accounts and _names_its_own(lead):
        numerator = None
    if shared:
        numerator, term, kind, base = shared[0], "占", "share", shared[1] or base
    if kind == "execution":
        m = re.search(r"年初|调整|全年", lead)
        base = {"年初": "年初预算", "调整": "调整预算", "全年": "全年预算"}.get(m[0], "预算") if m else "预算"
    if kind == "other" and re.search(r"完成$", lead) and reader.state.last is not None:
        term, kind, base = "执行率", "execution", "预算"
    if kind == "control":  # 公用经费控制率 behind 项目支出12万元 is of what it is called after
        numerator = next((w.label for w in reversed(words(unquoted(lead))) if w.account), None)
    elif kind == "other" and _OWN_RATE.search(last_piece(lead)):
        numerator = None  # 固定资产利用率
    even = _EVEN.search(lead)
    names = [n for n in even.groups() if n] if even else [_of_formula(lead) or reader.label_of(lead, following)]
    evidence = reader.evidence(spot)
    for name in names:
        reader.collector.figure(
            evidence_no=evidence,
            kind="rate",
            label=name,
            term=term,
            parent_term=None,
            project_name=subject.project if subject and kind == "execution" else None,
            fiscal_year=year_of(lead, reader.year) or _year_told(reader, spot, kind) or reader.year,
            value=number.value,
            value_as_written=number.value_as_written,
            written_decimals=number.decimals,
            unit=number.unit or "%",
            qualifier=_direction(lead) or reader.qualifier(lead, number, following),
            sentence_no=reader.sentence_no,
            rate_of_term=numerator if kind != "satisfaction" else None,
            rate_base_term=base,
            book_term=spot.context.book_term,
        )
    return True


_COMPARING = re.compile(
    r"[较比与同跟]|[本我](?:单位|部门|[局委办院校所中站])|相[比较]|上一?年|去年|20\d\d年|同期|[年度略有总共的了为其中]|全年|本年|当年|合计|金额|[决预]算|支出|收入|经费|实际|执行|完成|[数额量]"
)


def _whole_of_bracket(reader: ProseReader, subject: Subject | None) -> Figure | None:
    """基本支出18万元（人员经费17万元…），占45%: the amount before the bracket."""
    return next((f for f, x in reversed(reader.state.figures) if x is subject), None)


def _names_its_own(lead: str) -> bool:
    """固定资产投资增长12.4% behind the year's income: a thing of its own, and none that an account is called."""
    piece = last_piece(lead)
    m = _CHANGE.search(piece)
    return m is not None and len(_COMPARING.sub("", piece[: m.start()])) > 2


def _is_of_another_time(spot: Spot) -> bool:
    """True for a rate within the year, or one that is only aimed at: no execution rate of the year."""
    told = None
    for told in _TIME.finditer(behind_last(";。", spot.text[: spot.number.start])):  # noqa: B007
        pass
    return _AIMED_AT.search(spot.lead) is not None or (told is not None and told["within"] is not None)


def _year_told(reader: ProseReader, spot: Spot, kind: str) -> int | None:
    """The year that the amounts of the sentence have: 2020年投资7800万元，当年支出7020万元，支出进度90%."""
    before = reader.figure_before()
    if kind != "execution" or before is None:
        return None
    said_at_once = before.kind == "money" and not spot.lead.startswith(")")
    if said_at_once and before.fiscal_year != reader.year and not COMPARED_YEAR.search(spot.text[: spot.number.start]):
        return before.fiscal_year  # 上年（2021年）支出1296万元，预算完成率96%
    return reader.state.year


def _of_formula(lead: str) -> str:
    """控制率=(32÷35)×100%=: what the formula works out; "" where the words are no formula."""
    named, equals, _ = behind_last(";。", lead).partition("=")
    return clean_label(last_piece(named)) if equals else ""


def _respective(reader: ProseReader, spot: Spot) -> tuple[str | None, str | None] | None:
    """甲60万元，乙40万元，分别占总支出的60%和40%: (numerator, base) of each of the rates in turn."""
    state = reader.state
    if state.rates_to_come and re.fullmatch(r"[,、和及与;]*", spot.lead):
        return state.rates_to_come.pop(0)
    state.rates_to_come = []
    if not _EACH_SHARE.search(spot.lead):
        return None
    more = _MORE_RATES.match(spot.text[spot.number.end :])
    count = 1 + len(re.findall("%", more[0])) if more else 1
    said = [s for _, s in reader.said_in(reader.sentence_no)][-count:]
    if count < 2 or len(said) < count:
        return None
    accounts = [w.label for w in words(spot.lead) if w.account and "占" in spot.lead[: w.start]]
    state.rates_to_come = [(s.term or s.label, accounts[-1] if accounts else None) for s in said]
    return state.rates_to_come.pop(0)


def _is_not_spent(reader: ProseReader) -> bool:
    """True when the figure before is an adjustment, a change or a carry-over: its share of the budget is no execution rate."""
    before = reader.figure_before()
    if before is None or before.kind != "money":
        return False
    return reader.measure_of(before) in ("adjustment", "change", "carryover_in", "carryover_out")


def _direction(lead: str) -> str | None:
    m = re.search(r"(同比)?(下降|减少|降低|压减|下滑|回落|增长|增加|上升|提高|提升)[^,;]{0,4}$", lead)
    return (m[1] or "") + m[2] if m else None


_SCORED_PROJECT = re.compile(
    r"([^,;:。]{2,40}?(?:专项|经费|资金|工程|补助|费|项目))(?:项目)?的?(?:绩效)?(?:自评|评价)(?:综合)?(?:得分|评分|分数)"
)
_SELF_EVALUATED = re.compile(r"(?:整体|部门|绩效|年度|本次|此次|综合|单位)[^,;。]{0,8}自评(?:结果|等次)?(?:为|是|:)?$")
_OTHERS_SCORE = re.compile(
    r"重点评价|财政评价|再评价|复评|抽评|测评|考核|考评|民调|民意|安全感|满意度|督查|检查|竞赛|比赛|考试|测试"
)
_NO_WORD = re.compile(r"[:,\s]*(?:为|是|共)?")
_OF_THE_SCORE = re.compile(r"\((?:总分|共)(?:为|共|值)?$")
_PART_OF_SCORE = re.compile(r"[,;(]?其中")
_SCORING_RULES = re.compile("表|标准|细则|办法|规则|体系")
_SUMMED = re.compile(r"[,;](?:以上|四项|各项)?(?:合计|总计|共计)(?:得分|得)?(?:为|:)?$")
_YEAR_OF_SCORE = re.compile(r"(20\d\d)年度")
_POINTS = re.compile(r"权重|分值|满分|指标")
_SCORE_WORD = re.compile(r"得分|自评|评分|评价|分值|总分|打分|计分|考核|测评|满分|扣|加|成绩|评估|分数|得|评")


def score(reader: ProseReader, spot: Spot) -> bool:
    """Add the stated score (points) where the words speak of scoring; minutes and fractions are left out."""
    number, lead, following = spot.number, spot.lead, spot.following
    if following.startswith(
        ("钟", "之", "别", "类", "级", "局", "公司", "包", "期", "段", "标")
    ) or not _SCORE_WORD.search(spot.text + spot.context.title):
        reader.collector.omit(*spot.value_span(), "name")
        return False
    metrics = vocabulary().metrics("score")
    found = metrics.last(lead) or (metrics.last("自评得分") if _SELF_EVALUATED.search(lead) else None)
    if found is None and spot.at == 0 and _NO_WORD.fullmatch(lead):
        found = metrics.last(spot.context.title)  # 六、自评得分 / 91分。
    before = reader.figure_before()
    if found and _SCORING_RULES.match(lead, found.end):
        found = None  # 根据评分表，投入类15分
    if _SUMMED.search(lead) and _sums_up(reader, number.value):
        found = metrics.last("总得分")
    if found and before is not None and _OF_THE_SCORE.search(lead):
        found = None  # 投入得19分（总分20分）: what the score is out of
    if found and before is not None and before.kind == "score" and _PART_OF_SCORE.match(lead):
        found = None  # 自评得分95分，其中预算执行率得分19分
    if found and found.label == "得分" and before is not None and _gives_points(before):
        found = None  # 预算执行率94.88%，权重20分，得分18.98分
    if found and _OTHERS_SCORE.search(last_piece(lead)) and "自评" not in lead:
        found = None  # 群众安全感测评得分 is not the report's own
    subject = reader.state.subject
    project = subject.project if subject else None
    if m := _SCORED_PROJECT.search(unquoted(lead)):
        project = project_name(m[1]) or project
    reader.collector.figure(
        evidence_no=reader.evidence(spot),
        kind="score",
        label=reader.label_of(lead, following),
        term=found.label if found else None,
        project_name=project,
        fiscal_year=_year_of_score(lead, reader.year),
        value=number.value,
        value_as_written=number.value_as_written,
        written_decimals=number.decimals,
        unit="分",
        qualifier=reader.qualifier(lead, number, following),
        sentence_no=reader.sentence_no,
    )
    return True


def _sums_up(reader: ProseReader, value: Decimal) -> bool:
    """投入15分，得15分；…；合计96.8分: True where the points before, each behind what it is out of, make the value."""
    said = [f for f in reader.collector.figures if f.sentence_no == reader.sentence_no and f.kind == "score"]
    return len(said) > 2 and len(said) % 2 == 0 and sum(f.value for f in said[1::2]) == value


def _gives_points(before: Figure) -> bool:
    """True for a rate, or its points: the score behind them is that of one indicator."""
    return before.kind == "rate" or (before.kind == "score" and _POINTS.search(before.label) is not None)


def _year_of_score(lead: str, report_year: int | None) -> int | None:
    """2022年度自评94分 in the report of 2023 is the year before's; a year after the report's is when it was written."""
    told = _YEAR_OF_SCORE.findall(lead)
    earlier = bool(told) and report_year is not None and int(told[-1]) < report_year
    return int(told[-1]) if earlier else report_year
