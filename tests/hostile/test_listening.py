"""Both UIs listen on this machine only, unless somebody says otherwise."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from dagster_project.cli import cli
from dagster_project.dashboard import server
from dagster_project.warehouse.home import Home


def test_the_dashboard_is_started_on_localhost() -> None:
    words = server.command(8501)
    assert words[words.index("--server.address") + 1] == "127.0.0.1"
    assert "host" not in {p.name for p in cli.commands["dashboard"].params}


@pytest.mark.parametrize(("more", "host"), [([], "127.0.0.1"), (["--host", "0.0.0.0"], "0.0.0.0")])
def test_dagster_s_ui_is_started_on_localhost(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, more: list[str], host: str
) -> None:
    started: list[list[str]] = []
    told: list[dict[str, str]] = []

    def instead(program: str, words: list[str], environment: dict[str, str]) -> None:
        started.append(words)
        told.append(environment)

    monkeypatch.setattr(os, "execvpe", instead)
    done = CliRunner().invoke(cli, ["dev", "--home", str(empty_home.root), *more], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert started[0][started[0].index("-h") + 1] == host
    assert told[0]["DAGSTER_DISABLE_TELEMETRY"] == "yes"
