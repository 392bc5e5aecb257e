"""A standalone Spark cluster of processes on the loopback address: a master, and workers each in its own directory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """The master's address, and the processes."""

    master: str
    workers: list[subprocess.Popen[bytes]]
    folder: Path

    def start_worker(self) -> None:
        """Start a worker of one core and 1 GB; `wait_for_workers` says when the master knows it."""
        name = f"worker-{len(self.workers)}"
        self.workers.append(
            _start(
                self.folder / name, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0",
                "--cores", "1", "--memory", "1g", "--work-dir", str(self.folder / name / "work"), self.master,
            )
        )  # fmt: skip

    def wait_for_workers(self) -> None:
        """Wait until each worker that runs is known to the master."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is None:
                _wait(worker, self.folder / f"worker-{number}" / "log", "Successfully registered with master")

    def kill_worker(self, number: int) -> None:
        """End a worker and the executors that it runs at once, as a power cut would."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()

    def log(self, name: str) -> str:
        """What a process has written."""
        return (self.folder / name / "log").read_text(errors="replace")


def _start(folder: Path, *args: str) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
    }
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [str(SPARK_CLASS), *args], cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )


def _wait(process: subprocess.Popen[bytes], log: Path, words: str, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while words not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"no {words!r} in {log}:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.5)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start a cluster; end it."""
    port = _free_port()
    master = _start(
        folder / "master", "org.apache.spark.deploy.master.Master",
        "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0",
    )  # fmt: skip
    running = Cluster(f"spark://127.0.0.1:{port}", [], folder)
    try:
        _wait(master, folder / "master" / "log", "New state: ALIVE")
        for _ in range(workers):
            running.start_worker()
        running.wait_for_workers()
        yield running
    finally:
        for process in (*reversed(running.workers), master):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
