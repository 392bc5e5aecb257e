"""dbt's data tests, asked of DuckDB in the words that dbt compiled for the run before.

dbt takes 20 ms of its own for each test, DuckDB hardly 3 to answer it. Under the same project, a test of a run that looks at
news only has the same SQL each time (dbt/macros/unchecked_rows.sql asks the warehouse what is new): a run in which dbt compiled the tests
keeps them, the next ones ask them. What an outcome means is dbt's own rule: fail_calc, severity, warn_if, error_if.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 2  # planning is most of an answer, and DuckDB plans a question on one core


@dataclass(frozen=True, slots=True)
class CompiledTest:
    """A test as dbt compiled it, and the event in which dbt told its outcome."""

    name: str
    sql: str
    fail_calc: str
    severity: str  # error, warn
    warn_if: str
    error_if: str
    event: Mapping[str, Any]  # LogTestResult

    @classmethod
    def of(cls, node: Any, event: Mapping[str, Any]) -> CompiledTest | None:
        """The test of a node of dbt's results; None where its outcome is more than a count of what it finds."""
        config = node.config
        if not node.compiled_code or config.store_failures or config.limit:
            return None
        return cls(
            node.name,
            node.compiled_code,
            config.fail_calc,
            config.severity.lower(),
            config.warn_if,
            config.error_if,
            event,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a test, as dbt would tell it."""

    test: CompiledTest
    status: str  # pass, warn, fail, error
    message: str  # empty when it passed
    event: Mapping[str, Any]


def keep(path: Path, tests: Sequence[CompiledTest]) -> None:
    """Write the tests for the next run; without them it has dbt run them again, so that a folder that cannot be written is
    no failure."""
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".tests-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(t) for t in tests], file, ensure_ascii=False)
        os.replace(made, path)
    except OSError:
        pass


def kept(path: Path) -> list[CompiledTest]:
    """The tests that `keep` wrote; none where there is no such file."""
    try:
        return [CompiledTest(**one) for one in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def ask(
    con: duckdb.DuckDBPyConnection, tests: Iterable[CompiledTest], heard: Callable[[str, str], None] | None = None
) -> list[Outcome]:
    """Ask each test of the database; `heard(name, status)` is told of each outcome, in the tests' order."""

    def one(test: CompiledTest) -> Outcome:
        return _outcome(con.cursor(), test)

    outcomes = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for outcome in pool.map(one, tests):
            outcomes.append(outcome)
            if heard:
                heard(outcome.test.name, outcome.status)
    return outcomes


def _outcome(con: duckdb.DuckDBPyConnection, test: CompiledTest) -> Outcome:
    import duckdb

    started, failures = datetime.now(UTC), 0
    try:
        ((failures, warns, errs),) = con.execute(
            f"select {test.fail_calc}, {test.fail_calc} {test.warn_if}, {test.fail_calc} {test.error_if} "
            f"from (\n{test.sql}\n) as dbt_internal_test"
        ).fetchall()
    except duckdb.Error as e:
        status, message = "error", str(e)
    else:
        status, message = _status(test, failures, bool(warns), bool(errs))
    return Outcome(test, status, message, _event(test, status, failures, started, datetime.now(UTC)))


def _status(test: CompiledTest, failures: int, warns: bool, errs: bool) -> tuple[str, str]:
    if test.severity == "error" and errs:
        status, condition = "fail", test.error_if
    elif warns:
        status, condition = "warn", test.warn_if
    else:
        return "pass", ""
    return status, f"Got {failures} result{'s' if failures != 1 else ''}, configured to {status} if {condition}"


def _event(test: CompiledTest, status: str, failures: int, started: datetime, ended: datetime) -> Mapping[str, Any]:
    data = test.event["data"]
    node = {
        **data["node_info"],
        "node_status": status,
        "node_started_at": started.isoformat(),
        "node_finished_at": ended.isoformat(),
    }
    seconds = (ended - started).total_seconds()
    return {
        **test.event,
        "data": {**data, "status": status, "num_failures": failures, "execution_time": seconds, "node_info": node},
    }
