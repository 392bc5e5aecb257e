"""Lists of projects that were pasted: parted by blanks, a cell a line, short rows, two columns."""

from __future__ import annotations

import pytest

from tests.extraction.prose_facts import account, extraction, measure


def _rows(body: str) -> list[tuple[str | None, str | None, str, str]]:
    figures = extraction(f"二、项目支出情况\n{body}\n三、其他情况\n无。").figures
    return [(f.project_name, measure(f), f.value_as_written, f.unit) for f in figures if f.kind == "money" and f.form]


@pytest.mark.parametrize("ordinals", [True, False])
@pytest.mark.parametrize("parted", ["\n", " ", "\u3000", "\t"])
def test_a_list_of_projects_however_it_was_pasted(parted: str, ordinals: bool) -> None:
    head = ["项目名称", "年初预算", "实际支出", "执行率"]
    rows = [["村道养护", "1,180.00", "1,175.20", "99.59%"], ["渡口看守", "320.00", "320.00", "100%"]]
    if ordinals:
        head, rows = ["序号", *head], [[str(n), *row] for n, row in enumerate(rows, 1)]
    rows.append(["合计", "1,500.00", "1,495.20", "99.68%"])
    body = "单位：万元\n" + "\n".join(parted.join(row) for row in [head, *rows])
    if parted == "\t" and ordinals:
        body = body.replace("合计\t", "合计\t\t")
    assert _rows(body) == [
        ("村道养护", "initial_budget", "1,180.00", "万元"),
        ("村道养护", "actual", "1,175.20", "万元"),
        ("渡口看守", "initial_budget", "320.00", "万元"),
        ("渡口看守", "actual", "320.00", "万元"),
        (None, "initial_budget", "1,500.00", "万元"),
        (None, "actual", "1,495.20", "万元"),
    ]


def test_lines_that_only_begin_like_a_list_stay_prose() -> None:
    body = "单位：万元\n项目名称\n年初预算\n实际支出\n详见附件，全年项目支出90万元。"
    assert _rows(body) == []


def test_what_a_short_row_lacks_is_the_remark_at_its_end() -> None:
    body = "项目支出情况表（单位：万元）\n项目名称\t年初预算\t调整后预算\t决算数\t备注\n村道养护\t50\t56.50\t55\n渡口看守\t20\t20\t19\t两处"
    assert _rows(body) == [
        ("村道养护", "initial_budget", "50", "万元"),
        ("村道养护", "adjusted_budget", "56.50", "万元"),
        ("村道养护", "actual", "55", "万元"),
        ("渡口看守", "initial_budget", "20", "万元"),
        ("渡口看守", "adjusted_budget", "20", "万元"),
        ("渡口看守", "actual", "19", "万元"),
    ]


@pytest.mark.parametrize("parted", ["\u3000", "  ", "\t"])
def test_names_and_amounts_alone(parted: str) -> None:
    rows = [("项目名称", "支出金额（元）"), ("社区服务", "1,050,000.00"), ("社区运转经费", "645,046.00")]
    assert _rows("\n".join(parted.join(row) for row in rows)) == [
        ("社区服务", "actual", "1,050,000.00", "元"),
        ("社区运转经费", "actual", "645,046.00", "元"),
    ]


def test_quotation_marks_within_a_name_stay() -> None:
    body = "项目名称\t年初预算\t实际支出\n“美丽乡村”示范创建\t72\t71\n村道养护\t20\t20\n单位：万元"
    assert {name for name, _, _, _ in _rows(body)} == {"“美丽乡村”示范创建", "村道养护"}


EXPENSES = (
    "项目 上年决算 本年预算 本年决算",
    "公务接待费 5.2 6.0 4.8",
    "公务用车运行维护费 11.9 9.8 9.7",
    "合计 17.1 15.8 14.5",
)


def _amounts(body: str) -> list[tuple[str | None, str | None, str, str]]:
    figures = extraction(f"三、经费情况\n{body}\n四、其他情况\n无。").figures
    return [(f.term, measure(f), f.value_as_written, f.unit) for f in figures if f.kind == "money"]


@pytest.mark.parametrize(
    "caption",
    [
        "单位：万元",
        "（单位：万元）",
        "表1 公务支出情况（万元）",
        "表2：“三公”经费支出表（单位：万元）",
        "“三公”经费支出如下：        单位：万元",
    ],
)
@pytest.mark.parametrize("parted", [" ", "\t", "\n"])
def test_a_small_table_below_its_unit(parted: str, caption: str) -> None:
    body = "\n".join((caption, *(row.replace(" ", parted) for row in EXPENSES)))
    found = _amounts(body)
    assert [(code, value, unit) for _, code, value, unit in found[:3]] == [
        ("prior_year_actual", "5.2", "万元"),
        ("initial_budget", "6.0", "万元"),
        ("actual", "4.8", "万元"),
    ]
    assert [term for term, _, _, _ in found] == ["公务接待费"] * 3 + ["公务用车运行维护费"] * 3 + ["三公经费"] * 3


@pytest.mark.parametrize("parted", [" ", "\t"])
def test_two_values_under_three_columns_are_not_guessed(parted: str) -> None:
    rows = (EXPENSES[0], EXPENSES[1], "公务用车运行维护费 11.9 9.8", EXPENSES[3])
    body = "\n".join(("单位：万元", *(row.replace(" ", parted) for row in rows)))
    assert [value for _, _, value, _ in _amounts(body)] == ["5.2", "6.0", "4.8", "17.1", "15.8", "14.5"]
    assert {o.text for o in extraction(body).omissions if o.reason == "unknown_column"} == {"11.9", "9.8"}


def test_blank_cells_that_are_kept_say_where_a_value_stands() -> None:
    body = "单位：万元\n" + "\n".join(
        ("项目名称\t预算数\t支出数\t执行率", "村道养护\t300\t290\t96.67%", "渡口看守\t\t80", "合计\t300\t370\t")
    )
    found = [(f.project_name, measure(f), f.value_as_written) for f in extraction(body).figures if f.kind == "money"]
    assert ("渡口看守", "actual", "80") in found


def test_a_row_of_numbers_under_an_unknown_head_is_no_amount() -> None:
    assert _amounts("单位：万元\n栏目甲 栏目乙\n人员经费 812.5 820.3\n公用经费 96.1 95.2") == []


@pytest.mark.parametrize(("kept", "found"), [("", []), ("\t", [("initial_budget", "20"), ("adjusted_budget", "19")])])
def test_a_short_row_behind_its_number_is_read_where_blank_cells_were_kept(kept: str, found: list[str]) -> None:
    body = "\n".join(
        (
            "序号\t项目名称\t年初预算\t调整预算\t实际支出",
            "1\t村道养护\t50\t56\t55",
            "2\t渡口看守\t20\t19",
            "合计\t\t70\t75\t74",
        )
    )
    if not kept:
        body = body.replace("合计\t\t", "3\t其他\t")
    figures = extraction("单位：万元\n" + body).figures
    assert [(measure(f), f.value_as_written) for f in figures if f.project_name == "渡口看守"] == found


def test_the_unit_said_once_holds_for_the_tables_below_and_sentences_between_them_are_read() -> None:
    body = (
        "二、收支情况\n单位：万元\n项目 年初预算数 调整预算数 决算数 预算执行率\n基本支出 321.60 360.18 359.44 99.79%\n项目支出 105.00 148.35 140.17 94.49%\n"
        "合计 426.60 508.53 499.61 98.25%\n本年支出较上年（468.9万元）增加30.71万元，增长6.55%，主要是人员增加。\n"
        "三、项目支出情况\n项目名称 全年预算 全年支出 执行率\n普法专项 52.00 49.36 94.92%\n调解专项 96.35 90.81 94.25%\n"
    )
    rows = extraction(body).figures
    projects = [(f.project_name, str(f.value), f.unit) for f in rows if f.project_name and f.kind == "money"]
    assert projects == [
        ("普法专项", "52.00", "万元"),
        ("普法专项", "49.36", "万元"),
        ("调解专项", "96.35", "万元"),
        ("调解专项", "90.81", "万元"),
    ]
    assert {"468.9", "30.71", "6.55"} <= {str(f.value) for f in rows}


def test_captions_that_differ_say_no_unit_of_other_tables() -> None:
    table = "项目名称 全年预算 全年支出 执行率\n普法专项 52.00 49.36 94.92%\n调解专项 96.35 90.81 94.25%\n"
    body = f"二、收支情况\n单位：元\n科目 决算数\n基本支出 321.60\n三、资产\n单位：万元\n四、项目支出情况\n{table}"
    assert not [f for f in extraction(body).figures if f.project_name and f.kind == "money"]


@pytest.mark.parametrize(
    ("bought", "run"),
    [
        ("其中：购置", "运行维护"),
        ("其中：购置费", "运行维护费"),
        ("（1）购置", "（2）运维费"),
        ("①购置费", "②运行费"),
        ("其中:1.购置费", "2.维护费"),
    ],
)
@pytest.mark.parametrize("whole", ["三公经费合计", "合计"])
def test_the_parts_of_the_vehicles_need_not_say_so(bought: str, run: str, whole: str) -> None:
    rows = [
        (whole, "30", "26"),
        ("1.因公出国（境）费", "0", "0"),
        ("2.公务接待费", "8", "6"),
        ("3.公务用车购置及运行维护费", "22", "20"),
        (bought, "10", "9"),
        (run, "12", "11"),
    ]
    body = "单位：万元\n" + "\n".join("\t".join(row) for row in [("项目", "年初预算", "决算数"), *rows])
    spent = [account(f) for f in extraction(f"三、经费情况\n{body}").figures if measure(f) == "actual"]
    assert spent == ["three_public", "overseas_travel", "reception", "vehicle", "vehicle_purchase", "vehicle_running"]


def test_a_purchase_below_another_account_is_not_the_vehicles_() -> None:
    body = "单位：万元\n项目\t年初预算\t决算数\n公务接待费\t8\t6\n购置\t10\t9"
    assert {account(f) for f in extraction(f"三、经费情况\n{body}").figures} == {"reception", "unclassified"}


@pytest.mark.parametrize("parted", [" ", "\t"])
@pytest.mark.parametrize("head", ["金额", "金额（万元）", "资金金额"])
@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("2022年度项目支出明细如下：", "actual"),
        ("项目资金使用情况表", "actual"),
        ("2022年度安排的项目预算如下：", "initial_budget"),
        ("部门预算批复的项目为：", "initial_budget"),
        ("年初预算安排的项目已支付情况：", None),
        ("全年引进招商项目如下：", None),
    ],
)
def test_one_column_of_amounts_is_what_the_words_above_say(
    parted: str, head: str, above: str, expected: str | None
) -> None:
    rows = [("项目名称", head), ("村道养护", "50"), ("渡口看守", "20")]
    found = extraction(f"三、其他情况\n{above}\n单位：万元\n" + "\n".join(parted.join(row) for row in rows)).figures
    assert [(f.project_name, measure(f), f.value_as_written) for f in found if f.form] == (
        [("村道养护", expected, "50"), ("渡口看守", expected, "20")] if expected else []
    )


@pytest.mark.parametrize("ordinals", [True, False])
def test_a_list_with_numbers_and_remarks_around_its_amounts(ordinals: bool) -> None:
    head, rows = ["项目名称", "金额", "备注"], [["村道养护", "50.5", "两处"], ["渡口看守", "20.6", "无"]]
    if ordinals:
        head, rows = ["序号", *head], [[str(n), *row] for n, row in enumerate(rows, 1)]
    body = "项目支出明细表（单位：万元）\n" + "\n".join("\t".join(row) for row in [head, *rows])
    assert [(name, value) for name, _, value, _ in _rows(body)] == [("村道养护", "50.5"), ("渡口看守", "20.6")]


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        (["20", "19"], [("initial_budget", "20"), ("actual", "19")]),
        (["20"], None),
        (["95%"], []),
    ],
)
def test_a_short_row_in_a_list_of_a_cell_a_line(short: list[str], expected: list[tuple[str, str]] | None) -> None:
    cells = ["项目名称", "年初预算", "实际支出", "执行率", "村道养护", "50", "49", "98%", "小修", "30", "28", "93%"]
    body = "单位：万元\n" + "\n".join([*cells, "渡口看守", *short, "合计", "100", "97", "97%"])
    figures = extraction(f"二、项目支出情况\n{body}\n三、其他情况\n无。").figures
    found = [(measure(f), f.value_as_written) for f in figures if f.project_name == "渡口看守" and f.kind == "money"]
    assert found == (expected or [])
    assert ("合计", "97") in {(f.label, f.value_as_written) for f in figures} or expected is None


TIERS = [
    ("村道养护", "50", "56", "55", "98%"),
    ("渡口看守", "20", "20", "19", "95%"),
    ("合计", "70", "76", "74", "97%"),
]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("项目名称\t预算数\t\t实际支出\t执行率", "\t年初\t全年"),
        ("项目名称\t预算数\t\t实际支出\t执行率", "\t年初\t全年\t\t"),
        ("项目名称\t预算数\t实际支出\t执行率", "年初\t全年"),
        ("项目名称 预算数 实际支出 执行率", "年初 全年"),
        ("项目名称 预算 实际支出 执行率", "年初 全年"),
    ],
)
def test_a_head_of_two_lines(upper: str, lower: str) -> None:
    parted = "\t" if "\t" in upper else " "
    body = "单位：万元\n" + "\n".join((upper, lower, *(parted.join(row) for row in TIERS)))
    assert _rows(body) == [
        (None if row[0] == "合计" else row[0], code, value, "万元")
        for row in TIERS
        for code, value in zip(("initial_budget", "full_year_budget", "actual"), row[1:4], strict=True)
    ]


BY_FUNCTION = ("201一般公共服务支出 118.20 116.20", "2010301行政运行 90.00 89.10", "221住房保障支出 20.00 20.00")
BY_ECONOMY = ("301工资福利支出 110.20 109.80", "302商品和服务支出 30.46 29.36", "30201办公费 3.00 2.50")


@pytest.mark.parametrize("parted", [" ", "\t"])
@pytest.mark.parametrize("spaced", [False, True], ids=["code and name in one", "code and name apart"])
@pytest.mark.parametrize(
    ("head", "rows", "expected"),
    [
        ("功能分类科目 年初预算 决算数", BY_FUNCTION, ["f201", "f2010301", "f221"]),
        ("支出功能分类 年初预算数 决算数", BY_FUNCTION, ["f201", "f2010301", "f221"]),
        ("科目名称 年初预算 决算数", BY_ECONOMY, ["e301", "e302", "e30201"]),
        ("经济分类 年初预算数 支出决算数", BY_ECONOMY, ["e301", "e302", "e30201"]),
    ],
)
def test_execution_by_function_or_economic_class_between_sentences(
    head: str, rows: tuple[str, ...], expected: list[str], spaced: bool, parted: str
) -> None:
    lines = [parted.join(row.rsplit(" ", 2)) for row in (head, *rows)]
    if spaced:
        lines = [
            line if line[0] not in "23" else line.replace(name := line.lstrip("0123456789"), " " + name)
            for line in lines
        ]
    body = (
        "二、预算执行情况\n按科目分类的执行情况如下（单位：万元）：\n" + "\n".join(lines) + "\n全年支出无超预算情况。"
    )
    found = [(account(f), measure(f), f.value_as_written) for f in extraction(body).figures if f.kind == "money"]
    assert found == [
        (code, kind, value)
        for code, row in zip(expected, rows, strict=True)
        for kind, value in zip(("initial_budget", "actual"), row.split()[1:], strict=True)
    ]


def test_codes_in_a_column_of_their_own() -> None:
    rows = ("科目编码 科目名称 年初预算 决算数", "301 工资福利支出 110.20 109.80", "302 商品和服务支出 30.46 29.36")
    figures = extraction("二、预算执行情况\n单位：万元\n" + "\n".join(rows)).figures
    assert [(account(f), f.value_as_written) for f in figures][1::2] == [("e301", "109.80"), ("e302", "29.36")]


def test_one_column_of_amounts_beside_accounts_and_the_lines_behind_a_table() -> None:
    body = (
        "二、预算执行情况\n单位：万元\n科目名称 年初预算 决算数\n工资福利支出 110.20 109.80\n商品和服务支出 30.46 29.36\n"
        "208社会保障和就业支出 32.16万元\n221住房保障支出 20.00万元\n（二）支出功能分类\n"
        "支出功能分类科目\t金额\n201 一般公共服务支出\t118.20\n221 住房保障支出\t20.00\n合计\t138.20"
    )
    figures = [f for f in extraction(body).figures if measure(f) == "actual"]
    assert [(account(f), f.value_as_written) for f in figures if not (account(f) or "").startswith("e")] == [
        ("f201", "118.20"),
        ("f221", "20.00"),
        ("total", "138.20"),
        ("f208", "32.16"),
        ("f221", "20.00"),
    ]


UNSAID = "序号\t项目名称\t预算数\t\t支出数\n\t\t年初\t调整\n1\t村道养护\t{}\t{}\t{}\n2\t渡口看守\t20.00\t20.00\t19.00\n"


@pytest.mark.parametrize(
    ("amounts", "unit"),
    [
        (("52.00", "56.00", "55.40"), "万元"),
        (("520000", "560000", "554000"), "元"),
        (("52.00", "57.00", "55.00"), None),
    ],
    ids=["said in 万元", "said in 元", "said once"],
)
def test_the_unit_that_a_table_leaves_out_is_that_of_its_amounts_in_the_text(
    amounts: tuple[str, ...], unit: str | None
) -> None:
    plain = "520,000元，实际支出554,000元" if unit == "元" else "52万元，实际支出55.4万元"
    body = f"二、项目支出情况\n村道养护年初预算{plain}。各项目情况如下：\n{UNSAID.format(*amounts)}\n三、其他情况\n无。"
    found = [(f.value_as_written, f.unit) for f in extraction(body).figures if f.form and f.project_name == "村道养护"]
    assert found == [(amount, unit) for amount in amounts if unit]


@pytest.mark.parametrize("parted", [" ", "\t", "\u3000"])
@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    ("above", "expected"),
    [("全年支出184.66万元，按功能分类：", "actual"), ("年初预算184.66万元，按功能分类：", "initial_budget")],
)
def test_a_list_by_function_without_a_head(above: str, expected: str, apart: bool, parted: str) -> None:
    rows = [
        ("201", "一般公共服务支出", "120.50"),
        ("208", "社会保障和就业支出", "44.16"),
        ("221", "住房保障支出", "20.00"),
    ]
    lines = [(parted if apart else "").join(row[:2]) + parted + row[2] for row in rows] + [f"合计{parted}184.66"]
    body = "二、支出情况\n单位：万元\n" + above + "\n" + "\n".join(lines) + "\n（三）其他情况\n无。"
    found = [(account(f), measure(f), f.value_as_written) for f in extraction(body).figures if f.form]
    assert found == [
        *((f"f{code}", expected, value) for code, _, value in rows),
        ("total", expected, "184.66"),
    ]


def test_a_list_by_function_without_head_and_unit_stays_unread_and_its_lines_apart() -> None:
    body = "二、支出情况\n按功能分类：\n201一般公共服务支出\t8,215.22\n210卫生健康支出\t512,600.00\n211节能环保支出\t1,350,000.00\n"
    assert extraction(body).figures == ()


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("（一）基本支出情况", "basic"), ("（一）预算执行情况", "total"), ("（一）基本支出和项目支出情况", "total")],
)
def test_the_total_of_a_table_without_a_title_is_its_section_s(heading: str, expected: str) -> None:
    rows = (
        "经济分类\t年初预算\t决算数",
        "工资福利支出\t68.00\t74.18",
        "资本性支出\t10.00\t21.35",
        "合计\t78.00\t95.53",
    )
    body = f"二、支出情况\n{heading}\n支出情况见下表（单位：万元）：\n" + "\n".join(rows)
    assert {account(f) for f in extraction(body).figures if f.label == "合计"} == {expected}


def test_shares_beside_the_amounts_are_no_amounts() -> None:
    rows = (
        "支出类别\t金额（万元）\t占比",
        "工资福利支出\t289.45\t70.67%",
        "资本性支出\t24.10\t5.88%",
        "合计\t313.55\t100%",
    )
    figures = extraction("二、收支情况\n（二）支出\n2022年支出明细如下：\n" + "\n".join(rows)).figures
    assert [(account(f), measure(f), f.value_as_written) for f in figures] == [
        ("e301", "actual", "289.45"),
        ("e310", "actual", "24.10"),
        ("total", "actual", "313.55"),
    ]
