"""A bundled report published again with corrections: its facts replace the first version's, which history keeps."""

from __future__ import annotations

from pathlib import Path

import duckdb
from click.testing import CliRunner

from dagster_project.cli import cli
from dagster_project.warehouse.home import BUNDLED_REPORTS, Home

FIRST = "zhuzhou-lusong-affairs-center-2021.txt"
REVISED = "zhuzhou-lusong-affairs-center-2021-revised.txt"


def test_a_reissued_report_and_what_changed(home: Home, tmp_path: Path) -> None:
    text = (BUNDLED_REPORTS / FIRST).read_text("utf-8")
    corrected = text.replace("173.16", "175.16").replace("在职19人", "在职20人")
    (tmp_path / REVISED).write_text(corrected, "utf-8")
    with duckdb.connect(str(home.published), read_only=True) as con:
        others = "select * from marts.fct_expenditure where document_sha256 <> ? order by expenditure_key"
        sha = con.execute("select document_sha256 from marts.dim_report where document_name = ?", [FIRST]).fetchone()
        before = con.execute(others, sha).fetchall()
        facts = con.execute("select count(*) from marts.fct_expenditure where document_sha256 = ?", sha).fetchone()

    run = CliRunner().invoke(cli, ["run", str(tmp_path / REVISED), "--home", str(home.root)])
    assert run.exit_code == 0, run.output

    with duckdb.connect(str(home.published), read_only=True) as con:
        versions = con.execute(
            "select document_name, version, is_current from marts.dim_report where document_name in (?, ?) order by version",
            [FIRST, REVISED],
        ).fetchall()
        assert versions == [(FIRST, 1, False), (REVISED, 2, True)]
        assert con.execute("select count(*) from marts.fct_expenditure where document_sha256 = ?", sha).fetchone() == (
            0,
        )
        kept = con.execute("select count(*) from history.fct_expenditure where document_sha256 = ?", sha).fetchone()
        assert kept == facts
        new = con.execute("select document_sha256 from marts.dim_report where document_name = ?", [REVISED]).fetchone()
        assert new is not None
        assert con.execute(others, new).fetchall() == before, "another report's facts are touched"

    shown = CliRunner().invoke(cli, ["report", REVISED, "--diff", "--home", str(home.root)])
    assert shown.exit_code == 0, shown.output
    lines = [line.split() for line in shown.output.splitlines()]
    assert any("173.160000" in line and "175.160000" in line and "2.000000" in line for line in lines), shown.output
    assert any(line[:1] == ["在职"] and "19.000000" in line and "20.000000" in line for line in lines), shown.output
    assert "(2 rows)" in shown.output
