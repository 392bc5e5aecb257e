"""Rates that a text states, from its words to the rule: what they are rates of is found by the model, not only given to the rule."""

from __future__ import annotations

from pathlib import Path

import duckdb
from click.testing import CliRunner

from dagster_project.cli import cli
from dagster_project.warehouse.home import Home

REPORT = """2022年度安宁市水利局部门整体支出绩效自评报告
二、一般公共预算财政拨款支出情况
财政拨款支出200万元，其中：一般公共服务支出150万元，占75%；住房保障支出50万元，占26%。
1、一般公共服务支出（类）人大事务（款）行政运行（项）。
年初预算为100万元，支出决算为110万元，完成年初预算的110%。
2、一般公共服务支出（类）人大事务（款）人大会议（项）。年初预算为90万元，支出决算为92.40万元，完成年初预算的105.67%。
三、三公经费情况
公务接待费5.00万元，比上年的4.00万元增长25%。会议费6.00万元，比上年的8.00万元下降20%。
"""


def test_rates_of_functional_items_shares_and_changes_are_compared(empty_home: Home, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(REPORT, "utf-8")
    done = CliRunner().invoke(cli, ["run", str(tmp_path / "report.txt"), "--home", str(empty_home.root)])
    assert done.exit_code == 0, done.output
    with duckdb.connect(str(empty_home.published), read_only=True) as con:
        found = con.execute(
            "select left_value::varchar, outcome, round(right_value, 2)::varchar from marts.fct_reconciliation "
            "where rule_code = 'stated_rate_matches_figures' order by left_value"
        ).fetchall()
    assert [
        (stated.rstrip("0").rstrip("."), outcome, right.rstrip("0").rstrip(".")) for stated, outcome, right in found
    ] == [
        ("20", "fails", "25"),
        ("25", "holds", "25"),
        ("26", "fails", "25"),
        ("75", "holds", "75"),
        ("105.67", "fails", "102.67"),
        ("110", "holds", "110"),
    ]
