"""Great Expectations: suites from expectations/*.json, run in SQL inside DuckDB.

Nothing is loaded into Python but counts and the first failing rows. Great Expectations is imported inside the
functions: its import costs seconds.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.warehouse.home import EXPECTATIONS, silence_telemetry
from dagster_project.warehouse.memory import memory
from dagster_project.warehouse.sql import quote

if TYPE_CHECKING:
    import duckdb

_KEPT = "rows_to_check"  # a database file beside the warehouse, there while suites run
FIRST_ROWS = 5  # of each failing expectation, shown in the check's metadata


@dataclass(frozen=True, slots=True)
class SuiteFile:
    """A suite in expectations/: its name is schema.table, and every expectation in it guards that table."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]

    @property
    def table(self) -> str:
        return self.name.split(".")[1]


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold."""

    expectation: str  # type of the expectation
    notes: str  # why it is expected
    severity: str  # critical, warning, info
    observed: str
    unexpected_count: int | None
    first: tuple[str, ...]  # first failing values or rows, as text


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What a suite found in its table."""

    suite: str
    expectations: int
    rows: int | None  # that were looked at
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """No expectation failed, whatever its severity."""
        return not self.failures

    @property
    def blocking(self) -> bool:
        """A failure that must keep the marts from being published."""
        return any(f.severity == "critical" for f in self.failures)


def suites(schema: str | None = None) -> list[SuiteFile]:
    """The suites in expectations/, by name; of one schema when it is given."""
    found = [SuiteFile(p) for p in sorted(EXPECTATIONS.glob("*.*.json"))]
    return [s for s in found if schema in (None, s.schema)]


@cache
def load() -> Any:
    """Great Expectations, quiet, and mended for DuckDB."""
    silence_telemetry()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations
        from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    logging.getLogger("sqlalchemy.pool").setLevel(
        logging.CRITICAL
    )  # it tells of connections that are closed on purpose
    atexit.register(hush)
    # GX closes the connection of a dialect that it does not list here before it fetches, and DuckDB's results go with
    # it. The name is private: the version is pinned, and tests/orchestration/test_validation.py guards the cure.
    if _duckdb_dialect() not in engine._PERSISTED_CONNECTION_DIALECTS:
        engine._PERSISTED_CONNECTION_DIALECTS = (*engine._PERSISTED_CONNECTION_DIALECTS, _duckdb_dialect())  # type: ignore[assignment]
    with _quiet():  # it warns of a metric in another's place
        _count_only()
    return great_expectations


def _count_only() -> None:
    """GX asks the query of an UnexpectedRowsExpectation twice, for the number of rows and for the rows, of which it tells nothing
    in a summary. The rows' metric is none here: `_rows` asks for the first rows of what fails."""
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.query_metrics.query_table.query_table import QueryTable

    class NoRows(QueryTable):
        metric_name = "unexpected_rows_query.table"
        value_keys = ("unexpected_rows_query",)

        @metric_value(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
        def _sqlalchemy(cls, **_: Any) -> list[Any]:  # type: ignore[override]
            return []


def hush() -> None:
    """DuckDB's binding prints a false leak report while Python goes down once SQLAlchemy has used it: the last words."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@cache
def _duckdb_dialect() -> Any:
    from enum import Enum

    return Enum("DuckDb", {"DUCKDB": "duckdb"}, type=str).DUCKDB  # type: ignore[attr-defined]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k}={_text(v)}" for k, v in value.items())
    return str(value)


def _rows(con: duckdb.DuckDBPyConnection, batch: str, query: str) -> tuple[str, ...]:
    """The first rows that an UnexpectedRowsExpectation found; GX itself hands over all of them or none."""
    import duckdb

    try:
        found = con.execute(query.format(batch=batch) + f"\nlimit {FIRST_ROWS}")
        names = [d[0] for d in found.description or []]
        return tuple(_text(dict(zip(names, row, strict=True))) for row in found.fetchall())
    except duckdb.Error:
        return ()  # a query with a limit of its own


def _result(suite: str, outcome: Any, queries: dict[int, str]) -> SuiteResult:
    failures: list[Failure] = []
    for one in outcome.results:
        config, result = one.expectation_config, one.result or {}
        if one.success:
            continue
        raised = one.exception_info or {}
        if "exception_message" not in raised:  # several, by metric
            raised = next((v for v in raised.values() if isinstance(v, Mapping)), {})
        broken = raised.get("exception_message")
        first = result.get("partial_unexpected_list") or []
        count = result.get("unexpected_count")
        if config.type == "unexpected_rows_expectation" and not broken:
            count = result.get("observed_value")
            queries[len(failures)] = config.kwargs["unexpected_rows_query"]
        notes = config.notes or config.description or ""
        failures.append(
            Failure(
                expectation=config.type,
                notes=" ".join(notes) if isinstance(notes, list) else str(notes),
                severity=str(getattr(config.severity, "value", config.severity)),
                observed=f"could not be evaluated: {broken}" if broken else _text(result.get("observed_value", "")),
                unexpected_count=count,
                first=tuple(_text(r) for r in list(first)[:FIRST_ROWS]),
            )
        )
    return SuiteResult(suite, len(outcome.results), None, tuple(failures))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    level = logging.getLogger("great_expectations").level
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.getLogger("great_expectations").setLevel(level)


@contextlib.contextmanager
def _closing_connections(warehouse: Path) -> Iterator[None]:
    """Close every connection that SQLAlchemy opens inside: GX keeps some, and with them the database file."""
    from sqlalchemy import event, pool

    opened: list[Any] = []

    def remember(connection: Any, _record: Any) -> None:
        opened.append(connection)
        con = connection.cursor()
        con.execute(f"set memory_limit = '{memory()}'")
        _attach_kept(con, warehouse)

    event.listen(pool.Pool, "connect", remember)
    try:
        yield
    finally:
        event.remove(pool.Pool, "connect", remember)
        for connection in opened:
            connection.close()


def validate(
    warehouse: Path,
    wanted: Sequence[SuiteFile],
    docs: Path | None = None,
    news: Mapping[str, str] | None = None,
) -> list[SuiteResult]:
    """Run suites on the tables of a DuckDB file; write the data docs of all of them to `docs` when given.

    `news` says by a suite's name which rows of its table to look at (an SQL condition); without it, all.
    The file must not be open elsewhere in this process under another configuration. An expectation that cannot be
    evaluated (a column gone) counts as failed. The data docs replace those of the run before as a whole.
    """
    results, write_docs = validate_first(warehouse, wanted, news)
    if docs is not None:
        write_docs(docs)
    return results


def validate_first(
    warehouse: Path, wanted: Sequence[SuiteFile], news: Mapping[str, str] | None = None
) -> tuple[list[SuiteResult], Callable[[Path], None]]:
    """The results, and what writes the data docs of them into a folder: that takes a while and needs no database."""
    gx = load()
    results = []
    queries: dict[str, dict[int, str]] = {}
    with _quiet(), _batches(warehouse, wanted, news or {}) as batches:
        context = gx.get_context(mode="ephemeral")
        bars = context.variables.progress_bars
        if bars is not None:
            bars["globally"] = False
            bars["metric_calculations"] = False
        else:
            context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        with _closing_connections(warehouse):
            source = context.data_sources.add_sql(
                "warehouse", connection_string=f"duckdb:///{warehouse}?access_mode=read_only"
            )
            for file in wanted:
                data = source.add_query_asset(file.name, f"select * from {batches[file.name]}")
                batch = data.add_batch_definition_whole_table("all")
                told = json.loads(file.path.read_text("utf-8"))
                suite = context.suites.add(gx.ExpectationSuite(name=told["name"], expectations=told["expectations"]))
                definition = context.validation_definitions.add(
                    gx.ValidationDefinition(name=file.name, data=batch, suite=suite)
                )
                outcome = definition.run(
                    result_format={"result_format": "SUMMARY", "partial_unexpected_count": FIRST_ROWS}
                )
                results.append(_result(file.name, outcome, queries.setdefault(file.name, {})))
        with _open(warehouse) as con:
            filled = [
                _with_rows(con, batches[file.name], result, queries[file.name])
                for file, result in zip(wanted, results, strict=True)
            ]
    return filled, partial(_write_docs, context)


@contextlib.contextmanager
def _batches(warehouse: Path, wanted: Sequence[SuiteFile], news: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What each suite looks at, as it stands in FROM. The few new rows of a long table are looked for once and kept in a
    file beside the warehouse meanwhile: each expectation would look for them again. The warehouse itself is only read, for
    the publication is drafted from it at the same time."""
    import duckdb

    batches = {file.name: f'"{file.schema}"."{file.table}"' for file in wanted}
    kept = {name: f'{_KEPT}.main."{name}"' for name in batches if name in news}
    file = _kept_file(warehouse)
    _remove(file)  # a run that was killed left it
    try:
        if kept:
            with duckdb.connect(str(file)) as con:
                con.execute(f"set memory_limit = '{memory()}'")
                con.execute(f"attach {quote(warehouse)} as warehouse (read_only)")
                con.execute("use warehouse")
                for name, table in kept.items():
                    # by their ids: see rows_of in dbt/macros/dispatch/engine.sql
                    rows = f"select rowid from {batches[name]} where {news[name]}"
                    con.execute(f"create table {table} as from {batches[name]} where rowid in ({rows})")
        yield batches | kept
    finally:
        _remove(file)


def _kept_file(warehouse: Path) -> Path:
    return warehouse.with_name(f".{_KEPT}.duckdb")


def _remove(file: Path) -> None:
    for one in (file, file.with_name(f"{file.name}.wal")):
        one.unlink(missing_ok=True)


def _attach_kept(con: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    file = _kept_file(warehouse)
    if file.exists():
        con.execute(f"attach if not exists {quote(file)} as {_KEPT} (read_only)")


def _open(warehouse: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    con = duckdb.connect(str(warehouse), read_only=True)
    _attach_kept(con, warehouse)
    return con


def _count(con: duckdb.DuckDBPyConnection, batch: str) -> int | None:
    import duckdb

    try:
        return int(con.execute(f"select count(*) from {batch}").fetchall()[0][0])
    except duckdb.Error:
        return None  # the table is gone, which its expectations say


def _with_rows(
    con: duckdb.DuckDBPyConnection, batch: str, result: SuiteResult, queries: Mapping[int, str]
) -> SuiteResult:
    result = replace(result, rows=_count(con, batch))
    filled = tuple(
        replace(f, first=_rows(con, batch, queries[i])) if i in queries else f for i, f in enumerate(result.failures)
    )
    return replace(result, failures=filled)


def _write_docs(context: Any, docs: Path) -> None:
    with _quiet():
        _build_docs(context, docs)


def _build_docs(context: Any, docs: Path) -> None:
    docs.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=docs.parent, prefix=".docs-"))
    try:
        context.add_data_docs_site(
            "local",
            {
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(made)},
            },
        )
        # it logs a page's whole traceback and goes on to the next: one error is enough, and the last is raised
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        context.build_data_docs()
        made.chmod(0o755)
        old = docs.with_name(f".{docs.name}.old-{os.getpid()}")
        if docs.exists():
            docs.rename(old)
        made.rename(docs)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)
