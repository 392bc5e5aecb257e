"""Whose money, of which book, added or given: what amounts are said beside one another. All sentences are the project's own."""

from __future__ import annotations

import pytest

from tests.extraction.prose_facts import extraction, measure, money

FUNDS = "一、预算执行情况\n"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("一般公共预算支出包括：农林水支出12万元、住房保障支出2万元，共计14万元。", "一般公共预算"),
        ("一般公共预算：基本支出12万元，项目支出8万元，小计20万元；政府性基金：项目支出3万元。", "一般公共预算"),
        ("政府性基金预算支出：①城乡社区支出3万元；②移民后扶专项2万元；以上共计5万元。", "政府性基金预算"),
        ("一般公共预算安排基本支出10万元、项目支出5万元，合计15万元。", "一般公共预算"),
        ("一般公共预算支出20万元，政府性基金支出3万元，合计23万元。", None),
        ("一般公共预算支出20万元，其他资金支出3万元，合计23万元。", None),
        ("一般公共预算基本支出20万元；政府性基金项目支出3万元，两项合计23万元。", None),
    ],
)
def test_the_total_of_a_list_has_the_book_of_its_parts(sentence: str, expected: str | None) -> None:
    totals = [f for f in extraction(FUNDS + sentence).figures if f.label == "合计" and f.kind == "money"]
    assert [f.book_term for f in totals] == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "年初预算30万元，年中追加6万元。年中追加部分中，人员经费2万元，项目经费4万元。",
            [
                ("total", "initial_budget", "30万元"),
                ("total", "adjustment", "6万元"),
                ("personnel", "adjustment", "2万元"),
                ("project", "adjustment", "4万元"),
            ],
            id="of what was added",
        ),
        pytest.param(
            "年中追加的6万元中，人员类2万元，项目类4万元。",
            [
                ("total", "adjustment", "6万元"),
                ("unclassified", "adjustment", "2万元"),
                ("unclassified", "adjustment", "4万元"),
            ],
            id="parts without known names are not the whole",
        ),
        pytest.param(
            "年度中追加资金6万元，包括追加人员经费2万元、追加防汛专项4万元。",
            [
                ("total", "adjustment", "6万元"),
                ("personnel", "adjustment", "2万元"),
                ("防汛专项", "adjustment", "4万元"),
            ],
            id="added projects keep their names",
        ),
        pytest.param(
            "追加预算6万元，主要用于人员经费2万元、防汛应急项目4万元。",
            [
                ("total", "adjustment", "6万元"),
                ("personnel", "adjustment", "2万元"),
                ("防汛应急项目", "adjustment", "4万元"),
            ],
            id="what it was added for",
        ),
        pytest.param(
            "调整预算数增加8.6万元，主要是追加绩效奖金3.1万元、防汛应急资金5.5万元。",
            [
                ("total", "adjustment", "8.6万元"),
                ("e30103", "adjustment", "3.1万元"),
                ("防汛应急资金", "adjustment", "5.5万元"),
            ],
            id="a row behind its measure",
        ),
        pytest.param(
            "部门年初预算120万元，年中中央、省级专项资金追加42万元，全年可用资金162万元。",
            [
                ("total", "initial_budget", "120万元"),
                ("project_special", "adjustment", "42万元"),
                ("total", "full_year_budget", "162万元"),
            ],
            id="the sum is of the whole again",
        ),
    ],
)
def test_parts_of_what_was_added(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(FUNDS + sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("年初预算30万元，中央专项资金8万元，省级专项资金4万元。", ["initial_budget", "other", "other"]),
        ("年初部门预算批复30万元，上级转移支付安排12万元。", ["initial_budget", "other"]),
        ("2022年上级补助资金12万元，其中中央专项资金8万元、省级专项资金4万元。", ["other", "other", "other"]),
        ("上级下达水利专项资金12万元，已支付10万元。", ["other", "actual"]),
        ("县财政局拨付我局防汛经费4万元。", ["appropriation_income"]),
        ("预算安排项目支出42万元，其中：本级预算安排30万元，上级专项资金12万元。", ["initial_budget"] * 3),
        ("河道治理项目预算14万元，其中中央资金8万元、县级配套6万元。", ["initial_budget"] * 3),
    ],
)
def test_what_a_higher_level_gives_is_no_initial_budget(sentence: str, expected: list[str]) -> None:
    assert [m for _, m, _ in money(FUNDS + sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "另有代管资金6万元，不计入部门决算",
        "移民直补资金8万元由财政直接支付给移民户，未纳入我局部门决算",
        "县财政直接拨付给乡镇的防汛资金4万元，不在我局账上反映",
        "工会经费代管账户资金2万元，不属于部门预算资金",
        "保费补贴3万元由县财政局直接支付至保险公司",
        "水库移民资金由财政通过一卡通直接兑付到户8万元，不通过我局账户核算",
        "我局争取中央水利发展资金8万元，省级水利专项4万元",
    ],
)
def test_money_outside_the_accounts_is_output(sentence: str) -> None:
    assert {f.kind for f in extraction(f"{FUNDS}{sentence}。").figures} == {"output"}


@pytest.mark.parametrize(
    "sentence",
    ["采购款5万元由财政直接支付给供应商", "工程款采用财政直接支付方式支付5万元", "追加资金5万元未纳入年初预算"],
)
def test_money_that_the_treasury_pays_for_the_department_stays_its_own(sentence: str) -> None:
    assert {f.kind for f in extraction(f"{FUNDS}{sentence}。").figures} == {"money"}


@pytest.mark.parametrize(
    "sentence",
    [
        "各乡镇配套投入资金5万元",
        "县水利投资公司支出培训费2万元",
        "施工企业垫付项目资金6万元",
        "镇村自筹项目资金1万元",
        "县移民局列支培训费8万元",
    ],
)
def test_what_other_bodies_spend_has_no_account(sentence: str) -> None:
    assert [account for account, _, _ in money(f"{FUNDS}{sentence}。")] == ["unclassified"]


def test_the_department_s_own_short_name_is_no_other_body() -> None:
    assert money(FUNDS + "市水利局列支培训费8万元。") == [("e30216", "actual", "8万元")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "2022年项目支出年初预算62万元，年中追加中央政法转移支付资金14万元（办案业务费9万元，业务装备费5万元），全年可用76万元，实际支出74万元。",
            [
                ("project", "initial_budget", "62万元"),
                ("project", "adjustment", "14万元"),
                ("办案业务费", "adjustment", "9万元"),
                ("业务装备费", "adjustment", "5万元"),
                ("project", "full_year_budget", "76万元"),
                ("project", "actual", "74万元"),
            ],
            id="added money of a source is no project",
        ),
        pytest.param(
            "年中追加预算33万元，其中上级专款32万元，区级追加1万元。",
            [("total", "adjustment", "33万元"), ("total", "adjustment", "32万元"), ("total", "adjustment", "1万元")],
            id="sources of what was added",
        ),
        pytest.param(
            "年初预算收入30万元，上级专款8万元，全年总收入38万元。",
            [("income", "initial_budget", "30万元"), ("income", "other", "8万元"), ("income", "actual", "38万元")],
            id="a grant beside a planned income",
        ),
        pytest.param(
            "2022年年初预算总收入189万元，其中财政拨款149万元，自筹40万元；全年决算总收入223万元，其中财政拨款收入182万元。",
            [
                ("income", "initial_budget", "189万元"),
                ("income", "initial_budget", "149万元"),
                ("income", "initial_budget", "40万元"),
                ("income", "actual", "223万元"),
                ("total", "appropriation_income", "182万元"),
            ],
            id="planned appropriations",
        ),
    ],
)
def test_sources(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(FUNDS + sentence) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param(
            "书记员经费16万元，支出15万元，结余1万元。",
            [("书记员经费", "other"), ("书记员经费", "actual"), ("书记员经费", "carryover_out")],
            id="spent of it",
        ),
        pytest.param(
            "军休干部经费12万元，已全部执行。", [("军休干部经费", "actual")], id="spent, with no second amount"
        ),
        pytest.param(
            "业务装备购置4万元（中央资金），支出4万元，另支付上年合同尾款1万元。",
            [("业务装备购置", "other"), ("业务装备购置", "actual"), ("unclassified", "actual")],
            id="paid besides",
        ),
        pytest.param(
            "优抚医疗补助：年初安排26万元，其中“一站式”结算19万元，年末结余6万元结转下年使用。",
            [("优抚医疗补助", "initial_budget"), ("一站式结算", "initial_budget"), ("优抚医疗补助", "carryover_out")],
            id="left of the whole",
        ),
        pytest.param("设备采购9万元，尾款1万元未支付。", [("设备采购", "actual")], id="not paid yet"),
        pytest.param(
            "服务站运行经费，区财政按镇级1万元、村级0.5万元标准安排，支出7万元。",
            [("服务站运行经费", "actual")],
            id="a standard",
        ),
        pytest.param("征地拆迁工作经费50万元（由县城投公司承担）。", [], id="borne by another body"),
    ],
)
def test_items_of_a_list_of_projects(item: str, expected: list[tuple[str, str]]) -> None:
    found = money(f"二、项目支出情况\n2022年项目支出主要用于以下方面：\n1.{item}")
    assert [(account, measure) for account, measure, _ in found] == expected


def test_whom_a_project_s_money_is_paid_to_is_no_economic_class() -> None:
    body = "三、项目资金使用情况\n(一)抚恤资金。发放优抚对象生活补助34万元，其中残疾军人抚恤金6万元、参战人员生活补助11万元。"
    assert {account for account, _, _ in money(body)} == {"unclassified"}


def test_a_month_s_end_is_no_project() -> None:
    assert money(FUNDS + "截至6月底项目支出仅完成26万元。") == [("project", "other", "26万元")]


def test_all_amounts_of_an_insurance_fund_are_the_fund_s() -> None:
    body = FUNDS + "职工基本医疗保险基金总收入312万元，总支出269万元，当年结余43万元。"
    assert {account for account, _, _ in money(body)} == {"unclassified"}


def test_projects_under_a_heading_on_the_performance_of_project_expenditure() -> None:
    body = "三、项目支出绩效情况\n①应急广播建设，总投资126万元，其中中央补助30万元，本年支付18万元。\n②“村村响”维护费4万元全部支出到位。"
    assert money(body) == [
        ("应急广播建设", "total_investment", "126万元"),
        ("应急广播建设", "total_investment", "30万元"),
        ("应急广播建设", "actual", "18万元"),
        ("村村响维护费", "actual", "4万元"),
    ]


def test_words_that_only_look_approximate() -> None:
    figures = extraction(FUNDS + "三公经费支出2万元，比预算4万元节约2万元，约1万元为接待费。").figures
    assert [f.qualifier for f in figures] == [None, None, None, "约"]


def test_what_is_done_of_a_target_is_no_execution_of_the_budget() -> None:
    figures = extraction("三、产出情况\n下载量16.5万次，完成年度目标的110%。").figures
    assert [f.term for f in figures if f.kind == "rate"] == [None]


def test_villages_and_towns_are_counted_by_name() -> None:
    figures = extraction("一、部门基本情况\n全镇辖24个村、11个社区。").figures
    assert [f.label for f in figures] == ["村", "社区"]


def test_vehicles_among_the_staff_are_assets() -> None:
    figures = extraction("一、部门概况\n车辆编制5台，实有车辆5台，其中转播车1台。").figures
    assert [(f.kind, f.term) for f in figures] == [("asset", None), ("asset", "车辆"), ("asset", None)]


def test_each_body_s_staff_under_its_own_name() -> None:
    figures = extraction("一、部门基本情况\n年末实有人数55人，其中局机关在职10人，医保中心在职45人。").figures
    assert [f.label for f in figures] == ["年末实有人数", "局机关在职", "医保中心在职"]


def test_a_comparison_of_the_whole_behind_its_parts() -> None:
    body = (
        FUNDS
        + "三公经费支出62.75万元，其中：公务接待费21.5万元，公务用车运行费41.25万元，比2021年的70.3万元减少7.55万元。"
    )
    assert money(body)[-2:] == [
        ("three_public", "prior_year_actual", "70.3万元"),
        ("three_public", "change", "7.55万元"),
    ]


def test_a_comparison_that_no_amount_gives_stays_with_the_last() -> None:
    body = (
        FUNDS
        + "三公经费支出62.75万元，其中：公务接待费21.5万元，公务用车运行费41.25万元，比2021年的50万元减少8.75万元。"
    )
    assert money(body)[-2] == ("vehicle_running", "prior_year_actual", "50万元")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("公务接待费支出8万元，其中外宾接待4万元。", [("reception", "actual"), ("unclassified", "actual")]),
        (
            "政府采购支出15万元，面向中小企业采购11万元。",
            [("procurement", "actual"), ("procurement_sme", "actual")],
        ),
        (
            "项目支出年初预算48万元，实际支出71万元，系上级专项资金23万元年中下达所致。",
            [("project", "initial_budget"), ("project", "actual"), ("project", "adjustment")],
        ),
        (
            "困难学生补助项目：下达15万元（中央6万元、县级9万元），发放14万元。",
            [("困难学生补助项目", "other")] * 3 + [("困难学生补助项目", "actual")],
        ),
        ("全年罚没款入库73万元。", []),
        ("余款10万元待验收后支付。", []),
    ],
)
def test_words_of_single_figures(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(account, measure) for account, measure, _ in money(FUNDS + sentence)] == expected


def test_income_of_a_whole_district_is_not_the_department_s() -> None:
    figures = extraction("三、主要绩效\n1、园区技工贸总收入86亿元，不合格率2%。").figures
    assert [f.term for f in figures] == [None, "不合格率"]


def test_given_out_is_not_approximate() -> None:
    (figure,) = extraction(FUNDS + "当年专项资金下达15万元。").figures
    assert figure.qualifier is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("办理建议32件，建议提案办理经费支出5万元。", [("unclassified", "actual")]),
        (
            "争取资金工作经费预算5万元，支出4万元。",
            [("争取资金工作经费", "initial_budget"), ("争取资金工作经费", "actual")],
        ),
        ("财政拨款支出120万元；非财政拨款支出5万元。", [("total", "actual"), ("unclassified", "actual")]),
        ("防汛物资采购12万元，待验收后支付余款2万元。", [("防汛物资采购", "actual")]),
        ("财政直接支付12万元，授权支付3万元。", [("unclassified", "actual"), ("unclassified", "actual")]),
        ("对企业补助支出36万元。", [("e312", "actual")]),
    ],
)
def test_words_that_only_resemble_others(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(account, measure) for account, measure, _ in money(FUNDS + sentence)] == expected


def test_rates_of_another_time_or_only_aimed_at_are_no_execution_rates() -> None:
    rows = extraction(
        "全年支出1260万元，截至9月底预算执行率58%，力争年底执行率达到95%。截至12月底，预算执行率96.92%。"
        "截至6月底支出630万元，完成预算的48%。为确保专款专用，专项资金执行率100%。"
    ).figures
    assert [(str(f.value), f.term) for f in rows if f.kind == "rate"] == [
        ("58", None),
        ("95", None),
        ("96.92", "执行率"),
        ("48", None),
        ("100", "执行率"),
    ]


def test_money_of_other_currencies_is_no_expenditure() -> None:
    rows = extraction("全年支出1260万元。实际利用外资1260万美元，进出口总额3.5亿美元。").figures
    assert [(f.label, f.unit) for f in rows if f.kind == "output"] == [
        ("实际利用外资", "万美元"),
        ("进出口总额", "亿美元"),
    ]


def test_what_grew_is_what_the_words_name() -> None:
    rows = extraction(
        "全年收入1300万元，比上年增长5%。固定资产投资增长12.4%。公务接待费支出12万元，同比下降20%，培训人次增长10%，较2021年度总体减少3%。"
    ).figures
    assert [(str(f.value), f.rate_of_term) for f in rows if f.kind == "rate"] == [
        ("5", "全年收入"),
        ("12.4", None),
        ("20", "公务接待费支出"),
        ("10", None),
        ("3", "公务接待费支出"),
    ]


def test_an_income_goes_on_with_the_next_book() -> None:
    rows = extraction(
        "全年收入1315万元（其中：一般公共预算财政拨款1100万元、政府性基金215万元）。全年支出1280万元，其中一般公共预算1100万元、政府性基金180万元。"
    )
    told = [(str(f.value), f.measure_term) for f in rows.figures if f.book_term]
    assert told == [("1100", "财政拨款收入"), ("215", "财政拨款收入"), ("1100", "全年支出"), ("180", "全年支出")]


def test_the_year_before_in_brackets_is_of_the_same_thing() -> None:
    rows = extraction("2022年部门总支出88万元，比2021年（76万元）增加12万元。").figures
    assert [(str(f.value), f.term, measure(f)) for f in rows] == [
        ("88", "部门总支出", "actual"),
        ("76", "部门总支出", "prior_year_actual"),
        ("12", "部门总支出", "change"),
    ]


def test_posts_of_contract_staff_are_no_posts_of_the_department() -> None:
    rows = extraction("政法专项编制152名，实有民警148人；辅警编制数210人，实有辅警196人。").figures
    assert [(f.label, f.term) for f in rows if f.kind == "staff" and f.value == 210] == [("辅警编制数", None)]


def test_a_bracket_behind_a_source_says_more_of_it() -> None:
    rows = extraction(
        "决算收入821万元，其中本级财政拨款756万元，上级转移支付（政法资金）45万元，其他收入20万元。"
    ).figures
    assert [(str(f.value), f.fund_source_term) for f in rows][1:3] == [("756", "本级财政拨款"), ("45", "上级转移支付")]
    rates = extraction("1-9月支出进度61%，1-12月支出进度98%。").figures
    assert [f.term for f in rates] == [None, "支出进度"]


def test_what_is_left_behind_parts_of_parts_is_of_all() -> None:
    body = (
        "全年支出92万元，其中基本支出51万元（工资福利支出43万元、商品和服务支出6万元、对个人和家庭的补助2万元），占55.4%；"
        "项目支出41万元，占44.6%。年末结余4.1万元。年中追加收入33万元。"
    )
    rows = {str(f.value): f for f in extraction(body).figures if f.kind == "money"}
    assert (rows["4.1"].term, measure(rows["4.1"])) == ("全年支出", "carryover_out")
    assert rows["33"].term == "收入"
