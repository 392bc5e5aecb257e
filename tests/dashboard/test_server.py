"""The server speaks to this machine's browsers only, and only to pages that are its own."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dagster_project.dashboard import server
from dagster_project.warehouse.home import Home
from tests.dashboard.conftest import serving


def _handshake(address: str, host: str, origin: str) -> int:
    """The status of a web socket's handshake: 101 where it is let in."""
    port = urlsplit(address).port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as s:
        s.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{origin}:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n".encode()
        )
        return int(s.recv(100).split()[1])


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1", "127.0.0.1", 101),
        ("localhost", "localhost", 101),
        ("127.0.0.1", "strangers.example", 403),
        ("strangers.example", "strangers.example", 403),  # a name that was pointed at this machine
    ],
)
def test_pages_of_strangers_are_refused(served: str, host: str, origin: str, status: int) -> None:
    assert _handshake(served, host, origin) == status


def test_host_name_of_a_proxy_can_be_named(built_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(server.HOSTS_VARIABLE, "jixiao.example, other.example")
    with serving(built_home, tmp_path / "log") as address:
        assert _handshake(address, "jixiao.example", "jixiao.example") == 101
        assert _handshake(address, "strangers.example", "strangers.example") == 403


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="asks Linux who listens")
def test_nobody_listens_beyond_this_machine(served: str) -> None:
    port = urlsplit(served).port
    assert port is not None
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    local = [fields[1] for fields in map(str.split, listening) if fields[3] == "0A"]
    assert [a for a in local if a.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    assert "0.0.0.0" not in server.command(port)
