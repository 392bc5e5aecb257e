"""Numbers that are not figures: dates, document and phone numbers, ordinals, slogans, thresholds, list numbers."""

from __future__ import annotations

import re

from dagster_project.extraction.numbers import Number, is_too_large

_DATE_UNITS = {
    "年",
    "月",
    "日",
    "号",
    "岁",
    "周年",
    "届",
    "小时",
    "分钟",
    "秒",
    "学时",
    "级",
    "度",
    "类",
    "款",
    "周",
    "世纪",
    "兆",
    "GB",
    "TB",
    "MB",
    "mm",
    "cm",
    "点",
    "步",
    "层",
    "线",
    "路",
    "代",
}
_LIST_BEFORE = re.compile(r"(?:^|[,;:。、!\)]|其中:?)$")
_QUOTED = re.compile(r"[“\"‘「][^“”\"‘’「」]{1,30}[”\"’」]|《[^》]{1,120}》")
_QUOTE_MARK = re.compile(r"[“\"‘「《]")
_LETTER = re.compile(r"[A-Za-z]")
_CLASS_CODE = re.compile(r"2[0-3]\d(?:\d{2}){1,2}")
_YEAR_NUMBER = re.compile(r"(?:19|20)\d\d")
_PHASE_OF = re.compile(r"建设|工程|项目|改造|扩建|续建|系统|平台")  # 二期工程 is one, 培训2期 are two
_NUMBERED_TABLE = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:附?[表图]|附件)$|[见如][下上]?[表图]$|附[表件图]$"
)  # 表1, no 代表1人
_PER_SO_MANY = re.compile(r"\d/$")  # 186.3/10万
_LIMITED = re.compile(r"(?:单价|单位价值|单台|价值|原值|金额|限额|标准|注册资本|投资额)(?:在|为)?$")


def quoted_ranges(text: str) -> list[tuple[int, int]]:
    """Ranges of short quotations and document titles in folded `text`: numbers in them are parts of names."""
    return [m.span() for m in _QUOTED.finditer(text)] if _QUOTE_MARK.search(text) else []


def reason_not_a_figure(text: str, number: Number, quotes: list[tuple[int, int]]) -> str | None:
    """Why `number`, found in the folded sentence `text`, is no figure; None when it may be one."""
    if number.unit == "万" and _PER_SO_MANY.search(text, max(0, number.start - 2), number.start):
        return "unit"
    if number.unit in ("类", "款", "项") and _CLASS_CODE.fullmatch(number.value_as_written):
        return "code"  # 2013301项行政运行431万元
    before, after = text[max(0, number.start - 8) : number.start], text[number.end : number.end + 8]
    unit, money = number.unit, number.kind == "money"
    tail = text[number.value_end : number.value_end + 4]
    if (len(number.value_as_written) > 8 or "亿" in unit) and is_too_large(number.value, unit):
        return "too_large"
    inside = quotes and any(a < number.start and number.end < b for a, b in quotes)
    if inside and not (money and unit != "万" and text[number.end : number.end + 1] not in "以"):
        return "name"
    if (
        before.endswith("-")
        and re.search(r"\d-$", before)
        and number.value_as_written.isdigit()
        and len(number.value_as_written) >= 7
    ):
        return "phone"
    if before.endswith(("×", "*", "x", "X")) and unit in ("%", ""):
        return "formula"
    if before.endswith(("第", "No.", "NO.", "编号", "代码")):
        return "ordinal"
    if len(number.value_as_written) <= 2 and _NUMBERED_TABLE.search(before):
        return "ordinal"
    dated = unit == "年" or unit.endswith("年度") or (unit != "月" and tail.startswith(("年", "月", "日")))
    if dated and (re.match(r"\d{4}", number.value_as_written) or (number.chinese and number.value >= 1900)):
        return "date"
    if unit in ("年", "月", "日", "号") or (unit == "" and tail[:1] in ("年", "月", "日", "号")):
        return "date"
    if unit in _DATE_UNITS:
        return "duration"
    if unit == "期" and _PHASE_OF.match(after):
        return "name"
    if number.chinese:
        return _chinese_reason(before, after, number)
    if unit == "":
        return _bare_reason(text, number, before, after)
    if not money and _LETTER.match(before[-1:]):
        return "name"
    if after.startswith(("以上", "(含)", "及以上", "以下", "(不含)")) and _LIMITED.search(before):
        return "threshold"
    if (
        money
        and "以" in after
        and re.match(
            r"(?:\((?:不)?含\))?(?:及)?以[上下](?:的)?(?:通用|专用|大型|设备|设施|项目|固定|货物|工程|服务|采购|支出|资金|的)",
            after,
        )
    ):
        return "threshold"
    if unit in ("个", "项", "条", "件") and before.endswith("一"):
        return "name"
    return None


_DISCRETE = {
    "公里",
    "亩",
    "千米",
    "平方米",
    "块",
    "个月",
    "个季度",
    "人",
    "名",
    "位",
    "篇",
    "次",
    "场",
    "场次",
    "件",
    "条",
    "家",
    "期",
    "批",
    "批次",
    "人次",
    "户",
    "起",
    "台",
    "辆",
    "处",
    "所",
    "份",
    "套",
    "座",
    "本",
    "张",
    "例",
    "宗",
    "节",
    "轮",
    "项",
    "支",
    "队",
    "幅",
    "门",
    "只",
    "册",
}
_ORGANISATION_AFTER = re.compile(
    r"^(?:大)?(?:内设|职能|二级|下属|直属|所属|事业|行政|预算|业务|派出|股级|科级|副科|正科|机关|中层|综合|基层)*(?:机构|科室|股室|处室|单位|项目|环节|中心|部门|支部|党支部|科|股|站|所|大队|中队|专项|街道|镇|乡|社区|村)"
)


def _chinese_reason(before: str, after: str, number: Number) -> str | None:
    value, unit, qualified = (
        number.value,
        number.unit,
        number.qualifier is not None or before.endswith(("近", "约", "余", "超", "达")),
    )
    if number.kind == "money" and re.fullmatch(r"[百千]", number.value_as_written) and re.match(r"[一-鿿]", after):
        return "name"  # 百元医疗收入的材料费
    if unit in ("%", "个百分点") or number.kind == "money":
        return None
    if unit in ("个", "大") or unit.endswith("环节"):
        counted = unit == "个" and re.match(r"[,;。、)]|$", after) and re.search(r"[一-鿿]{2}$", before)
        return None if value >= 2 and (_ORGANISATION_AFTER.match(after) or counted) else "indefinite"
    if unit.lstrip("万亿千百") not in _DISCRETE or before.endswith(
        ("每", "第", "各", "某", "同", "任", "统", "唯", "之", "万众", "专", "进", "逐")
    ):
        return "indefinite"
    if (
        value >= 2
        and re.match(r"[,;。、)]|$", after)
        and re.search(r"[一-鿿]{2}$", before)
        and not before.endswith(("周", "月", "年", "日", "天", "季度"))
    ):
        return None
    if unit in ("人", "名") and re.search(
        r"(?:编制|在职|退休|离休|职数|主任|局长|书记|人员|实有|在编|在岗|工勤|聘用)(?:为|共|共有|有|:|数|人数|核定)?$",
        before,
    ):
        return None
    if value < 2 or (
        value < 10
        and unit in ("次", "项", "件", "条", "批", "支", "门", "块", "本", "张", "队", "处", "节", "轮")
        and not qualified
    ):
        return "indefinite"
    if value == 10 and not qualified:
        return "indefinite"
    return None


def _bare_reason(text: str, number: Number, before: str, after: str) -> str | None:
    written = number.value_as_written
    if after.startswith(("、", ".", "．", ")")) and (not before or _LIST_BEFORE.search(before) or before.endswith("(")):
        return "list_number"
    if before.endswith(("(", "[")) and after.startswith((")", "]")):
        return "list_number"
    if before.endswith(("[", "发", "字")) or after.startswith(("]", "号", "文件")):
        return "document_number"
    if len(written.replace(",", "")) >= 7 and "." not in written and "," not in written:
        return "code"
    if re.fullmatch(r"1\d{4}|12345|123\d\d|110|119|120", written) and re.match(
        r"(?:市长|政务|政府|便民|服务|热线|平台|投诉|举报)", after
    ):
        return "phone"
    if _YEAR_NUMBER.fullmatch(written):
        return "date"
    if (
        _LETTER.match(before[-1:])
        or _LETTER.match(after[:1])
        or before.endswith(("-", "/", "*", "×"))
        or after.startswith(("-", "/", "*", "×", "+"))
    ):
        return "name"
    return "no_unit"
