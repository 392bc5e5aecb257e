"""docs/analysts.md works as written: its shell blocks are run, in order, in a copy of the project with its own sandbox."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse.home import DBT_PROJECT, Home

PROJECT = DBT_PROJECT.parent
GUIDE = PROJECT / "docs" / "analysts.md"
NEEDED = ("dagster_project", "dbt", "seeds", "expectations", "docs", "tests")


def blocks() -> list[str]:
    """The guide's shell blocks, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def clone(built_home: Home, tmp_path: Path) -> Path:
    """The project as an analyst has it after `make run`: a repository with an environment and ./data."""
    folder = tmp_path / "jixiao"
    ignored = shutil.ignore_patterns("target", "logs", "__pycache__", ".*cache")
    for name in NEEDED:
        shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    (folder / ".gitignore").write_text("/data/\n/.venv\n__pycache__/\n/dbt/target/\n", "utf-8")
    shutil.copytree(built_home.root, folder / "data")
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "as cloned"], check=True)
    return folder


def test_the_guide_s_steps_work(clone: Path) -> None:
    steps = blocks()
    assert len(steps) == 6
    # the copy's own package, not the installed one
    environment = {k: v for k, v in os.environ.items() if k != "JIXIAO_HOME"} | {"PYTHONPATH": str(clone)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(steps)],
        cwd=clone, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    with duckdb.connect(str(clone / "data" / "sandbox" / "me" / "warehouse.duckdb"), read_only=True) as con:
        shares = con.execute(
            "select count(*) from marts.project_share where project_share between 0 and 100"
        ).fetchone()
        ruled = con.execute(
            "select count(*) from marts.fct_reconciliation where rule_code = 'three_public_part_of_total'"
        ).fetchone()
        account = con.execute(
            "select parent_account_code from marts.dim_account where account_code = 'e3029901'"
        ).fetchone()
        reports = con.execute("select count(*) from marts.dim_report where is_current").fetchone()
    assert shares is not None and shares[0] > 0
    assert reports is not None and ruled is not None and ruled[0] >= reports[0]
    assert account == ("e30299",)
    assert "project_share" in (clone / "docs" / "data-dictionary.md").read_text("utf-8")
    changed = subprocess.run(["git", "status", "--short"], cwd=clone, capture_output=True, text=True, check=True).stdout
    assert changed == "", "everything that the steps made is committed"
