"""Amounts whose measure, source or owner the words around them give, and no more than they give. All sentences are the
project's own."""

from __future__ import annotations

import pytest

from tests.extraction.prose_facts import extraction, money

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
