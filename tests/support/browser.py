"""Headless Chromium through chromedriver's own HTTP interface (W3C WebDriver): no client library, no download.

Every address that the browser asks for is in `requests()`, so that a test can tell that nothing leaves the machine.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"enter": "\ue007", "tab": "\ue004", "escape": "\ue00c", "space": "\ue00d", "down": "\ue015"}


class Missing(Exception):
    """Nothing matches, or not in time."""


def installed() -> str | None:
    """None where Chromium and chromedriver are there; else what is missing."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return f"{program} is not installed (Debian: apt install chromium chromium-driver)"
    return None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Browser:
    """One window."""

    def __init__(self, driver: str, session: str) -> None:
        self._base = f"{driver}/session/{session}"
        self._seen: list[str] = []

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One WebDriver command. Raises Missing with the driver's words."""
        return _call(method, f"{self._base}{path}", body)

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("POST", "/url", {"url": address})

    @property
    def address(self) -> str:
        """Where the window is."""
        return str(self.call("GET", "/url"))

    def run(self, script: str, *values: Any) -> Any:
        """JavaScript in the page."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(values)})

    def text(self) -> str:
        """What the page shows."""
        return str(self.run("return document.body.innerText"))

    def wait(self, script: str, *values: Any, seconds: float = 30, what: str = "") -> Any:
        """Wait until the script gives something true; returns it. Raises Missing."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.run(script, *values)
            if found:
                return found
            time.sleep(0.1)
        raise Missing(f"{what or script} not within {seconds} s; the page shows: {self.text()[:800]}")

    def wait_text(self, words: str, seconds: float = 30) -> None:
        """Wait until the page shows these words."""
        self.wait("return document.body.innerText.includes(arguments[0])", words, seconds=seconds, what=words)

    def settle(self, seconds: float = 30) -> None:
        """Wait until Streamlit has drawn everything."""
        self.wait(
            "const a = document.querySelector('[data-testid=stApp]');"
            "return a && a.getAttribute('data-test-script-state') === 'notRunning'"
            " && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')",
            seconds=seconds,
            what="the page at rest",
        )

    def find(self, xpath: str, seconds: float = 20) -> str:
        """The element of an XPath once it is there."""
        end = time.monotonic() + seconds
        while True:
            try:
                return str(self.call("POST", "/element", {"using": "xpath", "value": xpath})[ELEMENT])
            except Missing:
                if time.monotonic() > end:
                    raise Missing(f"{xpath}; the page shows: {self.text()[:800]}") from None
                time.sleep(0.1)

    def click(self, xpath: str, seconds: float = 20) -> None:
        """Click an element; tries again while the page is being redrawn."""
        end = time.monotonic() + seconds
        while True:
            try:
                element = self.find(xpath, seconds)
                self.run("arguments[0].scrollIntoView({block: 'center'})", {ELEMENT: element})
                self.call("POST", f"/element/{element}/click", {})
                return
            except Missing:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def type(self, xpath: str, words: str) -> None:
        """Type into an element."""
        self.call("POST", f"/element/{self.find(xpath)}/value", {"text": words})

    def press(self, *keys: str) -> None:
        """Press keys, by name or as characters, one after the other, wherever the focus is."""
        steps = []
        for key in keys:
            value = KEYS.get(key, key)
            steps += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": steps}]})

    def size(self, width: int, height: int) -> None:
        """The size of the view, as a device of that size would have it."""
        self.call(
            "POST",
            "/goog/cdp/execute",
            {
                "cmd": "Emulation.setDeviceMetricsOverride",
                "params": {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
            },
        )

    def picture(self, target: Path) -> Path:
        """A PNG of the view."""
        target.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))
        return target

    def requests(self) -> list[str]:
        """All addresses that were asked for since the window opened."""
        for entry in self.call("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self._seen.append(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self._seen.append(message["params"]["url"])
        return self._seen

    def strangers(self) -> list[str]:
        """Those addresses that are not this machine's and not the browser's own."""
        return [
            url
            for url in self.requests()
            if urlsplit(url).scheme not in ("data", "blob", "about", "chrome", "file")
            and urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1")
        ]


def _call(method: str, url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as e:
        value = json.load(e)["value"]
        raise Missing(f"{value['error']}: {value['message'].splitlines()[0]}") from e


@contextmanager
def browser(downloads: Path, width: int = 1280, height: int = 900) -> Iterator[Browser]:
    """A window that saves downloads to a folder and can reach this machine only."""
    port = free_port()
    driver = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        ["chromedriver", f"--port={port}", "--log-level=OFF"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        window = None
        try:
            for _ in range(100):
                try:
                    _call("GET", f"{driver}/status")
                    break
                except OSError:
                    time.sleep(0.1)
            options = {
                "args": [
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                    f"--window-size={width},{height}",
                ],
                "prefs": {"download.default_directory": str(downloads), "download.prompt_for_download": False},
            }
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"performance": "ALL"}}
            made = _call("POST", f"{driver}/session", {"capabilities": {"alwaysMatch": wanted}})
            window = Browser(driver, made["sessionId"])
            window.size(width, height)
            yield window
        finally:
            if window is not None:
                window.call("DELETE", "")
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:  # it can hang at its end when its window is gone
                process.kill()
