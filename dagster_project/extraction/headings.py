"""The section structure of a report: which lines are headings, at which level, and what stands under them.

Five things make a line a heading, in this order: it opens an attachment (附件1-1, a form's name over its table); it is numbered
(第一部分 > 一、 > （一） > 1、 > （1） > ①) and shaped like a name, not like a sentence; the format marks it as one; it is a wording that
every report of this kind uses (存在的主要问题); it is a bare project name among numbered ones.

Numbering in real reports is often wrong (一、（一）（2）4、). A number of the wrong kind that continues an open list of a higher
kind, and starts no list of its own, is read as a member of that list.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dagster_project.extraction.lines import Line, lines
from dagster_project.reading.model import Cell, Document, Table

_CN = "一二三四五六七八九十"
_MARK = re.compile(
    rf"(?P<part>第(?:[{_CN}]{{1,3}}|[0-9０-９]{{1,2}})(?:部分|章|节|篇)[\s、.．：:]*)"
    rf"|(?P<cn>[{_CN}]{{1,3}}\s*(?:[、.．,，](?![{_CN}]、)|[ \u3000\xa0]+(?=\S{{4}})))\s*"
    rf"|(?P<cnp>[（(]\s*[{_CN}]{{1,3}}\s*[)）]|[㈠-㈩])[\s、.．]*"
    r"|(?P<sub>[0-9０-９]{1,2}(?:[.．][0-9０-９]{1,2}){1,3}[\s、.．]*(?=[\u4e00-\u9fff])(?![万亿元个年月]))"
    r"|(?P<ar>[0-9０-９]{1,2}\s*(?:[、.．,，](?![0-9０-９])|[.．、](?=20[0-9]{2}年)))\s*"
    r"|(?P<arp>[（(]\s*[0-9０-９]{1,2}\s*[)）]|[0-9０-９]{1,2}[)）]|[⑴-⒇])[\s、.．]*"
    r"|(?P<circle>[①-⑳])[\s、.．]*"
)
_RANK = {"part": 1.0, "cn": 2.0, "cnp": 3.0, "ar": 4.0, "sub": 4.5, "arp": 5.0, "circle": 6.0}
_MARK_HEAD = frozenset(
    "第（(" + _CN + "0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
)
_DIGIT = {c: i for i, c in enumerate(_CN, 1)}

# A count or an amount: a numbered line that holds one is a list item.
_FIGURE = re.compile(
    r"[0-9０-９](?:[0-9０-９,，.．]*[0-9０-９])?\s*(?:[%％﹪‰]|余?[万亿元人次件篇条期起台辆名家场户亩份批张吨个㎡](?!工程|专项|计划|行动|办)|公里|平方)"
)
_STOP = re.compile(r"[。；;！？:：]")
# 防汛值守经费（预算12万元）: the name of an item, and its money
_NAME_BEFORE_MONEY = re.compile(
    r"(?P<name>[^，,。；;：:、（）()0-9０-９]{3,30})[（(][^（）()。；;]{0,40}[0-9０-９][^（）()。；;]{0,40}元[^（）()。；;]{0,40}[）)][。：:]?"
)
_DUTY = re.compile(
    r"(?:负责|协助|承担|承办|组织|受理|根据|完成|确保|指导|贯彻|拟订|研究|收集|督促|牵头|参与|配合|按照|依法|统筹|管理全|做好|抓好|通过|是|为了|对)"
)
_WHO = r"(?:部门、单位|部门[（(]单位[)）]|单位[（(]部门[)）]|预算单位|预算部门|本?单位|本?部门|项目)?"
_BOOK = r"(?:一般公共预算|政府性基金预算|政府性基金|国有资本经营预算|国有资本经营|社会保险基金预算|社会保险基金|社保基金预算|财政拨款|“三公”经费|三公经费)"
KNOWN = re.compile(
    rf"{_WHO}(?:的?基本情况|概况|基本概况|简介)"
    rf"|{_WHO}(?:主要)?(?:职能职责|职责职能|职能|职责|工作职责)"
    rf"|{_WHO}(?:内设)?机构(?:设置|人员|职能|编制)?(?:及人员构成|及人员|和人员)?(?:情况)?"
    rf"|{_WHO}(?:在职)?人员(?:编制|构成|基本)?(?:和领导职数|情况)"
    rf"|{_BOOK}(?:财政拨款)?(?:收入|支出|收支|预算)*(?:决算)?(?:及使用|使用|执行)?(?:管理)?情况(?:说明)?"
    rf"|(?:部门)?(?:基本支出|项目支出|公用经费|人员经费)(?:使用|管理|绩效|执行)*(?:情况|(?=$|[0-9０-９本我无]))"
    rf"|{_WHO}(?:整体)?(?:支出|资金|收支|收入|预算|决算)(?:规模|使用|执行|管理|安排|及)*(?:绩效)?情况"
    rf"|资金使用及绩效情况(?:[（(][^）)]*[)）])?|{_WHO}(?:整体支出|专项资金支出|专项资金|项目支出|预算)绩效(?:完成|管理|自评)?(?:情况|分析)"
    rf"|{_WHO}(?:年度)?(?:整体支出|专项资金|项目|总体|主要)?绩效目标(?:设置|设定|完成|实现|及完成|申报)*(?:情况)?"
    rf"|{_WHO}(?:项目)?(?:组织实施|组织|管理|实施)情况(?:分析)?|资产管理情况|{_WHO}(?:固定|国有)?资产(?:管理|使用|占用)*情况"
    r"|(?:预算执行|综合评价|绩效自评工作开展|绩效评价工作|绩效评价|绩效自评|评价工作|履职完成|履职效果|社会满意度|运行成本|管理效率)(?:工作)?(?:情况|结论|结果|分析)"
    r"|(?:主要)?(?:工作)?(?:成效|成绩|绩效|经验|做法|经验做法|经验及做法)(?:情况|分析)?|主要经验及做法|年度(?:主要|重点)?工作(?:任务|目标|计划)?|重点工作(?:任务|计划)?"
    r"|(?:目前|预算执行中|工作中)?存在的?(?:主要)?(?:问题|困难|不足|困难和问题|问题和不足)(?:[及和与、](?:原因|其原因))?(?:分析)?(?:[及和与、](?:下一步)?(?:工作)?(?:的)?(?:改进|整改)?(?:措施|意见|建议|打算|方向|工作)(?:[和及、]?(?:措施|建议|打算))?)?"
    r"|主要问题(?:及原因分析|及原因|和不足)?|问题及原因分析|有关建议|意见建议|相关建议|意见和建议|工作建议|建议"
    r"|(?:下一步|今后|后续)?(?:的)?(?:工作)?(?:改进|整改|主要)(?:工作)?(?:的)?(?:措施|意见|建议|方向|打算|计划)(?:[和及与、](?:有关|相关|工作)?(?:建议|打算|计划|措施))?|下一步(?:工作)?(?:打算|计划|安排|思路|措施|建议|设想)"
    r"|(?:部门)?(?:整体支出)?(?:绩效)?(?:自评|评价)结果(?:拟)?(?:应用|运用)(?:[和及]公开)?(?:情况)?(?:[和及与]建议)?|绩效自评结果公开情况"
    r"|其他(?:需要|需|应)?(?:特别)?说明的?(?:情况|问题|事项)|其他(?:情况|事项)(?:说明)?|名词解释"
)
_KNOWN_TAIL = re.compile(
    r"[\s。：:；]*(?:$|[本我无没年截按根经不一已自此]|20[0-9]{2}|２０|[0-9]{1,2}[、.．](?![0-9])|[（(][一1])"
)
_INNER_TAIL = re.compile(rf"{_KNOWN_TAIL.pattern}|[\s。：:；（(][^，]|[{_CN}]{{1,3}}、")
_KNOWN_HEAD = frozenset(
    "部单预本项的基概简主职工内机在人一政国社财“三公经整支资收专年总绩组管实固综评履运成做重目存问有意相建下今后改整其名决"
)
_INNER = re.compile(
    rf"[。；：:\s况标析施明能责](?P<mark>(?:[{_CN}]{{1,3}}、|[（(][{_CN}]{{1,3}}[)）]|[0-9]{{1,2}}[、.．])(?=[\u4e00-\u9fff“]{{2}}))"
)
_BLANKS = re.compile(r"\s+")
_NARROW = re.compile(r"[\x00-\u1fff]+")

_ATTACHED = re.compile(
    r"附\s*[件表]\s*(?P<no>[0-9０-９一二三四五六七八九十]{0,2}(?:\s*[-—－.．]\s*[0-9０-９]{1,2})?)\s*(?P<colon>[:：、.．]?)\s*(?P<name>.*)"
)
_LIST_NO = re.compile(r"[（(]?[0-9０-９]{1,2}(?:[-—－.．][0-9０-９]{1,2})?[)）]?\s*[、.．]")
FORM_NAME = re.compile(
    r"[^\t。，；,;：:]{0,40}(?:基础数据表|自评表|评价表|评分表|申报表|目标表|自评打分表|情况表|决算表|决算总表|总表|汇总表|一览表|预算表|指标表|明细表)\s*(?:[（(][^（）()\t]{1,20}[)）])?"
)
_REPORT_NAME = re.compile(
    r"[^\t。；;]{4,60}(?:自评报告|评价报告|绩效报告|自评情况|决算公开|决算说明|情况说明|绩效自评|报告)"
)
_WITHOUT_BRACKET = re.compile(r"\s|[（(][^（）()]*[)）]\s*$")  # 自评报告（某某局）
_PROJECT = re.compile(r"[\u4e00-\u9fff“”（）()0-9]{3,26}(?:经费|专项|专项资金|资金|项目|支出|费|补助|工程)")


class Section(NamedTuple):
    """A heading and what stands under it.

    `start` is where the heading starts, `heading_end` where its words end, `end` where the next heading of the same or a
    higher level starts (so a section holds its subsections). Blocks `[block_start, block_end)` are those it touches,
    counted from 0. `path` names the section from the outside in: "二、一般公共预算支出情况 / （一）基本支出情况".
    """

    title: str  # without the number
    number: str  # as written, 一、; empty when there is none
    level: int  # from 1
    path: str
    start: int
    heading_end: int
    end: int
    block_start: int
    block_end: int
    kind: str = "heading"  # heading, attachment

    @property
    def label(self) -> str:
        """Number and title."""
        return self.path.rpartition(" / ")[2]


@dataclass(slots=True)
class _Open:
    rank: float
    ordinal: int | None
    number: str
    title: str
    label: str
    path: str
    start: int
    heading_end: int
    block: int
    kind: str
    end: int = 0
    end_block: int = 0
    level: int = 1


def ordinal_of(number: str) -> int | None:
    """The value of a list number as written: （十二） is 12, ③ is 3, 2. is 2. None when it holds no number."""
    core = number.strip("第部分章节篇（()） \t\u3000\xa0、.．,，：:")
    if not core:
        return None
    if core[0] in _DIGIT:
        tens, has_ten, units = core.partition("十")
        if not has_ten:
            return _DIGIT.get(core)
        return (_DIGIT.get(tens, 1) if tens else 1) * 10 + (_DIGIT.get(units, 0) if units else 0)
    point = ord(core[0])
    for first, size in ((0x2460, 20), (0x2474, 20), (0x3220, 10)):
        if first <= point < first + size:
            return point - first + 1
    last = re.split(r"[.．]", core)[-1]
    return int(last) if last.isdecimal() else None


def is_known(text: str) -> bool:
    """True when `text`, without number, is a heading that every report of this kind uses."""
    if text[:1] not in _KNOWN_HEAD:
        return False
    return _is_known(text) if len(text) <= 64 else KNOWN.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _is_known(text: str) -> bool:
    return KNOWN.fullmatch(text) is not None


def _title_length(rest: str, rank: float) -> int:
    """How many characters of `rest` (the line behind its number) are a heading; 0 when it is a list item or a sentence."""
    known = KNOWN.match(rest) if rest[:1] in _KNOWN_HEAD else None
    if known and known.end() > 3 and _KNOWN_TAIL.match(rest, known.end()):
        return known.end()
    stop = _STOP.search(rest)
    if stop is None:
        bare = rest.rstrip(" .．、")
        limit = 64 if rank <= 3 else 40
        if len(bare) > limit or _FIGURE.search(bare):
            return 0
        if len(bare) > 24 and "，" in bare and _DUTY.match(bare):
            return 0
        # A long line without any stop, cut off by the page: prose, unless it names what a heading names.
        if (
            len(bare) > 30
            and bare.count("，") + bare.count("、") * 0.5 > 2
            and not bare.endswith(("情况", "等", "目标", "分析", "措施", "内容"))
        ):
            return 0
        return len(bare)
    at, sign = stop.start(), rest[stop.start()]
    head, tail = rest[:at], rest[at + 1 :].strip()
    if not 2 <= at <= 64 or _FIGURE.search(head):
        return 0
    if tail:
        if sign in "；;！？":
            return 0
        if sign == "。":
            return (
                at
                if at <= 28 and head.count("，") <= (0 if at > 16 else 1) and not (_DUTY.match(head) and "，" in head)
                else 0
            )
        return at if at <= 40 and "，" not in head else 0
    if sign in "；;！？":
        return 0
    if sign == "。":
        return at if "，" not in head and at <= 40 and not _DUTY.match(head) else 0
    return at


def _length_before_money(rest: str, rank: float, following: str) -> int:
    """The length of the name in 防汛值守经费（预算12万元）, if something stands under it; 0 for an item of a list of such."""
    below = _MARK.match(following)
    named = _NAME_BEFORE_MONEY.fullmatch(rest)
    return len(named["name"]) if named and following and not (below and _RANK[below.lastgroup or "ar"] <= rank) else 0


def _pieces(line: Line) -> list[tuple[str, int]]:
    """The line cut where a further well-known heading is glued to it: (text, offset in the exact text)."""
    text = line.text
    cuts = [0]
    for m in _INNER.finditer(text, 2):
        rest = text[m.end() :]
        known = KNOWN.match(rest) if rest[:1] in _KNOWN_HEAD else None
        if known and known.end() > 3 and _INNER_TAIL.match(rest, known.end()):
            cuts.append(m.start("mark"))
    if len(cuts) == 1:
        return [(text, line.start)]
    return [(text[a:b], line.start + a) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


# How the paragraph under a heading begins; what a page or a line end tore off in mid-sentence does not.
_BEGINS = re.compile(
    r"20[0-9]{2}\s*年|２０|截[至止]|根据|按照?|为|经(?![费济营])|本|我|该|一是|[（(]?[一二三四五六七八九十1-9][)）、.．]|全年(?!预算|执行)|主要|共[有计实0-9]"
)
# What no paragraph begins with: the rest of a clause, an amount without what it is of (52万元的预算 says it).
_GOES_ON = re.compile(
    r"[，,、；;：:。）)”》]|[0-9０-９][0-9０-９,.，．]*\s*(?:[万亿](?!元)|[万亿]?元(?!的)|[%％](?!的))"
)


# The end of a heading that stands on a line of its own.
_TAIL = re.compile(r"[\u4e00-\u9fff“”]{0,14}(?:情况|分析|说明|措施|建议|问题|内容|概况|职责|构成)[。：:]?")


def _is_half(line: str, below: str) -> bool:
    """True when the words themselves tell that `line`, a numbered one, goes on in `below`."""
    if _GOES_ON.match(below) or line.count("“") > line.count("”") or line.count("（") > line.count("）"):
        return True
    name = _MARK.sub("", line, count=1)
    if is_known(name):
        return False
    if _TAIL.fullmatch(below) and below[-1] not in "：:" and not is_known(below) and not _TAIL.fullmatch(name):
        return True
    return len(name) <= 3 and not _BEGINS.match(below) and _FIGURE.search(below.partition("。")[0]) is not None


@dataclass(frozen=True, slots=True)
class _Torn:
    """The text behind a line end that may stand within a sentence; `sure` where the line is as long as lines get."""

    text: str
    sure: bool


class _LineEnds:
    """Which of the line ends of pasted text are no ends: at a page's end, or where all lines are cut at one width."""

    def __init__(self, run: Sequence[Line]) -> None:
        self.run = run
        plain = [line.text for line in run if "\t" not in line.text]
        self.widths = tuple(_cut_width([measure(t) for t in plain]) for measure in (len, _columns))

    def _is_full(self, text: str) -> bool:
        by_length, by_columns = self.widths
        return bool((by_length and len(text) >= by_length) or (by_columns and _columns(text) >= by_columns))

    def behind(self, i: int) -> _Torn | None:
        """What follows line `i` in its sentence, if its end may be none; over several lines where these are full too."""
        run, parts, j = self.run, list[str](), i
        sure = self._is_full(run[i].text)
        while j + 1 < len(run) and len(parts) < 3:
            torn = (
                run[j + 1].new_page or self._is_full(run[j].text) or (j == i and _is_half(run[i].text, run[j + 1].text))
            )
            torn = torn or (
                bool(parts)
                and not _STOP.search(parts[-1])
                and not _TAIL.fullmatch(parts[-1])
                and not _BEGINS.match(run[j + 1].text)
            )
            if not torn or "\t" in run[j + 1].text or _MARK.match(run[j + 1].text):
                break
            sure = sure or (j == i and _is_half(run[i].text, run[j + 1].text))
            parts.append(run[j + 1].text)
            j += 1
        return _Torn("".join(parts), sure) if parts else None


def _columns(text: str) -> int:
    """Width in columns: a Chinese character takes two."""
    return 2 * len(text) - sum(map(len, _NARROW.findall(text)))


def _cut_width(widths: Sequence[int]) -> int:
    """From which width on a line is full; 0 where the lines are not cut at a width."""
    seen = Counter(widths)
    ordered = sorted(widths)
    for widest in sorted((w for w in seen if 20 <= w <= 120), reverse=True):
        long = len(ordered) - bisect_right(ordered, widest / 2)
        full = sum(seen[w] for w in range(widest - 4, widest + 1))
        # Ends of paragraphs and cells of forms are shorter; some lines, forms on one line above all, were not cut.
        if full >= max(6, long * 0.3) and len(ordered) - bisect_right(ordered, widest) <= 0.1 * long:
            return widest - 4
    return 0


class _Outline:
    """The stack of open headings while the lines go by."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.done: list[_Open] = []
        self.stack: list[_Open] = []
        self.seen: dict[
            float, tuple[int, bool]
        ] = {}  # rank -> last number met at that rank, and whether it was an item
        self.in_form = False
        self.pasted = document.format == "txt"
        self.torn_off = 0  # how many characters of the heading just opened stand on the next line

    def open(
        self,
        rank: float,
        number: str,
        title: str,
        span: tuple[int, int],
        block: int,
        *,
        ordinal: int | None = None,
        kind: str = "heading",
    ) -> None:
        start, end = span
        while self.stack and self.stack[-1].rank >= rank:
            self._close(start, block)
        title = _BLANKS.sub(" ", title).strip(" .．、：:。；")
        number = _BLANKS.sub("", number)
        label = f"{number} {title}".strip() if kind == "attachment" else number + title
        path = f"{self.stack[-1].path} / {label}" if self.stack else label
        entry = _Open(rank, ordinal, number, title, label, path, start, end, block, kind)
        entry.level = len(self.stack) + 1
        self.stack.append(entry)
        self.done.append(entry)
        self.seen = {r: n for r, n in self.seen.items() if r <= rank}

    def _close(self, at: int, block: int) -> None:
        entry = self.stack.pop()
        entry.end = at
        entry.end_block = max(block, entry.block + 1)

    def finish(self) -> list[Section]:
        total = len(self.document.blocks)
        while self.stack:
            self._close(len(self.document.text), total)
        return [
            Section(e.title, e.number, e.level, e.path, e.start, e.heading_end, e.end, e.block, e.end_block, e.kind)
            for e in self.done
        ]

    def attachment(self, number: str, title: str, span: tuple[int, int], block: int, *, form: bool) -> None:
        self.in_form = form
        self.open(0.0, number, title, span, block, kind="attachment")

    def takes(self, text: str) -> bool:
        """True when the line `text` is the rest of the heading just opened."""
        size, self.torn_off = self.torn_off, 0
        return 0 < size == len(text.rstrip("。：: "))

    def numbered(self, mark: re.Match[str], start: int, line: Line, following: str, torn: _Torn | None = None) -> None:
        """Take a numbered line: a heading, or an item of a list."""
        kind = mark.lastgroup or "ar"
        rank, number = _RANK[kind], mark[0]
        rest, level, block = mark.string[mark.end() :], line.heading_level, line.block
        ordinal = ordinal_of(mark[kind])
        before, item_before = self.seen.get(rank, (None, False))
        if (
            "\t" in rest
            or not rest
            or (kind == "cn" and mark[kind][-1].isspace() and not is_known(rest.rstrip("：:。")))
        ):
            return
        if self.in_form and not (rank <= 3 and is_known(rest.rstrip("：:。 "))):
            return
        listed = item_before and before is not None and ordinal == before + 1  # its sisters are items
        length = _title_length(rest, rank) or (0 if listed else _length_before_money(rest, rank, following))
        title = rest[:length]
        if torn is None and self.pasted and listed and following and not _MARK.match(following):
            torn = _Torn(following, False)
        at_end = length > 0 and not rest[length:].strip(" .．、")
        if (
            at_end
            and level is None
            and torn is not None
            and not is_known(rest)
            and (torn.sure or not _BEGINS.match(torn.text))
        ):
            whole = _title_length(rest + torn.text, rank)
            if whole > len(rest):
                title = (rest + torn.text)[:whole]
                self.torn_off = len(title) - len(rest) if whole == len((rest + torn.text).rstrip("。：: ")) else 0
            elif torn.sure or rank > 3:
                length = 0
        if length == 0 and level is not None and len(rest) <= 60:
            length, title = len(rest), rest
        if length and level is None and rest.endswith("。") and length == len(rest) - 1 and not is_known(rest[:length]):
            # A short sentence with nothing under it, or after sentences: the last item of a list, not a heading.
            below = _MARK.match(following)
            if listed or (below and below.lastgroup == kind and ordinal_of(below[kind]) != 1):
                length = 0
        if ordinal is not None:
            self.seen[rank] = (ordinal, length == 0)
        if length == 0:
            # An item beside an open heading of its own list ends that heading's part.
            if (
                ordinal is not None
                and ordinal > 1
                and any(e.rank == rank and e.ordinal == ordinal - 1 for e in self.stack)
            ):
                while self.stack and self.stack[-1].rank >= rank:
                    self._close(start, block)
            return
        if (
            ordinal is not None
            and ordinal > 1
            and before != ordinal - 1
            and not any(e.rank == rank for e in self.stack)
        ):
            higher = next((e for e in reversed(self.stack) if 1 <= e.rank < rank and e.ordinal == ordinal - 1), None)
            if higher is not None and (length == len(rest.rstrip("。：: ")) or is_known(rest[:length])):
                rank = higher.rank
                self.seen[rank] = (ordinal, False)
        self.open(rank, number, title, (start, start + mark.end() + length), block, ordinal=ordinal)

    def bare(self, line: Line, following: str | None) -> None:
        """Take a line without a number."""
        text = line.text
        if len(text) > 40 or "\t" in text:
            return
        plain = text.rstrip("：:。 ")
        if line.heading_level is not None:
            if _REPORT_NAME.fullmatch(_WITHOUT_BRACKET.sub("", plain)) and not self.stack:
                return  # the title of the report is no section
            if not (self.in_form and not is_known(plain)) and not _FIGURE.search(plain):
                self.open(
                    1.0 + min(line.heading_level, 5) * 0.9, "", plain, (line.start, line.start + len(plain)), line.block
                )
            return
        if self.in_form or len(plain) < 4:
            return
        if is_known(plain) and (
            text[-1] in "：:"
            or following is None
            or len(following) > len(plain)
            or following[-1] in "。；"
            or _MARK.match(following)
        ):
            # Stands under the numbered chapter that is open, beside its bare sisters.
            base = next((e for e in reversed(self.stack) if e.number and e.rank <= 2.0), None)
            rank = 2.0 if base is None else 2.5
            self.open(rank, "", plain, (line.start, line.start + len(plain)), line.block)
        elif (
            self.stack
            and self.stack[-1].rank >= 4
            and _PROJECT.fullmatch(text)
            and _PROJECT.fullmatch(self.stack[-1].title)
            and following is not None
            and (len(following) > len(text) or following.endswith("。"))
        ):
            self.open(self.stack[-1].rank, "", text, (line.start, line.end), line.block)


def _form_title(table: Table) -> tuple[str, int, int] | None:
    """The name of a form that stands inside its table, in a row of its own near the top: (name, start, end)."""
    if table.title:
        return table.title, table.start, table.start
    row = -1
    words: list[Cell] = []
    for cell in table.cells:
        if cell.row > 3:
            break
        if cell.row != row:
            if len(words) == 1 and FORM_NAME.fullmatch(words[0].text.strip()):
                break
            row, words = cell.row, []
        if cell.text.strip():
            words.append(cell)
    if len(words) == 1 and row >= 0 and FORM_NAME.fullmatch(words[0].text.strip()):
        return words[0].text.strip(), words[0].start, words[0].end
    return None


def _is_list_of_attachments(run: Sequence[Line], i: int) -> bool:
    """True when line i is one of several names of attachments under each other, or carries its list number behind a colon."""
    m = _ATTACHED.match(run[i].text)
    if m is None:
        return False
    if m["colon"] in ("：", ":") and not m["no"] and _LIST_NO.match(m["name"]):
        return True
    near = [run[j].text for j in (i - 1, i + 1) if 0 <= j < len(run)]
    return bool(m["name"]) and any(
        ((n := _ATTACHED.match(t)) and n["name"])
        or (m["no"] and _LIST_NO.match(t) and FORM_NAME.fullmatch(_LIST_NO.sub("", t).strip()))
        for t in near
    )


def outline(document: Document) -> list[Section]:
    """The sections of `document` in reading order, outer before inner. Text before the first heading belongs to none."""
    out = _Outline(document)
    run = list(lines(document))
    texts = [line.text for line in run]
    texts.append("")
    ends = _LineEnds(run) if out.pasted else None
    tables = {i: b for i, b in enumerate(document.blocks) if isinstance(b, Table)}
    pending = sorted(tables)
    skip = -1
    for i, line in enumerate(run):
        while pending and pending[0] < line.block:
            _open_table(out, tables[pending[0]], pending.pop(0))
        if i <= skip or document.text[line.end : line.end + 1] == "\t":  # a row of a form whose last cells are empty
            continue
        text = line.text
        head = text[0]
        if (
            head == "附"
            and len(text) <= 70
            and (m := _ATTACHED.fullmatch(text))
            and (m["no"] or not m["name"] or m["colon"])
        ):
            if _is_list_of_attachments(run, i):
                continue
            name, end = m["name"].strip(), line.end
            # 附件 1-1 on a line of its own takes its name from the line below.
            if (
                not name
                and i + 1 < len(run)
                and "\t" not in (below := run[i + 1].text)
                and (FORM_NAME.fullmatch(below) or _REPORT_NAME.fullmatch(below))
            ):
                name, end, skip = below, run[i + 1].end, i + 1
            if not name and not m["no"] and i > len(run) * 0.8 and not any(p >= line.block for p in pending):
                continue
            if i < 4 and not (FORM_NAME.fullmatch(name) or any(p == line.block + 1 for p in pending)) and not out.stack:
                continue  # 附件2 over the whole report: not a part of it
            out.attachment(f"附件{m['no']}", name, (line.start, end), line.block, form=not _REPORT_NAME.fullmatch(name))
            continue
        if head in _MARK_HEAD and _MARK.match(text):
            for piece, start in _pieces(line) if len(text) > 12 else ((text, line.start),):
                torn = (
                    out.pasted
                    and start > line.start
                    and start + len(piece) == line.end
                    and bool(_GOES_ON.match(texts[i + 1]))
                )
                if (mark := _MARK.match(piece)) and not torn:
                    out.numbered(
                        mark,
                        start,
                        line,
                        texts[i + 1],
                        ends.behind(i) if ends and start + len(piece) == line.end else None,
                    )
            if out.takes(texts[i + 1]):
                skip = i + 1
            continue
        if (
            len(text) <= 48
            and text[-1] in "表）)"
            and ("绩效" in text or "决算" in text)
            and FORM_NAME.fullmatch(text)
            and ((pending and pending[0] == line.block + 1) or "\t" in texts[i + 1] or _opens_form(texts[i + 1]))
        ):
            out.attachment("", text, (line.start, line.end), line.block, form=True)
            continue
        if len(text) <= 40 or line.heading_level is not None:
            below = texts[i + 1]
            above = out.done[-1].heading_end if out.done else -1
            rest = line.new_page and i > 0 and texts[i - 1][-1] not in "。！？；：!?;:" and run[i - 1].end != above
            torn = bool(_GOES_ON.match(below)) or (
                i + 1 < len(run) and run[i + 1].new_page and not (_TAIL.fullmatch(text) or _BEGINS.match(below))
            )
            if not (out.pasted and (rest or torn)):
                out.bare(line, below or None)
        elif len(text) > 60 and _INNER.search(text):
            for piece, start in _pieces(line)[1:]:
                torn = out.pasted and start + len(piece) >= line.end and bool(_GOES_ON.match(texts[i + 1]))
                if (mark := _MARK.match(piece)) and not torn:
                    out.numbered(mark, start, line, "")
    for number in pending:
        _open_table(out, tables[number], number)
    return out.finish()


_FORM_HEAD = re.compile(
    r"[（(]?\s*(?:[0-9０-９]{4}\s*年度?|部\s*门\s*名\s*称|项\s*目\s*名\s*称|项目支出名称|专项名称|单\s*位\s*名\s*称|单位[:：]|填报单位|编制单位|预算部门|预算单位|财政供养|金额单位)"
)


def _opens_form(text: str) -> bool:
    """True for the first line of a pasted form: 部门名称 …, （2022年度）."""
    return len(text) < 400 and _FORM_HEAD.match(text) is not None


def _open_table(out: _Outline, table: Table, block: int) -> None:
    found = _form_title(table)
    if found is None:
        return
    name, start, end = found
    # The attachment's own line just above already opened it.
    above = out.stack[0] if out.stack and out.stack[0].kind == "attachment" else None
    if above and (above.title == name or (not above.title and above.block + 2 >= block)):
        return
    out.attachment("", name, (start, end), block, form=True)


def section_at(sections: Sequence[Section], offset: int, begins: Sequence[int] | None = None) -> Section | None:
    """The innermost section that holds `offset`; None before the first heading. `sections` as `outline` gives them; `begins`:
    where each starts, for who asks often."""
    i = (bisect_right(sections, offset, key=lambda s: s.start) if begins is None else bisect_right(begins, offset)) - 1
    while i >= 0 and sections[i].end <= offset:
        i -= 1
    return sections[i] if i >= 0 else None
