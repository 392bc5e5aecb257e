"""Dagster's handle on Spark: off unless a run asks for it, one session for the length of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import Field, PrivateAttr

from dagster_project.spark.session import LOCAL, Cluster, SparkUnavailable, session

if TYPE_CHECKING:
    import duckdb

    from dagster_project.modelling import Build
    from dagster_project.warehouse.home import Home
    from dagster_project.warehouse.loading import Refused, Source


class SparkEngine(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Reads reports and builds the marts on Spark instead of in this process. Needs the extra `spark` and Java."""

    enabled: bool = Field(default=False, description="Whether this run uses Spark; otherwise DuckDB does it all")
    master: str = Field(default=LOCAL, description="Spark's master: local[*] or spark://host:port")
    driver_memory: str = Field(default="2g", description="Memory of the driver, as Spark writes it")
    settings: dict[str, str] = Field(default={}, description="Further settings of Spark by name")

    _open: ExitStack | None = PrivateAttr(default=None)
    _spark: Any = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[SparkEngine]:
        """Stop the session at the end of the run, if one was needed."""
        with ExitStack() as stack:
            self._open = stack
            try:
                yield self
            finally:
                self._open, self._spark = None, None

    def _session(self, home: Home) -> Any:
        if self._spark is None:
            if self._open is None:
                raise RuntimeError("SparkEngine is used outside a run")
            cluster = Cluster(self.master, self.driver_memory, self.settings)
            try:
                self._spark = self._open.enter_context(session(cluster, self.scratch(home)))
            except SparkUnavailable as e:
                raise dg.Failure(str(e), allow_retries=False) from e
        return self._spark

    @staticmethod
    def scratch(home: Home) -> Path:
        """Where Spark keeps the tables that it builds."""
        return home.root / "spark" / "build"

    def extract(
        self, home: Home, con: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], files: Mapping[str, Path]
    ) -> list[Refused]:
        """Read and extract these archived files on Spark and load their rows; returns what was refused."""
        from dagster_project.spark import extraction, lake
        from dagster_project.warehouse.loading import Refused

        raw = lake.Lake(home.root / "spark" / "raw")
        if not files:
            return []
        done = extraction.extract(self._session(home), raw, sources, files)
        lake.load(con, raw, list(files))
        found = con.execute(
            "select document_sha256, reason, message, reader_version, extractor_version from lake_quarantine where batch = ?",
            [done.batch],
        ).fetchall()
        return [Refused(sources[sha], *rest) for sha, *rest in found]

    def build(
        self,
        home: Home,
        connect: Callable[[], Any],
        heard: Callable[[str, str], None] | None = None,
        full_refresh: bool = False,
    ) -> Build:
        """Build all models with their tests on Spark from what the raw tables hold, and bring the marts back.

        Facts are taken over from the last build and changed in the fiscal years with news, unless `full_refresh`.
        """
        from dagster_project.spark import building, kept, lake

        raw = lake.Lake(home.root / "spark" / "raw")
        with connect() as con:
            lake.export(con, raw)
        spark = self._session(home)
        if full_refresh:
            kept.forget(self.scratch(home))
        kept.reopen(spark, self.scratch(home))
        made = building.build(raw, home.dbt_target / "spark", heard)
        if made.ok:
            with connect() as con:
                building.bring_back(con, self.scratch(home))
            kept.keep(spark, self.scratch(home))
        return made
