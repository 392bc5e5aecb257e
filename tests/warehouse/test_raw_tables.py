"""The raw tables: one definition, loaded idempotently."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest

from dagster_project import intake
from dagster_project.warehouse import archive, loading, schema
from tests.warehouse.rows import figure, staged

VERSIONS = ("1", "1")


def day(year: int, month: int, number: int) -> datetime:
    """Midnight UTC without zone, as the raw tables keep times."""
    return datetime(year, month, number, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    schema.create(connection)
    yield connection
    connection.close()


def counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(loading.table_counts(con))


def test_ddl_and_arrow_agree(con: duckdb.DuckDBPyConnection) -> None:
    for table in schema.TABLES:
        empty = con.cursor().sql(f"select * from raw.{table.name}").to_arrow_table().schema
        assert empty.names == schema.arrow_schema(table).names
        for have, want in zip(empty, schema.arrow_schema(table), strict=True):
            assert have.type == want.type, f"{table.name}.{have.name}"


def test_money_is_exact_decimal() -> None:
    by_name = {c.name: c.type for c in schema.FIGURES.columns}
    assert by_name["value"] == "DECIMAL(28,6)"
    assert {c.name: c.type for c in schema.FORM_ROWS.columns}["weight"] == "DECIMAL(10,4)"


def test_creating_again_keeps_rows(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged()])
    before = counts(con)
    schema.create(con)
    assert counts(con) == before


def test_a_changed_table_keeps_the_columns_that_both_have(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged()])
    con.execute("alter table raw.findings add column gone varchar")
    con.execute("alter table raw.figures drop column qualifier")  # comes back, empty
    schema.create(con)
    assert [c for (c,) in con.execute("select column_name from (describe raw.findings)").fetchall()] == [
        c.name for c in schema.FINDINGS.columns
    ]
    assert con.execute("select count(*), count(qualifier) from raw.figures").fetchall() == [(2, 0)]


def test_a_new_required_column_has_its_documents_extracted_again(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged()])
    loading.see(con, [staged().source])
    assert loading.waiting(con, VERSIONS) == []
    con.execute("alter table raw.figures drop column label")
    schema.create(con)
    assert [s.name for s in loading.waiting(con, VERSIONS)] == ["a.txt"]


def test_loading_twice_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    at = day(2024, 5, 1)
    loading.load_batch(con, [staged("a.txt"), staged("b.txt")], at)
    before = {t.name: con.execute(f"from raw.{t.name} order by all").fetchall() for t in schema.PARTS}
    loading.load_batch(con, [staged("b.txt")], at)
    loading.load_batch(con, [staged("a.txt"), staged("b.txt")], at)
    assert before == {t.name: con.execute(f"from raw.{t.name} order by all").fetchall() for t in schema.PARTS}


def test_a_new_extraction_replaces_all_rows_of_its_document(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged("a.txt"), staged("b.txt")])
    loading.load_batch(con, [staged("a.txt", (figure(1, "99.9"),), "2")])
    rows = con.execute(
        "select d.document_name, value from raw.figures join raw.documents as d using (document_sha256) order by all"
    )
    assert rows.fetchall() == [
        ("a.txt", Decimal("99.900000")),
        ("b.txt", Decimal("3.250000")),
        ("b.txt", Decimal("12.500000")),
    ]


def test_a_batch_is_loaded_whole_or_not_at_all(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged("a.txt")])
    before = counts(con)
    twice = staged("b.txt", (figure(1), figure(1)))  # the same key twice
    with pytest.raises(duckdb.ConstraintException):
        loading.load_batch(con, [staged("c.txt"), twice])
    assert counts(con) == before


def test_digits_behind_the_column_are_rounded_and_kept_as_written(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged("a.txt", (figure(1, "0.12345678"),))])
    assert con.execute("select value, value_as_written from raw.figures").fetchall() == [
        (Decimal("0.123457"), "0.12345678")
    ]


def test_quarantine_and_documents_exclude_each_other(con: duckdb.DuckDBPyConnection) -> None:
    good = staged("a.txt")
    bad = loading.Refused(good.source, "damaged", "a.txt: cut off", *VERSIONS)
    loading.refuse(con, [bad])
    assert (counts(con)["documents"], counts(con)["quarantine"]) == (0, 1)
    loading.load_batch(con, [good])
    assert (counts(con)["documents"], counts(con)["quarantine"]) == (1, 0)
    loading.refuse(con, [bad])
    assert (counts(con)["documents"], counts(con)["figures"], counts(con)["quarantine"]) == (0, 0, 1)


def test_what_waits(con: duckdb.DuckDBPyConnection) -> None:
    """New files, risen versions and reasons that may pass are read; what is known is not."""
    a, b, c, d = (staged(f"{n}.txt") for n in "abcd")
    loading.see(con, [s.source for s in (a, b, c, d)])
    assert [s.name for s in loading.waiting(con, VERSIONS)] == ["a.txt", "b.txt", "c.txt", "d.txt"]
    loading.load_batch(con, [a])
    loading.refuse(con, [loading.Refused(b.source, "damaged", "cut off", *VERSIONS)])
    loading.refuse(con, [loading.Refused(c.source, "needs_libreoffice", "not installed", *VERSIONS)])
    assert [s.name for s in loading.waiting(con, VERSIONS)] == ["c.txt", "d.txt"]
    assert [s.name for s in loading.waiting(con, ("1", "2"))] == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert len(loading.waiting(con, VERSIONS, everything=True)) == 4


def test_a_file_seen_under_another_name_is_one_document(con: duckdb.DuckDBPyConnection) -> None:
    one = staged("a.txt").source
    other = loading.Source(one.sha256, "b.txt", "/later/b.txt", 1)
    loading.see(con, [one], day(2024, 1, 1))
    loading.see(con, [other], day(2024, 1, 2))
    assert [s.name for s in loading.waiting(con, VERSIONS)] == ["a.txt"]
    assert counts(con)["sightings"] == 2
    loading.see(con, [one], day(2024, 1, 3))
    first, last = con.execute(
        "select first_seen_at, last_seen_at from raw.sightings where document_path = '/in/a.txt'"
    ).fetchall()[0]
    assert (first.day, last.day) == (1, 3)


def test_provenance_that_comes_later_is_entered(con: duckdb.DuckDBPyConnection) -> None:
    good = staged("a.txt")
    loading.load_batch(con, [good])
    src = good.source
    before = loading.raw_fingerprint(con)
    loading.note_provenance(
        con, [loading.Source(src.sha256, src.name, src.path, 1, "https://example.org/a", None, "某局")]
    )
    loading.note_provenance(con, [src])  # says nothing: takes nothing back
    assert con.execute("select source_url, publisher from raw.documents").fetchall() == [
        ("https://example.org/a", "某局")
    ]
    assert loading.raw_fingerprint(con) != before


def test_fingerprint_follows_content_not_sightings(con: duckdb.DuckDBPyConnection) -> None:
    loading.load_batch(con, [staged("a.txt")], day(2024, 1, 1))
    before = loading.raw_fingerprint(con)
    loading.see(con, [staged("a.txt").source])
    loading.load_batch(con, [staged("a.txt")], day(2025, 1, 1))
    assert loading.raw_fingerprint(con) == before
    loading.load_batch(con, [staged("b.txt")])
    assert loading.raw_fingerprint(con) != before


def test_a_run_that_was_killed_is_marked_by_the_next(con: duckdb.DuckDBPyConnection) -> None:
    loading.start_run(con, "one")
    loading.start_run(con, "two")
    loading.finish_run(con, "two", "published")
    assert con.execute("select run_id, outcome from raw.runs order by run_id").fetchall() == [
        ("one", "interrupted"),
        ("two", "published"),
    ]
    loading.close_open_run(con, "two", "failed", "see the log")
    assert con.execute("select outcome from raw.runs where run_id = 'two'").fetchall() == [("published",)]


def test_a_clock_that_is_set_back(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """No run lies before its predecessors, and each counts only the files that it was given."""
    first, second = (loading.Source(name, name, f"/in/{name}", 1) for name in ("a.txt", "b.txt"))
    loading.start_run(con, "one")
    loading.see(con, [first])
    loading.load_batch(con, [staged("a.txt")])
    loading.finish_run(con, "one", "published")
    monkeypatch.setattr(loading, "now", lambda: day(2001, 1, 1))
    loading.start_run(con, "two")
    loading.see(con, [second])
    loading.load_batch(con, [staged("b.txt")])
    assert loading.arrived_since(con, "two") == {
        "files_seen": 1, "files_new": 1, "files_known": 0, "files_quarantined": 0,
    }  # fmt: skip
    loading.finish_run(con, "two", "published")
    assert con.execute("select run_id from raw.runs order by started_at desc").fetchall() == [("two",), ("one",)]
    ((ordered, since_run),) = con.execute(
        "select bool_and(finished_at > started_at), (select count(*) from raw.documents where ingested_at >= "
        "(select started_at from raw.runs where run_id = 'two')) from raw.runs"
    ).fetchall()
    assert ordered
    assert since_run == 1


def test_a_file_that_could_not_be_opened_leaves_the_quarantine(con: duckdb.DuckDBPyConnection) -> None:
    place = archive.hash_place("/in/a.txt")
    unopened = loading.Source(place, "a.txt", "/in/a.txt", 0)
    other = loading.Source(archive.hash_place("/in/b.txt"), "b.txt", "/in/b.txt", 0)
    refused = [loading.Refused(s, "damaged", "cannot be opened", *VERSIONS) for s in (unopened, other)]
    loading.see(con, [unopened, other])
    loading.refuse(con, refused)
    known = loading.refused_reasons(con)
    opened = loading.Source("abc", "a.txt", "/in/a.txt", 9)
    assert intake.settled([unopened, other], refused, known) == []
    assert intake.settled([opened, other], refused[1:], known) == [place]
    loading.forget(con, [place])
    assert list(loading.refused_reasons(con)) == [other.sha256]
    assert con.execute("select document_path from raw.sightings").fetchall() == [("/in/b.txt",)]
