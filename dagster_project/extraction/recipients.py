"""Who received a part of the money (拨付甲村12万元、乙村8万元), and what a part of it was paid for (支付货款3万元).

Such an amount is neither the whole's said again nor a project of its own.
"""

from __future__ import annotations

import re

from dagster_project.extraction.identity import ORG_END
from dagster_project.extraction.subjects import last_piece, strip_enumerator

_BODY = rf"(?:{ORG_END}|村|社区|[县市区]|居委会|村委会|合作社|企业|卫生室|农场|林场|村组|农户)"
_PAID = r"(?:拨付|拨给|拨至|下拨|转拨|划拨|分配|下达|支付|发放|补助|奖补|奖励|兑付)"
_NAME = r"[^,;:。()\d]{1,24}?"
_GENERIC = re.compile(r"(?:资金|经费|专项)|^(?:我|本|该|单位|部门|项目(?:单位|部)|实施单位|财政|国库|专户|账户)")
_PAID_TO = re.compile(rf"{_PAID}(?:给|到|至|予|往|了)*(?P<who>{_NAME}{_BODY})(?:等)?$")
_TO_WHOM = re.compile(
    rf"(?:[向给为]|对(?!口))(?P<who>{_NAME}{_BODY})(?:等)?{_PAID}[^,;:。()\d]{{0,10}}(?:资金|补助|补贴|经费|款项?|费|金|共|各)?$"
)
_PAID_WHOM_WHAT = re.compile(
    rf"(?:支付|拨付|兑付)(?:给|了)*(?P<who>{_NAME}(?:公司|(?:村|镇|乡|街道|社区)(?!镇|政府|人民政府|卫生院|卫生室|中心|[大中小]学|学校|敬老院|办事处|居委会|村)|合作社|卫生院|事务所|研究院|设计院|学校|小学|中学|医院|厂))"
    r"(?:的)?(?P<what>[^,;:。()\d]{0,10}(?:款|费用?|资金|补助|经费))$"
)
_LISTED = re.compile(
    rf"{_PAID}(?:情况|明细|金额|资金|名单|具体|分别|如下|为|是|:)*:(?:其中[:,]?)?(?P<who>{_NAME}{_BODY})$"
)
_TO_EACH = re.compile(
    rf"(?:(?:{_PAID}|安排)[^,;:。]{{0,8}}各[^,;:。]{{0,10}}|各[^,;:。]{{1,8}}{_PAID}[^,;:。]{{0,8}})[,:](?:其中[:,]?)?(?P<who>[^,;:。()\d]{{2,20}})$"
)
_NEXT = re.compile(rf"[,、;](?:和|及|与|以及)?(?:{_PAID}(?:给|到|至|予|往|了)*)?(?P<who>[^,;:。、()\d]{{2,24}})$")
_PLACE = re.compile(r"[一-鿿]{1,5}(?:[镇乡村]|街道|社区)")
_OF_A_BODY = re.compile(rf"(?:{_BODY})(?:等)?$")
_THE_OTHERS = re.compile(rf"(?:个)?(?P<who>乡镇|{_BODY})(?:合计|共计|总共|共|各|实际)*(?:{_PAID})?(?:了)?")
_SPENT = re.compile(
    r"(?:[,;、:]|^)(?:其中[:,]?)?(?:全年|本年|当年|共|已|用于)*(?P<what>(?:支付|购买|购置|采购|列支|发放|聘请|印制)[^,;:。、()\d]{2,16})$"
)
_PLANNED = re.compile(r"预算|计划|决算|合同")
_ONLY_MONEY = re.compile(r"(?:支付|采购|列支|发放)(?:了|资金|项目|专项|金额|款项|经费|支出|共计?|合计|总额|给|到位)*")


def recipient(lead: str) -> str | None:
    """The body that the amount behind `lead` was paid to; None when the lead names none."""
    if m := _TO_EACH.search(lead) or _LISTED.search(lead):
        return m["who"]
    piece = strip_enumerator(last_piece(lead))[0]
    m = _PAID_TO.search(piece) or _TO_WHOM.search(piece) or _PAID_WHOM_WHAT.search(piece)
    return None if m is None or _GENERIC.search(m["who"]) else m["who"]


def is_place(name: str) -> bool:
    """甲镇, 乙社区: where a part of the money went, and no project."""
    return _PLACE.fullmatch(name) is not None


def next_recipient(lead: str, before: str) -> str | None:
    """、乙村 behind 拨付甲村12万元: the next body of a row; behind a body of any name (到各乡镇：东乡30万元) one of any name."""
    m = _NEXT.fullmatch(lead)
    return m["who"] if m and (not _OF_A_BODY.search(before) or _OF_A_BODY.search(m["who"])) else None


def rest_of_recipients(lead: str) -> str | None:
    """个村共拨付 behind …、乙村8万元，其余11: what all other bodies of a row received."""
    m = _THE_OTHERS.fullmatch(lead)
    return m["who"] if m else None


def paid_for(lead: str) -> str | None:
    """What a part of a project's money was paid for: 支付货款, 购置桌椅; None for 支付资金, which is the whole again."""
    m = _SPENT.search(lead)
    return None if m is None or _ONLY_MONEY.fullmatch(m["what"]) or _PLANNED.search(m["what"]) else m["what"]
