"""Fixtures that many tests share. The warehouse of the bundled reports is built once for the whole suite."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.warehouse.home import Home, silence_telemetry

silence_telemetry()


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the bundled reports published. Shared: tests that write take `home` instead."""
    from filelock import FileLock

    # one build for all workers of pytest-xdist
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home = Home(shared / "built-home")
    done = shared / "built-home.done"
    with FileLock(shared / "built-home.lock"):
        if not done.exists():
            from dagster_project import pipeline
            from dagster_project.warehouse.home import BUNDLED_REPORTS

            summary = pipeline.run(home.prepare(), [BUNDLED_REPORTS])
            assert summary.outcome == "published", summary.failures
            assert not summary.quarantined
            done.touch()
    return home


@pytest.fixture
def home(built_home: Home, tmp_path: Path) -> Home:
    """A copy of the built home, to write in."""
    target = tmp_path / "home"
    shutil.copytree(built_home.root, target)
    return Home(target)


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    """A home that nothing has run in."""
    return Home(tmp_path / "home").prepare()


@pytest.fixture(autouse=True)
def _no_home_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A test that forgets to name a home must not write into the user's."""
    monkeypatch.setenv("JIXIAO_HOME", str(tmp_path / "unnamed-home"))
    yield
