"""A file that crashes, hangs or hogs costs itself only; the others go on, and nothing is left running."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.reading.worker import Limits, Outcome, WorkItem, process_files

BEHAVE = "tests.reading.worker_functions.behave"
QUICK = Limits(memory_bytes=300 << 20, cpu_seconds=5, wall_seconds=3)


def items(folder: Path, contents: list[str]) -> list[WorkItem]:
    made = []
    for number, content in enumerate(contents):
        path = folder / f"{number}.txt"
        path.write_text(content)
        made.append(WorkItem(hashlib.sha256(content.encode()).hexdigest(), path.name, path))
    return made


def outcomes(folder: Path, contents: list[str], limits: Limits = QUICK, workers: int = 2) -> list[Outcome]:
    """In the order of `contents`, after checking that each item has exactly one outcome."""
    given = items(folder, contents)
    got = {o.item.name: o for o in process_files(given, workers, limits, BEHAVE)}
    assert len(got) == len(given)
    return [got[item.name] for item in given]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc").is_dir() or Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("abort", "crashed"),
        ("segfault", "crashed"),
        ("exit", "crashed"),
        ("hang", "timeout"),
        ("hog", "memory"),
        ("bug", "crashed"),
        ("refuse", "no_text"),
    ],
)
def test_a_bad_file_costs_itself_only(tmp_path: Path, order: str, reason: str) -> None:
    contents = [f"good {i}" for i in range(6)] + [order] + [f"good {i}" for i in range(6, 12)]
    got = outcomes(tmp_path, contents)
    assert got[6].error is not None
    assert got[6].error.reason == reason
    assert "6.txt" in got[6].error.message
    assert [o.result for i, o in enumerate(got) if i != 6] == [c for i, c in enumerate(contents) if i != 6]


def test_several_bad_files_in_a_row(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["abort", "segfault", "hog", "good", "abort", "exit", "good"])
    assert [o.error.reason if o.error else o.result for o in got] == [
        "crashed", "crashed", "memory", "good", "crashed", "crashed", "good",
    ]  # fmt: skip


def test_cpu_limit(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["spin", "good"], Limits(cpu_seconds=1, wall_seconds=30))
    assert got[0].error is not None
    assert got[0].error.reason == "timeout"
    assert "CPU" in got[0].error.message
    assert got[1].result == "good"


def test_cpu_limit_is_for_each_file_not_for_the_process(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["slow-but-granted"] * 3, Limits(cpu_seconds=1, wall_seconds=1.5), workers=1)
    assert [o.result for o in got] == ["done"] * 3


def test_more_time_is_granted_page_by_page_up_to_the_cap(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["slow-but-granted"], Limits(wall_seconds=1.0, extra_seconds_cap=0.5))
    assert got[0].error is not None
    assert got[0].error.reason == "timeout"


def test_the_child_of_a_hung_worker_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    got = outcomes(tmp_path, [f"hang-with-child {note}"], Limits(wall_seconds=1.0))
    assert got[0].error is not None
    assert got[0].error.reason == "timeout"
    assert not any(is_running(int(pid)) for pid in note.read_text().split())


def test_a_library_that_prints_breaks_nothing(tmp_path: Path) -> None:
    assert [o.result for o in outcomes(tmp_path, ["print", "good"])] == ["print", "good"]


def test_large_results_and_a_slow_consumer(tmp_path: Path) -> None:
    """Workers blocked on a full pipe are not taken for hung ones."""
    got = []
    for outcome in process_files(items(tmp_path, ["large 9000000"] * 6), 2, Limits(wall_seconds=0.7), BEHAVE):
        got.append(outcome)
        time.sleep(0.9)
    assert [len(o.result or "") for o in got] == [9_000_000] * 6


def test_workers_are_recycled(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["pid"] * 10, Limits(files_per_worker=3), workers=1)
    assert len({o.result for o in got}) == 4


def test_an_innocent_file_gets_a_second_try(tmp_path: Path) -> None:
    """The heap may have been damaged by an earlier file: a crash in a used process is tried again in a new one."""
    got = outcomes(tmp_path, ["good", f"abort-unless-first {tmp_path / 'marker'}", "good"], workers=1)
    assert [o.result for o in got] == ["good", "second try", "good"]


def test_memory_of_earlier_files_is_not_charged_to_the_next(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["hog-gently 150"] * 8, workers=1)
    assert [o.result for o in got] == [150 << 20] * 8


def test_items_are_drawn_as_needed(tmp_path: Path) -> None:
    drawn = 0

    def source() -> Iterator[WorkItem]:
        nonlocal drawn
        for item in items(tmp_path, ["good"] * 50):
            drawn += 1
            yield item

    stream = process_files(source(), 1, QUICK, BEHAVE)
    next(stream)
    assert drawn < 10
    stream.close()


def test_missing_oversized_and_empty_files_have_their_reasons(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(101 << 20)
    empty = tmp_path / "empty.txt"
    empty.touch()
    given = [WorkItem("0", p.name, p) for p in (large, empty, tmp_path / "missing.txt")]
    got = {o.item.name: o.error.reason for o in process_files(given, 1, QUICK, BEHAVE) if o.error}
    assert got == {"large.txt": "oversized", "empty.txt": "empty", "missing.txt": "damaged"}


def test_no_process_mode_gives_the_same_outcomes(tmp_path: Path) -> None:
    got = outcomes(tmp_path, ["good", "bug", "refuse", "pid"], workers=0)
    assert [o.error.reason if o.error else o.result for o in got] == ["good", "crashed", "no_text", os.getpid()]


def test_a_function_that_cannot_be_imported_is_said(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"no_such_function"):
        list(process_files(items(tmp_path, ["good"]), 1, QUICK, "tests.reading.worker_functions.no_such_function"))


def test_closing_early_ends_the_workers_and_removes_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    stream = process_files(items(tmp_path, ["pid"] + ["hang"] * 3), 1, QUICK, BEHAVE)
    pid = next(stream).result
    stream.close()
    assert not is_running(pid)
    assert list(scratch.iterdir()) == []


def test_an_interrupt_ends_everything(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    given = tmp_path / "0.txt"
    given.write_text(f"hang-with-child {note}")
    program = textwrap.dedent(f"""
        from pathlib import Path
        from dagster_project.reading.worker import WorkItem, process_files
        print(list(process_files([WorkItem("0", "0.txt", Path({str(given)!r}))], 1, None, {BEHAVE!r})))
    """)
    # who runs the tests in the background has interrupts switched off
    program = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n" + program
    process = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not (note.exists() and note.read_text().count(" ") == 1) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors
    pids = [int(pid) for pid in note.read_text().split()]
    assert len(pids) == 2
    assert not any(is_running(pid) for pid in pids)
