"""docs/benchmarks.md from the results of a benchmark."""

from __future__ import annotations

from typing import Any

_INTRODUCTION = """# Benchmarks

`make bench` makes the corpora (seeded; kept in `.bench/`), measures, and writes this page. What takes long is a part of its own:
`python -m benchmarks start|formats|runs|checks`, `--sizes 1000,10000,100000`.

How to read it: CPU is user and system time of a program and all its child processes; wall is the clock. Other programs on the
machine make the clock run on and, less so, CPU time grow, so what counts are the ratios to a reference that ran on the same data in
the same run. What misses its aim, why, and where the time goes: [profiles.md](profiles.md). Peak is the highest resident size (VmHWM) of the largest process, "together" that of all processes at one time.
"""


def document(results: dict[str, Any]) -> str:
    """The page as Markdown."""
    parts = [_INTRODUCTION]
    if "start" in results:
        parts.append(_start(results["start"]))
    if "formats" in results:
        parts.append(_formats(results["formats"]))
    if "checks" in results:
        parts.append(_checks(results["checks"]))
    found = [results[k] for k in results if k.startswith("run ") and "one" in results[k]]
    runs = sorted(found, key=lambda r: (r["texts"], r["size"]))
    if runs:
        parts.append(_runs(runs))
    return "\n".join(parts)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _machine(m: dict[str, Any]) -> str:
    return f"_{m['when']}, commit {m['commit']}, {m['cpus']} CPUs ({m['model']}), Python {m['python']}, load average {m['load']:.1f}._\n"


def _aim(value: float, aim: float, unit: str, *, least: bool = False) -> str:
    met = value >= aim if least else value <= aim
    return f"{'≥' if least else '<'} {aim:g} {unit}: {'met' if met else 'missed'}"


def _start(r: dict[str, Any]) -> str:
    rows = []
    for key, name, reference, aim in (
        ("first", "first `jixiao run` on the bundled reports", "again", 30),
        ("again", "the same again, nothing new", "import", 8),
        ("import", "import of the definitions", "dagster", 3),
        ("query", "`jixiao query`", "python", 0.5),
        ("status", "`jixiao status`", "python", 0.5),
    ):
        one, other = r[key], r[reference]
        names = {
            "again": "the run without news",
            "import": "the import",
            "dagster": "importing dagster and dagster_dbt",
            "python": "python -c pass",
        }
        rows.append(
            [
                name,
                f"{one['wall']:.2f}",
                f"{one['cpu']:.2f}",
                f"{one['peak_mb']:.0f}",
                f"{one['cpu'] / max(other['cpu'], 1e-3):.1f} x {names[reference]}",
                _aim(min(one["wall"], one["cpu"]), aim, "s"),
            ]
        )
    peak = _aim(r["first"]["peak_mb"], 700, "MB")
    return (
        "## Start-up and the bundled reports\n\n"
        + _machine(r["machine"])
        + "\n"
        + _table(["", "wall s", "CPU s", "peak MB", "CPU beside a reference", "aim (by the lesser of both)"], rows)
        + f"\nPeak memory of the first run: {peak}. Small commands: medians of five.\n"
    )


_AIMS = {"txt of 15 KB": 400, "docx": 60, "pdf": 20}


def _formats(r: dict[str, Any]) -> str:
    from benchmarks.throughput import PEERS

    rows = []
    for name, one in r["formats"].items():
        pool, alone = one["pool"], one["alone"]
        possible = r["machine"]["cpus"] * 1000 / pool["steady_ms"]
        peer = "-"
        if one.get("peer_ms"):
            peer = f"{one['peer_ms']:.0f} ({PEERS[name]}): {one['peer_ms'] / one['read_ms_of_those']:.1f} x our reading"
        aim = _AIMS.get(name)
        rows.append(
            [
                name,
                f"{alone['bytes'] / 1000:.1f}",
                f"{alone['read_ms']:.2f}",
                f"{alone['extract_ms']:.2f}",
                f"{pool['steady_ms']:.1f}",
                f"{pool['start_ms']:.0f}",
                f"{possible:.0f}",
                f"{pool['a_second']:.0f}",
                peer,
                f"{one['peak_mb']:.0f}",
                _aim(possible, aim, "/s", least=True) if aim else "",
            ]
        )
    head = [
        "format",
        "KB",
        "reading ms",
        "extraction ms",
        "CPU ms in a worker",
        "start of a worker, CPU ms",
        "reports/s",
        "through the pool, with its start",
        "the usual library, ms",
        "peak MB",
        "aim",
    ]
    return (
        "## Reading and extraction\n\n"
        + _machine(r["machine"])
        + "\n"
        + _table(head, rows)
        + "\nReading and extraction: CPU time of one report in one process, least of three rounds, mean over the reports. In a worker: CPU time of"
        "\na worker process for each report after its first, limits and sending the rows back counted; its start (Python, imports, vocabularies, first"
        "\nreport) stands beside it and is paid once for 2,000 reports. Reports/s: the CPUs over that time, which aims are held against; through the pool: by"
        "\nthe clock, over files so few that the start weighs.\n"
    )


def _checks(r: dict[str, Any]) -> str:
    rows = [
        [
            f"{r['fact_rows']:,}",
            str(r["suites"]),
            str(r["expectations"]),
            str(len(r["failed"])),
            f"{r['seconds']:.1f} / {r['seconds_cpu']:.1f}",
            f"{r['peak_mb']:.0f}",
            f"{_aim(min(r['seconds'], r['seconds_cpu']), 15, 's')}; {_aim(r['peak_mb'], 1000, 'MB')}",
        ]
    ]
    head = ["fact rows", "suites", "expectations", "not held", "wall / CPU s", "peak MB", "aim"]
    return "## Great Expectations over a million rows\n\n" + _machine(r["machine"]) + "\n" + _table(head, rows)


def _cost(one: dict[str, Any]) -> str:
    return f"{one['wall']:.1f} / {one['cpu']:.1f}"


def _beside(one: dict[str, Any], other: dict[str, Any]) -> str:
    """What one more report costs in a warehouse beside what it costs in another."""
    kind = "later" if "later" in one and "later" in other else "one"
    return f"{one[kind]['wall'] / other[kind]['wall']:.2f} / {one[kind]['cpu'] / other[kind]['cpu']:.2f}"


def _corpus(run: dict[str, Any]) -> str:
    return f"{run['size']:,} ({'text' if run['texts'] else 'mixed'})"


def _runs(runs: list[dict[str, Any]]) -> str:
    out = ["## Whole runs\n"]
    rows = []
    for r in runs:
        cold, limit = r["cold"], r.get("limit")
        rows.append(
            [
                _corpus(r),
                f"{r['bytes'] / 1e6:.0f}",
                f"{limit['rows']:,}" if limit else "",
                _cost(cold),
                f"{cold['cpu'] / r['size'] * 1000:.0f}",
                _cost(limit) if limit else "",
                f"{cold['cpu'] / limit['cpu']:.0f}" if limit else "",
                f"{cold['peak_mb']:.0f} / {cold['together_mb']:.0f}",
                f"{r['published_bytes'] / 1e6:.0f}",
            ]
        )
    out.append(
        _table(
            [
                "reports",
                "MB",
                "raw rows",
                "cold run: wall / CPU s",
                "CPU ms a report",
                "limit: wall / CPU s",
                "times the limit (CPU)",
                "peak MB / together",
                "published MB",
            ],
            rows,
        )
    )
    out.append(
        "The limit reads the same bytes and copies the same rows from Parquet into DuckDB, with no understanding.\n"
    )
    out += [f"{_corpus(r)}: {_machine(r['machine'])}" for r in runs]
    out.append("### What is new costs, what is old does not\n")
    rows = []
    for r in runs:
        first = next(other for other in runs if other["texts"] == r["texts"])
        rows.append(
            [
                _corpus(r),
                _cost(r["again"]),
                _cost(r["one"]),
                _cost(r["later"]) if "later" in r else "",
                _beside(r, first),
                f"{r['cold']['wall'] / first['cold']['wall']:.1f} / {r['cold']['cpu'] / first['cold']['cpu']:.1f}",
            ]
        )
    out.append(
        _table(
            [
                "reports in the warehouse",
                "run without news, imports included: wall / CPU s",
                "the first new report: wall / CPU s",
                "a later one (median of three)",
                "beside one into the smallest of the kind (wall / CPU)",
                "cold run beside the smallest of the kind (wall / CPU)",
            ],
            rows,
        )
    )
    out.append("### dbt and checks beside plain DuckDB\n")
    rows = []
    for r in runs:
        if "sql" not in r:
            continue
        stages = r["cold"]["stages"]
        ours = {k: stages["dbt build"][k] + stages["Great Expectations"][k] for k in ("wall", "cpu")}
        pandas = r.get("pandas")
        rows.append(
            [
                _corpus(r),
                _cost(ours),
                _cost(r["sql"]),
                f"{ours['cpu'] / r['sql']['cpu']:.1f} / {ours['wall'] / r['sql']['wall']:.1f}",
                str(r["sql"]["statements"]),
                f"{_cost(pandas['pandas'])} against {_cost(pandas['duckdb'])}" if pandas else "",
            ]
        )
    out.append(
        _table(
            [
                "reports",
                "dbt build and Great Expectations: wall / CPU s",
                "the same SQL in plain DuckDB",
                "times (CPU / wall)",
                "statements",
                "one mart's join, pandas against DuckDB",
            ],
            rows,
        )
    )
    out.append("### Where a cold run spends its CPU time\n")
    names = list(dict.fromkeys(k for r in runs for k in r["cold"]["stages"]))
    rows = []
    for r in runs:
        stages, cold = r["cold"]["stages"], r["cold"]
        spent = [stages.get(n, {}).get("cpu", 0.0) for n in names]
        rest = cold["cpu"] - cold["workers_cpu"] - sum(spent)
        rows.append([_corpus(r), f"{cold['workers_cpu']:.1f}", *(f"{s:.1f}" for s in spent), f"{max(rest, 0):.1f}"])
    out.append(_table(["reports", "workers (reading, extraction)", *names, "the rest (Dagster)"], rows))
    return "\n".join(out)
