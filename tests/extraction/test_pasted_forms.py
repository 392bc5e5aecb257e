"""Forms pasted as text: heads of other counties, labels broken over lines, cells a line. All figures are the project's own."""

from __future__ import annotations

import pytest

from tests.extraction.forms_support import indicator
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


LAYOUTS = {"tabs": str, "a cell a line": lambda s: s.replace("\t", "\n"), "blanks": lambda s: s.replace("\t", " ")}


def _set(rows: tuple[str, ...], layout: str) -> str:
    lines = LAYOUTS[layout](
        "附件2\n2022年度项目支出绩效自评表\n项目名称\t村道养护\n主管部门\t安宁市水利局\n" + "\n".join(rows) + "\n"
    )
    return "\n".join(line for line in lines.split("\n") if line.strip())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("points", ["得分（20分*执行率）", "得分（20分×执行率）", "得分"])
def test_the_points_of_the_execution_may_stand_in_a_head(layout: str, points: str) -> None:
    group = "预算执行情况（万元）" + ("（20分）" if points == "得分" else "")
    rows = (
        f"{group}\t预算数（A）\t执行数（B）\t执行率（B/A）\t{points}",
        "年度财政资金总额\t65.00\t64.00\t98.46%\t19.69",
        "一级指标\t二级指标\t三级指标\t年初目标值（A）\t实际完成值（B）\t得分",
        "产出指标（40分）\t数量指标\t养护里程\t12公里\t12公里\t40",
    )
    found = extraction(_set(rows, layout))
    (execution,) = [r for r in found.form_rows if r.row_kind == "execution"]
    assert tuple(map(str, (execution.weight, execution.score, execution.execution_rate))) == ("20", "19.69", "98.46")
    amounts = [(f.project_name, measure(f), f.value_as_written) for f in found.figures if f.kind == "money"]
    assert amounts == [("村道养护", "full_year_budget", "65.00"), ("村道养护", "actual", "64.00")]


def test_a_label_and_a_head_that_were_broken_over_lines_are_read() -> None:
    rows = (
        "预算执行情况",
        "（万元）",
        "（20分）",
        "预算数（A）",
        "执行数（B）",
        "执行率（B/A）",
        "得分",
        "（20分*执行率）",
    )
    rows += ("年度财政", "资金总额", "65.00", "64.00", "98.46%", "19.69", "一级指标", "二级指标", "三级指标")
    rows += (
        "年初目标值（A）",
        "实际完成值（B）",
        "得分",
        "产出指标",
        "（40分）",
        "数量指标",
        "养护里程",
        "12公里",
        "12公里",
        "40",
    )
    (execution,) = [r for r in extraction(_set(rows, "tabs")).form_rows if r.row_kind == "execution"]
    assert (str(execution.weight), str(execution.score)) == ("20", "19.69")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("head", ["指标类别\t指标名称", "指标类型\t指标名称", "绩效指标\t指标\t指标内容"])
def test_one_column_of_levels_before_the_indicators(layout: str, head: str) -> None:
    rows = (
        f"{head}\t目标值\t实际完成值\t分值\t得分",
        "产出指标\t养护里程\t12公里\t12公里\t50\t50",
        "社会效益指标\t出行便利\t便利\t便利\t30\t28",
        "满意度指标\t群众满意度\t≥90%\t95%\t10\t9",
        "合计\t90\t87",
    )
    shift = "\t" * (head.count("\t") - 1) if layout == "tabs" else ""
    rows = (rows[0], *(shift + row for row in rows[1:]))
    found = [indicator(r)[:7] for r in extraction(_set(rows, layout)).form_rows if r.row_kind == "indicator"]
    assert found == [
        ("产出指标", None, "养护里程", "12公里", "12公里", "50", "50"),
        ("效益指标", "社会效益指标", "出行便利", "便利", "便利", "30", "28"),
        ("满意度指标", "满意度指标", "群众满意度", "≥90%", "95%", "10", "9"),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_running_numbers_are_no_values(layout: str) -> None:
    rows = (
        "序号\t指标名称\t年度指标值\t实际完成值\t分值\t得分",
        "1\t养护里程\t12公里\t12公里\t50\t2",
        "2\t出行便利\t便利\t便利\t40\t38",
    )
    found = [indicator(r)[2:7] for r in extraction(_set(rows, layout)).form_rows if r.row_kind == "indicator"]
    assert found == [("养护里程", "12公里", "12公里", "50", "2"), ("出行便利", "便利", "便利", "40", "38")]
