"""The words that forms are recognised by: seeds/reference/form_labels.csv and indicator_labels.csv.

Labels are compared as keys: folded, without blanks, numbering, units and remarks in brackets (`bare`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from dagster_project.extraction.vocabulary import Labels, read_csv, vocabulary
from dagster_project.reading.folding import fold

INDICATOR_ROLES = frozenset(
    (
        "level_1",
        "level_2",
        "level_3",
        "target",
        "target_sign",
        "target_value",
        "target_unit",
        "achieved",
        "weight",
        "score",
        "deviation",
        "note",
        "group",
    )
)
MONEY_MEASURES = frozenset(
    (
        "initial_budget",
        "full_year_budget",
        "adjusted_budget",
        "actual",
        "prior_year_actual",
        "prior_year_budget",
        "adjustment",
        "carryover_in",
        "carryover_out",
        "appropriation_income",
        "total_investment",
        "change",
    )
)
_LEVEL_ROLES = ("level_1", "level_2", "level_3")


class _Folder(dict[int, str]):
    """`str.translate` table that folds a character when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "" if char.isspace() else fold(char).text.strip()
        self[code] = folded
        return folded


_FOLDER = _Folder()
_PLAIN_KEY = re.compile(r"[!-~\u4e00-\u9fff。、“”]*")  # what most labels are made of folds to itself
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_YEAR = re.compile(r"^(?:[12]\d{3}|20XX)年?度?(?:末|底)?")
_NUMBERING = re.compile(
    r"^(?:其中[:,]?|\d{1,2}[、.](?!\d)|\(\d{1,2}\)|[一二三四五六七八九十]{1,2}[、.]|\([一二三四五六七八九十]{1,2}\)|[①-⑳])+"
)
_QUOTES = dict.fromkeys(map(ord, "“”\"'‘’「」"))
_LETTERS = re.compile(r"(?<=[\u4e00-\u9fff])[A-Z](?:/[A-Z])?$")
POINTS = re.compile(r"[(\[]?(?:共|满分|权重|分值)?:?(\d{1,3}(?:\.\d+)?)(分|%)[)\]]?$")


NUMBER_BEFORE = re.compile(r"^(?:\d{1,2}[、.．]|[(（]\d{1,2}[)）])\s*")  # of a project in a list
_AMOUNT_KEY = re.compile(r"[+-]?[\d,]*\.?\d+%?")


def is_amount_key(key: str) -> bool:
    """True for digits with their points, commas, sign or percent sign, which no label consists of: most cells of a form hold them."""
    return _AMOUNT_KEY.fullmatch(key) is not None


def key_of(text: str) -> str:
    """Folded and without any blanks: what labels are compared by."""
    if _PLAIN_KEY.fullmatch(text):
        return text
    return text.translate(_FOLDER)


@cache
def _roles() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_csv("form_labels.csv"):
        found.setdefault(row["label"], set()).add(row["role"])
    return {label: frozenset(roles) for label, roles in found.items()}


@cache
def _levels() -> tuple[dict[str, str], dict[str, str]]:
    levels: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for row in read_csv("indicator_labels.csv"):
        levels[int(row["level"]) - 1].setdefault(row["label"], row["indicator_code"])
    return levels


@cache
def level_1_names() -> dict[str, str]:
    """indicator code (also of level 2) -> official name of its level 1"""
    return {row["indicator_code"]: row["level_1_zh"] for row in read_csv("indicators.csv")}


def unquoted(text: str) -> str:
    """A name that stands in quotation marks, without them; in “四好农村路”示范创建 they are a part of it."""
    plain = text.strip()
    inner = plain.strip("“”\"'‘’「」 ")
    return inner if inner.count("“") == inner.count("”") else plain


@lru_cache(maxsize=1 << 15)
def bare(key: str) -> str:
    """A label without what forms add to it: numbering, 其中：, (万元), (A), a year, a closing colon."""
    plain = _NUMBERING.sub("", key.translate(_QUOTES))
    if "(" in plain or "[" in plain:
        plain = _BRACKETS.sub("", plain)
    plain = _YEAR.sub("", plain).strip(":;,.、*-")
    return _LETTERS.sub("", plain)


_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 15)
def roles_of(key: str) -> frozenset[str]:
    """The roles of a cell by its key, in the sense of form_labels.csv; empty for an unknown word."""
    if len(key) > 40 or not key or is_amount_key(key):
        return _NONE
    roles = _roles()
    if key in roles:
        return roles[key]
    plain = bare(key)
    if plain in roles:
        return roles[plain]
    if POINTS.search(key):
        return roles.get(bare(POINTS.sub("", key)), _NONE)
    return _NONE


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of money: `term` is a label of measure_labels.csv, `year` the year that the head names."""

    term: str
    code: str
    year: int | None


_HEAD_YEAR = re.compile(r"([12]\d{3})年?度?")


@lru_cache(maxsize=1 << 15)
def measure_of(key: str) -> Measure | None:
    """The measure that a column head names: 2021年决算数, 全年预算数(A), 年初预算数(万元); None for anything else."""
    if not 1 < len(key) <= 30 or is_amount_key(key):
        return None
    measures = vocabulary().measures
    year = _HEAD_YEAR.search(key)
    for plain in (
        key,  # 预算安排情况(调整后), 预算数(A): what stands in brackets is no remark
        bare(key),
        bare(key).removeprefix("其中").removesuffix("金额"),
        bare(key).removesuffix("数") + "数",
    ):
        code = measures.get(plain)
        if code in MONEY_MEASURES:
            return Measure(plain, code, int(year[1]) if year else None)
    return None


@lru_cache(maxsize=1 << 15)
def level_of(key: str, level: int) -> str | None:
    """The indicator code of a level-1 or level-2 label, with or without points and numbering; None when it is unknown."""
    if len(key) > 30 or is_amount_key(key):
        return None
    table = _levels()[level - 1]
    plain = bare(key)
    if code := table.get(key) or table.get(plain):
        return code
    return table.get(bare(POINTS.sub("", key)))


def points_of(key: str) -> re.Match[str] | None:
    """The points that a heading carries: 产出指标(50分), 效益指标 30分."""
    return POINTS.search(key)


def account_label(key: str) -> str | None:
    """The label in account_labels.csv that the cell says, by itself; None when it is unknown."""
    kind = _OF_A_LEVEL.sub("", bare(key)) if "一行)" in key else ""  # 3、县级专项资金(一个专项一行)
    return _known(vocabulary().accounts, key) or (kind if kind in vocabulary().accounts else None)


_CODE_FIRST = re.compile(r"([23]\d{2}(?:\d{2}){0,2})[\u4e00-\u9fff]")


def functional_or_economic(key: str) -> bool:
    """True for a label that opens with a code of the functional or the economic classification: 201一般公共服务支出."""
    m = _CODE_FIRST.match(key)
    return m is not None and not {f"f{m[1]}", f"e{m[1]}"}.isdisjoint(vocabulary().account_parents)


_VEHICLES = frozenset(("vehicle", "vehicle_purchase", "vehicle_running"))
_CARS = "公务用车"


def part_of_vehicles(above: str | None, key: str) -> str | None:
    """The account of 购置费, 运行维护 beside or below that of the vehicles (`above`); None for other words."""
    codes = vocabulary().accounts
    label = account_label(_CARS + bare(key)) if codes.get(above or "") in _VEHICLES else None
    return label if codes.get(label or "") in _VEHICLES - {"vehicle"} else None


def fund_source_label(key: str) -> str | None:
    """The label in fund_source_labels.csv that the cell says, by itself; None when it is unknown."""
    return _known(vocabulary().fund_sources, key)


_OF_A_LEVEL = re.compile(r"^(?:中央|省级?|市级?|州级?|县级?|区级?|本级|上级|其他|[及和、])+(?=专项)")


@lru_cache(maxsize=1 << 15)
def _known(labels: Labels, key: str) -> str | None:
    plain = _NUMBERING.sub("", key.translate(_QUOTES)).strip(":;,.、*-")
    for name in (plain, bare(key), key):
        if name in labels:
            return name
    return None


def is_level(roles: frozenset[str]) -> bool:
    """True when the roles of a head cell are those of an indicator level."""
    return not roles.isdisjoint(_LEVEL_ROLES)


_TITLE = re.compile(r"^(?:附件|附表|附)?[\d一二三四五六七八九十.\-:、]*.{0,50}(?:表|目标)(?:\(.{0,30}\))?(?:续)?$")
_CAPTION = re.compile(r"[(\[]?(?:金额|计量|货币)?单位:?(?:人民币)?(?:亿|百万|千|万)?元[)\]]?$")
_TITLE_NOUNS = re.compile(r"三公|绩效|自评|评价|评分|基础数据|决算|预算|收入|支出|目标")


@lru_cache(maxsize=1 << 15)
def title_kind(key: str) -> str | None:
    """The form that a title line announces: basic_data, overall, project, goal_overall, goal_project, table; or None.

    Source: the form titles of 财预〔2020〕10号 and the provinces' sister forms.
    """
    if not 4 < len(key) <= 70 or key[-1] in "。;,:" or "。" in key:
        return None
    plain = _CAPTION.sub("", key.strip("*#"))  # the unit may stand on the line of the title
    if not _TITLE.match(plain) or not _TITLE_NOUNS.search(plain) or "见附" in plain or "填表" in plain:
        return None
    if "基础数据" in plain or "基本情况表" in plain:
        return "basic_data"
    goal = "目标" in plain and not re.search(r"自评|评价|评分|完成情况|执行情况|监控", plain)
    if "绩效" in plain or "自评" in plain or "评分" in plain:
        project = ("项目" in plain and "整体" not in plain) or ("专项" in plain and "整体" not in plain)
        return ("goal_" if goal else "") + ("project" if project else "overall")
    if plain.endswith("目标"):
        return None
    return "table"


_UNIT = r"(亿元|百万元|千元|万元|元)"
_BRACKETED = re.compile(rf"[(\[](?:单位:?|金额单位:?|人民币)*{_UNIT}[)\]]")
_STATED = re.compile(rf"单位:?(?:人民币)?{_UNIT}(?![氏谋阳江])")  # 元氏县 is no unit
_TRAILING = re.compile(rf"[\u4e00-\u9fff)](?<![百千万亿]){_UNIT}:?$")  # of 500万元 no 元 is left over


def unit_in(key: str) -> str | None:
    """The money unit that a head, group label or caption states; None when it states none."""
    if "元" not in key or len(key) > 60:
        return None
    m = _BRACKETED.search(key) or _STATED.search(key) or _TRAILING.search(key)
    return m[1] if m else None
