"""Parquet files that take over row groups: always the table's rows, and only what changed is written."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.warehouse import parquet_files, parquet_footer
from dagster_project.warehouse.parquet_files import Before
from dagster_project.warehouse.publishing import Description

ABOUT = Description("Facts. 事实", {"amount": "An amount. 金额"})
Rows = dict[str | None, int]  # department -> how many rows it has


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "ROWS_A_GROUP", 10)


def table(con: duckdb.DuckDBPyConnection, rows: Rows, version: int = 0) -> None:
    con.execute(
        "create or replace table facts (department_key varchar, amount decimal(20, 2), words varchar, keys varchar[])"
    )
    for department, count in rows.items():
        con.execute(
            "insert into facts select ?, i + 0.01 + ?, repeat('决算说明' || i, 200), ['a', i::varchar] from range(?) as t(i)",
            [department, version, count],
        )


def written(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    name: str,
    before: Before | None = None,
    *,
    copy_of: Path | None = None,
    about: Description = ABOUT,
) -> None:
    if copy_of and copy_of.exists():
        shutil.copyfile(copy_of, file)
    parquet_files.write(con.cursor(), "facts", file, name, about=about, before=before)


def contents(con: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[object, ...]]:
    return con.execute(f"select * from {relation} order by department_key, amount, words").fetchall()


def places(file: Path) -> dict[int, list[int]]:
    """Where each part's columns begin in the file."""
    told = pq.read_metadata(file)
    parts = json.loads(told.metadata[b"row_groups"])["parts"]
    groups = [told.row_group(i) for i in range(told.num_row_groups)]
    return {p: [g.column(c).data_page_offset for c in range(g.num_columns)] for p, g in zip(parts, groups, strict=True)}


def test_only_the_row_group_of_a_changed_department_is_written(tmp_path: Path) -> None:
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    rows: Rows = {f"{d:02}": 10 for d in range(8)}
    with duckdb.connect() as con:
        table(con, rows)
        written(con, old, "one")
        con.execute("update facts set amount = -5 where department_key = '03'")
        written(con, new, "two", Before("one", ["03"]), copy_of=old)
        assert contents(con, f"'{new}'") == contents(con, "facts")
    was, now = places(old), places(new)
    assert len(was) == 8
    assert [part for part in was if was[part] != now[part]] == [3]
    read = pq.read_table(new)
    assert read.num_rows == pq.read_metadata(new).num_rows == 80
    assert sum(x == Decimal("-5.00") for x in read["amount"].to_pylist()) == 10
    field = pq.read_schema(new).field("amount")
    assert field.metadata[b"description"].decode() == "An amount. 金额"
    least = pq.read_metadata(new).row_group(7).column(1).statistics.min  # of the group written last
    assert least == Decimal("-5.00")
    assert pq.read_table(new, filters=[("department_key", "==", "05")]).num_rows == 10


@pytest.mark.parametrize("case", ["other publication", "other columns", "other words", "cut", "no Parquet", "gone"])
def test_what_cannot_be_taken_over_is_written_whole(tmp_path: Path, case: str) -> None:
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    about = ABOUT
    with duckdb.connect() as con:
        table(con, {f"{d:02}": 10 for d in range(8)})
        written(con, old, "one")
        if case == "other columns":
            con.execute("alter table facts alter amount type decimal(20, 4)")
        elif case == "other words":
            about = Description("Facts. 事实", {"amount": "Otherwise. 另一"})
        elif case == "cut":
            old.write_bytes(old.read_bytes()[:-20])
        elif case == "no Parquet":
            old.write_bytes(b"PAR1 but no more PAR1")
        elif case == "gone":
            old.unlink()
        before = Before("another" if case == "other publication" else "one", ["03"])
        written(con, new, "two", before, copy_of=old, about=about)
        assert contents(con, f"'{new}'") == contents(con, "facts")
    assert list(places(new)) == list(range(8))
    assert pq.read_schema(new).field("amount").metadata[b"description"].decode() == about.columns["amount"]


def test_a_file_half_full_of_what_nobody_wants_is_written_whole(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        table(con, {f"{d:02}": 10 for d in range(8)})
        files = [tmp_path / f"{i}.parquet" for i in range(30)]
        written(con, files[0], "0")
        for i, (before, file) in enumerate(pairwise(files), 1):
            written(con, file, str(i), Before(str(i - 1), ["03"]), copy_of=before)
            assert contents(con, f"'{file}'") == contents(con, "facts")
        sizes = [file.stat().st_size for file in files]
    assert sizes[0] < sizes[1] < sizes[2]
    assert max(sizes) < 2.5 * sizes[0]
    assert sizes.count(sizes[0]) > 1  # written whole again


departments = st.sampled_from([None, *(f"{d:02}" for d in range(12))])


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(departments, st.integers(1, 14), max_size=8),
    st.lists(st.dictionaries(departments, st.integers(0, 14), max_size=3), max_size=4),
)
def test_the_file_always_has_the_table_s_rows(tmp_path: Path, first: Rows, changes: list[Rows]) -> None:
    """Departments that come, go, grow and shrink, some without a key."""
    old = tmp_path / "start.parquet"
    with duckdb.connect() as con:
        table(con, first)
        written(con, old, "start")
        for version, change in enumerate(changes, 1):
            for department, count in change.items():
                con.execute("delete from facts where department_key is not distinct from ?", [department])
                con.execute(
                    "insert into facts select ?, i + 0.5 + ?, 'x', [] from range(?) as t(i)",
                    [department, version, count],
                )
            before = Before("start" if version == 1 else str(version - 1), [d or "" for d in change])
            new = tmp_path / f"{version}.parquet"
            written(con, new, str(version), before, copy_of=old)
            old = new
            assert contents(con, f"'{old}'") == contents(con, "facts")
            assert pq.read_table(old).num_rows == pq.read_metadata(old).num_rows


def test_a_table_that_does_not_lie_by_department(tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    with duckdb.connect() as con:
        table(con, {None: 3, **{f"{d:02}": 10 for d in range(8)}})
        con.execute("create or replace table facts as select * from facts order by hash(words), department_key")
        parquet_files.write(con.cursor(), "facts", file, "one", about=ABOUT, is_sorted=False)
        assert contents(con, f"'{file}'") == contents(con, "facts")
    told = pq.read_metadata(file)
    assert told.num_row_groups == 8
    ranges = [told.row_group(i).column(0).statistics for i in range(8)]
    assert [(r.min, r.max) for r in ranges] == [(f"{d:02}", f"{d:02}") for d in range(8)]


def test_a_footer_that_is_taken_apart_and_put_together_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    with duckdb.connect() as con:
        table(con, {f"{d:02}": 10 for d in range(20)})
        written(con, file, "one")
    footer, begin = parquet_footer.read(file)
    groups = parquet_footer.row_groups(footer)
    assert len(groups) == 20
    assert parquet_footer.with_row_groups(footer, groups, 200) == footer
    parquet_footer.write(file, begin, parquet_footer.with_row_groups(footer, groups[3:5], 20))
    assert sorted(set(pq.read_table(file)["department_key"].to_pylist())) == ["03", "04"]
    with pytest.raises(ValueError, match="does not end like a Parquet file"):
        parquet_footer.read(Path(__file__))
