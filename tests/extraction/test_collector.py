"""The collector's consumed ranges against the plain definition: any shared character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dagster_project.extraction.collector import Collector
from dagster_project.reading.model import Document

_RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)


@given(_RANGES, st.integers(0, 60), st.integers(1, 20))
def test_is_consumed_is_any_overlap(ranges: list[tuple[int, int]], start: int, length: int) -> None:
    collector = Collector(Document("report.txt", "txt", "", ()))
    for a, b in ranges:
        collector.consume(a, b)
    consumed = {i for a, b in ranges for i in range(a, b)}
    assert collector.is_consumed(start, start + length) is bool(consumed & set(range(start, start + length)))


def test_many_ranges_with_gaps_stay_apart() -> None:
    collector = Collector(Document("report.txt", "txt", "", ()))
    for i in reversed(range(10_000)):
        collector.consume(3 * i, 3 * i + 2)
    assert not collector.is_consumed(2, 3)
    assert collector.is_consumed(29_995, 29_998)
    assert len(collector._consumed_starts) == len(collector._consumed_ends) == 10_000
