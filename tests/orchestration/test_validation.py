"""The suites: each expectation holds on the bundled reports, and each fails when what it guards is broken."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from dagster_project import expectations_build, modelling, validation
from dagster_project.warehouse.home import Home

# what each SQL expectation guards, broken: its reason -> statements. `{t}` is the table.
BREAKS: dict[str, str] = {
    "Facts hold current versions only": "update {t} set report_key = 'nobody' where rowid = 0",
    "The evidence of a fact is": "update {t} set evidence_key = 'nowhere' where rowid = 1",
    "The two amounts are one amount": "update {t} set amount_wan = amount_wan + 1 where rowid = 2",
    "A stated none is zero": "update {t} set qualifier = 'stated_none', amount_yuan = 5, amount_wan = 0.0005 where rowid = 3",
    "Of several statements of one figure": "insert into {t} by name select * from {t} where is_primary "
    "and account_code <> 'unclassified' and report_key <> 'nobody' limit 1",
    "The quote holds the figure": "update {t} set value_as_written = '987654321.123' where rowid = 5",
    "An account that the tree": "update {t} set account_code = 'gone' where rowid = 6",
    "An execution score is capped": "update {t} set row_kind = 'execution', weight = 1, recomputed_score = 2 where rowid = 2",
    "Only indicator rows": "update {t} set row_kind = 'total', indicator_code = 'x' where rowid = 3",
    "A form has one total row": "insert into {t} by name select * replace ('total' as row_kind) from {t} where rowid in (4, 4); "
    "insert into {t} by name select * from {t} where row_kind = 'total'",
    "An indicator that the tree": "update {t} set indicator_code = 'gone' where rowid = 5",
    "A difference is left minus right": "update {t} set left_value = 5, right_value = 3, difference = 1 where rowid = 2",
    "What differs by rounding": "update {t} set outcome = 'rounding', difference = 5, tolerance = 1 where rowid = 3",
    "What is reported as failing": "update {t} set outcome = 'fails', difference = 1, tolerance = 5 where rowid = 4",
    "A result that was computed": "update {t} set outcome = 'holds', evidence_keys = [] where rowid = 5",
    "Every place that a result": "update {t} set evidence_keys = ['nowhere'] where rowid = 6",
    "No rule is silent": "delete from {t} where rowid = 7; insert into {t} by name select * replace ('new rule' as rule_code) "
    "from {t} where rowid = 8",
    "People and organisations": "update {t} set metric_group = 'staff', value = 1.5, measure = null where rowid = 2",
    "A rate beyond": "update {t} set metric_group = 'rate', value = 1000000 where rowid = 3",
    "The quote is exactly": "update {t} set char_end = char_end + 1 where rowid = 2",
    "The execution rate is": "update {t} set budget = 10, actual = 5, execution_rate = 99 where rowid = 0",
    "A rate needs both": "update {t} set budget = null, execution_rate = 5 where rowid = 1",
    "Disagreements by severity": "update {t} set disagreements_error = disagreements_error + 1 where rowid = 2",
    "No document is lost": "update {t} set document_sha256 = 'another' where rowid = 1",
    "Of the versions of a report": "update {t} set is_current = false where rowid = 2",
    "Conservation": "delete from marts.fct_operation where rowid = 0",
    "A code of GB/T 2260": "update {t} set division_code = '4302' where rowid = 0",
    "Every parent is in the tree": "update {t} set parent_account_code = 'gone' where rowid = 1",
    "A report that gives nothing": "insert into {t} by name select * replace ('blank' as document_sha256) from {t} where rowid = 0",
    "More than one file in five": "insert into raw.quarantine by name select 'q' || i as document_sha256, 'n' as document_name, "
    "'p' as document_path, 1 as size_bytes, 'damaged' as reason, 'm' as message, now()::timestamp as seen_at, '1' as reader_version, "
    "'1' as extractor_version from range(20) as r(i)",
    "No figure without its place": "update {t} set evidence_no = 999999 where rowid = 3",
    "A part belongs to": "update {t} set part_of_figure_no = 999999 where rowid = 4",
    "No row without its place": "update {t} set evidence_no = 999999 where rowid = 3",
}


def break_it(con: duckdb.DuckDBPyConnection, table: str, expectation: dict[str, object], row: int) -> None:
    """Change the data so that this one expectation cannot hold."""
    kind, arguments = str(expectation["type"]), expectation["kwargs"]
    assert isinstance(arguments, dict)
    column = f'"{arguments.get("column")}"'
    if kind == "expect_column_values_to_not_be_null":
        con.execute(f"update {table} set {column} = null where rowid = {row}")
    elif kind in ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"):
        con.execute(f"insert into {table} by name select * from {table} where rowid = (select max(rowid) from {table})")
    elif kind == "expect_column_values_to_be_in_set":
        con.execute(f"update {table} set {column} = '∅' where rowid = {row}")
    elif kind == "expect_column_values_to_be_between":
        beyond = arguments["max_value"] + 1 if "max_value" in arguments else arguments["min_value"] - 1
        con.execute(f"update {table} set {column} = {beyond} where rowid = {row}")
    else:
        (statements,) = [s for start, s in BREAKS.items() if str(expectation["notes"]).startswith(start)]
        con.execute(statements.replace("{t}", table))


@pytest.fixture(scope="module")
def copy(built_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables that suites look at, without the constraints that would refuse broken rows."""
    path = tmp_path_factory.mktemp("broken") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(f"attach '{built_home.warehouse}' as built (read_only)")
        for name in ("marts", "raw", "history"):
            con.execute(f"create schema {name}")
            tables = con.execute(
                "select table_name from duckdb_tables() where database_name = 'built' and schema_name = ?", [name]
            ).fetchall()
            for (table,) in tables:
                con.execute(f'create table {name}."{table}" as from built.{name}."{table}"')
    return path


def test_every_suite_holds_on_the_bundled_reports(copy: Path) -> None:
    for result in validation.validate(copy, validation.suites()):
        assert result.passed, result
        assert result.rows is not None


@pytest.mark.parametrize("file", validation.suites(), ids=lambda f: f.name)
def test_every_expectation_fails_when_broken(copy: Path, tmp_path: Path, file: validation.SuiteFile) -> None:
    import shutil

    wanted = json.loads(file.path.read_text("utf-8"))["expectations"]
    table = f'"{file.schema}"."{file.table}"'
    base = Path(shutil.copyfile(copy, tmp_path / "warehouse.duckdb"))
    for expectation in wanted:
        broken = Path(shutil.copyfile(base, tmp_path / "broken.duckdb"))
        with duckdb.connect(str(broken)) as con:
            break_it(con, table, expectation, 0)
        alone = tmp_path / f"{file.name}.json"
        alone.write_text(json.dumps({"name": file.name, "expectations": [expectation]}), "utf-8")
        (result,) = validation.validate(broken, [validation.SuiteFile(alone)])
        (failure,) = result.failures or [None]
        assert failure is not None, expectation
        assert not failure.observed.startswith("could not be evaluated"), failure
        assert result.blocking == (expectation["severity"] == "critical")
        if failure.expectation == "unexpected_rows_expectation":
            assert failure.first, "the first failing rows are shown"


def test_full_width_digits_of_a_quote_are_the_figure(copy: Path, tmp_path: Path) -> None:
    """A quote keeps the text as it stands, a figure is read from its folded view."""
    import shutil

    wide = Path(shutil.copyfile(copy, tmp_path / "wide.duckdb"))
    with duckdb.connect(str(wide)) as con:
        con.execute("update marts.evidence set quote = translate(quote, '0123456789.,-', '０１２３４５６７８９．，－')")
    (suite,) = [s for s in validation.suites() if s.table == "fct_expenditure"]
    (result,) = validation.validate(wide, [suite])
    assert result.passed, result


def test_the_json_files_are_what_the_command_writes(tmp_path: Path) -> None:
    """A hand edit would be lost at the next build, and a change in Python alone would guard nothing."""
    written = {p.name: p.read_text("utf-8") for p in expectations_build.write(tmp_path)}
    assert written == {s.path.name: s.path.read_text("utf-8") for s in validation.suites()}


def test_every_expectation_says_why() -> None:
    for name, expectations in expectations_build.SUITES.items():
        for expectation in expectations:
            assert expectation["notes"], f"{name}: {expectation['type']}"


def test_no_expectation_asks_what_a_constraint_of_the_table_holds(built_home: Home) -> None:
    """It could not fail; and what the contract calls not null is such a constraint."""
    with duckdb.connect(str(built_home.warehouse), read_only=True) as con:
        filled = set(
            con.execute(
                "select schema_name || '.' || table_name, column_name from duckdb_columns() where not is_nullable"
            ).fetchall()
        )
        keys = {
            (table, tuple(columns))
            for table, columns in con.execute(
                "select schema_name || '.' || table_name, constraint_column_names from duckdb_constraints() "
                "where constraint_type = 'PRIMARY KEY'"
            ).fetchall()
        }
    contract = {
        (f"{node['schema']}.{node.get('alias') or node['name']}", column["name"])
        for node in modelling.manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["contract"]["enforced"]
        for column in node["columns"].values()
        if any(c["type"] == "not_null" for c in column["constraints"])
    }
    assert contract
    assert contract <= filled
    for name, expectations in expectations_build.SUITES.items():
        for one in expectations:
            of = one["kwargs"].get("column_list") or [one["kwargs"].get("column")]
            if one["type"] == "expect_column_values_to_not_be_null":
                assert (name, of[0]) not in filled, f"{name}: {of[0]} is not null by its table"
            if one["type"].endswith("to_be_unique"):
                assert (name, tuple(of)) not in keys, f"{name}: {of} is the table's key"


def test_an_expectation_that_cannot_be_evaluated_blocks(copy: Path, tmp_path: Path) -> None:
    """Also guards the cure for GX on DuckDB: without it most expectations end in an exception."""
    suite = tmp_path / "marts.dim_year.json"
    gone = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "gone"}, "severity": "critical"}
    there = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "fiscal_year"}, "severity": "critical"}
    suite.write_text(json.dumps({"name": "marts.dim_year", "expectations": [gone, there]}), "utf-8")
    (result,) = validation.validate(copy, [validation.SuiteFile(suite)])
    assert [f.observed.startswith("could not be evaluated") for f in result.failures] == [True]
    assert result.blocking


def test_a_query_for_rows_is_asked_once(copy: Path, tmp_path: Path) -> None:
    """GX would ask for the number of rows and for the rows; ours of the first rows only where there are some."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    suite = tmp_path / "marts.dim_year.json"
    why = {"notes": "No year.", "severity": "critical"}
    none = {"unexpected_rows_query": "select fiscal_year as none_at_all from {batch} where fiscal_year < 0"}
    some = {"unexpected_rows_query": "select fiscal_year as every_year from {batch}"}
    rows = [{"type": "unexpected_rows_expectation", "kwargs": kwargs, **why} for kwargs in (none, some)]
    suite.write_text(json.dumps({"name": "marts.dim_year", "expectations": rows}), "utf-8")
    event.listen(Engine, "before_cursor_execute", note)
    try:
        (result,) = validation.validate(copy, [validation.SuiteFile(suite)])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [sum(word in statement for statement in asked) for word in ("none_at_all", "every_year")] == [1, 1]
    (failure,) = result.failures
    assert failure.unexpected_count == result.rows
    assert len(failure.first) == min(validation.FIRST_ROWS, result.rows or 0) > 0


def test_data_docs_are_replaced_as_a_whole(copy: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs" / "expectations"
    for _ in range(2):
        validation.validate(copy, validation.suites()[:1], docs)
        assert (docs / "index.html").exists()
    assert [p.name for p in docs.parent.iterdir()] == ["expectations"]


def test_the_file_is_free_afterwards(copy: Path) -> None:
    validation.validate(copy, validation.suites()[:1])
    with duckdb.connect(str(copy), read_only=True) as con:
        con.execute("select 1")
