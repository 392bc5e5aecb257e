"""Amounts whose measure, source or owner the words around them give, and no more than they give. All sentences are the
project's own."""

from __future__ import annotations

import pytest

from tests.extraction.prose_facts import account, extraction, measure, money

FUNDS = "一、预算执行情况\n"
PROJECTS = "二、项目支出情况\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(PROJECTS + "1.渠道清淤经费16万元，支出15万元。", "other", id="nothing said"),
        pytest.param(
            PROJECTS + "1.渠道清淤经费16万元，支出15万元，完成全年预算的93.75%。", "full_year_budget", id="rate"
        ),
        pytest.param(
            PROJECTS + "1.渠道清淤经费16万元，支出15万元，完成年初预算93.75%。", "initial_budget", id="other rate"
        ),
        pytest.param(
            PROJECTS + "全年预算20万元，其中：渠道清淤经费16万元，支出15万元。",
            "full_year_budget",
            id="part of a budget",
        ),
        pytest.param(
            PROJECTS + "项目支出年初预算20万元，具体如下：\n1.渠道清淤经费16万元，支出15万元。",
            "initial_budget",
            id="list of a budget",
        ),
        pytest.param(
            PROJECTS + "项目支出年初预算20万元，全年预算25万元，具体如下：\n1.渠道清淤经费16万元，支出15万元。",
            "other",
            id="list of two budgets",
        ),
        pytest.param(
            "二、项目支出全年预算安排及执行\n（一）项目\n1.渠道清淤经费16万元，实际支出15万元。",
            "full_year_budget",
            id="heading",
        ),
        pytest.param(PROJECTS + "1.安排渠道清淤经费16万元，支出15万元。", "initial_budget", id="arranged"),
    ],
)
def test_an_amount_before_what_was_spent_of_it_has_the_budget_that_is_spoken_of(body: str, expected: str) -> None:
    assert [m for name, m, _ in money(body) if name == "渠道清淤经费"] == [expected, "actual"]


@pytest.mark.parametrize(
    "sentence",
    [
        "1.泵站改造项目，上年结转3万元、中央8万元、县级20万元，合计31万元，支出30万元",
        "1.泵站改造项目：上年结转3万元，省级资金28万元，共计31万元，支出30万元",
        "1.泵站改造项目。资金来源：上年结转3万元、市级配套28万元，总计31万元；实际支出30万元",
        "1.泵站改造项目，中央8万元、省级3万元、县级20万元，合计31万元，支出30万元",
    ],
)
def test_the_sum_of_sources_is_not_spent(sentence: str) -> None:
    found = money(f"{PROJECTS}{sentence}。")
    assert {name for name, _, _ in found} == {"泵站改造项目"}
    assert found[-2:] == [("泵站改造项目", "other", "31万元"), ("泵站改造项目", "actual", "30万元")]
    assert "actual" not in [m for _, m, _ in found[:-1]]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "上级安排资金12万元用于河道治理，实际支出10万元",
            [("unclassified", "other", "12万元"), ("unclassified", "actual", "10万元")],
        ),
        ("从中央水利发展资金中安排资金8万元用于水毁修复", [("中央水利发展资金", "other", "8万元")]),
        (
            "省下达救灾资金50万元，市级追加36万元",
            [("救灾资金", "other", "50万元"), ("unclassified", "adjustment", "36万元")],
        ),
        (
            "1.泵站改造项目，省下达水毁资金50万元，县级追加36万元",
            [("泵站改造项目", "other", "50万元"), ("泵站改造项目", "adjustment", "36万元")],
        ),
        (
            "1.渠道清淤经费，年初预算3万元，支出2万元。\n2.泵站改造项目，上级专项资金中安排资金5万元，已全部支出",
            [
                ("渠道清淤经费", "initial_budget", "3万元"),
                ("渠道清淤经费", "actual", "2万元"),
                ("泵站改造项目", "other", "5万元"),
            ],
        ),
    ],
)
def test_what_a_higher_level_gives_is_no_initial_budget(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    heading = PROJECTS if sentence.startswith("1") else FUNDS
    assert money(f"{heading}{sentence}。") == expected


@pytest.mark.parametrize("name", ["“八一”、春节慰问", "“三八”、“五四”活动", "“六一”、重阳慰问", "“七一”、国庆活动"])
def test_a_day_in_figures_is_no_list_number(name: str) -> None:
    plain = name.replace("“", "").replace("”", "")
    assert money(f"{PROJECTS}项目支出20万元，其中{name}12万元。")[-1] == (plain, "actual", "12万元")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "公务接待费和公务用车运行维护费分别为2万元、3万元，分别较上年下降3.7%和11.3%",
            [("公务接待费", "3.7"), ("公务用车运行维护费", "11.3")],
        ),
        ("基本支出20万元，项目支出30万元，较上年分别增长3.7%、11.3%", [("基本支出", "3.7"), ("项目支出", "11.3")]),
        ("基本支出和项目支出分别完成预算的98.7%和91.3%", [("基本支出", "98.7"), ("项目支出", "91.3")]),
        ("基本支出、项目支出分别比上年增长8.7%、11.3%", [("基本支出", "8.7"), ("项目支出", "11.3")]),
        (
            "基本支出20万元，项目支出30万元，分别完成年初预算的93.7%和99.3%",
            [("基本支出", "93.7"), ("项目支出", "99.3")],
        ),
    ],
)
def test_each_rate_of_a_row_is_of_its_own_amount(sentence: str, expected: list[tuple[str, str]]) -> None:
    rates = [f for f in extraction(f"{FUNDS}{sentence}。").figures if f.kind == "rate"]
    assert [(f.rate_of_term, f.value_as_written) for f in rates] == expected


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("门诊量和住院量分别较上年增长8.7%和11.3%", ["门诊量较上年增长", "住院量较上年增长"]),
        ("事故起数、死亡人数同比分别下降25%、33.3%", ["事故起数同比下降", "死亡人数同比下降"]),
        ("接待读者56人次，外借图书32册，分别同比增长8.7%和11.3%", ["接待读者同比增长", "外借图书同比增长"]),
    ],
)
def test_each_rate_of_a_row_has_a_name(sentence: str, labels: list[str]) -> None:
    assert [f.label for f in extraction(f"四、绩效情况\n{sentence}。").figures if f.kind == "rate"] == labels


@pytest.mark.parametrize(
    ("sentence", "books"),
    [
        (
            "收入合计50万元，其中一般公共预算30万元，政府性基金20万元。全年支出49万元",
            [None, "一般公共预算", "政府性基金", None],
        ),
        ("年初预算50万元（含政府性基金20万元），安排项目支出30万元", [None, "政府性基金", None]),
        ("年初预算50万元，政府性基金0万元，实际支出49万元", ["一般公共预算", "政府性基金", "一般公共预算"]),
    ],
)
def test_a_total_of_several_books_is_not_the_heading_s_book(sentence: str, books: list[str | None]) -> None:
    rows = extraction(f"一、一般公共预算支出情况\n{sentence}。").figures
    assert [f.book_term for f in rows if f.kind == "money" and f.qualifier is None] == books


def _labels(body: str, kind: str) -> list[tuple[str, str]]:
    return [(f.label, f.value_as_written) for f in extraction(body).figures if f.kind == kind]


def test_the_next_of_a_row_does_not_name_the_head_count_before_it() -> None:
    body = "一、部门基本情况\n实有在职人员27人，其中专业教师21人、工勤人员3人、后勤3人。"
    rows = [f for f in extraction(body).figures if f.kind == "staff"]
    assert [(f.label, f.term) for f in rows][1:3] == [("专业教师", None), ("工勤人员", "工勤人员")]


def test_amounts_of_the_units_below_are_not_the_department_s() -> None:
    body = (
        "一、部门概况\n各单位情况：局机关年初预算48万元，决算57万元；河道管理所年初预算21万元，决算23万元；"
        "灌溉试验站年初预算9万元，决算8万元。\n全系统年初预算78万元，决算88万元。"
    )
    found = money(body)
    assert {a for a, _, _ in found[:6]} == {"unclassified"}
    assert found[6:] == [("total", "initial_budget", "78万元"), ("total", "actual", "88万元")]


def test_the_classes_of_projects_of_the_budget_system_are_not_the_department() -> None:
    body = (
        "三、绩效分析\n人员类项目绩效分析：全年人员类项目总预算18万元。\n运转类项目总预算35万元，执行33万元。\n"
        "特定目标类项目6个，预算总金额77万元，执行总额75万元，其中：中央专项资金28万元，支出27万元。"
    )
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert {account(f) for f in rows} == {"unclassified"}
    assert [(f.value_as_written, measure(f), f.fund_source_term) for f in rows][-2:] == [
        ("28", "other", "中央专项资金"),
        ("27", "actual", "中央专项资金"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("年初预算50万元（人员经费42万元、公用经费3万元（按生均100元标准安排）、项目经费5万元）", ("project", "5")),
        ("住宿费收入全年应缴专户资金31万元", ("unclassified", "31")),
        ("专户返还29万元，用于补充公用经费20万元", ("unclassified", "20")),
        ("部门收入年初预算18万元，调整预算21万元，决算数20万元", ("income", "20")),
    ],
)
def test_whose_amount_it_is(sentence: str, expected: tuple[str, str]) -> None:
    last = [f for f in extraction(f"二、资金情况\n{sentence}。").figures if f.kind == "money"][-1]
    assert (account(last), last.value_as_written) == expected


def test_a_project_spoken_of_in_the_clause_before() -> None:
    body = (
        "二、项目支出情况\n1.公共服务能力提升补助资金（中央）：年初预算8万元，支出6万元。\n三、存在的问题\n"
        "预算执行不均衡。公共服务能力提升补助资金因下达较晚（10月下达），全年仅执行6万元。"
    )
    assert [name for name, _, _ in money(body)] == ["公共服务能力提升补助资金(中央)"] * 3


@pytest.mark.parametrize(
    ("sentence", "of"),
    [
        ("公用经费控制率=137.65÷142×100%=96.94%", "公用经费"),
        ("“三公”经费控制率为78.88%", "三公经费"),
        ("在职人员控制率=88/96=91.67%", None),
        ("固定资产利用率为95%", None),
        ("政府采购执行率=2,936.4÷2,936.4×100%=100%", "政府采购"),
    ],
)
def test_a_rate_is_of_what_it_is_called_after(sentence: str, of: str | None) -> None:
    body = f"二、资金情况\n项目支出3652.6万元，{sentence}。"
    assert [f.rate_of_term for f in extraction(body).figures if f.kind == "rate"] == [of]


def test_the_completion_of_work_is_no_execution_of_a_budget() -> None:
    rows = extraction("三、绩效情况\n全年检查药店48家，完成率100%。").figures
    assert [f.term for f in rows if f.kind == "rate"] == [None]


def test_what_all_books_have_is_no_part_of_one_book() -> None:
    body = "二、收支情况\n部门支出决算209万元，其中：一般公共预算支出48万元，政府性基金预算支出161万元。基本支出72万元，项目支出137万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [f.part_of_figure_no for f in rows[-2:]] == [rows[0].figure_no] * 2


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("兑现企业32家，撬动企业技改投资26万元", ["output", "output"]),
        ("固定资产投资352亿元，增长15.6%；一般公共预算收入24亿元", ["output", "rate", "output"]),
        ("（1）招商引资工作经费80万元，支出61万元", ["money", "money"]),
    ],
)
def test_achievements_and_what_was_spent_on_them(sentence: str, kinds: list[str]) -> None:
    assert [f.kind for f in extraction(f"三、绩效完成情况\n{sentence}。").figures] == kinds


def test_sources_of_a_project_by_the_levels_of_an_autonomous_region() -> None:
    body = PROJECTS + "1.泵站改造项目，到位资金156万元（中央98万元，自治区42万元，旗级16万元），支出150万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(measure(f), f.fund_source_term) for f in rows] == [
        ("appropriation_income", None),
        ("appropriation_income", "中央资金"),
        ("appropriation_income", "自治区资金"),
        ("appropriation_income", "旗级资金"),
        ("actual", None),
    ]


def test_project_expenditure_divided_by_source() -> None:
    body = FUNDS + "项目支出65万元，基本支出10万元。\n项目支出按资金来源分：中央水利发展资金48万元，旗本级配套17万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(account(f), f.fund_source_term, f.part_of_figure_no) for f in rows[2:]] == [
        ("project", "中央资金", rows[0].figure_no),
        ("project", "旗本级配套", rows[0].figure_no),
    ]


def test_grants_that_a_list_of_projects_numbers_are_projects() -> None:
    body = PROJECTS + "实施2个项目：1.中央水利发展资金50万元，支出45万元；2.省级农业发展资金30万元，支出28万元。"
    assert [name for name, _, _ in money(body)] == ["中央水利发展资金"] * 2 + ["省级农业发展资金"] * 2


@pytest.mark.parametrize("payer", ["县财政", "由旗财政", "市级财政", "区财政"])
def test_who_pays_is_no_part_of_a_project_s_name(payer: str) -> None:
    assert [n for n, _, _ in money(f"{PROJECTS}1.巡河工作经费{payer}安排42万元。")] == ["巡河工作经费"]


def test_an_item_whose_money_came_in_mid_year_is_a_project() -> None:
    body = "三、项目实施情况\n5.山洪防御非工程措施：年初无预算，年中追加3万元，支出2万元。"
    assert [n for n, _, _ in money(body)] == ["山洪防御非工程措施"] * 2


def test_counts_in_a_bracket_behind_an_amount_are_of_the_amount() -> None:
    body = FUNDS + "因公出国（境）费用46万元（组织出国团组3个、累计8人次）、公务接待费41万元（612批次、5846人次）。"
    assert _labels(body, "output") == [
        ("组织出国团组", "3"),
        ("组织出国团组", "8"),
        ("公务接待费", "612"),
        ("公务接待费", "5846"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "下设单位2个：市服务中心（编制15名，实有13人）、陵园管理所（编制4名，实有4人）。",
        "年末在职18人；比上年减少2人（退休3人，调入1人）。",
        "专业技术人员流失5人。",
        "其中卫生技术人员63人，管理人员8名。",
    ],
)
def test_heads_that_are_not_all_of_their_kind(body: str) -> None:
    rows = extraction(f"一、单位概况\n（一）人员情况\n{body}").figures
    assert {f.term for f in rows if f.kind == "staff"} <= {None, "在职"}


def test_parts_of_what_was_added_in_mid_year_were_added() -> None:
    body = (
        FUNDS
        + "年初预算142万元，年中调整增加23万元（上级下达优抚对象补助经费18万元、退役安置补助经费3万元，本级追加2万元），调整后预算165万元。全年实际支出162万元。"
    )
    found = money(body)
    assert [m for _, m, _ in found] == ["initial_budget", *["adjustment"] * 4, "adjusted_budget", "actual"]
    assert [a for a, _, _ in found][-2:] == ["total", "total"]


def test_what_was_added_as_the_reason_of_a_change_was_added() -> None:
    body = (
        FUNDS
        + "决算总支出236万元，比年初预算增加88万元，主要原因是年中追加了抗旱救灾资金42万元、普查经费18万元及人员经费12万元。"
    )
    assert money(body)[2:] == [
        ("抗旱救灾资金", "adjustment", "42万元"),
        ("普查经费", "adjustment", "18万元"),
        ("personnel", "adjustment", "12万元"),
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "二是抗旱专项28万元，年中追加42万元，共70万元，实际支出68万元",
            [
                ("抗旱专项", "initial_budget"),
                ("抗旱专项", "adjustment"),
                ("抗旱专项", "full_year_budget"),
                ("抗旱专项", "actual"),
            ],
        ),
        ("（2）义务兵优待金19万元，实际发放18万元", [("义务兵优待金", "other"), ("义务兵优待金", "actual")]),
        (
            "（5）纪念设施修缮，省级补助12万元、市级配套8万元，共计20万元，已支付工程款14万元",
            [("纪念设施修缮", "other")] * 3 + [("纪念设施修缮", "actual")],
        ),
        (
            "2、公共卫生服务项目：中央下达156万元，省级48万元，共204万元，支出198万元",
            [("公共卫生服务项目", "other")] * 3 + [("公共卫生服务项目", "actual")],
        ),
        (
            "3、传染病联防（中央转移支付）：到位资金23万元，支出21万元",
            [("传染病联防(中央转移支付)", "appropriation_income"), ("传染病联防(中央转移支付)", "actual")],
        ),
        (
            "一是巡河经费8万元，支出7万元；二是其他支出14万元",
            [("巡河经费", "other"), ("巡河经费", "actual"), ("其他", "actual")],
        ),
        (
            "抢险经费：到位23万元，其中物资储备9万元、队伍训练7万元；支出15万元",
            [
                ("抢险经费", "appropriation_income"),
                ("物资储备", "appropriation_income"),
                ("队伍训练", "appropriation_income"),
                ("抢险经费", "actual"),
            ],
        ),
    ],
)
def test_items_of_lists_in_other_provinces(item: str, expected: list[tuple[str, str]]) -> None:
    assert [(a, m) for a, m, _ in money(f"二、项目支出情况\n主要项目支出情况：\n{item}。")] == expected


def test_a_bracket_that_denies_takes_no_subject() -> None:
    body = (
        FUNDS
        + "“三公”经费支出3.2万元（无因公出国（境）、公车购置），比年初预算5.5万元节约2.3万元。其中：公务接待0.8万元。"
    )
    assert money(body) == [
        ("three_public", "actual", "3.2万元"),
        ("three_public", "initial_budget", "5.5万元"),
        ("three_public", "change", "2.3万元"),
        ("reception", "actual", "0.8万元"),
    ]


def test_cars_counted_in_a_bracket_take_no_amounts() -> None:
    body = FUNDS + "“三公”经费支出12万元，全部为公务用车运行维护费（采样用车6辆），较2021年14万元减少2万元。"
    assert [m for _, m, _ in money(body)] == ["actual", "prior_year_actual", "change"]


def test_a_share_behind_a_bracket_is_of_the_amount_before_it() -> None:
    body = FUNDS + "总支出40万元，包括基本支出18万元（人员经费17万元，公用经费1万元），占45%。"
    rates = [f for f in extraction(body).figures if f.kind == "rate"]
    assert [(f.rate_of_term, f.rate_base_term) for f in rates] == [("基本支出", "总支出")]


def test_income_of_one_kind_is_not_all_income() -> None:
    assert money(FUNDS + "体检收入仅完成年初预算52万元的93.5%。") == [("unclassified", "initial_budget", "52万元")]


def test_money_that_is_suggested_in_a_numbered_item_is_no_budget() -> None:
    body = "六、问题与建议\n3.建议将检测经费纳入2023年财政预算，每年安排不少于15万元。"
    assert [f.kind for f in extraction(body).figures] == ["output"]


def test_points_by_rules_and_their_sum() -> None:
    body = "五、评分情况\n根据评分表，投入类15分，得15分；过程类25分，得23分；产出类60分，得58分；合计96分。"
    assert [(f.value_as_written, f.term) for f in extraction(body).figures if f.term] == [("96", "总得分")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "总收入18万元，其中：一般公共预算拨款6万元、政府性基金11万元、其他收入1万元",
            [
                ("income", "actual", "18万元"),
                ("total", "appropriation_income", "6万元"),
                ("total", "appropriation_income", "11万元"),
                ("income_other", "actual", "1万元"),
            ],
        ),
        ("公用经费中，其它商品和服务支出3万元", [("e30299", "actual", "3万元")]),
        (
            "三公经费支出4万元，其中：公务接待4万元，公车0元，出国0元",
            [
                ("three_public", "actual", "4万元"),
                ("reception", "actual", "4万元"),
                ("vehicle", "actual", "0元"),
                ("overseas_travel", "actual", "0元"),
            ],
        ),
        ("专项资金使用进度慢，截至年底还有11万元未使用", [("project_special", "carryover_out", "11万元")]),
        ("二是项目资金支付慢，年末尚有9万元未支出", [("project", "carryover_out", "9万元")]),
        (
            "三公经费支出3.41万元，其中公务接待费0.81万元，较2021年的2.95万元增长15.59%",
            [
                ("three_public", "actual", "3.41万元"),
                ("reception", "actual", "0.81万元"),
                ("three_public", "prior_year_actual", "2.95万元"),
            ],
        ),
    ],
)
def test_short_and_older_names(body: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(f"{FUNDS}{body}。") == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "1、滑坡治理工程：批复总概算15万元（中央资金12万元、省级资金3万元），2022年支付11万元，累计支付13万元",
            ["total_investment", "total_investment", "total_investment", "actual", "other"],
        ),
        ("2、村庄规划编制：合同金额48万元，2022年支付19万元", ["actual"]),
        ("3、权籍调查，总经费126万元，分三年安排，2022年安排31万元", ["total_investment", "initial_budget"]),
    ],
)
def test_what_a_project_costs_over_the_years(item: str, expected: list[str]) -> None:
    found = money(f"三、专项支出情况\n（二）主要项目\n{item}。")
    assert [m for _, m, _ in found] == expected
    assert len({name for name, _, _ in found} - {"unclassified", "total"}) == 1


def test_items_beside_one_that_is_divided() -> None:
    body = (
        PROJECTS
        + "普查专项经费预算8万元，支出7万元；调查专项25万元，支出24万元，其中记账补贴16万元；统计业务费18万元，支出17万元。"
    )
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    names = {f.figure_no: f.label for f in rows}
    assert [names.get(f.part_of_figure_no or 0) for f in rows if f.label in ("记账补贴", "统计业务费")] == [
        "调查专项",
        None,
        None,
    ]


def test_what_each_gets_within_a_range_is_no_project() -> None:
    assert [n for n, _, _ in money(f"{PROJECTS}1、基层社改造资金80万元，每个补助5-8万元。")] == ["基层社改造资金"]


def test_a_body_s_heads_in_a_bracket_carry_its_name() -> None:
    rows = extraction("一、概况\n我局下设河道管理所（编制15名，实有13人）；我局机关（编制9名）。").figures
    assert [f.label for f in rows if f.kind == "staff"][:2] == ["河道管理所编制", "河道管理所实有"]


@pytest.mark.parametrize(
    ("sentence", "measures"),
    [
        ("年中追加30万元，主要原因是增加人员经费20万元、项目经费10万元", ["adjustment", "change", "change"]),
        ("比上年增加30万元，原因是新增聘用人员经费20万元及培训费10万元", ["change", "change", "change"]),
    ],
)
def test_what_a_reason_says_was_more_was_not_all_that_was_spent(sentence: str, measures: list[str]) -> None:
    assert [m for _, m, _ in money(f"{FUNDS}{sentence}。")] == measures


def test_what_was_spent_of_a_project_is_not_one_source_s() -> None:
    body = PROJECTS + "1.巡河工作经费，预算20万元，市级补助5万元，实际支出25万元。"
    assert [f.fund_source_term for f in extraction(body).figures if f.kind == "money"] == [None, "市级补助", None]


def test_a_project_named_behind_its_class() -> None:
    assert [n for n, _, _ in money("三、绩效分析\n特定目标类项目包括：防汛专项10万元，支出9万元。")] == ["防汛专项"] * 2
