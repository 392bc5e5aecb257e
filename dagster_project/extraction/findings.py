"""Problems that a report admits and measures that it announces: prose of the chapters 存在的问题 and 改进措施.

One finding is one list item ((一), 1., 一是) with what it explains, or one sentence where nothing is numbered. Left out: the
template's own instructions, praise before the 但 (取得了一定成绩), and sentences that only announce the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dagster_project.extraction.collector import Collector, Place
from dagster_project.extraction.headings import Section, is_known, section_at
from dagster_project.extraction.lines import Line, lines
from dagster_project.reading.model import Document

_PROBLEM = re.compile(
    r"存在.{0,8}(?:问题|不足|困难|短板)|主要(?:问题|不足|困难)|(?:问题|困难|不足)(?:及|和|与|、)|问题与?不足|(?:问题|不足|困难)$|偏离绩效目标|薄弱环节"
)
_MEASURE = re.compile(
    r"改进(?:措施|意见|建议|方向|工作)|整改(?:措施|情况)|下一步|今后.{0,6}(?:打算|措施|工作|计划)|(?:工作|有关|相关|意见|对策)建议|^建议|措施(?:和|及|与)?建议|解决(?:办法|措施)"
)
# Motions of deputies are called 建议 too, and a mailbox takes 问题: work done, not findings.
_OF_PEOPLE = re.compile(
    r"建议[、和及]?(?:提案|议案)|提案|议案|(?:代表|委员|人大|政协)建议|建议办理|信访|历史遗留|遗留问题|困难(?:群众|家庭|职工|党员)|问题楼盘"
)

_MARK = re.compile(
    r"[（(]\s*(?:[一二三四五六七八九十]{1,3}|[0-9０-９]{1,2})\s*[)）]\s*[、.．]?\s*"
    r"|[0-9０-９]{1,2}\s*[、.．,，](?![0-9０-９])\s*|[0-9０-９]{1,2}[)）]\s*|[①-⑳⑴-⒇㈠-㈩]\s*[、.．]?\s*"
    r"|[一二三四五六七八九十]{1,3}(?:、|是(?!个|次|项|级|名)[，,：:]?|\s*[.．])\s*|第[一二三四五六七八九十](?:[，,、：:]|是)\s*|(?:首先|其次|再次|最后)[，,]"
)
# Where inside a line a new item starts: behind a stop, a colon, or at 其中.
_INNER = re.compile(
    r"(?<=[。；;：:！])\s*(?=[（(][一二三四五六七八九十0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}[、.．](?![0-9０-９])|[①-⑳]|[一二三四五六七八九十]{1,2}是(?!个|次|项|级|名)|[一二三四五六七八九十]{1,2}、|第[一二三四五六七八九十][，,、]|(?:其次|再次|最后)[，,])"
)
_TEMPLATE = re.compile(
    r"^[（(]?(?:主要)?(?:反映|说明|介绍|总结归纳|归纳总结|简要|简述|阐述|分析说明|请|此处|应|对应)[^，。]{0,60}(?:情况|等|措施|建议|描述|说明|分析|内容)"
    r"|表述格式|参考如下|如无.{0,8}(?:请|填)|^（?注[:：]|逐条(?:列示|说明)|结合本(?:部门|单位)实际.{0,10}(?:填写|说明)"
)
_NONE = re.compile(
    r"(?:[^，。；]{0,14}(?:无|暂无|没有|不存在|未发现)(?:问题|其他问题|相关问题|明显问题|重大问题)?|不存在.{0,6}问题)[。；.]?"
)
_LEAD = re.compile(
    r"(?:(?:还|仍然?|也|但是?|主要|目前)[^。；]{0,20})?(?:存在|有)[^。；：:]{0,24}(?:问题|不足|困难|短板|薄弱环节)[^。；：:]{0,14}[:：]"
    r"|(?:主要|具体|存在的?)?(?:问题|不足|困难|原因)(?:主要)?(?:有|是|为|表现在?|如下|包括|体现在)[^。；：:]{0,12}[:：]"
    r"|(?:问题|不足|困难)[:：]"
)
_LEAD_MEASURE = re.compile(
    r"(?:下一步|今后|改进(?:措施|建议)|整改措施|措施|建议|打算)[^。；：:]{0,24}[:：]|(?:从|做好)[^。；：:]{0,16}(?:方面|工作|几点)[^。；：:]{0,10}[:：]"
)
_TURN = re.compile(
    r"^(?:(?:因此|为此|针对[^，]{0,20})[，,])?(?:下一步|下阶段|今后|接下来|下一年度?|在今后|未来|我们?(?:局|办|单位|部门|中心)?将|将(?:进一步|继续))"
)
_WRONG = re.compile(
    r"不(?!断|仅|但|折不扣|懈|忘|低于|少于|超过|得|再|同(?:部门|科室)?的?方式)|未(?!来)|缺(?:乏|少|口|失|位)|难(?:以|度|点)?|欠|有待|亟[待需]|薄弱|滞后|偏(?:低|高|差|慢|离|大|少)|较(?:低|慢|弱|少|差|大的?(?:差距|困难|缺口))|弱|仍(?:然|需|有|存在|未)?|没有|无法|无(?:明确|专)|困难|"
    r"短缺|矛盾|占用|超(?:出|支|预算)|差距|缓慢|粗放|流于形式|单一|脱节|浪费|压力(?:大|较大)|失衡|片面|错误|风险|缓|迟|紧张|过(?:于|高|低|多)|淡薄|模糊|单薄|问题|不足|争议|误差|变动|调整较?[多大]"
)
_DOING = re.compile(
    r"加[强大快]|完善|提[高升]|强化|健全|建立|规范|推[进动]|优化|细化|严格|落实|做好|深化|进一步|注重|开展|定期|合理|科学|确保|增强|改进|编制|统筹|督促|跟踪|培训|学习|制[定订]|压缩|"
    r"控制|明确|争取|落到实处|加以|建议|应当?|要|将|积极|及时|认真|重视|坚持|引[导入]|配备|整改|公开|厉行|杜绝|盘活|拓宽|创新|完成"
)
_PRAISE = re.compile(
    r"取得.{0,12}(?:成绩|成效|效果|进展)|圆满|顺利完成|确保了|保障了|较好地?|总体(?:良好|较好)|得到了|发挥了"
)
_SIGNATURE = re.compile(
    r"[^。；]{0,40}\s*(?:20[0-9]{2}|二[〇○零]..)\s*年.{0,12}日|附件[:：0-9 ].*|[\u4e00-\u9fff]{2,26}(?:局|办公室|委员会|中心|院|办事处|政府)"
)


@dataclass(slots=True)
class _Unit:
    """A list item or a run of unnumbered prose, over one or more lines: pieces of exact text."""

    start: int
    end: int
    marked: bool
    kind: str
    line: Line


def _kind_of(title: str) -> tuple[str, ...]:
    """What a section of this title holds: problem, measure, both in this order, or nothing."""
    if _OF_PEOPLE.search(title):
        return ()
    problem, measure = _PROBLEM.search(title), _MEASURE.search(title)
    if problem and measure:
        return ("problem", "measure")
    if problem and not re.search(r"解决|其他需要说明", title):
        return ("problem",)
    if measure and not (re.search(r"应用|运用|公开", title) and "措施" not in title):
        return ("measure",)
    return ()


def _pieces(text: str, start: int) -> Iterator[tuple[str, int]]:
    """A line cut where items start inside it."""
    at = 0
    for m in _INNER.finditer(text):
        yield text[at : m.start()], start + at
        at = m.end()
    yield text[at:], start + at


def _rank(mark: str) -> int:
    """Outer list marks before inner ones: （一） 1、 （1） ① 一是."""
    core = mark.strip()
    if core.endswith(("是", "是，", "是：", "，", ",")) and core[0] in "一二三四五六七八九十第首其再最":
        return 9
    if core[0] in "（(":
        return 2 if core[1:].lstrip()[:1] in "一二三四五六七八九十" else 4
    if core[0] in "一二三四五六七八九十第":
        return 1
    return 3 if core[0].isdecimal() else 5


def _chapters(document: Document, sections: Sequence[Section]) -> list[tuple[int, int, tuple[str, ...]]]:
    """The ranges to read, outermost first, with what they hold."""
    out: list[tuple[int, int, tuple[str, ...]]] = []
    reach = 0
    for s in sections:
        if s.start < reach or s.kind == "attachment":
            continue
        kinds = _kind_of(s.title)
        if kinds and not s.path.startswith("附件"):
            out.append((s.heading_end, s.end, kinds))
            reach = s.end
    return out


def _joined(run: Sequence[Line]) -> list[Line]:
    """Lines joined where a page break or a wrapped line cut a sentence: the text keeps its length, gaps become blanks."""
    out: list[Line] = []
    for line in run:
        if (
            out
            and not out[-1].text.endswith(("。", "；", ";", "：", ":", "！", "!", "”"))
            and len(out[-1].text) > 18
            and not _MARK.match(line.text)
            and line.heading_level is None
            and line.start - out[-1].end <= 12
            and re.match(r"[\u4e00-\u9fff，、0-9]", line.text)
        ):
            last = out[-1]
            out[-1] = Line(
                last.text + " " * (line.start - last.end) + line.text,
                last.start,
                line.end,
                last.block,
                last.heading_level,
            )
        else:
            out.append(line)
    return out


def _from(line: Line, start: int) -> Line | None:
    """What a line says from `start` on, without the stop behind a heading; None when nothing is left."""
    rest = line.text[start - line.start :]
    plain = rest.lstrip("。：:；、 \t\u3000\xa0")
    if not plain:
        return None
    return Line(plain, start + len(rest) - len(plain), line.end, line.block)


class _Reader:
    """Reads one chapter into findings."""

    def __init__(self, document: Document, sections: Sequence[Section], collector: Collector) -> None:
        self.document = document
        self.sections = sections
        self.collector = collector
        self.mode = "problem"
        self.both = False
        self.unit: _Unit | None = None
        self.unit_rank = 0
        self.titles = {s.start: s for s in sections}

    def chapter(self, run: Sequence[Line], kinds: tuple[str, ...]) -> None:
        self.mode = kinds[0]
        self.both = len(kinds) > 1
        self.unit = None
        counts: dict[int, int] = {}
        for line in _joined(run):
            for piece, _ in _pieces(line.text, line.start):
                if m := _MARK.match(piece):
                    counts[_rank(m[0])] = counts.get(_rank(m[0]), 0) + 1
        for line in _joined(run):
            sub = self.titles.get(line.start)
            rest = line
            if sub is not None and (kinds_here := _kind_of(sub.title)) and self._is_part(sub):
                self._flush()
                self.mode = kinds_here[0]
                after = _from(line, sub.heading_end)
                if after is None:
                    continue
                rest = after
            for piece, start in _pieces(rest.text, rest.start):
                self._piece(piece, start, rest, counts)
        self._flush()

    def _is_part(self, sub: Section) -> bool:
        """A heading that names problems or measures as such; （一）立项依据不足 and （三）加强问题整改 are items."""
        return not sub.number or is_known(sub.title) or (self.both and len(sub.title) <= 14)

    def _piece(self, piece: str, start: int, line: Line, counts: dict[int, int]) -> None:
        mark = _MARK.match(piece)
        if mark is None:
            if (
                self.unit is not None
                and self.unit.marked
                and start >= self.unit.end
                and not _TURN.match(piece.lstrip())
            ):
                self.unit.end = start + len(piece.rstrip())
                return
            self._flush()
            self._prose(piece, start, line)
            return
        rank = _rank(mark[0])
        if self.unit is not None and self.unit.marked and rank > self.unit_rank:
            self.unit.end = start + len(piece.rstrip())  # an item inside the item
            return
        self._flush()
        body = start + mark.end()
        self.unit = _Unit(body, start + len(piece.rstrip()), True, self.mode, line)
        self.unit_rank = rank
        # A list of one: its sentences are separate findings.
        if counts.get(rank, 0) == 1 and rank >= 3:
            self.unit = None
            self._prose(piece[mark.end() :], body, line)

    def _prose(self, text: str, start: int, line: Line) -> None:
        """Unnumbered sentences: what is said before 主要问题有： is preamble; 下一步将 turns to measures."""
        mode = self.mode
        leads = list(_LEAD.finditer(text)) if mode == "problem" or self.both else []
        at = 0
        if leads:
            at = leads[-1].end()
            self.mode = mode = "problem"
        elif (m := _LEAD_MEASURE.match(text)) and (mode == "measure" or self.both or _TURN.match(text)):
            at = m.end()
            if self.both or mode == "measure":
                self.mode = mode = "measure"
        stops = "。！!" if mode == "problem" else "。！!；;"
        for m in re.finditer(rf"[^{stops}]+[{stops}]?[”』」]?", text[at:]):
            sentence = m[0].strip()
            if not sentence:
                continue
            begin = start + at + m.start() + (len(m[0]) - len(m[0].lstrip()))
            end = begin + len(sentence)
            kind = mode
            if mode == "problem" and _TURN.match(sentence):
                kind = "measure"
            if sentence.endswith(("：", ":")):
                continue
            if kind == "problem" and not _WRONG.search(sentence):
                continue
            if (
                kind == "problem"
                and (but := re.search(r"[，,；;]\s*(?:但是?|然而|不过)(?:也|仍|还)?[，,]?", sentence))
                and _PRAISE.search(sentence[: but.start()])
            ):
                begin += but.end()
            if kind == "measure" and not _DOING.search(sentence):
                continue
            if kind == "measure" and mode == "measure":
                # 结合本单位实际，… names no measure by itself.
                clause = re.match(r"(?:结合|针对|根据|按照|围绕|为了?)[^，,。]{2,24}[，,]", sentence)
                if clause and _DOING.search(sentence[clause.end() :]) and clause.end() + 4 < len(sentence):
                    begin += clause.end()
            self._emit(kind, begin, end, line)

    def _flush(self) -> None:
        unit, self.unit = self.unit, None
        if unit is None:
            return
        text = self.document.text[unit.start : unit.end]
        # 1、… 问题有： at the head of an item, and praise before it
        lead = _LEAD.match(text) if unit.kind == "problem" else None
        self._emit(
            unit.kind, unit.start + (lead.end() if lead and lead.end() < len(text) - 4 else 0), unit.end, unit.line
        )

    def _emit(self, kind: str, start: int, end: int, line: Line) -> None:
        text = self.document.text
        while end > start and (text[end - 1].isspace() or text[end - 1] in "。；;，,"):
            end -= 1
        while start < end and (text[start].isspace() or text[start] in "，,、。；;*"):
            start += 1
        quote = text[start:end]
        plain = re.sub(r"\s+", "", quote)
        if len(plain) < 4 or _NONE.fullmatch(plain) or _TEMPLATE.search(plain) or plain.endswith(("：", ":")):
            return
        if kind == "problem" and _PRAISE.search(plain) and not _WRONG.search(plain):
            return
        section = section_at(self.sections, start)
        block = self.document.blocks[line.block]
        number = self.collector.evidence(
            start, end, Place(section.path if section else None, block.page, block.sheet, line.block + 1)
        )
        self.collector.finding(evidence_no=number, kind=kind, text=_readable(quote))


def _readable(quote: str) -> str:
    """A quote on one line, without the marks of bold type and the blanks between Chinese characters; a title gets a colon."""
    flat = quote.replace("**", "")
    title, broken, rest = flat.partition("\n")
    if broken and len(title) <= 30 and not re.search(r"[，。；：]", title):
        flat = f"{title.strip()}：{rest.strip()}"
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", flat).strip()


def extract_findings(document: Document, sections: Sequence[Section], collector: Collector) -> None:
    """Add the stated problems and measures of `document` to `collector`, in reading order, each with its place.

    `sections` as `headings.outline` gives them. Ranges that a form consumed, and tables, are not read.
    """
    run = [line for line in lines(document) if not collector.is_consumed(line.start, line.end)]
    chapters = _chapters(document, sections)
    if not any("problem" in kinds for _, _, kinds in chapters):
        chapters.extend(_stray(run, sections, chapters))
        chapters.sort()
    for start, end, kinds in chapters:
        part: list[Line] = []
        for line in run:
            if line.end <= start or line.start >= end:
                continue
            inside: Line | None = line
            if line.end > end:
                text = line.text[: end - line.start].rstrip()
                inside = Line(text, line.start, line.start + len(text), line.block) if text else None
            if inside is not None and inside.start < start:  # the heading is glued to its text
                inside = _from(inside, start)
            if inside is not None:
                part.append(inside)
        while part and _SIGNATURE.fullmatch(part[-1].text):
            part.pop()
        _Reader(document, sections, collector).chapter(part, kinds)


def _stray(
    run: Sequence[Line], sections: Sequence[Section], chapters: Sequence[tuple[int, int, tuple[str, ...]]]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """存在的主要问题有： in a chapter that is named after something else: from there to the end of its section."""
    for line in run:
        if ("问题" in line.text or "不足" in line.text) and (m := _LEAD.search(line.text)) and "存在" in m[0]:
            if any(a <= line.start < b for a, b, _ in chapters):
                continue
            section = section_at(sections, line.start)
            end = min([section.end if section else line.end, *(a for a, _, _ in chapters if a > line.start)])
            yield line.start + m.start(), end, ("problem", "measure")
            return
