"""Dagster's storage of a home: settings, and runs that a crash has left behind."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project.warehouse import instance, lock
from dagster_project.warehouse.home import Home


def test_sqlite_by_default_and_postgres_by_one_setting(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(instance.POSTGRES_VARIABLE, raising=False)
    file = instance.prepare(empty_home) / "dagster.yaml"
    assert "storage" not in yaml.safe_load(file.read_text("utf-8"))
    monkeypatch.setenv(instance.POSTGRES_VARIABLE, "postgresql+psycopg2://user:secret@127.0.0.1/dagster")
    monkeypatch.setattr(instance, "find_spec", lambda name: name)  # as if dagster-postgres were installed
    instance.prepare(empty_home)
    told = yaml.safe_load(file.read_text("utf-8"))
    assert told["storage"] == {"postgres": {"postgres_url": {"env": instance.POSTGRES_VARIABLE}}}
    assert "secret" not in file.read_text("utf-8")
    monkeypatch.delenv(instance.POSTGRES_VARIABLE)
    instance.prepare(empty_home)
    assert "storage" not in yaml.safe_load(file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://user:secret@127.0.0.1/dagster", r"must begin with postgresql\+psycopg2://"),
        ("postgresql+psycopg2://user:secret@127.0.0.1/dagster", "dagster-postgres is not installed"),
    ],
)
def test_postgres_that_cannot_work_is_said_before_anything_starts(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    """SQLAlchemy takes psycopg 3 for postgresql://, and every write of an event fails."""
    monkeypatch.setenv(instance.POSTGRES_VARIABLE, address)
    monkeypatch.setattr(instance, "find_spec", lambda name: None)
    with pytest.raises(instance.InstanceError, match=words) as caught:
        instance.prepare(empty_home)
    assert "secret" not in str(caught.value)


def test_settings_of_somebody_else_stay(empty_home: Home) -> None:
    file = instance.prepare(empty_home) / "dagster.yaml"
    file.write_text("telemetry:\n  enabled: false\n", "utf-8")
    instance.prepare(empty_home)
    assert file.read_text("utf-8") == "telemetry:\n  enabled: false\n"


def test_dagster_takes_the_settings(empty_home: Home) -> None:
    with dg.DagsterInstance.from_config(str(instance.prepare(empty_home))) as made:
        assert not made.telemetry_enabled
        assert made.run_retries_enabled
        assert made.get_concurrency_config().run_queue_config.max_concurrent_runs == 1  # type: ignore[union-attr]


def test_a_run_whose_process_is_gone_is_ended(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = instance.prepare(empty_home)

    @dg.job
    def any_job() -> None: ...

    with dg.DagsterInstance.from_config(str(folder)) as made:
        run = made.create_run_for_job(any_job, status=dg.DagsterRunStatus.STARTED)
        assert instance.end_lost_runs(empty_home) == []  # it has only just begun
        monkeypatch.setattr(instance, "LOST_AFTER_SECONDS", -1)
        monkeypatch.setattr(lock, "is_free", lambda _: False)
        assert instance.end_lost_runs(empty_home) == []  # somebody is at work
        monkeypatch.undo()
        monkeypatch.setattr(instance, "LOST_AFTER_SECONDS", -1)
        assert instance.end_lost_runs(empty_home) == [run.run_id]
        found = made.get_run_by_id(run.run_id)
        assert found
        assert found.status == dg.DagsterRunStatus.FAILURE
