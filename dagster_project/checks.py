"""Asset checks: the suites of expectations/ and the conservation of documents. They guard our own work.

A check that blocks keeps the marts from being published. Disagreements found in the reports are data, not failures:
they are in fct_reconciliation and block nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from dagster_project import modelling, progress, validation
from dagster_project.resources import Warehouse
from dagster_project.retrying import only_what_can_pass
from dagster_project.validation import Failure, SuiteFile, SuiteResult
from dagster_project.warehouse import checked, schema
from dagster_project.warehouse.checked import Guard

EXPECTATIONS_CHECK = "expectations"


def _describe(failure: Failure) -> dict[str, dg.JsonMetadataValue]:
    return {
        failure.expectation: dg.MetadataValue.json(
            {
                "why": failure.notes,
                "severity": failure.severity,
                "observed": failure.observed,
                "unexpected": failure.unexpected_count,
                "first rows": list(failure.first),
            }
        )
    }


def to_check_result(result: SuiteResult, file: SuiteFile) -> dg.AssetCheckResult:
    """A suite's outcome as Dagster shows it: counts, and for each failure its reason and first rows.

    Any failed expectation of severity `critical` makes it an error, which blocks; others are warnings.
    """
    metadata: dict[str, Any] = {"expectations": result.expectations, "failed": len(result.failures)}
    if result.rows is not None:
        metadata["rows looked at"] = result.rows
    for i, failure in enumerate(result.failures, 1):
        for name, value in _describe(failure).items():
            metadata[f"{i} {name}"] = value
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey([file.schema, file.table]),
        check_name=EXPECTATIONS_CHECK,
        passed=result.passed,
        severity=dg.AssetCheckSeverity.ERROR if result.blocking else dg.AssetCheckSeverity.WARN,
        description=None if result.passed else "; ".join(f"{f.expectation}: {f.notes}" for f in result.failures)[:1000],
        metadata=metadata,
    )


def _specs(files: Sequence[SuiteFile]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            EXPECTATIONS_CHECK,
            asset=dg.AssetKey([f.schema, f.table]),
            description=f"The suite expectations/{f.path.name}: sums, rates, keys and ranges of this table",
            blocking=True,
        )
        for f in files
    ]


MART_SUITES = [s for s in validation.suites() if s.schema != schema.RAW]
RAW_SUITES = validation.suites(schema.RAW)


def _news(
    con: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    guard: Guard,
    project: str,
    relations: Sequence[tuple[str, str]],
) -> dict[tuple[str, str], str]:
    """The conditions on the rows that a guard looks at; none for all rows: who starts a check by itself wants that."""
    if not warehouse.is_whole_job or warehouse.full_refresh:
        return {}
    return checked.unchecked(con, guard, project, relations)


def _conditions(
    con: duckdb.DuckDBPyConnection, warehouse: Warehouse, files: Sequence[SuiteFile], guard: Guard
) -> dict[str, str]:
    """By a suite's name, the condition on the rows that it looks at."""
    found = _news(con, warehouse, guard, modelling.project_fingerprint(), [(f.schema, f.table) for f in files])
    return {f.name: found[f.schema, f.table] for f in files if (f.schema, f.table) in found}


def _docs(warehouse: Warehouse) -> Path:
    return warehouse.paths.docs / "expectations"


def look_at_marts(warehouse: Warehouse, con: duckdb.DuckDBPyConnection) -> Callable[[], list[SuiteResult]]:
    """What the check `mart_expectations` does, to be begun ahead of its turn when `con` is closed."""
    news = _conditions(con, warehouse, MART_SUITES, Guard.MART_EXPECTATIONS)
    return partial(warehouse.validation.validate, warehouse.paths.warehouse, MART_SUITES, _docs(warehouse), news)


def _run(
    context: dg.AssetCheckExecutionContext,
    warehouse: Warehouse,
    files: list[SuiteFile],
    guard: Guard,
    validate: Callable[[list[SuiteFile], dict[str, str]], list[SuiteResult]],
    *,
    looked: Callable[[], list[SuiteResult] | None] = lambda: None,
) -> Iterator[dg.AssetCheckResult]:
    """Results of the suites that are selected: those that were `looked` for ahead, else what `validate` finds now."""
    wanted = {k.asset_key for k in context.selected_asset_check_keys}
    chosen = [f for f in files if dg.AssetKey([f.schema, f.table]) in wanted]
    progress.current().stage("check", len(chosen))
    with only_what_can_pass():
        results = looked()
        if results is None:
            with warehouse.connect() as con:
                news = _conditions(con, warehouse, chosen, guard)
            warehouse.release()
            results = validate(chosen, news)
        if len(chosen) == len(files) and not any(r.blocking for r in results):
            with warehouse.connect() as con:
                checked.note(con, guard, modelling.project_fingerprint())
    for file, result in zip(chosen, results, strict=True):
        progress.current().step(result.suite)
        yield to_check_result(result, file)


@dg.multi_asset_check(specs=_specs(MART_SUITES), name="mart_expectations", can_subset=True)
def mart_expectations(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Suites over the marts' rows that have not passed them; their data docs go to docs/expectations. The publication is
    drafted at the same time. In a run of the whole chain both have begun when the models were built."""

    def validate(chosen: list[SuiteFile], news: dict[str, str]) -> list[SuiteResult]:
        with warehouse.drafting():
            return warehouse.validation.validate(warehouse.paths.warehouse, chosen, _docs(warehouse), news)

    yield from _run(context, warehouse, MART_SUITES, Guard.MART_EXPECTATIONS, validate, looked=warehouse.looked)


@dg.multi_asset_check(specs=_specs(RAW_SUITES), name="raw_expectations", can_subset=True)
def raw_expectations(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Suites over the raw rows that have not passed them. Their data docs are written by `jixiao docs`."""

    def validate(chosen: list[SuiteFile], news: dict[str, str]) -> list[SuiteResult]:
        return warehouse.validation.validate(warehouse.paths.warehouse, chosen, None, news)

    yield from _run(context, warehouse, RAW_SUITES, Guard.RAW_EXPECTATIONS, validate)


@dg.asset_check(asset=dg.AssetKey([schema.RAW, "documents"]), name="nothing_lost", blocking=True)
def nothing_lost(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every file that was ever seen is either a document or in quarantine, and none is both."""
    with warehouse.connect() as con:
        lost = con.execute(
            "select document_path from raw.sightings "
            "where document_sha256 not in (select document_sha256 from raw.documents) "
            "and document_sha256 not in (select document_sha256 from raw.quarantine) order by document_path limit 10"
        ).fetchall()
        both = con.execute(
            "select document_name from raw.documents "
            "where document_sha256 in (select document_sha256 from raw.quarantine) order by document_name limit 10"
        ).fetchall()
        ((seen,),) = con.execute("select count(distinct document_sha256) from raw.sightings").fetchall()
    return dg.AssetCheckResult(
        passed=not lost and not both,
        metadata={
            "files seen": seen,
            "lost": dg.MetadataValue.json([p for (p,) in lost]),
            "both": dg.MetadataValue.json([p for (p,) in both]),
        },
    )


@dg.asset_check(asset=dg.AssetKey([schema.RAW, "evidence"]), name="quotes_in_place", blocking=True)
def quotes_in_place(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every quote is exactly the characters of the document's text that its evidence names.

    Of the documents that have not passed this: cost grows with what is new. Started by itself it looks at all, as `jixiao
    verify` does.
    """
    project = modelling.project_fingerprint()
    with warehouse.connect() as con:
        conditions = _news(con, warehouse, Guard.QUOTES, project, [(schema.RAW, "evidence")])
        evidence = f"(select * from raw.evidence where {conditions.get((schema.RAW, 'evidence'), 'true')}) as e"
        off = con.execute(
            f"select d.document_name, e.evidence_no, e.quote from {evidence} "
            "join raw.document_texts as t using (document_sha256) join raw.documents as d using (document_sha256) "
            "where substring(t.text, e.char_start + 1, e.char_end - e.char_start) <> e.quote limit 10"
        ).fetchall()
        ((total,),) = con.execute(f"select count(*) from {evidence}").fetchall()
        if not off:
            checked.note(con, Guard.QUOTES, project)
    return dg.AssetCheckResult(
        passed=not off,
        metadata={
            "quotes": total,
            "first off": dg.MetadataValue.json([{"document": d, "evidence_no": n, "quote": q} for d, n, q in off]),
        },
    )


ALL = [c for c, files in ((mart_expectations, MART_SUITES), (raw_expectations, RAW_SUITES)) if files] + [
    nothing_lost,
    quotes_in_place,
]
