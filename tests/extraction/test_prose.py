"""Prose: each family of sentences gives exactly the figures that it states. All sentences are the project's own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dagster_project.extraction.vocabulary import vocabulary
from tests.extraction.prose_facts import account, counts, extraction, measure, money

FUNDS = "一、一般公共预算支出情况\n（一）基本支出情况\n"
PROJECTS = "一、一般公共预算支出情况\n（二）项目支出情况\n"
WORK = "六、部门整体支出绩效情况\n"
STAFF = "一、部门基本情况\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            FUNDS
            + "2022年度财政拨款支出900万元，其中：基本支出600万元，项目支出300万元，其中：人员经费450万元，公用经费150万元。",
            [
                ("total", "actual", "900万元"),
                ("basic", "actual", "600万元"),
                ("project", "actual", "300万元"),
                ("personnel", "actual", "450万元"),
                ("operating", "actual", "150万元"),
            ],
            id="two meanings of 其中",
        ),
        pytest.param(
            FUNDS
            + "2022年年初预算批复800.5万元；实际支出790.25万元，其中基本支出500万元，项目支出290.25万元；上年结余3万元，本年结余0万元。",
            [
                ("total", "initial_budget", "800.5万元"),
                ("total", "actual", "790.25万元"),
                ("basic", "actual", "500万元"),
                ("project", "actual", "290.25万元"),
                ("total", "carryover_in", "3万元"),
                ("total", "carryover_out", "0万元"),
            ],
            id="the subject comes back after a semicolon",
        ),
        pytest.param(
            FUNDS + "公务接待费预算为3万元，支出决算为1.2万元，完成预算的40%。",
            [("reception", "initial_budget", "3万元"), ("reception", "actual", "1.2万元")],
            id="one subject, several measures",
        ),
        pytest.param(
            FUNDS
            + "2022年安排“三公”经费12.5万元，比上年减少1万元，主要原因是接待费支出减少。其中：因公出国（境）费0万元，"
            "主要原因是与上年持平，无增减变化；公务用车购置及运行费10万元，原因是无新购；公务接待费2.5万元。",
            [
                ("three_public", "initial_budget", "12.5万元"),
                ("three_public", "change", "1万元"),
                ("overseas_travel", "initial_budget", "0万元"),
                ("vehicle", "initial_budget", "10万元"),
                ("reception", "initial_budget", "2.5万元"),
            ],
            id="a reason says nothing of the next amount",
        ),
        pytest.param(
            FUNDS
            + "项目支出527.5万元。项目支出主要用于：儿童康复救助300万元，辅具适配109.5万元，重度残疾人护理及托养118万元。",
            [
                ("project", "actual", "527.5万元"),
                ("儿童康复救助", "actual", "300万元"),
                ("辅具适配", "actual", "109.5万元"),
                ("重度残疾人护理及托养", "actual", "118万元"),
            ],
            id="what project expenditure is spent on are projects, whatever they are called",
        ),
        pytest.param(
            "二、收支情况\n2022年实际到位资金2,345.5万元，其中上级转移支付资金286万元，县级财政追加72.5万元。全年支出2,298.5万元。",
            [
                ("total", "appropriation_income", "2,345.5万元"),
                ("total", "appropriation_income", "286万元"),
                ("total", "adjustment", "72.5万元"),
                ("total", "actual", "2,298.5万元"),
            ],
            id="transfers from above are a source of funds and no project",
        ),
        pytest.param(
            FUNDS + "业务经费预算20万元，支出决算35万元，决算数大于预算数的主要原因是追加外勤经费15万元。",
            [
                ("业务经费", "initial_budget", "20万元"),
                ("业务经费", "actual", "35万元"),
                ("外勤经费", "adjustment", "15万元"),
            ],
            id="an amount in a reason is named by the reason alone",
        ),
        pytest.param(
            PROJECTS + "年初批复预算6个项目820万元，调整预算后项目预算790.5万元，实际支出780万元。",
            [
                ("project", "initial_budget", "820万元"),
                ("project", "adjusted_budget", "790.5万元"),
                ("project", "actual", "780万元"),
            ],
            id="a count between the measure and its amount",
        ),
        pytest.param(
            PROJECTS + "年初预算安排项目5个，共支出181万元。",
            [("project", "actual", "181万元")],
            id="a count that ends its clause",
        ),
        pytest.param(
            FUNDS + "年初我单位基本支出预算为１，６５０．５万元，调整预算数为1700万元。",
            [("basic", "initial_budget", "1,650.5万元"), ("basic", "adjusted_budget", "1700万元")],
            id="full-width digits",
        ),
        pytest.param(
            FUNDS
            + "本年支出合计3000万元，主要用于：教育（类）支出2000万元；卫生健康支出600万元；住房保障支出400万元。",
            [
                ("total", "actual", "3000万元"),
                ("f205", "actual", "2000万元"),
                ("f210", "actual", "600万元"),
                ("f221", "actual", "400万元"),
            ],
            id="functional classes",
        ),
        pytest.param(
            FUNDS
            + "1.农林水支出（类）水利（款）行政运行（项）。年初预算为120万元，支出决算为118万元，完成年初预算的98.33%。",
            [("f2130301", "initial_budget", "120万元"), ("f2130301", "actual", "118万元")],
            id="functional item named in the sentence before",
        ),
        pytest.param(
            FUNDS
            + "2.社会保障和就业支出-行政事业单位养老支出-机关事业单位基本养老保险缴费支出：年初预算50万元，决算48万元。",
            [("f2080505", "initial_budget", "50万元"), ("f2080505", "actual", "48万元")],
            id="functional item with hyphens",
        ),
        pytest.param(
            FUNDS + "3.2130104事业运行支出20.5万元，上年决算18.2万元，增加2.3万元。",
            [
                ("f2130104", "actual", "20.5万元"),
                ("f2130104", "prior_year_actual", "18.2万元"),
                ("f2130104", "change", "2.3万元"),
            ],
            id="functional item by code behind a list number",
        ),
        pytest.param(
            FUNDS
            + "住房保障支出（类）住房改革支出（款）住房公积金（项）2022年度决算数为65万元，较2021年度决算数60万元增加5万元，2022年预算数为66万元，2021年预算数为61万元。",
            [
                ("f2210201", "actual", "65万元"),
                ("f2210201", "prior_year_actual", "60万元"),
                ("f2210201", "change", "5万元"),
                ("f2210201", "initial_budget", "66万元"),
                ("f2210201", "prior_year_budget", "61万元"),
            ],
            id="one item, five values",
        ),
        pytest.param(
            PROJECTS
            + "2022年度项目支出合计60万元，其中1、河道清淤经费项目支出20万元；2、防汛物资15.5万元；3、水质监测专项24.5万元。",
            [
                ("project", "actual", "60万元"),
                ("河道清淤经费", "actual", "20万元"),
                ("防汛物资", "actual", "15.5万元"),
                ("水质监测专项", "actual", "24.5万元"),
            ],
            id="numbered items inside a sentence",
        ),
        pytest.param(
            PROJECTS + "1.车队8.5万元；\n2.会务3万元；\n3.文印室1.5万元。",
            [("车队", "actual", "8.5万元"), ("会务", "actual", "3万元"), ("文印室", "actual", "1.5万元")],
            id="numbered lines of bare names",
        ),
        pytest.param(
            PROJECTS
            + "年初预算项目“山洪灾害防治经费 30 万元。”年中执行调增 12.5 万元，实际支出 42.5 万元，结余结转 0 万元。",
            [
                ("山洪灾害防治经费", "initial_budget", "30万元"),
                ("山洪灾害防治经费", "adjustment", "12.5万元"),
                ("山洪灾害防治经费", "actual", "42.5万元"),
                ("山洪灾害防治经费", "carryover_out", "0万元"),
            ],
            id="a quoted project goes on over sentences",
        ),
        pytest.param(
            PROJECTS
            + "1.农村饮水安全补助资金：年初预算500万元，全年预算数520万元，全年执行数518.6万元，执行率99.73%。",
            [
                ("农村饮水安全补助资金", "initial_budget", "500万元"),
                ("农村饮水安全补助资金", "full_year_budget", "520万元"),
                ("农村饮水安全补助资金", "actual", "518.6万元"),
            ],
            id="an item with a colon",
        ),
        pytest.param(
            FUNDS
            + "2022年安排会议费支出12万元，实际使用10万元；由于厉行节约，公务接待费由2021年的6.5万元减少到2022年的4.2万元。",
            [
                ("e30215", "initial_budget", "12万元"),
                ("e30215", "actual", "10万元"),
                ("reception", "prior_year_actual", "6.5万元"),
                ("reception", "actual", "4.2万元"),
            ],
            id="planned and spent, from and to",
        ),
        pytest.param(
            FUNDS + "三公经费在12.5万元的年初预算中，实际支出9.8万元。",
            [("three_public", "initial_budget", "12.5万元"), ("three_public", "actual", "9.8万元")],
            id="measure behind the amount",
        ),
        pytest.param(
            FUNDS + "本部门收入900万元，其中财政拨款850万元，其他收入50万元。",
            [
                ("income", "actual", "900万元"),
                ("total", "appropriation_income", "850万元"),
                ("income_other", "actual", "50万元"),
            ],
            id="appropriation within income",
        ),
        pytest.param(
            PROJECTS + "3.河道清淤经费及水质监测经费共计90万元，分别为50万元和40万元。",
            [
                ("河道清淤经费及水质监测经费", "actual", "90万元"),
                ("河道清淤经费", "actual", "50万元"),
                ("水质监测经费", "actual", "40万元"),
            ],
            id="two projects said together",
        ),
        pytest.param(
            "水闸看护经费：全年预算120万元（其中年初预算80万元），实际支出118万元。",
            [
                ("水闸看护经费", "full_year_budget", "120万元"),
                ("水闸看护经费", "initial_budget", "80万元"),
                ("水闸看护经费", "actual", "118万元"),
            ],
            id="a name and a colon",
        ),
        pytest.param(
            PROJECTS + "2022年项目支出50万元，具体为：\n食堂补助资金实际支出30万元；\n文物保护支出实际支出20万元。",
            [("project", "actual", "50万元"), ("食堂补助资金", "actual", "30万元"), ("文物保护", "actual", "20万元")],
            id="lines of a list, one of them like a functional item",
        ),
        pytest.param(
            FUNDS
            + "90万元的年初预算、80万元的实际支出，使基本支出执行率达到88.89%。\n在12.5万元的项目支出预算中，实际支出9.8万元。",
            [
                ("basic", "initial_budget", "90万元"),
                ("basic", "actual", "80万元"),
                ("project", "initial_budget", "12.5万元"),
                ("project", "actual", "9.8万元"),
            ],
            id="amounts before their measures",
        ),
        pytest.param(
            FUNDS + "一是人员支出。年初预算174万元，增加28万元后全年预算为202万元。",
            [
                ("personnel", "initial_budget", "174万元"),
                ("personnel", "adjustment", "28万元"),
                ("personnel", "full_year_budget", "202万元"),
            ],
            id="an increase that makes the new budget",
        ),
        pytest.param(
            PROJECTS + "2022年政府性基金支出90万元，主要用于渡槽维修建设60万元，水文站点运营30万元。",
            [("total", "actual", "90万元"), ("渡槽维修建设", "actual", "60万元"), ("水文站点运营", "actual", "30万元")],
            id="items in a row",
        ),
        pytest.param(
            PROJECTS + "2.河长制工作经费。预算安排80万元，实际支付78.8万元。",
            [("河长制工作经费", "initial_budget", "80万元"), ("河长制工作经费", "actual", "78.8万元")],
            id="an item named by a sentence of its own",
        ),
        pytest.param(
            PROJECTS + "另外，党建专项0.6万元；应急抢险15.31万元为追加预算不在年初预算中体现。",
            [("党建专项", "adjustment", "0.6万元"), ("应急抢险", "adjustment", "15.31万元")],
            id="a measure behind the last amount holds for all",
        ),
        pytest.param(
            FUNDS + "2022年部门项目支出预算数为1000万元，其中：业务工作经费预算180万元，专项工作经费预算820万元。",
            [
                ("project", "initial_budget", "1000万元"),
                ("project_business", "initial_budget", "180万元"),
                ("project_special", "initial_budget", "820万元"),
            ],
            id="parts take the measure of their total",
        ),
        pytest.param(
            FUNDS + "基本支出和项目支出分别为1345.67万元、1141.98万元。",
            [("basic", "actual", "1345.67万元"), ("project", "actual", "1141.98万元")],
            id="respectively",
        ),
        pytest.param(
            FUNDS + "决算支出合计24,876,543.21元，其中：基本支出13,456,700.00元，占支出总额的54.09%。",
            [("total", "actual", "24,876,543.21元"), ("basic", "actual", "13,456,700.00元")],
            id="yuan",
        ),
        pytest.param(
            FUNDS
            + "“三公”经费预算8.5万元，实际支出6.32万元，其中：公务接待费1.32万元（预算2.5万元），公务用车运行维护费5万元（预算6万元）。",
            [
                ("three_public", "initial_budget", "8.5万元"),
                ("three_public", "actual", "6.32万元"),
                ("reception", "actual", "1.32万元"),
                ("reception", "initial_budget", "2.5万元"),
                ("vehicle_running", "actual", "5万元"),
                ("vehicle_running", "initial_budget", "6万元"),
            ],
            id="amounts in brackets do not change the measure",
        ),
        pytest.param(
            FUNDS + "公用经费支出100.10万元，比上年减少5.1万元，下降4.85%。",
            [("operating", "actual", "100.10万元"), ("operating", "change", "5.1万元")],
            id="change against the year before",
        ),
        pytest.param(
            FUNDS + "2022年收入总计1,234.56万元，其中：财政拨款收入1,200万元，年初结转和结余34.56万元。",
            [
                ("income", "actual", "1,234.56万元"),
                ("total", "appropriation_income", "1,200万元"),
                ("total", "carryover_in", "34.56万元"),
            ],
            id="income",
        ),
        pytest.param(
            FUNDS + "单价50万元以上的设备采购须集体研究，单位价值100万元以上的大型设备3台。",
            [],
            id="thresholds are no figures",
        ),
        pytest.param(
            FUNDS + "总务杂项支出12万元。",
            [("unclassified", "actual", "12万元")],
            id="an unknown expenditure is kept unclassified, not guessed",
        ),
    ],
)
def test_money(body: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert money(body) == expected


def test_parts_point_to_their_total() -> None:
    rows = [
        f
        for f in extraction(
            FUNDS
            + "财政拨款支出900万元，其中：基本支出600万元，项目支出300万元，其中：人员经费450万元，公用经费150万元。"
        ).figures
        if f.kind == "money"
    ]
    total, basic, project, personnel, operating = rows
    assert (basic.part_of_figure_no, project.part_of_figure_no) == (total.figure_no, total.figure_no)
    assert (personnel.part_of_figure_no, operating.part_of_figure_no) == (basic.figure_no, basic.figure_no)


def test_a_restatement_in_another_section_is_no_second_part() -> None:
    body = "一、三公经费支出情况\n（一）总体情况\n三公经费支出5万元，其中：公务接待费2万元，公务用车运行维护费3万元。\n（二）具体情况\n公务接待费支出2万元，占40%。\n"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [f.part_of_figure_no is None for f in rows] == [True, False, False, True]


def test_a_page_break_in_mid_clause_is_mended() -> None:
    body = "二、部门概况\n全局共有编制27名，实有40人，其中：在职28人，离休0\n\n人，退休 12 人。\n"
    assert counts(body, "staff")[-2:] == [("离休", Decimal(0), "人"), ("退休", Decimal(12), "人")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            STAFF + "核定编制45名，其中：行政编制20名、事业编制25名；在职人员42人，离退休人员30人。",
            [("核定编制", 45), ("行政编制", 20), ("事业编制", 25), ("在职人员", 42), ("离退休人员", 30)],
        ),
        (
            STAFF + "在职人员42人（行政18人，事业24人），编外聘用人员6人。",
            [("在职人员", 42), ("行政", 18), ("事业", 24), ("编外聘用人员", 6)],
        ),
        (STAFF + "领导职数为：主任1名，副主任4名。", [("主任", 1), ("副主任", 4)]),
        ("一、机构设置\n编制人数\n45\n实有人数\n43\n", [("编制人数", 45), ("实有人数", 43)]),
    ],
)
def test_staff(body: str, expected: list[tuple[str, int]]) -> None:
    assert [(label, int(value)) for label, value, _ in counts(body, "staff")] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            WORK + "全年清淤河道140余公里，巡查300余次，整改隐患2.7万处。",
            [(140, "公里"), (300, "次"), (Decimal("2.7"), "万处")],
        ),
        (WORK + "调研成果10篇，召开各类会议近百场，接待群众六百多人。", [(10, "篇"), (100, "场"), (600, "人")]),
        (WORK + "较大以上安全事故“零发生”。", [(0, "起")]),
        (WORK + "争取上级资金1.2亿元，为农户减免水费350万元。", [(Decimal("1.2"), "亿元"), (350, "万元")]),
        (
            WORK
            + "在“三会一课”、第六次党代会、中央八项规定、庆祝建党100周年、12345市长热线、24小时值班和水发〔2022〕15号文件的要求下开展工作。",
            [],
        ),
        (WORK + "编印《水利工程30问》手册。", []),
        ("三、年度绩效目标\n确保4台班车运行，完成培训20场。\n", []),
    ],
)
def test_work_output(body: str, expected: list[tuple[Decimal | int, str]]) -> None:
    assert [(value, unit) for _, value, unit in counts(body, "output")] == expected


def test_cells_between_blank_lines_are_no_one_number() -> None:
    found = extraction(FUNDS + "合计\n\n120.5\n\n30.25\n\n90.25\n\n部门\n\n全年支出120.5万元。\n\n其余按进度执行。")
    assert [(f.kind, f.value_as_written) for f in found.figures] == [("money", "120.5")]
    assert [o.text for o in found.omissions if o.reason == "no_unit"] == ["120.5", "30.25", "90.25"]


def test_numbers_on_lines_of_their_own_are_cells_and_no_one_number() -> None:
    found = extraction(
        FUNDS + "对比表单位：万元\n项目\n上年\n预算\n决算\n公务接待费\n3.25\n4\n2.87\n-11.69%\n车辆费\n8.6\n9\n7.9\n/\n"
    )
    assert not found.figures
    omitted = [o.text for o in found.omissions if o.reason in ("no_unit", "unknown_table")]
    assert omitted == ["3.25", "4", "2.87", "11.69", "8.6", "9", "7.9"]


def test_a_sentence_whose_numbers_have_lines_of_their_own_is_one() -> None:
    found = extraction(STAFF + "年末在职\n12\n人，退休\n3\n人。")
    assert [f.value_as_written for f in found.figures] == ["12", "3"]


def test_a_pasted_row_of_a_table_does_not_go_on_in_the_next_one() -> None:
    assert not extraction("资产情况如下\n房屋及设施\t300\t0\t1,200.00\n通用设备\t356\t45\t389\n").figures


def test_goals_that_were_reached_are_work_output() -> None:
    body = "一、绩效目标完成情况\n2.完成的绩效目标。完成老旧小区改造12个、惠及居民3,560户。"
    assert counts(body, "output") == [("完成老旧小区改造", Decimal(12), "个"), ("惠及居民", Decimal(3560), "户")]


def test_a_number_without_words_of_its_own_has_those_of_the_one_before() -> None:
    assert counts(WORK + "公务接待8批次62人次；惠及群众1056户1687人。", "output") == [
        ("公务接待", Decimal(8), "批次"),
        ("公务接待", Decimal(62), "人次"),
        ("惠及群众", Decimal(1056), "户"),
        ("惠及群众", Decimal(1687), "人"),
    ]
    body = "七、综合评价\n自评总分93.8分，其中产出指标40分得38分、效益指标30分得27.5分。"
    assert [(label, value) for label, value, _ in counts(body, "score")][1:] == [
        ("产出指标", Decimal(40)),
        ("产出指标", Decimal(38)),
        ("效益指标", Decimal(30)),
        ("效益指标", Decimal("27.5")),
    ]


def test_amounts_of_a_project_report_are_the_project_s() -> None:
    title = "2022年度安宁市水利局河道清淤项目支出绩效自评报告"
    found = extraction("一、项目概况\n2022年度预算安排资金420万元，实际到位420万元，全年支出411.6万元。", title)
    assert [(f.project_name, measure(f), f.value_as_written) for f in found.figures if f.kind == "money"] == [
        ("河道清淤", "initial_budget", "420"),
        ("河道清淤", "appropriation_income", "420"),
        ("河道清淤", "actual", "411.6"),
    ]


def test_money_that_an_audit_found_is_work_output() -> None:
    body = WORK + "自评得分95分。完成审计项目18个，查出违规资金326万元。"
    assert counts(body, "output") == [("完成审计项目", Decimal(18), "个"), ("查出违规资金", Decimal(326), "万元")]
    assert [label for label, _, _ in counts(body, "score")] == ["自评得分"]


def test_the_second_phase_of_a_work_is_a_name() -> None:
    body = WORK + "系统二期建设项目通过验收，举办业务培训班3期。"
    assert counts(body, "output") == [("举办业务培训班", Decimal(3), "期")]


def test_two_rates_with_one_value_are_two_figures() -> None:
    assert [(label, value) for label, value, _ in counts(WORK + "代表满意率、办结率均达100%。", "rate")] == [
        ("代表满意率", 100),
        ("办结率", 100),
    ]


def test_an_item_s_own_parts_end_with_the_item() -> None:
    body = (
        PROJECTS
        + "项目支出880万元，具体是：旧渠改造650万元，其中县财政配套150万元，上级专项资金500万元；抗旱送水30万元；其他项目支出200万元。"
    )
    rows = extraction(body).figures
    whole, item = rows[0].figure_no, rows[1].figure_no
    assert [(f.project_name, f.part_of_figure_no, f.fund_source_term) for f in rows[1:]] == [
        ("旧渠改造", whole, None),
        ("旧渠改造", item, "县财政配套"),
        ("旧渠改造", item, "上级专项资金"),
        ("抗旱送水", whole, None),
        ("其他项目支出", whole, None),
    ]


def test_behind_a_list_of_parts_the_whole_is_meant() -> None:
    body = FUNDS + "已拨付基本支出90万元，其中：办公费50万元，差旅费40万元，资金使用率90%，结余10万元。"
    rows = extraction(body).figures
    assert [(account(f), measure(f)) for f in rows if f.kind == "money"][-1] == ("basic", "carryover_out")
    assert [f.rate_of_term for f in rows if f.kind == "rate"] == ["基本支出"]


def test_a_share_of_the_budget_that_is_not_spent_is_no_execution_rate() -> None:
    (row,) = [f for f in extraction(FUNDS + "项目支出年中追加30万元，占年初预算的20%。").figures if f.kind == "rate"]
    assert row.term == "占"


def test_shares_said_together_belong_to_their_amounts() -> None:
    body = FUNDS + "总支出100万元，其中：基本支出60万元，项目支出40万元，分别占总支出的60%和40%。"
    rates = [f for f in extraction(body).figures if f.kind == "rate"]
    assert [(f.rate_of_term, f.rate_base_term, f.value) for f in rates] == [
        ("基本支出", "总支出", 60),
        ("项目支出", "总支出", 40),
    ]


def test_none_ends_where_a_figure_begins() -> None:
    rows = extraction(FUNDS + "无因公出国（境）费用，公务用车运行费0元，公务接待费2,356元。").figures
    assert [account(f) for f in rows if f.qualifier == "stated_none"] == ["overseas_travel"]
    assert [account(f) for f in rows if f.qualifier != "stated_none"] == ["vehicle_running", "reception"]


def test_a_difference_in_staff_is_no_staff_number() -> None:
    rows = [f for f in extraction(STAFF + "编制人数165人，实际在岗158人，较编制数少7人。").figures if f.kind == "staff"]
    assert [(f.term, f.value) for f in rows] == [("编制人数", 165), ("实际在岗", 158), (None, 7)]


def test_assets_bought_and_disposed_of_are_not_what_is_there() -> None:
    rows = extraction(
        "四、资产管理情况\n年初固定资产100万元，本年新增固定资产20万元，报废固定资产5万元，年末固定资产115万元。"
    ).figures
    codes = [vocabulary().metrics("asset").get(f.term or "") for f in rows if f.kind == "asset"]
    assert codes == ["assets_opening", "assets_acquired", "assets_disposed", "assets_closing"]


def test_a_share_knows_what_it_is_a_share_of() -> None:
    rates = [
        f
        for f in extraction(
            FUNDS + "基本支出600万元，其中：人员经费450万元，占基本支出的75%；公用经费150万元，占25%。"
        ).figures
        if f.kind == "rate"
    ]
    assert [(f.rate_of_term, f.rate_base_term) for f in rates] == [("人员经费", "基本支出"), ("公用经费", "基本支出")]


@pytest.mark.parametrize(
    "body",
    [
        "三、政府性基金预算支出情况\n无。\n四、国有资本经营预算支出情况\n无\n五、社会保险基金预算支出情况\n无。\n",
        "三、其他预算\n本局2022年没有政府性基金收入，也没有使用政府性基金安排的支出。未安排国有资本经营预算。不涉及社会保险基金预算。\n",
        "三、其他预算\n无政府性基金预算、国有资本经营预算和社会保险基金预算支出。\n",
    ],
)
def test_none_is_a_fact_once_a_book(body: str) -> None:
    rows = [f for f in extraction(body).figures if f.qualifier == "stated_none"]
    assert len(rows) == 3
    assert {account(f) for f in rows} == {"total"}
    assert {measure(f) for f in rows} == {"actual"}
    assert all(f.value == 0 for f in rows)


def test_projects_that_are_listed_are_counted() -> None:
    body = (
        PROJECTS
        + "全年实施2个项目，主要内容为：\n（1）河道清淤经费\n用于清理淤泥。\n（2）防汛值班经费\n用于汛期值守。\n（3）水源保护经费\n用于水源地巡查。\n"
    )
    (row,) = [f for f in extraction(body).figures if f.term == "项目"]
    assert (row.value, row.listed_count) == (2, 3)


def test_evidence_is_the_exact_text() -> None:
    document_text = "财政拨款支出 ９００ 万元，其中：基本支出 600 万元。"
    result = extraction(FUNDS + document_text)
    assert len(result.figures) == 2
    for row in result.figures:
        quote = result.evidence[row.evidence_no - 1].quote
        assert row.value_as_written in quote.replace("９", "9").replace("０", "0")


def test_the_number_of_a_table_is_no_count() -> None:
    found = extraction("表1 人员情况表\n见附件2 人员名单。\n接待人大代表12人。")
    assert [(f.value_as_written, f.unit) for f in found.figures] == [("12", "人")]
    assert [o.text for o in found.omissions if o.reason == "ordinal"] == ["1", "2"]


def test_a_functional_item_on_a_line_of_its_own_is_what_the_next_line_is_about() -> None:
    body = (
        "五、支出决算情况说明\n2022年度财政拨款支出年初预算数为90万元，支出决算数为95万元，其中：\n"
        "1、卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。\n年初预算为30万元，支出决算为32万元。\n"
        "2、社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）。\n年初预算为60万元，支出决算为63万元。\n"
    )
    assert [m[0] for m in money(body)] == ["total"] * 2 + ["f2101101"] * 2 + ["f2080505"] * 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            FUNDS + "2022年度收、支总计900万元。与上年相比，增加30万元，增长3.45%。",
            [("total", "actual", "900万元"), ("total", "change", "30万元")],
            id="receipts and expenditure said together",
        ),
        pytest.param(
            PROJECTS + "1、水库移民助学金。预算安排48万元，实际发放47.5万元，节约资金0.5万元。",
            [
                ("水库移民助学金", "initial_budget", "48万元"),
                ("水库移民助学金", "actual", "47.5万元"),
                ("水库移民助学金", "change", "0.5万元"),
            ],
            id="what was done with the money is no project's name",
        ),
        pytest.param(
            PROJECTS
            + "2022年项目支出300万元，主要包括：\n1.河道清淤经费120万元；\n2.堤防养护专项160万元；\n3.其他20万元。",
            [
                ("project", "actual", "300万元"),
                ("河道清淤经费", "actual", "120万元"),
                ("堤防养护专项", "actual", "160万元"),
                ("其他", "actual", "20万元"),
            ],
            id="the rest of a list of projects",
        ),
        pytest.param(
            PROJECTS + "1.村小生均公用经费680万元（每生800元/年）；\n2.河道清淤经费120万元。",
            [("村小生均公用经费", "actual", "680万元"), ("河道清淤经费", "actual", "120万元")],
            id="a fund by the head is a fund",
        ),
        pytest.param(
            FUNDS + "2022年总收入350万元，其中：一般公共预算财政拨款300万元，政府性基金预算财政拨款50万元。",
            [
                ("income", "actual", "350万元"),
                ("total", "appropriation_income", "300万元"),
                ("total", "appropriation_income", "50万元"),
            ],
            id="appropriations of two books",
        ),
        pytest.param(
            FUNDS + "2022年预算总收入300万元，其中：公共财政拨款290万元。",
            [("income", "initial_budget", "300万元"), ("income", "initial_budget", "290万元")],
            id="an older name of the appropriation",
        ),
        pytest.param(
            WORK + "1、财税收入稳步增长。全年完成财税收入2.3亿元，完成固定资产投资4.1亿元。",
            [],
            id="taxes raised are no income of the department",
        ),
        pytest.param(
            PROJECTS + "河道清淤经费预算120万元，通过招标确定施工单位2家，中标价合计110万元。",
            [("河道清淤经费", "initial_budget", "120万元")],
            id="a contract's price is not spent",
        ),
    ],
)
def test_money_of_other_departments(body: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert money(body) == expected


def test_what_listed_projects_are_parts_of() -> None:
    body = (
        "（四）项目支出\n2022年项目支出共计300万元，具体如下：\n（1）河道清淤经费：年初预算120万元，实际支出110万元；\n"
        "（2）堤防养护专项：年初预算200万元，实际支出190万元；\n"
    )
    rows = {(f.project_name, measure(f)): f.part_of_figure_no for f in extraction(body).figures if f.project_name}
    assert rows["河道清淤经费", "actual"] == rows["堤防养护专项", "actual"] == 1


def test_classes_of_project_expenditure_are_no_parts_of_the_total() -> None:
    body = (
        FUNDS
        + "2022年总支出800万元。其中：\n（1）基本支出500万元。\n（2）项目支出300万元。其中农林水支出260万元，节能环保支出40万元。"
    )
    rows = extraction(body).figures
    assert [f.parent_term for f in rows if f.term in ("213", "211")] == ["项目支出"] * 2


def test_parts_in_a_bracket_are_parts_of_the_amount_before_it() -> None:
    body = (
        "2022年部门总支出800万元，其中基本支出500万元（工资福利支出450万元、商品和服务支出50万元），项目支出300万元。"
    )
    parents = {f.label: f.parent_term for f in extraction(FUNDS + body).figures}
    assert parents["工资福利支出"] == parents["商品和服务支出"] == "基本支出"
    assert parents["项目支出"] == "部门总支出"


def test_what_did_not_occur_is_none() -> None:
    body = FUNDS + "“三公”经费支出10万元，其中：①公务接待费10万元；②因公出国（境）费未发生；③公务用车购置费无支出。"
    rows = [f for f in extraction(body).figures if f.qualifier == "stated_none"]
    assert [account(f) for f in rows] == ["overseas_travel", "vehicle_purchase"]


def test_a_rate_of_an_amount_is_named_before_the_amount() -> None:
    (rate,) = [
        f
        for f in extraction(PROJECTS + "河道清淤经费支出45万元，完成年初预算50万元的90%。").figures
        if f.kind == "rate"
    ]
    assert (rate.label, rate.rate_of_term, rate.rate_base_term) == ("完成年初预算的", "河道清淤经费", "年初预算")


def test_a_project_report_s_funds_are_its_project_s() -> None:
    body = (
        "二、项目资金使用及管理情况\n项目计划资金100万元，实际到位资金90万元。其中：中央资金60万元，自筹资金30万元。\n"
    )
    rows = extraction(body, title="安宁市水利局2022年灌区改造项目支出绩效自评报告").figures
    assert {f.project_name for f in rows} == {"灌区改造"}
    assert [measure(f) for f in rows] == ["initial_budget"] + ["appropriation_income"] * 3


def test_the_words_before_people_say_which_people() -> None:
    rows = [f for f in extraction(STAFF + "在职人员28人，编外合同制人员9人。").figures if f.kind == "staff"]
    assert [(f.label, vocabulary().metrics("staff").get(f.term or "")) for f in rows] == [
        ("在职人员", "serving_staff"),
        ("编外合同制人员", "contract_staff"),
    ]


def test_the_unit_behind_a_slash_is_no_label() -> None:
    assert counts(WORK + "低保标准由600元/月提高到650元/月。", "output") == [
        ("低保标准由", Decimal(600), "元"),
        ("提高到", Decimal(650), "元"),
    ]


def test_a_project_named_before_is_known_again() -> None:
    body = (
        PROJECTS
        + "2022年项目支出300万元，其中：1、河道清淤整治180万元；2、村级管护补助90万元；3、其他专项30万元。\n"
        + "六、专项资金支出绩效情况\n1、河道清淤整治。年初预算200万元，实际支出180万元，村平15万元。\n"
        + "七、存在的问题\n1.部分资金拨付滞后。村级管护补助结余10万元。"
    )
    assert money(body) == [
        ("project", "actual", "300万元"),
        ("河道清淤整治", "actual", "180万元"),
        ("村级管护补助", "actual", "90万元"),
        ("其他专项", "actual", "30万元"),
        ("河道清淤整治", "initial_budget", "200万元"),
        ("河道清淤整治", "actual", "180万元"),
        ("村级管护补助", "carryover_out", "10万元"),
    ]


def test_a_heading_before_a_colon_says_what_the_amount_is() -> None:
    body = (
        FUNDS
        + "1、三公经费：本年支出15万元，其中公务接待费11万元，公车运维4万元。去年三公经费支出17万元，其中公务接待费13万元，公车运维4万元。"
    )
    rows = extraction(body).figures
    assert [(account(f), measure(f), f.fiscal_year) for f in rows] == [
        ("three_public", "actual", 2022),
        ("reception", "actual", 2022),
        ("vehicle_running", "actual", 2022),
        ("three_public", "prior_year_actual", 2021),
        ("reception", "prior_year_actual", 2021),
        ("vehicle_running", "prior_year_actual", 2021),
    ]


def test_what_is_over_the_budget_is_a_change() -> None:
    assert money(FUNDS + "基本支出预算500万元，决算520万元，超预算20万元。")[-1] == ("basic", "change", "20万元")
    assert money(FUNDS + "三公经费支出13万元，未超预算15万元。")[-1] == ("three_public", "initial_budget", "15万元")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "二、整体支出情况\n2022年年初预算数500万元，年终决算支出520万元，结余8万元。",
            [
                ("total", "initial_budget", "500万元"),
                ("total", "actual", "520万元"),
                ("total", "carryover_out", "8万元"),
            ],
            id="the final account at the end of the year",
        ),
        pytest.param(
            "四、政府采购情况\n全年政府采购预算20万元，实际采购金额18万元，其中货物类6万元、服务类12万元。",
            [
                ("procurement", "full_year_budget", "20万元"),
                ("procurement", "actual", "18万元"),
                ("procurement_goods", "actual", "6万元"),
                ("procurement_services", "actual", "12万元"),
            ],
            id="the three kinds of procurement",
        ),
        pytest.param(
            "三、项目支出情况\n2022年项目资金300万元，分别为：\n堤防养护专项经费　　　　200万元\n水质监测与断面调查　　　60万元\n防汛物资储备经费　　　　40万元\n",
            [
                ("project", "actual", "300万元"),
                ("堤防养护专项经费", "actual", "200万元"),
                ("水质监测与断面调查", "actual", "60万元"),
                ("防汛物资储备经费", "actual", "40万元"),
            ],
            id="a project a line without marks",
        ),
        pytest.param(
            PROJECTS + "项目资金300万元，其中：堤防养护补助200万元（某财农指〔2022〕6号），河道清淤经费100万元。",
            [
                ("project", "actual", "300万元"),
                ("堤防养护补助", "actual", "200万元"),
                ("河道清淤经费", "actual", "100万元"),
            ],
            id="a document's number is no name",
        ),
        pytest.param(
            PROJECTS
            + "1.河道清淤经费：年初预算100万元，决算数130万元，超支30万元。\n2.惠民项目资金：120万元（6个社区，每个社区20万元）。",
            [
                ("河道清淤经费", "initial_budget", "100万元"),
                ("河道清淤经费", "actual", "130万元"),
                ("河道清淤经费", "change", "30万元"),
                ("惠民项目资金", "actual", "120万元"),
            ],
            id="over the budget, and so much for each",
        ),
        pytest.param(
            WORK
            + "争取中央和省预算内资金3.2亿元，医疗收入16亿元，百元医疗收入消耗材料26元，引进投资额1000万元以上企业12家。",
            [],
            id="what was won and earned",
        ),
    ],
)
def test_more_money_of_other_departments(body: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert money(body) == expected


@pytest.mark.parametrize("nought", ["均为0", "均为0万元", "均为零", "均未发生"])
def test_several_expenses_that_are_nought(nought: str) -> None:
    body = FUNDS + f"公务接待费4万元；公务用车购置费、因公出国（境）费{nought}。"
    rows = [f for f in extraction(body).figures if f.qualifier == "stated_none"]
    assert [account(f) for f in rows] == ["vehicle_purchase", "overseas_travel"]


def test_posts_in_a_bracket_without_unit() -> None:
    rows = [
        f for f in extraction(STAFF + "编制人数49人（行政21、事业28），在职人数46人。").figures if f.kind == "staff"
    ]
    assert [(f.term, f.value) for f in rows] == [
        ("编制人数", 49),
        ("行政编制", 21),
        ("事业编制", 28),
        ("在职人数", 46),
    ]


def test_the_other_book_s_heading_is_no_class() -> None:
    rows = extraction("四、国有资本经营预算支出情况\n年初预算数0万元，决算数1.25万元，用于退休人员社会化管理。").figures
    assert {(account(f), f.book_term) for f in rows} == {("total", "国有资本经营预算")}


def test_what_is_still_owed_is_not_spent() -> None:
    assert money("五、存在问题\n1、公用经费拨付不及时，截至12月底尚有23万元未到位，应付未付工程款12万元。") == []


def test_no_travel_by_its_short_name() -> None:
    rows = extraction(FUNDS + "公务接待费1.1万元，无出国（境）支出，无公车购置。").figures
    assert [account(f) for f in rows if f.qualifier == "stated_none"] == ["overseas_travel", "vehicle_purchase"]


def test_expenditure_as_a_share_of_the_budget() -> None:
    rows = extraction("二、整体支出情况\n年初预算安排100万元，支出114万元，为年初预算的114%。").figures
    assert [(f.rate_of_term, f.rate_base_term) for f in rows if f.kind == "rate"] == [("部门整体支出", "年初预算")]


def test_the_verb_before_a_name_is_none_of_it() -> None:
    assert money(PROJECTS + "投入河道清淤经费68万元。") == [("河道清淤经费", "actual", "68万元")]


def test_other_expenditure_behind_classes_is_a_class() -> None:
    body = FUNDS + "2022年项目支出300万元，其中农林水支出260万元，其他支出40万元。"
    assert [m[0] for m in money(body)] == ["project", "f213", "f229"]


def test_a_score_that_others_gave_is_not_the_report_s_own() -> None:
    rows = extraction(WORK + "群众满意度测评得分91.2分。绩效自评得分95分。").figures
    assert [f.term for f in rows if f.kind == "score"] == [None, "绩效自评得分"]


def test_a_sentence_within_a_bracket_does_not_end_the_one_around_it() -> None:
    spent = FUNDS + "三公经费支出12万元，其中：公务接待费3万元（主要用于接待检查。）比上年减少0.5万元，{}"
    vehicles = "公务用车运行维护费9万元。"
    expected = [
        ("three_public", "actual", "12万元"),
        ("reception", "actual", "3万元"),
        ("reception", "change", "0.5万元"),
        ("vehicle_running", "actual", "9万元"),
    ]
    assert money(spent.format(vehicles)) == expected
    assert money(spent.format(vehicles).replace("12万元，其中：公务", "12万元（分三类。），其中：公务")) == expected


def test_special_funds_by_their_source_beside_the_other_kinds_of_projects() -> None:
    body = (
        "2022年项目支出300万元，其中：业务工作经费80万元，运行维护经费20万元，市级专项资金120万元，区级专项资金80万元。"
    )
    rows = [f for f in extraction(PROJECTS + body).figures if f.kind == "money"]
    assert [(account(f), f.fund_source_term) for f in rows] == [
        ("project", None),
        ("project_business", None),
        ("project_maintenance", None),
        ("project_special", "市级专项资金"),
        ("project_special", "区级专项资金"),
    ]


def test_people_of_one_trade_are_not_the_staff() -> None:
    rows = extraction(STAFF + "单位在职人员80人，卫生技术人员62人。").figures
    assert [(f.label, f.term) for f in rows if f.kind == "staff"] == [("在职人员", "在职人员"), ("技术人员", None)]


def test_projects_under_a_chapter_of_project_performance() -> None:
    body = "六、项目绩效\n1.河道保洁项目。年初预算50万元，实际支出45万元。\n2.山塘修复项目，预算30万元，支出30万元。"
    assert [m[0] for m in money(body)] == ["河道保洁项目", "河道保洁项目", "山塘修复项目", "山塘修复项目"]


def test_special_funds_in_the_name_of_a_project_are_not_what_it_is_part_of() -> None:
    body = "六、资金使用及绩效情况\n（二）项目支出绩效情况\n1.防汛专项经费项目。年初预算100万元，实际支出98万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert [(f.project_name, f.parent_term) for f in rows] == [("防汛专项经费项目", None)] * 2


def test_an_item_without_a_code_is_not_its_section() -> None:
    body = (
        FUNDS + "（1）卫生健康支出（类）医疗保障管理事务（款）医保谈判事务（项）。年初预算为30万元，支出决算为28万元。"
    )
    assert [m[0] for m in money(body)] == ["unclassified"] * 2
    known = body.replace("医保谈判事务", "医疗保障经办事务")
    assert [m[0] for m in money(known)] == ["f2101506"] * 2


def test_an_insurance_fund_is_not_the_agency_s_expenditure() -> None:
    body = "五、社会保险基金预算支出情况\n2022年城乡居民医疗保险基金收入12.3亿元，支出11.9亿元，累计结余6.5亿元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert {(f.label, f.term) for f in rows} == {("城乡居民医疗保险基金", None)}


def test_more_than_the_budget_is_a_change() -> None:
    body = "七、存在的问题\n年初未将省级专项资金纳入预算，导致决算比预算多出112.4万元。"
    assert [(m[1], m[2]) for m in money(body)] == [("change", "112.4万元")]


def test_the_sources_of_an_amount_are_no_projects() -> None:
    body = "2022年项目支出300万元，资金来源为：中央车购税补助120万元，省级补助80万元，地方政府专项债券100万元。"
    rows = [f for f in extraction(PROJECTS + body).figures if f.kind == "money"]
    assert [(account(f), f.fund_source_term) for f in rows] == [
        ("project", None),
        ("project", "中央补助"),
        ("project", "省级补助"),
        ("project", "专项债券"),
    ]


def test_what_was_tendered_is_not_spent() -> None:
    body = "二、项目招投标情况\n全年招标项目8个，招标金额1.3亿元，节约资金256万元。"
    assert "1.3亿元" not in [m[2] for m in money(body)]


def test_sections_of_a_project_are_about_it() -> None:
    body = (
        "三、项目支出绩效情况\n（一）公共文化服务专项（免费开放）\n1.资金情况：预算金额180万元，实际支出176.5万元，预算执行率98.06%。\n"
        "2.绩效情况：开展送戏下乡120场。\n（二）体育场馆开放补助资金\n1.资金情况：预算金额98万元，实际支出98万元。"
    )
    assert [m[0] for m in money(body)] == ["公共文化服务专项(免费开放)"] * 2 + ["体育场馆开放补助资金"] * 2
    (rate,) = [f for f in extraction(body).figures if f.kind == "rate"]
    assert rate.project_name == "公共文化服务专项(免费开放)"


def test_none_under_a_heading_of_several_books() -> None:
    body = "三、政府性基金预算、国有资本经营预算、社会保险基金预算支出情况\n均无。"
    rows = extraction(body).figures
    assert [(f.book_term, f.qualifier) for f in rows] == [
        ("政府性基金预算", "stated_none"),
        ("国有资本经营预算", "stated_none"),
        ("社会保险基金预算", "stated_none"),
    ]


def test_the_year_before_in_brackets() -> None:
    rows = extraction(FUNDS + "“三公”经费支出5.37万元，比上年（6.42万元）减少1.05万元。公务用车运行1.2万元。").figures
    assert [(f.fiscal_year, f.value_as_written) for f in rows if f.kind == "money"][:2] == [
        (2022, "5.37"),
        (2021, "6.42"),
    ]
    assert account(rows[-1]) == "vehicle_running"


def test_income_of_a_fund_is_not_its_expenditure() -> None:
    body = "三、政府性基金预算支出情况\n政府性基金收入128万元，支出120万元。"
    assert [(m[1], m[2]) for m in money(body)] == [("appropriation_income", "128万元"), ("actual", "120万元")]


def test_staff_of_the_office_without_its_institutions() -> None:
    body = STAFF + "全系统编制数312个，实有人数347人。其中：局机关编制42名，实有在职38人。"
    rows = [f for f in extraction(body).figures if f.kind == "staff"]
    assert [f.term or f.label for f in rows] == ["编制数", "实有人数", "局机关编制", "局机关实有在职"]


def test_a_rate_behind_a_bracket_is_named_by_what_it_rates() -> None:
    rows = extraction(WORK + "全年培训2.16万人，完成目标任务(2万人)的108%。").figures
    assert [f.label for f in rows if f.kind == "rate"] == ["完成目标任务"]


def test_what_a_project_s_section_is_called_in_short() -> None:
    body = "三、项目绩效完成情况\n（一）生态护林员补助项目\n1.项目概况：选聘护林员156名。\n2.资金使用：到位320万元，支出316.8万元。"
    assert [m[0] for m in money(body)] == ["生态护林员补助项目"] * 2


def test_a_source_behind_an_opening_bracket() -> None:
    body = PROJECTS + "1.森林抚育项目资金：预算500万元（中央财政资金400万元、县级配套100万元），支出482万元。"
    rows = [f for f in extraction(body).figures if f.kind == "money"]
    assert {f.project_name for f in rows} == {"森林抚育项目资金"}
    assert [f.fund_source_term for f in rows] == [None, "中央财政资金", "县级配套", None]
