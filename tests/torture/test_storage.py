"""A full disk and a read-only home, for real: a file system in memory that has just so much room."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dagster_project import pipeline
from dagster_project.warehouse.home import PROJECT_ROOT, Home
from tests.orchestration.test_kill import REPORT, marts, parquet

OWN_MOUNTS = ("unshare", "--mount", "--map-root-user")


def can_mount(folder: Path) -> bool:
    """Whether this machine lets us have mounts of our own."""
    command = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    return bool(shutil.which("unshare")) and not subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_a_disk_that_is_full_and_one_that_is_read_only(built_home: Home, tmp_path: Path) -> None:
    report, place = tmp_path / "report.txt", tmp_path / "place"
    report.write_text(REPORT, "utf-8")
    place.mkdir()
    assert can_mount(place), "this test needs Linux, and leave to make mounts of its own (unshare --map-root-user)"
    undisturbed = Home(Path(shutil.copytree(built_home.root, tmp_path / "undisturbed")))
    assert pipeline.run(undisturbed, [report], workers=1).outcome == "published"
    before, after = (json.loads(json.dumps(marts(h))) for h in (built_home, undisturbed))

    command = [
        *OWN_MOUNTS,
        sys.executable,
        "-m",
        "tests.torture.filling",
        str(built_home.root),
        str(report),
        str(place),
    ]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    told: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    runs = [t for t in told if "room_kb" in t]
    assert len(runs) >= 3, told
    for run in runs[:-1]:
        assert run["outcome"] == "failed", run
        assert "the disk is full" in run["failures"][0], run["failures"]
        assert run["marts"] == before, run["room_kb"]
        assert run["parquet"].keys() == parquet(built_home).keys()
    assert runs[-1]["outcome"] == "published"
    assert runs[-1]["marts"] == after
    assert runs[-1]["parquet"] == parquet(undisturbed)

    codes = {t["read_only"]: t for t in told if "read_only" in t}
    assert codes["run"]["code"] == 1
    assert "read-only" in codes["run"]["said"]
    for reading in ("status", "query", "check"):
        assert codes[reading]["code"] == 0, codes[reading]
