"""The code location that Dagster loads: assets, checks, job, schedules, sensor, resources."""

from __future__ import annotations

import logging
import sys

from dagster_project.warehouse.home import silence_telemetry

silence_telemetry()

import dagster as dg  # noqa: E402

from dagster_project import assets, automation, checks, logs  # noqa: E402
from dagster_project.resources import Warehouse, a_process_a_step  # noqa: E402
from dagster_project.spark.resource import SparkEngine  # noqa: E402

logs.configure()


@dg.logger({"log_level": dg.Field(str, default_value="INFO"), "name": dg.Field(str, default_value="jixiao")})
def json_lines(context: dg.InitLoggerContext) -> logging.Logger:
    """The run's log as JSON lines."""
    logger = logging.Logger(
        context.logger_config["name"], context.logger_config["log_level"].upper()
    )  # of this run alone
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logs.JsonLines())
    logger.addHandler(handler)
    return logger


# one writer: a process for each step would only import everything again, and wait for the step before
executor: dg.ExecutorDefinition = dg.multiprocess_executor if a_process_a_step() else dg.in_process_executor

defs = dg.Definitions(
    assets=assets.ALL,
    asset_checks=checks.ALL,
    jobs=automation.JOBS,
    schedules=automation.SCHEDULES,
    sensors=automation.SENSORS,
    resources={"warehouse": Warehouse(), "spark": SparkEngine()},
    executor=executor,
    loggers={"console": json_lines if logs.as_json() else dg.colored_console_logger},
)
