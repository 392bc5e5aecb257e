"""Stated problems and measures: chapters, mixed chapters, lists in all styles, preambles, template residue."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.findings import extract_findings
from dagster_project.extraction.headings import outline
from dagster_project.reading.model import Document
from tests.extraction.prose import Part, document, pasted


def read(made: Document) -> Collector:
    """The findings of a document; every quote is checked against its range."""
    collector = Collector(made)
    extract_findings(made, outline(made), collector)
    for row in collector.findings:
        place = collector.evidence_rows[row.evidence_no - 1]
        assert made.text[place.char_start : place.char_end] == place.quote
        assert place.quote == place.quote.strip()
    return collector


def found(*parts: Part) -> list[tuple[str, str]]:
    """(kind, text) of all findings."""
    return [(f.kind[0], f.text) for f in read(document(*parts)).findings]


P, M = "七、存在的问题及原因分析", "八、下一步改进措施"


@pytest.mark.parametrize(
    "body",
    [
        ("1.预算编制不够精细。", "2.资金支付进度偏慢；"),
        ("（一）预算编制不够精细", "（二）资金支付进度偏慢"),
        ("（1）预算编制不够精细；（2）资金支付进度偏慢。",),
        ("一是预算编制不够精细；二是资金支付进度偏慢。",),
        ("一是预算编制不够精细。", "二是资金支付进度偏慢。"),
        ("①预算编制不够精细；②资金支付进度偏慢。",),
        ("存在的主要问题有：1、预算编制不够精细；2、资金支付进度偏慢。",),
        ("预算编制不够精细。资金支付进度偏慢。",),
        ("主要存在以下问题：", "1．预算编制不够精细", "2．资金支付进度偏慢"),
        ("2022年我局绩效管理取得了一定成绩，但仍存在一些问题：预算编制不够精细。资金支付进度偏慢。",),
        ("通过强化监督，确保了资金的使用效益。存在的主要问题有：1、预算编制不够精细。资金支付进度偏慢。",),
        ("第一，预算编制不够精细。第二，资金支付进度偏慢。",),
    ],
)
def test_problems_in_every_style_of_list(body: tuple[str, ...]) -> None:
    assert found(P, *body, "九、其他需要说明的情况", "无") == [("p", "预算编制不够精细"), ("p", "资金支付进度偏慢")]


@pytest.mark.parametrize(
    "body",
    [
        ("1.加强预算管理。", "2.加快支付进度。"),
        ("一是加强预算管理；二是加快支付进度。",),
        ("加强预算管理；加快支付进度。",),
        ("针对上述问题，我局将采取以下措施：", "（一）加强预算管理。", "（二）加快支付进度。"),
        ("下一步，我们将从以下方面做好工作：1、加强预算管理。2、加快支付进度。",),
        ("结合本单位实际，加强预算管理；加快支付进度。",),
    ],
)
def test_measures_in_every_style_of_list(body: tuple[str, ...]) -> None:
    assert found(M, *body) == [("m", "加强预算管理"), ("m", "加快支付进度")]


def test_an_item_keeps_its_explanation() -> None:
    assert found(
        P,
        "1.运行经费保障不足。扶贫、党建等支出占用运行经费。",
        "2.数据收集难度大。工作耗费时间。",
        M,
        "一是完善制度。修订手册，明确责任；二是强化培训。",
    ) == [
        ("p", "运行经费保障不足。扶贫、党建等支出占用运行经费"),
        ("p", "数据收集难度大。工作耗费时间"),
        ("m", "完善制度。修订手册，明确责任"),
        ("m", "强化培训"),
    ]
    assert found(
        M, "（一）规范财务管理", "一是加快建立专项办法。二是设置核算科目。", "（二）加强资产管理", "严格执行规定。"
    ) == [
        ("m", "规范财务管理：一是加快建立专项办法。二是设置核算科目"),
        ("m", "加强资产管理：严格执行规定"),
    ]


def test_one_chapter_for_both() -> None:
    assert found(
        "四、存在的主要问题及下一步改进措施",
        "主要反映专项经费支出执行偏离绩效目标的情况，并分析其原因，提出改进的措施、工作建议等。",
        "存在的主要问题：",
        "（一）预算编制的精确性有待提高。",
        "（二）预算指标不能同时下达，有调剂使用的情况。",
        "改进措施和建议：",
        "（一）科学编制预算。一是细化预算。二是严格执行。",
        "（二）严格执行制度，加强财务管理。",
    ) == [
        ("p", "预算编制的精确性有待提高"),
        ("p", "预算指标不能同时下达，有调剂使用的情况"),
        ("m", "科学编制预算。一是细化预算。二是严格执行"),
        ("m", "严格执行制度，加强财务管理"),
    ]
    assert found(
        "五、存在的问题和建议", "（一）存在的问题", "1.绩效指标设置不合理。", "（二）改进措施", "1.优化指标体系。"
    ) == [
        ("p", "绩效指标设置不合理"),
        ("m", "优化指标体系"),
    ]


def test_a_measure_inside_the_problem_chapter() -> None:
    assert found(
        P, "仍有不足和问题：运作经费不均衡，党建等支出因没有预算占用运转经费。下一步将加强预算管理，合理安排支出。"
    ) == [
        ("p", "运作经费不均衡，党建等支出因没有预算占用运转经费"),
        ("m", "下一步将加强预算管理，合理安排支出"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "无",
        "无。",
        "暂无。",
        "不存在问题。",
        "本单位无问题",
        "（一）无",
        "主要反映支出偏离绩效目标的情况等。",
        "请逐条列示存在的问题及原因分析。",
        "通过强化监督，确保了资金的使用效益。",
        "2022年各项工作圆满完成。",
    ],
)
def test_no_problem_stated(body: str) -> None:
    assert found(P, body) == []


def test_praise_before_the_but_is_left_out() -> None:
    assert found(P, "我局绩效工作取得了一定成效，但绩效指标设置不够科学。") == [("p", "绩效指标设置不够科学")]


def test_other_chapters_are_not_read() -> None:
    assert (
        found(
            "六、绩效情况",
            "5.建议提案办理有力有效。承办人大建议6件。",
            "6.解决群众困难，加强走访。",
            "九、绩效自评结果应用和公开情况",
            "将加强结果应用，改进管理。",
        )
        == []
    )
    assert found("附件1-1", "部门整体支出绩效自评表", "偏差原因分析及改进措施\t年中追加") == []


def test_a_lead_in_a_chapter_of_another_name() -> None:
    assert found("六、综合评价结论", "总体良好。存在的主要问题有：预算执行率偏低。", "七、其他") == [
        ("p", "预算执行率偏低")
    ]


def test_the_heading_glued_to_its_text() -> None:
    assert found("七、存在的问题及原因分析：预算执行率偏低。", "八、下一步改进措施：加快支付进度。") == [
        ("p", "预算执行率偏低"),
        ("m", "加快支付进度"),
    ]


def test_a_sentence_broken_over_a_page() -> None:
    made = pasted(f"{P}\n1.项目资金因为前期工作准备的时间较长，导致全年支付进度\n\n偏慢。\n2.绩效指标不够细化。\n")
    assert [f.text for f in read(made).findings] == [
        "项目资金因为前期工作准备的时间较长，导致全年支付进度偏慢",
        "绩效指标不够细化",
    ]


def test_signature_and_list_of_attachments_are_no_measures() -> None:
    assert found(M, "1.加强预算管理。", "附件：部门整体支出绩效自评表", "荷塘区民政局", "2023年5月4日") == [
        ("m", "加强预算管理")
    ]


def test_place() -> None:
    collector = read(document("一、概况", P, "1.预算执行率偏低。"))
    place = collector.evidence_rows[0]
    assert (place.section or "").startswith(P)
    assert (place.paragraph, place.quote, place.form) == (3, "预算执行率偏低", None)


def test_consumed_ranges_are_not_read() -> None:
    made = document(P, "1.预算执行率偏低。", "2.指标不够细化。")
    collector = Collector(made)
    block = made.blocks[1]
    collector.consume(block.start, block.end)
    extract_findings(made, outline(made), collector)
    assert [f.text for f in collector.findings] == ["指标不够细化"]


PIECES = st.lists(
    st.sampled_from(
        [
            "七、存在的问题及原因分析",
            "八、下一步改进措施",
            "四、存在的主要问题及下一步改进措施",
            "存在的主要问题：",
            "改进措施和建议：",
            "（一）预算不准。",
            "1.进度偏慢。",
            "一是加强管理；二是完善制度。",
            "下一步将加强管理。",
            "存在的主要问题有：1、指标不够完善。",
            "无",
            "（",
            "1.",
            "一是",
            "取得成绩，但仍有不足。",
            "附件1-1",
            "荷塘区民政局",
            "2023年5月4日",
            "：",
            "。；",
            "部门名称\t民政局",
        ]
    ),
    min_size=1,
    max_size=20,
)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_any_order_of_lines(rows: list[str]) -> None:
    for made in (document(*rows), pasted("\n".join(rows))):
        collector = read(made)
        spans = [(e.char_start, e.char_end) for e in collector.evidence_rows]
        assert spans == sorted(spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))  # no words in two findings
        assert all(f.kind in ("problem", "measure") and f.text for f in collector.findings)


@given(st.text(alphabet="存在的问题下一步改进措施是（）()1２.、。；：不够加强\t\n 一二", max_size=150))
@settings(max_examples=200, deadline=None)
def test_nothing_makes_it_fail(text: str) -> None:
    read(pasted("七、存在的问题\n" + text))
