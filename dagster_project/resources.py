"""Dagster's handle on the home folder: one writer for the length of a run, and the run's row in raw.runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from dagster_project.warehouse import loading, schema
from dagster_project.warehouse.home import HOME_VARIABLE, Home, HomeError
from dagster_project.warehouse.lock import DEFAULT_WAIT_SECONDS, Busy, writer


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The working database of a home folder. Holds the writer's lock while a run has it."""

    home: str | None = Field(default=None, description=f"Home folder; default: {HOME_VARIABLE}, else ./data")
    workers: int | None = Field(
        default=None, description="Processes that read files; default: the CPUs of this process"
    )
    full_refresh: bool = Field(default=False, description="Read every archived file again and rebuild every table")
    wait_seconds: float = Field(default=DEFAULT_WAIT_SECONDS, description="How long to wait for another run to finish")

    _run_id: str = PrivateAttr(default="")

    @property
    def paths(self) -> Home:
        """The home's paths."""
        return Home.find(self.home)

    @property
    def run_id(self) -> str:
        """The Dagster run that holds this resource."""
        return self._run_id

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold the lock and keep the run's row from start to end. Raises dg.Failure when the home stays busy."""
        self._run_id = context.run_id or "direct"
        say = context.log.warning if context.log else print
        try:
            with writer(self.paths, f"Dagster run {self._run_id[:8]}", self.wait_seconds, say):
                with self.connect() as con:
                    schema.create(con)
                    loading.start_run(con, self._run_id)
                try:
                    yield self
                finally:
                    with self.connect() as con:
                        loading.close_open_run(con, self._run_id)
        except (Busy, HomeError) as e:
            raise dg.Failure(str(e), allow_retries=False) from e

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The working database, open for writing; closed again before dbt or Great Expectations open it."""
        con = duckdb.connect(str(self.paths.warehouse))
        try:
            yield con
        finally:
            con.close()
