"""Lists in prose: what their items are called, what they are parts of, what is said of them together. All sentences are the
project's own."""

from __future__ import annotations

import pytest

from dagster_project.extraction.vocabulary import vocabulary
from tests.extraction.prose_facts import account, extraction, measure, money

FUNDS = "一、一般公共预算支出情况\n（一）基本支出情况\n"
PROJECTS = "一、一般公共预算支出情况\n（二）项目支出情况\n"


def _projects(body: str) -> list[tuple[str | None, str]]:
    return [(f.project_name, f.value_as_written) for f in extraction(body).figures if f.kind == "money"]


def test_what_is_compared_behind_a_list_is_the_whole() -> None:
    body = (
        FUNDS
        + "全年基本支出100万元：工资福利支出80万元、商品和服务支出16万元、资本性支出4万元。与2021年决算数95万元相比，增加5万元。"
    )
    assert money(body)[-2:] == [("basic", "prior_year_actual", "95万元"), ("basic", "change", "5万元")]


def test_what_is_compared_behind_two_amounts_is_the_last() -> None:
    body = FUNDS + "会议费6万元，培训费2万元。比上年减少1万元。"
    assert money(body)[-1] == ("e30216", "change", "1万元")


def test_changes_said_together_belong_to_their_amounts() -> None:
    body = FUNDS + "会议费支出6万元，培训费支出1万元，较年初预算分别减少3万元和2万元。"
    assert money(body)[2:] == [("e30215", "change", "3万元"), ("e30216", "change", "2万元")]


def test_parts_of_salaries_and_of_vehicles_are_no_projects() -> None:
    body = (
        FUNDS
        + "工资福利支出50万元（基本工资20万元、津补贴20万元、误餐补助10万元）。公务用车运行维护费6万元（燃油费3万元、维修费3万元）。"
    )
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.label, account(f), f.project_name) for f in rows] == [
        ("工资福利支出", "e301", None),
        ("基本工资", "e30101", None),
        ("津补贴", "e30102", None),
        ("误餐补助", "unclassified", None),
        ("公务用车运行维护费", "vehicle_running", None),
        ("燃油费", "unclassified", None),
        ("维修费", "unclassified", None),
    ]


def test_money_that_came_in_is_no_project() -> None:
    body = "二、收入情况\n收入来源：一般公共预算拨款90万元；专户资金10万元。"
    assert [f.project_name for f in extraction(body).figures if f.kind == "money"] == [None, None]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "项目支出主要用于：①综合事务管理21万元；②热线运营8万元。",
            [("综合事务管理", "21"), ("热线运营", "8")],
            id="the first of a list behind 用于",
        ),
        pytest.param(
            "1.村级转移支付资金100万元，保障了13个村正常运转，其中村干部报酬70万元、村级运转经费30万元。",
            [("村级转移支付资金", "100"), ("村干部报酬", "70"), ("村级运转经费", "30")],
            id="a count before 其中",
        ),
        pytest.param(
            "1.义务教育补助经费支出50万元，其中公用经费补助30万元、生活补助20万元。",
            [("义务教育补助经费", "50"), ("公用经费补助", "30"), ("生活补助", "20")],
            id="a grant for operating expenses",
        ),
        pytest.param(
            "1.新校建设项目总投资900万元，本年完成投资300万元，其中债券资金200万元、自筹100万元。",
            [("新校建设项目", "900"), ("新校建设项目", "300"), ("新校建设项目", "200"), ("新校建设项目", "100")],
            id="what was invested is no part of the name",
        ),
        pytest.param(
            "1.县道改建工程，总投资900万元，本年支付工程款300万元。",
            [("县道改建工程", "900"), ("县道改建工程", "300")],
            id="what was paid for is no project",
        ),
    ],
)
def test_items_are_called_by_their_names(sentence: str, expected: list[tuple[str, str]]) -> None:
    found = [(name, value) for name, value in _projects(PROJECTS + sentence) if name]
    assert found == expected


def test_a_project_named_by_its_heading_needs_no_usual_ending() -> None:
    body = (
        "二、资金使用情况\n（二）项目支出情况\n2.项目资金实际使用情况\n（1）县道建设：本年实际支出80万元；\n"
        "（2）县道日常养护：投入60万元，其中省级补助40万元，州级资金20万元；\n"
    )
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.project_name, f.fund_source_term) for f in rows] == [
        ("县道建设", None),
        ("县道日常养护", None),
        ("县道日常养护", "省级补助"),
        ("县道日常养护", "州级资金"),
    ]


def test_the_department_s_own_money_is_a_source_and_no_project() -> None:
    body = PROJECTS + "项目支出60万元，其中：本级财力安排50万元，上级补助10万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.project_name, vocabulary().fund_sources.get(f.fund_source_term or "")) for f in rows[1:]] == [
        (None, "current_appropriation"),
        (None, vocabulary().fund_sources.get("上级补助")),
    ]


def test_a_project_said_before_is_known_behind_a_date() -> None:
    body = (
        PROJECTS
        + "1.农村公路改造400万元。\n五、存在的问题\n部分项目资金支付偏慢，截至12月底农村公路改造项目仅支付286万元。"
    )
    row = [f for f in extraction(body).figures if f.kind == "money"][-1]
    assert (row.project_name, measure(row)) == ("农村公路改造", "actual")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "二、整体支出情况\n年初预算安排100万元，年中追加50万元，全年可用指标150万元。",
            [
                ("total", "initial_budget", "100万元"),
                ("total", "adjustment", "50万元"),
                ("total", "full_year_budget", "150万元"),
            ],
            id="what may be spent in the year",
        ),
        pytest.param(
            "二、整体支出情况\n街道年初预算收入90万元，年初预算支出90万元，其中：基本支出50万元。",
            [
                ("income", "initial_budget", "90万元"),
                ("total", "initial_budget", "90万元"),
                ("basic", "initial_budget", "50万元"),
            ],
            id="planned income and expenditure",
        ),
        pytest.param(
            "四、存在的问题\n一是预算编制不够精准。年初预算100万元，年中追加20万元。",
            [("total", "initial_budget", "100万元"), ("total", "adjustment", "20万元")],
            id="the budget among the problems",
        ),
        pytest.param(
            "三、绩效情况\n政府采购预算120万元，实际采购106万元。",
            [("procurement", "initial_budget", "120万元"), ("procurement", "actual", "106万元")],
            id="what was bought of a budget",
        ),
        pytest.param(
            "四、存在的问题\n项目支出年初预算仅为68万元，与决算相差13万元。",
            [("project", "initial_budget", "68万元"), ("project", "change", "13万元")],
            id="a difference is no final account",
        ),
    ],
)
def test_budgets_and_what_became_of_them(body: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(body) == expected


@pytest.mark.parametrize(
    "sentence",
    ["农村公路工程欠款较多，年末应付工程款67万元。", "建议将补助标准由每人每年2万元提高到3万元。"],
    ids=["owed", "a rate for each head"],
)
def test_what_is_owed_or_proposed_is_not_spent(sentence: str) -> None:
    assert not money("五、存在的问题\n" + sentence)


def test_a_formula_is_called_by_what_it_works_out() -> None:
    (row,) = [f for f in extraction("三、绩效情况\n人员控制率=（32÷35）×100%=91.43%。").figures if f.kind == "rate"]
    assert (row.label, row.value_as_written) == ("人员控制率", "91.43")


def test_points_in_brackets_are_not_the_report_s_score() -> None:
    rows = extraction("三、绩效情况\n自评得分96分，其中投入得19分（总分20分），过程得77分（总分80分）。").figures
    own = [
        f.value for f in rows if f.kind == "score" and vocabulary().metrics("score").get(f.term or "") == "self_score"
    ]
    assert own == [96]


def test_people_of_a_body_are_called_after_it() -> None:
    rows = extraction(
        "一、部门基本情况\n在岗201人，其中局机关在职人员42人，养护中心107人，综合行政执法大队52人。"
    ).figures
    assert [(f.label, f.term) for f in rows if f.kind == "staff"][2:] == [
        ("养护中心", None),
        ("综合行政执法大队", None),
    ]


def test_items_before_their_amounts_in_brackets() -> None:
    body = (
        PROJECTS
        + "项目支出60万元：①系统运维支出（30万元）；②评价工作经费（20万元）；③档案整理（10万元，含扫描费4万元）。"
    )
    assert _projects(body)[1:] == [("系统运维支出", "30"), ("评价工作经费", "20"), ("档案整理", "10"), ("扫描费", "4")]


def test_a_part_in_brackets_is_not_the_whole_again() -> None:
    rows = [f for f in extraction(FUNDS + "劳务费38万元（含临时工资31万元）。").figures if f.kind == "money"]
    assert [(f.label, account(f)) for f in rows] == [("劳务费", "e30226"), ("临时工资", "unclassified")]


def test_running_costs_by_kind_are_no_vehicles() -> None:
    body = FUNDS + "公务用车运行费24万元（其中燃油10万元、维修9万元、保险5万元）。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [account(f) for f in rows] == ["vehicle_running", "unclassified", "unclassified", "unclassified"]


def test_what_is_divided_by_kind_is_still_the_budget() -> None:
    body = (
        "二、预算安排与执行情况\n2022年预算安排总额为100万元，其中：经费拨款100万元。按支出性质分：工资福利支出40万元；"
        "对个人和家庭补助支出10万元；项目支出50万元。全年实际支出120万元，比预算超支20万元。"
    )
    assert money(body) == [
        ("total", "initial_budget", "100万元"),
        ("total", "appropriation_income", "100万元"),
        ("e301", "initial_budget", "40万元"),
        ("e303", "initial_budget", "10万元"),
        ("project", "initial_budget", "50万元"),
        ("total", "actual", "120万元"),
        ("total", "change", "20万元"),
    ]


def test_expenditure_under_a_budget_s_heading_is_planned() -> None:
    body = "二、整体收支情况\n（一）年初预算安排情况。2022年年初预算收入90万元；支出90万元，其中基本支出60万元（工资福利支出60万元），项目支出30万元。"
    assert {m for _, m, _ in money(body)} == {"initial_budget"}


def test_reasons_name_what_they_are_about() -> None:
    body = "二、预算执行情况\n全年支出120万元，超支20万元，主要原因：一是防疫开支12万元；二是人员调资8万元。"
    assert money(body)[-2:] == [("unclassified", "actual", "12万元"), ("unclassified", "actual", "8万元")]


def test_the_total_behind_a_count_of_projects_is_theirs() -> None:
    body = "三、专项资金使用情况\n纳入专项管理的项目共2个，预算总额60万元，分别是：信息化建设40万元，后勤服务20万元。"
    assert money(body) == [
        ("project", "initial_budget", "60万元"),
        ("信息化建设", "initial_budget", "40万元"),
        ("后勤服务", "initial_budget", "20万元"),
    ]


def test_the_rest_of_a_list_is_a_project() -> None:
    body = PROJECTS + "全年项目支出60万元，主要为：调研经费30万元，督查经费20万元，其他10万元。"
    assert _projects(body)[1:] == [("调研经费", "30"), ("督查经费", "20"), ("其他", "10")]


def test_what_others_owe_is_no_expenditure() -> None:
    rows = extraction("五、存在的问题\n往来款清理不及时，应收款余额86万元，其中一年以上45万元。").figures
    assert [f.kind for f in rows] == ["output", "output"]


def test_procurement_by_kind_behind_what_was_bought() -> None:
    body = "六、其他问题说明\n2022年政府采购预算86万元，实际采购79万元，其中货物类31万元，服务类48万元。"
    assert [a for a, _, _ in money(body)] == ["procurement", "procurement", "procurement_goods", "procurement_services"]


def test_sources_in_brackets_need_no_word_for_money() -> None:
    body = PROJECTS + "1.公共卫生服务补助资金26万元（中央18万元、省级4万元、市本级4万元）；"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.project_name, f.fund_source_term) for f in rows] == [
        ("公共卫生服务补助资金", None),
        ("公共卫生服务补助资金", "中央资金"),
        ("公共卫生服务补助资金", "省级资金"),
        ("公共卫生服务补助资金", "市本级资金"),
    ]


def test_a_fund_within_the_projects_is_none_of_them() -> None:
    assert _projects(PROJECTS + "项目支出150万元（含基金10万元）。") == [(None, "150"), (None, "10")]


def test_who_serves_on_which_posts_is_not_who_serves() -> None:
    rows = extraction("一、部门基本情况\n编制48人（实有46人），其中行政编制21人（实有20人）。").figures
    codes = [vocabulary().metrics("staff").get(f.term or "") for f in rows if f.kind == "staff"]
    assert codes == ["posts", "staff_total", "posts_administrative", None]


def test_lines_of_a_list_that_end_with_an_amount() -> None:
    body = (
        "三、项目支出情况\n主要项目及支出情况如下：\n系统运维费 预算58万元 支出56万元\n评审专家劳务费 预算35万元 支出28万元\n"
        "非税征管成本 预算65万元 支出61万元\n"
    )
    assert money(body) == [
        ("系统运维费", "initial_budget", "58万元"),
        ("系统运维费", "actual", "56万元"),
        ("评审专家劳务费", "initial_budget", "35万元"),
        ("评审专家劳务费", "actual", "28万元"),
        ("非税征管成本", "initial_budget", "65万元"),
        ("非税征管成本", "actual", "61万元"),
    ]


def test_the_sum_of_a_project_s_sources_is_the_project_s() -> None:
    body = "三、专项资金情况\n1.动物防疫经费：中央26万元、省级18万元、县级配套9万元，合计53万元，支出53万元。"
    assert _projects(body)[-2:] == [("动物防疫经费", "53"), ("动物防疫经费", "53")]


def test_a_book_is_no_measure() -> None:
    rows = extraction("二、收支情况\n财政拨款收入22万元（其中一般公共预算21万元，政府性基金1万元）。").figures
    assert [(measure(f), f.book_term) for f in rows if f.kind == "money"] == [
        ("appropriation_income", None),
        ("appropriation_income", "一般公共预算"),
        ("appropriation_income", "政府性基金"),
    ]


def test_a_county_s_revenue_is_an_achievement() -> None:
    rows = extraction("四、绩效评价\n1、产出指标：全年完成一般公共预算收入14.2亿元，增长6.1%。").figures
    assert [f.kind for f in rows] == ["output", "rate"]


def test_classes_by_their_earlier_names() -> None:
    body = FUNDS + "一般公共服务支出51万元，医疗卫生与计划生育支出2万元，社会保障与就业支出3万元。"
    assert [a for a, _, _ in money(body)] == ["f201", "f210", "f208"]


def test_an_insurance_fund_s_money_is_not_the_department_s() -> None:
    body = "（二）专项资金管理情况\n2.城乡居民基本养老保险：基金收入4亿元，支出3亿元，当期结余1亿元。"
    assert {a for a, _, _ in money(body)} == {"unclassified"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "收到上级就业补助资金30万元，支出28万元",
            [("就业补助资金", "appropriation_income"), ("就业补助资金", "actual")],
            id="收到",
        ),
        pytest.param(
            "社保补贴到账86万元，支付79万元", [("社保补贴", "appropriation_income"), ("社保补贴", "actual")], id="到账"
        ),
    ],
)
def test_what_came_in_is_no_part_of_a_name(sentence: str, expected: list[tuple[str, str]]) -> None:
    body = "（二）专项资金管理情况\n1." + sentence + "。"
    assert [(name, m) for name, m, _ in money(body)] == expected


def test_what_a_vehicle_costs_is_no_asset() -> None:
    rows = extraction(FUNDS + "公务用车运行维护费8万元，公务用车保有量3台，台均2.8万元。").figures
    assert [f.kind for f in rows] == ["money", "asset", "output"]


def test_a_part_in_the_bracket_of_a_heading_is_not_the_project() -> None:
    body = PROJECTS + "1.标准化建设专项（含质量奖奖金10万元）：预算12万元，追加6万元，支出18万元，其中奖金兑现10万元。"
    assert money(body)[:4] == [
        ("unclassified", "actual", "10万元"),
        ("标准化建设专项", "initial_budget", "12万元"),
        ("标准化建设专项", "adjustment", "6万元"),
        ("标准化建设专项", "actual", "18万元"),
    ]


def test_a_listed_project_may_be_called_after_managing() -> None:
    body = PROJECTS + "1.宣传培训专项：预算4万元，支出4万元。\n2.信息化及档案管理：追加预算56万元，支出56万元。"
    assert {name for name, _ in _projects(body)[2:]} == {"信息化及档案管理"}


def test_what_is_handed_over_to_the_treasury_is_an_achievement() -> None:
    rows = extraction("二、部门收支情况\n（四）罚没收入：办结案件286件，罚没款632.5万元全部上缴财政。").figures
    assert [(f.kind, f.label) for f in rows][-1] == ("output", "罚没款")


def test_parts_behind_a_colon_are_of_the_same_measure() -> None:
    body = "二、预算收支\n（二）预算支出情况。年初预算支出90万元：基本支出60万元（工资福利支出60万元）；项目支出30万元。全年预算调整28万元。"
    assert {m for _, m, _ in money(body)[:-1]} == {"initial_budget"}
    assert money(body)[-1] == ("total", "adjustment", "28万元")


def test_what_a_project_was_used_for_is_part_of_it() -> None:
    body = PROJECTS + "1、大院运行维护费：年初预算150万元，支出212万元，用于水费8万元、电费68万元、物业管理费136万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [f.project_name for f in rows] == ["大院运行维护费", "大院运行维护费", "水费", "电费", "物业管理费"]
    assert {f.parent_term for f in rows[3:]} == {"大院运行维护费"}


def test_items_each_with_用于() -> None:
    body = (
        PROJECTS
        + "项目支出9万元，具体情况为：\n用于档案整理经费1万元，\n用于设备购置项目3万元，\n用于食堂运转支出5万元。"
    )
    assert _projects(body)[1:] == [("档案整理经费", "1"), ("设备购置项目", "3"), ("食堂运转", "5")]
    body = PROJECTS + "安排项目2个，项目支出决算9万元：（1）用于校舍维修改造项目4万元；（2）用于法律顾问支出5万元。"
    assert _projects(body)[1:] == [("校舍维修改造项目", "4"), ("法律顾问", "5")]


def test_kinds_of_a_project_s_projects() -> None:
    body = PROJECTS + "2.乡村振兴衔接资金58万元，实施项目23个，其中产业项目9个28万元、基础设施项目14个30万元。"
    assert _projects(body) == [("乡村振兴衔接资金", "58"), ("产业项目", "28"), ("基础设施项目", "30")]


def test_behind_a_bracket_the_comparison_is_of_what_stood_before_it() -> None:
    body = (
        FUNDS
        + "对个人和家庭的补助97万元。其中“三公”经费支出12万元（公务接待费7万元，公务用车运行费5万元），比上年度13万元下降8%。"
    )
    assert money(body)[-1] == ("three_public", "prior_year_actual", "13万元")


def test_who_serves_on_posts_said_in_pairs() -> None:
    rows = extraction("一、部门基本情况\n行政编制19名，实有18名；工勤编制3名，实有2名。").figures
    assert [(f.label, f.term is None) for f in rows if f.kind == "staff"] == [
        ("行政编制", False),
        ("行政编制实有", True),
        ("工勤编制", False),
        ("工勤编制实有", True),
    ]


def test_a_score_alone_under_its_heading() -> None:
    (row,) = [f for f in extraction("六、自评得分\n91分。").figures if f.kind == "score"]
    assert (row.value, vocabulary().metrics("score").get(row.term or "")) == (91, "self_score")


def test_the_actual_amount_behind_a_budget_may_be_said_in_one_word() -> None:
    body = "二、支出情况\n人员支出预算43万元，实际45万元；公用支出预算36万元，实际34万元。"
    assert [m for _, m, _ in money(body)] == ["initial_budget", "actual", "initial_budget", "actual"]


def test_amounts_of_several_years_said_together() -> None:
    rows = extraction(FUNDS + "2020年至2022年“三公”经费分别为48万元、42万元、36万元，逐年下降。").figures
    assert [(f.fiscal_year, measure(f)) for f in rows if f.kind == "money"] == [
        (2020, "prior_year_actual"),
        (2021, "prior_year_actual"),
        (2022, "actual"),
    ]


def test_money_within_the_central_budget_is_a_source() -> None:
    body = PROJECTS + "1.饮水提升工程：总投资32万元，其中中央预算内资金12万元，地方债券15万元，自筹5万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert {f.project_name for f in rows} == {"饮水提升工程"}
    assert [measure(f) for f in rows][1] == measure(rows[0])


def test_money_for_projects_within_a_project() -> None:
    body = PROJECTS + "（5）移民后扶资金112万元，直补资金52万元，项目资金60万元。\n（6）水土保持项目48万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.label, account(f)) for f in rows][2:] == [("项目资金", "unclassified"), ("水土保持项目", "project_item")]
    assert rows[3].parent_term != "项目资金"


@pytest.mark.parametrize(
    "sentence",
    ["2022年应配套资金1,860万元，实际到位1,248万元。", "收取水费126万元。"],
    ids=["what should have come", "taken in"],
)
def test_what_others_pay_is_no_expenditure(sentence: str) -> None:
    rows = extraction("四、绩效目标完成情况\n" + sentence).figures
    assert {f.kind for f in rows} == {"output"}


def test_a_numbered_sentence_that_lists_what_was_paid_for() -> None:
    body = PROJECTS + "2.项目支出用于：政务大厅运行42万元；机关物业安保38万元。"
    assert _projects(body) == [("政务大厅运行", "42"), ("机关物业安保", "38")]


def test_all_that_was_spent_is_no_achievement() -> None:
    body = "六、部门整体支出绩效情况\n3.成本指标。全年实际支出329万元，未超预算。修建公路8公里，投入资金26万元。"
    rows = [f for f in extraction(body).figures if f.unit == "万元"]
    assert [(f.kind, f.value_as_written) for f in rows] == [("money", "329"), ("output", "26")]


def test_a_budget_and_what_was_added_to_it_make_the_year_s() -> None:
    body = PROJECTS + "年初预算安排项目资金36万元，年中追加12万元，总计48万元。"
    assert money(body)[-1] == ("project", "full_year_budget", "48万元")


def test_what_was_taken_back_of_a_balance_is_no_adjustment() -> None:
    body = "二、收支情况\n实际支出90万元，结余10万元，其中财政收回8万元，结转下年2万元。"
    assert [m for _, m, _ in money(body)] == ["actual", "carryover_out", "carryover_out", "carryover_out"]


def test_an_amount_before_what_was_spent_of_it_is_not_spent() -> None:
    body = PROJECTS + "（四）专项工作经费80万元，实际支出224万元，其中疫情防控129万元、信访维稳95万元。"
    assert [m for _, m, _ in money(body)] == ["other", "actual", "actual", "actual"]


def test_projects_are_part_of_all_project_expenditure() -> None:
    body = (
        "二、一般公共预算支出情况\n（二）项目支出情况\n1.2022年项目支出190万元，资金来源为一般公共预算185万元，政府性基金5万元。\n"
        "2.项目支出用于：政务大厅运行100万元；机关安保90万元。"
    )
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [f.part_of_figure_no for f in rows[3:]] == [rows[0].figure_no, rows[0].figure_no]


def test_what_was_added_for_projects() -> None:
    body = "七、存在的问题\n预算编制不够精细：年中追加384万元，其中项目追加310万元，人员经费追加74万元。"
    assert [(a, m) for a, m, _ in money(body)] == [
        ("total", "adjustment"),
        ("project", "adjustment"),
        ("personnel", "adjustment"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("共实施2个项目，项目内容为：\n1.甲经费30万元。\n2.乙经费20万元。\n", [2], id="all of them"),
        pytest.param(
            "共实施18个项目，主要项目如下：\n1.甲经费30万元。\n2.乙经费20万元。\n", [None], id="the main ones"
        ),
        pytest.param(
            "1.甲资金30万元。\n2.乙资金58万元，实施项目23个。\n3.丙资金20万元。\n4.丁资金10万元。\n",
            [None],
            id="of one item of a list",
        ),
    ],
)
def test_what_is_counted_and_listed(body: str, expected: list[int | None]) -> None:
    rows = [f for f in extraction(PROJECTS + body).figures if f.kind == "organisation"]
    assert [f.listed_count for f in rows] == expected


def test_parts_behind_a_balance_are_of_what_was_spent() -> None:
    body = PROJECTS + "专项支出90万元（含上年结转3万元）。包括：抽检经费60万元；监管经费30万元。"
    assert {m for _, m, _ in money(body)[2:]} == {"actual"}
    body = "二、收支情况\n累计支出90万元，结余5万元，其中：人工费60万元、油料费30万元。"
    assert {m for _, m, _ in money(body)[2:]} == {"actual"}


def test_what_is_divided_by_kind_was_spent_where_that_is_said() -> None:
    body = (
        FUNDS
        + "2022年基本支出年初预算40万元，调整后预算43万元，决算43万元。按经济分类分：工资福利支出30万元，资本性支出13万元。"
    )
    assert [m for _, m, _ in money(body)][3:] == ["actual", "actual"]


@pytest.mark.parametrize(
    "introduction",
    [
        "其中主要项目有：",
        "主要项目包括：",
        "其中重点项目：",
        "其中50万元以上项目有：",
        "较大的有",
        "其中，部分项目情况：",
    ],
)
def test_words_that_introduce_some_projects_name_none(introduction: str) -> None:
    body = f"二、项目支出情况\n全年项目支出190万元，{introduction}村道养护经费60万元，渡口看守经费20万元。"
    assert [f.project_name for f in extraction(body).figures] == [None, "村道养护经费", "渡口看守经费"]


@pytest.mark.parametrize("introduction", ["其中重点项目：", "主要项目有：", "其中30万元以上的："])
def test_projects_of_which_some_are_listed_are_not_counted(introduction: str) -> None:
    body = f"二、项目支出情况\n共实施项目12个，{introduction}\n1.村道养护经费60万元；\n2.渡口看守经费20万元。"
    assert [f.listed_count for f in extraction(body).figures if f.kind == "organisation"] == [None]


def test_the_total_of_the_main_projects_is_not_that_of_all() -> None:
    body = "二、项目支出情况\n全年项目支出190万元。\n主要项目支出情况表（万元）\n项目名称\t年初预算\t实际支出\n村道养护\t60\t60\n渡口看守\t20\t19\n合计\t80\t79"
    assert [f.term for f in extraction(body).figures if f.value_as_written in ("80", "79")] == [None, None]


def test_what_project_expenditure_was_used_for_are_its_projects() -> None:
    body = "基本支出12万元。项目支出385.8万元，占97%。主要用于：水库加固126万元，饮水巩固提升98.6万元，其他零星项目161.2万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(str(f.value), f.project_name) for f in rows] == [
        ("12", None),
        ("385.8", None),
        ("126", "水库加固"),
        ("98.6", "饮水巩固提升"),
        ("161.2", "其他零星项目"),
    ]
    assert {f.part_of_figure_no for f in rows if f.project_name} == {rows[1].figure_no}


def test_the_rest_of_a_list_of_projects_is_no_source_of_funds() -> None:
    body = "项目支出386万元，主要项目如下：\n1、学生生活补助193万元；\n2、校舍安全保障资金73万元；\n3、其他教育支出120万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(str(f.value), f.project_name) for f in rows] == [
        ("386", None),
        ("193", "学生生活补助"),
        ("73", "校舍安全保障资金"),
        ("120", "其他教育"),
    ]


def test_what_stands_in_project_expenditure_are_projects() -> None:
    body = "项目支出640万元，占62%。项目支出中：公共卫生服务项目358万元（其中中央资金214万元、省级144万元），奖扶特扶108.5万元，疫情防控173.5万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(str(f.value), f.project_name) for f in rows] == [
        ("640", None),
        ("358", "公共卫生服务项目"),
        ("214", "公共卫生服务项目"),
        ("144", "公共卫生服务项目"),
        ("108.5", "奖扶特扶"),
        ("173.5", "疫情防控"),
    ]


def test_a_source_may_be_called_after_what_it_is_for() -> None:
    body = "项目支出432万元，主要项目如下：\n（1）乡村振兴项目432万元，其中省级衔接资金300万元，市级配套132万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.project_name, f.fund_source_term) for f in rows][1:] == [
        ("乡村振兴项目", None),
        ("乡村振兴项目", "省级资金"),
        ("乡村振兴项目", "市级配套"),
    ]


@pytest.mark.parametrize("opens", ["具体为", "主要有", "明细如下", "主要用于", "分别是"])
def test_words_that_open_the_list_of_projects(opens: str) -> None:
    body = f"项目支出408.7万元。\n项目支出{opens}：物资采购及储备98.6万元、森林防灭火102.4万元、指挥平台运维207.7万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [f.project_name for f in rows] == [None, "物资采购及储备", "森林防灭火", "指挥平台运维"]
