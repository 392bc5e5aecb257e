"""Publication: whole, described, and never half, whatever readers do meanwhile."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from dagster_project.warehouse import archive, parquet_files, publishing, query, verifying
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.publishing import Description

ABOUT = {("marts", "t"): Description("A table. 一张表", {"n": "A number. 数"})}


def fill(home: Home, n: int) -> None:
    """A warehouse with one mart of `n` rows, each holding `n`, and empty raw tables."""
    from dagster_project.warehouse import schema

    with duckdb.connect(str(home.warehouse)) as con:
        schema.create(con)
        con.execute("create schema if not exists marts")
        con.execute(f"create or replace table marts.t as select {n}::bigint as n from range({n})")


def test_comments_and_parquet_carry_descriptions(empty_home: Home) -> None:
    fill(empty_home, 3)
    done = publishing.publish(empty_home, "f1", ABOUT)
    assert done.rows["marts.t"] == 3
    assert publishing.published_fingerprint(empty_home) == "f1"
    with query.session(empty_home) as con:
        assert con.execute("select comment from duckdb_tables() where table_name = 't'").fetchall() == [
            ("A table. 一张表",)
        ]
        assert con.execute("select comment from duckdb_columns() where table_name = 't'").fetchall() == [
            ("A number. 数",)
        ]
    field = pq.read_schema(empty_home.parquet / "t.parquet").field("n")
    assert field.metadata[b"description"].decode() == "A number. 数"


def test_today_s_drivers_can_open_it(empty_home: Home) -> None:
    """The storage version stands in the file's head: 1.4 writes 67, 2.0 by default more."""
    fill(empty_home, 1)
    publishing.publish(empty_home, "f", ABOUT)
    with duckdb.connect(str(empty_home.published), read_only=True) as con:
        ((tags,),) = con.execute(
            "select tags from duckdb_databases() where database_name = current_database()"
        ).fetchall()
    assert "v1.4.0" in str(tags)


def test_nothing_is_left_beside_the_publication(empty_home: Home) -> None:
    fill(empty_home, 1)
    publishing.publish(empty_home, "f", ABOUT)
    assert sorted(p.name for p in empty_home.published_folder.iterdir()) == ["jixiao.duckdb", "parquet"]
    assert [p.name for p in empty_home.parquet.iterdir()] == ["t.parquet"]


def test_a_mart_that_is_gone_leaves_no_parquet_file(empty_home: Home) -> None:
    fill(empty_home, 1)
    publishing.publish(empty_home, "f", ABOUT)
    with duckdb.connect(str(empty_home.warehouse)) as con:
        con.execute("alter table marts.t rename to u")
    publishing.publish(empty_home, "g", ABOUT)
    assert [p.name for p in empty_home.parquet.iterdir()] == ["u.parquet"]


def test_a_publication_that_fails_leaves_the_old_one(empty_home: Home) -> None:
    fill(empty_home, 2)
    publishing.publish(empty_home, "f", ABOUT)
    with duckdb.connect(str(empty_home.warehouse)) as con:
        con.execute("drop schema marts cascade")
    with pytest.raises(publishing.PublishError, match="no tables in the schema marts"):
        publishing.publish(empty_home, "g", ABOUT)
    with query.session(empty_home) as con:
        assert con.execute("select count(*) from t").fetchall() == [(2,)]


def test_what_a_killed_publication_left_is_swept(empty_home: Home) -> None:
    fill(empty_home, 1)
    for name in (".jixiao.build.duckdb", ".jixiao.build.duckdb.wal"):
        (empty_home.published_folder / name).write_bytes(b"half of a run")
    publishing.publish(empty_home, "f", ABOUT)
    assert sorted(p.name for p in empty_home.published_folder.iterdir()) == ["jixiao.duckdb", "parquet"]


def test_readers_never_see_half_of_a_run(empty_home: Home) -> None:
    """Four readers open the file again and again while twelve publications replace it: each sees one whole state."""
    fill(empty_home, 1)
    publishing.publish(empty_home, "f", ABOUT)
    stop = threading.Event()
    faults: list[str] = []
    seen: set[int] = set()

    def read() -> None:
        while not stop.is_set():
            try:
                with query.session(empty_home) as con:
                    ((rows, least, most),) = con.execute("select count(*), min(n), max(n) from t").fetchall()
                    if not rows == least == most:
                        faults.append(f"{rows} rows of {least}..{most}")
                    seen.add(rows)
            except Exception as e:
                faults.append(repr(e))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(2, 14):
        fill(empty_home, n)
        publishing.publish(empty_home, str(n), ABOUT)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(seen) > 1


def test_an_open_reader_keeps_the_old_data(empty_home: Home) -> None:
    fill(empty_home, 1)
    publishing.publish(empty_home, "f", ABOUT)
    held = query.published(empty_home)
    fill(empty_home, 5)
    publishing.publish(empty_home, "g", ABOUT)
    assert held.execute("select count(*) from t").fetchall() == [(1,)]
    held.close()
    with query.session(empty_home) as con:
        assert con.execute("select count(*) from t").fetchall() == [(5,)]


def test_a_file_that_is_half_empty_is_not_copied(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def changes() -> int:
        with query.session(empty_home) as con:
            ((changed,),) = con.execute("select changes_in_place from metadata.build").fetchall()
            return int(changed)

    fill(empty_home, 1)
    for name in ("a", "b"):  # what is written anew leaves as many blocks empty
        with duckdb.connect(str(empty_home.warehouse)) as con:
            con.execute("create or replace table marts.t as select uuid() as n from range(300000)")
        publishing.publish(empty_home, name, ABOUT)
    assert changes() == 1
    monkeypatch.setattr(publishing, "FREE_BLOCKS", 1)
    size = empty_home.published.stat().st_size
    publishing.publish(empty_home, "c", ABOUT)
    assert changes() == 0
    assert empty_home.published.stat().st_size < size * 0.7


def test_a_draft_is_put_in_place_only_when_it_is_published(empty_home: Home) -> None:
    fill(empty_home, 1)
    publishing.publish(empty_home, "a", ABOUT)
    fill(empty_home, 3)
    with duckdb.connect(str(empty_home.warehouse), read_only=True):  # others read the warehouse meanwhile
        drafted = publishing.draft(empty_home, ABOUT)
    with query.session(empty_home) as con:
        assert con.execute("select count(*) from t").fetchall() == [(1,)]
    assert pq.read_table(empty_home.parquet / "t.parquet").num_rows == 1
    done = publishing.publish(empty_home, "b", ABOUT, drafted)
    assert done.rows["marts.t"] == 3
    assert publishing.published_fingerprint(empty_home) == "b"
    assert pq.read_table(empty_home.parquet / "t.parquet").num_rows == 3
    left = {p.name for p in empty_home.published_folder.rglob("*.build*")}
    assert left == set()
    publishing.draft(empty_home, ABOUT)
    publishing.discard(empty_home)
    assert {p.name for p in empty_home.published_folder.rglob("*.build*")} == set()
    publishing.discard(empty_home)


def test_parquet_files_keep_the_row_groups_of_unchanged_departments(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begins() -> dict[str, int]:
        told = pq.read_metadata(empty_home.parquet / "facts.parquet")
        columns = [told.row_group(i).column(0) for i in range(told.num_row_groups)]
        return {column.statistics.min: column.data_page_offset for column in columns}

    monkeypatch.setattr(parquet_files, "ROWS_A_GROUP", 100)
    fill(empty_home, 1)
    with duckdb.connect(str(empty_home.warehouse)) as con:
        con.execute(
            "create table marts.facts as select 'd' || i // 100 as department_key, 'f' || i // 100 as build_fingerprint, i "
            "from range(4000) as t(i)"
        )
    publishing.publish(empty_home, "a", ABOUT)
    before = begins()
    for fingerprint in ("new", "newer"):
        with duckdb.connect(str(empty_home.warehouse)) as con:
            con.execute(
                "update marts.facts set build_fingerprint = ?, i = -i where department_key = 'd17'", [fingerprint]
            )
        publishing.publish(empty_home, fingerprint, ABOUT)
        after = begins()
        assert [d for d in before if after[d] != before[d]] == ["d17"]
        before = after
        with duckdb.connect(str(empty_home.published), read_only=True) as con:
            file = empty_home.parquet / "facts.parquet"
            assert con.execute(f"from '{file}' except all from marts.facts").fetchall() == []
            assert con.execute(f"select count(*) from '{file}'").fetchall() == [(4000,)]


def test_parquet_copies(empty_home: Home, tmp_path: Path) -> None:
    fill(empty_home, 4)
    publishing.publish(empty_home, "f", ABOUT)
    (copied,) = publishing.copy_parquet(empty_home, tmp_path / "out")
    assert pq.read_table(copied).num_rows == 4


def test_verify_finds_what_is_off(home: Home) -> None:
    assert all(not f.off for f in verifying.verify(home))
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("update raw.evidence set quote = 'x' where evidence_no = 1")
        con.execute("update marts.dim_year set five_year_plan = 'another'")
    original = next(p for p in home.archive.rglob("*") if p.is_file() and p.suffix != ".json")
    original.chmod(0o644)
    original.write_bytes(b"changed")
    (home.parquet / "dim_year.parquet").unlink()
    found = verifying.verify(home, reread=True)
    assert [bool(f.off) for f in found] == [True, True, True, False, True, False, True]


@pytest.mark.parametrize(
    ("what", "looks"),
    [
        ("archive", "archived files against their hashes"),
        ("strange original", "archived files against their hashes"),
        ("text", "archived files read again against the kept text"),
        ("quote", "evidence quotes against archived text"),
        ("balance", "balance of files, rows and sums"),
        ("published row", "published tables against the warehouse"),
        ("published quote", "published quotes against published text"),
        ("parquet row", "Parquet files against published tables"),
        ("parquet half", "Parquet files against published tables"),
        ("parquet strange", "Parquet files against published tables"),
    ],
)
def test_verify_says_what_is_off(home: Home, what: str, looks: str) -> None:
    """Each by itself: what is compared names it, and nothing else does without need."""
    year = home.parquet / "dim_year.parquet"
    if what == "archive":
        original = next(p for p in home.archive.rglob("*.txt"))
        original.chmod(0o644)
        original.write_bytes(original.read_bytes() + b" ")
    elif what == "strange original":
        archive.store(home, b"never run", "a.txt", "a.txt", archive.Provenance())
    elif what == "parquet half":
        year.write_bytes(year.read_bytes()[:-50])
    elif what == "parquet strange":
        shutil.copyfile(year, home.parquet / "old.parquet")
    elif what == "parquet row":
        with duckdb.connect() as con:
            con.execute(f"create table t as select * replace (fiscal_year + 1 as fiscal_year) from '{year}'")
            con.execute(f"copy t to '{year}'")
    else:
        file, sql = {
            "text": (home.warehouse, "update raw.documents set text_sha256 = 'x'"),
            "quote": (home.warehouse, "update raw.evidence set char_start = char_start + 1, char_end = char_end + 1 where evidence_no = 2"),
            "balance": (home.warehouse, "delete from raw.findings where finding_no = 1"),
            "published row": (home.published, "update marts.fct_operation set value = value + 1 where rowid = 0"),
            "published quote": (home.published, "update metadata.texts set text = substring(text, 2)"),
        }[what]  # fmt: skip
        with duckdb.connect(str(file)) as con:
            con.execute(sql)
    off = {f.what: f.off for f in verifying.verify(home, reread=what in ("text", "archive")) if f.off}
    also = {
        "text": {"evidence quotes against archived text"},
        "published row": {"Parquet files against published tables"},
    }
    also["archive"] = {"archived files read again against the kept text"}
    assert off.keys() - also.get(what, set()) == {looks}, off
