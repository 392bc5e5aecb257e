"""The raw tables as Parquet: what the warehouse holds, newest batch first, half a batch never seen. No Spark needed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.ingestion import VERSIONS
from dagster_project.spark.lake import TABLES, Lake, export, load
from dagster_project.warehouse import schema
from dagster_project.warehouse.home import Home


def _counts(con: duckdb.DuckDBPyConnection, prefix: str) -> dict[str, int]:
    return {t.name: con.execute(f"select count(*) from {prefix}{t.name}").fetchall()[0][0] for t in TABLES}


@pytest.fixture
def lake(home: Home, tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    with duckdb.connect(str(home.warehouse)) as con:
        assert export(con, lake)
    return lake


def _rewrite(lake: Lake, table: schema.Table, batch: str, name: str) -> None:
    """The table's rows of one document again, in another batch and under another document name."""
    with duckdb.connect() as con:
        lake.attach(con)
        found = con.execute(
            f"select * exclude (batch) from lake_{table.name} order by document_sha256 limit 1"
        ).to_arrow_table()
    if "document_name" in found.column_names:
        at = found.column_names.index("document_name")
        found = found.set_column(at, "document_name", pa.array([name] * len(found)))
    target = lake.folder(table) / f"batch={batch}"
    target.mkdir()
    pq.write_table(found, target / "part.parquet")


def test_export_holds_every_row_and_is_idempotent(home: Home, lake: Lake) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        lake.attach(con)
        assert _counts(con, "lake_") == _counts(con, "raw.")
        for table in TABLES:
            names = ", ".join(f'"{c.name}"' for c in table.columns)
            assert con.execute(
                f"select count(*) from (select {names} from raw.{table.name} except all select {names} from lake_{table.name})"
            ).fetchall() == [(0,)]
        before = sorted(p for p in lake.root.rglob("*.parquet"))
        assert not export(con, lake)
        assert sorted(p for p in lake.root.rglob("*.parquet")) == before


def test_what_the_warehouse_learns_is_exported_again(home: Home, lake: Lake) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("update raw.documents set publisher = '某区财政局'")
        assert export(con, lake)
        lake.attach(con)
        assert con.execute("select distinct publisher from lake_documents").fetchall() == [("某区财政局",)]


def test_the_newest_batch_answers_for_a_document(lake: Lake) -> None:
    with duckdb.connect() as con:
        lake.attach(con)
        documents = _counts(con, "lake_")["documents"]
    _rewrite(lake, schema.DOCUMENTS, "b9", "again.txt")
    with duckdb.connect() as con:
        lake.attach(con)
        assert _counts(con, "lake_")["documents"] == documents
        assert con.execute("select count(*) from lake_documents where document_name = 'again.txt'").fetchall() == [(1,)]
        # its figures were of the batch before
        assert con.execute(
            "select count(*) from lake_figures semi join (select * from lake_documents where batch = 'b9') using (document_sha256)"
        ).fetchall() == [(0,)]


def test_half_a_batch_is_not_seen_and_swept(lake: Lake) -> None:
    _rewrite(lake, schema.FIGURES, "b9", "")
    with duckdb.connect() as con:
        lake.attach(con)
        assert con.execute("select count(*) from lake_figures where batch = 'b9'").fetchall() == [(0,)]
    (lake.root / ".staging-b9").mkdir()
    lake.sweep()
    assert not (lake.folder(schema.FIGURES) / "batch=b9").exists()
    assert not (lake.root / ".staging-b9").exists()
    assert list(lake.folder(schema.FIGURES).glob("batch=b*"))


def test_known_documents_are_those_of_these_versions(home: Home, lake: Lake) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        wanted = {sha for (sha,) in con.execute("select document_sha256 from raw.documents").fetchall()}
    assert lake.known(VERSIONS) == wanted
    assert lake.known(("0", "0")) == set()


def test_load_brings_the_rows_back(home: Home, lake: Lake) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        before = _counts(con, "raw.")
        shas = [sha for (sha,) in con.execute("select document_sha256 from raw.documents").fetchall()]
        for table in TABLES:
            con.execute(f"delete from raw.{table.name}")
        load(con, lake, shas[1:])
        assert _counts(con, "raw.")["documents"] == len(shas) - 1
        load(con, lake, shas)
        assert _counts(con, "raw.") == before
