"""`jixiao query` cannot write, read other files, load extensions, or undo that."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import query
from dagster_project.warehouse.home import Home


def test_tables_are_found_without_their_schema(built_home: Home) -> None:
    with query.session(built_home) as con:
        rows = con.execute(
            "select department_name, budget, actual, execution_rate, score from department_year"
        ).fetchall()
        assert len(rows) == 5
        assert con.execute("select count(*) from quarantine").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.x (a integer)",
        "delete from department_year",
        "update department_year set score = 100",
        "drop table marts.department_year",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy department_year to '/tmp/jixiao-escape.csv'",
        "attach '/tmp/jixiao-escape.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "export database '/tmp/jixiao-escape'",
        "import database '/tmp/jixiao-escape'",
        "select 1; drop table marts.dim_year",
        "begin; delete from marts.dim_year; commit",
        "insert into dim_year select * from dim_year",
        "alter table dim_year rename to gone",
        "comment on table marts.dim_year is 'x'",
        "create view marts.v as select 1",
        "create or replace macro marts.m() as 1",
        "create secret s (type s3, key_id 'a', secret 'b')",
        "create persistent secret s (type s3, key_id 'a', secret 'b')",
        "detach jixiao",
        "from '/etc/passwd'",
        "describe '/etc/passwd'",
        "summarize '/etc/passwd'",
        "pivot '/etc/passwd' on x",
        "explain analyze select * from read_text('/etc/passwd')",
        "select * from query('select * from read_text(''/etc/passwd'')')",
        "select * from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))",
        "prepare p as select * from read_text('/etc/passwd'); execute p",
        "select * from read_blob('/etc/passwd')",
        "select * from read_json('/etc/passwd')",
        "select * from read_parquet('/tmp/*.parquet')",
        "select * from parquet_metadata('/tmp/x.parquet')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from read_csv('http://127.0.0.1:9/x.csv')",
        "select getenv('HOME')",
        "copy (select 1) to '/dev/stdout'",
        "copy dim_year from '/etc/passwd'",
        "attach 'postgres:host=127.0.0.1' as p (type postgres)",
        "load '/tmp/jixiao-escape.duckdb_extension'",
        "install spatial from community",
        "set global enable_external_access = true",
        "reset enable_external_access",
        "set allow_unsigned_extensions = true",
        "set allowed_directories = ['/']",
        "set allowed_paths = ['/etc/passwd']",
        "set extension_directory = '/tmp/jixiao-escape'",
        "set temp_directory = '/tmp/jixiao-escape'",
        "set home_directory = '/'",
        "set secret_directory = '/tmp/jixiao-escape'",
        "set file_search_path = '/etc'",
        "set log_query_path = '/tmp/jixiao-escape.log'",
        "set profiling_output = '/tmp/jixiao-escape.json'",
        "call enable_logging('QueryLog', storage = 'file', storage_config = {'path': '/tmp/jixiao-escape'})",
        "set memory_limit = '1TB'",
        "set threads = 64",
    ],
)
def test_nothing_else_is_possible(built_home: Home, sql: str) -> None:
    before = built_home.published.read_bytes()
    with query.session(built_home) as con, pytest.raises(duckdb.Error):
        con.execute(sql).fetchall()
    assert built_home.published.read_bytes() == before
    assert not list(Path("/tmp").glob("jixiao-escape*"))


def test_a_home_without_publication_is_said_so(empty_home: Home) -> None:
    with pytest.raises(query.NotPublished, match="jixiao run"):
        query.published(empty_home)
