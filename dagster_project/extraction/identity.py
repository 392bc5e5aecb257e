"""Who wrote a report, about which year, and what kind of report it is.

The department's name follows one written rule (`official_name`): what the report's own fullest form says, never less; a bare
district (市辖区) takes the city before it, since its official name carries it (长沙市开福区人民政府办公室); counties,
county-level cities, cities and provinces stay as the report writes them (平江县教育局). Short forms (政府办, 区教育局, 我局) are
filled from the report itself first (title, forms, 以下简称, first section, signature, file name), then from
department_labels.csv for names that are the same all over the country. What stays ambiguous is None.

Years: the title's year, else the file name's, else the year that the report's statements and column heads share most; the
date of signature says nothing about it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from dagster_project.extraction.divisions import REFERENCE, Chain, Division, gazetteer
from dagster_project.extraction.lines import Line, lines
from dagster_project.extraction.rows import Identity
from dagster_project.reading.model import Document, Table

_WIDE = tuple(zip("０１２３４５６７８９（）：，\u3000\xa0－—○Ｏ", "0123456789():,  --〇〇", strict=True))
_SPACE = re.compile(r"\s+")
# One blank stands before the look behind it, so that the search leaps from blank to blank.
_CJK_GAP = re.compile(r"[ \t](?<=[\u4e00-\u9fff0-9)(“”《》〇].)[ \t]*(?=[\u4e00-\u9fff0-9)(“”《》〇])")

ORG_END = (
    "办公室|委员会|办事处|人民政府|管委会|联合会|协会|总工会|工会|妇联|残联|文联|工商联|科协|红十字会|法院|检察院|医院|学院|大学|小学|中学|学校|幼儿园|党校|"
    "中心|大队|支队|总队|中队|派出所|分局|管理局|局|厅|委|办|处|署|所|站|馆|院|社|校|团|部|协|会|组|园|场|库|台|队|政府|街道|镇|乡|基地|公司"
)
_ORG = re.compile(rf"[\u4e00-\u9fff、()“”·0-9-]*?(?:{ORG_END})")
_ORG_FULL = re.compile(rf"[\u4e00-\u9fff、()“”·0-9-]{{0,30}}(?:{ORG_END})")
_GENERIC = re.compile(r"(?:我|本|该)?(?:部门|单位|机关|局|办|委|厅|中心|院|校|街道|镇|乡|所|处|站)$")
_LEVEL_CHAR = {"省": "province", "市": "city", "州": "city", "区": "county", "县": "county", "旗": "county"}
_PARTY = re.compile(r"(?:中国共产党|中共|共青团|中国人民政治协商会议|政协|中国共产主义青年团)")

_TITLE = re.compile(
    r"绩效.{0,12}(?:报告|自评|评价|总结|情况|公开|目标)|(?:部门|单位)(?:决算|预算)|(?:决算|预算)(?:信息)?公开|整体支出.{0,8}(?:报告|绩效|评价)|(?:自评|申报|评价|目标)表|自评报告|评价报告"
)
_TITLE_END = re.compile(
    r"(?:报告|自评表|申报表|目标表|基础数据表|评价表|说明|公开|情况|总结|表|材料|公示)(?:[(](?:[^()]{1,16})[)])?$"
)
_TITLE_REST = re.compile(r"的?(?:报告|说明|公开|总结|公示|表|自评报告|情况说明|情况报告)")
_REPORT_WORD = re.compile(
    r"(?:的)?(?:部门|单位|机关|财政)?(?:[(][^()]{1,8}[)])?(?:本级|预算)?(?:整体(?:财政)?支出|部门决算|部门预算|决算|预算|项目支出|财政支出|专项资金|绩效|支出绩效|专项经费|自评|收支)"
)
_YEAR_AFTER = re.compile(r"(20[0-9]{2})(?:-20[0-9]{2})?\s*年\s*度?")
_YEAR_DU = re.compile(r"(20[0-9]{2})\s*(?:年\s*度|年度)")
_CN_YEAR = re.compile(r"二[〇零0oO][一二〇零0-9]{2}年")
_CN_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "0": "0", "o": "0", "O": "0"}
_DATE = re.compile(r"(20[0-9]{2})\s*(?:年|[-./])\s*([01]?[0-9])\s*(?:月|[-./])\s*([0-3]?[0-9])\s*日?")
_CN_DATE = re.compile(
    r"(二[〇零0oO][一二三四五六七八九〇零]{2})\s*年\s*([一二三四五六七八九十]{1,3})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
_FILLED = re.compile(r"(?:填\s*报|填\s*表|报\s*告|制\s*表|编\s*制|报\s*送)\s*(?:日\s*期|时\s*间)\s*[::]?\s*")
_STATED = re.compile(
    r"(20[0-9]{2}|２０[０-９]{2})\s*年\s*(度|初|末|底|预算|决算|部门|整体|一般|财政|全年|我|本|我单位|12月31日|12月底)?"
)

_CELL_LABELS: dict[str, int] = {
    "部门名称": 0,
    "部门(单位)名称": 0,
    "预算部门": 0,
    "预算部门名称": 0,
    "单位名称": 1,
    "预算单位": 1,
    "部门单位名称": 0,
    "预算单位名称": 1,
    "部门": 1,
    "单位": 1,
    "单位(部门)名称": 0,
    "部门(单位)": 0,
    "填报单位": 2,
    "填报部门": 2,
    "编制单位": 2,
    "公开单位": 2,
    "公开部门": 2,
    "评价单位": 2,
    "自评单位": 2,
    "被评价单位": 2,
    "项目单位": 3,
    "项目实施单位": 3,
    "实施单位": 3,
    "项目单位名称": 3,
    "资金使用单位": 3,
    "申报单位": 2,
    "发布机构": 3,
    "主管部门": 4,
    "项目主管部门": 4,
    "主管部门及代码": 4,
    "预算部门(单位)": 0,
    "部门预算单位": 0,
}
_LABEL_ENDS = frozenset("称门位构码)）:：*")
_LABEL_LINE = re.compile(
    r"(?P<label>(?:部\s*门|单\s*位|预\s*算\s*部\s*门|预\s*算\s*单\s*位|填\s*报\s*单\s*位|填\s*报\s*部\s*门|编\s*制\s*单\s*位|自\s*评\s*单\s*位|评\s*价\s*单\s*位|项\s*目\s*单\s*位|项\s*目\s*实\s*施\s*单\s*位|实\s*施\s*单\s*位|发\s*布\s*机\s*构|主\s*管\s*部\s*门)"
    r"(?:\s*[(]\s*(?:单\s*位|部\s*门|盖\s*章|公\s*章)\s*[)])?(?:\s*名\s*称)?(?:\s*[(]\s*(?:盖\s*章|公\s*章)\s*[)])?)\s*(?:[:\t]| (?=\S))\s*(?P<value>[^\t:]{2,40})"
)
_SEAL = re.compile(r"[(](?:盖章|公章|签章|单位公章|加盖公章)[)]|[(]$")


@dataclass(frozen=True, slots=True)
class _Name:
    """A department's name met somewhere: `rank` tells how much that place is worth (less is more)."""

    text: str
    rank: int


@cache
def department_labels() -> dict[str, str]:
    """Short forms of departments that mean the same office everywhere: 发改局 -> 发展和改革局."""
    with (REFERENCE / "department_labels.csv").open(encoding="utf-8", newline="") as file:
        return {r["label"]: r["department"] for r in csv.DictReader(file)}


def _half(text: str) -> str:
    """Half-width digits, brackets, colons and blanks. Replacing one by one is ten times as fast as a translation table."""
    for wide, narrow in _WIDE:
        if wide in text:
            text = text.replace(wide, narrow)
    return text


def _plain(text: str) -> str:
    """Half-width, without the blanks that layout puts between Chinese characters."""
    return _CJK_GAP.sub("", " ".join(_half(text).split()))


# --- title -----------------------------------------------------------------------------------------------------------


def _spread(text: str) -> str:
    """报  告 is 报告."""
    return _SPACE.sub("", text)


def _is_title(text: str) -> bool:
    return (
        6 <= len(text) <= 70
        and not re.search(r"[。；;!！?？]|[:](?!\S{0,12}$)", text)
        and _TITLE.search(text) is not None
    )


_SECTION_START = re.compile(r"(?:第?一[、.．部]|[(（]一[)）]|1[、.．](?![0-9])|目\s*录|前\s*言|摘\s*要)")


def _find_title(head: Sequence[Line], document: Document) -> tuple[str | None, int]:
    """The title, joined over its lines, and the index of the line behind it; (None, 0) when the document has none."""

    @cache
    def plain(i: int) -> str:
        return _plain(head[i].text[:120])

    for i in range(len(head)):
        text = plain(i)
        if _SECTION_START.match(text) and head[i].heading_level is None and i > 0:
            break
        if _SECTION_START.match(text):
            break
        if text.startswith(("附件", "附表", "当前位置", "首页", "您现在", "索引号")) and not _TITLE_END.search(text):
            continue
        title = re.sub(r"^附[件表]\s*[0-9一二三]{0,2}(?:-[0-9])?\s*[:：.、]?\s*", "", text)
        end = i + 1
        if "\t" in head[i].text:
            continue
        if not _is_title(title):
            # A title that its page, or its first line, broke within a word: 2023年部门决 / 算情况说明.
            whole = (
                title + plain(end)
                if end < len(head) and (i < 2 or head[end].new_page) and not _SECTION_START.match(plain(end))
                else ""
            )
            if not _broken_title(title, whole, head[end : end + 1]):
                continue
            title, end = whole, end + 1
        while not _TITLE_END.search(title) and end < min(len(head), i + 3):
            more = _spread(plain(end))
            if (
                len(more) > 30
                or _SECTION_START.match(more)
                or not _TITLE_END.search(more)
                or re.search(r"[。；:]", more)
            ):
                break
            title += more
            end += 1
        if end < len(head) and head[end].new_page and _TITLE_REST.fullmatch(plain(end)):
            title, end = title + plain(end), end + 1
        if end < len(head) and _PROJECT_BELOW.fullmatch(plain(end)) and _TITLE_END.search(title):
            title, end = title + plain(end), end + 1
        # A line above that names the department or the year belongs to it.
        for j in (i - 1, i - 2):
            above = plain(j) if j >= 0 else ""
            cut = (
                head[j + 1].new_page
                and 0 < len(above) <= 40
                and not re.search(r"[。；:>|,]|[年度]$", above)
                and not _TITLE_END.search(above)
            )
            if not (_heads_title(above, title) or (j >= 0 and cut)) or "\t" in head[j].text:
                break
            title = above + title
        return title, end
    for block in document.blocks[:6]:
        if isinstance(block, Table):
            for cell in block.cells:
                if cell.row > 2:
                    break
                text = _plain(cell.text)
                if _is_title(text) and cell.colspan * 2 >= block.n_cols:
                    return text, 0
    return None, 0


# （农村公路养护资金）: the project of a title that names none
_PROJECT_BELOW = re.compile(r"[(][^()。;]{3,40}(?:资金|经费|项目|专项|补助|补贴|工程)[)]")


def _broken_title(first: str, whole: str, second: Sequence[Line]) -> bool:
    """True when `whole`, a line and the next one, is a title that neither of the two is."""
    return (
        bool(whole)
        and _is_title(whole)
        and re.search(rf"{_TITLE_END.pattern}|[决预]算$", whole) is not None
        and not _is_title(_plain(second[0].text[:120]))
        and "\t" not in second[0].text
        and not first.endswith(("。", "；"))
        and (_YEAR_AFTER.search(_chinese_years(whole)) is not None or _named(whole) is not None)
    )


def _heads_title(above: str, title: str) -> bool:
    """True when the line above a title is its beginning: a year, a department that the title lacks, a place broken off."""
    if not above or len(above) > 30 or above in title or re.search(r"[。；:>|,]", above):
        return False
    if re.fullmatch(r"(?:关于)?20[0-9]{2}年度?", above) or _place_only(above):
        return True
    bare = re.sub(r"关于|20[0-9]{2}年度?|(?:部门|单位)(?:本级)?$", "", above)
    return _ORG_FULL.fullmatch(bare) is not None and _named(title) is None


def _place_only(text: str) -> bool:
    """A line that is nothing but a year and a place, broken off a title."""
    rest = re.sub(r"^(?:关于)?(?:20[0-9]{2}|二[〇零0][一二〇零][一二三四五六七八九〇零])年度?", "", text)
    chain = gazetteer().prefix(rest)
    return chain is not None and chain.end == len(rest)


def _beside(title: str, after: Sequence[str]) -> str | None:
    """A department in brackets at the title's end, or under it: （荷塘区民政局）, ——荷塘区民政局."""
    for text in (title, *after):
        m = (
            re.search(r"[(](?P<a>[^()0-9]{4,30})[)]$", text)
            if text is title
            else re.fullmatch(r"(?:[(](?P<b>[^()0-9]{4,30})[)]|-{1,3}(?P<c>[^()0-9-]{4,30}))", text)
        )
        name = m and next((g for g in m.groups() if g), None)
        if name and _clean_value(name) == name:
            return name
    return None


def _under(below_title: Sequence[str]) -> Iterator[_Name]:
    """The department, with its place, on the line under the title: all that the cover of many a project's report says."""
    for line in below_title:
        chain = gazetteer().prefix(line)
        if chain is not None and chain.end < len(line) and _clean_value(line) == line:
            yield _Name(line, 6)


def _named(title: str) -> str | None:
    """The department in a title, as written; None when it names none."""
    # 年度…: the year stands on a line of its own above
    text = re.sub(r"^(?:附件[0-9-]*)?(?:关于|湖南省财政厅关于|年度(?!计划))", "", title.strip("《》"))
    text = re.sub(r"(?:关于)?(?:20[0-9]{2}(?:-20[0-9]{2})?年度?|二[〇零0oO][一二〇零0-9]{2}年度?)(?:本级)?", "\n", text)
    for piece in text.split("\n"):
        # 关岭县, 于田县: not a bare 关 or 于.
        part = re.sub(r"(?:关于|[-_()（）,、的\s])+$", "", re.sub(r"^(?:[-_()（）,、的\s]|关于)+", "", piece))
        if not part:
            continue
        cut = _REPORT_WORD.search(part)
        body = part[: cut.start()] if cut else part
        body = re.sub(r"(?:[(](?:本级|汇总|机关|部门)[)]|本级|机关本级|部门|单位)$", "", body).strip(" ()、的-_")
        if not body or _GENERIC.fullmatch(body) or len(body) < 2:
            continue
        if _ORG_FULL.fullmatch(body):
            return body
        # A project behind the department: 荷塘区教育局校舍维修项目.
        chain = gazetteer().prefix(body)
        at = chain.end if chain else 0
        short = _ORG.match(body, at)
        if (
            short
            and (chain or re.match(r"[省市区县州旗]", body) or _OFFICE_ALONE.fullmatch(short[0]))
            and short.end() - at >= 2
            and not _NO_OFFICE.search(body, at, short.end())
        ):
            return _longest_org(body, at)
    return None


# 交通运输局农村公路养护项目: an office without its place, before the project
_OFFICE_ALONE = re.compile(r"[\u4e00-\u9fff]{2,12}(?:局|委员会|法院|检察院|办事处|人民政府)")
# 城区中小学校舍, 某县农村公路: what a project is for, no office
_NO_OFFICE = re.compile(r"中小学|农村|城乡|老旧|各(?:村|镇|乡|街道|单位)")


def _longest_org(text: str, at: int) -> str:
    """The office that `text` starts with behind its place: 人民政府办公室, not 人民政府."""
    first = _ORG.match(text, at)
    if first is None:
        return text
    end = first.end()
    for more in ("办公室", "委员会", "办事处", "办"):
        for m in re.finditer(more, text[end : end + len(more) + 6]):
            if m.start() <= 4 and text[at:end].endswith(("政府", "委", "会", "局", "街道")):
                return text[: end + m.end()]
    return text[:end]


# --- year, date, kind ------------------------------------------------------------------------------------------------


def _chinese_years(text: str) -> str:
    """二〇二二年 as 2022年."""
    return _CN_YEAR.sub(lambda m: "20" + "".join(_CN_DIGITS.get(c, c) for c in m[0][2:4]) + "年", text)


def _year_of_title(text: str) -> int | None:
    text = _chinese_years(text)
    marked = [int(y) for y in _YEAR_DU.findall(text)]
    if marked:
        return marked[-1] if len(set(marked)) == 1 else None
    plain = {int(y) for y in _YEAR_AFTER.findall(text)}
    return plain.pop() if len(plain) == 1 else None


def _year_of_name(name: str) -> int | None:
    if (year := _year_of_title(name)) is not None:
        return year
    found = {int(y) for y in re.findall(r"(?<![0-9A-Za-z])(20[12][0-9])(?![0-9])", name)}
    return found.pop() if len(found) == 1 and re.search(r"[\u4e00-\u9fff]", name) else None


def _year_of_body(body: str, tables: Sequence[Table], tail_start: int) -> int | None:
    """The year of the statements: column heads first (the latest), else the year that most statements name."""
    heads: set[int] = set()
    for table in tables:
        for cell in table.cells:
            if cell.row > 6:
                break
            if "年" in cell.text and (
                m := re.match(r"\s*(20[0-9]{2})\s*年\s*度?\s*(?:决算数?|预算数?|实际在职|年末|执行数?|全年)", cell.text)
            ):
                heads.add(int(m[1]))
    if "二〇" in body or "二○" in body:
        body = _chinese_years(_half(body))
    votes: Counter[int] = Counter()
    for m in _STATED.finditer(body, 0, tail_start):
        if m.start() and body[m.start() - 1] in "比较自从至于以":
            continue
        votes[int(m[1])] += 2 if m[2] else 1
        if m[2] == "度":
            votes[int(m[1])] += 1
    if heads:
        latest = max(heads)
        if not votes or votes[latest] >= 0:
            return latest
    if not votes:
        return None
    (first, n), *rest = votes.most_common(2)
    if rest and rest[0][1] == n:
        return max(first, rest[0][0]) if abs(first - rest[0][0]) == 1 else None
    return first


def _as_date(text: str) -> date | None:
    if m := _DATE.search(text):
        parts = (int(m[1]), int(m[2]), int(m[3]))
    elif c := _CN_DATE.search(text):
        parts = (int("20" + "".join(_CN_DIGITS.get(x, x) for x in c[1][2:4])), _cn_number(c[2]), _cn_number(c[3]))
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _cn_number(text: str) -> int:
    digits = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
    tens, ten, units = text.partition("十")
    if not ten:
        return digits.get(text, 0)
    return (digits.get(tens, 1) if tens else 1) * 10 + (digits.get(units, 0) if units else 0)


_DATE_LINE = re.compile(rf"(?:[\u4e00-\u9fff()（） 　]{{0,40}})?(?:{_DATE.pattern}|{_CN_DATE.pattern})[ 。）)]*")


def _reported_on(run: Sequence[Line], tables: Sequence[Table]) -> tuple[date | None, int]:
    """The date of signature (a line of its own, perhaps behind the department's name), and the index of its line."""
    for i in range(len(run) - 1, -1, -1):
        text = run[i].text
        if len(text) > 120 or ("年" not in text and "-" not in text and "." not in text and "/" not in text):
            continue
        plain = _half(text).strip()
        filled = _FILLED.search(plain)
        if filled and (found := _as_date(plain[filled.end() : filled.end() + 30])):
            return found, i
        if (
            i >= len(run) * 0.3
            and len(plain) <= 60
            and not filled
            and _DATE_LINE.fullmatch(plain)
            and not re.search(r"发布|截[至止]|[:]", plain)
        ):
            return _as_date(plain), i
    for table in tables:
        for cell in table.cells[-12:]:
            plain = _half(cell.text)
            if (m := _FILLED.search(plain)) and (found := _as_date(plain[m.end() : m.end() + 30])):
                return found, -1
    return None, -1


# 乡村医生补助经费绩效自评: the funds of one project; 财政资金绩效评价 are any
_OF_A_PROJECT = re.compile(
    r"项目(?:支出|资金|绩效)|专项(?:资金|经费)|项目.{0,4}绩效|"
    r"[\u4e00-\u9fff]{2}(?<!财政)(?<!部门)(?<!单位)(?<!预算)(?:资金|经费|补助|补贴|奖补|工程)(?:支出|使用|预算)?的?绩效"
)


def _kind(title: str | None, name: str, body: str) -> str:
    for text in (title, name):
        if not text:
            continue
        if "目标" in text and re.search(r"申报|目标表", text) and "自评" not in text:
            return "budget"
        if re.search(r"整体(?:财政)?支出", text):
            return "overall_self_evaluation"
        if _OF_A_PROJECT.search(text) and re.search(r"绩效|自评|评价", text):
            return "project_self_evaluation"
        if "绩效" not in text and "自评" not in text:
            if "决算" in text:
                return "final_account"
            if "预算" in text:
                return "budget"
        elif "决算" in text and re.search(r"部门决算|决算公开", text):
            return "final_account"
        if re.search(r"绩效自评|绩效评价|自评报告", text):
            return "overall_self_evaluation"
    if re.search(r"整体支出绩效(?:自评|评价|情况)|部门整体支出", body):
        return "overall_self_evaluation"
    if re.search(r"项目支出绩效自评表|项目绩效(?:自评|评价)", body):
        return "project_self_evaluation"
    if re.search(r"绩效目标(?:申报)?表", body):
        return "budget"
    if re.search(r"部门决算(?:情况|报表|说明)|收入支出决算总表", body):
        return "final_account"
    return "overall_self_evaluation"


# --- department ------------------------------------------------------------------------------------------------------


# 主管部门 甲局 项目单位 乙中心: the cells of a row that blanks part
_NEXT_LABEL = re.compile(
    r"[ \t\u3000]+(?=(?:项目|主管|实施|预算|填报|编制)(?:单位|部门|名称|人|代码|负责人)[ \t\u3000:：])"
)
_EVALUATOR = re.compile(r"事务所|(?:咨询|评估|管理|顾问|造价)[^、]{0,6}公司")  # who was paid for evaluating


def _clean_value(text: str) -> str | None:
    """A department's name out of a form cell: without seals, codes, contacts; None when it is none."""
    text = _SEAL.sub("", _plain(_NEXT_LABEL.split(text)[0]))
    text = re.sub(
        r"^[(\[]?[0-9]{3,}[)\]]?\s*[-_]?\s*|(?:联系人|填报人|填表人|联系电话|负责人|填报日期|\s(?:单位|金额|填报|部门|负责)).*$",
        "",
        text,
    ).strip(" -_:：()（）、。")
    if not 2 <= len(text) <= 40 or re.search(r"[0-9]{4}|万元|[。；,]|盖章|公章", text) or _GENERIC.fullmatch(text):
        return None
    if _EVALUATOR.search(text):
        return None
    m = _ORG_FULL.match(text)
    if m is None:
        return None
    return text if len(text) - m.end() <= 0 else m[0] if text[m.end()] in " (（" else None


def _from_forms(run: Sequence[Line], tables: Sequence[Table]) -> Iterator[_Name]:
    for table in tables:
        previous = None
        for cell in table.cells:
            if cell.row > 7:
                break
            if previous is not None and previous[1] == cell.row and cell.text.strip():
                if name := _clean_value(cell.text):
                    yield _Name(name, previous[0])
                previous = None
            text = cell.text
            if 2 <= len(text) <= 60:
                plain = _spread(_half(text)).rstrip(":*")
                rank = _CELL_LABELS.get(_SEAL.sub("", plain))
                if rank is not None:
                    previous = (rank, cell.row)
                elif ":" in plain and (m := _LABEL_LINE.match(_half(text).strip())):
                    rank = _CELL_LABELS.get(_SEAL.sub("", _spread(m["label"])))
                    if rank is not None and (name := _clean_value(m["value"])):
                        yield _Name(name, rank)
    for line in run:
        if len(line.text) > 60 and ("单位" in line.text or "部门" in line.text):
            yield from _from_flattened(_half(line.text[:400]))
        head = line.text[:1]
        if head in "部单预填编项实主自评发" and len(line.text) <= 200 and (m := _LABEL_LINE.match(_half(line.text))):
            rank = _CELL_LABELS.get(_SEAL.sub("", _spread(m["label"])))
            if rank is not None and (name := _clean_value(m["value"])):
                yield _Name(name, rank)
    yield from _from_pasted_cells(run)


_ALONE = 20  # characters: no label of a cell is longer


def _from_pasted_cells(run: Sequence[Line]) -> Iterator[_Name]:
    """Names behind their label in another cell of a pasted row, or on the line below a label alone."""
    for n, line in enumerate(run):
        if "\t" in line.text:
            cells = [c.strip() for c in line.text.split("\t") if c.strip()]
        elif len(line.text) <= _ALONE and line.text not in ("单位", "部门") and n + 1 < len(run):
            cells = [line.text, run[n + 1].text[:60].partition("\t")[0]]
        else:
            continue
        for label, value in pairwise(cells):
            if len(label) > _ALONE or label[-1] not in _LABEL_ENDS:
                continue
            rank = _CELL_LABELS.get(_SEAL.sub("", _spread(_half(label)).rstrip(":*")))
            if rank is not None and (name := _clean_value(value)):
                yield _Name(name, rank)


_FLATTENED = re.compile(
    r"(?:^| )(?P<label>(?:部门|单位|预算部门|预算单位|项目单位|项目实施单位)(?:[(](?:单位|部门)[)])?名称|填报单位|填报部门|编制单位|自评单位|实施单位|项目实施单位|项目单位|主管部门)"
    r"(?:[(](?:盖章|公章)[)])? ?[: ] ?(?P<value>\S{2,40})(?= |$)"
)


def _from_flattened(text: str) -> Iterator[_Name]:
    """Names out of a form on one line, whose cells stand behind single blanks: 部门名称 荷塘区民政局 年度预算申请 …"""
    for m in _FLATTENED.finditer(text):
        name = _clean_value(m["value"])
        if name and m["value"].strip("()").endswith(name):  # a budget code may stand before it
            yield _Name(name, _CELL_LABELS.get(m["label"], 3))


_ALIAS = re.compile(r"[(]\s*以下(?:简称|称)[:]?\s*[“\"「]?(?P<short>[\u4e00-\u9fff、或]{2,16})[”\"」]?")
_ALIAS_OF = re.compile(r"[\u4e00-\u9fff、()“”·]{4,40}$")
_IS_ORG = re.compile(
    rf"(?P<office>[\u4e00-\u9fff、()“”·]{{1,34}}?(?:{ORG_END}))(?:[(][^()]{{0,30}}[)])?,?"
    r"(?:是|为|系|属于?|成立于|组建于|内设|现有|下设|核定|主要(?:职责|职能|负责)|承担|共有|作为|[(]以下简?称)"
)


def _from_text(text: str) -> Iterator[_Name]:
    """Names out of the first pages: X（以下简称…）, X是区政府工作部门."""
    for chain in gazetteer().scan(text):
        m = _IS_ORG.match(text, chain.end)
        if (
            m is None
            or _ORG_BAD.search(m["office"])
            or re.fullmatch(r"(?:[区县市]?委|[区县市]?(?:人民)?政府|人大)+", m["office"])
        ):
            continue
        party = re.search(rf"{_PARTY.pattern}$", text[max(0, chain.start - 12) : chain.start])
        yield _Name((party[0] if party else "") + text[chain.start : m.end("office")], 5)


# 安宁市水利局对2022年度…项目开展了自评, 安宁市水利局组织开展了绩效自评: who evaluates its own project
_EVALUATES = re.compile(
    rf"(?P<office>[\u4e00-\u9fff、]{{1,24}}?(?:{ORG_END}))(?<!财政局)(?<!财政厅)(?:[(][^()]{{0,30}}[)])?,?"
    r"(?:高度重视|认真|及时|迅速|组织|成立|对照?[^,。]{0,40}(?:进行|开展|实施)|对20\d\d年度?|结合[^,。]{2,14},|开展了?[^,。]{0,16}自评)"
)
_LETTERHEAD = re.compile(r"(?P<office>[\u4e00-\u9fff、]{4,30}?)文件")
_DOCUMENT_NO = re.compile(r"[\u4e00-\u9fff]{2,10}[〔\[(]20\d\d[〕\])]\d+号")


def _from_letterhead(run: Sequence[Line]) -> Iterator[_Name]:
    """The office of 安宁市水利局文件 above a document number, or alone on the first line."""
    top = [_SPACE.sub("", _half(line.text)) for line in run[:6]]
    for n, text in enumerate(top):
        m = _LETTERHEAD.fullmatch(text)
        below = top[n + 1 : n + 3]
        if m and (n == 0 or any(_DOCUMENT_NO.search(t) for t in below)) and (name := _clean_value(m["office"])):
            yield _Name(name, 5)


def _from_opening(head: str) -> Iterator[_Name]:
    """The office, with its place, that the first pages say evaluated its own work."""
    for chain in gazetteer().scan(head):
        m = _EVALUATES.match(head, chain.end)
        if m and not (_ORG_BAD.search(m["office"]) or _EVALUATOR.search(m["office"])):
            yield _Name(head[chain.start : m.end("office")], 7)


_ORG_BAD = re.compile(
    r"公司|领导小组|指挥部|领导|区委、|县委、|市委、|各部门|有关部门|工作部门|全部|内部|干部|进一步|贯彻|任务|[的了在与对以]"
)


def _from_signature(run: Sequence[Line], signed: int) -> Iterator[_Name]:
    if signed < 0:
        return
    own = re.sub(r"(?:20[0-9]{2}|二[〇零]).*$", "", _plain(run[signed].text)).strip()
    for text in (own, _plain(run[signed - 1].text) if signed else ""):
        name = _clean_value(text)
        if name and len(text) <= 40:
            yield _Name(name, 6)
            return


def _split(name: str) -> tuple[str, Chain | None, str, str]:
    """A name as (party prefix, chain of divisions, level character of a bare 区教育局, office)."""
    party = ""
    if m := _PARTY.match(name):
        party = m[0]
    chain = gazetteer().prefix(name, len(party))
    if chain is not None and chain.start != len(party):
        chain = None
    rest = name[chain.end if chain else len(party) :]
    generic = ""
    if chain is None and len(rest) > 2 and rest[0] in _LEVEL_CHAR and rest[1] not in "场属":
        generic, rest = rest[0], rest[1:]
    return party, chain, generic, rest


def _within(short: str, full: str) -> bool:
    """True when the characters of `short` stand in `full` in this order: 文旅局 in 文化旅游广电体育局."""
    it = iter(full)
    return all(c in it for c in short)


def expand(office: str) -> str:
    """An office's full name where the short form means the same everywhere; otherwise the form as given."""
    labels = department_labels()
    if office in labels:
        return labels[office]
    for size in range(min(len(office) - 1, 8), 1, -1):
        if office[:size] in labels and office[size:].startswith(("驻", "机关", "本级")):
            return labels[office[:size]] + office[size:]
    if office.endswith("街道"):
        return office + "办事处"
    if len(office) >= 2 and office[-1] in "镇乡":
        return office + "人民政府"
    if office.endswith(("镇政府", "乡政府")):
        return office[:-2] + "人民政府"
    return office


def _same(a: str, b: str) -> bool:
    """True when two offices, without their places, are the same one written short and long."""
    a, b = expand(a), expand(b)
    a, b = (f"{x}公室" if x.endswith("办") else x for x in (a, b))
    if a == b:
        return True
    short, full = (a, b) if len(a) <= len(b) else (b, a)
    return len(short) >= 2 and short[-1] == full[-1] and _within(short, full) and len(full) <= len(short) * 4


def _fullest_office(office: str, names: Iterable[str], text: str, place: str) -> str:
    """The longest form of `office` that the report itself writes behind the place's name, or that stands in `names`."""
    best = expand(office)
    for name in names:
        other = expand(_split(name)[3])
        if _same(office, other) and len(other) > len(best):
            best = other
    if best == office and place:
        at = text.find(place)
        hops = 0
        while at >= 0 and hops < 12:
            begin = at + len(place)
            for m in re.finditer(_ORG_END_RE, text[begin : begin + 24]):
                run = text[begin : begin + m.end()]
                # Where the office stands in full, what follows is the sentence; so is all behind a verb or another place.
                if run.startswith(best) or _NO_NAME.search(run) or next(gazetteer().scan(run), None) is not None:
                    break
                if _same(office, run) and len(run) > len(best):
                    best = run
                    break
            at = text.find(place, begin)
            hops += 1
    return best


_ORG_END_RE = re.compile(ORG_END)
# Marks, and words that only a sentence has: no name of an office holds them.
_NO_NAME = re.compile(
    r"[,，。；：:\s“”《》0-9是的了在被着]|系(?=[区县市省州政])|内设|下设|设有|围绕|坚持|紧扣|按照|根据|没有|当年|本年|全年|负责|作为|属于|始终|依据|年度|为(?:财政|全额|差额|行政|参公|公益|正|副|[一二])"
)


def official_name(party: str, chain: Chain | None, division: Division | None, office: str) -> str:
    """The name under the module's rule. `division` is what the chain, or the report where there is no chain, resolved to."""
    if chain is None and division is None:
        return party + office
    if chain is not None:
        place = chain.text
        if division is not None and division.level == "county":
            city = division.city
            if division.name.endswith("区") and city and not chain.cities and chain.province is None:
                place = city + division.name
            elif chain.cities and city and city not in place and not division.name.endswith(("县", "旗")):
                # 长沙芙蓉区
                place = (
                    (
                        chain.province.name
                        if chain.province and chain.province.level == "province" and chain.province.name != city
                        else ""
                    )
                    + city
                    + division.name
                )
        elif (
            division is not None
            and division.level == "city"
            and place == division.short_name
            and division.name.endswith("市")
            and not _is_institute(office)
        ):
            place = division.name
        return party + place + office
    assert division is not None
    if division.level == "county" and division.name.endswith("区"):
        return party + division.city + division.name + office
    return party + division.name + office


def _is_institute(office: str) -> bool:
    return (
        re.search(r"(?:学院|大学|中学|小学|学校|医院|院|馆|公司|开发区|高新区|新区|园区|管委会|管理委员会)", office)
        is not None
    )


def _division_of_text(text: str, level: str | None, year: int | None) -> Division | None:
    """The division that the report's own text keeps naming, of `level` where that is known; None when none stands out."""
    votes: Counter[str] = Counter()
    cities: Counter[str] = Counter()
    kept: dict[str, Division] = {}
    unclear: Counter[str] = Counter()
    for chain in gazetteer().scan(text):
        if chain.cities:
            cities[chain.cities[0].name] += 1
        d = chain.resolve(year)
        if d is None:
            unclear[chain.text] += 1
            continue
        if level is None or d.level == level:
            votes[d.code] += 3 if chain.cities and d.level == "county" else 1
            kept[d.code] = d
    for name, n in unclear.items():
        for city in cities:
            for found in gazetteer().county(name):
                if found.city == city and (level in (None, "county")):
                    votes[found.code] += n
                    kept[found.code] = found
    if not votes:
        return None
    ranked = votes.most_common(2)
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None
    return kept[ranked[0][0]]


def _level_of_text(text: str) -> str | None:
    """The level of the government that the report answers to: 区委、区政府 or 市委、市政府."""
    n = {
        "county": sum(text.count(w) for w in ("区委、区", "县委、县", "区委区政府", "县委县政府", "区政府", "县政府")),
        "city": sum(text.count(w) for w in ("市委、市", "市委市政府", "市政府")),
        "province": sum(text.count(w) for w in ("省委、省", "省委省政府", "省政府")),
    }
    best = max(n, key=lambda k: n[k])
    return best if n[best] and n[best] > sorted(n.values())[-2] else None


def _admin_level(office: str, division: Division | None, chain_level: str | None) -> str | None:
    if re.search(
        r"街道(?:办事处|工作委员会|党工委)?$|^[\u4e00-\u9fff]{1,6}(?:镇|乡)(?:人民政府)?$|(?:镇|乡)人民政府$|街道办$",
        office,
    ):
        return "township"
    if division is not None:
        return division.level
    return chain_level


def identify(document: Document) -> Identity:
    """Read a document's identity. Fields that the document does not say, or says in two ways, are None."""
    run = list(lines(document))
    tables = [b for b in document.blocks if isinstance(b, Table)]
    stem = _plain(re.sub(r"\.[A-Za-z]{2,5}$", "", document.name.replace("\\", "/").rpartition("/")[2]))
    stem = re.sub(r"^[0-9a-f_ .-]{8,}$", "", stem)
    title, below = _find_title(run[:40], document)
    if title is None and stem and _is_title(stem):
        title = re.sub(r"^(?:附件)?[0-9]{0,3}[-_.、 ]*(?=20[0-9]{2}|[\u4e00-\u9fff])", "", stem)
    head = _plain_head(run)
    reported_on, signed = _reported_on(run, tables)
    body_end = run[signed].start if signed >= 0 else len(document.text)

    year = _year_of_title(title) if title else None
    if year is None and stem:
        year = _year_of_name(stem)
    if year is None:
        year = _year_of_body(document.text, tables, body_end)

    aliases = {
        m["short"]: full[0]
        for m in _ALIAS.finditer(head)
        if (full := _ALIAS_OF.search(head[max(0, m.start() - 40) : m.start()]))
    }
    below_title = [_plain(line.text[:60]) for line in run[below : below + 1]] if below else []
    in_title = title and (_named(title) or _beside(title, below_title))
    found = [*_names(run, tables, head=head, stem=stem, signed=signed, aliases=aliases), *_under(below_title)]
    names = sorted(found, key=lambda n: n.rank)
    if in_title:
        names.insert(0, _Name(in_title, -1))
    department = _compose(document.text, head, names, aliases, year)
    division = department.division
    return Identity(
        title=_chinese_marks(title),
        department_name=department.name,
        department_as_written=department.written,
        province=division.province if division else None,
        city=(division.city or None) if division else None,
        district=department.district,
        division_code=division.code if division else None,
        admin_level=department.level,
        fiscal_year=year,
        report_kind=_kind(title, stem, document.text),
        reported_on=reported_on,
    )


_SECTION_NAME = re.compile(
    r"[(（]?一[)）、]\s*((?:[区县市省州]|[\u4e00-\u9fff]{2,6}[区县市省州])?[\u4e00-\u9fff]{1,12}?(?:局|办|委|厅|中心|办公室|院|校|会))(?:基本)?(?:情况|概况)"
)


_IN_CHARGE = re.compile(
    r"(?:项目|资金|工作)由((?:[区县市]|[\u4e00-\u9fff]{2,6}[区县市])?[\u4e00-\u9fff]{2,12}?(?:局|委员会|办公室|中心))(?:具体|牵头|统一)?(?:负责|组织|实施)"
)


def _names(
    run: Sequence[Line], tables: Sequence[Table], *, head: str, stem: str, signed: int, aliases: dict[str, str]
) -> Iterator[_Name]:
    """Every name of a department outside the title, with the rank of its place."""
    found = False
    for n in _from_forms(run, tables):
        found = True
        yield _Name(n.text, n.rank * 2 if n.rank < 4 else 9)
    for meant in aliases.values():
        chain = next(iter(gazetteer().scan(meant)), None)
        if chain is not None:
            found = True
            yield _Name(meant if _PARTY.match(meant) else meant[chain.start :], 4)
    for n in (*_from_letterhead(run), *_from_text(head), *_from_signature(run, signed), *_from_opening(head)):
        found = True
        yield n
    if stem and (named := _named(stem)):
        found = True
        yield _Name(named, 7)
    if not found:
        placed = next(gazetteer().scan(head), None) is not None  # 县交通运输局 alone is one of a thousand
        for m in (*_SECTION_NAME.finditer(head), *(_IN_CHARGE.finditer(head) if placed else ())):
            if not _GENERIC.fullmatch(m[1]):
                yield _Name(m[1], 8)


def _plain_head(run: Sequence[Line]) -> str:
    """The first pages, half-width and without layout blanks; broken lines joined."""
    out: list[str] = []
    size = 0
    for line in run:
        out.append(line.text)
        size += len(line.text)
        if size > 2400:
            break
    return _CJK_GAP.sub("", _half("\n".join(out)))


@dataclass(frozen=True, slots=True)
class _Department:
    """The department that the names in a report come to."""

    name: str | None
    written: str | None
    division: Division | None
    level: str | None
    district: str | None


def _compose(text: str, head: str, names: Sequence[_Name], aliases: dict[str, str], year: int | None) -> _Department:
    """Settle on one department out of all names met, best place first. `head` is the first pages of `text`, plain."""
    if not names:
        division = _division_of_text(head, _level_of_text(text), year)
        return _Department(None, None, division, division.level if division else None, _district(division, None))
    written = names[0].text
    if (full := aliases.get(written)) is not None:
        chain = next(iter(gazetteer().scan(full)), None)
        names = [_Name(full[chain.start :] if chain and not _PARTY.match(full) else full, -2), *names]
    party, chain, generic, office = _split(names[0].text)
    level = chain.level if chain else _LEVEL_CHAR.get(generic)
    # The same office named more fully elsewhere in the report gives the place, and the party prefix.
    alike = [n.text for n in names[1:] if _same(office, _split(n.text)[3])]
    if chain is None or chain.resolve(year) is None or len(chain.text) < 6:
        for other in alike:
            more_party, more, _, _ = _split(other)
            if (
                more is not None
                and level in (None, more.level)
                and (chain is None or (len(more.text) > len(chain.text) and chain.text in more.text))
            ):
                chain, party = more, party or more_party
                break
    office = _fullest_office(office, alike, head, chain.text if chain else "")
    if chain is not None:
        division = chain.resolve(year)
        if division is None and (seen := _division_of_text(text, chain.level, year)) in chain.candidates():
            division = seen
        level = chain.level
    else:
        level = level or _level_of_text(text)
        division = (
            _division_of_names(names[1:], level, year)
            or _division_of_text(head, level, year)
            or _division_of_text(text, level, year)
        )
        if division is None:
            office = generic + office
    name = official_name(party, chain, division, office)
    division = _of_branch(office, division) or division
    return _Department(name, written, division, _admin_level(office, division, level), _district(division, chain))


_BRANCH = re.compile(r"(?:局|支队|总队|中心|院)(?P<place>[\u4e00-\u9fff]{2,6}?)(?:分局|大队|分院|分中心)$")


def _of_branch(office: str, division: Division | None) -> Division | None:
    """The district of 公安局岳麓分局 in its city; None when the office is no branch, or is called after no district."""
    m = _BRANCH.search(office) if division is not None and division.level == "city" else None
    if m is None:
        return None
    called = (m["place"] + end for end in ("", "区", "县", "市"))
    found = {d.code: d for name in called for d in gazetteer().county(name, division) if d.valid_to is None}
    return next(iter(found.values())) if len(found) == 1 else None


def _division_of_names(names: Sequence[_Name], level: str | None, year: int | None) -> Division | None:
    """The one division of `level` that other names met in the report carry; None when there are none or several."""
    chains = (_split(n.text)[1] for n in names)
    found = {d.code: d for c in chains if c is not None and (d := c.resolve(year)) and level in (None, d.level)}
    return next(iter(found.values())) if len(found) == 1 else None


def _district(division: Division | None, chain: Chain | None) -> str | None:
    if division is not None:
        return division.name if division.level == "county" else None
    return chain.counties[0].name if chain is not None and chain.counties else None


def _chinese_marks(title: str | None) -> str | None:
    """Brackets and colons as a Chinese title has them; digits stay half-width."""
    return title.replace("(", "（").replace(")", "）").replace(":", "：") if title else None
