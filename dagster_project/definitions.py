"""The code location that Dagster loads: assets, checks, job, schedules, sensor, resources."""

from __future__ import annotations

from dagster_project.warehouse.home import silence_telemetry

silence_telemetry()

import dagster as dg  # noqa: E402

from dagster_project import assets, automation, checks  # noqa: E402
from dagster_project.resources import Warehouse  # noqa: E402
from dagster_project.spark.resource import SparkEngine  # noqa: E402

defs = dg.Definitions(
    assets=assets.ALL,
    asset_checks=checks.ALL,
    jobs=[automation.everything],
    schedules=[automation.daily, automation.weekly_full_recheck],
    sensors=[automation.inbox],
    resources={"warehouse": Warehouse(), "spark": SparkEngine()},
    # one writer: a process for each step would only import everything again
    executor=dg.in_process_executor,
)
