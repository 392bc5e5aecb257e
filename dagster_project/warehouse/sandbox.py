"""An analyst's own copy of the warehouse: to build models in without touching the one that is published."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from dagster_project.warehouse.home import DBT_PROJECT, Home


class SandboxError(Exception):
    """The sandbox could not be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where the copy is, and the shell file that points dbt at it."""

    warehouse: Path
    activate: Path


def make(home: Home, name: str, fresh: bool = False) -> Sandbox:
    """Copy the working database to sandbox/NAME. The caller holds the writer's lock, so that the copy is whole.

    A sandbox that exists is kept unless `fresh`. Raises SandboxError.
    """
    if not re.fullmatch(r"[\w-]{1,64}", name):
        raise SandboxError(f"“{name}” is no name for a sandbox: use letters, digits, _ and -")
    if not home.warehouse.exists():
        raise SandboxError(f"{home.root} has no warehouse yet: start with `jixiao run`")
    folder = home.sandbox / name
    warehouse = folder / home.warehouse.name  # the file's name is the database's: models refer to it
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if fresh or not warehouse.exists():
            part = folder / ".copy.part"
            shutil.copyfile(home.warehouse, part)
            log = home.warehouse.with_name(home.warehouse.name + ".wal")
            warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
            if log.exists():
                shutil.copyfile(log, warehouse.with_name(warehouse.name + ".wal"))
            os.replace(part, warehouse)
        activate = folder / "activate.sh"
        lines = {
            "JIXIAO_DUCKDB": warehouse,
            "DBT_PROJECT_DIR": DBT_PROJECT,
            "DBT_PROFILES_DIR": DBT_PROJECT,
            "DBT_TARGET_PATH": folder / "target",
            "DBT_LOG_PATH": folder / "logs",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        activate.write_text("".join(f"export {k}={shlex.quote(str(v))}\n" for k, v in lines.items()), "utf-8")
    except OSError as e:
        raise SandboxError(f"{folder} cannot be written: {e.strerror or e}") from e
    return Sandbox(warehouse, activate)
