"""A disk that is full, then a folder that is read-only: `unshare -m -r python -m tests.torture.filling HOME REPORT MOUNT`.

Puts a copy of the home on a file system of its own in memory and gives it a little more room at each run, so that each run
ends at a later step for want of it, until one has enough. Prints one JSON object a run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from dagster_project import pipeline
from dagster_project.warehouse.home import Home
from tests.orchestration.test_kill import marts, parquet

ROOMS_KB = (0, 64, 512, 1500, 3000, 5000, 8000, 12000, 18000, 26000, 40000, 80000)


def _mount(place: Path, *options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)], check=True)


def _used_kb(place: Path) -> int:
    about = os.statvfs(place)
    return (about.f_blocks - about.f_bfree) * about.f_frsize // 1024


def _tell(**what: Any) -> None:
    print(json.dumps(what, ensure_ascii=False, default=str), flush=True)


def main() -> None:
    """Fill, then forbid."""
    source, report, place = (Path(a) for a in sys.argv[1:])
    _mount(place, "size=1g")
    home = Home(place / "home")
    shutil.copytree(source, home.root)
    for room in ROOMS_KB:
        _mount(place, "remount", f"size={_used_kb(place) + room}k")
        summary = pipeline.run(home, [report], workers=1)
        _tell(
            room_kb=room, outcome=summary.outcome, failures=summary.failures, marts=marts(home), parquet=parquet(home)
        )
        if summary.outcome != "failed":
            break
    _mount(place, "remount", "ro")
    for words in (["run", str(report)], ["status"], ["query", "select count(*) as n from dim_report"], ["check"]):
        command = [sys.executable, "-m", "dagster_project", *words, "--home", str(home.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        _tell(read_only=words[0], code=done.returncode, said=(done.stdout + done.stderr)[-400:])


if __name__ == "__main__":
    main()
