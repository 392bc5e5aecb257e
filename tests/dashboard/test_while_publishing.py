"""A reader keeps working while a run publishes: eight readers ask what the pages ask through twenty publications."""

from __future__ import annotations

import threading

from dagster_project.dashboard import queries
from dagster_project.warehouse import publishing, query
from dagster_project.warehouse.home import Home


def test_eight_readers_twenty_publications(home: Home) -> None:
    stop = threading.Event()
    problems: list[str] = []
    seen: list[set[str]] = []
    every, which = queries.Scope(), queries.Which()
    with query.session(home) as con:
        expected = con.execute(queries.headline(every)).fetchall(), con.execute(queries.by_year(every)).fetchall()

    def read() -> None:
        mine: set[str] = set()
        while not stop.is_set():
            try:
                with query.session(home) as con:
                    ((fingerprint,),) = con.execute("select fingerprint from metadata.build").fetchall()
                    answers = con.execute(queries.headline(every)).fetchall(), con.execute(queries.by_year(every)).fetchall()
                    places = con.execute(queries.disagreements(which, 5)).fetchall()
            except Exception as e:
                problems.append(repr(e))
                break
            mine.add(fingerprint)
            if answers != expected or not places:
                problems.append(f"another state: {answers}")
        seen.append(mine)

    readers = [threading.Thread(target=read) for _ in range(8)]
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
