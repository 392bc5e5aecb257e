"""What the words before an amount say: which account or project, which measure, year, book and source of funds."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from dagster_project.extraction.vocabulary import Labels, vocabulary

QUOTE_MARKS = str.maketrans("", "", '“”"‘’「」')
ENUMERATOR = re.compile(
    r"^(?:(?:其中|包括|主要是|主要包括|具体为|具体是|分别是|分别为|另外|此外|同时|其他|主要有|含|(?:主要|具体)?用于(?:以下方面)?)?[:,]?)"
    r"(?:[(]?\d{1,2}(?:[、)]|[.．](?:(?!\d)|(?=20\d\d年)))|\([一二三四五六七八九十]{1,3}\)|[①-⑳]|(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:是|[、.]|,(?=[^,]{2}))|第[一二三四五六七八九十]+(?:[,、:项]|(?![次届批期轮代产中小人类十\d]))|[-*•·●◆■])+"
)
_ENUMERATOR_HEAD = frozenset(
    "其包主具分另此同含有用:,(一二三四五六七八九十第-*•·●◆■" + "".join(map(chr, range(ord("①"), ord("⑳") + 1)))
)
_YEAR = re.compile(r"(20(?<!\d20)\d\d)年")
_COMPARED = re.compile(
    r"(?:比|较|与|同)(?:20\d\d年(?:度)?|上年(?:度)?|去年(?:同期)?|上一年(?:度)?|年初(?:预算)?|预算)(?:数|决算|同期|相比|相较|年初预算|预算|比|度|支出)*"
)
_COMPARED_AMOUNT = re.compile(
    r"(?:比|较|与|同)(?:(20\d\d)年(?:度)?|上年(?:度)?|去年|上一年(?:度)?)(?:同期)?(?:的)?(?:部门)?(?:预算|决算|支出|执行|实际|收入|年初)?(?:数|支出|金额|收入)?(?:的|为)?[(]?$"
)
COMPARED_YEAR = re.compile(r"(?:比|较|与|同)(?:20\d\d年|上年|去年|上一年)")
_LAST_YEAR = re.compile(r"上年(?!结|度结|末|未|初|合同|应付|尾款)|上年度(?!结)|去年|上一年")
PROJECT_TAIL = re.compile(
    r"(?:专项|项目|经费|资金|工程|补助|补贴|奖补|费用?|建设|工作|运转|维护|采购|改造|奖励|慰问|活动|平台|系统|行动|款)(?:\(.*\))?$"
)
GRANT = "[助奖]学金|[低慰抚救补保优][保问恤助障待]金"
# what the items of a list of projects end in as well; in free prose these words are more often work done
LISTED_TAIL = re.compile(
    r"(?:津贴|救助|资助|奖金|成本|防控|防疫|修缮|维修|修复|加固|清淤|更新|升级|"
    + GRANT
    + "|保障|运营|运行|整治|治理|防治|清运|养护|保洁|管护|监测|检测|培训|宣传|服务|配套|创建|提升|设施|设备|编制|规划|评估|监理|设计|审计|绿化|"
    r"亮化|物业|租赁|抗旱|防汛|救灾|扶持|帮扶|补偿|征收|拆迁|普查|调查|演练|体检|印刷|接待|安保|值守|值班|"
    + PROJECT_TAIL.pattern.removeprefix("(?:")
)
# An item that opens with a verb tells what was done, not what a fund is called.
VERB = re.compile(
    r"(?:做好|加强|提升|推进|推动|完成|开展|持续|积极|全面|严格|强化|扎实|深入|加快|加大|坚持|认真|切实|组织|规范|落实|优化|提高|健全|建立|完善|统筹|抓好|强|以|围绕|不断|进一步|聚焦|着力|大力|实施|深化|创新|保障|充分|高质量|高标准(?!农田)|有效|有序|稳步|精心|紧扣|及时|注重|突出|狠抓|打造|打好|守牢|筑牢|夯实)"
)
_NOISE = re.compile(
    r"^(?:(?<![\d年度])\d{1,2}月(?:底|末|\d{1,2}日)?|其中|包括|包含|收到(?:上级|中央|省级|市级|县级)?(?:财政)?|(?<!收到)(?:上级|中央|省级?|市级?)(?:财政)?下达|[省市县区]?(?:级)?财政[局厅部]?拨[付入给]|下达|追加|原因(?:是|为|在于)|其它|另外|此外|同时|(?:金额)?较大的有|主要|具体|分别|含|即|是|为|用于|共计?|合计|总计|累计|全年|本年|当年|本年度|年度中|年度|本单位|我单位|我局|本局|我办|本部门|我部门|部门|单位|该项目|该专项|该资金|截止|截至|年初|年末|年底|年中|已|到位|安排|投入|支付|拨付|下拨|用|由|从|及|和|与|至|在|对(?!外|口|台|标)|未?将|未把|的|了|[:,、;\s(]|20\d\d年度?(?:\d{1,2}月(?:底|末|\d{1,2}日)?)?)+"
)
_TAIL_NOISE = re.compile(
    r"(?:[:,、;“”\"\s]|项目支出|支出|预算数?|决算数?|金额|安排|资金(?=共|合)|合计|总计|累计|共|为|是|约|达到?|近|了|有|计|的|各|均|实际|使用|投入|执行|拨付|到账|到位|下达|完成|年初|全年|本年|列支|开支|超过?|逾|余|人民币|¥|不低于|不超过)+$"
)
# a list of what is said to be some of the projects; its sum is no one's
SOME_PROJECTS = re.compile(
    r"主要(?:项目|有|包括|为|是|如下)|(?:其中|[,;。，；(（]|^)[:：]?(?:重点|重大|较大|部分|典型|代表性)(?:的)?(?:项目|专项|支出)|\d万元(?:及)?以上"
)
SOME_MONEY = re.compile(  # the name of no project
    r"(?:项目|专项|资金|基金|经费|工程|费用|补助|可用|可安排|财政|全年|结余|结转|本|追加|拨款|中央|上级|省级?|市级?|县级?|区级?|本级|年初|预算|安排|下达|拨付|支出|的|[全本我]系统)+"
)
# 某资金中安排80万元, 某经费县财政安排80万元
_TAKEN_OUT_OF = re.compile(
    r"(?<=[金费款])[中内](?:列支|安排|统筹|调剂)(?:资金|经费)?$|(?<=[金费款目程])由?(?:中央|[省市州县区旗本]级?)财政$"
)
_INVESTED = re.compile(r"(?:计划|概算|估算)?(?:总投资|投资总额|总概算)$")  # of a project: no part of its name
# the last characters of what _TAIL_NOISE finds
_TAIL_NOISE_END = frozenset(':,、;“”"出数算额排计共为是约达到近了有的各均际用入行付账位达成初年支开超过逾余币¥于')


_LABEL_TAIL = re.compile(r"(?:[≥≤><=]|为|是|达|达到|约|近|超|逾|共|累计|有|(?<![总合])计|了|已)+$")
_LABEL_HEAD = re.compile(r"(?:/[年月日天人户次]|其中|其中:|包括|共|累计|全年|共计|另|同时|和(?!平)|及|与)+")


class Word(NamedTuple):
    """A label in a lead: its range and what it is said to be by the vocabularies."""

    start: int
    end: int
    label: str
    account: str | None
    measure: str | None


_QUOTE_MARK = re.compile('[“”"‘’「」]')


def unquoted(text: str) -> str:
    """`text` without quotation marks."""
    return text.translate(QUOTE_MARKS) if _QUOTE_MARK.search(text) else text


@cache
def _union() -> Labels:
    v = vocabulary()
    return Labels((label, label) for label in {**v.accounts.codes, **v.measures.codes})


@cache
def _functional() -> Labels:
    names = {name: name for name in vocabulary().functional_names if len(name) >= 2}
    return Labels(names.items())


@lru_cache(maxsize=256)  # a lead is looked at from several sides
def words(lead: str) -> tuple[Word, ...]:
    """Account and measure labels in `lead`, longest first, in order."""
    v = vocabulary()
    accounts, measures = v.accounts.codes, v.measures.codes
    return tuple([Word(a, b, label, accounts.get(label), measures.get(label)) for a, b, label in _union().places(lead)])


_FUNCTIONAL_CODE = re.compile(
    r"(?:^|[^\d.]|(?<!\d)\d{1,2}\.)(2(?:0[1-9]|1\d|2\d|3[0-2])(?:\d{2}){0,2})(?![\d.])(?=[^\d元万%年]|$)"
)
_MAY_BE_FUNCTIONAL = re.compile(r"支出|类\)|款\)|项\)|-|—|/|>|2[0-3]\d{3}")
_SURELY_FUNCTIONAL = re.compile(r"[类款项]\)|[-—/>]|2[0-3]\d{3}|支出(?!实际|决算|年初|预算|全年|共|总)[^,;。]+支出")
_LAST_ITEM = re.compile(r"\(项\)[^(]*$")
_FUNCTIONAL_TAIL = re.compile(r"^(?:支出)?(?:\(([类款项])\))?(支出)?")


def functional_term(lead: str) -> str | None:
    """The code (digits) of the functional classification that `lead` names: by a written code, or by names marked
    （类）（款）（项）, hyphenated or followed by 支出; a name that stands under several parents needs its parent. None if none."""
    if not _MAY_BE_FUNCTIONAL.search(lead):
        return None
    codes = [m[1] for m in _FUNCTIONAL_CODE.finditer(lead)] if "2" in lead else []
    lead = strip_enumerator(lead.lstrip(',;:、。)”" '))[0]
    names = vocabulary().functional_names
    found: list[tuple[int, str, bool]] = []
    for m in _functional().find(lead):
        tail = _FUNCTIONAL_TAIL.match(lead[m.end :])
        marked = bool(tail and (tail[1] or tail[0].startswith("支出")))
        before = lead[m.start - 1 : m.start]
        edge = (
            m.start == 0
            or before in '、,:;-—>/“”"( )①②③④⑤⑥⑦⑧⑨⑩'
            or before in "年度中是入为"
            or lead[: m.start].endswith(("类", "款", "支出", "(类)", "(款)"))
        )
        after = lead[m.end : m.end + 1]
        hyphen = after in ("-", "—", "/") or (before in ("-", "—", "/") and m.start > 0)
        found.append((m.start, m.label, edge and (marked or hyphen)))
    if codes:
        return max(codes, key=len)
    chain: str | None = None
    anchored = False
    for _, name, marked in found:
        options = names[name]
        inside = [c for c in options if chain and c.startswith(chain) and len(c) == len(chain) + 2]
        if inside and (marked or anchored):
            chain, anchored = inside[0], True
            continue
        if marked:
            tops = [c for c in options if len(c) == 3]
            if tops:
                chain, anchored = tops[0], True
            elif len(options) == 1:
                chain, anchored = options[0], True
    return chain


def lacks_item(lead: str, code: str) -> bool:
    """True when `lead` names an item that the vocabulary lacks: `code` is only that of its section, or of its class."""
    return len(code) < 7 and _LAST_ITEM.search(lead) is not None


def resembles_functional(lead: str, code: str) -> bool:
    """True when `lead` has no more than a name like that of a section or item (文物保护支出), with no class, bracket or code:
    in a list of projects it is a project's name."""
    return len(code) > 3 and not _SURELY_FUNCTIONAL.search(lead)


def functional_label(lead: str) -> str:
    """The words of a lead that name a functional item, without list number and measure."""
    plain, _ = strip_enumerator(lead.lstrip(',;:、。)”" '))
    plain = re.sub(r"^(?:其中|(?:主要)?用于(?:以下方面)?|20\d\d年度?|按[^,:。]{2,10}(?=:)|[:,])+", "", plain)
    return (
        re.split(r"[:,。]|(?:20\d\d年度?)?(?:年初)?(?:支出)?(?:预算|决算)|20\d\d年", plain)[0]
        .strip('-—、“”" ')
        .rstrip("(（ ")
    )


def year_of(lead: str, report_year: int | None) -> int | None:
    """The year that `lead` says its figure belongs to; None when it says none. Years of a comparison do not count."""
    if "年" not in lead:
        return None
    # 较2021年度决算数60.12万元: the amount right behind the comparison is the compared year's own.
    if m := _COMPARED_AMOUNT.search(lead):
        return int(m[1]) if m[1] else report_year - 1 if report_year else None
    plain = _COMPARED.sub("", lead)
    years = _YEAR.findall(plain)
    if years:
        return int(years[-1])
    if report_year and _LAST_YEAR.search(plain):
        return report_year - 1
    if report_year and ("本年" in plain or "当年" in plain or "今年" in plain):
        return report_year
    return None


def strip_enumerator(text: str) -> tuple[str, bool]:
    """`text` without a leading list number, and whether there was one."""
    if not text or (text[0] not in _ENUMERATOR_HEAD and not text[0].isdecimal()):
        return text, False
    m = ENUMERATOR.match(text)
    return (text[m.end() :], True) if m else (text, False)


def project_name(piece: str) -> str | None:
    """The name of a project that `piece` ("1、车辆经费项目支出") ends with, without list number, quotation marks and verbs;
    None when no name is left."""
    plain, _ = strip_enumerator(piece.strip(" ,:;、"))
    quoted = re.findall(r"[“\"「]([^“”\"「」]{3,60})(?:[”\"」]|$)", piece)
    if quoted and not vocabulary().accounts.get(quoted[-1]) and len(quoted[-1]) >= 4:
        return re.sub(r"[\s,。]+$", "", quoted[-1])
    while True:
        opening = _NOISE.match(plain)
        shorter = plain[opening.end() :] if opening else plain
        if shorter[-1:] in _TAIL_NOISE_END or shorter[-1:].isspace():
            shorter = _TAIL_NOISE.sub("", shorter)
        shorter = unquoted(shorter)
        if shorter == plain:
            break
        plain = shorter
    plain = _INVESTED.sub("", _TAKEN_OUT_OF.sub("", plain).strip(" ,:;、-").rstrip("( ").lstrip(" ),:;、"))
    if plain.count("(") > plain.count(")"):
        plain = plain[: plain.rfind("(")]  # 标准化专项（含奖金100万元
    if len(plain) < 2 or len(plain) > 60 or not re.search(r"[一-鿿A-Za-z]", plain):
        return None
    return plain


def clean_label(piece: str) -> str:
    """Words of a lead without list number, opening marks and the verbs that only lead to the number."""
    plain = strip_enumerator(piece.strip(" 、"))[0].strip(" 、()")
    plain = _LABEL_TAIL.sub("", plain)
    opening = _LABEL_HEAD.match(plain)
    return (plain[opening.end() :] if opening else plain).strip(" 、(")


_BETWEEN_PIECES = re.compile(r"[,;。!?:=÷×+]")


@lru_cache(maxsize=256)
def pieces(lead: str) -> tuple[str, ...]:
    """The comma-separated pieces of a lead, last first."""
    return tuple(piece for piece in reversed(_BETWEEN_PIECES.split(lead)) if piece.strip("、 "))


def last_piece(lead: str) -> str:
    """The words nearest to the figure; "" for a lead of marks alone."""
    found = pieces(lead)
    return found[0] if found else ""


def behind_last(marks: str, text: str) -> str:
    """What stands in `text` behind the last of `marks`; all of it when it has none."""
    return text[max(map(text.rfind, marks)) + 1 :]


def before_first(marks: str, text: str) -> str:
    """What stands in `text` before the first of `marks`; all of it when it has none."""
    return text[: min((at for mark in marks if (at := text.find(mark)) >= 0), default=len(text))]
