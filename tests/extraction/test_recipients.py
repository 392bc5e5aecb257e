"""Who received a project's money, what parts of it were paid for, and items whose budget stands in their heading. All
sentences are the project's own."""

from __future__ import annotations

import pytest

from tests.extraction.prose_facts import extraction, measure

OWN = "关于2022年度乡村文化活动专项资金的绩效自评报告"


def _money(body: str) -> list[tuple[str | None, str, str | None, str]]:
    rows = extraction(body, title=f"{OWN}\n安宁市文化和旅游局").figures
    return [(f.project_name, f.label, measure(f), f.value_as_written) for f in rows if f.kind == "money"]


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    [
        ("其中拨付给桥头村12万元、河湾村8万元，拨付石门镇30万元", ["桥头村", "河湾村", "石门镇"]),
        ("向龙泉合作社发放补助资金12万元、金山合作社8万元", ["龙泉合作社", "金山合作社"]),
        ("资金已分配到各乡镇：东岭12万元、西坪8万元", ["东岭", "西坪"]),
        ("分两批下达清水县12万元，白沙县8万元", ["清水县", "白沙县"]),
        ("1、拨付桥头镇人民政府12万元用于修补屋面；2、拨付石门小学8万元", ["桥头镇人民政府", "石门小学"]),
        ("支付安宁宏达广告有限公司制作费12万元", ["安宁宏达广告有限公司"]),
    ],
)
def test_who_received_a_part_is_not_the_project_again(sentence: str, bodies: list[str]) -> None:
    whole, *parts, left = _money(f"二、资金情况\n全年支出92万元。{sentence}，剩余3万元结转下年。")
    assert whole[0] == left[0] == "乡村文化活动专项资金"
    assert [(name, label) for name, label, _, _ in parts] == [(None, body) for body in bodies]
    assert left[2] == "carryover_out"


@pytest.mark.parametrize("left", ["剩余3万元结转下年", "其余3万元由市财政收回", "余下资金3万元未使用"])
def test_what_is_left_of_the_whole_is_not_spent(left: str) -> None:
    assert [row[2:] for row in _money(f"二、资金情况\n全年支出92万元，{left}。")] == [
        ("actual", "92"),
        ("carryover_out", "3"),
    ]


def test_what_is_told_right_behind_a_part_is_the_part_s() -> None:
    whole, part, used, all_of_it = _money(
        "二、资金情况\n全年支出92万元。拨付河湾村12万元，实际使用11万元，共支出92万元。"
    )
    assert (part[1], used[1]) == ("河湾村", "河湾村")
    assert whole[0] == all_of_it[0] == "乡村文化活动专项资金"


def test_the_rest_of_a_row_has_the_measure_of_its_first() -> None:
    parts = _money("二、资金情况\n下达预算到清水县12万元、白沙县8万元。")
    assert len({code for _, _, code, _ in parts}) == 1


@pytest.mark.parametrize("sentence", ["拨付项目单位12万元", "拨付资金12万元", "资金已拨付到我局12万元"])
def test_the_project_s_own_office_is_no_recipient(sentence: str) -> None:
    assert {name for name, _, _, _ in _money(f"二、资金情况\n{sentence}。")} == {"乡村文化活动专项资金"}


@pytest.mark.parametrize(
    ("sentence", "labels"),
    [
        ("全年支付音响租金45万元，购买服装3万元", ["支付音响租金", "购买服装"]),
        ("车辆燃油费46万元，驾驶员工资59万元", ["车辆燃油费", "驾驶员工资"]),
        ("舞台搭建费12万元、演职人员餐食2万元、灯光音响5万元", ["舞台搭建费", "演职人员餐食", "灯光音响"]),
    ],
)
def test_each_part_has_its_own_words(sentence: str, labels: list[str]) -> None:
    assert [label for _, label, _, _ in _money(f"二、资金情况\n{sentence}。")] == labels


def test_a_clause_behind_a_part_is_no_part() -> None:
    found = _money("二、资金情况\n舞台搭建费预算12万元，实际花了11万元。")
    assert len({name for name, _, _, _ in found}) == 1


@pytest.mark.parametrize("mark", ["（{}）", "{}、"])
def test_the_money_in_the_heading_of_an_item_is_the_item_s(mark: str) -> None:
    one, two = (mark.format(n) for n in (("一", "二") if "（" in mark else ("1", "2")))
    body = f"二、分项情况\n{one}书屋管护（预算36万元）\n实际支出35万元。\n{two}广场舞比赛经费（预算12万元，实际支出11万元）\n参加的队伍很多。"
    assert _money(body) == [
        ("书屋管护", "书屋管护", "initial_budget", "36"),
        ("书屋管护", "书屋管护", "actual", "35"),
        ("广场舞比赛经费", "广场舞比赛经费", "initial_budget", "12"),
        ("广场舞比赛经费", "广场舞比赛经费", "actual", "11"),
    ]


def test_items_that_only_list_names_and_money_stay_a_list() -> None:
    body = (
        "二、项目支出情况\n共实施2个项目：\n（1）书屋管护经费（36万元）\n（2）广场舞比赛经费（12万元）\n三、其他\n无。"
    )
    (count,) = [f for f in extraction(body).figures if f.kind == "organisation"]
    assert count.listed_count == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "各乡镇发放情况为：桥头镇12万元、石门镇8万元，其余6个乡镇合计发放72万元",
        "资金拨付情况：河湾村12万元，桥头村8万元，其余6个村共拨付72万元",
    ],
)
def test_a_row_of_bodies_behind_its_heading(sentence: str) -> None:
    found = _money(f"二、资金情况\n全年支出92万元。{sentence}。")
    assert [name for name, _, _, _ in found] == ["乡村文化活动专项资金", None, None, None]
    assert [value for _, _, _, value in found] == ["92", "12", "8", "72"]


def test_numbered_parts_of_a_project_have_their_own_names() -> None:
    found = _money("二、资金情况\n全年支出92万元，具体如下：\n①文艺骨干津贴28万元，惠及14人；\n②演出补助64万元。")
    assert [name for name, _, _, _ in found] == ["乡村文化活动专项资金", "文艺骨干津贴", "演出补助"]


def test_what_was_arranged_for_a_project_is_not_spent() -> None:
    body = "一、基本情况\n（一）资金安排情况\n1.中央补助资金60万元（其中：提前下达40万元）。\n2.地方配套：省级20万元，乡镇自筹12万元。"
    rows = extraction(body, title=f"{OWN}\n安宁市文化和旅游局").figures
    assert {measure(f) for f in rows} == {"initial_budget"}
    assert [f.fund_source_term for f in rows] == ["中央补助资金", None, "省级资金", "乡镇自筹"]
    assert [f.qualifier for f in rows] == [None] * 4


def test_the_total_of_a_table_in_a_report_of_a_project_is_not_the_department_s() -> None:
    body = "二、资金情况\n单位：万元\n类别\t预算数\t支出数\n演出\t60\t58\n培训\t20\t19\n合计\t80\t77"
    rows = extraction(body, title=f"{OWN}\n安宁市文化和旅游局").figures
    assert {f.term for f in rows if f.value_as_written in ("80", "77")} == {None}


def test_places_that_divide_an_item_are_no_projects() -> None:
    rows = extraction(
        "三、资金使用\n1.污水治理项目329.7万元，其中东风镇138.2万元、红旗社区191.5万元；\n2.清洁行动补助247.5万元。"
    ).figures
    told = [(str(f.value), f.project_name) for f in rows if f.kind == "money"]
    assert told == [("329.7", "污水治理项目"), ("138.2", None), ("191.5", None), ("247.5", "清洁行动补助")]
