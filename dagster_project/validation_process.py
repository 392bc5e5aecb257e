"""Great Expectations in a process beside the run.

Its import costs seconds and a hundred megabytes: the process does it while dbt builds, and writes the data docs while the run
publishes. It ends with the run that started it, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from dagster_project import validation
from dagster_project.reading.worker_process import pipes_of_frames, read_frame, write_frame
from dagster_project.validation import SuiteFile, SuiteResult

_LOOK_SECONDS = 0.2


class ValidationCrashed(Exception):
    """The process ended without an answer."""


class ValidationProcess:
    """The run's side. Started by `start`, or by the first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._docs_are_owed = False

    def start(self) -> None:
        """Let it import what it needs, so that it is ready when it is asked."""
        if self._process is not None and self._process.poll() is None:
            return
        environment = dict(
            os.environ, PYTHONPATH=os.pathsep.join(os.path.abspath(p) for p in sys.path), PYTHONSAFEPATH="1"
        )
        self._docs_are_owed = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dagster_project.validation_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def validate(
        self, warehouse: Path, wanted: Sequence[SuiteFile], docs: Path | None, news: Mapping[str, str]
    ) -> list[SuiteResult]:
        """As validation.validate, but that the data docs are written after the answer: `close` says what became of them.

        Raises what validation.validate raises, and ValidationCrashed.
        """
        self.start()
        self._docs()
        results: list[SuiteResult] = self._answer((warehouse, list(wanted), docs, dict(news)))
        self._docs_are_owed = docs is not None
        return results

    def close(self) -> str | None:
        """Wait for the data docs and end the process; returns why the data docs were not written, in words."""
        if self._process is None:
            return None
        try:
            self._docs()
            return None
        except Exception as e:
            return str(e) or type(e).__name__
        finally:
            with contextlib.suppress(OSError):
                self._pipes()[0].close()
            self._process.wait()
            self._pipes()[1].close()
            self._process = None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _docs(self) -> None:
        if self._docs_are_owed:
            self._docs_are_owed = False
            self._answer(None)

    def _answer(self, question: object) -> Any:
        asked, told = self._pipes()
        try:
            if question is not None:
                write_frame(asked, question)  # type: ignore[arg-type]
            outcome, answer = read_frame(told)  # type: ignore[arg-type]
        except (EOFError, BrokenPipeError):
            assert self._process is not None
            code = self._process.wait()
            raise ValidationCrashed(
                f"Great Expectations ended without an answer (exit code {code}); was the machine out of memory?"
            ) from None
        if outcome == "failed":
            raise answer
        return answer


_ahead: list[ValidationProcess] = []


def start_ahead() -> None:
    """Start the process of a run that is about to begin in this process: it imports while Dagster is imported."""
    if not _ahead:
        process = ValidationProcess()
        process.start()
        _ahead.append(process)


def for_a_run() -> ValidationProcess:
    """The process that was started ahead, or a new one."""
    return _ahead.pop() if _ahead else ValidationProcess()


def _sendable(error: Exception) -> Exception:
    """The exception, or where it cannot cross a pipe its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with(parent: int) -> None:
    """A run that was killed must not leave the database open."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


def main() -> None:
    """Serve questions until the run closes the pipe."""
    asked, told = pipes_of_frames()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    gc.disable()  # its life is short, and a sixth of it would go into looking for cycles
    validation.load()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            warehouse, wanted, docs, news = read_frame(asked)
            try:
                results, write_docs = validation.validate_first(warehouse, wanted, news)
                write_frame(told, ("results", results))
            except Exception as e:
                write_frame(told, ("failed", _sendable(e)))
                continue
            if docs is not None:
                try:
                    write_docs(docs)
                    write_frame(told, ("docs", None))
                except Exception as e:
                    write_frame(told, ("failed", _sendable(e)))
    os._exit(0)  # all has been told; taking Python down would take the run another half second


if __name__ == "__main__":
    main()
