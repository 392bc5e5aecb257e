"""The `jixiao` command as its users meet it: exit codes, messages, formats."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from dagster_project.cli import cli
from dagster_project.warehouse.home import BUNDLED_REPORTS, Home

Jixiao = Callable[..., Result]


@pytest.fixture
def jixiao() -> Jixiao:
    def call(*words: str | Path, home: Home | None = None) -> Result:
        place = ["--home", str(home.root)] if home else []
        return CliRunner().invoke(cli, [str(w) for w in words] + place, catch_exceptions=False)

    return call


def state(home: Home) -> dict[str, object]:
    """Everything that a run could change for a reader: tables row by row, and which file is published."""
    found: dict[str, object] = {"file": home.published.stat().st_ino}
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name not in ('raw') order by all"
        ).fetchall()
        tables += [("raw", t) for t in ("documents", "figures", "evidence", "form_rows", "findings", "quarantine")]
        for schema, table in tables:
            rows = con.execute(
                f'select md5(string_agg(r::varchar, chr(10) order by r::varchar)) from "{schema}"."{table}" as r'
            )
            found[f"{schema}.{table}"] = rows.fetchall()
    return found


# ------------------------------------------------------------------- run


def test_running_again_changes_nothing(jixiao: Jixiao, home: Home) -> None:
    before = state(home)
    result = jixiao("run", BUNDLED_REPORTS, home=home)
    assert result.exit_code == 0, result.output
    assert "Nothing new" in result.output
    assert "0 new, 5 known already" in result.output
    assert state(home) == before


def test_a_missing_path_is_wrong_usage(jixiao: Jixiao, empty_home: Home, tmp_path: Path) -> None:
    result = jixiao("run", tmp_path / "gone", home=empty_home)
    assert result.exit_code == 2
    assert "does not exist" in result.output


def test_an_empty_folder_is_said_so(jixiao: Jixiao, empty_home: Home, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    result = jixiao("run", tmp_path / "nothing", home=empty_home)
    assert result.exit_code == 2
    assert "holds no reports" in result.output


@pytest.mark.parametrize("words", [["run", "--no-such-option"], ["no-such-command"], ["publish"], ["query"]])
def test_wrong_usage(jixiao: Jixiao, words: list[str]) -> None:
    assert jixiao(*words).exit_code == 2


def test_a_home_that_cannot_be_written_fails(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    result = jixiao("run", home=Home(tmp_path / "file" / "home"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_bad_files_are_quarantined_and_the_others_published(jixiao: Jixiao, home: Home, tmp_path: Path) -> None:
    """One new report beside an empty file, a picture and a cut document: exit code 3, each with its reason."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    report = next(BUNDLED_REPORTS.glob("*.txt")).read_text("utf-8")
    (folder / "again.txt").write_text(report.replace("2021", "2020"), "utf-8")
    (folder / "empty.docx").write_bytes(b"")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 64)
    whole = next(BUNDLED_REPORTS.glob("*.docx")).read_bytes()
    (folder / "cut.docx").write_bytes(whole[: len(whole) // 2])
    result = jixiao("run", folder, home=home)
    assert result.exit_code == 3, result.output
    for words in (
        "quarantined (empty): empty.docx",
        "quarantined (unsupported): photo.jpg",
        "quarantined (damaged): cut.docx",
    ):
        assert words in result.output
    quarantined = json.loads(
        jixiao(
            "query", "select document_name, reason from quarantine order by all", "--format", "json", home=home
        ).output
    )
    assert [q["document_name"] for q in quarantined] == ["cut.docx", "empty.docx", "photo.jpg"]
    copies = {p.name.partition("_")[2] for p in home.quarantine.iterdir()}
    assert {"cut.docx", "cut.docx.json", "empty.docx", "photo.jpg"} <= copies
    reports = jixiao(
        "query", "select count(*) as n from dim_report where document_name = 'again.txt'", "--format", "csv", home=home
    )
    assert reports.output == "n\n1\n"
    said = jixiao("status", home=home).output
    assert "quarantine 3 files" in said
    # the same delivery again: nothing is read, the quarantine is still said
    again = jixiao("run", folder, home=home)
    assert again.exit_code == 3
    assert "Nothing new" in again.output


def test_a_run_that_fails_leaves_the_publication(jixiao: Jixiao, home: Home) -> None:
    """A fault of our own (here: a quote that is not where it says) blocks publication; exit code 1."""
    before = home.published.stat().st_ino
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("update raw.figures set evidence_no = 999999 where figure_no = 1")
        con.execute("update raw.documents set licence = 'changed', ingested_at = ingested_at + interval 1 second")
    result = jixiao("run", BUNDLED_REPORTS, home=home)
    assert result.exit_code == 1, result.output
    assert "what was published before is unchanged" in result.output
    assert "No figure without its place" in result.output
    assert home.published.stat().st_ino == before
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        assert con.execute("select outcome from raw.runs order by started_at desc limit 1").fetchall() == [("failed",)]


def test_two_runs_at_once_take_turns(home: Home) -> None:
    """Two processes: the second says whom it waits for, and both end well."""
    command = [sys.executable, "-m", "dagster_project", "run", str(BUNDLED_REPORTS), "--home", str(home.root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [p.communicate(timeout=240) for p in both]
    assert [p.returncode for p in both] == [0, 0], told
    assert sum("is being written by process" in err for _, err in told) == 1


def test_a_run_that_may_not_wait_says_who_is_writing(jixiao: Jixiao, home: Home) -> None:
    from tests.warehouse.test_lock import first

    process = first(home, 60)
    try:
        result = jixiao("run", "--wait", "0", home=home)
        assert result.exit_code == 1
        assert f"process {process.pid}" in result.output
        assert "is being written" not in jixiao("query", "select 1 as one", home=home).output  # readers don't mind
        assert "writing" in jixiao("status", home=home).output
    finally:
        process.kill()
        process.wait()


# ---------------------------------------------------------------- reading


def test_department_year(jixiao: Jixiao, built_home: Home) -> None:
    out = jixiao("query", "select * from department_year", home=built_home).output
    assert "株洲市荷塘区人民政府办公室" in out
    assert out.rstrip().endswith("(5 rows)")


def test_query_formats(jixiao: Jixiao, built_home: Home, tmp_path: Path) -> None:
    sql = "select department_name, budget from department_year where budget is not null order by all limit 1"
    table = jixiao("query", sql, home=built_home).output
    as_csv = jixiao("query", sql, "--format", "csv", home=built_home).output.splitlines()
    (as_json,) = json.loads(jixiao("query", sql, "--format", "json", home=built_home).output, parse_float=Decimal)
    jixiao("query", sql, "--format", "parquet", "--output", tmp_path / "q.parquet", home=built_home)
    (as_parquet,) = pq.read_table(tmp_path / "q.parquet").to_pylist()
    assert as_json == as_parquet
    assert as_csv == ["department_name,budget", f"{as_json['department_name']},{as_json['budget']}"]
    assert as_json["department_name"] in table


def test_query_writes_files(jixiao: Jixiao, built_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "new" / "q.csv"
    assert jixiao("query", "select 1 as a", "--format", "csv", "-o", file, home=built_home).exit_code == 0
    assert file.read_bytes() == b"\xef\xbb\xbfa\n1\n"


def test_query_mistakes(jixiao: Jixiao, built_home: Home, empty_home: Home) -> None:
    assert jixiao("query", "select nothing from nowhere", home=built_home).exit_code == 1
    assert jixiao("query", "delete from department_year", home=built_home).exit_code == 1
    assert jixiao("query", "select 1", "--format", "parquet", home=built_home).exit_code == 2
    unpublished = jixiao("query", "select 1", home=empty_home)
    assert unpublished.exit_code == 1
    assert "jixiao run" in unpublished.output


@pytest.mark.parametrize("words", [["query", "select 1"], ["status"], ["--help"]])
def test_reading_commands_import_nothing_heavy(built_home: Home, words: list[str]) -> None:
    """They answer in under half a second because of what they leave out."""
    code = (
        "import sys; from dagster_project.cli import cli; cli(sys.argv[1:], standalone_mode=False); "
        "heavy = {'dagster', 'dbt', 'great_expectations', 'pandas', 'pyarrow', 'streamlit'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    environment = dict(os.environ, JIXIAO_HOME=str(built_home.root))
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name",
    ["zhuzhou-hetang-government-office-2022.docx", "/somewhere/else/zhuzhou-hetang-government-office-2022.docx",
     "株洲市荷塘区人民政府办公室/2022", "荷塘区/2022", "zhuzhou-hetang"],
)  # fmt: skip
def test_report_is_found_by_any_name(jixiao: Jixiao, built_home: Home, name: str) -> None:
    result = jixiao("report", name, home=built_home)
    assert result.exit_code == 0, result.output
    assert "株洲市荷塘区人民政府办公室 2022" in result.output
    for part in ("== money", "== scores", "== other figures", "== problems and measures", "== disagreements"):
        assert part in result.output


def test_report_shows_the_words_beside_the_facts(jixiao: Jixiao, built_home: Home) -> None:
    out = jixiao("report", "荷塘区/2022", home=built_home).output
    assert "737.26" in out
    assert "quote" in out


def test_a_report_that_is_not_there(jixiao: Jixiao, built_home: Home) -> None:
    several = jixiao("report", "芦淞区/2021", home=built_home)
    assert several.exit_code == 2
    assert "means several reports" in several.output
    missing = jixiao("report", "nobody/1999", home=built_home)
    assert missing.exit_code == 2
    assert "There are:" in missing.output


def test_report_diff_without_an_earlier_version(jixiao: Jixiao, built_home: Home) -> None:
    assert "one version only" in jixiao("report", "荷塘区/2022", "--diff", home=built_home).output


def test_check_formats_tell_the_same(jixiao: Jixiao, built_home: Home, tmp_path: Path) -> None:
    as_json = json.loads(jixiao("check", "--format", "json", home=built_home).output)
    assert as_json
    assert {r["severity"] for r in as_json} <= {"error", "warning", "info"}
    severities = [r["severity"] for r in as_json]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    as_csv = jixiao("check", "--format", "csv", home=built_home).output
    assert as_csv.startswith("no,severity,department_name,")
    table = jixiao("check", home=built_home).output
    assert f"({len(as_json)} disagreement" in table
    assert as_json[0]["message_zh"] in table
    assert [r["no"] for r in as_json] == list(range(1, len(as_json) + 1))
    for row in as_json:
        for other in (row["same_cause_as"] or "").split(", "):
            assert not other or str(row["no"]) in as_json[int(other) - 1]["same_cause_as"].split(", ")
    assert jixiao("check", "--format", "xlsx", "-o", tmp_path / "c.xlsx", home=built_home).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["disagreements"]
    assert sheet.max_row == len(as_json) + 1
    assert jixiao("check", "--format", "xlsx", home=built_home).exit_code == 2


def test_check_of_one_report(jixiao: Jixiao, built_home: Home) -> None:
    one = json.loads(jixiao("check", "荷塘区/2022", "--format", "json", home=built_home).output)
    assert {r["document_name"] for r in one} <= {"zhuzhou-hetang-government-office-2022.docx"}


def test_status(jixiao: Jixiao, built_home: Home, empty_home: Home) -> None:
    out = jixiao("status", home=built_home).output
    assert "5 reports in 5 formats" in out
    assert "published" in out
    assert "nothing yet" in jixiao("status", home=empty_home).output
    assert jixiao("status", "--unmapped", home=built_home).exit_code == 0


# --------------------------------------------------------------- handing on


def test_words_of_strangers_reach_no_terminal_as_codes(jixiao: Jixiao, home: Home) -> None:
    """A file's name, a title, a quote: neither colours nor cursor movements, nor another direction of writing."""
    evil = "\x1b[2J\x1b]0;x\x07\u202e\x9b31m\r甲"
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "insert into raw.quarantine values ('bad', ?, ?, 1, 'damaged', ?, now()::timestamp, '1', '1')", [evil] * 3
        )
    with duckdb.connect(str(home.published)) as con:
        con.execute("update marts.dim_report set title = $1, document_name = document_name || $1", [evil])
        con.execute("update marts.evidence set quote = $1 || quote", [evil])
        con.execute("update marts.fct_reconciliation set message_zh = $1 || message_zh", [evil])
        ((key,),) = con.execute(
            "select min(report_key) from marts.fct_reconciliation where outcome = 'fails'"
        ).fetchall()
    for words in (["status"], ["report", key], ["check"], ["report", "no such"], ["query", "select * from dim_report"]):
        done = jixiao(*words, home=home)
        told = done.output + (done.stderr or "")
        assert "甲" in told, words
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", told.replace("\r\n", "\n")), words


def test_publish_to_a_folder_and_a_workbook(jixiao: Jixiao, built_home: Home, tmp_path: Path) -> None:
    assert jixiao("publish", "--to", tmp_path / "out", home=built_home).exit_code == 0
    assert (tmp_path / "out" / "department_year.parquet").exists()
    assert jixiao("publish", "--to", tmp_path / "marts.xlsx", home=built_home).exit_code == 0
    for target in ("mysql://host/db", "marts.csv"):
        assert jixiao("publish", "--to", target, home=built_home).exit_code == 2


def test_verify(jixiao: Jixiao, home: Home) -> None:
    fine = jixiao("verify", home=home)
    assert fine.exit_code == 0, fine.output
    shutil.rmtree(home.parquet)
    off = jixiao("verify", home=home)
    assert off.exit_code == 1
    assert "dim_report.parquet is missing" in off.output


def test_sandbox_is_a_copy_of_one_s_own(jixiao: Jixiao, home: Home) -> None:
    result = jixiao("sandbox", "ann", home=home)
    assert result.exit_code == 0
    copy = home.sandbox / "ann" / "warehouse.duckdb"
    assert f"export JIXIAO_DUCKDB={copy}" in (home.sandbox / "ann" / "activate.sh").read_text()
    with duckdb.connect(str(copy)) as con:
        con.execute("create table marts.mine as select 1 as a")
    jixiao("sandbox", "ann", home=home)  # kept
    with duckdb.connect(str(copy)) as con:
        assert con.execute("from marts.mine").fetchall() == [(1,)]
    jixiao("sandbox", "ann", "--fresh", home=home)
    with duckdb.connect(str(copy), read_only=True) as con:
        assert con.execute("select count(*) from duckdb_tables() where table_name = 'mine'").fetchall() == [(0,)]
    assert jixiao("sandbox", "../escape", home=home).exit_code == 1


def test_docs(jixiao: Jixiao, home: Home) -> None:
    result = jixiao("docs", home=home)
    assert result.exit_code == 0, result.output
    dictionary = (home.docs / "dictionary.html").read_text("utf-8")
    assert "marts.fct_expenditure" in dictionary
    assert (home.docs / "expectations" / "index.html").exists()
    assert (home.docs / "dbt.html").stat().st_size > 100_000
