"""Dagster's handle on the home folder: one writer at a time, and the run's row in raw.runs."""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from dagster_project import modelling, retrying
from dagster_project.validation import SuiteResult
from dagster_project.validation_process import ValidationProcess, for_a_run
from dagster_project.warehouse import loading, memory, publishing, schema
from dagster_project.warehouse.home import HOME_VARIABLE, Home, HomeError
from dagster_project.warehouse.lock import DEFAULT_WAIT_SECONDS, Busy, writer

PUBLISHED = dg.AssetKey("published")
EXECUTOR_VARIABLE = "JIXIAO_EXECUTOR"


class _Abandoned(Exception):
    """Says to what was started ahead that nobody waits for it."""


def a_process_a_step() -> bool:
    """Whether each step runs in a process of its own (JIXIAO_EXECUTOR=multiprocess); else one process runs them all."""
    return os.environ.get(EXECUTOR_VARIABLE, "").strip().lower() == "multiprocess"


def end_of(run: dg.DagsterRun | None, process_a_step: bool) -> tuple[str, str] | None:
    """(outcome, message) of a run whose row is still open when the resource is given back; None: other steps follow.

    A run of some assets without the publication is `partial`. Of the whole chain in one process, what is still open did
    not reach its end.
    """
    if run is not None and run.asset_selection and PUBLISHED not in run.asset_selection:
        return "partial", "some assets only; the publication was not among them"
    return None if process_a_step else ("failed", "see the log of the run")


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The working database of a home folder. Holds the writer's lock for the length of a run, or of each step when steps
    run in processes of their own."""

    home: str | None = Field(default=None, description=f"Home folder; default: {HOME_VARIABLE}, else ./data")
    workers: int | None = Field(
        default=None, description="Processes that read files; default: the CPUs of this process"
    )
    full_refresh: bool = Field(default=False, description="Read every archived file again and rebuild every table")
    wait_seconds: float = Field(default=DEFAULT_WAIT_SECONDS, description="How long to wait for another run to finish")

    _run_id: str = PrivateAttr(default="")
    _is_whole_job: bool = PrivateAttr(default=False)
    _is_running: bool = PrivateAttr(default=False)
    _open: duckdb.DuckDBPyConnection | None = PrivateAttr(default=None)
    _validation: ValidationProcess = PrivateAttr(default_factory=ValidationProcess)
    _copying: Future[publishing.Copy | None] | None = PrivateAttr(default=None)
    _draft: publishing.Draft | None = PrivateAttr(default=None)
    _ahead: tuple[ExitStack, Future[list[SuiteResult]]] | None = PrivateAttr(default=None)

    @property
    def paths(self) -> Home:
        """The home's paths."""
        return Home.find(self.home)

    @property
    def run_id(self) -> str:
        """The Dagster run that holds this resource."""
        return self._run_id

    @property
    def is_whole_job(self) -> bool:
        """Whether the run is of the whole chain, with nothing selected from it."""
        return self._is_whole_job

    @property
    def works_ahead(self) -> bool:
        """Whether this process runs the whole chain, so that what later steps need may begin before their turn."""
        return self._is_whole_job and not a_process_a_step()

    @property
    def validation(self) -> ValidationProcess:
        """Great Expectations beside this run."""
        return self._validation

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold the lock and keep the run's row. Raises dg.Failure when the home stays busy or cannot be written."""
        self._run_id = context.run_id or "direct"
        self._validation = for_a_run()
        run = context.dagster_run
        self._is_whole_job = run is not None and not run.asset_selection and not run.asset_check_selection
        say = context.log.warning if context.log else print
        try:
            with writer(self.paths, f"Dagster run {self._run_id[:8]}", self.wait_seconds, say):
                with retrying.only_what_can_pass(), self.connect() as con:
                    schema.create(con)
                    loading.start_run(con, self._run_id)
                self._is_running = True
                try:
                    yield self
                finally:
                    self._is_running = False
                    self.release()
                    self._abandon()
                    self._discard()
                    undocumented = self._validation.close()
                    if undocumented:
                        say(f"the data docs of the expectations were not written: {undocumented}")
                    ended = end_of(context.dagster_run, a_process_a_step())
                    if ended is not None:
                        with contextlib.suppress(duckdb.Error), self.connect() as con:
                            loading.close_open_run(con, self._run_id, *ended)
        except (Busy, HomeError) as e:
            raise dg.Failure(str(e), allow_retries=False) from e

    def copy_ahead(self) -> None:
        """Let the publication in place be copied, to be changed into the next one, while reports are read and models built:
        gigabytes where there are many reports. Only worth it where a draft would not write everything anew."""
        if self.works_ahead and self._copying is None:
            pool = ThreadPoolExecutor(1)
            self._copying = pool.submit(publishing.begin, self.paths)
            pool.shutdown(wait=False)

    def _copied(self) -> publishing.Copy | None:
        """What was copied ahead; None where nothing was, or the copy failed: the draft then begins by itself."""
        copying, self._copying = self._copying, None
        if copying is None or copying.exception() is not None:
            return None
        return copying.result()

    def _make_draft(self, opened: Callable[[duckdb.DuckDBPyConnection], None]) -> publishing.Draft:
        return publishing.draft(self.paths, modelling.descriptions(), opened, self._copied())

    @contextmanager
    def drafting(self) -> Iterator[None]:
        """Draft the publication beside what is done inside: a run's last expectations wait for another process.

        Both may read the working database meanwhile, and nobody write to it. A draft that fails is no failure: the
        publication is then made from the beginning, and tells what is wrong.
        """
        self.release()
        if not self.works_ahead:
            yield
            return
        with ThreadPoolExecutor(1) as pool:
            opened: list[duckdb.DuckDBPyConnection] = []
            job = pool.submit(self._make_draft, opened.append)
            try:
                yield
            except BaseException:  # an interrupt too: nobody wants the draft any more
                for con in opened:
                    with contextlib.suppress(duckdb.Error):  # it is done, or has failed
                        con.interrupt()
                raise
            finally:
                if job.exception() is None:
                    self._draft = job.result()

    def look_ahead(self, look: Callable[[], list[SuiteResult]]) -> None:
        """Let the expectations of the marts look, and the publication be drafted, while Dagster is told what was built: that
        takes a second. Until `looked`, nobody may write to the working database. Nothing, where steps run by themselves."""
        if not self.works_ahead:
            return
        stack = ExitStack()
        stack.enter_context(self.drafting())
        pool = stack.enter_context(ThreadPoolExecutor(1))
        self._ahead = stack, pool.submit(look)

    def looked(self) -> list[SuiteResult] | None:
        """What was found by the look that was started ahead, once; None when none was. Raises what the look raised."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return None
        stack, job = ahead
        with stack:
            return job.result()

    def _abandon(self) -> None:
        """The run ended before its expectations: what was started ahead is of no use."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            with contextlib.suppress(_Abandoned), ahead[0]:
                raise _Abandoned

    def _discard(self) -> None:
        """Remove what was made for a publication that did not come."""
        copying, self._copying = self._copying, None
        if copying is not None:
            copying.exception()  # it has ended
        if copying is not None or self.take_draft() is not None:
            publishing.discard(self.paths)

    def take_draft(self) -> publishing.Draft | None:
        """The draft of this run's publication, given out once."""
        taken, self._draft = self._draft, None
        return taken

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The working database, open for writing. In a run the file stays open until `release`: opening and closing it takes
        50 ms, and a run asks for it twenty times.

        Another program may have it open for a moment: tried again for some seconds. Raises duckdb.Error after that.
        """
        if self._open is None:
            self._open = retrying.patiently(lambda: duckdb.connect(str(self.paths.warehouse)))
        try:
            with memory.bound(self._open.cursor()) as con:
                yield con
        finally:
            if not self._is_running:
                self.release()

    def release(self) -> None:
        """Close the working database, before dbt, Great Expectations or the publication open it."""
        opened, self._open = self._open, None
        if opened is not None:
            opened.close()
