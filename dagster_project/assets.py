"""The asset graph: archive -> raw tables -> dbt models -> published marts. Thin: the work is done elsewhere."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from pydantic import Field

from dagster_project import intake, modelling, progress
from dagster_project.ingestion import VERSIONS, stage
from dagster_project.resources import Warehouse
from dagster_project.spark.resource import SparkEngine
from dagster_project.warehouse import loading, publishing, schema
from dagster_project.warehouse.archive import InputError, release
from dagster_project.warehouse.home import Home

BATCH = 200  # documents in one transaction: a few megabytes of rows

ARCHIVE = dg.AssetKey("archive")
PUBLISHED = dg.AssetKey("published")
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
)
def archive(context: dg.AssetExecutionContext, config: Intake, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Copy new files into the archive and note under which path each file was seen."""
    started = time.monotonic()
    paths = intake.chosen(warehouse.paths, config.paths)
    progress.current().stage("archive", None)
    seen: list[loading.Source] = []
    refused: list[loading.Refused] = []
    for arrived in _taken_in(warehouse.paths, paths, config.source_url):
        source = arrived.source if isinstance(arrived, loading.Refused) else arrived
        progress.current().step(source.name)
        seen.append(source)
        if isinstance(arrived, loading.Refused):
            context.log.warning("quarantined (%s): %s", arrived.reason, arrived.message)
            intake.quarantine(warehouse.paths, arrived)
            refused.append(arrived)
    with warehouse.connect() as con:
        loading.see(con, seen)
        loading.note_provenance(con, seen)
        known = loading.refused_reasons(con)
        loading.refuse(con, [r for r in refused if known.get(r.source.sha256) != r.reason])
        counts = loading.arrived_since(con, warehouse.run_id)
        loading.note_run(con, warehouse.run_id, **counts)
    context.log.info("%d files seen, %d new", counts["files_seen"], counts["files_new"])
    return dg.MaterializeResult(
        metadata={
            **counts,
            "paths": [str(p) for p in paths],
            "seconds": round(time.monotonic() - started, 3),
        }
    )


def _taken_in(home: Home, paths: list[Path], source_url: str | None) -> Iterator[loading.Source | loading.Refused]:
    try:
        yield from intake.take_in(home, paths, source_url)
    except InputError as e:
        raise dg.Failure(str(e), allow_retries=False) from e


@dg.multi_asset(
    name="raw",
    specs=[
        dg.AssetSpec(
            [schema.RAW, table.name],
            deps=[ARCHIVE],
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
)
def raw(
    context: dg.AssetExecutionContext, warehouse: Warehouse, spark: SparkEngine
) -> Iterator[dg.MaterializeResult[None]]:
    """Read and extract what is new, load it; hand on only when the marts would become different.

    When neither the raw tables' content nor the project has changed since the last publication, nothing is yielded, and
    Dagster skips the models, the checks and the publication.
    """
    started = time.monotonic()
    home = warehouse.paths
    with warehouse.connect() as con:
        if warehouse.full_refresh:
            # what is published no longer counts as equal: even the same rows are built again
            loading.note_run(con, warehouse.run_id, message="full refresh")
        queue = loading.waiting(con, VERSIONS, warehouse.full_refresh)
        sources, files = intake.archived(home, queue)
        progress.current().stage("read", len(files))
        batch: list[loading.Staged] = []
        reasons: dict[str, int] = {}
        if spark.enabled:
            for sha in files:
                release(home, sha)
            for refused in spark.extract(home, con, sources, files):
                context.log.warning("quarantined (%s): %s", refused.reason, refused.message)
                reasons[refused.reason] = reasons.get(refused.reason, 0) + 1
                intake.quarantine(home, refused)
        for one in () if spark.enabled else stage(sources, files, warehouse.workers):
            progress.current().step(one.source.name)
            if isinstance(one, loading.Refused):
                context.log.warning("quarantined (%s): %s", one.reason, one.message)
                reasons[one.reason] = reasons.get(one.reason, 0) + 1
                loading.refuse(con, [one])
                intake.quarantine(home, one)
                continue
            batch.append(one)
            release(home, one.source.sha256)
            if len(batch) >= BATCH:
                _load(context, con, warehouse, batch)
                batch = []
        _load(context, con, warehouse, batch)
        counts = loading.table_counts(con)
        loading.note_run(
            con,
            warehouse.run_id,
            **loading.arrived_since(con, warehouse.run_id),
            documents=counts["documents"],
            figures=counts["figures"],
            form_rows=counts["form_rows"],
        )
        fingerprint = wanted_fingerprint(loading.raw_fingerprint(con))
        unchanged = not warehouse.full_refresh and publishing.published_fingerprint(home) == fingerprint
        if unchanged:
            loading.finish_run(
                con, warehouse.run_id, "unchanged", "nothing new: the publication in place is up to date"
            )
    if unchanged:
        context.log.info("nothing new: the publication in place is up to date")
        return
    for table in schema.TABLES:
        extra: dict[str, Any] = {}
        if table is schema.QUARANTINE and reasons:
            extra["reasons"] = dg.MetadataValue.json(reasons)
        if table is schema.DOCUMENTS:
            extra["read_now"] = len(files)
            extra["seconds"] = round(time.monotonic() - started, 3)
        yield dg.MaterializeResult(
            asset_key=[schema.RAW, table.name], metadata={"dagster/row_count": counts[table.name], **extra}
        )


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


def wanted_fingerprint(raw_state: str) -> str:
    """What the publication would be made of: raw state and project."""
    return f"{raw_state}-{modelling.project_fingerprint()}"


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
    progress.current().stage("build", None if selection else len(nodes))

    def heard(name: str, _status: str) -> None:
        progress.current().step(name)

    if spark.enabled:
        if selection:
            raise dg.Failure("Spark builds all models: select the whole job, or run without it", allow_retries=False)
        build = spark.build(warehouse.paths, warehouse.connect, heard)
    else:
        build = modelling.invoke(
            warehouse.paths,
            [
                "build",
                "--exclude-resource-type",
                "unit_test",
                *selection,
                *(["--full-refresh"] if warehouse.full_refresh else []),
            ],
            heard=heard,
        )
    for event in build.events:
        told = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
        yield from told.to_default_asset_events(manifest, TRANSLATOR, context, target_path=warehouse.paths.dbt_target)
    for words in build.warnings:
        context.log.warning(words)
    if not build.ok:
        message = "; ".join(build.failures[:10])
        with warehouse.connect() as con:
            loading.note_run(con, warehouse.run_id, message=f"build: {message}"[:2000])
        raise dg.Failure(f"dbt build failed: {message}", allow_retries=False)


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
)
def published(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Copy marts, history and metadata into a new file and put it in place of the published one."""
    started = time.monotonic()
    progress.current().stage("publish", None)
    with warehouse.connect() as con:
        fingerprint = wanted_fingerprint(loading.raw_fingerprint(con))
        loading.finish_run(con, warehouse.run_id, "published")
    try:
        done = publishing.publish(warehouse.paths, fingerprint, modelling.descriptions())
    except Exception as e:
        with warehouse.connect() as con:
            loading.finish_run(con, warehouse.run_id, "failed", f"publish: {e}"[:2000])
        raise
    context.log.info("published %s", done.path)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(done.path)),
            "parquet": dg.MetadataValue.path(str(done.parquet)),
            "rows": dg.MetadataValue.json(dict(done.rows)),
            "size_bytes": done.size_bytes,
            "seconds": round(time.monotonic() - started, 3),
        }
    )


ALL = [archive, raw, models, published]
__all__ = ["ALL", "Intake"]
