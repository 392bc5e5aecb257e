"""Milliseconds and peak memory a document for each format, beside the usual libraries on the same files in one run:

    python -m benchmarks.readers [--rounds 9] [--output docs/readers.md]

The file of every format holds the same report: prose and an official form of 37 rows, nine pages when printed. Each reader runs in
a process of its own; the time is CPU time (the machine may be shared), the median of the rounds after one to warm up; the
memory is the process's highest resident size less that before the reader was imported.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
Reader = Callable[[bytes], Any]


def report_blocks() -> list[Any]:
    """One report of seven printed pages, in the test writers' blocks."""
    from tests.support.blocks import Grid, Para, TableCell
    from tests.support.forms import PROSE, evaluation_form

    cells, n_rows, _ = evaluation_form()
    rows: list[list[TableCell]] = [[] for _ in range(n_rows)]
    for row, _, rowspan, colspan, text in cells:
        rows[row].append(TableCell(text, rowspan, colspan))
    form = Grid(tuple(tuple(r) for r in rows))
    prose = [Para(f"（{n}）{PROSE * 2}") for n in range(1, 13)]
    return [Para("一、部门基本情况", 1), *prose, form, Para("二、预算执行情况", 1), Para(PROSE)]


# -- the files


def _docx() -> bytes:
    from tests.support.docx_writer import write_docx

    return write_docx(report_blocks())


def _html() -> bytes:
    from tests.support.html_writer import write_html

    return write_html(report_blocks())


def _xlsx() -> bytes:
    from tests.support.sheet_writer import write_xlsx

    return write_xlsx(report_blocks())


def _pdf() -> bytes:
    """With an embedded font where LibreOffice can make one, as most published files have; else with a font by name."""
    from shutil import which

    program = which("soffice")
    if program:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "report.docx"
            source.write_bytes(_docx())
            command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
            subprocess.run([*command, "--outdir", folder, str(source)], capture_output=True, timeout=180, check=False)
            made = source.with_suffix(".pdf")
            if made.is_file():
                return made.read_bytes()
    return _pdf_by_name()


def _pdf_by_name() -> bytes:
    from tests.support.pdf_writer import write_pdf

    return write_pdf(report_blocks())


def _ofd() -> bytes:
    from tests.support.ofd_writer import write_ofd

    return write_ofd(report_blocks())


FILES: dict[str, Callable[[], bytes]] = {
    "docx": _docx,
    "html": _html,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "pdf, font not embedded": _pdf_by_name,
    "ofd": _ofd,
}

# -- the readers: each returns a function, so that its import is not timed


def _jixiao(name: str) -> Reader:
    from dagster_project.reading import read

    return lambda data: read(data, name)


def _python_docx() -> Reader:
    import docx

    def run(data: bytes) -> Any:
        document = docx.Document(io.BytesIO(data))
        texts = [p.text for p in document.paragraphs]
        return texts, [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]

    return run


def _pdfplumber() -> Reader:
    import pdfplumber

    logging.disable(logging.ERROR)  # it complains of every font without a box

    def run(data: bytes) -> Any:
        with pdfplumber.open(io.BytesIO(data)) as document:
            return [(page.extract_text(), page.extract_tables()) for page in document.pages]

    return run


def _pandas_html() -> Reader:
    import pandas

    return lambda data: pandas.read_html(io.BytesIO(data))


def _openpyxl() -> Reader:
    import openpyxl

    def run(data: bytes) -> Any:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        return [list(sheet.values) for sheet in book]

    return run


READERS: dict[str, dict[str, Callable[[], Reader]]] = {
    "docx": {"jixiao": lambda: _jixiao("a.docx"), "python-docx": _python_docx},
    "html": {"jixiao": lambda: _jixiao("a.html"), "pandas.read_html": _pandas_html},
    "xlsx": {"jixiao": lambda: _jixiao("a.xlsx"), "openpyxl": _openpyxl},
    "pdf": {"jixiao": lambda: _jixiao("a.pdf"), "pdfplumber": _pdfplumber},
    "pdf, font not embedded": {"jixiao": lambda: _jixiao("a.pdf"), "pdfplumber": _pdfplumber},
    "ofd": {"jixiao": lambda: _jixiao("a.ofd")},
}


def _peak_kb() -> int:
    """This program's highest resident size. Linux's rusage would count the parent's before this program began."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(kind: str, reader: str, path: str, rounds: int) -> dict[str, float]:
    """Run in a process of its own: {"ms": median CPU milliseconds, "mb": peak memory in MB over the start}."""
    warnings.simplefilter("ignore")
    data = Path(path).read_bytes()
    before = _peak_kb()
    run = READERS[kind][reader]()
    run(data)
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        run(data)
        times.append(time.process_time() - begun)
    return {"ms": statistics.median(times) * 1000, "mb": (_peak_kb() - before) / 1024}


def run_all(rounds: int) -> list[dict[str, Any]]:
    """One row for each format and reader."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in FILES.items():
            path = Path(folder) / "file"
            path.write_bytes(make())
            for reader in READERS[kind]:
                command = [sys.executable, "-m", "benchmarks.readers", "--one", kind, reader, str(path)]
                command += ["--rounds", str(rounds)]
                done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, timeout=600, check=False)
                if done.returncode:
                    raise SystemExit(f"{reader} failed on {kind}:\n{done.stderr[-2000:]}")
                rows.append(
                    {"format": kind, "reader": reader, "kb": path.stat().st_size / 1024} | json.loads(done.stdout)
                )
    return rows


def as_markdown(rows: list[dict[str, Any]]) -> str:
    """The table for people; "times" says how much longer the other library takes than ours."""
    ours = {row["format"]: row["ms"] for row in rows if row["reader"] == "jixiao"}
    lines = ["| format | file KB | reader | ms a document | times | peak MB |", "|---|---:|---|---:|---:|---:|"]
    for row in rows:
        times = "" if row["reader"] == "jixiao" else f"{row['ms'] / ours[row['format']]:.1f}"
        lines.append(
            f"| {row['format']} | {row['kb']:.0f} | {row['reader']} | {row['ms']:.1f} | {times} | {row['mb']:.0f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of the readers")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    parser.add_argument("--one", nargs=3, metavar=("FORMAT", "READER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(*options.one, options.rounds)))
        return
    table = as_markdown(run_all(options.rounds))
    print(table)
    if options.output:
        options.output.write_text(f"# Speed of the readers\n\n{__doc__}\n{table}", encoding="utf-8")


if __name__ == "__main__":
    main()
