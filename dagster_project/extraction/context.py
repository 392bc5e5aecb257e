"""What a section's heading says about the figures below it: budget book, subject, and what kind of section it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dagster_project.extraction.subjects import (
    GRANT,
    LISTED_TAIL,
    PROJECT_TAIL,
    VERB,
    functional_label,
    functional_term,
    lacks_item,
    project_name,
    resembles_functional,
    strip_enumerator,
)
from dagster_project.extraction.vocabulary import vocabulary

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "measures",
        re.compile(
            r"改进措施|下一步|整改|工作建议|有关建议|措施和建议|意见建议|改进建议|工作打算|工作计划|对策建议|(?:^|[、.)])(?:相关|有关)?建议[:。]?$"
        ),
    ),
    ("problems", re.compile(r"存在的?(?:主要)?(?:困难|问题)|问题及原因|主要问题|不足|偏离")),
    ("assets", re.compile(r"资产|国有资产占用|车辆及设备")),
    (
        "goals",
        re.compile(
            r"(?<!完成的)(?<!实现的)(?:绩效|总体|年度|工作|预期)目标(?!.*(?:完成|实现|情况|达成))|目标设[置定]|重点工作(?:任务|计划)$|工作任务$|主要任务|年度重点工作$|^重点工作[:：]?$"
        ),
    ),
    (
        "performance",
        re.compile(
            r"(?:完成|实现)的(?:绩效|年度|工作)?目标|绩效(?:情况|目标(?:完成|实现|达成)|自评情况|分析)|履职|产出|效益|完成情况|工作(?:完成|成效|开展|亮点|情况|总结)|主要(?:做法|成效|工作)|取得的?成效|"
            r"成果|目标.*情况|满意度|运行成本|管理效率|社会效应|实施效果|综合评价|成绩|成效|工作绩效"
        ),
    ),
    ("performance", re.compile(r"绩效(?!目标)|评价结论|履职|效果|亮点")),
    ("functions", re.compile(r"职能|职责|业务范围")),
    (
        "organisation",
        re.compile(r"机构|人员|(?<!规划)(?<!预算)(?<!方案)编制|概况|基本情况|基本信息|部门构成|单位构成|队伍"),
    ),
    ("funds", re.compile(r"支出|收支|收入|预算|决算|资金|经费|三公|执行|采购|结转|结余|财政")),
)
_SUMMARY = re.compile(r"(.{2,50}?)(?:项目)?(?:绩效自评综述|自评综述|绩效自评情况)[:。]?$")
NO_PROJECT_TITLE = re.compile(
    r"(?:情况|分析|评价|原因|(?<!工程)措施|概况|(?:资金|项目|财务|预算|绩效|资产|组织|制度|过程|监督|业务|内部|专项|经费|使用|及|和|与|的|工作|执行|收支|会计|政府采购|合同)管理|^.{0,5}管理|绩效|目标|问题|使用|说明|结果|建议|组织|实施|执行|总投入|合计)$"
)
_ACHIEVEMENT = re.compile(
    r"(?:增长|提升|提高|向好|加强|改善|优化|推进|落实|显著|明显|有力|有效|见效|突破|发展|巩固|增强|平稳|稳健|扎实|到位|加快)$"
)
_GRANT_TAIL = re.compile(rf"(?:{GRANT}|津贴|奖金)$")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_OF_A_PROJECT = re.compile(
    r"(?:项目|专项)?(?:资金|预算|经费|支出|绩效|实施|产出|效益|完成|管理|组织|概况|基本|目标|安排|使用|执行|投入|及)+(?:情况|分析)?[:。]?"
)
_LISTED_EXPENDITURE = re.compile(r"([^,;:。]{3,30}支出)[:。]?")
_PROJECT_LIST = re.compile(
    r"项目(?:支出|资金|经费|情况|明细|安排|预算|组织|实施|执行|管理|完成|绩效(?!目标))|专项(?:资金|经费|支出|工作)|项目$"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What stands over a figure: `kind` of the section, the label of its budget book, the account label of its heading,
    whether its numbered items are projects."""

    kind: str
    book_term: str | None
    account_term: str | None
    lists_projects: bool
    in_project_chapter: bool  # some heading above speaks of special funds or project expenditure
    title: str
    project: str | None  # the project that the heading names, if it stands in a list of projects
    project_listed: bool  # a heading above says that projects are listed
    item: str | None  # what the heading names, if it is numbered and may be a project's name


@lru_cache(maxsize=4096)
def _kind(title: str) -> str | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), None)


def _named_project(title: str, tail: re.Pattern[str] = PROJECT_TAIL) -> str | None:
    """The project that a numbered heading is the name of."""
    plain, numbered = strip_enumerator(title)
    name = project_name(plain)
    if not name or not numbered or functional_term(plain) or NO_PROJECT_TITLE.search(title):
        return None
    return name if tail.search(name) or _GRANT_TAIL.search(name) else None


@lru_cache(maxsize=4096)
def context_of(path: str | None) -> Context:
    """The context of a heading path, "二、一般公共预算支出情况 / （一）基本支出情况". The nearest heading that says something wins."""
    titles = [re.sub(r"[\s“”\"]", "", t).replace("（", "(").replace("）", ")") for t in (path or "").split(" / ")]
    kind = next((k for t in reversed(titles) if (k := _kind(t))), "")
    # A plain money section inside the performance chapter stays performance, and a goal list stays a goal list.
    outer = [k for t in titles if (k := _kind(t))]
    if kind in ("funds", "organisation", "") and "goals" in outer[:-1]:
        kind = "goals"
    if kind == "funds" and "performance" in outer[:-1] and _ACHIEVEMENT.search(titles[-1]):
        kind = "performance"  # 财税收入稳步增长 among what was achieved
    books = vocabulary().books
    book = next((m.label for t in reversed(titles) if (m := books.last(t))), None)
    leaf = titles[-1]
    code = None if "绩效" in leaf else functional_term(leaf)
    if code and lacks_item(leaf, code):
        code = functional_label(leaf)  # an item that the vocabulary lacks has no code, and not its section's
    # 国有资本经营预算支出 is a class's name as well as the book's
    account = (code if code != "223" else None) or next(
        (m.label for m in vocabulary().accounts.find(leaf) if m.code not in ("total", "income")), None
    )
    lists_projects = bool(_PROJECT_LIST.search(leaf)) or (
        len(titles) > 1 and bool(re.search(r"^.{0,4}项目支出|专项资金", titles[-2])) and kind != "performance"
    )
    chapter = any(re.search(r"专项(?:资金|经费)|项目支出", t) for t in titles)
    plain, numbered = strip_enumerator(leaf)
    summary = _SUMMARY.match(plain)
    project = project_name(summary[1]) if summary else None
    if project is None and len(titles) > 1:
        project = _named_project(leaf)
    above = [bool(_PROJECT_LIST.search(t) or "专项" in t) for t in titles]
    listed = any(above[:-1])
    if project is None and any(above[:-2]) and _OF_A_PROJECT.fullmatch(plain):
        project = _named_project(titles[-2])  # （一）河道整治专项 / 1.资金情况
    if project is None and listed and numbered and (named := _LISTED_EXPENDITURE.fullmatch(plain)):
        code = functional_term(named[1])
        known = vocabulary().accounts.get(named[1])
        if (
            not known
            and (code is None or resembles_functional(named[1], code))
            and not NO_PROJECT_TITLE.search(named[1])
        ):
            project, account = named[1], None
    if project is not None and account and account != project and account in project:
        account = None  # 防汛专项经费项目 is a project, and not a part of the 专项经费 in its name
    aside = account is not None and account not in _IN_BRACKETS.sub("", leaf)  # 困难学生资助（国家助学金）
    if project is None and listed and kind in ("funds", "") and not VERB.match(plain) and (aside or not account):
        project = _named_project(leaf, LISTED_TAIL)  # 农村公路日常养护
        account = None if project else account
    nominal = numbered and len(titles) > 1 and not NO_PROJECT_TITLE.search(leaf)
    item = project_name(plain) if nominal else None
    return Context(kind, book, account, lists_projects, chapter or listed, leaf, project, listed, item)
