"""Reports on one project, and what reports of departments say of several amounts of one thing. All sentences are the
project's own."""

from __future__ import annotations

import pytest

from dagster_project.extraction.vocabulary import vocabulary
from tests.extraction.prose_facts import account, counts, extraction, measure, money

OWN = "关于2022年度乡村文化活动专项资金的绩效自评报告"
FUNDS = "一、预算执行情况\n"


def _of_project(body: str) -> list[tuple[str | None, str | None, str]]:
    rows = extraction(body, title=f"{OWN}\n安宁市文化和旅游局").figures
    return [(f.project_name, measure(f), f.value_as_written) for f in rows if f.kind == "money"]


def test_the_project_of_a_title_keeps_its_own_words_only() -> None:
    assert _of_project("二、资金情况\n全年实际支出92万元。") == [("乡村文化活动专项资金", "actual", "92")]


def test_items_that_tell_their_money_at_once_are_projects_of_their_own() -> None:
    body = "二、资金安排与使用\n（一）分项情况\n①广场舞大赛：安排20万元，支出18万元。\n②书屋更新建设：年初预算60万元，支出58万元，完成96.67%。"
    assert _of_project(body) == [
        ("广场舞大赛", "initial_budget", "20"),
        ("广场舞大赛", "actual", "18"),
        ("书屋更新建设", "initial_budget", "60"),
        ("书屋更新建设", "actual", "58"),
    ]
    rates = [f for f in extraction(body, title=OWN).figures if f.kind == "rate"]
    assert [f.project_name for f in rates] == ["书屋更新建设"]


def test_an_item_that_names_an_account_is_no_project() -> None:
    body = "二、资金安排与使用\n（一）分项情况\n1.基本支出：安排20万元，支出18万元。\n2.培训费：预算6万元，支出5万元。"
    names = {f.project_name for f in extraction(body).figures if f.kind == "money"}
    assert names == {None}


def test_what_is_left_is_no_project_and_not_spent() -> None:
    body = "二、资金情况\n全年实际支出92万元；年底剩余8万元，其中5万元由市财政收回统筹，3万元结转下年。"
    assert [m for _, m, _ in _of_project(body)] == ["actual", "carryover_out", "carryover_out", "carryover_out"]
    assert {name for name, _, _ in _of_project(body)} == {"乡村文化活动专项资金"}


def test_instalments_have_no_project_of_their_name() -> None:
    body = "二、资金情况\n全年支出90万元，其中一季度拨付20万元，二季度拨付30万元，上半年支出50万元。"
    assert [name for name, _, _ in _of_project(body)] == ["乡村文化活动专项资金", None, None, None]


@pytest.mark.parametrize(
    "sentence",
    [
        "抽查金额68万元",
        "项目送审价92万元，审定价90万元",
        "预留质量保证金3万元",
        "单户最高2万元",
        "追回重复领取的补助1万元",
        "违规列支2万元，已上缴",
        "农村低保标准提高到每人每年4800元（每月400元）",
    ],
)
def test_money_that_nobody_spent_is_output(sentence: str) -> None:
    found = extraction(f"二、资金情况\n全年支出90万元。{sentence}。", title=OWN).figures
    assert {f.kind for f in found if f.value_as_written != "90"} == {"output"}


def test_rates_and_scores_belong_to_the_year_that_is_told() -> None:
    body = "二、资金情况\n2021年投资80万元，当年支出72万元，支出进度90%。2021年度该项目自评94分。本年度自评得分96分，其中预算执行率得分19分，产出指标40分。"
    figures = extraction(body, title=OWN).figures
    assert [(f.fiscal_year, f.value_as_written) for f in figures if f.kind in ("rate", "score")] == [
        (2021, "90"),
        (2021, "94"),
        (2022, "96"),
        (2022, "19"),
        (2022, "40"),
    ]
    assert [f.term for f in figures if f.kind == "score"][1:] == ["自评得分", None, None]


def test_points_of_a_difference_are_no_execution_rate() -> None:
    (one,) = [f for f in extraction(FUNDS + "支出进度比上年低10个百分点。").figures if f.kind == "rate"]
    assert one.term is None


def test_another_body_s_score_is_not_the_report_s() -> None:
    body = "四、自评得分\n市财政局对我局整体支出重点评价得分88分，本年度自评得分93分。"
    assert [f.term for f in extraction(body).figures if f.kind == "score"] == [None, "自评得分"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "公务用车购置费36万元（上年无此项支出），公务用车运行维护费9万元（与上年持平），公务接待费1万元。",
            [
                ("vehicle_purchase", "actual", "36万元"),
                ("vehicle_running", "actual", "9万元"),
                ("reception", "actual", "1万元"),
            ],
            id="a remark in brackets is of the amount before",
        ),
        pytest.param(
            "年初预算42万元，追加6万元，加上年初结转5万元，全年预算数为53万元。",
            [
                ("total", "initial_budget", "42万元"),
                ("total", "adjustment", "6万元"),
                ("total", "carryover_in", "5万元"),
                ("total", "full_year_budget", "53万元"),
            ],
            id="加上年初 is not 上年",
        ),
        pytest.param(
            "工资福利支出及对个人和家庭的补助共计34万元。",
            [("personnel", "actual", "34万元")],
            id="both classes together",
        ),
        pytest.param(
            "三公经费合计9万元，控制在12万元的预算之内。",
            [("three_public", "actual", "9万元"), ("three_public", "initial_budget", "12万元")],
            id="a budget behind the amount",
        ),
        pytest.param(
            "三公经费合计9万元。其中：（1）公务接待费支出5万元、预算7万元；（2）公务用车运行维护费支出4万元、预算5万元。",
            [
                ("three_public", "actual", "9万元"),
                ("reception", "actual", "5万元"),
                ("reception", "initial_budget", "7万元"),
                ("vehicle_running", "actual", "4万元"),
                ("vehicle_running", "initial_budget", "5万元"),
            ],
            id="the next part is of what is divided",
        ),
        pytest.param(
            "项目支出共计24万元，其中一般公共预算安排19万元，政府性基金安排5万元。",
            [("project", "actual", "24万元"), ("project", "actual", "19万元"), ("project", "actual", "5万元")],
            id="books of what was spent",
        ),
        pytest.param(
            "全年“三公”经费年初预算18万元。", [("three_public", "initial_budget", "18万元")], id="全年…年初预算"
        ),
        pytest.param(
            "年初预算12万元，年中追加2万元，全年可用14万元。",
            [
                ("total", "initial_budget", "12万元"),
                ("total", "adjustment", "2万元"),
                ("total", "full_year_budget", "14万元"),
            ],
            id="what can be used",
        ),
        pytest.param(
            "年末结转和结余35万元，较年初减少15万元。",
            [("total", "carryover_out", "35万元"), ("unclassified", "change", "15万元")],
            id="a change of what was carried over",
        ),
        pytest.param(
            "公用经费比2021年的39万元压缩了3万元，总支出比2021年的46万元多支2万元。",
            [
                ("operating", "prior_year_actual", "39万元"),
                ("operating", "change", "3万元"),
                ("total", "prior_year_actual", "46万元"),
                ("total", "change", "2万元"),
            ],
            id="more words of change",
        ),
        pytest.param(
            "医疗收入27万元（门诊收入9万元、住院收入18万元）。",
            [
                ("unclassified", "actual", "27万元"),
                ("unclassified", "actual", "9万元"),
                ("unclassified", "actual", "18万元"),
            ],
            id="income of a kind is not all income",
        ),
        pytest.param(
            "公用经费28万元（办公及印刷5万元、水电物业2万元、差旅4万元、其他17万元）。",
            [
                ("operating", "actual", "28万元"),
                ("unclassified", "actual", "5万元"),
                ("unclassified", "actual", "2万元"),
                ("unclassified", "actual", "4万元"),
                ("e30299", "actual", "17万元"),
            ],
            id="the rest of the operating expenses",
        ),
    ],
)
def test_several_amounts_of_one_sentence(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(FUNDS + sentence) == expected


def test_a_share_of_all_the_budget_is_no_execution_rate() -> None:
    (one,) = [f for f in extraction(FUNDS + "基本支出64万元，占预算总额的64.16%。").figures if f.kind == "rate"]
    assert one.term == "占"


def test_a_grant_in_brackets_is_where_the_money_came_from() -> None:
    body = "二、项目支出情况\n1.办案经费全年预算62万元，实际使用61万元（含中央政法转移支付资金25万元）。"
    *_, last = [f for f in extraction(body).figures if f.kind == "money"]
    assert (last.project_name, last.fund_source_term) == ("办案经费", "转移支付资金")


def test_projects_behind_a_count_in_chinese() -> None:
    body = "二、专项资金情况\n涉及项目三个：①会议经费92万元；②代表工作经费198万元，包含代表活动经费12万元；③对外宣传专项10万元。"
    names = [f.project_name for f in extraction(body).figures if f.kind == "money"]
    assert names == ["会议经费", "代表工作经费", "代表活动经费", "对外宣传专项"]


def test_ordinals_stay_in_names() -> None:
    body = "二、项目支出情况\n①第三次国土调查：预算48万元，支出46万元。"
    assert {f.project_name for f in extraction(body).figures if f.kind == "money"} == {"第三次国土调查"}


def test_procurement_in_a_chapter_on_assets() -> None:
    body = "四、资产与政府采购\n全年政府采购预算42万元，实际采购38万元，其中货物类8万元、服务类30万元。固定资产净值30万元。"
    assert money(body) == [
        ("procurement", "full_year_budget", "42万元"),
        ("procurement", "actual", "38万元"),
        ("procurement_goods", "actual", "8万元"),
        ("procurement_services", "actual", "30万元"),
    ]
    assert [label for label, _, _ in counts(body, "asset")] == ["固定资产净值"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("核定编制45名（行政18名，事业27名）", ["核定编制", "行政编制", "事业编制"]),
        ("编制28个（行政15个、全额事业13个）", ["编制", "行政编制", "事业编制"]),
        ("年末实有在职教职工87人", ["实有在职"]),
        ("在编人员减少11人", [None]),
        ("在职在编民警45人，辅警32人、临聘12人", ["在职在编", "辅警", "临聘"]),
        ("大队现有民警14人，辅警32人", ["现有民警", "辅警"]),
        ("政法专项编制56名，实有52人，另有聘用制书记员20人", ["政法专项编制", "实有", "聘用制书记员"]),
        ("行政编制15名，实有14名，机关后勤服务编制2名", ["行政编制", None, "后勤服务编制"]),
        ("局机关核定行政编制15名，实有14人。事业编制40名，实有38人", ["行政编制", None, "事业编制", None]),
        ("局机关行政编制15名，实有14人", ["机关行政编制", None]),
        ("行政编制15名、工勤编制2名，实有17人", ["行政编制", "工勤编制", "实有"]),
        ("行政编制9人，实有9人从事稽核工作", ["行政编制", "实有"]),
    ],
)
def test_staff(sentence: str, expected: list[str | None]) -> None:
    figures = extraction(f"一、部门基本情况\n{sentence}。").figures
    assert [f.term for f in figures if f.kind == "staff"] == expected


def test_staff_where_money_is_told() -> None:
    figures = extraction("二、支出情况\n我局在职在编民警98人，辅警65人、临聘12人，人员经费支出120万元。").figures
    assert [f.kind for f in figures] == ["staff", "staff", "staff", "money"]


def test_community_workers_are_not_the_staff() -> None:
    figures = extraction("一、部门基本情况\n年末在职25人，社区专职工作者58名。").figures
    assert [f.value_as_written for f in figures if f.kind == "staff" and f.term] == ["25"]


def test_a_year_that_opens_the_sentence_is_the_year_of_all_of_it() -> None:
    body = "二、资金情况\n2020年度建设任务5万亩，投资78万元，当年支出70万元，支出进度90%。上年（2021年）支出12万元，预算完成率96%。全年支出64万元，执行率98%，未执行1万元由财政收回。"
    figures = extraction(body, title=OWN).figures
    assert [(f.fiscal_year, f.value_as_written) for f in figures if f.kind in ("money", "rate")] == [
        (2020, "78"),
        (2020, "70"),
        (2020, "90"),
        (2021, "12"),
        (2021, "96"),
        (2022, "64"),
        (2022, "98"),
        (2022, "1"),
    ]
    assert measure([f for f in figures if f.kind == "money"][-1]) == "carryover_out"


def test_sources_of_a_budget_are_budget() -> None:
    body = FUNDS + "年初部门预算38万元。从来源看，一般公共预算拨款34万元，政府性基金预算拨款4万元。"
    assert [m for _, m, _ in money(body)] == ["initial_budget"] * 3


def test_a_plan_of_purchases_and_its_kinds() -> None:
    body = "七、资产及采购情况\n政府采购计划11万元，实际采购金额10万元，其中采购快检设备等货物8万元，采购检测、物业等服务2万元。"
    assert money(body) == [
        ("procurement", "initial_budget", "11万元"),
        ("procurement", "actual", "10万元"),
        ("procurement_goods", "actual", "8万元"),
        ("procurement_services", "actual", "2万元"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "六个项目的情况是：食品监督抽检，预算21万元，支出20万元；药品监管，预算12万元，支出11万元。",
            [
                ("食品监督抽检", "initial_budget", "21万元"),
                ("食品监督抽检", "actual", "20万元"),
                ("药品监管", "initial_budget", "12万元"),
                ("药品监管", "actual", "11万元"),
            ],
            id="a list behind a count",
        ),
        pytest.param(
            "商品和服务支出15万元。商品和服务支出中，药品费6万元，委托业务费2万元。",
            [("e302", "actual", "15万元"), ("unclassified", "actual", "6万元"), ("e30227", "actual", "2万元")],
            id="parts of an account said before",
        ),
        pytest.param(
            "年度执行中追加12万元，主要是调资、绩效奖金，调整后预算为50万元。",
            [("total", "adjustment", "12万元"), ("total", "adjusted_budget", "50万元")],
            id="what was added for",
        ),
        pytest.param(
            "三公经费合计9万元，控制在12万元的预算之内，较2021年的10万元下降10%。",
            [
                ("three_public", "actual", "9万元"),
                ("three_public", "initial_budget", "12万元"),
                ("three_public", "prior_year_actual", "10万元"),
            ],
            id="what was spent the year before, behind a budget",
        ),
        pytest.param(
            "基本支出13万元，其中用于人员方面11万元，用于日常公用方面的支出2万元。",
            [("basic", "actual", "13万元"), ("personnel", "actual", "11万元"), ("operating", "actual", "2万元")],
            id="parts in other words",
        ),
        pytest.param(
            "市河道养护中心支出4万元、市水政监察大队支出2万元。",
            [("unclassified", "actual", "4万元"), ("unclassified", "actual", "2万元")],
            id="other bodies",
        ),
        pytest.param("截至9月底培训费仅支出3万元。", [("e30216", "other", "3万元")], id="spent until September"),
        pytest.param(
            "业务用房建设，总投资19万元，以前年度已支付14万元，本年支付3万元。",
            [
                ("unclassified", "total_investment", "19万元"),
                ("unclassified", "other", "14万元"),
                ("unclassified", "actual", "3万元"),
            ],
            id="paid in earlier years",
        ),
    ],
)
def test_what_is_told_around_amounts(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(FUNDS + sentence) == expected


def test_codes_before_the_names_of_items() -> None:
    body = FUNDS + "按功能科目看，2013301项行政运行43万元；2013302项一般行政管理事务38万元。"
    assert money(body) == [("f2013301", "actual", "43万元"), ("f2013302", "actual", "38万元")]
    assert counts(body, "output") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "建议市财政将宣传专项年初预算提高到18万元",
        "2023年拟申请预算68万元",
        "力争2024年协管员经费预算增加到23万元",
        "将防汛经费10万元纳入2023年年初预算",
    ],
)
def test_what_is_proposed_is_no_budget(sentence: str) -> None:
    (one,) = extraction(f"六、改进措施和建议\n{sentence}。").figures
    assert one.kind == "output"


def test_a_book_that_the_office_is_not_charged_with() -> None:
    figures = extraction("五、社会保险基金预算支出情况\n我局未承担社会保险基金预算。").figures
    assert [(f.book_term, f.qualifier) for f in figures] == [("社会保险基金预算", "stated_none")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "1、书屋更新36万元；2、农村改厕（预算16万元）实际支出17.2万元；3、公厕管护费5万元",
            [
                ("书屋更新", "actual", "36万元"),
                ("农村改厕", "initial_budget", "16万元"),
                ("农村改厕", "actual", "17.2万元"),
                ("公厕管护费", "actual", "5万元"),
            ],
            id="a bracket tells the budget of what stands before it",
        ),
        pytest.param(
            "1、防汛抗旱5万元；2、政府性基金安排的征地补偿21万元",
            [("防汛抗旱", "actual", "5万元"), ("征地补偿", "actual", "21万元")],
            id="what a book arranged is a project of its own",
        ),
    ],
)
def test_items_of_a_list_keep_their_amounts(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert money(f"二、项目支出情况\n项目支出92万元，具体为：{sentence}。")[1:] == expected


def test_an_item_that_tells_its_price_first_is_the_project_of_what_was_paid() -> None:
    body = "二、项目支出情况\n1、校舍维修工程，合同价56万元，本年支付进度款48万元。"
    assert money(body) == [("校舍维修工程", "actual", "48万元")]


def test_what_was_really_bought_is_of_the_procurement() -> None:
    body = "四、资产情况\n政府采购预算26万元，实际采购支出24万元，其中货物支出14万元、服务支出10万元。"
    assert money(body) == [
        ("procurement", "initial_budget", "26万元"),
        ("procurement", "actual", "24万元"),
        ("procurement_goods", "actual", "14万元"),
        ("procurement_services", "actual", "10万元"),
    ]


def test_saving_is_no_approximation() -> None:
    last = extraction(FUNDS + "“三公”经费支出8.6万元，较预算15万元节约6.4万元。").figures[-1]
    assert (last.value_as_written, last.qualifier) == ("6.4", None)


def test_a_book_with_an_amount_is_not_denied_with_the_next_one() -> None:
    rows = extraction(FUNDS + "政府性基金预算支出28万元，国有资本经营预算无支出。").figures
    assert [f.book_term for f in rows if f.qualifier == "stated_none"] == ["国有资本经营预算"]


def test_the_sentence_over_a_table_keeps_its_amount() -> None:
    body = "二、项目支出情况\n2.项目支出92万元，明细如下（单位：万元）：\n项目名称\t预算数\t支出数\n村道养护\t60\t58\n渡口看守\t32\t34"
    assert ("project", "actual", "92万元") in money(body)
    assert ("村道养护", "actual", "58万元") in money(body)


def test_clerks_of_a_court_are_no_secretaries() -> None:
    (one,) = extraction("一、部门基本情况\n聘用制书记员36人。").figures
    assert vocabulary().metrics("staff").get(one.term) == "contract_staff"


def test_a_rate_for_so_many_people_is_no_count() -> None:
    rows = extraction("三、绩效情况\n（一）产出\n传染病发病率为186.3/10万，较上年下降12.4%。").figures
    assert [f.value_as_written for f in rows] == ["12.4"]


def test_advice_for_the_next_year_is_no_budget() -> None:
    body = "六、建议\n1.建议加大支持力度，2023年预算安排52万元。"
    assert money(body) == []


@pytest.mark.parametrize(
    "sentence", ["预算执行率为94.88%，权重20分，得分18.98分", "预算执行率95%，得分9.5分", "产出指标分值50分，得分48分"]
)
def test_the_points_of_one_indicator_are_not_the_report_s(sentence: str) -> None:
    assert not [f.term for f in extraction(f"四、自评结论\n{sentence}。").figures if f.kind == "score" and f.term]


def test_the_project_may_stand_in_brackets_below_the_title() -> None:
    title = "2022年项目支出绩效自评报告\n（乡村文化活动补助资金）\n安宁市文化和旅游局"
    found = extraction("二、资金情况\n1.年初预算安排县级配套资金18万元，全年实际支出16万元。", title=title)
    assert found.identity.department_name == "安宁市文化和旅游局"
    assert [(f.project_name, f.value_as_written) for f in found.figures] == [
        ("乡村文化活动补助资金", "18"),
        ("乡村文化活动补助资金", "16"),
    ]


def test_parts_that_make_their_project_end_there() -> None:
    body = "二、项目支出情况\n项目支出92万元。主要用于以下方面：公厕建设60万元，其中：甲村公厕维修40万元，乙村公厕维修20万元；村道养护经费32万元。"
    figures = [f for f in extraction(body).figures if f.kind == "money"]
    names = {f.figure_no: f.label for f in figures}
    assert [names.get(f.part_of_figure_no or 0) for f in figures] == [
        None,
        "项目支出",
        "公厕建设",
        "公厕建设",
        "项目支出",
    ]


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("园区实现技工贸总收入28亿元", "28"),
        ("检查定点机构21家，行政处罚8.6万元", "8.6"),
        ("补助标准为每人每年610元，个人缴费320元", "320"),
    ],
)
def test_money_of_others_is_output(sentence: str, value: str) -> None:
    figures = extraction(f"三、部门绩效情况\n{sentence}。").figures
    assert [f.kind for f in figures if f.value_as_written == value] == ["output"]


def test_what_a_reason_mentions_behind_a_count_is_not_the_account_s() -> None:
    last = extraction(FUNDS + "基本支出82万元，主要原因是新进人员5名及补缴上年养老保险1.2万元。").figures[-1]
    assert (last.value_as_written, account(last)) == ("1.2", "unclassified")


def test_the_fund_of_an_insurance_is_not_the_agency_s() -> None:
    body = "二、资金情况\n城乡居民医保基金收入36,214万元，支出35,866万元，当期结余348万元。"
    assert {account(f) for f in extraction(body).figures} == {"unclassified"}


def test_those_who_are_insured_are_no_staff() -> None:
    body = "一、部门基本情况\n全市参保人数386,452人，局机关在职人数25人。"
    assert [f.value_as_written for f in extraction(body).figures if f.kind == "staff" and f.term] == ["25"]


def test_what_a_project_covers_is_no_number_of_projects() -> None:
    rows = extraction("一、项目概况\n（一）项目基本情况\n项目覆盖全县12个乡镇、165个行政村，涉及下属单位3个。").figures
    assert [f.value for f in rows if f.term == "项目"] == []


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("渠道维护项目绩效自评报告\n安宁市水利局", "渠道维护"),
        ("安宁市渠道维护项目绩效自评报告\n安宁市水利局", "渠道维护"),
        ("2022年度渠道维护补助资金绩效评价报告\n安宁市水利局", "渠道维护补助资金"),
        ("2022年度项目支出绩效自评报告\n单位名称：安宁市水利局\n项目名称：渠道维护", "渠道维护"),
        ("项目支出绩效评价报告\n（2022年度）\n项 目 名 称：渠道维护\n主管部门：安宁市水利局", "渠道维护"),
        ("2022年度部门预算项目支出绩效自评报告\n安宁市水利局", None),
        ("2022年度项目支出绩效自评报告\n项目名称：渠道维护\n项目名称：堤防加固\n填报单位：安宁市水利局", None),
    ],
)
def test_the_project_of_a_report(opening: str, name: str | None) -> None:
    rows = extraction("一、项目概况\n2022年市级预算安排资金80万元，全年支出76万元。", title=opening).figures
    assert [f.project_name for f in rows] == [name, name]


def test_the_project_of_a_report_by_its_form() -> None:
    form = "附件\n项目支出绩效自评表\n项目名称\t渠道维护\n主管部门\t安宁市水利局\n一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n产出指标\t数量指标\t清淤\t≥9公里\t9公里\t50\t50"
    rows = extraction(f"一、项目概况\n项目资金80万元。\n{form}", title="2022年度项目支出绩效自评报告").figures
    assert [f.project_name for f in rows] == ["渠道维护"]


def _parts(body: str, title: str = OWN) -> list[tuple[str, str, str | None]]:
    """(what, amount, amount of what it is a part of) of each amount of a report about one project."""
    figures = [f for f in extraction(body, title=f"{title}\n安宁市文化和旅游局").figures if f.kind == "money"]
    values = {f.figure_no: f.value_as_written for f in figures}
    return [(f.project_name or f.label, f.value_as_written, values.get(f.part_of_figure_no or 0)) for f in figures]


@pytest.mark.parametrize(
    "sentence",
    [
        "全年支出60万元，其中：培训费用18万元，宣传费12万元，演出劳务费30万元。",
        "全年支出60万元，主要用于培训费用18万元、宣传费12万元、演出劳务费30万元。",
        "全年支出60万元。支出明细如下：1.培训费用18万元；2.宣传费12万元；3.演出劳务费30万元。",
        "全年支出60万元。\n1.培训费用18万元；\n2.宣传费12万元；\n3.演出劳务费30万元。",
        "全年支出60万元。其中培训费用支出18万元，宣传费支出12万元，演出劳务费支出30万元。",
    ],
)
def test_expenses_are_parts_of_the_report_s_project(sentence: str) -> None:
    own = "乡村文化活动专项资金"
    assert [amount for _, amount, _ in _parts("二、资金使用情况\n" + sentence)] == ["60", "18", "12", "30"]
    assert [whole for _, _, whole in _parts("二、资金使用情况\n" + sentence)] == [None, "60", "60", "60"]
    found = extraction("二、资金使用情况\n" + sentence, title=f"{OWN}\n安宁市文化和旅游局").figures
    assert [(f.project_name, account(f)) for f in found] == [(own, "project_item"), *[(None, "unclassified")] * 3]


def test_a_short_fund_s_name_before_its_spending_is_a_part() -> None:
    assert _parts("二、资金使用情况\n全年支出60万元，其中培训经费支出18万元。")[1] == ("培训经费", "18", "60")


def test_grants_among_the_items_are_projects_of_the_report_s_project() -> None:
    title = "2022年度优抚对象补助资金绩效评价报告"
    body = "二、资金使用情况\n2022年共支出96万元，具体如下：\n①抚恤金：支出32万元；\n②生活补助：支出44万元，发放500人；\n③临时救助：支出20万元。"
    assert _parts(body, title) == [
        ("优抚对象补助资金", "96", None),
        ("抚恤金", "32", "96"),
        ("生活补助", "44", "96"),
        ("临时救助", "20", "96"),
    ]


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("实际拨付90万元，其中：拨付东山镇50万元、西河镇40万元。", "90"),
        ("2022年下达各乡镇资金90万元，分别为：东山镇50万元，西河镇40万元。", "90"),
        ("资金90万元已拨付到位，拨付东山镇50万元，拨付西河镇40万元。", "90"),
        ("1.书屋更新，支出90万元，拨付东山镇50万元，拨付西河镇40万元。", "90"),
        ("全年预算90万元，拨付东山镇50万元，拨付西河镇40万元。", None),
    ],
)
def test_what_bodies_received_is_a_part_of_what_was_paid(sentence: str, whole: str | None) -> None:
    *_, east, west = _parts("二、资金使用情况\n" + sentence)
    assert (east, west) == (("东山镇", "50", whole), ("西河镇", "40", whole))


def test_what_a_part_is_divided_into_is_a_part_of_that_part() -> None:
    body = (
        "二、资金使用情况\n全年支出90万元。其中：\n"
        "（一）拨付乡镇卫生院50万元，其中：东山镇卫生院20万元、西河镇卫生院18万元、其余2个卫生院12万元；\n"
        "（二）市文化馆支出30万元，主要用于：①书屋管理系统维护费20万元；②展览宣传费6万元；③培训费4万元。\n"
        "（三）设备购置费8万元，其中：音响购置5万元，灯光改造3万元；\n（四）场地布置1万元；\n（五）其他1万元。"
    )
    title = "关于2022年度乡村文化活动专项资金的绩效自评报告"
    assert _parts(body, title)[1:] == [
        ("乡镇卫生院", "50", "90"),
        ("东山镇卫生院", "20", "50"),
        ("西河镇卫生院", "18", "50"),
        ("卫生院", "12", "50"),
        ("市文化馆支出", "30", "90"),
        ("书屋管理系统维护费", "20", "30"),
        ("展览宣传费", "6", "30"),
        ("培训费", "4", "30"),
        ("设备购置费", "8", "90"),
        ("音响购置", "5", "8"),
        ("灯光改造", "3", "8"),
        ("场地布置", "1", "90"),
        ("其他", "1", "90"),
    ]
    found = [f for f in extraction(body, title=title).figures if f.kind == "money"][1:]
    assert {(f.project_name, account(f)) for f in found} == {(None, "unclassified")}


@pytest.mark.parametrize(
    "heading", ["1、资金到位。", "1.项目资金。", "（1）资金安排。", "1、资金使用。", "1.专项资金。"]
)
def test_words_for_any_money_name_no_project(heading: str) -> None:
    assert _of_project(f"二、资金情况\n{heading}年末到位资金92万元，实际支出90万元。") == [
        ("乡村文化活动专项资金", "appropriation_income", "92"),
        ("乡村文化活动专项资金", "actual", "90"),
    ]


def test_the_first_item_behind_a_heading_of_a_list_is_a_project() -> None:
    body = "二、收支情况\n（四）项目支出明细：村道整治13万元、公厕管护费12万元、社区建设（政府性基金）27万元，以上合计52万元。"
    assert money(body) == [
        ("村道整治", "actual", "13万元"),
        ("公厕管护费", "actual", "12万元"),
        ("社区建设(政府性基金)", "actual", "27万元"),
        ("project", "actual", "52万元"),
    ]


def test_bodies_by_whom_the_project_s_money_was_spent() -> None:
    body = "二、资金使用情况\n全年支出90万元。按用途划分：设备费60万元（占66.67%）、耗材30万元。\n按单位划分：局机关50万元，东山文化管理所22万元，西河文化管理所18万元。"
    assert _parts(body) == [
        ("乡村文化活动专项资金", "90", None),
        ("设备费", "60", "90"),
        ("耗材", "30", "90"),
        ("局机关", "50", "90"),
        ("东山文化管理所", "22", "90"),
        ("西河文化管理所", "18", "90"),
    ]


def test_a_comparison_names_no_project_and_a_standard_is_no_budget() -> None:
    body = "二、资金使用情况\n（三）与上年相比，2021年支出82万元，2022年增加8万元。单场均价850元，低于预算标准900元。"
    found = [(f.project_name, measure(f), f.value_as_written) for f in extraction(body, title=OWN).figures]
    assert found == [
        ("乡村文化活动专项资金", "prior_year_actual", "82"),
        ("乡村文化活动专项资金", "change", "8"),
        (None, None, "850"),
        (None, None, "900"),
    ]


def test_where_a_project_s_budget_comes_from() -> None:
    body = "二、资金情况\n项目年初预算32万元，资金来源为区级财政拨款26万元，市级转移支付6万元。"
    found = extraction(body, title=OWN).figures
    assert [(f.project_name, bool(f.fund_source_term), bool(f.part_of_figure_no)) for f in found] == [
        ("乡村文化活动专项资金", False, False),
        ("乡村文化活动专项资金", True, True),
        ("乡村文化活动专项资金", True, True),
    ]


def test_brackets_that_only_give_examples_name_neither_measure_nor_account() -> None:
    body = "二、收支情况\n收入总额90万元：其中财政拨款收入60万元；其他收入（食堂结余等）30万元。"
    assert money(body)[-1] == ("income_other", "actual", "30万元")
    body = "二、项目支出情况\n项目支出106万元，其中：\n1.困难学生资助（国家助学金）：下达16万元，发放15万元。\n2.校舍维修项目：预算20万元，支出19万元。"
    assert [name for name, _, _ in money(body)] == ["project"] + ["困难学生资助(国家助学金)"] * 2 + ["校舍维修项目"] * 2
