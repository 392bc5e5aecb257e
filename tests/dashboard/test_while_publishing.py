"""A reader keeps working while a run publishes: eight readers ask what the pages ask through twenty publications, four
on a connection of their own and four as the pages do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from dagster_project.dashboard import marts, queries
from dagster_project.warehouse import publishing, query
from dagster_project.warehouse.home import Home

FINGERPRINT = "select fingerprint from metadata.build"
ALL = [queries.headline(queries.Scope()), queries.by_year(queries.Scope())]


def test_eight_readers_twenty_publications(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_HOME", str(home.root))
    stop = threading.Event()
    problems: list[str] = []
    seen: list[set[str]] = []
    which = queries.Which()
    with query.session(home) as con:
        expected = [con.execute(sql).fetchall() for sql in ALL]

    def by_connection(questions: list[str]) -> list[Any]:
        with query.session(home) as con:
            return [con.execute(sql).fetchall() for sql in questions]

    def by_page(questions: list[str]) -> list[Any]:
        return [list(marts.ask(sql).rows) for sql in questions]

    def read(how: Callable[[list[str]], list[Any]]) -> None:
        mine: set[str] = set()
        while not stop.is_set():
            try:
                ((fingerprint,),), *answers, places = how([FINGERPRINT, *ALL, queries.disagreements(which, 5)])
            except Exception as e:
                problems.append(repr(e))
                break
            mine.add(fingerprint)
            if answers != expected or not places:
                problems.append(f"another state: {answers}")
        seen.append(mine)

    readers = [threading.Thread(target=read, args=(how,)) for how in 4 * (by_connection, by_page)]
    for reader in readers:
        reader.start()
    try:
        for n in range(20):
            publishing.publish(home, f"publication {n}", {})
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not problems, problems[:3]
    assert len(seen) == 8
    assert len(set.union(*seen)) > 3, "the readers must have met several publications"
    assert marts.ask(FINGERPRINT).rows == (("publication 19",),), "the newest is seen at once"
