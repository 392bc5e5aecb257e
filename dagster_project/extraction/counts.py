"""Counts in prose: staff, assets, bodies of the organisation, work output."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from dagster_project.extraction.context import context_of
from dagster_project.extraction.subjects import behind_last, last_piece, words, year_of
from dagster_project.extraction.vocabulary import Match, vocabulary

if TYPE_CHECKING:
    from dagster_project.extraction.money import MoneyClauses
    from dagster_project.extraction.prose import ProseReader
    from dagster_project.extraction.rows import Figure
    from dagster_project.extraction.sentences import Passage
    from dagster_project.extraction.spot import Spot

_ASSET_WORD = re.compile(r"固定资产|资产总额|资产总计|资产合计|账面|原值|净值|流动资产|无形资产|负债|净资产|国有资产")
_ASSET_BOUGHT = re.compile(r"固定资产投资|购置(?:费|支出|经费)|预算|支出")
_COMPARED_WITH = re.compile(r"(?:比|较|与)[^,;。]{1,12}(?:相比)?,?(?:增加|减少|增长|下降|净增|净减)(?:了|额|额为)?$")
_COMPARED_AT_ALL = re.compile(r"[比较与][^,;。]{1,12}$|^[,)]*(?:增加|减少)")
_SOME_OF_THEM = re.compile(r"在用|闲置|出租|出借|待处置|待报废|处置收[益入]|变价收入")
_WORKED_ON = re.compile(
    r"征[收用地]|拆[迁除]|流转|整治|改造|[修新扩重翻]建|绿化|种植|复垦|治理|清理|维修|铺设|养护|完成"
)
_COMPARED_BEFORE = re.compile(
    r"(?:比|较|与)[^,;。]{1,12}[\d.,]+[万亿千]?元(?:相比)?,?(?:净?增加|净?减少|增长|下降)(?:了|额|额为)?$"
)
_THINGS = {"处", "栋", "幢", "台", "辆", "套", "间", "座", "宗", "块", "台套", "台(套)"}  # that assets are counted in
_MOVEMENTS = ("assets_acquired", "assets_disposed")
_NEAR = 4  # characters between what is counted and the number
_MOVED = re.compile(r"(新增|增加|购置|购入|采购)|报废|处置|减少|调拨|核销")
_RISEN_TO = re.compile(r"(?:增加|增长|上升|减少|下降|变为|降低)[到至为]")
_FROM = re.compile(r"[由从](?:20\d\d年|上年|去年)?(?:年初|年末|年底|期初|末|底)?的?$")
_WORN_OFF = re.compile(r"折旧|摊销|减值")
_AT_FIRST = ("年初", "期初", "上年末", "上年底", "上年年末")
_WHEN = re.compile(r"上年年?[末底]|年初|期初|年末|期末|年底|截[至止]")
_COMPARED_TIME = re.compile(r"(?:比|较|与|同)(?:20\d\d年)?(?:上年年?[末底]|年[初末底]|期[初末])(?!的?(?:余额|数)?$)")
# words that say when, and nothing of what
_ONLY_WHEN = re.compile(
    r"(?:20\d\d年|[上本]年|年[初末底]|期[初末]|截[至止]|\d{1,2}月|\d{1,2}日|底|末|[由从]|增加|增长|上升|减少|下降|降低|[到至为的数]|是|比|较|余额|账面|原值|价值|共|计|约)+"
)
_BARE_CHANGE = re.compile(r"[,、]?(?:净|共|实际)?(?:增加|减少)(?:了|额)?(?:为)?")
_ANY_ASSETS = ("年初资产", "期初资产", "年末资产", "期末资产")
_FIXED_AMONG = re.compile(r"(?:其中|[(、])[^,;。]{0,4}固定资产")
_OPENING = {
    "assets_closing": "年初固定资产",
    "assets_opening": "年初固定资产",
    "assets_total": "年初资产总额",
    "assets_total_opening": "年初资产总额",
}
_CLOSING = {"assets_opening": "年末固定资产", "assets_total_opening": "年末资产总额"}
_WORTH = re.compile(r"[,、]?(?:账面)?(?:价值|原值|净值|金额)(?:为|共|计|约)*")
_PROJECT_BEHIND = re.compile(
    r"(?:重点|专项|子|一级|部门|预算)?(?:项目|专项)(?:支出|资金)?(?:的(?:具体)?情况(?:是|为|如下))?(?:[,;:。(]|$)"
)
_COUNTED_NOUN = re.compile(r"(?!以[上下内]|左右|/)(?:的|有)?([^,;。、:()\d!?\s]{2,20}|[村镇乡县组户](?=[,;。、]))")
_DIFFERENCE = re.compile(
    r"(?:比|较|与)[^,;。]{1,16}(?:多|少|超|差|增加|减少|增|减)(?:编|员|出|了)?$|(?:缺编|空编|超编|空缺|缺员)(?:了|为|共)?$"
)
_STRONG_STAFF = re.compile(r"编制|在职|在编|离休|退休|编外|实有人|职数|临聘|财政供养|遗属|聘用人员|劳务派遣|公益性岗位")
_GROUPS = ("行政", "事业", "参公", "工勤")
_PEOPLE = ("人员", "人数", "职工", "工作人员", "教职工", "教职员工", "干部职工", "员工")
_FULL_TIME = re.compile(r"专职工(?!人)")  # 社区专职工作者
_FLOW = re.compile(r"(?:减少|增加|新增|招录|招聘|离职|辞职|流失|去世|调[出入])(?:了)?$")
_WHICH_PEOPLE = re.compile(
    r"(?:技术|辅助|执业|执法|专业|医务|医疗|护理|教学|科研|参训|参会|培训|服务对象|流动|外来|贫困|就业|失业|残疾|困难|管理|留守)$"
)
# 其中：局机关编制42名: of the department without its institutions
_ORGAN = re.compile(r"其中[:,]?([^,;。\d]{0,3}[局委办厅部本院](?:机关|本级))(?!行政|事业|工勤|后勤)[^;。]*$")
_OF_THE_ORGAN = re.compile(r"(?:[局委办厅部院](?:机关)?(?:本级)|[局委办厅部院]机关)[^,;。\d]{0,6}编制?[^,;。]*$")
_OF_THESE = re.compile(r"[,(](?:其中)?(?:实有|在岗|在编|实际在岗|在职|实际)(?:人数|人员)?(?:为|:)?")
_OF_A_BODY = re.compile(r"(?:[大支中]队|中心|管理处|[所站校院馆])$")
_BODY_S_BRACKET = re.compile(
    r"([一-鿿]{1,16}(?<![我本该])(?:[大支中]队|中心|[所站馆院]))\((?:[^()\d]{0,6}编制|编制)[^()]*$"
)
_MOVES = re.compile(r"(?:减少|增加|净增|净减)了?\d+[人名]\([^()]*$")
_LINK = re.compile(r"(?:为|是|有|共计?|:)+$")
_STAFF_BEHIND = re.compile(r"(?:的)?([^,;。、()\d]{2,8})(?=[,;。、()]|$)")
_VEHICLE = re.compile(r"车辆|用车|公车|设备")
_BODY = re.compile(r"机构|科室|股室|处室|单位|中心|支部|科$|股$|站$|所$|大队|部门|街道|社区|环节|项目|专项")
_BODY_AFTER = re.compile(
    r"^(?:大)?(?:[^,;。\d]{0,8}?)(?:机构|科室|股室|处室|职能部门|预算单位|二级单位|事业单位|下属单位|直属单位|环节|内设)"
)
_SERVED = re.compile(r"(?:参保|参合|缴费|受益|惠及|就业|参会|参训|培训|服务|救助|补助|资助|在校|接待|门诊|住院|常住)$")
_TERRITORY = {"平方公里", "公顷"}
_AREAS = {"㎡", "平方米", "亩", "平方公里", "公顷", "m²", "立方米", "㎥"}
_PROJECT_COUNT = re.compile(r"(?:项目|专项(?:资金)?)(?:共|共计|有|为|合计|总计|共安排|共实施)*$")


def asset_term(reader: MoneyClauses, spot: Spot, lead: str) -> str | None:
    """The asset label that an amount is about: a label of metric_labels.csv, "" for an asset without a known label, None when
    the amount is no asset."""
    context = spot.context
    procured = reader.state.subject is not None and (reader.state.subject.account or "").startswith("procurement")
    before = reader.figure_before()
    if procured and before is not None and before.kind != "asset" and "资产" not in lead:
        return None  # in a chapter on assets and procurement
    spoken_of = context.kind == "assets" or _ASSET_WORD.search(behind_last(";。", lead))
    if not spoken_of and not _goes_on_about_assets(reader, lead):
        return None
    if context.kind != "assets" and _ASSET_BOUGHT.search(lead):
        return None
    if _COMPARED_WITH.search(behind_last(";。", lead)) or _COMPARED_BEFORE.search(spot.text[: spot.number.start]):
        return ""  # 较年初增加37万元: neither what was there nor what was bought
    accounts = [w for w in words(lead) if w.account and w.account not in ("total",)]
    if accounts and context.kind == "assets" and re.search(r"经费|费$|采购|基本支出|项目支出|三公", accounts[-1].label):
        return None
    clause = behind_last(",;。", lead) or lead
    if _SOME_OF_THEM.search(clause):
        return ""
    metrics = vocabulary().metrics("asset")
    if _WORN_OFF.search(clause):
        return ""
    found = _named_assets(clause) or _named_assets(lead)
    fixed = found is None or found.label in ("固定资产", "固定资产原值") or not found.code.startswith("assets_")
    if fixed and not _RISEN_TO.search(clause) and (moved := _MOVED.search(clause)):
        said = {metrics.get(f.term or "") or "" for f in _assets_said(reader)}
        if _BARE_CHANGE.fullmatch(clause) and len(said & _OPENING.keys()) > 1 and said.isdisjoint(_MOVEMENTS):
            return ""  # 年初842万元，年末865万元，增加23万元
        return "新增固定资产" if moved[1] else "处置固定资产"
    if found and _is_part_of_a_movement(reader, spot, found.code):
        return ""
    return found.label if found and found.code in _MOVEMENTS else _stock(reader, spot, lead, found)


def _assets_said(reader: MoneyClauses) -> list[Figure]:
    """The assets that the sentence has said so far."""
    return [f for f in reader.collector.figures if f.sentence_no == reader.sentence_no and f.kind == "asset"]


def _named_assets(text: str) -> Match | None:
    """The last asset label in `text`; one that says which assets before one that only says when (资产总额年初余额)."""
    found = list(vocabulary().metrics("asset").find(text))
    return next((m for m in reversed(found) if not _ONLY_WHEN.fullmatch(m.label)), found[-1] if found else None)


def _stock(reader: MoneyClauses, spot: Spot, lead: str, found: Match | None) -> str:
    """The label of what is there: which assets (all, the fixed ones, …), and whether at the year's beginning or its end.

    What the words leave out is that of the figure before: 年初资产1200万元，其中固定资产800万元；年末1350万元."""
    metrics = vocabulary().metrics("asset")
    said = _assets_said(reader)
    stocks = [m for f in said if (m := metrics.last(f.term or f.label)) and m.code not in _MOVEMENTS]
    told = times = _WHEN.findall(_COMPARED_TIME.sub("", lead))
    if not times and said and metrics.get(said[-1].term or "") not in _MOVEMENTS and not _RISEN_TO.search(lead):
        group = behind_last(";。", spot.text[: spot.number.start])
        times = _WHEN.findall(_COMPARED_TIME.sub("", group))
    opening = bool(times and times[-1] in _AT_FIRST) or _FROM.search(lead) is not None
    if _ONLY_WHEN.fullmatch(last_piece(lead).strip("、")) and (found is None or _ONLY_WHEN.fullmatch(found.label)):
        found = stocks[-1] if stocks else Match(0, 0, "固定资产", "assets_closing") if told else found
    if found is None:
        return ""
    code = "assets_total" if found.label in _ANY_ASSETS and _FIXED_AMONG.search(spot.text) else found.code
    if opening:
        return _OPENING.get(code, "")
    if told and code == "assets_closing":
        return "年末固定资产"
    return _CLOSING.get(code, found.label if code == found.code else "年末资产总额")


def _goes_on_about_assets(reader: MoneyClauses, lead: str) -> bool:
    """固定资产原值621万元，累计折旧402万元，其中车辆3台价值52万元: amounts behind an asset's that name no expenditure are of assets."""
    before = reader.figure_before()
    return bool(
        before is not None
        and before.kind == "asset"
        and (before.unit.endswith("元") or not _COMPARED_AT_ALL.search(lead))
        and (
            _COMPARED_WITH.search(lead)
            or _BARE_CHANGE.fullmatch(lead)
            or not any(w.account or w.measure for w in words(lead))
        )
        and not _ASSET_BOUGHT.search(lead)
        and not re.search(r"经费|资金|项目", lead)
    )


def _is_part_of_a_movement(reader: MoneyClauses, spot: Spot, code: str) -> bool:
    """本年增加12万元（其中购置11万元、调入1万元）: in the bracket, what the movement before it is divided into."""
    before = spot.text[: spot.number.start]
    opened = before.rfind("(")
    if code not in _MOVEMENTS or opened <= before.rfind(")") or "年初" in before[opened:]:
        return False
    metrics = vocabulary().metrics("asset")
    said = [f for f in reader.collector.figures if f.sentence_no == reader.sentence_no and f.kind == "asset"]
    return any(metrics.get(f.term or "") in _MOVEMENTS for f in said)


def is_worth(counted: Figure, lead: str) -> bool:
    """True for the words between a count of assets and what they are worth."""
    return counted.kind == "asset" and not counted.unit.endswith("元") and _WORTH.fullmatch(lead) is not None


def _staff_label(lead: str, following: str) -> tuple[str, str] | None:
    """(label as written, label in metric_labels.csv) of a head count: the last staff label of the clause."""
    metrics = vocabulary().metrics("staff")
    clause = behind_last(";。", lead)
    pieces = [p for p in re.split(r"[,:、]", clause) if p.strip()]
    behind = _STAFF_BEHIND.match(following)
    if behind and behind[1] in metrics and not metrics.ending(_LINK.sub("", clause)):
        return behind[1], behind[1]
    for piece in pieces[-1:] or [clause]:
        found = metrics.last(_FULL_TIME.sub("", piece))
        if found and found.label in _PEOPLE:  # 编外合同制人员: the words right before say which people
            before = metrics.ending(piece[: found.start])
            if before and "posts" not in before.code:
                return before.label + found.label, before.label
            if which := _WHICH_PEOPLE.search(piece[: found.start]):  # some of them, or others than the staff
                return which[0] + found.label, ""
        if found and found.label in (*_PEOPLE, "人数") and _SERVED.search(piece[: found.start]):
            return None  # 参保人数386,452人 are not the staff
        if found:
            head = piece[: found.start]
            whose = metrics.ending(head) if "posts" in found.code else None
            if whose and whose.code == "contract_staff":
                return whose.label + found.label, ""  # 辅警编制数210人: no posts of the department's own
            qualified = re.search(r"(行政|事业|工勤|参公|机关|全额|差额|政法)$", head)
            label = (qualified[1] if qualified else "") + found.label
            return label, label if label in metrics else found.label
    after = re.match(r"(?:的)?([^,;。、()\d]{2,10})", following)  # 、工勤3人 is the next of the row
    if after:
        found2 = next(metrics.find(after[1]), None)
        if found2 and found2.start <= 2:
            return found2.label, found2.label
    return None


def count(reader: ProseReader, spot: Spot) -> bool:
    """Add a count as staff, asset, organisation or output, or note why it is none of them. True when it was taken."""
    number, lead, following = spot.number, spot.lead, spot.following
    unit, kind = number.unit, spot.context.kind
    reader.mention(lead)
    people = number.kind == "people" or unit in ("个", "")
    staff = _staff_label(lead, following) if people else None
    if staff and (body := _BODY_S_BRACKET.search(spot.text[: number.start])) and not reader.is_own(body[1]):
        staff = (body[1].rpartition("下设")[2] + staff[0], "")  # 烈士陵园管理所（编制4名，实有4人）
    elif staff and _MOVES.search(spot.text[: number.start]):
        staff = (reader.label_of(lead, following), "")  # 比上年减少2人（退休3人，调入1人）
    elif staff and _OF_A_BODY.search(_LINK.sub("", behind_last(",;、:。", lead))):
        staff = (reader.label_of(lead, following), "")  # 综合行政执法大队52人
    elif staff and (organ := _ORGAN.search(spot.text[: number.start])):
        own = organ.end(1) > spot.at or not _BODY.search(lead)  # 其中局机关在职10人，医保中心在职45人
        staff = (organ[1] + staff[0].removeprefix("机关") if own else reader.label_of(lead, following), "")
    elif staff and (_DIFFERENCE.search(lead) or _FLOW.search(lead)):
        staff = (reader.label_of(lead, following), "")
    if (
        staff
        and number.kind != "people"
        and not vocabulary().metrics("staff").ending(_LINK.sub("", behind_last(",;。", lead)))
    ):
        staff = None
    before = reader.figure_before()
    if (
        staff is None
        and people
        and unit in ("人", "名")
        and kind in ("organisation", "functions", "")
        and before is not None
        and before.kind == "staff"
    ):
        staff = (reader.label_of(lead, following), "")
    if staff and kind == "" and staff[1] in ("人员", "人数", "工作人员", "领导", "主任"):
        staff = None
    group = staff is not None and (staff[1] in _GROUPS or staff[0] in _GROUPS) and spot.depth() > 0
    if staff and (unit == "" or group) and before is not None and before.kind == "staff":
        if staff[1] in _GROUPS and "posts" in (vocabulary().metrics("staff").get(before.term or "") or ""):
            staff = staff[0], staff[1] + "编制"  # 编制49人（行政21、事业28）
        _add(reader, spot, "staff", staff[0], staff[1])
        return True
    if staff and before is not None and before.kind == "staff" and _serves_in_them(reader, spot):
        posts = vocabulary().metrics("staff").get(before.term or "") or ""
        if posts.startswith("posts_"):  # 行政编制21人（实有20人）: not all who serve
            staff = before.label + staff[0], ""
    goes_on = before is not None and before.kind == "staff" and staff is not None and staff[1] != ""
    strong = bool(staff and (goes_on or _STRONG_STAFF.search(staff[0] + lead[-12:])))  # 在职98人，辅警65人
    if (
        staff
        and unit in ("人", "名", "位", "个", "")
        and (
            (kind in ("organisation", "functions", "") and (strong or number.kind == "people"))
            or (strong and kind not in ("goals", "problems", "measures", "performance"))
        )
        and not (unit in ("个", "") and "编" not in lead and not strong)
    ):
        _add(reader, spot, "staff", staff[0], staff[1] or None)
        return True
    if unit == "" and not staff:
        reader.collector.omit(*spot.value_span(), "no_unit")
        return False
    if (
        unit in ("个", "大环节", "项", "家")
        and (_PROJECT_COUNT.search(lead) or _PROJECT_BEHIND.match(following))
        and kind != "performance"
    ):
        _add(reader, spot, "organisation", reader.label_of(lead, following), "项目")
        reader.count_projects(lead)
        return True
    if unit in ("个", "家", "大环节", "所", "级") and (
        _BODY_AFTER.match(following)
        or (
            kind in ("organisation", "functions")
            and (_BODY.search(behind_last(",;。", lead)) or _BODY.search(re.split(r"[,;。\d]", following)[0]))
        )
    ):
        clause = behind_last(",;。", lead)
        found = vocabulary().metrics("organisation").last(clause + re.split(r"[,;。、\d]", following)[0])
        counts_projects = found is not None and _counts_projects(found.label)
        if found and found.end < len(clause) - (0 if counts_projects else _NEAR):
            found = None  # 专项资金用于全区3个街镇; 项目覆盖全县12个乡镇
        _add(reader, spot, "organisation", reader.label_of(lead, following), found.label if found else None)
        return True
    if (
        kind == "assets"
        or (
            unit in _AREAS
            and unit not in _TERRITORY
            and not _WORKED_ON.search(behind_last(",;。", lead))
            and (kind not in ("performance", "funds") or re.search(r"建筑面积|占地|用房", lead))
        )
        or (
            unit in ("辆", "台", "套", "台套", "台(套)")
            and _VEHICLE.search(lead[-30:])
            and kind not in ("performance", "goals")
            and re.search(
                r"固定资产|单价|单位价值|[共实现拥]有(?:各类)?车辆|车辆编制|保有量|公务用车", lead + spot.text[:40]
            )
        )
    ):
        found = vocabulary().metrics("asset").last(lead)
        if found and lead[found.end :].startswith("编制"):
            found = None  # 公务用车编制4辆: that may be kept, not that are there
        _add(reader, spot, "asset", reader.label_of(lead, following), found.label if found else None)
        return True
    worked_on = _WORKED_ON.search(behind_last(",;。", lead))
    if (unit in _THINGS or unit in _AREAS) and before is not None and before.kind == "asset" and not worked_on:
        _add(reader, spot, "asset", reader.label_of(lead, following), None)  # 固定资产…，其中房屋1处
        return True
    if kind in ("functions", "goals"):
        reader.collector.omit(*spot.value_span(), "goal" if kind == "goals" else "function")
        return False
    if kind == "organisation" and not _is_event(unit):
        _add(reader, spot, "organisation", reader.label_of(lead, following), None)
        return True
    _add(reader, spot, "output", reader.label_of(lead, following), None)
    return True


def _counts_projects(label: str) -> bool:
    return vocabulary().metrics("organisation").get(label) == "listed_projects"


def _serves_in_them(reader: MoneyClauses, spot: Spot) -> bool:
    """行政编制19名，实有19名；工勤编制3名，实有2名: those who serve in the posts just said, and not in all posts."""
    if not _OF_THESE.fullmatch(spot.lead):
        return False
    if spot.lead.startswith("(") or spot.text.count("实有") > 1 or _OF_THE_ORGAN.search(spot.text[: spot.at]):
        return True
    metrics = vocabulary().metrics("staff")
    said = [f for f in reader.collector.figures if f.sentence_no == reader.sentence_no and f.kind == "staff"]
    listed = [f for f in said if (metrics.get(f.term or "") or "").startswith("posts")]
    kinds = {m.code for m in metrics.find(spot.passage.text) if m.code.startswith("posts_")} - {"posts_leading"}
    return len(listed) == 1 and len(kinds) > 1  # 行政编制15名、工勤编制2名，实有17名 are all who serve


def _is_event(unit: str) -> bool:
    return unit.lstrip("万千") in ("次", "场", "场次", "批次", "人次", "批", "件", "篇", "条", "期", "起", "份")


def money_output(reader: MoneyClauses, spot: Spot) -> None:
    """Add money that is an achievement as work output."""
    _add(reader, spot, "output", reader.label_of(spot.lead, spot.following), None)


def zero_event(reader: ProseReader, passage: Passage, start: int, text: str, found: re.Match[str]) -> None:
    """较大以上事故“零发生”: a count of nought that is stated as an achievement."""
    if context_kind(passage) not in ("performance", ""):
        return
    begin = max(text.rfind(c, 0, found.start()) for c in ",;。") + 1
    label = text[begin : found.start()].strip('“”" 、') or found[0]
    reader.collector.figure(
        evidence_no=reader.collector.evidence(*passage.span(start + begin, start + found.end()), passage.place),
        kind="output",
        label=label,
        fiscal_year=reader.year,
        value=Decimal(0),
        value_as_written="零",
        written_decimals=0,
        unit="起",
        sentence_no=reader.sentence_no,
    )


def context_kind(passage: Passage) -> str:
    """The kind of section that a passage stands in."""
    return context_of(passage.section.path if passage.section else None).kind


def _counted_after(following: str) -> str:
    """The noun that follows a count (810位听障人士…), or "" when the count ends its clause."""
    m = _COUNTED_NOUN.match(following)
    return m[1] if m else ""


def _add(reader: MoneyClauses, spot: Spot, kind: str, label: str, term: str | None) -> None:
    number, lead, following = spot.number, spot.lead, spot.following
    counted = kind in ("output", "organisation") and not number.unit.endswith("元")
    after = _counted_after(following) if counted else ""
    evidence = reader.evidence(spot, end=number.end + (following.find(after) + len(after) if after else 0))
    reader.collector.figure(
        evidence_no=evidence,
        kind=kind,
        label=after or label,
        term=term,
        fiscal_year=year_of(lead, reader.year) or reader.year,
        value=number.value,
        value_as_written=number.value_as_written,
        written_decimals=number.decimals,
        unit=number.unit or ("人" if kind == "staff" else "个"),
        qualifier=reader.qualifier(lead, number, following),
        sentence_no=reader.sentence_no,
    )
