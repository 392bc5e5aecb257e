"""What is tried again, and what is not: a lock or a hiccup of a disk passes, a wrong input or a full disk does not."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import dagster as dg
import duckdb

_T = TypeVar("_T")

# a step that failed over something that can pass: after about 2, 4 and 8 seconds
RETRIES = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)

_PASSING = {
    errno.EAGAIN,
    errno.EBUSY,
    errno.EINTR,
    errno.EIO,
    errno.ETIMEDOUT,
    errno.ENOLCK,
    errno.ESTALE,
    errno.ETXTBSY,
}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
# in DuckDB's words, which carry no number
_LOCKED_WORDS = ("could not set lock", "conflicting lock", "being used by another process")
_FULL_WORDS = ("no space left", "disk full", "disk quota", "file too large", "out of disk")
_FORBIDDEN_WORDS = ("permission denied", "read-only file system", "operation not permitted", "read-only mode")

KEPT = "what was published before is unchanged"


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _is(error: BaseException, numbers: set[int], words: tuple[str, ...]) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in numbers
    return isinstance(error, duckdb.Error) and any(w in str(error).lower() for w in words)


def is_locked(error: BaseException) -> bool:
    """Whether another program has the database file open."""
    return any(_is(e, set(), _LOCKED_WORDS) for e in _causes(error))


def can_pass(error: BaseException) -> bool:
    """Whether the same step may succeed a little later: locks, interrupted or failing reads and writes."""
    return any(_is(e, _PASSING, _LOCKED_WORDS) for e in _causes(error))


def in_words(error: BaseException) -> str:
    """The error for the person who meets it, with what to do."""
    for e in _causes(error):
        if _is(e, _FULL, _FULL_WORDS):
            return f"the disk is full ({_said(e)}): free some space and run again; {KEPT}"
        if _is(e, _FORBIDDEN, _FORBIDDEN_WORDS):
            return f"it may not be written ({_said(e)}): mend the permissions or name another home with --home; {KEPT}"
    if is_locked(error):
        return f"another program has the database open: close it and run again ({_said(error)}); {KEPT}"
    return f"{_said(error)}; {KEPT}"


def plain(words: str) -> str:
    """What another program's message comes to, in front of it: dbt hands its errors over as words."""
    low = words.lower()
    if any(w in low for w in _FULL_WORDS):
        return f"the disk is full: free some space and run again; {KEPT}. {words}"
    if any(w in low for w in _LOCKED_WORDS):
        return f"another program has the database open: close it and run again; {KEPT}. {words}"
    return words


def _said(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:500]


@contextmanager
def only_what_can_pass() -> Iterator[None]:
    """Let an error through to the step's retries when it can pass; any other ends the step for good, in plain words."""
    try:
        yield
    except dg.Failure:
        raise
    except Exception as e:
        if can_pass(e):
            raise
        raise dg.Failure(in_words(e), allow_retries=False) from e


def patiently(
    do: Callable[[], _T],
    waits: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0),
    tell: Callable[[str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> _T:
    """Call `do`, again after each of `waits` seconds while what it raises can pass; then the last error stands."""
    for wait in waits:
        try:
            return do()
        except Exception as e:
            if not can_pass(e):
                raise
            if tell:
                tell(f"trying again in {wait} s: {_said(e)}")
        sleep(wait)
    return do()
