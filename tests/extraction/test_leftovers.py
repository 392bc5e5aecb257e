"""Tables that are no form: nothing of them is lost in silence."""

from __future__ import annotations

from tests.extraction.forms_support import extracted, grid_blocks, pasted, set_tables
from tests.extraction.prose_facts import extraction


def test_money_of_an_unknown_table_is_kept_without_an_account() -> None:
    rows = [["事项", "安排（万元）", "家数"], ["困难企业帮扶", "12.50", "30"], ["办公费", "3", "——"]]
    found = extracted(set_tables(grid_blocks(None, rows)))
    assert [(f.label, f.term, f.measure_term, f.value_as_written, f.unit, f.form) for f in found.figures] == [
        ("困难企业帮扶", None, None, "12.50", "万元", None),
        ("办公费", "办公费", None, "3", "万元", None),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [("30", "no_unit")]


def test_an_amount_with_its_own_unit_needs_no_head() -> None:
    found = extracted(set_tables(grid_blocks(None, [["慰问", "2.5万元", "40人"], ["培训", "1800元", ""]])))
    assert [(f.label, f.value_as_written, f.unit) for f in found.figures] == [
        ("慰问", "2.5", "万元"),
        ("培训", "1800", "元"),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [("40", "unknown_table")]


def test_the_unit_of_the_caption_counts_under_a_measure_only() -> None:
    rows = [["事项", "预算数", "人数"], ["慰问", "2.5", "40"]]
    found = extracted(set_tables(grid_blocks("单位：万元", rows)))
    assert [(f.measure_term, f.value_as_written, f.unit) for f in found.figures] == [("预算数", "2.5", "万元")]
    assert [(o.text, o.reason) for o in found.omissions] == [("40", "no_unit")]


def test_sentences_in_cells_are_listed() -> None:
    rows = [
        ["甲", "全年投入经费12.5万元，服务群众300人次，较上年有所增长，群众反映良好，下一步继续推进相关工作。"],
        ["乙", "丙"],
    ]
    found = extracted(set_tables(grid_blocks(None, rows)))
    assert not found.figures
    assert [(o.text, o.reason) for o in found.omissions] == [("12.5", "unknown_table"), ("300", "unknown_table")]


def test_an_amount_of_a_form_that_no_column_takes_is_listed() -> None:
    text = "\n".join(
        [
            "2022年度部门整体支出绩效自评表",
            "部门名称\t某县统计局\t备用\t7.77",
            "一级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分",
            "产出指标\t整理卷数\t5卷\t5卷\t90\t90",
        ]
    )
    found = extracted(pasted(text))
    assert [(o.text, o.reason) for o in found.omissions] == [("7.77", "unread")]


def test_a_pasted_table_that_is_no_form_is_no_prose() -> None:
    text = "单位：元\n类别\t预算金额\t实付\t节约率\n课桌\t1,300,000\t1,250,000\t3.85%\n粉笔\t860,000\t820,500\t4.59%\n"
    found = extracted(pasted(text))
    assert [(f.label, f.measure_term, f.value_as_written, f.unit) for f in found.figures] == [
        ("课桌", "预算金额", "1,300,000", "元"),
        ("粉笔", "预算金额", "860,000", "元"),
    ]
    assert [(o.text, o.reason) for o in found.omissions] == [
        ("1,250,000", "no_unit"),
        ("3.85", "unknown_table"),
        ("820,500", "no_unit"),
        ("4.59", "unknown_table"),
    ]
    assert found.is_consumed(text.index("1,300,000"), text.index("4.59"))


def test_prose_behind_a_tab_is_no_table() -> None:
    text = "1.\t接待费\t全年支出2.5万元。\n\n二、\t资产\t年末资产40万元。\n\t甲\t3万元\n"
    assert not extracted(pasted(text)).figures


def test_numbers_below_one_another_are_never_glued_to_one() -> None:
    found = extraction("二、资金情况\n资金来源\n财政拨款\n200\n190\n95%\n自筹\n20\n15\n75%\n三、其他\n无。")
    assert [f.value_as_written for f in found.figures] == []
    assert {o.text for o in found.omissions} >= {"200", "190", "95"}
