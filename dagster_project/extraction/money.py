"""Money in prose: what an amount is about, which measure, whose part, which year.

A lead (the words between two figures) may name all of it; what it leaves out is taken from the clause, item, paragraph or
heading before. The state that later clauses inherit is kept here; `prose` walks the sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import takewhile

from dagster_project.extraction import counts
from dagster_project.extraction.collector import Collector
from dagster_project.extraction.context import NO_PROJECT_TITLE, Context
from dagster_project.extraction.identity import ORG_END
from dagster_project.extraction.numbers import Number
from dagster_project.extraction.own_project import own_project
from dagster_project.extraction.recipients import is_place, next_recipient, paid_for, recipient, rest_of_recipients
from dagster_project.extraction.rows import Figure, Identity
from dagster_project.extraction.spot import Spot
from dagster_project.extraction.subjects import (
    COMPARED_YEAR,
    LISTED_TAIL,
    PROJECT_TAIL,
    SOME_MONEY,
    VERB,
    Word,
    before_first,
    behind_last,
    clean_label,
    functional_label,
    functional_term,
    lacks_item,
    last_piece,
    pieces,
    project_name,
    resembles_functional,
    strip_enumerator,
    unquoted,
    words,
    year_of,
)
from dagster_project.extraction.vocabulary import Match, vocabulary

_PART = re.compile(r"^:|^中[,:]|其中|包括|包含|具体(?:为|是|如下)|分别(?:为|是|用于)|构成|资金来源")
_AFTER_ONLY = re.compile(r"^(?:[,;:。、]|其中|共|有|另有|还有|剩余|余下|的)*$")
_COMPARISON = re.compile(
    r"(?:比|较|与|同)(?:[^,;]{0,14})(?:相比|增|减|下降|上升|多|少|持平)|同比|增加|减少|增长|下降|节约|压减|超支|增幅|降幅"
)
_REMARK_BEHIND = re.compile(
    r"^\((?:[^()\d]|\([^()\d]*\))*\)(?=[,;、])"
)  # 36.8万元（上年无此项支出），: of the amount before
_STANDARD_BEHIND = re.compile(r"^\([^()]*标准[^()]*\)")  # 273.6万元（按生均1000元标准安排）、
_FOR_EXAMPLE = re.compile(r"\([^()\d]{2,20}等\)$")  # 其他收入（食堂结余等）345万元
_BOTH_CLASSES = re.compile(r"工资福利支出[、和及与]对个人和家庭的?补助(?:支出)?(?:共计|合计|共|两项合计)")
_WHAT_FOR = re.compile(
    r"[,(]?主要(?:是|为|用于|系)[^;。]*(?=,(?:调整后|全年|实际支出|实际执行|年末|年终|决算)[^,;。]{0,10}$)"
)
_WITHIN = re.compile(r"[,;]?(?:20\d\d年(?:度)?)?([一-鿿]{2,18}支出)中,(?=[^,;。\d]{2,14}$)")
# 年中追加部分中，人员经费20万元，…
_WITHIN_ADDED = re.compile(r"[,;]?[^,;。\d]{0,8}(?:追加|调增|新增|增拨)[^,;。\d]{0,8}中[,:](?=[^,;。\d]{2,14}$)")
# what is expressly no money of the department: 不计入部门决算, 代管资金, 由财政直接拨付给乡镇
_NOT_CHARGED = re.compile(
    r"[不未](?:计入|纳入|列入|并入|包含在|反映在|体现在)[^,;。]{0,8}(?:决算|账|核算|收支|整体支出)|不在[^,;。]{0,10}(?:账上|账内|账面|决算|核算)|"
    r"不属于?(?:我|本|部门|单位)[^,;。]{0,8}(?:支出|资金|经费|预算)|未在[我本][^,;。]{0,4}(?:列支|核算|反映)|"
    r"由[^,;。]{0,12}(?:公司|企业|集团|乡镇|业主|个人)(?:全额|自行)?(?:承担|负担|支付)"
)
_PAID_BY_THE_TREASURY = re.compile(
    r"财政[^,;。]{0,6}直接(?:支付|拨付|划拨|拨给|兑付)(?=[^,;。\d])(?![^,;。]{0,8}(?:供应商|施工|中标|承建|收款|代理|方式))"
)
_KEPT_FOR_OTHERS = re.compile(r"(?:代管|代收代付|代收代缴|代为?保管)[^,;。]{0,14}$")
# 县移民局列支培训费8万元, 各乡镇配套56万元
_BODY_SPENDS = re.compile(
    r"(?:其中|另有?|同时|由|[一-鿿]{0,2}[各]?)?([一-鿿]{0,14}(?:公司|企业|集团|合作社|业主|乡镇|镇村|镇街|施工单位|承建单位|施工方|承建方|保险机构|村集体|协会|基金会|银行|用人单位)|[县市区镇乡][一-鿿]{1,8}[局办院委所站])"
    r"(?:共同?|各自|自行|累计|实际|负责|已|还|另)*(?:支出|列支|开支|垫付|垫资|投入|配套|自筹|承担|支付|补贴|欠)[^,;。\d]*"
)
_GRANTED = re.compile(
    r"(上级|中央|国家|省|市)(?!本级|场|政|民)级?(?:及?以上)?(?:财政)?(?:下达|安排|拨付|追加)?(?:的)?[^,;。\d]{0,12}?(?:补助|转移支付|专项|资金|拨款|专款)(?:资金|经费|款)?中?(?:下达|安排|拨付|资金|共|为)*$"
)
_GIVEN = re.compile(r"(上级|中央|国家|省|市)级?(?:财政)?(?:下达|拨付|补助|安排)(?:了|共)?")
_PAID_TO_US = re.compile(
    r"财政[局厅部]?(?:实际|共|已)?(?:拨付|拨入|拨款|拨给)(?:给|到|至)?(?:我|本)[局院办委校单中站所队部]"
)
_GRANT_BEHIND = re.compile(r"\((?:其中[:,]?)?(?:中央|上级|省级?)")
_ADDED_BEHIND = re.compile(r"(?:系|均|为|在)*(?:年中|年度中)(?:下达|追加)")
_ADDED_FIRST = re.compile(r"^系?(?:(?:年中|年度中|执行中)?(?:追加|调增|新增)了?)?")
_BESIDES = re.compile(r"另(?:外)?(?:支付|列支|支出|付)[^,;。]{3,}")  # 另支付上年合同尾款5万元
_OF_A_CONTRACT = re.compile(r"度?(?:合同|尾款|应付|欠款)")
_WON = re.compile(r"争取(?:(?:到|了)|(?=上级|中央|国家|省|市))(?![^,;。]*(?:预算|工作经费))")
_SUGGESTED = re.compile(r"(?:^|[,;:、。).是])建议(?!提案|案|办|征)")
_BY_WHOM = r"(?:一般公共预算|政府性基金(?:预算)?|国有资本经营预算|财政|上级|中央|省级?|市级?|县级?|区级?|本级)(?:资金)?"
_ARRANGED = re.compile(rf"({_BY_WHOM})安排的(?=[\u4e00-\u9fff]{{2}})")  # 政府性基金安排的征地补偿: no budget of it
_OUT_OF = re.compile(rf"^{_BY_WHOM}的")
_NO_NAME = re.compile(
    r"各(?:乡|镇|村|县|[市区]|街道|社区|单位|部门|学校)|(?:年?[底末])?(?:累计|已|另(?:支|安排|行)|以上|上述|以前年度|以往年度|分[两二三四五]年|按照|按每|根据|由于|其余|剩余|尚)|因(?!公)"
)
_END_OF_A_NAME = 4
_WHOLE_NAME = 6  # characters that make a name no common word
_OF_A_UNIT = re.compile(r"([一-鿿]{4,20}(?:中心|[大支中]队|管理[所站处]|服务站|医院|学校|图书馆|文化馆))支出$")
_UNIT = (
    r"(?:[局委办厅院校]机关|(?:[局委办厅院]|机关)本级|"
    r"[一-鿿]{2,16}?(?:中心|[大支中]队|管理[所站处]|[^车]站|服务[所站]|研究所|医院|卫生院|学校|[小中]学|[图文档博]书?[化案物]?馆))"
)
_UNIT_MEASURE = r"[:,]?(?:20\d\d年(?:度)?)?(?:部门)?(?:收入|支出)?(?:年初|全年|调整)?(?:预算|决算)(?:数|支出|收入|安排|批复)?(?:为|:)?"
_UNIT_BUDGET = re.compile(rf"(?:^|[,;。:、)]|\d[.、])({_UNIT}){_UNIT_MEASURE}$")
_UNIT_BUDGET_IN_TEXT = re.compile(rf"(?:^|(?<=[,;。:、)]))(?:\d{{1,2}}[.、])?({_UNIT}){_UNIT_MEASURE}\d")
CLASS_OF_PROJECTS = re.compile(r"(?:人员|其他运转|运转|特定目标)类项目")  # of the budget system; no account of the tree
_GIVEN_BACK = re.compile(
    r"(?:已?[由被])?[^,;。:\d]{0,10}(?:收回|统筹|上缴|缴回)[^,;。:\d]{0,8}[,;]"
)  # of the amount before
_TO_FILL_UP = re.compile(
    r"(?:其中)?(?:主要|全部)?用于(?:补充|弥补|偿还|归还)"
)  # of the money just said, not all of the account
_INSTALMENT = re.compile(
    r"[,;、:]?(?:其中[:,]?)?(提前|第?[一二三四]季度|[上下]半年|\d{1,2}月份?|(?:第[一二三四五]|首)[批期])(?:各)?(?:支付|拨付|支出|下达|到位|为|共)*"
)
# the funds that an insurance agency manages are not its expenditure
_INSURANCE_FUND = re.compile(
    r"(?:年度?)?([\u4e00-\u9fff]{2,16}(?:保险|医保|社保):?(?:统筹)?基金)(?:当年|本年|当期|总|累计|滚存)?(?:收入|支出|结余)"
)
_FUND_GOES_ON = re.compile(
    r"(?:当年|本年|本期|当期|全年|累计|滚存)?(?:总|合计)?(?:收入|支出|结余)(?:合计|总额)?(?:为|共)?"
)
_OF_THE_FUND = re.compile(r"[:,]?(?:统筹)?基金(?:当年|本年|当期)?(?:总)?(?:收入|支出|结余)")
_CHANGE_WORD = re.compile(
    r"(?:(?<![未不没无])超(?:出|过)?(?:年初|全年)?预算(?:数)?|增加|减少|增长|下降|降低|节约|节省|压减|上升|提高|多出?|少|压缩|超支|增支|减支|[多少][支用]|核减|相差)(?:了|额|额为|为|约|近|支出|:)?$"
)
_ADJUSTED = re.compile(r"(核减|核增|收回|追减|增拨|调剂减少|净增加|净调[增减])(?:预算|资金|指标|了|共)*$")
CHANGED_TO = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低|压减|[增减降升])(?:到|至)(?:了)?(?:20\d\d年(?:度)?的?|今年的?|本年的?)?$"
)
_COMPARING = re.compile(r"(?:比|较|与|同|相比|相较)[^,;。]{0,16}$")
_MID_YEAR = re.compile(
    r"(?:年中|年度中|中期|执行(?:过程)?中|年内|调整预算数?)[^,;]{0,8}?(增加|新增|核增|下达|安排|减少|核减|收回|压减|调出|缩减)[^,;]{0,6}$"
)
_QUOTED_PROJECT = re.compile(r"[“\"「]([^“”\"「」]{2,40})[”\"」](?:等)?(?:项目|专项)(?!个)[^“”]*$")
_OPEN_QUOTE = re.compile(r"(?:项目|专项)[:]?[“\"「]([^“”\"「」,;:]{3,60})$")
_BEHIND = re.compile(r"^(?:元)?(?:全部|主要|均|都)?(?:用于|用在|用作|作为|为|系|是|属于?|的|安排)([^,;。:]{2,30})")
_MEASURE_BEHIND = re.compile(
    r"^的(?:20\d\d年(?:度)?|部门|部门整体)?(年初预算|预算|全年预算|实际支出|支出决算|决算|支出|调整预算)数?"
)
_BUDGET_BEHIND = re.compile(
    r"^的([^,;。\d]{0,12}?|20\d\d年(?:度)?)(年初预算|全年预算|调整预算|预算)数?(?:中|[之以]?内|里|,|。|总额|规模|范围|下|、)"
)
_SAID_BEHIND = re.compile(r"^的(?:年初|全年|调整|实际|支出)?(?:预算|支出|决算)数?[、,和与及]")
_THEN_BUDGET = re.compile(r"^后[^,;。]{0,8}(?:预算|指标)")
BY_KIND = re.compile(
    r"从(?:资金|经费)?来源看[:,]|(?:其中)?[:,]?(?:如果|若)?按(?:照)?[^,;。:\d]{2,14}(?:分类?|划分|分为|分配)[:,]?"
)
_OF_IT_BY_KIND = re.compile(r"([一-鿿]{2,4}支出)按(?:照)?[^,;。:\d]{2,10}(?:分类?|划分|分为)[:,]")
_PLANNED = re.compile(r"(?<!实际)(?<!已)安排[^,;。]{2,16}支出$")
# headings over a budget, under which 支出 is what is planned
_OF_A_BUDGET = re.compile(r"(?:年初|部门|单位|收支)预算(?:安排|批复|编制|收支|总体)*(?:情况|说明)?[:。]?$")
_FUNDING = re.compile(r"资金(?:安排|下达|来源|筹措|筹集)(?:情况)?[:：。]?(?: / |$)")  # of a project: nothing spent yet
_SPENT_INDEED = re.compile(r"实际|决算|执行|完成|开支|列支|全年支出|共支出|支出了")
_THEN_SPENT = re.compile(  # and its amount at once
    r"(?:\([^()\d]*\))?[,;](?:(?:实际|已|全年|年末|当年|截[至止])[^,;。]{0,12})?(?:支出|使用|支付|拨付|执行|列支|开支|发放|兑付)[^,;。]{0,6}$"
)
_NEXT_ITEM = re.compile(
    r"^;(?!其中|另|同时|全年|年[初中末底]|实际|结[转余]|剩余|上年|本年|当年|完成|占|执行|支出|预算)[^,;:。]{2,24}$"
)
_NAMED_FIRST = re.compile(r"([^,;:。()]{3,40}(?:经费|专项|项目|工程|资金|补助|补贴)):")
_ROW = re.compile(r"^[,、](?:和|及)?([^,;:。、]{3,24})$")
_OWN_WORDS = re.compile(  # a clause, and no name
    r"[了的]|[为是共达至到在超近约余计]$|控制|资金|经费$|支出|预算|决算|结[转余]|执行|完成|剩余|收回|实际|已|合[同计]|平均|最[高低]|其[中余它他]|单位|全[年部额]|[本当上]年|^(?:占|按|以|从|将|被|由|因|每|再|还|又|仍|需|应)"
)
_OF_ALL = re.compile(r"全[年部额]|共|合计|总|累计|[;。]|项目|资金|剩余|其余|余下")
_LEFT = re.compile(r"(?:^|[,;。、])(?:[其剩]余|余下|尚余|余)(?:的|资金|经费)*$")
_NOT_SPENT = re.compile(
    r"(?:已?[由被][^,;。\d]{0,10})?(?:全部|已|均|待|拟|暂|尚|按规定)*(?:结转|结余|收回|上缴|缴回|交回|退回|未)"
)
_INTRODUCES = re.compile(  # 主要项目包括：甲300万元: no project is called so
    r"(?:其中|具体|主要|重点|重大|较大|部分|实施|涉及|安排|支出|\d+万元(?:及)?以上)*的?(?:项目|专项)(?:支出|资金|经费)?(?:主要)?(?:有|包括|如下|为|是|分别是|情况|明细)?"
)
_DOCUMENT = re.compile(r"\([^()]{0,30}\d号(?:文件?)?[^()]{0,12}\)")  # (某财预[2021]26号) names no project
_IN_SHORT = {
    "公车": "公务用车购置及运行维护费",
    "用车": "公务用车购置及运行维护费",
    "出国": "因公出国(境)费",
    "接待": "公务接待费",
}
_PROCURED = re.compile(
    r"(?:采购[^,;。]{0,14}等)?(货物|工程|服务)(?:类|采购|类采购|项目|类项目)?(?:支出)?(?:金额)?(?:为)?"
)
_GLUED = re.compile(r"[一-鿿“”][一-鿿“”、()]{3,40}")
_BEFORE_A_NAME = re.compile(
    r"^(?:如|例如|特别是|尤其是|截[至止](?:目前|20\d\d年(?:底|末)|(?:20\d\d年)?\d{1,2}月(?:底|末|\d{1,2}日)?))"
)
_NO_WORDS = re.compile(r"^(?:[,;:。、()]|其中|共|有|还有|剩余|余下|20\d\d年度?|本年度?|当年|全年|另|\d{1,2}[、.])*$")
_ADDED_AS_REASON = re.compile(r"原因(?:是|为|系|在于)[^,;。]{0,8}?(追加|增拨|增加|新增)(?:[^,;。]|,(?=\d{3}))*$")
_EXPLAINED = re.compile(r"原因(?:是|为|在于|:)[^;。]*[;。]")
_EXPLAINS = re.compile(r"(?<![^,;。])[^,;。]{2,24}的(?:主要)?原因(?:是|为|在于|:)")
_SPENT_ON = re.compile(
    r"(?:\d{1,2}[、.]|\(\d{1,2}\))?[^,;。:\d]{0,12}项目支出(?:资金|经费)?(?:(?:主要|具体|明细|情况|分别)*(?:用于|包括|包含|为|是|有|如下|明细):|中[:,])(?=[^,;。])"
)
_USES = re.compile(r"(?:资金|经费|其中)*,?(?:主要|具体|分别|全部)*(?:用于|包括|包含):(?=[^,;。])")
_PAUSE = re.compile(r"[,;:。、(]")
_CLAUSE_END = re.compile(r"[;。]|(?<!\d),|,(?!\d{3})")
_AGGREGATES = {
    "total",
    "income",
    "basic",
    "personnel",
    "operating",
    "project",
    "three_public",
    "project_special",
    "project_business",
    "project_maintenance",
}
VEHICLES = {"vehicle", "vehicle_purchase", "vehicle_running"}
_INCOME = {
    "income",
    "income_other",
    "income_operation",
    "income_business",
    "income_superior",
    "income_subordinate",
    "income_nontax",
}
_APPROPRIATION = re.compile(
    r"(?:^|[,;、:(中是为])(?:本年|当年)?(?:(?:一般公共预算|政府性基金(?:预算)?|国有资本经营预算)?财政拨款(?:补助)?|"
    r"(?:一般公共预算|公共财政(?:预算)?|政府性基金(?:预算)?)拨款|政府性基金(?:预算)?)(?:收入)?(?:为|是|共|:)?$"
)
# what a grant is for: 省级衔接资金 is of the province
_FOR_WHAT = r"政法|教育|卫生|水利|农业|林业|就业|文化|民政|交通|移民|救灾|扶贫|发展|衔接(?:推进)?|乡村振兴"
_CLOSED_BRACKET = re.compile(r"\([^()\d]{1,20}\)$")
_FUND_LEVEL = re.compile(
    r"^(?:[(（]?\d[)）、.])?(?:其中[:,]?|含|(?:资金|经费)来源(?:为|是|于|包括)?:?|(?:年初|全年|当年)?预算(?:安排|下达))?((?:地方)?(?:政府)?(?:专项|一般)?债券(?:资金)?|(?:(?:福利|体育)?彩票|福彩|体彩)公益金|(?:中央|省级?|市级?|州级?|县级?|区级?|自治区(?:级|本级)?|旗(?:县)?(?:级|本级)?|盟市?(?:级|本级)?|本级|上级|地方|市本级|县本级|区本级|中央和省级|省市县?|市县|县区|自筹|社会|(?:单位|部门|学校|医院|企业|村级|乡镇|镇村|乡村|群众)自筹|其他|其它)(?:车购税|车辆购置税|成品油税)?(?:及?以上|及?以下)?(?:财政|预算内)?(?:"
    + _FOR_WHAT
    + r")*(?:转移支付|配套|补助|专项|拨款|自筹|投入|投资)*(?:资金|专款|拨款|补助|配套|财政|财力)?)(?:为|共|:|预算|安排|投入|拨付|到位|支出|追加)*$"
)
_TOPIC = re.compile(_FOR_WHAT)
_TAX = re.compile(r"车购税|车辆购置税|成品油税")  # 中央车购税补助: what the grant is paid out of
_NOT_A_PROJECT = re.compile(
    r"本级|部门|单位|财政|拨款|基本|预算|决算|年度|全年|其他$|其它$|我[局办区县市]|本[局办区县市]|[局办委院校]$|办公室$|中心$|共$|各类$|所有$|公共$|业务$|重点$|一般$"
)
_EXPENSE = re.compile(r"(?:费用?|经费|支出|款|工资)(?:\([^()]*\))?$|^其[他它]")
_OF_A_BODY = re.compile(rf"[一-鿿]{{1,12}}(?:{ORG_END})(?:本级|机关)?(?:实际|自身)?(?:支出|列支|使用)")
_EXPENSE_ACCOUNT = re.compile(r"e3")
_BODY_END = re.compile(rf"[一-鿿]{{2}}(?:{ORG_END})$|机关$")
_GRANT_ACCOUNT = re.compile(r"e303")
_SHORTEST_NAME, _LONGEST_NAME = 3, 16
_UNKNOWN_NOUN = re.compile(r"([一-鿿]{2,14}(?:支出|收入))(?:预算数?|决算数?|年初预算|为|是|共|:)*$")
_KNOWN_MODIFIER = re.compile(
    r"^(?!住院)(?:[一-鿿]{0,12}(?:局|办|镇)|[一-鿿]{1,12}(?:办公室|委|委员会|中心|厅|院|校|街道|乡|办事处))?(?:共计?|实际|最终|发生|花费|取得|组织|应缴|全年|累计|决算|年终|年末|年底|年度|本年度?|当年|部门|单位|总|年初|完成|用于|安排|整体|财政|拨款|预算|合计|总计|一般公共预算|上年度?|去年|主要|其中|各项|资金|经费|形成|实现|总体|全部|所有|已|的|了|由|从|在|专项|项目|工作|执行|使用|本部门|我单位|本单位|区|县|市)*(?:支出|收入)$"
)
_SPECIAL = "专项资金"
_OTHER = "229"  # 其他支出, which is the last of many a list too
_COMPARISON_FIRST = re.compile("[比较与同]|其中|包括|各|总|年|[本上]期")
_OF_ALL_INCOME = re.compile(r"拨款|预算|决算|财政|基金|经费|追加|调增")
_FIRST_OF_LIST = re.compile(
    r"[:;]([^,;:。\d]{3,30}),(?:年初)?(?:预算|安排)(?:数|资金)?$"
)  # 六个项目的情况是：甲，预算218万元
_YEAR_JUST_SAID = re.compile(COMPARED_YEAR.pattern + "(?:度)?的?$")
_RESTS = {"operating": "其他商品和服务支出"}  # what 其他 is at the end of a list of its parts
_BUDGETS = {"initial_budget", "full_year_budget", "adjusted_budget", "adjustment"}
_WHOLE_BUDGETS = _BUDGETS - {"adjustment"}
_RATE_OF_BUDGET = re.compile(r"(?:完成|占|为)(年初|全年|调整)后?的?预算")
_BUDGET_NAMED = re.compile(r"(年初|全年|调整)后?(?:部门|单位)?预算")
_OF_A_SOURCE = "资金来源额"  # whose money it is; nothing says whether it was budgeted, received or spent
_SEVERAL_YEARS = re.compile(r"[,(]?(?:计划|拟)?分[两二三四五]年")
_CUMULATIVE = re.compile(r"^[,、]?(?:项目|工程|截[至止][^,;。]{0,8})?累计")
_NOT_USED = re.compile(r"(?:尚|仍|还)?未(?:使用|支出|执行|动用)")
_SOME_AMOUNT = "所列金额"  # set aside for something; nothing says in which budget
_KINDS = {"project_business", "project_maintenance", "project_special"}
# The three kinds of form 1-1; 业务工作专项经费 and the like are what a department calls a project of its own.
_STANDARD_KINDS = {
    label for label in vocabulary().accounts.codes if vocabulary().accounts.get(label) == "project_special"
} | {
    "业务工作经费",
    "业务工作经费支出",
    "运行维护经费",
    "运行维护经费支出",
    "业务工作专项",
    "运行维护专项",
}
_WHOLE_OF_A_PROJECT = {"total", "project", "project_special"}  # in a report about one
_PROJECT_GROUPS = {"project", "project_special", "project_business", "project_maintenance", "project_item"}
_ACHIEVED = re.compile(
    r"债务|负债|税收|违规|违纪|查出|产值|生产总值|招商|引资|签约|土地出让|收缴|征收|收取|入库|罚没|罚款|融资|贷款|增加值|零售|销售额|挽回|追回|减免|涉案|欠薪|交易额|标的"
)
_NAMED_FUND = re.compile(r"(?:经费|专项(?:资金)?)$")  # 招商引资工作经费 is not what was won
_DRAWN = re.compile(r"(?:撬动|带动|拉动|吸引)[^,;。\d]{0,14}(?:投资|资金|资本|投入|消费|销售|增收|贷款)[^,;。\d]{0,4}$")
_MONEY_OUTPUT = re.compile(
    r"技工贸|主营业务|(?:企业|园区|旅游|农业|综合)[^,;]{0,4}总收入|(?:医疗|业务|营业|集体|集体经济|经营性|门票|旅游|旅游综合|可支配)收入|(?:农民|居民|村民|群众|贫困户|农户|脱贫户)[^,;]{0,6}收入|税收|财税|财政总收入|地方(?:财政)?收入|违规|违纪|查出|产值|总产值|GDP|生产总值|引资|招商|签约|到位|投资额|固定资产投资|融资|贷款|营业收入|销售额|零售|增加值|挽回|追回|损失|减免|减税|让利|为企业|"
    r"争取|上级资金|筹集|募集|捐|罚|没收|涉案|欠薪|工资|拖欠|发放|收取|兑现|节支|核减|审减|标的|交易额|成交|保费|理赔|赔付|收缴|征收|入库|盘活|变现|出让|化解|债务"
)
# What a contract was let for is no expenditure yet.
_PRICE = re.compile(
    r"(?:招标|中标|成交|控制|拦标|合同|送审|审定|审减|核减|抽查)(?:总)?(?:价款?|金额|资金)[^,;。]{0,4}$|[,;、](?:送审|审定|审减)(?:了|为)?$|"
    r"(?:质量?|履约)保证?金(?:为|共)?$|(?:单[户个位项]|每[户个人])[^,;。]{0,6}最[高低]$|[、,]最[高低]$|"
    r"(?:行政处罚|违规|违纪|追回|追缴|套取|冒领|挪用|重复领取|挤占)[^,;。]{0,20}$"
)
_OWED = re.compile(
    r"(?:尚有|尚欠|仍有|尚缺|年需|约需|尚需|预计需|未支付完毕|缺口|拖欠|欠缴|欠发|债务余额|化债|待[^,;。]{1,8}支付|应配套|应付(?!职工)|应收|预付款|暂付款|往来款|欠付|未付)[^,;。]{0,12}$"
)
_STILL_OWED = re.compile(
    r"(?:尚|暂|还|均|仍)?(?:未(?:支付|付|拨付|兑付|结清|结算)|待[^,;。]{0,8}(?:支付|付款|拨付|兑付|结清|结算))"
)
_ONLY_LINK = re.compile(r"[,、()]*(?:的|(?:实际)?得(?:为|:)?)?")  # 产出指标40分，得38分
_RECEIVED = re.compile(r"[,、]?(?:资金|预算)?实际到位(?:资金|预算)?(?:为|共|:)?")  # of the budget just said
# of the budget just said, too
_ACTUALLY = re.compile(
    r"[,、]?(?:实际(?:采购|支付|使用|发生|开支|列支|兑付|拨付)?|已(?:采购|支付|使用|开支|列支|兑付|拨付))(?:金额|资金|支出|额|数)?(?:为|共|:)?"
)
_PART_OF_RUNNING = re.compile(r"维修|保险|燃[油料]|过[路桥]|停车|洗车|年检")
_BECAUSE = re.compile(r"原因(?:是|为|在于|系|:)[^;。]*$")
_REASONS = re.compile(r"原因[^。]{0,4}[:为是].*?[一二三四五六七1-9](?:是|、|\.|\))")
_CHANGED_BY = re.compile(r"(?:相比)?,?(增|减|多|少|下|上)(?:加|少|长|降|升|支)?(?:了)?(\d[\d,]*(?:\.\d+)?)万?元")
_CHANGED_BY_RATE = re.compile(r"(?:相比)?,?(增|下|上|减)(?:长|降|升|少|加)(?:了)?(\d+(?:\.\d+)?)%")
_ROUNDED = Decimal("0.05")  # points of a rate that amounts with two decimals may be off
_OPENS_A_BRACKET = re.compile(r"[^,;。(]{4}\((?:含|其中[:,]?)([^()]{2,20})$")
# 3、农村改厕（预算160万元）实际支出172万元: the bracket tells a measure of what stands before it
_MEASURE_IN_BRACKET = re.compile(
    r"[^,;。(]{3}\((?:20\d\d年(?:度)?|年初|全年|当年|本年|调整后?)*(?:预算|决算|支出|安排)(?:数|安排|资金|金额|支出)?(?:为|:)?$"
)
_AND_ITS = re.compile(r"[,、]项目资金")
_USED_FOR = re.compile(
    r"[,(]?(?:主要|全部)?用于(?:(?=[^,;。]{2,10}$)|:(?=[^,;。]{2,24}$))"
)  # 支出212万元，用于水费8万元、电费68万元
_PART_IN_BRACKET = re.compile(r"^\(?(?:其中|含|包括|包含)?[:,]?")
_BOOKS = ("一般公共预算", "政府性基金预算", "国有资本经营预算", "社会保险基金预算")
_REVENUE = re.compile(r"(?:一般公共预算|财政|公共财政)(?:总|地方)?收入[^,;。]{0,6}$")  # of a whole county
_SURRENDERED = re.compile(r"(?:罚没|罚款|非税|收费)[^,;。]{0,6}$")
_TO_THE_TREASURY = re.compile(r"[^;。]{0,8}(?:上缴|缴入|缴库|入库)")
_ALL_SPENT = re.compile(
    r"(?:\d[、.])?(?:全年|本年|当年|20\d\d年(?:度)?|部门|整体|我[局办委]|本?单位)*(?:实际支出|总支出|支出总额)(?:为|共)?"
)
_LISTS_BELOW = ("用于", "包括", "用于:", "包括:", "如下", "如下:", "明细", "明细:")
_OF_PROJECTS = re.compile(r"(?:其中)?项目(?:追加|调增|调减|结余|结转)")
_OF_A_BALANCE = re.compile(r"收回|上缴|结转|结余|注销|核销")
_REVIEWED = re.compile(r"涉及(?:财政|预算|项目)?资金(?:总额)?[^,;]{0,3}$")  # 自评项目6个，涉及资金…
_VAGUE_BEHIND = {"以上", "左右", "以内", "以下", "上下", "有余", "不到"}
_VAGUE = re.compile(r"(近|(?<!节)约|约为|超过?|逾|不低于|不少于|不超过|累计|大约|(?<![下到送])达到?)$")
_VAGUE_ENDS = tuple("近约为超过逾于计达到")
_MEASURE_ONLY = re.compile(
    r"^(?:20\d\d年(?:度)?|年度中|年度|年初|年末|年底|年中|全年|本年|当年|上年|预算|决算|调整|调增|调减|追加|实际|支出|收入|执行|完成|安排|批复|下达|到位|使用|拨付|支付|未作|未做|"
    r"结转|结余|资金|金额|项目|专项|数|总|额|共|计|合计|为|已|的|了|率|后|其中|财政|拨款|投入|开支|列支|经费|单位|部门|本|我|该|:|、|,|及|和|一般公共预算|整体|各项|分别|自评|得分|花费|工程款|进度款|合同款|尾款|采购|发生|最终|费|有|发放|兑付|超支|计划|涉及|节约|节余|筹集|筹措)+$"
)
_CHANGE_NEAR = re.compile(r"(?:增加|减少|增长|下降|降低|节约|压减|上升)[^,;]{0,6}$")
_SUMMED = re.compile(r"[,;、](?:两项|三项|以上)?(?:合计|共计|总计|小计)(?:支出)?(?:为|:)?$")
_SUMMED_UP = re.compile(_SUMMED.pattern.replace("小计", "小计|共"))
_THEN_ADDED = re.compile(r"[,;](?:年度?中|执行中)(?:追加|调增|新增)[^,;。]{0,12}$")
_LAST_YEAR_FIRST = re.compile(r"[^,;。]{0,4}?(?:去年|上年度?|上一年度?)(?!结|度结)(?:全年|同期)?[^,;。\d]*$")
_FUND_NEAR = re.compile(r"(当年财政拨款|上年结转资金|其他资金|其它资金|自筹资金|单位资金)[^,;]{0,4}$")
_SHIFTED = re.compile(r"追加|调增|调减|追减")
_PLANNED_PURCHASE = re.compile(r"采购计划(?:金额|数)?(?:为|是|共)?$")
_MID_YEAR_SPENT = re.compile(  # what was spent until a month before the last is not the year's
    r"截[至止](?:20\d\d年)?(?:\d|1[01])月(?:底|末|份|\d{1,2}日)?[^;。]{0,24}(?:支出|使用|支付|拨付|执行|完成|投入)[^,;。]{0,6}$"
)
_PROPOSED = re.compile(r"建议|力争|争取|拟(?:申请|申报|安排|投入)|申请|申报|[提增](?:高|加)[到至]")  # of another year
_TO_BE_BUDGETED = re.compile(r"[^,;。]{0,4}纳入")
_CAN_BE_SPENT = re.compile(r"全年可用|可(?:安排|用)资金")  # what there is with all that was added
_BUDGET_ADJUSTED = re.compile(r"预算调整(?:数|额|金额|了|共)*$")
_ADJUSTED_BUDGET = re.compile(r"调整(?:后|为)|调整预算")
_FULL_YEAR_BUDGET = re.compile(r"全年[^,;]{0,10}预算|年度预算总额")
_OF_SPENDING = re.compile(r"实际支出|决算|使用")  # headings over what was spent
_PLANNED_NEAR = re.compile(r"预算|批复|安排|计划投[入资]")
_SPENT_NEAR = re.compile(r"支出|决算|执行")
_MEASURE_TAIL = re.compile(r"(?:预算|决算|实际|支出|安排|投入|执行|使用|数|共|为|金额|年初|,|:)+$")
_WRITTEN_YEAR = re.compile(r"20\d\d年(?:度)?")
_NO_MARKS = str.maketrans("", "", '“”" ')


@dataclass(slots=True)
class Subject:
    """What a money figure is about."""

    label: str
    term: str | None
    account: str | None  # account code of the term, for structure only; the marts' code is decided in SQL
    project: str | None = None
    given_by: str | None = None  # the level of government that gives it: 省下达救灾资金
    is_part: bool = False  # who received a part of the money, or what it was paid for: the sentence is of the whole


@dataclass(slots=True)
class State:
    """What later clauses may inherit."""

    subject: Subject | None = None
    measure: str | None = None
    top: Subject | None = None  # subject before 其中
    top_measure: str | None = None
    parent: Figure | None = None
    parent_subject: Subject | None = None
    year: int | None = None
    opening_year: int | None = None  # an earlier year that the sentence opens with
    last: Figure | None = None
    near: Subject | None = None  # subject of the amount just read, changes too
    outer: tuple[Figure | None, Subject | None] | None = (
        None  # what the list around a 其中 within one of its items divides
    )
    rates_to_come: list[tuple[str | None, str | None]] = field(default_factory=list)  # of 分别占…60%和40%
    group: int = 0  # where in `figures` those behind the last semicolon begin
    in_row: str | None = None  # the measure before the names of a row: 预算安排基本支出100万元、项目支出50万元
    counted: str | None = (
        None  # the measure before a count of projects whose amount follows at once: 年初批复预算8个项目985万元
    )
    by_kind: str | None = None  # the measure of what 按支出性质分 divides
    mentioned: bool = False  # a count since the last amount named the subject: 国内公务接待31批次，共计支出2.34万元
    bracket: tuple[Subject | None, Figure | None, Subject | None] | None = (
        None  # subject and whole before a bracket under way
    )
    bare_outside: int = 0  # `bare` before the bracket under way
    bare: int = 0  # items of a list under way that name no measure of their own
    figures: list[tuple[Figure, Subject]] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What is known so far of the amount being read."""

    lead: str  # without quotation marks
    quoted: str
    part: re.Match[str] | None = None  # the words that open a list of parts
    group: bool = False  # behind a semicolon
    level: re.Match[str] | None = None  # who pays: 中央, 省级, …
    subject: Subject | None = None
    explicit_subject: bool = False  # the lead itself names it
    measure: str | None = None
    explicit_measure: bool = False
    change: bool = False  # 较上年增加…
    mentioned: bool = False  # a count before named the subject
    planned: bool = False  # 财政拨款 of an income that is budgeted
    summed_book: str | None = None  # of a list's total
    year: int | None = None
    told_year: int | None = None
    last_year: bool = False  # the sentence opens with the year before
    book: Match | None = None
    fund: str | None = None


class MoneyClauses:
    """Reads amounts of one document; keeps what later clauses inherit."""

    def __init__(self, document_collector: Collector, identity: Identity) -> None:
        self.collector = document_collector
        self.identity = identity
        self.year = identity.fiscal_year
        self.vocabulary = vocabulary()
        self.sentence_no = 0
        self.unit = "万元"
        self.state = State()
        self.section_figures: list[tuple[Figure, Subject]] = []
        self.chapter: str | None = None
        self.path: str | None = None
        self.list_path: str | None = None  # the section whose figures these are parts of: not each listed project's own
        self.sentence_text = ""
        self.project_names = {f.project_name for f in document_collector.figures if f.project_name}
        self.inline_heading = False  # the passage goes on behind its heading and a colon
        self.children: dict[int, str | None] = {}  # total figure -> section path of its parts
        self.intro_path: str | None = None
        self.intro: str | None = None  # what the list under way lists: 具体情况如下
        self.project = own_project(identity, document_collector)
        self.several_books = False  # the paragraph has amounts of other books than its heading's
        self.counted_projects = False  # the figure before counts projects
        self.default_measure = "年初预算" if identity.report_kind == "budget" else "支出"

    def _money(self, spot: Spot) -> tuple[Figure | None, Subject | None, bool]:
        """Add the amount of `spot`; the figure, its subject, and whether the lead names its measure (None: it is no expenditure)."""
        quoted = self._told(spot)
        r = Reading(unquoted(quoted), quoted)
        self._bracket(spot, r.lead)
        asset = counts.asset_term(self, spot, r.lead)
        if asset is not None:
            self._asset(spot, asset)
            return None, None, False
        self._open_part(spot, r)
        told_in = self._name(spot, r)
        self._name_measure(spot, r, told_in)
        self._sum_up(spot, r)
        self._divide_income(spot, r)
        self._complete(spot, r)
        if self._is_output(
            r.lead,
            spot.following,
            spot.context,
            r.subject,
            explicit_subject=r.explicit_subject,
            explicit_measure=r.explicit_measure,
        ):
            counts.money_output(self, spot)
            if spot.at == 0 and r.explicit_subject and _of_project(r.subject):
                self.state.subject = self.state.top = r.subject  # 4、校舍维修工程，合同价156万元，支付进度款98万元
            return None, None, False
        self._date(spot, r)
        self._settle_measure(spot, r)
        self._source(spot, r)
        figure = self._add(spot, r)
        self._remember(spot, r, figure)
        return figure, r.subject, r.explicit_measure

    def _open_part(self, spot: Spot, r: Reading) -> None:
        """What 其中 or a semicolon in the lead opens: parts of the amount said before, or the next group of a list."""
        state, following = self.state, spot.following
        r.part = _PART.search(r.lead)
        if r.part is None and state.last is not None and self._tells_what_for(state.last):
            told = state.last.sentence_no == self.sentence_no and "用于" not in spot.text[: spot.at]
            r.part = _USED_FOR.match(r.lead) if told else None
            if r.part:
                r.quoted = r.lead = "," + r.lead[r.part.end() :]
                r.part = re.match(",", r.lead)
        if (
            r.part
            and state.last is not None
            and state.subject is not None
            and not re.search(r"[;。]", r.lead[r.part.end() :])
        ):
            if (
                state.parent is not None
                and state.subject.account == "project_item"
                and state.parent_subject is not state.subject
            ):
                state.outer = state.parent, state.parent_subject
            state.parent, state.parent_subject = self._whole(r.lead[r.part.end() :] + before_first(",;。", following))
            state.bare = 0
            state.measure = state.parent.measure_term if state.parent else state.measure
            state.top = state.top or state.subject
        r.group = ";" in r.lead or "；" in r.lead
        if r.group:
            state.bare, state.group = 0, len(state.figures)
            if state.outer is not None:
                (state.parent, state.parent_subject), state.outer = state.outer, None
            elif self._parts_close() or self._divides_one_of_a_list():
                state.parent = state.parent_subject = None

    def _name(self, spot: Spot, r: Reading) -> str:
        """What the lead, or what follows, names: a level of government that pays, an account, a project."""
        state, number, following, context = self.state, spot.number, spot.following, spot.context
        # 上级转移支付（政法转移支付资金）452万元
        nearest = last_piece(_CLOSED_BRACKET.sub("", r.lead)).lstrip("(、和及")
        r.level = _FUND_LEVEL.match(_ADDED_FIRST.sub("", nearest))
        if r.level and r.level[1].startswith(("其他", "其它")) and self._is_rest(r.lead, r.level[0]):
            r.level = None
        listed = self._lists_projects(context) or self.counted_projects
        if r.level and listed and strip_enumerator(nearest)[1] and _TOPIC.search(r.level[1]):
            r.level = None  # 2.省级农业发展资金 in a list of projects
        rest_of = _RESTS.get(self.divided()) if r.level and r.level[1] in ("其他", "其它") and state.bare > 1 else None
        if rest_of:  # 公用经费286万元（办公费52万元、差旅费13万元、其他117万元）
            r.level = None
            r.subject, r.explicit_subject = Subject("其他", rest_of, self.vocabulary.accounts.get(rest_of)), True
        elif r.level and (state.last is not None or state.subject is not None or self.project):
            own = self._own_project() if self.project else None
            r.subject, r.explicit_subject = state.parent_subject or state.subject or own, False
            if self._is_among_kinds(r.level[1]):
                r.subject = Subject(r.level[1], _SPECIAL, self.vocabulary.accounts.get(_SPECIAL))
            elif r.subject is not None and r.subject.given_by not in (None, r.level[1][0]):
                # 省下达救灾资金50万元，市级追加36万元: another level's money
                r.subject = Subject(self._label(r.lead, ""), None, "unclassified")
        elif r.level and _GRANTED.search(last_piece(r.lead)) and not _numbered_name(r.lead):
            r.subject, r.explicit_subject = Subject(r.level[1], None, "unclassified"), False  # no project of that name
        else:
            r.subject, r.explicit_subject = self._subject(r.lead, r.quoted, following, context)
            r.subject = self._within_own_project(r.subject, r.lead, is_item=self._is_item(spot))
            if not (_of_project(r.subject) and len(pieces(r.lead)) > 1):
                r.level = None  # 1.泵站改造，中央8万元 names both
            self._name_giver(r)
        if (
            r.subject is None
            and (_NO_WORDS.match(r.lead) or measure_only(r.lead.strip(",;:。、 ")))
            and (behind := _BEHIND.match(following))
        ):
            fund_source = next(self.vocabulary.fund_sources.find(behind[1]), None)
            paid_from = state.subject is not None and fund_source is not None and fund_source.start == 0
            named = None if paid_from else self._subject(behind[1], behind[1], "", context)[0]
            if named is not None and named.account != "unclassified":
                r.subject, r.explicit_subject = named, True
        swapped = _MEASURE_BEHIND.match(following) if _NO_WORDS.match(r.lead.replace("、", "")) else None
        if swapped and r.subject is None:
            rest = unquoted(spot.text[number.end + swapped.end() :])
            named_later = next((w for w in words(rest) if w.account and not w.measure), None)
            if named_later:
                r.subject, r.explicit_subject = Subject(named_later.label, named_later.label, named_later.account), True
        return swapped[1] if swapped else r.lead

    def _name_giver(self, r: Reading) -> None:
        """省下达救灾资金50万元: a fund of that level; in an item about a project the project's own money from that level."""
        grant = _GRANTED.search(last_piece(r.lead))
        top = self.state.top
        if grant and r.subject is None and self.state.subject is None and not self.project:
            r.subject = Subject(self._label(r.lead, ""), None, "unclassified")  # 上级安排资金
        named = (
            grant is not None and r.subject is not None and _of_project(r.subject) and r.subject.label in grant.string
        )
        if grant is None or r.subject is None or not named or r.subject.label in self.project_names:
            return
        if top is not None and _of_project(top) and top.given_by is None and self.state.parent is None:
            r.subject, r.explicit_subject = top, False
            r.fund = self._fund_label(grant[1] + "级" * (grant[1] in "省市"))
        else:
            r.subject.given_by = grant[1][0]

    def _name_measure(self, spot: Spot, r: Reading, told_in: str) -> None:
        """Which measure the words around the amount name, and whether it is a change of one."""
        state, following, context = self.state, spot.following, spot.context
        r.measure, r.explicit_measure = self._measure(told_in)
        r.measure, r.explicit_measure = self._of_row(r.lead, r.measure, explicit=r.explicit_measure)
        if not r.explicit_measure and state.counted and not _PAUSE.search(r.lead):
            r.measure, r.explicit_measure = state.counted, True
        state.counted, r.mentioned, r.summed_book = None, state.mentioned, None
        state.mentioned = False
        if not r.explicit_measure and (behind_it := _BUDGET_BEHIND.match(following)):
            r.measure, r.explicit_measure = behind_it[2], True
            if r.subject is None and (whose := [w for w in words(behind_it[1]) if w.account]):
                r.subject, r.explicit_subject = Subject(whose[-1].label, whose[-1].label, whose[-1].account), True
        beside = (r.part is None and state.parent is None) or state.last is None
        if r.measure in ("下达", "下达资金") and _GRANT_BEHIND.match(following):
            r.measure = "上级补助额"  # 下达158万元（中央63万元、省级47万元、县级48万元）
        if beside and self._is_a_grant(r.lead, r.measure, explicit=r.explicit_measure):
            r.measure, r.explicit_measure = "上级补助额", True
        if r.measure == "支出" and _PLANNED.search(r.lead) and _THEN_SPENT.match(following):
            r.measure = "年初预算"
        if r.level and not r.explicit_measure and _ADDED_BEHIND.match(following):
            r.measure, r.explicit_measure = "追加", True  # 上级专项资金235万元年中下达
        if r.measure == "支出" and _OF_A_BUDGET.search(context.title) and not _SPENT_INDEED.search(r.lead):
            r.measure = "年初预算"
        if r.measure == "支出" and state.by_kind:
            r.measure = state.by_kind
        r.change = bool(_CHANGE_WORD.search(r.lead)) or bool(_CHANGE_NEAR.search(r.lead) and _COMPARISON.search(r.lead))
        if CHANGED_TO.search(r.lead):
            r.change, r.measure, r.explicit_measure = False, "支出", True
        if (
            r.change
            and r.measure not in ("追加", "调增", "调减")
            and not re.search(r"调整|追加|调增|调减|年中", r.lead)
        ):
            r.measure, r.explicit_measure = "增加" if re.search(r"增|多|超|上升|提高", r.lead[-8:]) else "减少", True
        if _NOT_USED.match(following) and not r.change:
            r.measure, r.explicit_measure = "剩余资金", True
        if r.change and r.explicit_measure and _MID_YEAR.search(r.lead):
            r.change = False  # 年中调整增加231万元（上级补助186万元…） is an amount with parts
        if r.change and r.subject is None and state.last is not None and self._is_carried(state.last):
            # 年末结转355万元，较年初减少157万元
            r.subject = Subject(state.last.measure_term or "", None, "unclassified")
        if r.change and _THEN_BUDGET.match(following):
            r.change, r.measure, r.explicit_measure = (
                False,
                "调减" if re.search(r"减|压|降", r.lead[-8:]) else "调增",
                True,
            )

    def _sum_up(self, spot: Spot, r: Reading) -> None:
        """The total of a list: of what, of which book, in which measure."""
        state, context = self.state, spot.context
        by_source = state.last is not None and state.last.fund_source_term and state.last.project_name
        if r.subject is None and by_source and _SUMMED.search(r.lead):
            r.subject = state.subject  # 甲经费：中央268万元、省级186万元，合计454万元
        if r.subject is None and _SUMMED_UP.search(r.lead) and self._adds_to_the_budget():
            # 年初预算36万元，追加12万元，总计48万元
            r.subject, r.measure, r.explicit_measure = state.subject, "全年预算", True
        if r.subject is None and context.project and context.project_listed and _SUMMED.search(r.lead):
            r.subject = Subject(context.project, None, "project_item", context.project)
        named = (
            _NAMED_FIRST.match(self.sentence_text)
            if _SUMMED.search(r.lead) and not self.said_in(self.sentence_no)
            else None
        )
        if r.subject is None and named and not self._is_aggregate(named[1]) and (name := project_name(named[1])):
            r.subject = Subject(name, None, "project_item", name)  # 甲经费：12个村每村8万元，合计96万元
        if r.subject is None and _SUMMED.search(r.lead) and state.subject is not None and not r.mentioned:
            whole = (
                "项目支出"
                if state.subject.account in _PROJECT_GROUPS and state.subject.account != "project"
                else "部门整体支出"
            )
            r.subject, r.explicit_subject = Subject("合计", whole, self.vocabulary.accounts.get(whole)), True
            r.summed_book, of_parts = self._of_all_parts(spot)
            if not r.explicit_measure and of_parts:
                r.measure, r.explicit_measure = of_parts, True

    def _divide_income(self, spot: Spot, r: Reading) -> None:
        """财政拨款 among the parts of an income is what was appropriated, or planned to be."""
        state = self.state
        divided, r.planned = state.parent_subject or state.subject, False
        if divided is not None and divided.account in _INCOME and _APPROPRIATION.search(r.lead) and not r.change:
            r.planned = state.parent is not None and not state.bracket and self.measure_of(state.parent) in _BUDGETS
            if r.planned:  # 年初预算收入1892万元，其中财政拨款1492万元
                r.subject, r.explicit_subject = state.parent_subject, False
                r.measure, r.explicit_measure = None, False
            elif r.subject is None or not r.subject.label.endswith("收入"):
                label = "财政拨款收入"
                r.subject, r.explicit_subject = Subject(label, label, self.vocabulary.accounts.get(label)), True
            if not r.planned:
                r.measure, r.explicit_measure = "财政拨款收入", True

    def _complete(self, spot: Spot, r: Reading) -> None:
        """The subject that the amount does not name: of what was said before, of the heading, of the report."""
        state, number, following, context = self.state, spot.number, spot.following, spot.context
        before = self.figure_before()
        if r.subject is None and r.change and before is not None and self.measure_of(before) == "prior_year_actual":
            r.subject = state.near  # 比2022年的70万元减少8万元
        if r.subject is None and not r.change:
            r.subject = self._adjusted_whole(r.measure, number) or self._compared_whole(spot)
        left = self.vocabulary.measures.get(r.measure or "") == "carryover_out" and re.search(r"年[末底终]", r.lead)
        if (
            r.subject is None
            and r.explicit_measure
            and not r.change
            and (self.list_is_over() or (left and state.parent))
        ):
            r.subject, state.parent = state.parent_subject, None
        if r.subject is None and not r.change and self._is_a_reason(spot):
            r.subject = Subject(self._label(r.lead, following), None, "unclassified")
        if (
            r.subject is None
            and (state.bracket is not None or self._divides_an_adjustment())
            and self._names_a_part(r.lead, explicit_measure=r.explicit_measure)
        ):
            part_name = self._label(r.lead, following).removeprefix("含")
            r.subject, r.explicit_subject = Subject(part_name, None, "unclassified"), True
        near = state.near
        if r.subject is None and near is not None and near.is_part and _of_the_part(r.lead, r.measure, r.change):
            r.subject = near
        if r.subject is None:
            r.subject = self._inherited(r.lead, context, new_group=r.group, explicit_measure=r.explicit_measure)
        if (
            r.subject is not None
            and r.subject.account in _INCOME
            and self.vocabulary.measures.get(r.measure or "") in ("carryover_in", "carryover_out")
        ):
            r.subject = Subject(r.measure or "", "部门整体支出", "total")
        if (
            r.subject is not None
            and r.subject.account in _INCOME
            and not r.explicit_subject
            and re.search(r"支出", r.lead.rsplit(",", 1)[-1])
            and not r.change
        ):
            r.subject = Subject("部门整体支出", "部门整体支出", "total")
        whole = r.subject is not None and (r.subject.account in _WHOLE_OF_A_PROJECT or r.subject.label == "合计")
        if self.project and whole:
            r.subject = self._own_project()  # 年度预算 in a report about one project is the project's

    def _date(self, spot: Spot, r: Reading) -> None:
        """The year of the amount."""
        state = self.state
        r.told_year = None
        r.year = year_of(r.lead, state.opening_year if state.opening_year and "当年" in r.lead else self.year)
        if r.year is None:
            r.year = state.year if state.year is not None and not r.group and not r.change else self.year
        elif re.search(r"20\d\d年", r.lead) and not COMPARED_YEAR.search(r.lead):
            r.told_year = r.year
        r.last_year = r.told_year is None and spot.at == 0 and _LAST_YEAR_FIRST.match(r.lead) is not None
        if r.last_year:
            r.told_year = r.year

    def _settle_measure(self, spot: Spot, r: Reading) -> None:
        """The measure of the amount: its own, or that of what it is a part of."""
        state, following = self.state, spot.following
        if not r.explicit_measure and (r.part or state.parent is not None):
            # （1）接待费支出4万元、预算7万元；（2）用车费支出…: the next part is one of what is divided
            of_it = r.group or (r.level is not None and state.bracket is not None)  # 到位1560万元（中央980万元…）
            of_the_whole = state.parent.measure_term if of_it and state.parent is not None else None
            r.measure = of_the_whole or state.measure or r.measure
        r.measure = self._of_the_income_before(r) or r.measure
        if (
            self._divides_an_adjustment()
            and "年初" not in r.lead
            and self.vocabulary.measures.get(r.measure or "")
            in (
                "initial_budget",
                "other",
            )
        ):
            r.measure = state.parent.measure_term if state.parent else None  # 追加23万元（上级下达优抚补助18万元）
        divided_measure = state.parent.measure_term if state.parent is not None else None
        if r.measure == "调减" and self.vocabulary.measures.get(divided_measure or "") == "carryover_out":
            r.measure = divided_measure  # 结余63万元，其中财政收回38万元
        is_project = r.subject is not None and r.subject.account in _PROJECT_GROUPS
        if r.level and not r.explicit_measure and _THEN_SPENT.match(following):
            r.measure = _OF_A_SOURCE  # 中央转移支付资金285万元，支出285万元
        of_the_whole_again = state.parent is not None and following.startswith(";")  # 其中甲9万元、乙7万元；支出15万元
        then_spent = _THEN_SPENT.match(following) and not of_the_whole_again
        if is_project and r.explicit_subject and not r.explicit_measure and then_spent:
            # 专项工作经费80万元，实际支出224万元; 装备购置45万元（中央资金），支出45万元
            r.measure = "上级补助额" if _GRANT_BEHIND.match(following) else self._set_aside(spot)
        if is_project and r.explicit_subject and not r.explicit_measure and _THEN_ADDED.match(following):
            r.measure = "年初预算"  # 防汛专项280万元，年中追加420万元，共700万元
        if not r.explicit_measure and self._is_spent_of_it(last_piece(r.lead)):
            r.measure = "实际支出"
        if r.measure is None and (why := _ADDED_AS_REASON.search(spot.text[: spot.number.start])):
            r.measure = "追加" if why[1] in ("追加", "增拨") else "增加"
        if r.measure is None:
            r.measure = (state.measure if (r.part or state.parent or not r.explicit_subject) else None) or (
                _OF_A_SOURCE if self._only_names_a_source(r) else self._default(r.lead)
            )
        if not r.explicit_measure and _YEAR_JUST_SAID.search(r.lead) and self._tells_of_spending():
            r.measure = "支出"  # 合计9万元，控制在预算12万元以内，较2021年的10万元下降
        if not r.explicit_measure and _LEFT.search(r.lead) and _NOT_SPENT.match(following):
            r.measure = "剩余资金"
        in_row = r.subject is not None and r.subject.is_part and state.near is not None and state.near.is_part
        if in_row and not r.explicit_measure and state.last is not None:
            r.measure = state.last.measure_term or r.measure  # 下达甲县12万元、乙县8万元
        r.measure = self._in_its_year(self._over_years(spot, r), r.year)
        r.book = self.vocabulary.books.last(behind_last(";。", r.lead))
        spent = state.parent is not None and self.vocabulary.measures.get(divided_measure or "") == "actual"
        if r.measure in ("安排", "预算安排") and (r.level or r.book) and not r.explicit_subject and spent:
            r.measure = divided_measure or r.measure  # 支出2473万元，其中一般公共预算安排1960万元

    def _over_years(self, spot: Spot, r: Reading) -> str:
        """总经费126万元，分三年安排; 支付112万元，累计支付130万元: what is of several years, and none of this one."""
        measure = r.measure or ""
        if _SEVERAL_YEARS.match(spot.following):
            return "总投资"
        same = [f for f, x in self.said_in(self.sentence_no) if x is r.subject and self.measure_of(f) == "actual"]
        cumulative = (
            same and _CUMULATIVE.search(last_piece(r.lead)) and self.vocabulary.measures.get(measure) == "actual"
        )
        return "累计投资" if cumulative else measure

    def _only_names_a_source(self, r: Reading) -> bool:
        """True for 中央80万元 of 上年结转30万元、中央80万元、县级200万元: whose money it is, and nothing of what became of it."""
        if r.level is None or _SPENT_NEAR.search(last_piece(r.lead)) or self._default(r.lead) == "年初预算":
            return False
        return not _OF_SPENDING.search((self.path or "").rpartition(" / ")[2])

    def _set_aside(self, spot: Spot) -> str:
        """甲168万元，支出162万元: the budget that the words around 168 speak of, and no budget's name where they speak of none.

        They are a rate behind it (完成年初预算的…), the heading, the whole that it is a part of, and what the chapter says of
        all projects, if it names one budget and nothing that was added.
        """
        if self._default(spot.lead) == "年初预算":
            return "年初预算"
        told = _RATE_OF_BUDGET.search(before_first(";。", spot.text[spot.number.end :]))
        named = told or _BUDGET_NAMED.search(self.path or "")
        if named:
            return f"{named[1]}预算"
        whole = self.state.parent
        if whole is not None and whole.measure_term and self.measure_of(whole) in _WHOLE_BUDGETS:
            return whole.measure_term
        said = [f for f, x in self.section_figures if x.account in _PROJECT_GROUPS - {"project_item"}]
        added = any(self.measure_of(f) == "adjustment" for f, _ in self.section_figures)
        terms = {c: f.measure_term for f in said if not added and (c := self.measure_of(f)) in _WHOLE_BUDGETS}
        return (next(iter(terms.values())) if len(terms) == 1 else None) or _SOME_AMOUNT

    def _of_the_income_before(self, r: Reading) -> str | None:
        """一般公共预算财政拨款收入1100万元、政府性基金215万元: the measure of an income goes on with the next budget book."""
        before = self.figure_before()
        if r.explicit_measure or r.explicit_subject or r.change or not self.vocabulary.books.last(last_piece(r.lead)):
            return None
        is_income = before is not None and self.measure_of(before) == "appropriation_income"
        return before.measure_term if before is not None and is_income else None

    def _source(self, spot: Spot, r: Reading) -> None:
        """Where the money came from."""
        following, state = spot.following, self.state
        r.fund = self._fund_label(r.level[1]) if r.level else r.fund
        if _AFTER_ONLY.match(r.lead) and (
            m := re.match(r"(?:为|系|是|属于|来自|源于|来源于)([^,;。]{2,20})", following)
        ):
            found = self.vocabulary.fund_sources.last(m[1])
            r.fund = found.label if found else None
        last = self.figure_before()
        if last is not None and last is state.last and not r.explicit_subject and measure_only(last_piece(r.lead)):
            sources = [f for f, _ in self.said_in(self.sentence_no) if self.measure_of(f) == "other"]
            same = (
                r.subject is state.subject
                and len(sources) == 1
                and spot.number.value <= last.value
                and self.vocabulary.measures.get(r.measure or "") == "actual"
            )
            r.fund = r.fund or (
                last.fund_source_term if same and last.measure_term == _OF_A_SOURCE and last.part_of_figure_no else None
            )
        if r.fund is None and (m2 := _FUND_NEAR.search(r.lead)):
            r.fund = m2[1]
        if r.planned and r.fund is None:
            r.fund = "财政拨款"

    def _add(self, spot: Spot, r: Reading) -> Figure:
        """Add the figure."""
        state, number, following, context = self.state, spot.number, spot.following, spot.context
        divides = (
            r.planned
            or r.level is not None
            or (r.book is not None and not r.explicit_subject and r.subject is state.parent_subject)
        )
        book = r.book.label if r.book else context.book_term
        parent = self._parent(r.subject, r.measure or "", book, divides, number)
        unit = number.unit or self.unit
        return self.collector.figure(
            evidence_no=self.evidence(spot),
            kind="money",
            label=r.subject.label if r.subject else self._label(r.lead, following),
            term=r.subject.term if r.subject else None,
            parent_term=parent[1].term or parent[1].label if parent else context.account_term,
            project_name=r.subject.project if r.subject else None,
            measure_term=r.measure,
            book_term=r.book.label if r.book else self._book_above(r, context) or r.summed_book,
            fund_source_term=r.fund,
            fiscal_year=r.year,
            value=number.value,
            value_as_written=number.value_as_written,
            written_decimals=number.decimals,
            unit="万元" if number.unit == "万" else unit,
            qualifier=self.qualifier(r.lead, number, following),
            sentence_no=self.sentence_no,
            part_of_figure_no=parent[0].figure_no if parent else None,
        )

    def _book_above(self, r: Reading, context: Context) -> str | None:
        """The budget book of the heading; none for a total in a paragraph that speaks of other books as well."""
        of_all = self.several_books and r.subject is not None and r.subject.account in _AGGREGATES
        return None if of_all else context.book_term

    def _remember(self, spot: Spot, r: Reading, figure: Figure) -> None:
        """Keep what later amounts may inherit."""
        state = self.state
        if r.subject is not None and r.subject.project:
            self.project_names.add(r.subject.project)
        state.near, self.counted_projects = r.subject, False
        if (r.explicit_subject or r.level is not None) and not r.explicit_measure:
            state.bare += 1
        elif r.level is None:
            state.bare = 0
        code = self.vocabulary.measures.get(r.measure or "")
        # An amount that is only compared with (较年初预算1.64万元, 上年数) is not what the next parts are parts of.
        aside = (code in ("prior_year_actual", "prior_year_budget") and not r.last_year) or (
            bool(_COMPARING.search(r.lead)) and not r.explicit_subject
        )
        if aside and r.subject is not None and state.last is not None and not r.change:
            self.section_figures.append((figure, r.subject))
            state.subject = r.subject if r.explicit_subject else state.subject
        elif r.subject is not None and r.subject.is_part:
            state.last = figure  # what comes behind the row is of the whole again
            if state.subject is None and self.project:
                state.subject = state.top = self._own_project()
        elif r.subject is not None and not r.change:
            state.subject = r.subject
            state.year = r.told_year or state.year
            if not r.part and state.parent is None:
                state.top = r.subject
            if (spot.depth() <= 0 or state.measure is None) and code not in (
                "appropriation_income",
                "carryover_in",
                "carryover_out",
                "total_investment",
            ):
                state.measure = r.measure
            state.last = figure
            state.figures.append((figure, r.subject))
            self.section_figures.append((figure, r.subject))

    def _told(self, spot: Spot) -> str:
        """What the lead says of its own amount: without reasons, documents, and what still belongs to the amount before."""
        # what the reason mentions is not what the next amount is, and what it explains is not what its own amount is
        quoted = _EXPLAINS.sub("", _EXPLAINED.sub(";", spot.lead))
        if "号" in quoted:
            quoted = _DOCUMENT.sub("", quoted)
        quoted = _FOR_EXAMPLE.sub("", quoted)
        quoted = _REMARK_BEHIND.sub("", _STANDARD_BEHIND.sub("", quoted)).replace("加上年初", "加年初")  # no 上年
        quoted = _ARRANGED.sub(r"\1的", quoted)
        lead = unquoted(quoted)
        if opened := _SPENT_ON.match(lead) or self._opens_uses(spot, lead):
            self._divide_projects()
            return lead[opened.end() :]
        if spot.at == 0 and (whole := _OF_IT_BY_KIND.match(lead)):
            self._divide(whole[1])
            return lead[whole.end() :]  # 项目支出按资金来源分：
        if spot.at == 0 and (kinds := BY_KIND.match(lead)):
            return lead[kinds.end() :]  # 按支出性质分 is no 支出
        if said := _SAID_BEHIND.match(lead):
            return lead[said.end() :]  # 甲万元的年初预算、乙万元的实际支出: the first half is the amount before's
        if shown := _WHAT_FOR.search(lead):
            return lead[: shown.start()] + lead[shown.end() :]  # 追加12万元，主要是绩效奖金，调整后预算为…
        if within := _WITHIN.match(lead):
            self._divide(within[1])
            return "," + lead[within.end() :]  # 商品和服务支出中，药品费6万元
        if added := _WITHIN_ADDED.match(lead):
            self._divide_adjustment()
            return "," + lead[added.end() :]
        if spot.at and (limit := _BUDGET_BEHIND.match(lead)):
            return lead[limit.end() :]  # 控制在12万元的预算之内，较2021年的10万元下降
        if spot.at and _GIVEN_BACK.fullmatch(lead):
            return ","  # 结余88万元，其中50万元由财政收回，38万元结转下年
        return quoted

    def _is_among_kinds(self, fund: str) -> bool:
        """True for 市级专项资金 behind 业务工作经费: special funds by their source, beside the other kinds of project expenditure."""
        whole, last = self.state.parent_subject, self.state.subject
        beside = whole is not None and whole.account == "project" and last is not None and last.account in _KINDS
        return beside and fund.endswith(_SPECIAL)

    def _bracket(self, spot: Spot, lead: str) -> None:
        """资金3,215.60万元（其中基本支出…），实际支出…: behind a bracket the sentence goes on with what it was about before."""
        state, depth = self.state, spot.depth()
        if state.bracket is not None and (depth <= 0 or ")" in lead):
            state.subject, state.parent, state.parent_subject = state.bracket
            state.near, state.bracket, state.bare = state.subject, None, state.bare_outside
        named_before = _MEASURE_IN_BRACKET.search(lead)
        if state.bracket is None and depth > 0 and "(" in lead and state.last is not None and not named_before:
            state.bracket = state.subject, state.parent, state.parent_subject
            state.bare_outside = state.bare
            if lead.startswith("("):
                state.parent, state.parent_subject = state.last, state.subject
        elif (
            state.bracket is None and depth > 0 and (_OPENS_A_BRACKET.search(lead) or _MEASURE_IN_BRACKET.search(lead))
        ):
            named = lead[: lead.rfind("(")]  # 标准化专项（含奖金100万元）：预算120万元
            whole = (state.parent, state.parent_subject) if named_before else (None, None)
            if named_before and ";" in lead:
                whole, state.bare = state.outer or whole, 0
            state.bracket = self._subject(named, named, "", spot.context)[0] or state.subject, *whole
            state.bare_outside = state.bare

    def _is_own_name(self, body: str) -> bool:
        """True for a short name of the reporting department: 市场监管局 of 安宁市市场监督管理局."""
        names = (self.identity.department_name, self.identity.department_as_written)
        body = re.sub(r"^(?:我[县市区镇乡]?|本|全|由)+", "", body)
        return any(name and _shortens(body, name) for name in names)

    def _tells_what_for(self, last: Figure) -> bool:
        """True where 用于甲8万元、乙68万元 divides the amount just said: a project's, or a budget's and what was added to it."""
        return _of_project(self.state.subject) or self.measure_of(last) in _BUDGETS

    def is_own(self, unit: str) -> bool:
        """True for the end of the reporting department's own name."""
        names = (self.identity.department_name, self.identity.department_as_written)
        return any(name and name.endswith(unit[-_END_OF_A_NAME:]) for name in names)

    def _divide(self, label: str) -> None:
        """商品和服务支出中，…: what follows are parts of the amount that this account has."""
        account = next((w.account for w in reversed(words(label)) if w.account), None)
        if account == "project":
            self._divide_projects()
        of_it = [(f, x) for f, x in self.section_figures if account and x.account == account]
        said = [(f, x) for f, x in of_it if self.measure_of(f) == "actual"]
        if said:
            self.state.parent, self.state.parent_subject = said[-1]
            self.state.measure = said[-1][0].measure_term

    def _divide_adjustment(self) -> None:
        """年中追加部分中，…: what follows are parts of what was added to the budget."""
        said = [(f, x) for f, x in self.section_figures if self.measure_of(f) == "adjustment"]
        if said:
            self.state.parent, self.state.parent_subject = said[-1]
            self.state.measure = said[-1][0].measure_term

    def _divides_an_adjustment(self) -> bool:
        """True where the words divide what was added to the whole budget: 年中追加60万元，其中人员类20万元."""
        whole = self.state.parent
        return whole is not None and self.divided() == "total" and self.measure_of(whole) == "adjustment"

    def _opens_uses(self, spot: Spot, lead: str) -> re.Match[str] | None:
        """主要用于：甲186万元 in the sentence behind 项目支出3485万元."""
        before = self.said_in(self.sentence_no - 1) if spot.at == 0 else []
        return _USES.match(lead) if before and before[-1][1].account == "project" else None

    def _divide_projects(self) -> None:
        """项目支出主要用于：甲186万元，乙38.5万元: what follows are the projects of the amount said before."""
        said = [f for f, x in self.section_figures if x.account == "project"]
        self.state.parent = said[-1] if said else None
        self.state.parent_subject = Subject("项目支出", "项目支出", "project")
        self.state.subject = self.state.parent_subject

    def _tells_of_spending(self) -> bool:
        """True where the sentence has said what was spent."""
        return any(self.measure_of(f) == "actual" for f, _ in self.said_in(self.sentence_no))

    def measure_of(self, figure: Figure) -> str | None:
        """The measure code that the vocabulary gives to a figure's measure."""
        return self.vocabulary.measures.get(figure.measure_term or "")

    def said_in(self, sentence_no: int) -> list[tuple[Figure, Subject]]:
        """The amounts of a sentence, this one or one before, in order."""
        latest = takewhile(lambda said: (said[0].sentence_no or 0) >= sentence_no, reversed(self.state.figures))
        return [said for said in latest if said[0].sentence_no == sentence_no][::-1]

    def _is_carried(self, figure: Figure) -> bool:
        return self.measure_of(figure) in ("carryover_in", "carryover_out")

    def list_is_over(self) -> bool:
        """True behind 其中：甲5万元，乙3万元 when words without a subject follow: they tell of the whole again."""
        return self.state.bare >= 2 and self.state.parent is not None and self.state.parent_subject is not None

    def _parts_close(self) -> bool:
        """True where the parts of a project make it: 甲80万元，其中：乙60万元，丙20万元；丁… goes on beside it."""
        whole = self.state.parent
        if whole is None or whole.project_name is None:
            return False
        parts = [f.value for f, _ in self.state.figures if f.part_of_figure_no == whole.figure_no]
        return len(parts) > 1 and sum(parts) == whole.value

    def _divides_one_of_a_list(self) -> bool:
        """True for 甲8万元；乙25万元，其中丙16万元；丁…: what is divided stands in a list itself, and the next group beside it."""
        whole = self.state.parent
        if whole is None or whole.project_name is None:
            return False
        others = [f for f, _ in self.said_in(self.sentence_no) if f.figure_no < whole.figure_no]
        names = {f.project_name for f in others if f.part_of_figure_no == whole.part_of_figure_no}
        return bool(names - {None, whole.project_name})

    def _of_row(self, lead: str, measure: str | None, *, explicit: bool) -> tuple[str | None, bool]:
        """预算安排基本支出100万元、项目支出50万元: a measure before a row of names is that of each of them."""
        state, name = self.state, lead.lstrip(",、和与及")
        known = self.vocabulary.accounts.get(name) is not None or (lead.startswith("、") and not words(name))
        if state.in_row and not explicit and name not in ("", lead) and known and self.figure_before() is not None:
            return state.in_row, True
        found = words(last_piece(lead))
        opens = explicit and len(found) > 1 and lead.endswith(found[-1].label) and not found[-1].measure
        state.in_row = measure if opens and self.vocabulary.measures.get(measure or "") in _BUDGETS else None
        return measure, explicit

    def _is_a_grant(self, lead: str, measure: str | None, *, explicit: bool) -> bool:
        """年初预算300万元，中央专项资金80万元: what a higher level gives besides is no initial budget, and not spent yet."""
        grant = _GRANTED.search(last_piece(lead)) or _GIVEN.fullmatch(last_piece(lead).lstrip("("))
        if grant is None or self.project or grant[1].startswith(self._own_level()):
            return False  # a project is made of what all levels give
        if explicit:
            return measure in ("下达", "下达资金", "预算下达", "安排支出", "计划安排") or measure == "预算安排"
        of_project = _of_project(self.state.subject) and self.state.last is not None
        planned = _PLANNED_NEAR.search(last_piece(lead))
        inherited = measure or (None if planned else self.state.measure) or "年初预算"
        return not of_project and self.vocabulary.measures.get(inherited) == "initial_budget"

    def _own_level(self) -> tuple[str, ...]:
        """How the department's own level of government is called in front of its money."""
        city = (self.identity.district or self.identity.city or "").endswith("市")
        return {"province": ("省",), "city": ("市",), "county": ("市",) if city else ()}.get(
            self.identity.admin_level or "", ()
        )

    def _of_all_parts(self, spot: Spot) -> tuple[str | None, str | None]:
        """The budget book and the measure that a list's parts have in common, for the list's total."""
        parts, said = self.state.figures[self.state.group :], behind_last(";。", spot.text[: spot.number.start])
        if len(parts) < 2:
            parts, said = self.said_in(self.sentence_no), spot.text[: spot.number.start]
        books = {m.code: m.label for m in self.vocabulary.books.find(said)}
        of_wholes = any(x.account in ("total", "income") for _, x in parts)
        measures = {self.measure_of(f) for f, _ in parts}
        by_source = {f.measure_term for f, _ in parts if self.measure_of(f) != "carryover_in"} == {_OF_A_SOURCE}
        return (
            next(iter(books.values())) if len(books) == 1 and not of_wholes else None,
            parts[-1][0].measure_term if len(measures) == 1 else _OF_A_SOURCE if by_source else None,
        )

    def _adjusted_whole(self, measure: str | None, number: Number) -> Subject | None:
        """年初预算300万元，防汛专项追加50万元，全年预算350万元: the sum is the budget of what the sentence opened with."""
        said = [(f, x) for f, x in self.said_in(self.sentence_no) if not self._is_part_of_this_sentence(f)]
        codes = [self.measure_of(f) for f, _ in said]
        if self.vocabulary.measures.get(measure or "") not in ("full_year_budget", "adjusted_budget"):
            return None
        opened = len(codes) > 1 and codes[0] == "initial_budget" and set(codes[1:]) <= {"adjustment", "carryover_in"}
        return said[0][1] if opened and sum(f.value for f, _ in said) == number.value else None

    def _compared_whole(self, spot: Spot) -> Subject | None:
        """三公经费62万元，其中用车费41万元，比2022年的70万元减少8万元: whose change it is, where only one amount gives it."""
        changed = _CHANGED_BY.match(spot.text, spot.number.end)
        rated = _CHANGED_BY_RATE.match(spot.text, spot.number.end)
        if not COMPARED_YEAR.search(spot.lead) or not (changed or rated) or not spot.number.value:
            return None
        if changed is None and rated is not None:
            rate = Decimal(rated[2]) * (1 if rated[1] in "增上" else -1)
            off = {
                x.label: (x, abs(f.value * 100 / spot.number.value - 100 - rate))
                for f, x in self.said_in(self.sentence_no)
                if self.measure_of(f) == "actual" and f.unit == spot.number.unit
            }
            near = [x for x, by in off.values() if by < _ROUNDED]
            return near[0] if len(near) == 1 else None
        if changed is None:
            return None
        change = Decimal(changed[2].replace(",", "")) * (1 if changed[1] in "增多上" else -1)
        said = [(f, x) for f, x in self.said_in(self.sentence_no) if self.measure_of(f) == "actual"]
        fit = {x.label: x for f, x in said if f.value - spot.number.value == change and f.unit == spot.number.unit}
        return next(iter(fit.values())) if len(fit) == 1 else None

    def _is_part_of_this_sentence(self, figure: Figure) -> bool:
        of = figure.part_of_figure_no
        return of is not None and self.collector.figures[of - 1].sentence_no == figure.sentence_no

    def _adds_to_the_budget(self) -> bool:
        """True behind a budget and what was added to it, of one subject."""
        said = self.said_in(self.sentence_no)
        codes = {self.measure_of(f) for f, _ in said}
        return (
            len(said) > 1
            and len({x.label for _, x in said}) == 1
            and {"initial_budget", "adjustment"} <= codes <= {"initial_budget", "adjustment", "carryover_in"}
        )

    @staticmethod
    def _is_a_reason(spot: Spot) -> bool:
        """超支的主要原因：一是补发奖金18万元: what the reasons name beside the amount that they explain."""
        before = spot.text[: spot.number.start]
        told = _REASONS.search(before) or _BECAUSE.search(before)
        return told is not None and not measure_only(last_piece(before).removeprefix("一是"))

    @staticmethod
    def _names_a_part(lead: str, *, explicit_measure: bool) -> bool:
        """劳务费38万元（含临时工资31万元）: words in a bracket that name something, and no account."""
        piece = _PART_IN_BRACKET.sub("", last_piece(behind_last("(", lead)).strip("、 "))
        if vocabulary().books.last(piece):
            return False
        return len(piece) > 1 and not explicit_measure and not measure_only(piece) and not _FUND_LEVEL.match(piece)

    def _fund_label(self, written: str) -> str | None:
        """The label of fund_source_labels.csv that `written` is or holds."""
        sources, written = self.vocabulary.fund_sources, _TAX.sub("", written)
        if written in sources:
            return written
        if found := sources.last(written):
            return found.label
        # （中央18万元、省级4万元）; 省级衔接资金
        return next((s for s in (written + "资金", _TOPIC.sub("", written)) if s in sources), None)

    def _within_own_project(self, named: Subject | None, lead: str, *, is_item: bool) -> Subject | None:
        """In a report about one project 培训费用18万元 is a part of it, 抚恤金320万元 among its items one of its own projects,
        and a short form of its name the project itself; what a part is divided into is no project."""
        plain = strip_enumerator(last_piece(lead).lstrip("、"))[0].lstrip("(和及与")
        unknown = named is None or named.account == "unclassified"
        if self.project and unknown and is_item and _OF_A_BODY.fullmatch(plain):
            return Subject(plain, None, "unclassified", is_part=True)  # （三）县疾控中心支出222万元
        listed = is_item or self.state.parent is not None or _BODY_END.search(plain) is not None
        if self.project and named is None and listed and _is_a_name(plain):
            return Subject(plain, None, "unclassified", is_part=True)  # （四）其他2万元, 2.场地布置6万元
        if not self.project or named is None or named.project == self.project:
            return named
        name, account, whole = named.project or named.label, named.account or "", self.state.parent
        if account == "project_item" and whole is not None and not (whole.project_name or whole.term):
            return Subject(name, None, "unclassified", is_part=True)
        if account == "project_item" and len(name) > _SHORTEST_NAME and _shortens(name, self.project):
            return self._own_project()
        if _GRANT_ACCOUNT.match(account) and LISTED_TAIL.search(name) and is_item:
            return Subject(name, None, "project_item", name)
        if _EXPENSE_ACCOUNT.match(account) or (account == "project_item" and _EXPENSE.search(name)):
            called = clean_label(plain)  # 档案管理系统维护费, not 维护费
            return Subject(called if called.endswith(name) else name, None, "unclassified", is_part=True)
        return named

    def _is_item(self, spot: Spot) -> bool:
        """True for an amount of a numbered item, or of a paragraph below a heading with a number."""
        numbered = strip_enumerator(spot.lead.lstrip(",;:、。"))[1]
        return numbered or strip_enumerator(spot.text)[1] or (self.inline_heading and spot.context.item is not None)

    def _own_project(self) -> Subject:
        """The project that the whole report is about."""
        name = self.project or ""
        return Subject(name, None, "project_item", name)

    def _whole(self, behind: str) -> tuple[Figure | None, Subject | None]:
        """What 其中 divides: of the amounts just said of one subject, the actual one if there is one, else the last."""
        state = self.state
        if state.last is None or not state.figures:
            return state.last, state.subject
        if self._is_carried(state.last) and _OF_A_BALANCE.search(behind):
            return state.last, state.subject  # 结余10万元，其中财政收回8万元
        same = [(f, x) for f, x in state.figures if x is state.subject and f.sentence_no == state.last.sentence_no]
        actual = [(f, x) for f, x in same if self.measure_of(f) == "actual"]
        return actual[-1] if actual else (state.last, state.subject)

    def _subject(self, lead: str, quoted: str, following: str, context: Context) -> tuple[Subject | None, bool]:
        """The subject that the lead itself names, if any."""
        if _BESIDES.match(last_piece(lead)):
            return Subject(self._label(lead, following), None, "unclassified"), True
        other = _BODY_SPENDS.fullmatch(last_piece(lead).lstrip("、"))
        if other and not self._is_own_name(other[1]):
            return Subject(self._label(lead, following), None, "unclassified"), True
        if body := self._one_of_the_units(lead):
            return Subject(body, None, "unclassified", is_part=True), True
        nearest = last_piece(lead)
        if classed := CLASS_OF_PROJECTS.search(lead if measure_only(nearest) else nearest):
            return Subject(classed[0], None, "unclassified"), True
        code = functional_term(lead)
        if code and (resembles_functional(lead, code) or (code == _OTHER and self._in_project_list(lead, context))):
            if m := _QUOTED_PROJECT.search(quoted):
                return Subject(m[1], None, "project_item", m[1]), True
            if context.lists_projects or self.intro == "project":
                opens = self.intro == "project" and self.state.last is None
                name = self._list_name(lead) if opens or self._in_project_list(lead, context) else None
                if name:
                    return Subject(name, None, "project_item", name), True
        if code and lacks_item(lead, code):
            return Subject(functional_label(lead), None, "unclassified"), True  # an item that the vocabulary lacks
        if code:
            return Subject(functional_label(lead) or self._label(lead, following), code, "f" + code), True
        if (m := _INSURANCE_FUND.search(lead)) and m[1] not in self.vocabulary.books:
            return Subject(m[1].replace(":", ""), None, "unclassified"), True
        if _of_a_fund(self.state.subject) and _FUND_GOES_ON.fullmatch(last_piece(lead)):
            return self.state.subject, True  # 医疗保险基金总收入31,264万元，总支出26,907万元
        if context.title.rstrip(":").endswith("保险") and _OF_THE_FUND.match(lead):
            return Subject(strip_enumerator(context.title.rstrip(":"))[0] + "基金", None, "unclassified"), True
        if (m := _OPEN_QUOTE.search(quoted)) and PROJECT_TAIL.search(m[1]) and not self._is_aggregate(m[1]):
            return Subject(m[1], None, "project_item", m[1]), True
        if m := _QUOTED_PROJECT.search(quoted):
            return Subject(m[1], None, "project_item", m[1]), True
        found = tuple(w for w in words(lead) if not (w.account in _INCOME and lead.startswith("安排", w.end)))
        if both := _BOTH_CLASSES.search(last_piece(lead)):
            return Subject(both[0], "人员经费", "personnel"), True
        if paid := _INSTALMENT.fullmatch(last_piece(lead)):
            return Subject(paid[1], None, "unclassified"), True
        if _TO_FILL_UP.match(last_piece(lead)):
            return Subject(self._label(lead, following), None, "unclassified", is_part=True), True
        if paid_to := self._paid_to(lead):
            return paid_to, True
        strong = [
            w
            for w in found
            if w.account and (not w.measure or self.vocabulary.measures.get(w.label) == "appropriation_income")
        ]
        state = self.state
        running = _PART_OF_RUNNING.search(last_piece(lead))
        if running and (self.divided() in VEHICLES or (state.bracket is not None and _of_vehicles(state.bracket[0]))):
            return Subject(
                self._label(lead, following), None, "unclassified"
            ), True  # 公务用车运行维护费6万元（维修费1.9万元）
        if state.last is not None and state.subject is not None and state.subject.account in VEHICLES:
            short = re.match(r"^[(（、,]*(?:其中[:,]?)?(购置|运行|维护|运维)", last_piece(lead))
            if short:
                label = "公务用车购置费" if short[1] == "购置" else "公务用车运行维护费"
                return Subject(label, label, self.vocabulary.accounts.get(label)), True
        if self.divided() == "three_public" and (full := _IN_SHORT.get(last_piece(lead).lstrip("、和及"))):
            return Subject(full, full, self.vocabulary.accounts.get(full)), True
        if state.subject is not None and (state.subject.account or "").startswith("procurement"):
            kind = _PROCURED.fullmatch(last_piece(lead).lstrip("、和及其中"))
            if kind:
                label = f"政府采购{kind[1]}支出"
                return Subject(kind[0], label, self.vocabulary.accounts.get(label)), True
        if state.last is None and (within := _OPENS_A_BRACKET.search(lead)):
            return Subject(within[1], None, "unclassified"), True  # 标准化专项（含奖金100万元）
        in_list = self._in_project_list(lead, context)
        nearest = last_piece(lead)
        first_named = self._list_name(lead) if in_list else None
        alone = (
            first_named and not strip_enumerator(lead.lstrip(',;:、。)”" '))[1] and self._is_of_everyone(first_named)
        )
        if first_named and is_place(first_named):
            return Subject(
                first_named, None, "unclassified", is_part=True
            ), True  # 污水治理329万元，其中大鲸港镇138万元
        if first_named and not self._is_aggregate(first_named) and not alone:
            return Subject(first_named, None, "project_item", first_named), True
        opening = _BEFORE_A_NAME.sub("", strip_enumerator(unquoted(nearest))[0])
        name = next(
            (opening[:n] for n in range(min(len(opening), 60), 3, -1) if opening[:n] in self.project_names), None
        )
        if name and not (
            strong and strong[-1].account in _AGGREGATES and strong[-1].start >= unquoted(lead).rfind(unquoted(nearest))
        ):
            return Subject(name, None, "project_item", name), True
        if not strong and _OF_PROJECTS.match(nearest):
            return Subject("项目支出", "项目支出", "project"), True  # 其中项目追加310万元
        source = (
            _UNKNOWN_NOUN.search(_WRITTEN_YEAR.sub("", nearest[: nearest.rfind("收入") + 2]))
            if strong and strong[-1].label in ("收入", "总收入")
            else None
        )  # 体检收入仅完成年初预算52万元
        if (
            source
            and not _COMPARISON_FIRST.match(source[1])
            and not _OF_ALL_INCOME.search(source[1])
            and not _KNOWN_MODIFIER.match(source[1])
        ):
            return Subject(source[1], None, "unclassified"), True  # 医疗收入
        if strong:
            w = strong[-1]
            if w.account in _KINDS and w.label not in _STANDARD_KINDS:
                name = project_name(nearest) or w.label
                return Subject(name, None, "project_item", name), True
            if (w.account or "").startswith("e303") and self._is_paid_of_a_project(lead, w, context):
                return Subject(self._label(lead, following), None, "unclassified"), True
            prefixed = self._prefixed_project(lead, w.start, w.account or "", w.label)
            funds = self._named_funds(lead, w.start) if w.label == "经费支出" else None
            if funds and not self._lists_projects(context):
                return Subject(funds, None, "unclassified"), True  # 提案办理经费支出5万元: not all that was spent
            prefixed = prefixed or funds
            if prefixed:
                return Subject(prefixed, None, "project_item", prefixed), True
            if w.label == "项目资金" and _of_project(state.subject) and state.last is not None and _AND_ITS.match(lead):
                return Subject(w.label, None, "unclassified"), True  # 后扶资金112万元，直补资金52万元，项目资金60万元
            if w.account in ("project", "project_special") and self.project:
                return self._own_project(), True
            if w.account == "project" and (rest := re.search(r"其[他它]$", lead[: w.start])):
                return Subject(rest[0] + w.label, None, "project_item", rest[0] + w.label), True
            return Subject(w.label, w.label, w.account), True
        planned = next((w for w in reversed(found) if w.measure == "initial_budget" and "收入" in w.label), None)
        if planned is not None:  # 年初预算收入 is a measure and what it measures
            return Subject(planned.label, "收入", self.vocabulary.accounts.get("收入")), True
        weak = [w for w in found if w.account and w.measure and w not in strong]
        # 三公经费：本年支出5万元 is what the words before the colon say; 基本支出：本年支出合计 is the whole
        if weak and self.inline_heading and context.account_term and not re.search(r"总|合计", weak[-1].label):
            return None, False
        begins = self.counted_projects and state.last is None
        goes_on = _of_project(state.subject) and lead.startswith(";")
        first = _FIRST_OF_LIST.search(lead) if begins or goes_on else None
        if first and not self._is_aggregate(first[1]) and not VERB.match(first[1]) and not measure_only(first[1]):
            return Subject(first[1], None, "project_item", first[1]), True
        if weak and self.counted_projects and weak[-1].label in ("预算总额", "资金总额"):
            return state.subject, True  # 共实施6个项目，预算总额620万元
        if weak and (state.subject is None or re.search(r"总|合计", weak[-1].label)):
            return Subject(weak[-1].label, weak[-1].label, weak[-1].account), True
        if self.intro == "project" and state.last is None and not in_list and context.kind in ("funds", ""):
            name = self._list_name(lead)
            if name and LISTED_TAIL.search(name) and not VERB.match(name) and not self._is_aggregate(name):
                return Subject(name, None, "project_item", name), True
        if (unit := _OF_A_UNIT.search(nearest)) and not self.is_own(unit[1]):
            return Subject(unit[0], None, "unclassified"), True  # 县公路养护中心支出41万元 in the report of the bureau
        unknown = _UNKNOWN_NOUN.search(_WRITTEN_YEAR.sub("", nearest)) if not self._is_spent_of_it(nearest) else None
        if unknown and not strong and not weak and not _KNOWN_MODIFIER.match(unknown[1]) and not in_list:
            return Subject(unknown[1], None, "unclassified"), True
        if (
            state.last is None
            and context.kind in ("funds", "")
            and (m := _NAMED_FIRST.match(strip_enumerator(lead.lstrip(',;、。”" '))[0]))
        ):
            free = self._free_project(m[1], m[1], context)
            if free and not VERB.match(free) and not NO_PROJECT_TITLE.search(free):
                return Subject(free, None, "project_item", free), True
        if (_of_project(state.subject) or self.project) and (what := paid_for(lead)) and not measure_only(what):
            return Subject(what, None, "unclassified", is_part=True), True
        item = strip_enumerator(lead.lstrip(",;:、。"))
        if (
            self.project
            and item[1]
            and LISTED_TAIL.search(item[0])
            and not (VERB.match(item[0]) or measure_only(item[0]))
        ):
            free = project_name(item[0])
            if free and not (self.vocabulary.books.last(free) or self.vocabulary.fund_sources.get(free)):
                return Subject(free, None, "project_item", free), True  # ③老年人优待金28万元
        if quoted != lead or PROJECT_TAIL.search(_MEASURE_TAIL.sub("", nearest)):
            free = self._free_project(quoted, last_piece(quoted), context)
            if free and self._divides_no_projects():
                return Subject(free, None, "unclassified"), True
            if free:
                return Subject(free, None, "project_item", free), True
        if state.bare and state.last is not None and state.last.label != nearest and _names_another(lead):
            return Subject(self._label(lead, ""), None, "unclassified"), True
        spoken_of = self._project_spoken_of(lead)
        return spoken_of, spoken_of is not None

    def _project_spoken_of(self, lead: str) -> Subject | None:
        """甲补助资金因下达较晚，全年仅执行61万元: the known project that an earlier clause of the sentence begins with."""
        clause = behind_last(";。", lead)
        known = [name for name in self.project_names if len(name) >= _WHOLE_NAME and self.state.subject is None]
        told = [n for n in known if clause.startswith(n.partition("(")[0]) and len(n.partition("(")[0]) >= _WHOLE_NAME]
        name = max(told, key=len, default=None)
        return Subject(name, None, "project_item", name) if name else None

    def _one_of_the_units(self, lead: str) -> str | None:
        """局机关年初预算486万元，…；水利站年初预算98万元: the body below the department, or its own office beside such bodies."""
        m = _UNIT_BUDGET.search(lead)
        if m is None or self.is_own(m[1]):
            return None
        others = {name for name in _UNIT_BUDGET_IN_TEXT.findall(self.sentence_text) if not self.is_own(name)}
        return m[1] if len(others) > 1 else None

    def _paid_to(self, lead: str) -> Subject | None:
        """拨付甲村12万元、乙村8万元: the body that was paid, when it is not the department itself."""
        near, who = self.state.near, recipient(lead)
        if near is not None and near.is_part and (others := rest_of_recipients(lead)):
            who = others
        if who is None and near is not None and near.is_part and not (_LEFT.search(lead) or measure_only(lead)):
            who = next_recipient(lead, near.label)
            who = strip_enumerator(who)[0] if who else None
        return Subject(who, None, "unclassified", is_part=True) if who and not self.is_own(who) else None

    def divided(self) -> str:
        """The account of the amount that the words under way divide into parts; "" for none."""
        whole = self.state.parent_subject
        return (whole.account or "") if whole is not None else ""

    def _divides_no_projects(self) -> bool:
        """工资福利支出598万元（津补贴112万元，…）: what salaries, operating or public expenses are divided into is no project."""
        whole = self.divided()
        if not whole and self.state.subject is not None:  # 收入来源：一般公共预算拨款8,236万元；专户资金235万元
            return self.state.subject.label.endswith(("收入", "拨款"))
        return (
            whole in VEHICLES
            or whole in ("basic", "personnel", "operating", "three_public")
            or whole.startswith(("e3", "income"))
        )

    def _in_project_list(self, lead: str, context: Context) -> bool:
        state = self.state
        under_project = state.parent_subject is not None and state.parent_subject.account in _PROJECT_GROUPS
        if under_project:
            return True
        if (
            self.inline_heading
            and state.last is None
            and context.lists_projects
            and context.title.endswith(_LISTS_BELOW)
        ):
            return True  # 2.项目支出用于：政务大厅运行42万元；
        numbered = strip_enumerator(lead.lstrip(',;:、。)”" '))[1] or (state.last is None and strip_enumerator(lead)[1])
        if (
            state.last is None
            and (context.in_project_chapter or context.lists_projects or self.intro == "project")
            and context.kind != "performance"
        ):
            opening = re.split(r"[,:(]", unquoted(strip_enumerator(lead)[0]), maxsplit=1)
            if (
                len(opening) == 2
                and (LISTED_TAIL if numbered else PROJECT_TAIL).search(opening[0])
                and not VERB.match(opening[0])
                and not NO_PROJECT_TITLE.search(opening[0])
            ):
                return True
        if state.subject is not None and state.subject.account == "project_item" and _NEXT_ITEM.match(lead):
            return True
        if state.bare and state.subject is not None and state.subject.account == "project_item" and _next_in_row(lead):
            return True
        if self.intro == "project" and self._is_glued(lead):
            return True  # a project a line, and nothing at the lines' ends
        if context.lists_projects and (numbered or (state.last is not None and bool(re.match(r"\)?[;；、,]", lead)))):
            return True
        return (
            numbered
            and (self.intro == "project" or context.in_project_chapter)
            and not VERB.match(strip_enumerator(lead)[0])
        )

    def _is_glued(self, lead: str) -> bool:
        """True for 非税征管成本预算 right behind the amount of another project: the next line of a list."""
        state, name = self.state, _MEASURE_TAIL.sub("", lead)
        if not (state.bare or (state.subject is not None and state.subject.account == "project_item")):
            return False
        known = sum(w.end - w.start for w in words(name)) == len(name)
        return bool(_GLUED.fullmatch(name)) and not known and not VERB.match(name) and not measure_only(name)

    def _list_name(self, lead: str) -> str | None:
        """The project that a list item opens with: the first piece of the lead that has words of its own."""
        own = behind_last(";。", lead.rstrip(";。"))
        divided = [m.end() for m in re.finditer("其中", own)]
        for piece in re.split(r"[,:]", own[divided[-1] :] if divided else own):
            plain, numbered = strip_enumerator(piece)
            if numbered and plain.startswith("用于") and not VERB.match(plain[2:]):
                plain = plain[2:]
            plain = _OUT_OF.sub("", plain)
            if not plain.strip("、 ") or re.match(
                r"(?:资金|经费)来源|[^,]{0,6}(?:项目|专项)[一二两三四五六七八九十]+个$|(?:主要)?用于|主要是|主要为|年中|年初|年末|中期|本年|当年|全年|执行中",
                plain,
            ):
                continue
            found = words(unquoted(plain))
            if (
                found
                and found[-1].account in _AGGREGATES
                and not self._prefixed_project(plain, found[-1].start, found[-1].account or "", found[-1].label)
            ):
                # 聘用人员经费, 公用经费补助 in a list of projects are projects; 其中：人员经费 is not.
                if re.match(r"(?:补助|补贴|奖补|专项)", unquoted(plain)[found[-1].end :]):
                    return project_name(plain)
                before = project_name(plain[: found[-1].start])
                if before and not _NOT_A_PROJECT.search(before) and not measure_only(before):
                    if self.vocabulary.books.last(before):
                        return None
                    bare = unquoted(plain)
                    called = bare[bare.find(before) : found[-1].end]
                    return called.removesuffix("支出") if called.endswith("经费支出") else called
                return None
            # 6.其他20万元, 7.其他教育支出30万元: the last of a list
            rest = plain.startswith(("其他", "其它")) and (numbered or (len(plain) == 2 and self.state.bare > 1))
            if self.vocabulary.books.last(_CLOSED_BRACKET.sub("", plain)) or (
                _FUND_LEVEL.match(plain) and not rest and not (numbered and _TOPIC.search(plain))
            ):
                return None
            if not (measure_only(plain) or _INTRODUCES.fullmatch(plain)):
                name = project_name(plain)
                if (
                    name
                    and not measure_only(name)
                    and not _NO_NAME.match(name)
                    and name != "基金"
                    and not re.match(
                        r"(?:比|较|同比|与|[上去]年(?:同期)?相?[比较]|[增减](?:加|少|长|支)|完成|占|结转|结余|[^,]{0,6}(?:收回|上缴|缴回)|[当本]期结|滚存结|累计结|剩余|其中|追加|调[增减整]|执行中|明细|财政拨款)",
                        name,
                    )
                ):
                    return name
        return None

    def _prefixed_project(self, lead: str, at: int, account: str, label: str) -> str | None:
        """车辆经费项目支出5万元: a name before 项目支出 is the project's."""
        if account not in ("project", "project_special", "project_business", "project_maintenance"):
            return None
        piece = behind_last(",;:。", lead[:at])
        plain, _ = strip_enumerator(piece)
        before = project_name(plain)
        if not before or _NOT_A_PROJECT.search(before) or measure_only(before):
            return None
        if all(_FUND_LEVEL.match(source) for source in re.split("[、和与及]", before)):
            return None  # 中央、省级专项资金
        if self.vocabulary.books.last(before) or self.vocabulary.accounts.get(before):
            return None
        if label.startswith("项目"):
            return before if len(before) >= 3 else None
        tail = re.match(r"资金|经费|项目|费用?", lead[at + len(label) :])
        return before + label + (tail[0] if tail and not label.endswith(("费", "金", "费用")) else "")

    def _is_rest(self, lead: str, words_: str) -> bool:
        """True for 7、其他专项 behind 6、疫情防控38万元, and for 其他支出 behind 农林水支出: the last of a list, no source of funds."""
        before = self.state.subject.account if self.state.subject else None
        numbered = strip_enumerator(lead.lstrip(",;:、。"))[1]
        if before == "project_item" or (numbered and (self.intro == "project" or self.project is not None)):
            return numbered or self.state.bare > 1
        return before is not None and before.startswith("f2") and words_.endswith("支出")

    def _is_paid_of_a_project(self, lead: str, word: Word, context: Context) -> bool:
        """发放残疾军人抚恤金612万元 among projects: whom a project's money is paid to, and no item of the economic classes."""
        whom = clean_label(last_piece(lead[: word.start]))
        return len(whom) > 1 and (
            context.in_project_chapter or _of_project(self.state.subject) or context.project is not None
        )

    def _lists_projects(self, context: Context) -> bool:
        return context.lists_projects or context.in_project_chapter or self.intro == "project"

    def _named_funds(self, lead: str, at: int) -> str | None:
        """河道清淤经费支出45万元: a name before 经费支出, among projects, is a project's; so is a short one of a project's part."""
        piece = behind_last(",;:。", lead[:at])
        before = project_name(strip_enumerator(piece)[0])
        if vocabulary().books.last(piece):
            return None
        if (
            not before
            or len(before) < (2 if self.project else 3)
            or _NOT_A_PROJECT.search(before)
            or measure_only(before)
        ):
            return None
        return before + "经费"

    def _free_project(self, lead: str, piece: str, context: Context) -> str | None:
        if context.kind in ("performance", "problems", "measures", "assets") and not re.search(
            r"专项|项目|经费|预算", piece + context.title
        ):
            return None
        found = words(unquoted(piece))
        if found and found[-1].account in _AGGREGATES:
            return None
        source = lead if re.search(r"[“\"「]", lead) else piece
        name = project_name(source)
        if name and (self.vocabulary.books.last(name) or self.vocabulary.fund_sources.get(name)):
            return None
        if (
            not name
            or measure_only(name)
            or not PROJECT_TAIL.search(name)
            or len(name) < 3
            or re.search(r"结转|结余", name)
        ):
            return None
        if SOME_MONEY.fullmatch(name) or _NO_NAME.match(name):
            return None
        return name

    def _inherited(self, lead: str, context: Context, *, new_group: bool, explicit_measure: bool) -> Subject | None:
        state = self.state
        if new_group and state.top is not None:
            state.parent = state.parent_subject = None
            return state.top
        if state.subject is not None:
            return state.subject
        if context.account_term:
            term = context.account_term
            if self.project and self.vocabulary.accounts.get(term) == "project":
                return self._own_project()
            # 基本支出情况: 预算批复…，其中基本支出…: the sentence itself says that its amount is the larger whole.
            if re.search(r"其中[:,]?" + re.escape(term), unquoted(self.sentence_text)):
                return Subject("部门整体支出", "部门整体支出", "total")
            named = Subject(term, term, "f" + term if term.isdigit() else self.vocabulary.accounts.get(term))
            return self._within_own_project(named, lead, is_item=context.item is not None)
        if self.project:
            return self._own_project()
        if (
            explicit_measure
            and (context.kind in ("funds", "organisation", "performance", "") or self._opens_with_budget(lead, context))
            and re.search(r"预算|决算|支出|执行|结转|结余|到位|追加", lead)
        ):
            item = context.item if context.project_listed else None
            if item and not VERB.match(item) and not functional_term(item) and not words(item):
                return Subject(item, None, "project_item", item)
            return Subject("部门整体支出", "部门整体支出", "total")
        return None

    @staticmethod
    def _opens_with_budget(lead: str, context: Context) -> bool:
        """Among the problems, 年初预算1,665万元，年中追加295万元 with no other word is the department's."""
        return context.kind == "problems" and measure_only(last_piece(behind_last(";。", lead)))

    def _measure(self, lead: str) -> tuple[str | None, bool]:
        """The measure label that the lead names last, and whether it names one."""
        found = words(lead)
        if _SHIFTED.search(lead):
            m = re.findall(r"年中执行调[增减]|年中追加|追加|调增|调减|追减", lead)[-1]
            tail = lead[lead.rfind(m) + len(m) :]
            if not re.search(r"决算|实际支出|执行数|调整后|支出$", tail):
                return ("追加" if "追" in m else "调增" if "增" in m else "调减"), True
        if m := _ADJUSTED.search(lead):
            return ("追加" if m[1] in ("核增", "追加", "增拨", "净增加", "净调增") else "调减"), True
        if m := _MID_YEAR.search(lead):
            return ("追加" if m[1] in ("增加", "新增", "核增", "下达", "安排") else "调减"), True
        if _PAID_TO_US.search(lead):
            return "到位", True
        if _MID_YEAR_SPENT.search(lead):
            return "期中支出", True
        if _PLANNED_PURCHASE.search(lead):
            return "预算", True
        if m := _CAN_BE_SPENT.search(last_piece(lead)):
            return m[0], True
        if _BUDGET_ADJUSTED.search(lead):
            return "预算调整", True
        if _ADJUSTED_BUDGET.search(lead):
            return "调整预算", True
        full = _FULL_YEAR_BUDGET.search(lead)
        if full and "年初" not in full[0] and not re.search(r"支出|决算|执行数", lead[full.end() :]):
            return "全年预算", True
        for w in reversed(found):
            if not w.measure:
                continue
            if w.measure == "change" and re.search("[,;。]", lead[w.end :]):
                continue  # 由于厉行节约，公务接待费…: why, not what
            if is_no_budget(lead, w):
                continue
            if w.measure.startswith("prior_year") and _OF_A_CONTRACT.match(lead[w.end :]):
                continue
            if w.label.startswith("支付") and lead[: w.start].endswith("转移"):
                continue  # 转移支付资金 is a source, not what was paid
            if w.measure:
                label = w.label
                if label in ("预算", "预算数", "支出预算", "预算支出", "预算安排", "批复") and re.search(
                    r"上年|去年", lead[max(0, w.start - 12) : w.start]
                ):
                    label = "上年预算"
                if (
                    label in ("支出", "决算", "决算数", "支出决算", "实际支出")
                    and re.search(r"(?:上年|去年)(?!结|度结)", lead[max(0, w.start - 12) : w.start])
                    and not re.search(r"比|较|与", lead[: w.start])
                ):
                    label = "上年决算"
                if label in ("支出", "投入", "使用", "执行") and re.search(r"预算", lead[w.end :]):
                    continue
                return label, True
        implied = [m for w in reversed(found) if not is_no_budget(lead, w) and (m := self._implied(w.label))]
        told = next((m for m in implied if m != "支出"), None)
        return (told, True) if told else (implied[0] if implied else None, False)

    @staticmethod
    def _implied(label: str) -> str | None:
        if label.endswith(("预算", "预算总额", "预算资金")):
            return "年初预算"
        if "财政拨款收入" in label or label.endswith("拨款收入") or label == "经费拨款":
            return "财政拨款收入"
        if label.endswith(("支出", "支出合计", "支出总计", "总支出", "支出总额", "收入", "收入合计", "收入总计")):
            return "支出"
        return None

    def _default(self, lead: str) -> str:
        if self.project and _FUNDING.search(self.path or ""):
            return "年初预算"
        piece = re.sub("|".join(_BOOKS), "", last_piece(lead))
        if _PLANNED_NEAR.search(piece) and not _SPENT_NEAR.search(piece):
            return "年初预算"
        return self.default_measure

    def _in_its_year(self, measure: str, year: int | None) -> str:
        """A final account or budget of an earlier year is the prior year's."""
        if year is not None and self.year is not None and year < self.year:
            code = self.vocabulary.measures.get(measure)
            if code == "actual":
                return "上年决算"
            if code == "initial_budget":
                return "上年预算"
        return measure

    def _whole_of(
        self, part: Subject, paying: Subject | None, measure: str, amount: Number
    ) -> tuple[Figure, Subject] | None:
        """The amount, in the same measure, of what a body or a thing was paid from: a project, the report's own at last."""
        code = self.vocabulary.measures.get(measure)
        if self.project and not _of_project(paying):
            paying = self._own_project()
        for figure, other in reversed(self.section_figures):
            of_it = paying is not None and other is not part and other.label == paying.label
            held = self.children.get(figure.figure_no, self.list_path) == self.list_path
            larger = figure.value >= amount.value or figure.unit != amount.unit
            if of_it and held and larger and self.measure_of(figure) == code and not self._is_a_source(figure):
                self.children[figure.figure_no] = self.list_path
                return figure, other
        return None

    def _parent(
        self, subject: Subject | None, measure: str, book: str | None, fund_part: bool, amount: Number
    ) -> tuple[Figure, Subject] | None:
        """The figure that this one is stated to be a part of: by the account tree, by 其中, or by a list's heading figure."""
        state = self.state
        if subject is None or subject.account is None or subject.label.startswith(("授予", "面向")):
            return None
        if fund_part:
            return (
                (state.parent, state.parent_subject)
                if state.parent is not None and state.parent_subject is not None
                else None
            )
        divided = state.parent
        if subject.is_part and divided is not None and not (divided.project_name or divided.term):
            return divided, Subject(divided.label, None, "unclassified")  # 拨付卫生院24万元，其中：甲卫生院4万元
        if subject.is_part:
            return self._whole_of(subject, state.parent_subject or state.subject, measure, amount)
        code = self.vocabulary.measures.get(measure)
        above = (
            "project" if subject.account == "project_item" else self.vocabulary.account_parents.get(subject.account, "")
        )
        if above == "functional":
            above = "total"
        wider = (
            "three_public" if above == "vehicle" else above
        )  # 三公…其中：公务用车运行维护费: reports leave the middle out
        if state.parent is not None and state.parent_subject is not None and state.parent_subject is not subject:
            up = state.parent_subject.account
            fits = (
                up in (above, wider)
                or (up in _PROJECT_GROUPS and subject.account in _PROJECT_GROUPS)
                or up == "total"
                or (subject.account.startswith("f") and up in ("basic", "project"))  # classes of a part of it alone
            )
            if (
                fits
                and self.measure_of(state.parent) == code
                and not (book and self._is_of_another_book(state.parent, book))
            ):
                self.children[state.parent.figure_no] = self.list_path
                return state.parent, state.parent_subject
        for pool in (state.figures, self.section_figures):
            for figure, other in reversed(pool):
                if (
                    self._is_of_another_book(figure, book) or self._is_a_source(figure)
                ) and subject.account == "project_item":
                    continue  # the part of one budget book: 资金来源为一般公共预算1,850万元
                if self._is_a_part_by_book(figure, book) or (book and self._is_of_another_book(figure, book)):
                    continue  # 一般公共预算支出483万元，政府性基金支出161万元。基本支出72万元
                if (
                    other.account not in (above, wider)
                    or other is subject
                    or (other.label.endswith("收入") and not subject.label.endswith("收入"))
                    or self.measure_of(figure) != code
                ):
                    continue
                # A restatement in another section is no second part of the same total.
                if self.children.get(figure.figure_no, self.list_path) == self.list_path:
                    self.children[figure.figure_no] = self.list_path
                    return figure, other
        if self.project and subject.project not in (None, self.project):
            return self._whole_of(subject, self._own_project(), measure, amount)
        return None

    def _is_of_another_book(self, figure: Figure, book: str | None) -> bool:
        codes = [self.vocabulary.books.get(b) if b else None for b in (figure.book_term, book)]
        return codes[0] is not None and codes[0] != (codes[1] or "general_public")

    def _is_a_part_by_book(self, figure: Figure, book: str | None) -> bool:
        """True for what one budget book, and not that of `book`, has of an amount of all books."""
        own, of = (
            [self.vocabulary.books.get(b) if b else None for b in (figure.book_term, book)],
            figure.part_of_figure_no,
        )
        return of is not None and own[0] not in (None, own[1]) and self.collector.figures[of - 1].book_term is None

    def _is_a_source(self, figure: Figure) -> bool:
        """True for an amount that is a part of the same thing's amount: 项目支出190万元，资金来源为一般公共预算185万元."""
        of = figure.part_of_figure_no
        return of is not None and self.collector.figures[of - 1].label == figure.label

    def _is_output(
        self,
        lead: str,
        following: str,
        context: Context,
        subject: Subject | None,
        *,
        explicit_subject: bool,
        explicit_measure: bool,
    ) -> bool:
        """Money that is an achievement (taxes raised, investment won), not the department's own expenditure.

        Neither are prices agreed on and what is still owed.
        """
        if _DRAWN.search(last_piece(lead)):
            return True
        if (
            (_OWED.search(lead) and not _NOT_USED.match(following))
            or _STILL_OWED.match(following)
            or (_PRICE.search(lead) and "授予" not in lead)
        ):
            return True
        if self._is_not_charged(lead, following) or self._is_won(lead) or _SUGGESTED.search(behind_last(";。", lead)):
            return True
        if context.kind == "measures" and (
            _PROPOSED.search(behind_last(";。", lead)) or _TO_BE_BUDGETED.match(following)
        ):
            return True
        if context.kind not in ("performance", "goals", "functions", "problems", "measures"):
            if _SURRENDERED.search(lead) and _TO_THE_TREASURY.match(last_piece(lead)[-4:] + following):
                return True
            return context.kind == "" and not explicit_subject and bool(_ACHIEVED.search(behind_last(",;。", lead)))
        last_clause = behind_last(",;。", lead)
        if _REVENUE.search(last_clause) and ("完成" in last_clause or self._tells_of_work()):
            return True
        budget_words = re.search(
            r"预算(?!内)|决算|执行数|结转|结余|基本支出|项目支出|三公|经费支出|专项资金|自评", last_clause
        )
        if explicit_measure and _ALL_SPENT.fullmatch(last_clause):
            return False
        said = self.state.last is not None and (_RECEIVED.fullmatch(last_clause) or self._is_spent_of_it(last_clause))
        if said or _REVIEWED.search(last_clause):
            return False
        if self.state.last is not None and self.state.parent is self.state.last and "其中" in lead:
            return False  # a part of what was spent
        named = subject.label if subject is not None and _NAMED_FUND.search(subject.label) else None
        if _MONEY_OUTPUT.search(lead.replace(named, "") if named else lead) and not budget_words:
            return True
        if explicit_subject and (
            subject is None
            or subject.account != "project_item"
            or budget_words
            or re.search("专项|项目支出", context.title)
        ):
            return False
        of_the_department = explicit_measure and subject is not None and subject.account == "total"
        if of_the_department and self._opens_with_budget(lead, context):
            return False
        if explicit_subject and explicit_measure and subject is not None and subject.project in self.project_names:
            return False
        before = self.figure_before()
        of_work = before is not None and before.kind == "output"
        if of_work and not explicit_subject and not budget_words:
            return True  # 修建公路8公里，投入资金26万元
        if (
            explicit_measure
            and self.state.last is not None
            and re.search(r"预算|决算|执行|结余|结转|实际支出|调[增减整]|追加|支出|支付|资金|到位", lead)
        ):
            return False
        if explicit_measure and re.search(r"预算|决算|执行数|结余|结转|总支出|年度支出", lead):
            return False
        if explicit_subject and subject is not None and re.search(r"经费|专项|资金", subject.label):
            return False
        return not (self.state.last is not None and self.state.parent is not None)

    def _tells_of_work(self) -> bool:
        """True where the sentence has told of work or of its rates, and of no money of the department's."""
        before = self.figure_before()
        return before is not None and before.kind in ("output", "rate") and not self.said_in(self.sentence_no)

    def _is_won(self, lead: str) -> bool:
        """True for 争取上级资金80万元，省级专项40万元: grants that the department won for others as well."""
        piece, before = last_piece(lead), self.figure_before()
        goes_on = before is not None and before.kind == "output" and "争取" in before.label
        return _WON.search(piece) is not None or (goes_on and _GRANTED.search(piece) is not None)

    @staticmethod
    def _is_not_charged(lead: str, following: str) -> bool:
        """True for money that is expressly outside the department's accounts."""
        before, behind = behind_last(";。", lead), before_first(";。", following)
        if _NOT_CHARGED.search(behind) or _NOT_CHARGED.search(behind_last(":", before)):
            return True
        paid = _PAID_BY_THE_TREASURY.search(last_piece(before)) or _PAID_BY_THE_TREASURY.search(
            before_first(",", behind.lstrip(",("))
        )
        return bool(paid or _KEPT_FOR_OTHERS.search(last_piece(before)))

    def _is_spent_of_it(self, clause: str) -> bool:
        """政府采购预算120万元，实际采购106万元: what was spent of the budget that the sentence has said."""
        last = self.state.last
        return last is not None and last.sentence_no == self.sentence_no and _ACTUALLY.fullmatch(clause) is not None

    def figure_before(self) -> Figure | None:
        """The figure just said in this sentence, of whatever kind."""
        said = self.collector.figures
        return said[-1] if said and said[-1].sentence_no == self.sentence_no else None

    def _asset(self, spot: Spot, term: str) -> None:
        number, lead = spot.number, spot.lead
        label = self._label(lead, "")
        if not term and label in self.vocabulary.metrics("asset"):
            label = f"所含{label}"  # SQL maps a label by itself where there is no term
        counted = self.figure_before()
        # 车辆3台价值52万元: of what was counted
        if counted is not None and counts.is_worth(counted, lead):
            label, term = counted.label + label, ""
        self.collector.figure(
            evidence_no=self.evidence(spot),
            kind="asset",
            label=label,
            term=term or None,
            fiscal_year=year_of(lead, self.year) or self.year,
            value=number.value,
            value_as_written=number.value_as_written,
            written_decimals=number.decimals,
            unit=number.unit or self.unit,
            qualifier=self.qualifier(lead, number, ""),
            sentence_no=self.sentence_no,
        )

    def _is_of_everyone(self, label: str) -> bool:
        """True for accounts that each department has, and that are no project in a list of such: public expenses, procurement."""
        account = self.vocabulary.accounts.get(label) or ""
        return account in VEHICLES or account in ("reception", "overseas_travel") or account.startswith("procurement")

    def _is_aggregate(self, label: str) -> bool:
        return self.vocabulary.accounts.get(label) in _AGGREGATES or SOME_MONEY.fullmatch(label) is not None

    def evidence(self, spot: Spot, minimum: int = 6, end: int | None = None) -> int:
        """Evidence of a number: its lead and itself; a lead that says little is drawn out to the clause before."""
        text, at, number = spot.text, spot.at, spot.number
        begin = number.start - len(text[at : number.start].lstrip(',;:、。)”" '))
        if number.start - begin < minimum and at:
            cut = max((m.start() for m in _CLAUSE_END.finditer(text, max(at - 60, 0), max(at - 1, 0))), default=-1)
            begin = cut + 1 if at - cut <= 60 else begin
        a, b = spot.passage.span(spot.start + begin, spot.start + (end or number.end))
        return self.collector.evidence(a, b, spot.passage.place)

    @staticmethod
    def _label(lead: str, following: str) -> str:
        for piece in pieces(lead):
            plain = clean_label(piece)
            if len(plain) >= 2:
                return plain[-60:]
        behind = "" if following.startswith("(") else before_first(",;。", following)[:40]
        return clean_label(behind) or lead[-20:].strip(",;:、。 ")

    def label_of(self, lead: str, following: str) -> str:
        """The words nearest to a figure that say what it is; of 接待8批次62人次 those of the figure before."""
        named = any(clean_label(piece) for piece in pieces(lead)) or not following.startswith((")", "、"))
        label = self._label(lead, following) if named and not _ONLY_LINK.fullmatch(lead) else ""
        before = self.figure_before()
        if not label and before is not None:
            return before.label
        return label or self._label(lead, following)

    @staticmethod
    def qualifier(lead: str, number: Number, following: str) -> str | None:
        """Approximate words around the number, as written."""
        if number.qualifier:
            return number.qualifier
        if following[:2] in _VAGUE_BEHIND:
            return following[:2]
        if lead.endswith(_VAGUE_ENDS) and (m := _VAGUE.search(lead)):
            return m[1]
        return None


def is_no_budget(lead: str, word: Word) -> bool:
    """True for the end of 一般公共预算, which is a book, and for 中央预算内资金, a source."""
    return lead[: word.end].endswith(_BOOKS) or (word.label.endswith("预算") and lead[word.end :].startswith("内"))


def _shortens(short: str, name: str) -> bool:
    """True when the characters of `short` stand in `name` in their order."""
    rest = iter(name)
    return all(char in rest for char in short)


def _of_project(subject: Subject | None) -> bool:
    return subject is not None and subject.account == "project_item"


def _of_a_fund(subject: Subject | None) -> bool:
    return subject is not None and subject.term is None and subject.label.endswith("基金")


def _of_vehicles(subject: Subject | None) -> bool:
    return subject is not None and subject.account in VEHICLES


def _next_in_row(lead: str) -> bool:
    """True for 、乙 or ，乙 behind 甲5万元: a name and nothing else that goes with an amount."""
    m = _ROW.match(lead)
    if not m or words(lead) or VERB.match(m[1]) or _FUND_LEVEL.match(m[1]):
        return False
    return bool(LISTED_TAIL.search(m[1])) and not measure_only(m[1]) and not _COMPARISON.search(lead)


def _names_another(lead: str) -> bool:
    """True for ，驾驶员工资 behind 燃油费4万元: other words than a measure's right behind an amount that named none."""
    m = _ROW.match(lead)
    if not m or words(lead) or VERB.match(m[1]) or _FUND_LEVEL.match(m[1]) or _NO_NAME.match(m[1]):
        return False
    compared = _COMPARISON.search(lead) or COMPARED_YEAR.search(lead)
    return not (compared or measure_only(m[1]) or _OWN_WORDS.search(m[1]))


def _is_a_name(plain: str) -> bool:
    """True for the words before an amount that are no measure, no source of money and no deed."""
    if not 1 < len(plain) <= _LONGEST_NAME or words(plain) or measure_only(plain) or VERB.match(plain):
        return False
    if plain in ("其他", "其它"):
        return True
    return not (_NO_NAME.match(plain) or _OWN_WORDS.search(plain) or _FUND_LEVEL.match(plain))


def _of_the_part(lead: str, measure: str | None, change: bool) -> bool:
    """True for ，实际使用11万元 behind 拨付甲村12万元; what is left over, or all of it, is of the whole."""
    code = vocabulary().measures.get(measure or "")
    return change or (code not in (None, "carryover_in", "carryover_out") and not _OF_ALL.search(lead))


def _numbered_name(lead: str) -> bool:
    """True for （5）纪念设施修缮，省级补助: an item's name stands before who pays."""
    return len(pieces(lead)) > 1 and strip_enumerator(lead.lstrip(",;:、。"))[1]


def measure_only(text: str) -> bool:
    """True when the words name no thing, only budget, actual and the like."""
    return bool(_MEASURE_ONLY.match(text.translate(_NO_MARKS)))
