"""Forms pasted as text: heads of other counties, labels broken over lines, cells a line. All figures are the project's own."""

from __future__ import annotations

from tests.extraction.prose_facts import extraction, measure

BASIC = "附件1\n2022年度部门整体支出绩效评价基础数据表\n"


def _money(body: str) -> list[tuple[str | None, str | None, str | None, str]]:
    figures = extraction(body).figures
    return [
        (f.project_name or f.term, f.parent_term, measure(f), f.value_as_written) for f in figures if f.kind == "money"
    ]


def test_the_kind_of_project_of_a_county_is_a_heading() -> None:
    body = BASIC + "\n".join(
        (
            "经费控制情况\t2021年决算数\t2022年预算数\t2022年决算数",
            "项目支出：\t30\t32\t31",
            "1、业务工作专项\t20\t20\t20",
            "渡口看守\t20\t20\t20",
            "3、县级专项资金（一个专项一行）",
            "村道养护\t10\t12\t11",
        )
    )
    assert [row for row in _money(body) if row[0] == "村道养护"] == [
        ("村道养护", "专项资金", "prior_year_actual", "10"),
        ("村道养护", "专项资金", "initial_budget", "12"),
        ("村道养护", "专项资金", "actual", "11"),
    ]


def test_a_unit_on_a_line_of_its_own_is_no_wrapped_line() -> None:
    body = BASIC + "\n".join(
        (
            "财政供养人员情况 编制数 2022年实际在职人数 控制率",
            " 41 39 95.12%",
            "经费控制情况 2021年决算数 2022年预算数 2022年决算数",
            "（单位：万元）",
            "三公经费 92.85 98.00 86.42",
            "1、公务用车购置和维护经费 73.80 76.00 71.10",
            "其中：公车购置 0 20.00 18.60",
            "公车运行维护 73.80 56.00 52.50",
            "3、公务接待 19.05 22.00 15.32",
            "项目支出： 12,845.60 16,531.00 16,256.44",
            "1、业务工作专项 560.00 606.00 587.00",
        )
    )
    found = {(term, code): value for term, _, code, value in _money(body)}
    assert found["公务用车购置和维护经费", "actual"] == "71.10"
    assert found["项目支出", "prior_year_actual"] == "12,845.60"
    assert found["项目支出", "actual"] == "16,256.44"
    assert found["业务工作专项", "initial_budget"] == "606.00"


def test_the_adjustment_of_the_whole_budget_has_an_account() -> None:
    body = (
        BASIC
        + "经费控制情况\t2021年决算数\t2022年预算数\t2022年决算数\n部门整体支出预算调整\t\t\t12.5\n公用经费\t3\t4\t5\n"
    )
    assert ("部门整体支出预算调整", None, "adjustment", "12.5") in _money(body)


def test_a_budget_a_beside_what_was_spent_b_is_the_full_year_s() -> None:
    body = (
        "附件2\n2022年度项目支出绩效自评表\n项目名称\t村道养护\n主管部门\t安宁市水利局\n"
        "资金情况（万元）\t\t预算数（A）\t执行数（B）\t执行率（B/A）\n\t年度资金总额\t65\t64\t98.46%\n"
    )
    assert [(code, value) for _, _, code, value in _money(body)] == [("full_year_budget", "65"), ("actual", "64")]


def test_a_project_s_name_ends_where_the_next_label_begins() -> None:
    body = "\n".join(
        (
            "附件2",
            "中央对地方专项转移支付区域绩效目标自评表",
            "（2022年度）",
            "转移支付（项目）名称",
            "村道养护补助资金",
            "中央主管部门",
            "水利部",
            "地方主管部门",
            "安宁市水利局",
            "资金使用单位",
            "安宁市水利局",
            "项目资金",
            "（万元）",
            "全年预算数（A）",
            "全年执行数（B）",
            "执行率（B/A）",
            "年度资金总额：",
            "65",
            "64",
            "98.46%",
            "其中：中央补助",
            "60",
            "60",
            "100%",
            "地方资金",
            "5",
            "4",
            "80%",
        )
    )
    assert {row[0] for row in _money(body)} == {"村道养护补助资金"}
