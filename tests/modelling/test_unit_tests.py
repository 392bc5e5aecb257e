"""dbt's own unit tests: every rule where it holds, rounds, fails and does not apply."""

from __future__ import annotations

from dagster_project import modelling
from dagster_project.warehouse.home import Home


def test_dbt_unit_tests(home: Home) -> None:
    result = modelling.invoke(home, ["test", "--select", "test_type:unit"])
    assert result.ok, result.failures
    assert result.counts["pass"] >= 120
