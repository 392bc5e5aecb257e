"""A PostgreSQL server of a test's own, from Debian's packages, in a folder that goes away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest version that is installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


MISSING = None if programs() else "PostgreSQL is not installed (Debian: apt install postgresql)"


def _as_server(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then as its own user, or as nobody."""
    if os.geteuid() != 0:
        return command
    names = {p.pw_name for p in pwd.getpwall()}
    return ["setpriv", f"--reuid={_user(names)}", "--clear-groups", f"--regid={_group(names)}", *command]


def _user(names: set[str]) -> str:
    return "postgres" if "postgres" in names else "nobody"


def _group(names: set[str]) -> str:
    return str(pwd.getpwnam(_user(names)).pw_gid)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a fresh server that listens on a socket in its own folder, superuser `owner`."""
    folder = Path(tempfile.mkdtemp(prefix="jixiao-pg-", dir="/tmp"))  # a socket's path may have 107 characters
    data = folder / "data"
    tools = programs()
    assert tools is not None
    if os.geteuid() == 0:
        shutil.chown(folder, _user({p.pw_name for p in pwd.getpwall()}))
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder}
    try:
        make = [tools / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
        subprocess.run(_as_server([str(part) for part in make]), check=True, **quiet)
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        start = [tools / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", settings, "start"]
        subprocess.run(_as_server([str(part) for part in start]), check=True, **quiet)
        try:
            yield f"postgresql://owner@/postgres?host={folder}"
        finally:
            stop = [tools / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
            subprocess.run(_as_server([str(part) for part in stop]), check=True, **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
