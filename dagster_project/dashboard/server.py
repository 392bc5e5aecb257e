"""Starting Streamlit: on this machine only, silent towards everybody else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from dagster_project.dashboard.fonts import FAMILY
from dagster_project.warehouse.home import HOME_VARIABLE, PROJECT_ROOT, TELEMETRY_OFF, Home

ADDRESS = "127.0.0.1"
HOSTS_VARIABLE = "JIXIAO_DASHBOARD_HOSTS"
APP = Path(__file__).with_name("app.py")

OPTIONS = {
    "server.address": ADDRESS,
    "server.enableAgentApi": "false",
    "server.headless": "true",  # no browser of its own, no question for an e-mail address
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": ADDRESS,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",
    "runner.magicEnabled": "false",
    "theme.base": "light",
    "theme.primaryColor": "#1f5c7a",
    "theme.textColor": "#1d2733",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f3f6f8",
    "theme.font": FAMILY,
    "theme.headingFont": FAMILY,
    "theme.baseRadius": "small",
}


def hosts() -> list[str]:
    """The names that a browser may call this server by. Any other name, which a page of strangers could have pointed at
    this machine (DNS rebinding), is refused; behind a reverse proxy JIXIAO_DASHBOARD_HOSTS adds its names, by commas."""
    more = os.environ.get(HOSTS_VARIABLE, "").split(",")
    return [ADDRESS, "localhost", *(name.strip() for name in more if name.strip())]


def command(port: int) -> list[str]:
    """The command line of the server."""
    flags = [part for option, value in OPTIONS.items() for part in (f"--{option}", value)]
    flags += [part for name in hosts() for part in ("--server.allowedHosts", name)]
    return [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port), *flags]


def environment(home: Home) -> dict[str, str]:
    """The environment of the server: which home, and no telemetry."""
    paths = filter(None, [str(PROJECT_ROOT), os.environ.get("PYTHONPATH")])
    return {**os.environ, **TELEMETRY_OFF, HOME_VARIABLE: str(home.root), "PYTHONPATH": os.pathsep.join(paths)}


def is_free(port: int) -> bool:
    """Whether nobody listens on that port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def serve(home: Home, port: int) -> int:
    """Run the server until it ends or is interrupted."""
    if not is_free(port):
        print(f"jixiao: port {port} is taken by another program; name another with --port", file=sys.stderr)
        return 1
    print(f"Dashboard of {home.root}: http://{ADDRESS}:{port}  (stop with Ctrl+C)", flush=True)
    with subprocess.Popen(command(port), env=environment(home)) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            return 0
