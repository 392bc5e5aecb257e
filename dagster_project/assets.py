"""The asset graph: archive -> raw tables -> dbt models -> published marts. Thin: the work is done elsewhere."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from pydantic import Field

from dagster_project import checks, intake, metadata, modelling, overviews, progress, standstill
from dagster_project.ingestion import VERSIONS, says_something_of_the_file, stage
from dagster_project.resources import PUBLISHED, Warehouse
from dagster_project.retrying import RETRIES, in_words, only_what_can_pass, plain
from dagster_project.spark.resource import SparkEngine
from dagster_project.warehouse import checked, loading, publishing, query, reviewing, schema
from dagster_project.warehouse.archive import InputError, release
from dagster_project.warehouse.home import Home

BATCH = 200  # documents in one transaction: a few megabytes of rows

ARCHIVE = dg.AssetKey("archive")
RE_EXTRACTION = dg.AssetKey("re_extraction")
# the inbox is looked at every day where the schedule is on; the week's full run is the last that must not fail
FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=8), warn_window=timedelta(days=2))
# the week's full run publishes anew: one that was missed warns, two fail
PUBLISHED_FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=15), warn_window=timedelta(days=8))
FIRST_YEAR = 2010  # self-evaluation reports are published since the rules of 2011
_OWNERS = ["team:warehouse"]

_RAW_MEANING = {
    "documents": "Each document that was read: file, provenance, versions, and whose report of which year it is.",
    "evidence": "Each place in a document that a row was taken from: section, page, form cell, characters, quote.",
    "figures": "Each stated figure, as written, once per statement.",
    "form_rows": "Each scored row of the self-evaluation forms, as written.",
    "findings": "Problems and measures that the reports state.",
    "omissions": "Numbers that were seen and are not figures, each with the reason.",
    "document_texts": "The exact text of each document, which evidence points into.",
    "quarantine": "Files that gave no report, each with its reason.",
    "sightings": "Under which paths each file was seen, first and last.",
    "runs": "Runs of the pipeline with their counts and outcome.",
}


class Intake(dg.Config):  # type: ignore[misc]
    """What a run takes in."""

    paths: list[str] = Field(
        default=[],
        description="Files, folders or .zip of reports. Empty: the inbox; an empty warehouse takes the bundled reports",
    )
    source_url: str | None = Field(default=None, description="Page that these files were published on")


@dg.asset(
    key=ARCHIVE,
    group_name="ingestion",
    kinds={"file"},
    owners=_OWNERS,
    description="Originals by SHA-256, never changed, each with a sidecar of its provenance. 原件归档",
    freshness_policy=FRESH,
    retry_policy=RETRIES,
)
def archive(context: dg.AssetExecutionContext, config: Intake, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Copy new files into the archive and note under which path each file was seen."""
    started = time.monotonic()
    home = warehouse.paths
    progress.current().stage("archive", None)
    seen: list[loading.Source] = []
    refused: list[loading.Refused] = []
    with only_what_can_pass():
        paths = intake.chosen(home, config.paths)
        for arrived in _taken_in(home, paths, config.source_url):
            source = arrived.source if isinstance(arrived, loading.Refused) else arrived
            progress.current().step(source.name)
            seen.append(source)
            if isinstance(arrived, loading.Refused):
                context.log.warning("quarantined (%s): %s", arrived.reason, arrived.message)
                intake.quarantine(home, arrived)
                refused.append(arrived)
        with warehouse.connect() as con:
            if not loading.table_counts(con)["sightings"]:
                ours = {source.sha256 for source in seen}
                restored = [source for source in intake.kept(home) if source.sha256 not in ours]
                if restored:
                    context.log.warning("a new warehouse: %d files are taken from the archive", len(restored))
                seen += restored
            loading.see(con, seen)
            loading.note_provenance(con, seen)
            known = loading.refused_reasons(con)
            settled = intake.settled(seen, refused, known)
            for place in settled:
                release(home, place)
            loading.forget(con, settled)
            loading.refuse(con, [r for r in refused if known.get(r.source.sha256) != r.reason])
            counts = loading.arrived_since(con, warehouse.run_id)
            loading.note_run(con, warehouse.run_id, **counts)
    context.log.info("%d files seen, %d new", counts["files_seen"], counts["files_new"])
    named = [(source.name, source.size_bytes, source.path) for source in seen]
    return dg.MaterializeResult(
        metadata={
            **counts,
            "paths": [str(p) for p in paths[:100]],
            "files": dg.MetadataValue.md(metadata.table(["file", "bytes", "seen at"], named)),
            "seconds": round(time.monotonic() - started, 3),
        }
    )


def _taken_in(home: Home, paths: list[Path], source_url: str | None) -> Iterator[loading.Source | loading.Refused]:
    try:
        yield from intake.take_in(home, paths, source_url)
    except InputError as e:
        raise dg.Failure(str(e), allow_retries=False) from e


def fiscal_years(today: datetime | None = None) -> list[str]:
    """The partitions of the re-extraction: from FIRST_YEAR to the year after this one (budgets are published ahead)."""
    return [str(y) for y in range(FIRST_YEAR, (today or datetime.now(UTC)).year + 2)]


@dg.asset(
    key=RE_EXTRACTION,
    partitions_def=dg.StaticPartitionsDefinition(fiscal_years()),
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="ingestion",
    kinds={"duckdb"},
    owners=_OWNERS,
    description="The archived documents of a fiscal year, asked to be read and extracted again. 按年度重新提取",
    retry_policy=RETRIES,
)
def re_extraction(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Mark the documents of these years; the raw tables' next load reads them from the archive and replaces their rows."""
    with only_what_can_pass(), warehouse.connect() as con:
        asked = loading.ask_again(con, [int(year) for year in context.partition_keys])
    context.log.info("%d documents of %s will be read again", asked, ", ".join(context.partition_keys))
    return dg.MaterializeResult(metadata={"documents": asked, "fiscal_years": ", ".join(context.partition_keys)})


@dg.multi_asset(
    name="raw",
    specs=[
        dg.AssetSpec(
            [schema.RAW, table.name],
            deps=[ARCHIVE, RE_EXTRACTION],
            skippable=True,
            group_name="raw",
            kinds={"duckdb"},
            owners=_OWNERS,
            description=_RAW_MEANING[table.name],
            metadata={
                "dagster/column_schema": dg.TableSchema(
                    [
                        dg.TableColumn(c.name, c.type, constraints=dg.TableColumnConstraints(nullable=c.nullable))
                        for c in table.columns
                    ]
                ),
                "dagster/table_name": f"{schema.RAW}.{table.name}",
            },
        )
        for table in schema.TABLES
    ],
    retry_policy=RETRIES,
)
def raw(
    context: dg.AssetExecutionContext, warehouse: Warehouse, spark: SparkEngine
) -> Iterator[dg.MaterializeResult[None]]:
    """Read and extract what is new, load it; hand on only when the marts would become different.

    When neither the raw tables' content nor the project has changed since the last publication, nothing is yielded, and
    Dagster skips the models, the checks and the publication.
    """
    with only_what_can_pass():
        made = _extract_and_load(context, warehouse, spark)
    if made is None:
        return
    for table in schema.TABLES:
        yield dg.MaterializeResult(asset_key=[schema.RAW, table.name], metadata=made[table.name])


def _extract_and_load(
    context: dg.AssetExecutionContext, warehouse: Warehouse, spark: SparkEngine
) -> dict[str, dict[str, Any]] | None:
    """Metadata by raw table; None when the publication in place is up to date."""
    started = time.monotonic()
    home = warehouse.paths
    with warehouse.connect() as con:
        sources, files = intake.queue(home, con, warehouse.full_refresh)
        progress.current().stage("read", len(files))
        loaded, reasons = 0, dict[str, int]()
        if files and warehouse.works_ahead and not spark.enabled:
            modelling.load_ahead()
            if len(files) * publishing.SHARE_IN_PLACE <= loading.table_counts(con)["documents"]:
                warehouse.copy_ahead()
        read_before, kept = loading.read_before(con, files), list[str]()
        if spark.enabled:
            for sha in files:
                release(home, sha)
            refusals = spark.extract(home, con, sources, files)
            for refused in refusals:
                _note_refused(context, home, refused, reasons)
            loaded = len(files) - len(refusals)
        batch: list[loading.Staged] = []
        for one in () if spark.enabled else stage(sources, files, warehouse.workers):
            progress.current().step(one.source.name)
            if isinstance(one, loading.Refused):
                if one.source.sha256 in read_before and not says_something_of_the_file(one.reason):
                    context.log.error("kept as it was read before: %s", one.message)
                    kept.append(one.message)
                    continue
                loading.refuse(con, [one])
                _note_refused(context, home, one, reasons)
                continue
            batch.append(one)
            loaded += 1
            release(home, one.source.sha256)
            if len(batch) >= BATCH:
                _load(context, con, warehouse, batch)
                batch = []
        _load(context, con, warehouse, batch)
        if kept:
            told = f"{loading.KEPT} {len(kept)} documents that could not be read again, the first: {kept[0]}"
            loading.note_run(con, warehouse.run_id, message=told[:2000])
        counts = loading.table_counts(con)
        loading.note_run(
            con,
            warehouse.run_id,
            **loading.arrived_since(con, warehouse.run_id),
            documents=counts["documents"],
            figures=counts["figures"],
            form_rows=counts["form_rows"],
        )
        # what was read again on demand is built again, even where it gave the same rows
        if not warehouse.full_refresh and not loaded and standstill.up_to_date(home, con):
            loading.finish_run(con, warehouse.run_id, "unchanged", standstill.UP_TO_DATE)
            context.log.info(standstill.UP_TO_DATE)
            return None
        if warehouse.works_ahead:
            warehouse.validation.start()
        made: dict[str, dict[str, Any]] = {t.name: {"dagster/row_count": counts[t.name]} for t in schema.TABLES}
        for table, words in (
            (schema.DOCUMENTS, overviews.of_documents(con, warehouse.run_id)),
            (schema.QUARANTINE, overviews.of_quarantine(con)),
            (schema.RUNS, overviews.of_runs(con)),
        ):
            made[table.name] |= {name: dg.MetadataValue.md(text) for name, text in words.items()}
    outcomes = {"read": loaded, **{f"quarantined: {reason}": n for reason, n in reasons.items()}}
    if kept:
        outcomes["kept as read before"] = len(kept)
    made[schema.DOCUMENTS.name] |= {
        "read_now": loaded,
        "quarantined_now": sum(reasons.values()),
        "outcomes of this run": dg.MetadataValue.md(metadata.bars("outcome", outcomes)),
        "seconds": round(time.monotonic() - started, 3),
    }
    return made


def _note_refused(
    context: dg.AssetExecutionContext, home: Home, refused: loading.Refused, reasons: dict[str, int]
) -> None:
    context.log.warning("quarantined (%s): %s", refused.reason, refused.message)
    reasons[refused.reason] = reasons.get(refused.reason, 0) + 1
    intake.quarantine(home, refused)


def _load(context: dg.AssetExecutionContext, con: Any, warehouse: Warehouse, batch: list[loading.Staged]) -> None:
    """Load a batch; when a document's rows do not fit the tables, that document alone is refused."""
    if not batch:
        return
    try:
        loading.load_batch(con, batch)
        return
    except (ValueError, OverflowError, duckdb.DataError, duckdb.IntegrityError) as e:
        if len(batch) == 1:
            one = batch[0]
            message = f"{one.source.name}: its rows do not fit the raw tables ({e}); please report it with the file"
            context.log.warning("quarantined (unloadable): %s", message)
            refused = loading.Refused(one.source, "unloadable", message, *VERSIONS)
            loading.refuse(con, [refused])
            intake.quarantine(warehouse.paths, refused)
            return
    for one in batch:
        _load(context, con, warehouse, [one])


class Translator(DagsterDbtTranslator):
    """Groups by layer, with owners; keys are schema/name, a source's the raw table's."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """dbt calls its sources after where they come from; as an asset a raw table has one key."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["identifier"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema is the layer: staging, intermediate, marts, history; vocabularies are `reference`."""
        return str(dbt_resource_props.get("config", {}).get("schema") or "models")

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """All models have one owning team."""
        return _OWNERS


TRANSLATOR = Translator()


@dbt_assets(
    manifest=modelling.manifest_path(), dagster_dbt_translator=TRANSLATOR, name="dbt", exclude="resource_type:unit_test"
)
def models(context: dg.AssetExecutionContext, warehouse: Warehouse, spark: SparkEngine) -> Iterator[Any]:
    """Build the selected models with their tests, in this process."""
    manifest = modelling.manifest()
    selection: list[str] = []
    if context.is_subset:
        params = get_updated_cli_invocation_params_for_context(
            context=context, manifest=manifest, dagster_dbt_translator=TRANSLATOR
        )
        selection = list(params.selection_args)
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed", "snapshot", "test")]
    project = modelling.project_fingerprint()
    with only_what_can_pass(), warehouse.connect() as con:
        is_known = checked.passed(con, checked.Guard.TESTS, project)
        if not is_known:
            checked.forget(con, checked.Guard.TESTS)  # from here on seeds and views are another project's
    only_news = is_known and not selection and not warehouse.full_refresh and not spark.enabled
    moving = modelling.moving_nodes(manifest) if only_news else []
    progress.current().stage("build", None if selection else len(moving or nodes))

    def heard(name: str, _status: str) -> None:
        progress.current().step(name)

    if spark.enabled and selection:
        raise dg.Failure("Spark builds all models: select the whole job, or run without it", allow_retries=False)
    words = ["build", "--exclude-resource-type", "unit_test", *selection]
    words += ["--full-refresh"] if warehouse.full_refresh else []
    warehouse.release()
    with only_what_can_pass():
        build = (
            spark.build(warehouse.paths, warehouse.connect, heard, warehouse.full_refresh)
            if spark.enabled
            else modelling.build_news(warehouse.paths, project, heard)
            if only_news
            else modelling.invoke(warehouse.paths, words, heard)
        )
    rows: dict[tuple[str, str], int] = {}
    columns: modelling.Columns = {}
    if build.ok:
        with only_what_can_pass(), warehouse.connect() as con:
            if not selection and not spark.enabled:
                checked.note(con, checked.Guard.TESTS, project)
            rows = overviews.model_rows(con, sorted({n["schema"] for n in nodes}))
            columns = overviews.columns(con) if os.environ.get(modelling.LINEAGE_VARIABLE) else {}
            look = checks.look_at_marts(warehouse, con) if warehouse.works_ahead else None
        if look is not None:
            warehouse.look_ahead(look)
    for event in build.events:
        told = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
        for said in told.to_default_asset_events(manifest, TRANSLATOR, context, target_path=warehouse.paths.dbt_target):
            if isinstance(said, dg.Output):
                node = manifest["nodes"][event["data"]["node_info"]["unique_id"]]
                more = _about(node, rows, columns, warehouse.paths.dbt_target)
                yield dg.Output(said.value, said.output_name, metadata={**said.metadata, **more})
            else:
                yield said
    for warning in build.warnings:
        context.log.warning(warning)
    if not build.ok:
        message = plain("; ".join(build.failures[:10]))
        # on a full disk not even that can be written
        with contextlib.suppress(duckdb.Error), warehouse.connect() as con:
            loading.note_run(con, warehouse.run_id, message=f"build: {message}"[:2000])
        raise dg.Failure(f"dbt build failed: {message}", allow_retries=False)


def _about(
    node: Mapping[str, Any], rows: Mapping[tuple[str, str], int], columns: modelling.Columns, target: Path
) -> dict[str, Any]:
    """A model's rows and, when `columns` says what the database has, where its columns come from."""
    more: dict[str, Any] = {}
    if (counted := rows.get((node["schema"], node.get("alias") or node["name"]))) is not None:
        more["dagster/row_count"] = counted
    if columns and node["resource_type"] == "model":
        more |= modelling.column_lineage(node, columns, TRANSLATOR, target)
    return more


def published_deps() -> list[dg.AssetKey]:
    """All models of the published schemas."""
    return sorted(k for k in models.keys if k.path[0] in publishing.PUBLISHED_SCHEMAS)


@dg.asset(
    key=PUBLISHED,
    deps=published_deps(),
    group_name="publication",
    kinds={"duckdb", "parquet"},
    owners=_OWNERS,
    description="published/jixiao.duckdb and a Parquet file for each mart, put in place as a whole. 发布",
    freshness_policy=PUBLISHED_FRESH,
    retry_policy=RETRIES,
)
def published(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Copy marts, history and metadata into a new file and put it in place of the published one."""
    started = time.monotonic()
    progress.current().stage("publish", None)
    with only_what_can_pass():
        with warehouse.connect() as con:
            fingerprint = standstill.wanted_fingerprint(con)
            overview = overviews.of_publication(con)
            loading.finish_run(con, warehouse.run_id, "published")
        warehouse.release()
        try:
            done = publishing.publish(warehouse.paths, fingerprint, modelling.descriptions(), warehouse.take_draft())
        except Exception as e:
            with contextlib.suppress(duckdb.Error), warehouse.connect() as con:
                loading.finish_run(con, warehouse.run_id, "failed", f"publish: {in_words(e)}"[:2000])
            raise
    context.log.info("published %s", done.path)
    with query.session(warehouse.paths) as marts:
        balance = reviewing.balance(marts)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(done.path)),
            "parquet": dg.MetadataValue.path(str(done.parquet)),
            "rows": dg.MetadataValue.md(metadata.bars("table", dict(done.rows))),
            **{name: dg.MetadataValue.md(text) for name, text in overview.items()},
            **({"balance": dg.MetadataValue.md(metadata.table(balance.columns, balance.rows))} if balance else {}),
            "size_bytes": done.size_bytes,
            "seconds": round(time.monotonic() - started, 3),
        }
    )


ALL = [archive, re_extraction, raw, models, published]
__all__ = ["ALL", "Intake"]
