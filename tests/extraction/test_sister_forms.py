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


BESIDE_A_LABEL = """2023年度项目支出绩效自评表
项目名称\t校舍维修
预算单位\t安宁市教育体育局
预算执行情况（10分）\t年度预算数（万元）\t年初预算\t调整后预算数\t预算执行数\t预算执行率\t权重\t得分\t原因
\t总额\t30.00\t28.00\t26.60\t95.00%\t10\t9.5
\t其中：财政资金\t30.00\t28.00\t26.60\t95.00%\t/
{goals}\t一级指标\t二级指标\t三级指标\t目标值\t完成值\t权重\t得分\t未完成原因分析
\t产出指标\t数量指标\t维修校舍\t12所\t11所\t50\t45\t雨天停工
\t效益指标\t社会效益\t受益学生\t≥600人\t621人\t40\t40\t
合计\t100\t94.5
"""


@pytest.mark.parametrize("goals", ["目标完成情况", "完成情况", "绩效目标", "年度目标", "绩效指标"])
def test_labels_beside_a_form_are_no_columns_of_it(goals: str) -> None:
    rows = extraction("", title=BESIDE_A_LABEL.format(goals=goals))
    indicators = [(r.target, r.achieved, r.weight, r.score) for r in rows.form_rows if r.row_kind == "indicator"]
    assert indicators == [("12所", "11所", 50, 45), ("≥600人", "621人", 40, 40)]
    figures = [f for f in rows.figures if f.kind == "money"]
    assert [(measure(f), f.value_as_written, f.fund_source_term) for f in figures] == [
        ("initial_budget", "30.00", "合计"),
        ("adjusted_budget", "28.00", "合计"),
        ("actual", "26.60", "合计"),
        ("initial_budget", "30.00", "财政资金"),
        ("adjusted_budget", "28.00", "财政资金"),
        ("actual", "26.60", "财政资金"),
    ]
    execution = [(r.weight, r.score) for r in rows.form_rows if r.row_kind == "execution"]
    assert [(str(w), str(s)) for w, s in execution] == [("10", "9.5")]


def test_rows_that_only_say_by_what_the_rows_below_divide_end_no_block() -> None:
    form = """部门整体绩效自评表
部门（单位）名称\t安宁市和平镇人民政府
部门预算执行情况（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t部门预算总额\t211.40\t268.35\t268.35\t10\t100.00%\t10.00
\t1、按来源分类
\t财政性资金\t211.40\t268.35\t268.35\t-\t100.00%\t-
\t2、按支出性质划分
\t基本支出\t109.20\t115.25\t115.25\t-\t100.00%\t-
\t项目支出\t102.20\t153.10\t153.10\t-\t100.00%\t-
"""
    figures = [f for f in extraction("", title=form).figures if measure(f) == "actual"]
    assert [(account(f), f.fund_source_term, f.value_as_written) for f in figures] == [
        ("total", "合计", "268.35"),
        ("total", "财政性资金", "268.35"),
        ("basic", None, "115.25"),
        ("project", None, "153.10"),
    ]


SCORED = """2023年度部门整体支出绩效自评表
部门名称\t安宁市档案馆
{upper}
一级指标\t二级指标\t三级指标
预算编制情况\t预算编制\t预算编制合理性\t5\t合理得满分\t5\t
\t目标设置\t绩效目标合理性\t5分\t合理得满分\t4.5分\t目标未量化
预算使用效益\t产出\t馆藏整理\t40\t完成得满分\t38\t
\t效果\t公众满意度\t50\t≥90%得满分\t50\t
合计\t\t\t100\t\t97.5\t
"""


@pytest.mark.parametrize("group", ["评价指标", "绩效指标", "指标"])
@pytest.mark.parametrize("blanks", ["\t\t\t", "\t"], ids=["blank cells kept", "blank cells gone"])
def test_one_head_over_the_three_levels_of_indicators(group: str, blanks: str) -> None:
    upper = f"{group}{blanks}分值\t评分标准\t自评得分\t扣分原因"
    rows = extraction("", title=SCORED.format(upper=upper)).form_rows
    assert [(r.level_1, r.level_2, r.level_3, str(r.weight), str(r.score), r.deviation) for r in rows] == [
        ("预算编制情况", "预算编制", "预算编制合理性", "5", "5", None),
        ("预算编制情况", "目标设置", "绩效目标合理性", "5", "4.5", "目标未量化"),
        ("预算使用效益", "产出", "馆藏整理", "40", "38", None),
        ("预算使用效益", "效果", "公众满意度", "50", "50", None),
        (None, None, None, "100", "97.5", None),
    ]
