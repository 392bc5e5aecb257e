"""When runs start by themselves: what the sensor takes, what is switched on, how runs are tagged."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import assets, automation
from dagster_project.automation import Cursor, Lying, decide, is_on
from dagster_project.definitions import defs
from dagster_project.warehouse.home import Home


def test_run_config(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert automation.run_config(
        home, ["a", "b"], source_url="https://example.org", workers=2, full_refresh=True, wait_seconds=5
    ) == {
        "ops": {"archive": {"config": {"paths": ["a", "b"], "source_url": "https://example.org"}}},
        "resources": {
            "warehouse": {"config": {"home": str(tmp_path), "full_refresh": True, "workers": 2, "wait_seconds": 5.0}}
        },
    }
    assert automation.run_config(home) == {
        "ops": {"archive": {"config": {"paths": []}}},
        "resources": {"warehouse": {"config": {"home": str(tmp_path), "full_refresh": False}}},
    }


def test_run_tags() -> None:
    assert automation.run_tags("daily") == {"jixiao/trigger": "daily"}
    assert automation.run_tags("inbox", files=3, full_refresh=True) == {
        "jixiao/trigger": "inbox",
        "jixiao/files": "3",
        "jixiao/full_refresh": "true",
    }


@pytest.mark.parametrize(
    ("setting", "on"),
    [
        (None, set()),
        ("", set()),
        ("daily", {"daily"}),
        (" Inbox , daily", {"inbox", "daily"}),
        ("all", {"inbox", "daily"}),
    ],
)
def test_what_the_configuration_switches_on(setting: str | None, on: set[str]) -> None:
    environment = {} if setting is None else {"JIXIAO_AUTOMATION": setting}
    assert {name for name in ("inbox", "daily") if is_on(name, environment)} == on


def test_nothing_runs_by_itself_until_switched_on() -> None:
    assert "JIXIAO_AUTOMATION" not in os.environ
    assert {s.default_status for s in automation.SCHEDULES} == {dg.DefaultScheduleStatus.STOPPED}
    assert {s.default_status for s in automation.SENSORS} == {dg.DefaultSensorStatus.STOPPED}


def test_schedules_run_the_home_of_the_environment(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_HOME", str(empty_home.root))
    with dg.DagsterInstance.ephemeral() as instance:
        asked = {
            s.name: s.evaluate_tick(dg.build_schedule_context(instance=instance)).run_requests or []
            for s in automation.SCHEDULES
        }
    configs = {name: request.run_config for name, (request,) in asked.items()}
    assert configs["daily"] == automation.run_config(empty_home)
    assert configs["weekly_full_recheck"] == automation.run_config(empty_home, full_refresh=True)
    assert asked["weekly_full_recheck"][0].tags["jixiao/full_refresh"] == "true"


# ------------------------------------------------------------------- the inbox

OLD = Lying("/in/old.docx", 10, 900.0)
FRESH = Lying("/in/fresh.docx", 10, 999.0)
LIST = Lying("/in/manifest.csv", 10, 900.0)
NOW = 1000.0


def cursor(*seen: Lying, taken: tuple[Lying, ...] = (), manifests: str = "") -> Cursor:
    return Cursor(frozenset(s.mark for s in seen), frozenset(t.mark for t in taken), manifests)


def test_a_file_is_taken_at_its_second_look() -> None:
    ready, after = decide([OLD], [], Cursor(), NOW)
    assert ready == []
    assert after == cursor(OLD)
    ready, after = decide([OLD], [], after, NOW)
    assert ready == [OLD.path]
    assert after == cursor(OLD, taken=(OLD,))
    assert decide([OLD], [], after, NOW) == ([], after)


def test_a_file_that_has_just_changed_is_left_alone() -> None:
    assert decide([FRESH, OLD], [], cursor(FRESH, OLD), NOW)[0] == [OLD.path]


def test_a_time_in_the_future_holds_nothing_back() -> None:
    """The clock was set back, or is another machine's."""
    ahead = Lying("/in/ahead.docx", 10, NOW + 3600)
    ready, after = decide([ahead], [], Cursor(), NOW)
    assert ready == []
    assert decide([ahead], [], after, NOW)[0] == [ahead.path]


def test_a_file_that_grows_under_an_old_time_is_left_alone() -> None:
    """Copying programs keep the original's time while they write."""
    grown = Lying(OLD.path, 20, OLD.changed)
    ready, after = decide([grown], [], cursor(OLD), NOW)
    assert ready == []
    assert decide([grown], [], after, NOW)[0] == [OLD.path]


def test_an_empty_file_is_a_beginning() -> None:
    empty = Lying("/in/a.docx", 0, 1.0)
    assert decide([empty], [], cursor(empty), NOW)[0] == []


def test_only_what_is_new_is_taken() -> None:
    other = Lying("/in/other.pdf", 5, 1.0)
    assert decide([OLD, other], [], cursor(OLD, other, taken=(OLD,)), NOW)[0] == [other.path]


def test_what_was_taken_away_is_forgotten_and_taken_when_it_comes_back() -> None:
    _, after = decide([], [], cursor(OLD, taken=(OLD,)), NOW)
    assert after == Cursor()
    _, after = decide([OLD], [], after, NOW)
    assert decide([OLD], [], after, NOW)[0] == [OLD.path]


def test_all_wait_for_a_manifest_that_is_being_written() -> None:
    writing = Lying(LIST.path, 10, 999.0)
    assert decide([OLD], [writing], cursor(OLD, writing), NOW)[0] == []
    assert decide([OLD], [LIST], cursor(OLD), NOW)[0] == []
    assert decide([OLD], [LIST], cursor(OLD, LIST), NOW)[0] == [OLD.path]


def test_a_changed_manifest_has_its_files_taken_again() -> None:
    _, after = decide([OLD], [LIST], cursor(OLD, LIST), NOW)
    assert decide([OLD], [LIST], after, NOW)[0] == []
    changed = Lying(LIST.path, 11, 950.0)
    ready, waiting = decide([OLD], [changed], after, NOW)
    assert ready == []
    ready, after = decide([OLD], [changed], waiting, NOW)
    assert ready == [OLD.path]
    assert decide([OLD], [changed], after, NOW)[0] == []


@pytest.mark.parametrize("text", [None, "", "no json", "[]", "3", '{"seen": 4}'])
def test_a_cursor_that_cannot_be_read_is_the_beginning(text: str | None) -> None:
    assert Cursor.parse(text) == Cursor()


def test_the_cursor_is_kept_as_it_is() -> None:
    kept = cursor(OLD, FRESH, taken=(OLD,), manifests="abc")
    assert Cursor.parse(kept.text()) == kept


def test_what_lies_in_the_inbox(empty_home: Home) -> None:
    for name in (
        "a.docx",
        "sub/b.pdf",
        "c.docx.part",
        "d.pdf.crdownload",
        "~$a.docx",
        "manifest.csv",
        "sub/manifest.csv",
    ):
        file = empty_home.inbox / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    reports, manifests = automation.lying(empty_home.inbox)
    assert [Path(r.path).name for r in reports] == ["a.docx", "b.pdf"]
    assert [str(Path(m.path).relative_to(empty_home.inbox)) for m in manifests] == ["manifest.csv", "sub/manifest.csv"]
    assert automation.lying(empty_home.root / "nowhere") == ([], [])


def test_the_sensor_asks_for_one_run(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_HOME", str(empty_home.root))

    def look(kept: str | None) -> dg.SensorResult:
        with dg.DagsterInstance.ephemeral() as instance:
            result = automation.inbox(dg.build_sensor_context(instance=instance, cursor=kept, definitions=defs))
        assert isinstance(result, dg.SensorResult)
        return result

    assert "no new files" in str(look(None).skip_reason)
    file = empty_home.inbox / "report.txt"
    file.write_text("x")
    os.utime(file, (1000, 1000))
    first = look(None)
    assert "1 files are new or still being written" in str(first.skip_reason)
    second = look(first.cursor)
    (request,) = second.run_requests or []
    assert request.run_config == automation.run_config(empty_home, [str(file)])
    assert request.tags == {"jixiao/trigger": "inbox", "jixiao/files": "1"}
    assert "no new files" in str(look(second.cursor).skip_reason)


def test_partitions_are_fiscal_years() -> None:
    years = assets.fiscal_years(datetime(2026, 11, 21, tzinfo=UTC))
    assert years[0] == "2010"
    assert years[-1] == "2027"  # budgets are published ahead
    assert years == sorted(set(years))
