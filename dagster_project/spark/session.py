"""A Spark session with the settings that the project needs: of a cluster, or of this machine alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.warehouse.home import PROJECT_ROOT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"

# dbt/profiles.yml says the same for a dbt that is started by itself
SQL_SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.cteRecursionRowLimit": "-1",
}


class SparkUnavailable(Exception):
    """Spark cannot be started here; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which Spark to use. `settings` are Spark's own and win over ours."""

    master: str = LOCAL
    driver_memory: str = "2g"
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether Spark runs in this process only."""
        return self.master.startswith("local")


def address(path: Path) -> str:
    """A path as Spark takes it: unlike in an URI nothing is escaped, an escaped `=` would be part of a folder's name."""
    return f"file://{path.absolute()}"


def check() -> None:
    """Raises SparkUnavailable where pyspark or Java is missing."""
    try:
        import pyspark  # noqa: F401
    except ImportError as e:
        raise SparkUnavailable(
            "pyspark is not installed: install the project with its extra `spark`, e.g. `uv sync --extra spark`"
        ) from e
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if os.environ.get("JAVA_HOME") else shutil.which("java")
    if not java or not Path(java).exists():
        raise SparkUnavailable(
            "Spark needs Java 17 or 21, and no `java` was found: install it (Debian: apt install openjdk-17-jre-headless) "
            "or set JAVA_HOME"
        )
    said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
    version = said.partition('version "')[2].partition(".")[0]
    if version.isdigit() and int(version) < 17:
        raise SparkUnavailable(
            f"Spark needs Java 17 or 21, and {java} is version {version}: install it or set JAVA_HOME"
        )


@contextmanager
def session(cluster: Cluster, scratch: Path) -> Iterator[SparkSession]:
    """A session for one run; its tables live in `scratch`, which all workers must see, and in no metastore.

    Raises SparkUnavailable when Spark is missing or its master cannot be reached.
    """
    check()
    scratch.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1" if cluster.is_local else "")
    if not os.environ["SPARK_LOCAL_IP"]:
        del os.environ["SPARK_LOCAL_IP"]
    os.environ["PYSPARK_PYTHON"] = os.environ.get("PYSPARK_PYTHON") or sys.executable
    from pyspark.sql import SparkSession

    settings = {
        **SQL_SETTINGS,
        "spark.app.name": "jixiao",
        "spark.driver.memory": cluster.driver_memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": address(scratch),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "64",  # a row is a document with all that was taken out of it
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(
            [str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
        **cluster.settings,
    }
    if cluster.is_local:
        settings.setdefault("spark.sql.shuffle.partitions", str(os.cpu_count() or 2))
    builder = SparkSession.builder.master(cluster.master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except Exception as e:
        raise SparkUnavailable(f"no Spark session with the master {cluster.master}: {e}") from e
    try:
        yield spark
    finally:
        spark.stop()
