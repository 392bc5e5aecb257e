"""dbt in this process: the project parsed once and kept, builds without a second interpreter.

Starting dbt as a child costs some nine seconds, parsing the project some more. The parsed project is kept in
`dbt/target` under a hash of all its files and parsed again when that changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any

from dagster_project import compiled_tests
from dagster_project.compiled_tests import CompiledTest
from dagster_project.warehouse import checked, memory
from dagster_project.warehouse.home import DBT_PROJECT, EXPECTATIONS, REFERENCE, Home, silence_telemetry
from dagster_project.warehouse.publishing import PUBLISHER_VERSION, Description

WAREHOUSE_VARIABLE = "JIXIAO_DUCKDB"  # dbt/profiles.yml reads the database's absolute path from it
CHECKED_VARIABLE = "JIXIAO_CHECKED_PROJECT"  # dbt/macros/unchecked_rows.sql
LINEAGE_VARIABLE = "JIXIAO_LINEAGE"  # columns' lineage at each build costs seconds: `jixiao dev` asks for it
KEPT_PARSES = 5
_TABLES_ONLY = (
    *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "seed"),
    *("--exclude", "config.materialized:view"),
)
_MODELS_AT_ONCE = 2  # where little is new: of a whole build two large models would share the memory that one is held to
_NOT_SOURCES = {"target", "logs", "dbt_packages", "__pycache__"}
_ahead: list[Future[Any]] = []  # what load_ahead began
_FAILED = ("error", "fail", "runtime error")
_RESULTS = {"LogSeedResult", "LogModelResult", "LogSnapshotResult", "LogTestResult"}


class DbtError(Exception):
    """dbt could not parse or build; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Build:
    """The outcome of an invocation: result events as dbt's structured log has them, and what failed, in words."""

    events: tuple[Mapping[str, Any], ...]
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    tests: tuple[CompiledTest, ...] = ()  # those that were run, as dbt compiled them

    @property
    def ok(self) -> bool:
        return not self.failures


def _files(*roots: Path) -> Iterator[tuple[str, Path]]:
    for root in roots:
        for folder, names, files in os.walk(root):
            names[:] = sorted(n for n in names if n not in _NOT_SOURCES and not n.startswith("."))
            for name in sorted(files):
                if not name.startswith("."):
                    path = Path(folder) / name
                    yield f"{root.name}/{path.relative_to(root).as_posix()}", path


def _hash(*roots: Path) -> str:
    digest = hashlib.sha256(f"dbt {version('dbt-core')} duckdb {version('dbt-duckdb')}".encode())
    for name, path in _files(*roots):
        digest.update(f"\n{name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def project_fingerprint() -> str:
    """A hash over all that makes marts out of raw tables: dbt project, vocabularies, expectations, publisher."""
    return f"{_hash(DBT_PROJECT, REFERENCE, EXPECTATIONS)}-{PUBLISHER_VERSION}"


def _cache_folder() -> Path:
    target = DBT_PROJECT / "target"
    try:
        target.mkdir(exist_ok=True)
        if os.access(target, os.W_OK):
            return target
    except OSError:
        pass
    # an installation that its user cannot write
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jixiao" / "dbt"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def manifest_path() -> Path:
    """The project's manifest.json; parses the project when it has changed since the last time.

    Raises DbtError with dbt's own words when the project does not parse.
    """
    wanted = _hash(DBT_PROJECT, REFERENCE)
    folder = _cache_folder()
    kept = folder / f"parsed-{wanted}"
    if not (kept / "manifest.json").exists():
        with tempfile.TemporaryDirectory(dir=folder, prefix=".parse-") as made:
            _parse(Path(made))
            # the last few are kept: another process may be at work with them
            for old in sorted(folder.glob("parsed-*"), key=lambda p: p.stat().st_mtime, reverse=True)[KEPT_PARSES:]:
                shutil.rmtree(old, ignore_errors=True)
            ready = Path(made) / "ready"
            ready.mkdir()
            for name in ("manifest.json", "partial_parse.msgpack"):
                shutil.copyfile(Path(made) / name, ready / name)
            try:
                ready.rename(kept)
            except OSError:  # another process parsed the same project meanwhile
                if not (kept / "manifest.json").exists():
                    raise
    return kept / "manifest.json"


@cache
def manifest() -> Mapping[str, Any]:
    """The parsed project as dbt's manifest.json describes it."""
    return json.loads(manifest_path().read_bytes())  # type: ignore[no-any-return]


def _parse(target: Path) -> None:
    with _environment(target / "warehouse.duckdb"):
        result = _runner(None, []).invoke(["parse", "--no-partial-parse", *_flags(target)])
    if not result.success:
        raise DbtError(f"the dbt project in {DBT_PROJECT} does not parse: {result.exception}")


def _runner(parsed: Any, callbacks: list[Callable[[Any], None]]) -> Any:
    silence_telemetry()
    from dbt.cli.main import dbtRunner

    return dbtRunner(manifest=parsed, callbacks=callbacks)


def _flags(target: Path) -> list[str]:
    return [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(target),
        "--log-path",
        str(target),
        "--log-level",
        "none",
        "--log-level-file",
        "none",
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]


@contextmanager
def _environment(warehouse: Path, checked_project: str = "") -> Iterator[None]:
    """What profiles.yml and the macros read from the environment, taken back afterwards."""
    told = {WAREHOUSE_VARIABLE: str(warehouse), CHECKED_VARIABLE: checked_project}
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def load_ahead() -> None:
    """Read the parsed project beside what the run does meanwhile, for the next `invoke`: half a second, and a run waits for its
    readers and for Great Expectations before it comes to dbt."""
    if _ahead:
        return
    loaded: Future[Any] = Future()

    def load() -> None:
        try:
            loaded.set_result(_kept_manifest())
        except BaseException as e:  # raised where it is asked for
            loaded.set_exception(e)

    Thread(target=load, daemon=True).start()
    _ahead.append(loaded)


def _next_manifest() -> Any:
    """A manifest object for one invocation, which changes it."""
    return _ahead.pop().result() if _ahead else _kept_manifest()


def _kept_manifest() -> Any:
    """dbt's own manifest object, from the parse that is kept."""
    silence_telemetry()
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    data = manifest_path().with_name("partial_parse.msgpack").read_bytes()
    parsed: Any = Manifest.from_msgpack(data, decoder=extended_mashumuro_decoder)
    parsed.build_flat_graph()
    parsed.build_parent_and_child_maps()
    return parsed


def invoke(
    home: Home,
    args: Sequence[str],
    heard: Callable[[str, str], None] | None = None,
    target: Path | None = None,
    checked_project: str = "",
) -> Build:
    """Run a dbt command on the home's warehouse in this process.

    Tests leave out the rows that passed them before under `checked_project`, a project_fingerprint(); empty: none.

    `heard(resource, status)` is told of each finished node. Tests that fail with severity error, and models that break,
    are `failures`; what dbt only warns of is in `warnings`. Raises DbtError when dbt itself gives up.
    """
    if checked_project:
        import duckdb

        with duckdb.connect(str(home.warehouse)) as con:
            checked.documents_to_test(con, checked_project)
    with _environment(home.warehouse, checked_project):
        return run_dbt(_next_manifest(), args, target or home.dbt_target, heard, _release)


def build_news(home: Home, project: str, heard: Callable[[str, str], None] | None = None) -> Build:
    """Build `moving_nodes` of a warehouse that the same project, a project_fingerprint(), built before.

    dbt builds the models. It runs the tests too where it has not done so under this project; after that they are asked as it
    compiled them. Raises DbtError when dbt itself gives up.
    """
    path = manifest_path().with_name(f"tests-{project}.json")
    tests = compiled_tests.kept(path)
    if not tests:
        known = manifest()
        build = invoke(home, ["build", *without_still_nodes(known)], heard, checked_project=project)
        if build.ok and len(build.tests) == sum(known["nodes"][u]["resource_type"] == "test" for u in _moving(known)):
            compiled_tests.keep(path, build.tests)
        return build
    words = ["build", *_TABLES_ONLY, "--exclude-resource-type", "test", "--threads", str(_MODELS_AT_ONCE)]
    build = invoke(home, words, heard, checked_project=project)
    if not build.ok:
        return build
    import duckdb

    with memory.bound(duckdb.connect(str(home.warehouse))) as con:
        outcomes = compiled_tests.ask(con, tests, heard)
    counts = dict(build.counts)
    told: dict[str, list[str]] = {}
    for outcome in outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
        told.setdefault(outcome.status, []).append(_in_words("test", outcome.test.name, outcome.message))
    return Build(
        (*build.events, *(o.event for o in outcomes)),
        tuple(words for status in _FAILED for words in told.get(status, ())),
        (*build.warnings, *told.get("warn", ())),
        counts,
        tuple(tests),
    )


def run_dbt(
    parsed: Any,
    args: Sequence[str],
    target: Path,
    heard: Callable[[str, str], None] | None,
    release: Callable[[], None],
) -> Build:
    """Run a dbt command in this process, on what the environment says for profiles.yml; `release` lets go of the database.

    `parsed` is dbt's manifest object, or None for dbt to parse the project itself. Raises DbtError as `invoke` does.
    """
    from google.protobuf.json_format import MessageToDict

    # dbt's JSON artifacts are a second and a half of writing, and nobody reads them but its own docs
    args = [*args] if args[0] == "docs" else [*args, "--no-write-json"]
    events: list[Mapping[str, Any]] = []
    failures: list[str] = []
    warnings: list[str] = []
    counts: dict[str, int] = {}
    told_of: dict[str, Mapping[str, Any]] = {}
    tests: list[CompiledTest] = []

    def listen(event: Any) -> None:
        if event.info.name not in _RESULTS:
            return
        told = MessageToDict(event, preserving_proto_field_name=True)
        events.append(told)
        node = told["data"]["node_info"]
        told_of[node["unique_id"]] = told
        if heard:
            heard(node["node_name"], node["node_status"])

    try:
        result = _runner(parsed, [listen]).invoke([*args, *_flags(target)])
    finally:
        release()
    if result.exception is not None:
        raise DbtError(f"dbt {args[0]} gave up: {result.exception}")
    for one in getattr(result.result, "results", None) or []:
        status = str(getattr(one.status, "value", one.status))
        counts[status] = counts.get(status, 0) + 1
        words = _in_words(one.node.resource_type.value, one.node.name, one.message or status)
        if status in _FAILED:
            failures.append(words)
        elif status == "warn":
            warnings.append(words)
        event = told_of.get(one.node.unique_id)
        if one.node.resource_type.value == "test" and event and (test := CompiledTest.of(one.node, event)):
            tests.append(test)
    if not result.success and not failures:
        failures.append(f"dbt {args[0]} ended without success")
    return Build(tuple(events), tuple(failures), tuple(warnings), counts, tuple(tests))


def _in_words(kind: str, name: str, message: str) -> str:
    """What became of a node, in dbt's words without its macro stack."""
    return f"{kind} {name}: {_first_lines(message)}"


def _first_lines(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return " ".join(line for line in lines[:6] if not line.startswith(">"))


def _release() -> None:
    """Close dbt's connection: a file must not be open under two configurations in one process."""
    import gc

    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()
    gc.collect()


def moving_nodes(known: Mapping[str, Any]) -> list[str]:
    """Names of what a build has to do where the same project built before: tables, and the tests of what comes from
    reports. Seeds and views are in place. `known` is the manifest."""
    return sorted(known["nodes"][unique_id]["name"] for unique_id in _moving(known))


def _moving(known: Mapping[str, Any]) -> list[str]:
    nodes = known["nodes"]

    @cache
    def comes_from_reports(unique_id: str) -> bool:
        if unique_id in known["sources"]:
            return True
        parents = nodes[unique_id]["depends_on"].get("nodes", ()) if unique_id in nodes else ()
        return any(comes_from_reports(p) for p in parents)

    return [
        unique_id
        for unique_id, node in nodes.items()
        if (node["resource_type"] in ("model", "snapshot") and node["config"]["materialized"] != "view")
        or (node["resource_type"] == "test" and comes_from_reports(unique_id))
    ]


def without_still_nodes(known: Mapping[str, Any]) -> list[str]:
    """dbt's words for a build of `moving_nodes` only. What is left out is a fourth as long a list as what is not, and dbt
    compares each name with each node."""
    moving = set(moving_nodes(known))
    still = sorted(
        n["name"] for n in known["nodes"].values() if n["resource_type"] == "test" and n["name"] not in moving
    )
    return [*_TABLES_ONLY, *still, "--indirect-selection", "empty"]


Columns = Mapping[tuple[str, str], Mapping[str, str]]  # (schema, table) -> column -> type


def column_lineage(node: Mapping[str, Any], columns: Columns, translator: Any, target: Path) -> dict[str, Any]:
    """Dagster's metadata on which columns of its parents each column of a built model comes from; by sqlglot.

    `columns` are those that the database has after the build, `target` is where the build left its compiled SQL. A
    model whose SQL sqlglot cannot follow has no lineage. Half a minute for all models: what was found is kept beside
    the parsed project.
    """
    from dagster import AssetKey, TableColumnDep, TableColumnLineage

    kept = manifest_path().parent / "lineage" / f"{node['unique_id']}.json"
    state = hashlib.sha256(json.dumps([[*k, *v.items()] for k, v in sorted(columns.items())]).encode()).hexdigest()
    try:
        told = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        told = {}
    if told.get("columns") == state:
        found = {
            column: [TableColumnDep(AssetKey(path), name) for path, name in parents]
            for column, parents in told["lineage"].items()
        }
        return {"dagster/column_lineage": TableColumnLineage(found)} if found else {}
    made = _column_lineage(node, columns, translator, target)
    deps = made["dagster/column_lineage"].deps_by_column if made else {}
    told = {"columns": state, "lineage": {c: [[d.asset_key.path, d.column_name] for d in ds] for c, ds in deps.items()}}
    try:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    except OSError:
        pass  # found again next time
    return made


def _column_lineage(node: Mapping[str, Any], columns: Columns, translator: Any, target: Path) -> dict[str, Any]:
    import logging

    from dagster_dbt.core.dbt_cli_event import EventHistoryMetadata, _build_column_lineage_metadata

    known = manifest()
    resources = {**known["nodes"], **known["sources"]}

    def of(one: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        table = one.get("alias") or one.get("identifier") or one["name"]
        return {name: {"data_type": kind} for name, kind in columns.get((one["schema"], table), {}).items()}

    parents = {
        p["relation_name"]: of(p)
        for u in node["depends_on"]["nodes"]
        if (p := resources.get(u)) and p.get("relation_name")
    }
    try:
        return _build_column_lineage_metadata(
            EventHistoryMetadata(of(node), parents), dict(node), known, translator, target, None
        )
    except Exception as e:  # whatever sqlglot raises: the build itself is done
        logging.getLogger(__name__).info("no column lineage for %s: %s", node["name"], e)
        return {}


def descriptions() -> dict[tuple[str, str], Description]:
    """(schema, table) -> what the project says that the table and its columns mean."""
    found = {}
    for node in manifest()["nodes"].values():
        if node["resource_type"] in ("model", "snapshot", "seed"):
            columns = {name: c.get("description", "").strip() for name, c in node["columns"].items()}
            found[node["schema"], node.get("alias") or node["name"]] = Description(node["description"].strip(), columns)
    return found
