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
