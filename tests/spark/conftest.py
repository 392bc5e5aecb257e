"""What tests that start Spark need."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def engine() -> None:
    """pyspark and Java are there; otherwise the test fails with what to install."""
    from dagster_project.spark.session import SparkUnavailable, check

    try:
        check()
    except SparkUnavailable as e:
        pytest.fail(str(e), pytrace=False)
