"""Where everything lives: the project's own files, and the home folder that the program writes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "JIXIAO_HOME"
DEFAULT_HOME = "data"
PROJECT_ROOT = Path(__file__).resolve().parents[2]
BUNDLED_REPORTS = PROJECT_ROOT / "seeds" / "reports"
REFERENCE = PROJECT_ROOT / "seeds" / "reference"
DBT_PROJECT = PROJECT_ROOT / "dbt"
EXPECTATIONS = PROJECT_ROOT / "expectations"

# every tool that we start is told not to report home
TELEMETRY_OFF = {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}


def silence_telemetry() -> None:
    """Switch the telemetry of Dagster, dbt, Great Expectations and Streamlit off for this process and its children."""
    os.environ.update(TELEMETRY_OFF)


class HomeError(Exception):
    """The home folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """The paths inside a home folder. Nothing is created until `prepare`."""

    root: Path

    @classmethod
    def find(cls, folder: str | os.PathLike[str] | None = None) -> Home:
        """The home that was named, else JIXIAO_HOME, else ./data; always absolute."""
        return cls(Path(folder or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().absolute())

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def published_folder(self) -> Path:
        return self.root / "published"

    @property
    def published(self) -> Path:
        return self.published_folder / "jixiao.duckdb"

    @property
    def parquet(self) -> Path:
        return self.published_folder / "parquet"

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def dbt_target(self) -> Path:
        """dbt's compiled SQL and run results of this home."""
        return self.root / "dbt"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: run and event storage of `jixiao dev` and of the daemon."""
        return self.root / "dagster"

    @property
    def sandbox(self) -> Path:
        return self.root / "sandbox"

    @property
    def lock(self) -> Path:
        return self.root / ".writer.lock"

    def prepare(self) -> Home:
        """Create the folders. Raises HomeError when the place cannot be written."""
        try:
            for folder in (self.inbox, self.archive, self.quarantine, self.published_folder, self.docs):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise HomeError(
                f"the home folder {self.root} cannot be written: {e.strerror or e}. "
                f"Name another with --home DIR or {HOME_VARIABLE}, or mend its permissions."
            ) from e
        if not os.access(self.root, os.W_OK):
            raise HomeError(
                f"the home folder {self.root} is read-only. Name another with --home DIR or {HOME_VARIABLE}."
            )
        return self
