"""The program's own log: words for people, or a JSON object a line where JIXIAO_LOG=json asks for it."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

LOG_VARIABLE = "JIXIAO_LOG"


def as_json() -> bool:
    """Whether logs are wanted in JSON."""
    return os.environ.get(LOG_VARIABLE, "").strip().lower() == "json"


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, message; run, step and job where Dagster says them."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        about = getattr(record, "dagster_meta", None) or {}
        told |= {
            name: about[key]
            for name, key in (("run", "run_id"), ("job", "job_name"), ("step", "step_key"))
            if isinstance(about, dict) and about.get(key)
        }
        if isinstance(about, dict) and about.get("orig_message"):
            told["message"] = about["orig_message"]  # without the run's id and name in front
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def configure() -> None:
    """Send this process's log to standard error in JSON, where it is asked for; otherwise nothing is changed."""
    if not as_json():
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("dagster_project").setLevel(logging.INFO)
