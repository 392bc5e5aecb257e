"""What one file may cost in a worker process, and how a slow reader asks for more. Outside a worker everything is a
no-op.

A page that goes through character recognition costs 15 to 20 CPU seconds and more memory than any text page. Instead of
wide limits for all files, the reader of such a page calls `allow` for each page: the ordinary limits stay tight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for each file (bytes, seconds) and for the life of a worker process.

    60 seconds and 960 MB: the slowest ordinary report takes under 5 seconds and 300 MB; with the interpreter's own
    mapped
    libraries a worker at its limit stays under 1 GB resident.
    """

    memory_bytes: int = 960 * MB
    cpu_seconds: float = 55.0
    wall_seconds: float = 58.0
    files_per_worker: int = 2_000  # native libraries leak a little; a new process costs 0.7 s of CPU
    startup_seconds: float = 120.0
    extra_seconds_cap: float = 1_800.0  # the most that `allow` adds to one file: a scan of about 90 pages


_grant: Callable[[float, int], None] | None = None


def allow(seconds: float, memory_bytes: int = 0) -> None:
    """Add `seconds` (CPU and wall) to what the file in hand may take, up to `Limits.extra_seconds_cap`, and let the
    process
    use `memory_bytes` in all when that is more than the limit in force. Call it before each slow page."""
    if _grant is not None:
        _grant(seconds, memory_bytes)


def install(grant: Callable[[float, int], None] | None) -> None:
    """Used by the worker process: how `allow` is answered."""
    global _grant  # noqa: PLW0603 - one worker process, one file at a time
    _grant = grant
