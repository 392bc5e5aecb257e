"""Any generated form says the same whether it is a true table, pasted text, one line, or a cell a line."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extraction.forms_support import LAYOUTS, extracted, form, indicators, money, pasted, rows_of_kind, span

HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
LEVELS = [
    ("产出指标", ["数量指标", "质量指标", "时效指标", "成本指标"]),
    ("效益指标", ["经济效益", "社会效益指标", "生态效益", "可持续影响指标"]),
    ("满意度指标", ["服务对象满意度指标"]),
]
TITLE = "2022年度部门整体支出绩效自评表"

subjects = st.text("调研走访宣传整改巡查服务企业窗口档案道路绿化培训讲座", min_size=4, max_size=14)
points = st.integers(2, 400).map(lambda n: f"{Decimal(n) / 10:f}".removesuffix(".0"))
quantities = st.one_of(
    st.integers(1, 5000).flatmap(lambda n: st.sampled_from([f"{n}次", f"≥{n}件", f"{n}人次", f"≤{n}.5万元"])),
    st.integers(1, 1000).map(lambda n: f"{Decimal(n) / 10:f}%"),
    st.sampled_from(["≥95%", "100%", "长期", "有效提升", "持续改善"]),
)


@st.composite
def indicator_forms(draw: st.DrawFn) -> tuple[list[list[object]], list[tuple[str | None, ...]]]:
    """Rows of a form with merged level cells, and the indicator rows that it states."""
    names = draw(st.lists(subjects, min_size=3, max_size=14, unique=True))
    rows: list[list[object]] = [list(HEAD)]
    stated: list[tuple[str | None, ...]] = []
    for n, (level_1, seconds) in enumerate(LEVELS):
        own = names[n::3]
        chosen = sorted(draw(st.lists(st.sampled_from(range(len(seconds))), min_size=len(own), max_size=len(own))))
        shown_1 = level_1 + draw(st.sampled_from(["", "（50分）", "(30分)"]))
        for i, (name, second) in enumerate(zip(own, chosen, strict=True)):
            cells: list[object] = []
            if i == 0:
                cells.append(span(shown_1, len(own)))
            if i == 0 or chosen[i - 1] != second:
                cells.append(span(seconds[second], chosen.count(second)))
            target, achieved, weight, score = draw(quantities), draw(quantities), draw(points), draw(points)
            rows.append([*cells, name, target, achieved, weight, score])
            stated.append(
                (level_1, seconds[second], name, target, achieved, str(Decimal(weight)), str(Decimal(score)), None)
            )
    rows.append([span("总分", 1, 5), "100", draw(points)])
    return rows, stated


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=indicator_forms())
def test_indicator_rows_are_the_same_in_every_layout(
    layout: str, made: tuple[list[list[object]], list[tuple[str | None, ...]]]
) -> None:
    rows, stated = made
    found = extracted(LAYOUTS[layout](form(TITLE, rows)))
    assert indicators(found) == stated
    assert [str(r.score) for r in rows_of_kind(found, "total")] == [str(Decimal(str(rows[-1][-1])))]


amounts = st.integers(1000, 10**8).map(lambda n: f"{Decimal(n) / 100:.2f}")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40, deadline=None)
@given(values=st.lists(amounts, min_size=3, max_size=3), score=points, rate=st.integers(1, 20000), carry=amounts)
def test_funding_block_is_the_same_in_every_layout(
    layout: str, values: list[str], score: str, rate: int, carry: str
) -> None:
    initial, full, actual = values
    whole = f"{Decimal(full) + Decimal(carry):.2f}"
    rows = [
        [
            span("资金情况（万元）", 4),
            "年度资金总额",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ],
        ["合计", initial, whole, actual, "10", f"{Decimal(rate) / 100}%", score],
        ["其中：当年财政拨款", initial, full, "", "", "", ""],
        ["上年结转资金", "", carry, "", "", "", ""],
        ["绩效指标", *HEAD[:6], HEAD[6]],
        ["", "产出指标", "数量指标", "次数", "5次", "5次", "90", "90"],
    ]
    found = extracted(LAYOUTS[layout](form(TITLE, rows)))
    assert money(found) == [
        ("合计", "年初预算数", initial, "万元"),
        ("合计", "全年预算数", whole, "万元"),
        ("合计", "全年执行数", actual, "万元"),
        ("其中：当年财政拨款", "年初预算数", initial, "万元"),
        ("其中：当年财政拨款", "全年预算数", full, "万元"),
        ("上年结转资金", "全年预算数", carry, "万元"),
    ]
    (execution,) = rows_of_kind(found, "execution")
    assert (execution.weight, execution.score, execution.execution_rate) == (
        Decimal(10),
        Decimal(score),
        Decimal(rate) / 100,
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "一级指标",
                    "三级指标",
                    "年度指标值",
                    "分值",
                    "得分",
                    "合计",
                    "总分",
                    "年初预算数",
                    "全年执行数",
                    "执行率",
                    "产出指标（50分）",
                    "数量指标",
                    "",
                    "100",
                    "12.5",
                    "100%",
                    "52万",
                    "——",
                    "项目名称",
                    "编制数",
                    "实际在职人数",
                    "2021年决算数",
                    "三公经费",
                    "科目编码",
                    "科目名称",
                    "其中：",
                    "备注：",
                    "道路",
                ]
            ),
            max_size=9,
        ),
        max_size=12,
    ),
    st.sampled_from(["\t", " ", "\n", "　"]),
)
def test_any_mixture_of_form_words_is_read_without_failing(rows: list[list[str]], separator: str) -> None:
    text = "\n".join(separator.join(row) for row in rows)
    found = extracted(pasted(text))
    assert all(f.evidence_no <= len(found.evidence_rows) for f in found.figures)


def test_work_grows_with_the_text_and_not_with_its_square() -> None:
    line = "全年预算数142.8万元，全年执行数142.8万元，执行率100%，年初预算数90万元，得分10分。\n指标：良好\n"

    def calls(times: int) -> int:
        document = pasted(line * times)
        made = 0

        def note(frame: object, event: str, arg: object) -> None:
            nonlocal made
            made += 1

        sys.setprofile(note)
        try:
            extracted(document)
        finally:
            sys.setprofile(None)
        return made

    calls(20)  # the vocabularies are loaded
    assert calls(2000) < 12 * calls(200)
