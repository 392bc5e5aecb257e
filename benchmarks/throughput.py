"""Reading and extraction by format: python -m benchmarks.throughput FORMAT PROCESSES FOLDER. Prints JSON.

`pool` is what the pipeline does: worker processes with limits, results sent back. `alone` is the CPU time of one report in this
process, the least of three rounds each (a shared machine only adds), split into reading and extraction. `peer` is the CPU time of
the library that one would take without Jixiao, reading the same files without understanding them.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import resource
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

PEERS = {"docx": "python-docx", "html": "pandas.read_html", "xlsx": "openpyxl", "pdf": "pdfplumber"}
_PEER_FILES = 15  # of the files: the peers are slow
_ROUNDS = 3


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pool(files: list[Path], processes: int) -> dict[str, float]:
    """All files through worker processes: reports a second, and CPU milliseconds a report of the workers.

    `start_ms`: CPU of one worker up to the end of its first report (start, imports, vocabularies). `steady_ms`: of each further
    report; a worker reads 2,000. `cpu_ms`: all of it over these files, which are few.
    """
    from dagster_project.ingestion import READ_AND_EXTRACT
    from dagster_project.reading.worker import WorkItem, process_files

    items = [WorkItem(hashlib.sha256(str(p).encode()).hexdigest(), p.name, p) for p in files]
    before = _children_seconds()
    for item in items[:processes]:
        list(process_files([item], workers=1, function=READ_AND_EXTRACT))
    start = (_children_seconds() - before) / processes
    before = _children_seconds()
    begun = mark = 0.0
    started = time.perf_counter()
    rows = 0
    for n, outcome in enumerate(process_files(items, workers=processes, function=READ_AND_EXTRACT)):
        if n == 2 * processes:  # the workers have started and imported what they need
            begun, mark = time.perf_counter(), n
        if outcome.result is not None:
            x = outcome.result.extraction
            rows += len(x.evidence) + len(x.figures) + len(x.form_rows) + len(x.findings) + len(x.omissions)
    now = time.perf_counter()
    cpu = _children_seconds() - before
    return {
        "a_second": (len(files) - mark) / (now - begun),
        "wall": now - started,
        "cpu_ms": cpu / len(files) * 1000,
        "start_ms": start * 1000,
        "steady_ms": (cpu - processes * start) / (len(files) - processes) * 1000,
        "rows": rows,
    }


def alone(files: list[Path]) -> dict[str, float]:
    """CPU milliseconds a report in this process, reading and extraction."""
    from dagster_project.extraction import extract
    from dagster_project.reading import read

    least: dict[Path, tuple[float, float]] = {}
    for number in range(_ROUNDS + 1):
        for path in files:
            data = path.read_bytes()
            begun = time.process_time()
            document = read(data, path.name)
            middle = time.process_time()
            extract(document)
            end = time.process_time()
            if number:  # the first round warms up
                a, b = least.get(path, (9e9, 9e9))
                least[path] = (min(a, middle - begun), min(b, end - middle))
    return {
        "read_ms": sum(a for a, _ in least.values()) / len(files) * 1000,
        "extract_ms": sum(b for _, b in least.values()) / len(files) * 1000,
        "bytes": sum(p.stat().st_size for p in files) / len(files),
    }


def _pandas_html() -> Callable[[bytes], Any]:
    """pandas.read_html with the parser that is installed; a page without tables gives none."""
    import pandas

    def run(data: bytes) -> Any:
        try:
            return pandas.read_html(io.BytesIO(data), flavor="lxml")  # type: ignore[arg-type]
        except ValueError:
            return []

    return run


def peer(kind: str, files: list[Path]) -> float | None:
    """CPU milliseconds a report of the usual library, on some of the files; None for a format without one."""
    if kind not in PEERS:
        return None
    from benchmarks.readers import READERS

    warnings.simplefilter("ignore")
    run = READERS[kind][PEERS[kind]]() if kind != "html" else _pandas_html()
    chosen = files[:_PEER_FILES]
    run(chosen[0].read_bytes())
    spent = 0.0
    for path in chosen:
        data = path.read_bytes()
        begun = time.process_time()
        run(data)
        spent += time.process_time() - begun
    return spent / len(chosen) * 1000


def peer_and_ours(kind: str, files: list[Path]) -> dict[str, Any]:
    """The peer, and our reading alone of the same files."""
    return {"peer_ms": peer(kind, files), "read_ms_of_those": alone(files[:_PEER_FILES])["read_ms"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind")
    parser.add_argument("processes", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    files = sorted(given.folder.rglob(f"*.{given.kind}"))
    sample = files[: max(20, len(files) // 5)]
    found = {"pool": pool(files, given.processes), "alone": alone(sample)}
    if given.kind in PEERS:
        found |= peer_and_ours(given.kind, files)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
