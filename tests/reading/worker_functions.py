"""Functions for worker processes that behave badly on purpose; the file's content says how."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from pathlib import Path

from dagster_project.reading import budget
from dagster_project.reading.model import ReadError
from dagster_project.reading.worker import WorkItem


def behave(data: bytes, item: WorkItem) -> object:
    """Do what the file says."""
    order, _, rest = data.decode().partition(" ")
    if order == "abort":
        os.abort()
    if order == "segfault":
        ctypes.string_at(0)
    if order == "exit":
        os._exit(3)
    if order == "hang":
        time.sleep(600)
    if order == "hang-with-child":
        child = subprocess.Popen(["sleep", "600"])
        Path(rest).write_text(f"{os.getpid()} {child.pid}")
        time.sleep(600)
    if order == "spin":
        while True:
            pass
    if order == "hog":
        held = [bytearray(64 << 20) for _ in range(1000)]
        return len(held)
    if order == "hog-gently":
        return sum(len(b) for b in [bytearray(1 << 20) for _ in range(int(rest))])
    if order == "bug":
        raise KeyError("a bug")
    if order == "refuse":
        raise ReadError("no_text", f"{item.name}: nothing in it")
    if order == "print":
        os.write(1, b"a native library prints\n" * 1000)
        print("so does Python")
    if order == "large":
        return "x" * int(rest)
    if order == "slow-but-granted":
        for _ in range(4):
            budget.allow(1.0)
            time.sleep(0.7)
        return "done"
    if order == "abort-unless-first":
        marker = Path(rest)
        if not marker.exists():
            marker.write_text("")
            os.abort()
        return "second try"
    if order == "pid":
        return os.getpid()
    return data.decode()
