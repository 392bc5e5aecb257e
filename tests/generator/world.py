"""The department behind a synthetic report: its name, its place, its money, its people. Everything true before it is worded."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from tests.generator.facts import quantize

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"

# kind -> names after the place; {} stands for the place's own word (区, 县, 市)
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "office": (
        "人民政府办公室",
        "机关事务服务中心",
        "行政审批服务局",
        "人民代表大会常务委员会办公室",
        "档案馆",
        "信访局",
    ),
    "education": ("教育局", "教育体育局", "第一中学", "实验小学", "教师进修学校", "特殊教育学校"),
    "health": ("卫生健康局", "疾病预防控制中心", "妇幼保健院", "中医医院", "医疗保障局"),
    "civil": ("民政局", "残疾人联合会", "退役军人事务局", "救助管理站"),
    "police": ("公安局", "司法局"),
    "court": ("人民法院", "人民检察院"),
    "agriculture": ("农业农村局", "水利局", "林业局", "乡村振兴局", "畜牧水产事务中心"),
    "transport": ("交通运输局", "公路养护中心", "交通运输综合行政执法大队"),
    "emergency": ("应急管理局", "消防救援大队"),
    "market": ("市场监督管理局", "食品药品检验所"),
    "culture": ("文化旅游广电体育局", "文化馆", "图书馆", "博物馆", "融媒体中心"),
    "urban": ("城市管理和综合执法局", "住房和城乡建设局", "市政园林服务中心", "环境卫生服务中心"),
    "street": ("街道办事处", "镇人民政府", "乡人民政府"),
    "jobs": ("人力资源和社会保障局", "就业服务中心", "社会保险事业服务中心"),
    "finance": ("财政局", "审计局", "统计局", "发展和改革局", "国库集中支付中心"),
    "tech": ("科技和工业信息化局", "商务局", "工业和信息化委员会", "招商促进服务中心"),
}
TOWNS = (
    "城关",
    "河西",
    "新民",
    "太平",
    "石桥",
    "龙泉",
    "东湖",
    "永安",
    "建设路",
    "南门",
    "白马",
    "双溪",
    "高桥",
    "和平",
    "青山",
)
PROJECT_STEMS: dict[str, tuple[str, ...]] = {
    "*": (
        "信息化运行维护",
        "党建工作",
        "驻村帮扶",
        "档案整理",
        "食堂运转",
        "物业管理",
        "业务工作",
        "设备购置",
        "法律顾问",
        "宣传",
        "办公用房维修",
        "聘用人员",
    ),
    "office": ("政务公开", "会议", "文印室运转", "公务用车平台", "督查考核", "市民热线"),
    "education": ("义务教育学校公用", "校舍维修改造", "学生营养改善", "教师培训", "高考考务", "校园安保"),
    "health": ("基本公共卫生服务", "疫情防控", "计划生育奖励", "村医补助", "妇女“两癌”筛查"),
    "civil": ("城乡低保", "殡葬服务", "养老服务", "退役士兵安置", "残疾人康复"),
    "police": ("办案业务", "社区矫正", "辅警", "法律援助", "天网工程"),
    "court": ("办案业务", "陪审员", "司法救助", "审判庭维修"),
    "agriculture": ("高标准农田建设", "动物防疫", "农机购置补贴", "防汛抗旱", "森林防火", "农村厕所革命"),
    "transport": ("农村公路养护", "治超站运行", "公交补贴", "桥梁检测"),
    "emergency": ("安全生产监管", "应急物资储备", "防灾减灾", "专职消防队"),
    "market": ("食品抽检", "特种设备监管", "打假办案", "知识产权"),
    "culture": ("免费开放", "文物保护", "群众文化活动", "农家书屋", "旅游宣传"),
    "urban": ("垃圾清运", "路灯电费", "绿化养护", "违法建设拆除", "公厕运行"),
    "street": ("社区运转", "网格化管理", "环境整治", "综治维稳", "老旧小区改造"),
    "jobs": ("就业补助", "劳动监察", "职业技能鉴定", "公益性岗位"),
    "finance": ("投资评审", "绩效评价", "国库支付系统", "经济普查", "审计业务"),
    "tech": ("科技创新奖励", "招商引资", "企业服务", "消费券"),
}
PROJECT_TAILS = ("经费", "专项经费", "专项资金", "项目", "工作经费", "补助资金", "支出")
BODIES = (
    "办公室",
    "财务股",
    "人事股",
    "法规股",
    "规划股",
    "业务一股",
    "业务二股",
    "综合股",
    "督查股",
    "政策研究室",
    "信息股",
    "行政审批股",
    "监察室",
    "基层工作股",
)
# class -> sections with items, as the government revenue and expenditure classification names them
FUNCTIONS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "office": (
        ("20103", "政府办公厅（室）及相关机构事务", "2010301", "行政运行"),
        ("20103", "政府办公厅（室）及相关机构事务", "2010302", "一般行政管理事务"),
    ),
    "finance": (("20106", "财政事务", "2010601", "行政运行"), ("20106", "财政事务", "2010602", "一般行政管理事务")),
    "education": (("20502", "普通教育", "2050202", "小学教育"), ("20502", "普通教育", "2050203", "初中教育")),
    "police": (("20402", "公安", "2040201", "行政运行"), ("20402", "公安", "2040220", "执法办案")),
    "agriculture": (("21301", "农业农村", "2130101", "行政运行"), ("21301", "农业农村", "2130108", "病虫害控制")),
    "health": (
        ("21001", "卫生健康管理事务", "2100101", "行政运行"),
        ("21004", "公共卫生", "2100408", "基本公共卫生服务"),
    ),
}
COMMON_FUNCTIONS = (
    ("20805", "行政事业单位养老支出", "2080505", "机关事业单位基本养老保险缴费支出"),
    ("21011", "行政事业单位医疗", "2101101", "行政单位医疗"),
    ("22102", "住房改革支出", "2210201", "住房公积金"),
)
CLASS_NAMES = {
    "201": "一般公共服务支出",
    "204": "公共安全支出",
    "205": "教育支出",
    "208": "社会保障和就业支出",
    "210": "卫生健康支出",
    "213": "农林水支出",
    "221": "住房保障支出",
}
ECONOMIC = (
    ("30201", "办公费"),
    ("30202", "印刷费"),
    ("30205", "水费"),
    ("30206", "电费"),
    ("30207", "邮电费"),
    ("30211", "差旅费"),
    ("30213", "维修（护）费"),
    ("30215", "会议费"),
    ("30216", "培训费"),
    ("30226", "劳务费"),
    ("30228", "工会经费"),
    ("30239", "其他交通费用"),
)
GROUPS = (
    "办公费、印刷费",
    "水费、电费、差旅费",
    "会议费、培训费",
    "邮电费、租赁费、维修费",
    "委托业务费、劳务费",
    "其他费用",
)
LETTERS = ("李", "王", "张", "刘", "陈", "杨", "黄", "周", "吴", "徐")


@dataclass(slots=True)
class Amounts:
    """One account or project in yuan, all multiples of 100 (two decimals of 万元)."""

    prior: Decimal
    initial: Decimal
    full: Decimal
    actual: Decimal

    @property
    def adjustment(self) -> Decimal:
        return self.full - self.initial

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.prior + other.prior, self.initial + other.initial, self.full + other.full, self.actual + other.actual
        )


@dataclass(slots=True)
class Function:
    """One item of the functional classification."""

    code: str
    section: str
    item: str
    amounts: Amounts

    @property
    def class_code(self) -> str:
        return self.code[:3]


@dataclass
class World:
    """A department in a year."""

    year: int
    department: str  # full official name
    alternatives: tuple[str, ...]
    short: str  # the place's short form with its word: 芦淞区
    self_names: tuple[str, ...]
    kind: str
    province: str
    city: str | None
    district: str | None
    code: str
    personnel: Amounts
    operating: Amounts
    items: dict[str, Amounts]
    overseas: Amounts
    reception: Amounts
    vehicle_purchase: Amounts
    vehicle_running: Amounts
    functions: list[Function]
    economic: dict[str, Amounts]
    groups: dict[str, Amounts]
    staff: dict[str, int]
    assets: dict[str, Decimal]
    other_income: Decimal
    carry_in: Decimal
    bodies: tuple[str, ...]
    letters: dict[str, str] = field(default_factory=dict)

    @property
    def basic(self) -> Amounts:
        return self.personnel + self.operating

    @property
    def project(self) -> Amounts:
        out = Amounts(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
        for item in self.items.values():
            out = out + item
        return out

    @property
    def total(self) -> Amounts:
        return self.basic + self.project

    @property
    def vehicle(self) -> Amounts:
        return self.vehicle_purchase + self.vehicle_running

    @property
    def three_public(self) -> Amounts:
        return self.overseas + self.reception + self.vehicle


@lru_cache(maxsize=1)
def places() -> tuple[tuple[str, str, str, str, str], ...]:
    """(code, name, level, province, city) of the divisions in force."""
    with (REFERENCE / "divisions.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if not r["valid_to"] and not r["valid_from"]]
    out = []
    for r in rows:
        if r["level"] == "county" and r["province"] and r["city"] and r["name"] not in ("市辖区", "县"):
            out.append((r["division_code"], r["name"], "county", r["province"], r["city"]))
        elif r["level"] == "city" and r["name"].endswith("市"):
            out.append((r["division_code"], r["name"], "city", r["province"], r["name"]))
    return tuple(out)


def _amount(rng: random.Random, low: float, high: float) -> Decimal:
    """Log-uniform between two amounts in 万元, in yuan."""
    return Decimal(int(low * (high / low) ** rng.random() * 100)) * 100


def _amounts(rng: random.Random, low: float, high: float) -> Amounts:
    initial = _amount(rng, low, high)
    drift = rng.random()
    full = (
        initial if drift < 0.3 else quantize(initial * Decimal(str(round(0.85 + rng.random() * 0.5, 3))) / 100, 0) * 100
    )
    actual = (
        full
        if rng.random() < 0.35
        else quantize(full * Decimal(str(round(0.7 + rng.random() * 0.3, 3))) / 100, 0) * 100
    )
    prior = quantize(actual * Decimal(str(round(0.7 + rng.random() * 0.6, 3))) / 100, 0) * 100
    return Amounts(prior, initial, full, actual)


def _split(rng: random.Random, whole: Amounts, n: int) -> list[Amounts]:
    """Parts that add up in every column."""
    cuts = [rng.random() + 0.1 for _ in range(n)]
    scale = sum(cuts)
    parts: list[Amounts] = []
    rest = whole
    for cut in cuts[:-1]:
        share = Decimal(str(round(cut / scale, 4)))
        part = Amounts(
            *(quantize(v * share / 100, 0) * 100 for v in (whole.prior, whole.initial, whole.full, whole.actual))
        )
        rest = Amounts(
            rest.prior - part.prior, rest.initial - part.initial, rest.full - part.full, rest.actual - part.actual
        )
        parts.append(part)
    return [*parts, rest]


def _name(rng: random.Random, kind: str) -> tuple[str, tuple[str, ...], str, tuple[str, str, str, str, str]]:
    """Full name, other right spellings, the part after the place, and the place."""
    place = places()[int(rng.random() * len(places()))]
    _, name, level, _, city = place
    tail = rng.choice(DEPARTMENTS[kind])
    if kind == "street":
        tail = rng.choice(TOWNS) + tail
    elif tail in ("人民政府办公室",) and level == "county" and rng.random() < 0.2:
        tail = "人民政府办公室"
    if level == "city":
        return name + tail, (), tail, place
    joined = city + name + tail
    if name.endswith("区") and city != name:
        return joined, (), tail, place
    return name + tail, (joined,), tail, place


def make_world(rng: random.Random) -> World:
    """A department whose sums all close."""
    kind = rng.choice(list(DEPARTMENTS))
    full_name, alternatives, tail, place = _name(rng, kind)
    code, name, level, province, city = place
    year = rng.choice((2018, 2019, 2020, 2021, 2022, 2022, 2023, 2023, 2024))
    zero = Amounts(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
    size = rng.choice((0.4, 1, 1, 3, 10))
    stems = list(dict.fromkeys(PROJECT_STEMS["*"] + PROJECT_STEMS[kind]))
    rng.shuffle(stems)
    items = {}
    for stem in stems[: rng.randint(1, 7)]:
        prefix = f"{year}年" if rng.random() < 0.06 else ""
        items[f"{prefix}{stem}{rng.choice(PROJECT_TAILS)}"] = _amounts(rng, 1.2 * size, 220 * size)
    personnel, operating = _amounts(rng, 150 * size, 1500 * size), _amounts(rng, 18 * size, 220 * size)
    total = personnel + operating
    for item in items.values():
        total = total + item
    own = FUNCTIONS.get(kind, FUNCTIONS["office"])
    chosen = [*own[: rng.randint(1, 2)], *COMMON_FUNCTIONS[: rng.randint(1, 3)]]
    functions = [Function(c[2], c[1], c[3], a) for c, a in zip(chosen, _split(rng, total, len(chosen)), strict=True)]
    picked = sorted(rng.sample(range(len(ECONOMIC)), rng.randint(3, 7)))
    economic = {
        f"{ECONOMIC[i][0]} {ECONOMIC[i][1]}": a
        for i, a in zip(picked, _split(rng, operating, len(picked)), strict=True)
    }
    groups = dict(zip(GROUPS, _split(rng, operating, len(GROUPS)), strict=True))
    posts = rng.randint(5, 160)
    adm = rng.randint(0, posts)
    serving = max(2, posts - rng.randint(-2, 9))
    retired, cadre = rng.randint(0, 90), rng.choice((0, 0, 0, 1, 2))
    staff = {
        "posts": posts,
        "adm": adm,
        "inst": posts - adm,
        "serving": serving,
        "retired": retired,
        "cadre": cadre,
        "contract": rng.randint(1, 60),
    }
    staff["gone"] = retired + cadre
    staff["all"] = serving + retired + cadre
    opening, bought, sold = _amount(rng, 60, 4000), _amount(rng, 1, 60), _amount(rng, 1, 50)
    assets = {"open": opening, "buy": bought, "sell": sold, "close": opening + bought - sold}
    self_names = ["本部门", "我单位", "本单位", f"我{tail[-1]}" if tail[-1] in "局站馆院校" else "我单位"]
    if tail.endswith("中心"):
        self_names.append("我中心")
    return World(
        year=year,
        department=full_name,
        alternatives=alternatives,
        short=name,
        self_names=(rng.choice(self_names),),
        kind=kind,
        province=province,
        city=city,
        district=None if level == "city" else name,
        code=code,
        personnel=personnel,
        operating=operating,
        items=items,
        overseas=zero,
        reception=_amounts(rng, 0.2, 9) if rng.random() < 0.8 else zero,
        vehicle_purchase=_amounts(rng, 15, 40) if rng.random() < 0.15 else zero,
        vehicle_running=_amounts(rng, 1, 40) if rng.random() < 0.7 else zero,
        functions=functions,
        economic=economic,
        groups=groups,
        staff=staff,
        assets=assets,
        other_income=_amount(rng, 2, 80),
        carry_in=_amount(rng, 1, 90),
        bodies=tuple(rng.sample(BODIES, rng.randint(3, 8))),
        letters={
            "person": rng.choice(LETTERS) + "某",
            "phone": f"0{rng.randint(311, 938)}-{rng.randint(2000000, 8999999)}",
        },
    )
