"""What deploy/ says: that it can be parsed, names what exists, and opens nothing to the network."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from dagster_project.warehouse.home import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read(path, "utf-8")
    return parsed


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_units(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "jixiao"
    assert service["NoNewPrivileges"] == "true"
    for command in (service["ExecStartPre"], service["ExecStart"]):
        program, *words = command.split()
        assert program.startswith(service["WorkingDirectory"])
        for module in re.findall(r"-m (dagster_project\S*)", " ".join(words)):
            assert (PROJECT_ROOT / (module.replace(".", "/") + ".py")).exists(), module


def test_the_ui_listens_on_localhost() -> None:
    assert " -h 127.0.0.1 " in unit(DEPLOY / "jixiao-webserver.service")["Service"]["ExecStart"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        # the programs are not installed here: any that is stands in for them
        text = re.sub(r"/opt/jixiao/\S+", "/bin/true", path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text.replace("WorkingDirectory=/bin/true", "WorkingDirectory=/"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "jixiao" in line]
    assert not said, said


def test_compose() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    for name, service in told["services"].items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
        assert service["cap_drop"] == ["ALL"]
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        assert {v.split(":")[0] for v in service["volumes"]} <= told["volumes"].keys()


def test_dockerfile_copies_what_exists() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert {"requirements.lock", "dagster_project", "dbt", "seeds", "expectations"} <= set(copied)
    for name in copied:
        assert (PROJECT_ROOT / name).exists(), name
    assert "USER 10001:10001" in lines
    assert any("--require-hashes" in line for line in lines)


def test_the_environment_s_example_names_settings_that_are_read() -> None:
    names = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "jixiao.env").read_text("utf-8"), re.M)
    code = "\n".join(p.read_text("utf-8") for p in (PROJECT_ROOT / "dagster_project").rglob("*.py"))
    for name in names:
        assert f'"{name}"' in code, name
