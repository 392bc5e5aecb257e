"""Assets in prose: what is there, what was bought and what it is worth, none of it expenditure. All sentences are the project's own."""

from __future__ import annotations

import pytest

from dagster_project.extraction.rows import Figure
from dagster_project.extraction.vocabulary import vocabulary
from tests.extraction.prose_facts import extraction

STAFF = "一、部门基本情况\n"
FUNDS = "一、部门整体支出情况\n"


def _assets(body: str) -> list[tuple[str, str | None, str]]:
    return [(f.label, _code(f), f.value_as_written + f.unit) for f in extraction(body).figures if f.kind == "asset"]


def _code(figure: Figure) -> str | None:
    return vocabulary().metrics("asset").get(figure.term or "")


def test_amounts_behind_an_asset_go_on_about_assets() -> None:
    found = extraction(
        STAFF
        + "固定资产原值600万元，累计折旧400万元，净值200万元，其中房屋1处账面价值80万元、车辆3台价值50万元、办公设备等70万元。"
    ).figures
    assert {f.kind for f in found} == {"asset"}
    assert [(f.label, _code(f)) for f in found if f.unit == "万元"] == [
        ("固定资产原值", "assets_closing"),
        ("折旧", None),
        ("净值", None),
        ("房屋账面价值", None),
        ("车辆价值", None),
        ("办公设备等", "equipment"),
    ]


@pytest.mark.parametrize("heading", [STAFF, FUNDS])
def test_what_opened_came_and_went_outside_a_chapter_on_assets(heading: str) -> None:
    body = heading + "年初固定资产余额100万元，本年采购办公设备20万元，下账核销5万元，年末余额115万元。"
    assert [code for _, code, _ in _assets(body)] == [
        "assets_opening",
        "assets_acquired",
        "assets_disposed",
        "assets_closing",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "资产总额800万元，较年初增加30万元。",
            [("assets_total", "800万元"), (None, "30万元")],
            id="change is no opening",
        ),
        pytest.param("当年报废处置固定资产原值13万元。", [("assets_disposed", "13万元")], id="disposed, not there"),
        pytest.param(
            "固定资产总额380万元，在用固定资产370万元。",
            [("assets_closing", "380万元"), (None, "370万元")],
            id="some of them",
        ),
        pytest.param(
            "处置资产12万元，处置收益0.8万元已上缴国库。",
            [("assets_disposed", "12万元"), (None, "0.8万元")],
            id="proceeds",
        ),
        pytest.param(
            "公务用车编制4辆，公务用车3辆。", [(None, "4辆"), ("vehicles", "3辆")], id="vehicles that may be kept"
        ),
    ],
)
def test_what_is_there_is_stated_once(sentence: str, expected: list[tuple[str | None, str]]) -> None:
    found = _assets("三、国有资产占用情况\n" + sentence)
    assert [(code, value) for _, code, value in found] == expected


def test_work_on_land_and_houses_is_output() -> None:
    found = extraction("三、项目组织实施情况\n完成集体土地征收180亩，拆迁房屋40栋，整治农田2,000亩。").figures
    assert [f.kind for f in found] == ["output", "output", "output"]


def test_expenditure_behind_an_asset_stays_expenditure() -> None:
    found = extraction(FUNDS + "年末固定资产300万元，公务接待费2万元，会议费预算3万元。").figures
    assert [f.kind for f in found] == ["asset", "money", "money"]


def test_a_change_behind_the_amount_it_is_compared_with() -> None:
    found = _assets("三、资产情况\n固定资产年末数865万元，比年初842万元增加23万元。")
    assert [code for _, code, _ in found] == ["assets_closing", "assets_opening", None]


def test_what_a_movement_is_divided_into_is_not_added_to_it() -> None:
    found = _assets(
        "三、资产情况\n年初原值186万元，本年增加12万元（其中购置11万元、调入1万元），本年减少3万元，年末原值195万元。"
    )
    assert [code for _, code, _ in found] == [
        "assets_opening",
        "assets_acquired",
        None,
        None,
        "assets_disposed",
        "assets_closing",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "年初资产总额120万元，其中固定资产80万元；年末资产总额135万元，其中固定资产88万元。",
            ["assets_total_opening", "assets_opening", "assets_total", "assets_closing"],
            id="of the time said before",
        ),
        pytest.param(
            "资产总额由年初的120万元增加到年末的135万元，固定资产由80万元增加到88万元。",
            ["assets_total_opening", "assets_total", "assets_opening", "assets_closing"],
            id="from and to",
        ),
        pytest.param(
            "资产总额年初余额120万元，年末余额135万元，增加15万元。",
            ["assets_total_opening", "assets_total", None],
            id="balances, and the change between them",
        ),
        pytest.param("年末资产总计562万元，较上年增加18万元。", ["assets_total", None], id="another word for all"),
        pytest.param(
            "固定资产净值年初56万元、年末58万元；负债年初10万元、年末12万元。",
            [None, "assets_net", None, "liabilities"],
            id="other kinds have no code of their own for the beginning",
        ),
        pytest.param(
            "年初资产120万元（固定资产80万元、流动资产40万元），年末资产135万元（固定资产88万元）。",
            ["assets_total_opening", "assets_opening", None, "assets_total", "assets_closing"],
            id="assets that the fixed ones are a part of",
        ),
        pytest.param(
            "截至2022年底，单位总资产135万元，固定资产88万元，累计折旧30万元，上年末资产总额120万元。",
            ["assets_total", "assets_closing", None, "assets_total_opening"],
            id="worn off, and the end of the year before",
        ),
    ],
)
def test_all_assets_and_the_fixed_ones_at_both_ends_of_the_year(sentence: str, expected: list[str | None]) -> None:
    assert [code for _, code, _ in _assets("三、国有资产占用情况\n" + sentence)] == expected
