"""Writes row_counts.csv anew from the bundled reports and prints what changed: `make baselines`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from dagster_project import pipeline
from dagster_project.warehouse.home import BUNDLED_REPORTS, Home
from tests import baselines

with tempfile.TemporaryDirectory(prefix="jixiao-baselines-") as folder:
    home = Home(Path(folder)).prepare()
    summary = pipeline.run(home, [BUNDLED_REPORTS])
    if summary.outcome != "published":
        sys.exit("\n".join(("the bundled reports were not published:", *summary.failures)))
    counts = baselines.counted(home.warehouse)
before = baselines.kept() if baselines.FILE.exists() else {}
print("\n".join(baselines.changes(counts, before)) or "no row count changed")
baselines.keep(counts)
