"""What is tried again and what is not, and what the person is told."""

from __future__ import annotations

import errno
import os

import dagster as dg
import duckdb
import pytest

from dagster_project import retrying

LOCKED = duckdb.IOException(
    'IO Error: Could not set lock on file "/x/warehouse.duckdb": Conflicting lock is held in /usr/bin/dbeaver (PID 5)'
)
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x/archive/ab")
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS), "/x/archive/ab")


def wrapped(error: Exception) -> Exception:
    try:
        raise RuntimeError("loading failed") from error
    except RuntimeError as e:
        return e


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (LOCKED, True),
        (wrapped(LOCKED), True),
        (OSError(errno.EIO, "Input/output error"), True),
        (OSError(errno.EAGAIN, "again"), True),
        (FULL, False),
        (READ_ONLY, False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (duckdb.ConstraintException("Constraint Error: duplicate key"), False),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), False),
        (ValueError("could not set lock"), False),
    ],
)
def test_what_can_pass(error: Exception, passes: bool) -> None:
    assert retrying.can_pass(error) is passes


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FULL, "the disk is full"),
        (wrapped(FULL), "the disk is full"),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), "free some space"),
        (READ_ONLY, "mend the permissions"),
        (LOCKED, "another program has the database open"),
        (ValueError("odd"), "odd; what was published before is unchanged"),
        (ValueError(), "ValueError"),
    ],
)
def test_what_the_person_is_told(error: Exception, words: str) -> None:
    assert words in retrying.in_words(error)


def test_what_other_programs_say() -> None:
    said = 'model a: Failed to commit: Could not write file "x": No space left on device'
    assert retrying.plain(said) == f"the disk is full: free some space and run again; {retrying.KEPT}. {said}"
    assert retrying.plain(str(LOCKED)).startswith("another program has the database open")
    assert retrying.plain("model a: syntax error") == "model a: syntax error"


def test_what_can_pass_is_left_to_the_retries() -> None:
    with pytest.raises(duckdb.IOException), retrying.only_what_can_pass():
        raise LOCKED


def test_what_cannot_pass_ends_the_step() -> None:
    with pytest.raises(dg.Failure) as caught, retrying.only_what_can_pass():
        raise FULL
    assert caught.value.allow_retries is False
    assert "the disk is full" in str(caught.value.description)


def test_a_failure_of_ours_is_handed_on_as_it_is() -> None:
    said = dg.Failure("said already", allow_retries=False)
    with pytest.raises(dg.Failure) as caught, retrying.only_what_can_pass():
        raise said
    assert caught.value is said


def test_patience() -> None:
    tried, waited, told = [], [], []

    def third_time() -> str:
        tried.append(1)
        if len(tried) < 3:
            raise LOCKED
        return "done"

    assert retrying.patiently(third_time, (1.0, 2.0, 4.0), told.append, waited.append) == "done"
    assert waited == [1.0, 2.0]
    assert len(told) == 2


def test_patience_has_an_end_and_is_not_for_all() -> None:
    waited: list[float] = []

    def never(error: Exception) -> None:
        raise error

    with pytest.raises(duckdb.IOException):
        retrying.patiently(lambda: never(LOCKED), (1.0, 2.0), None, waited.append)
    assert waited == [1.0, 2.0]
    with pytest.raises(OSError, match="No space"):
        retrying.patiently(lambda: never(FULL), (1.0,), None, waited.append)
    assert waited == [1.0, 2.0]
