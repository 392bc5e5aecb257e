"""Forms of other provinces as they were pasted: other names of columns, totals without a measure. All words are the project's own."""

from __future__ import annotations

import pytest

from tests.extraction.prose_facts import account, extraction, measure

HUBEI = """2022年度安宁市水利局部门整体支出绩效自评表
单位名称\t安宁市水利局
基本支出总额\t{basic}\t项目支出总额\t{project}
预算执行情况（万元）（20分）\t预算数（A）\t执行数（B）\t执行率（B/A）\t得分
部门整体支出总额\t{budget}\t{actual}\t97.5%\t19.5
年度目标1\t完成渠道清淤
一级指标\t二级指标\t三级指标\t年初目标值（A）\t实际完成值（B）\t得分
产出指标（40分）\t数量指标\t清淤长度（8分）\t≥30公里\t32公里\t8
"""


def _kinds(**amounts: str) -> list[tuple[str, str | None, str]]:
    figures = extraction(HUBEI.format(**amounts)).figures
    return [
        (account(f), measure(f), f.value_as_written) for f in figures if f.kind == "money" and account(f) != "total"
    ]


def test_amounts_without_a_measure_have_that_of_the_one_total_which_they_make() -> None:
    of_budget = _kinds(basic="85.20", project="120.5", budget="205.7", actual="200.1")
    assert of_budget == [("basic", "full_year_budget", "85.20"), ("project", "full_year_budget", "120.5")]
    spent = _kinds(basic="80.1", project="120", budget="205.7", actual="200.10")
    assert spent == [("basic", "actual", "80.1"), ("project", "actual", "120")]


@pytest.mark.parametrize(
    ("budget", "actual"), [("205.7", "205.7"), ("206", "205")], ids=["they make both totals", "they make neither"]
)
def test_amounts_without_a_measure_stay_unread_where_it_would_be_a_guess(budget: str, actual: str) -> None:
    assert _kinds(basic="85.2", project="120.5", budget=budget, actual=actual) == []
