"""What a worker process sends back is what it made, type for type."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from dagster_project.ingestion import read_and_extract
from dagster_project.reading.worker import WorkItem
from tests.generator.report import generate


@pytest.mark.parametrize("index", range(4))
def test_rows_survive_the_way_between_processes(index: int) -> None:
    made = generate(5, index, {"txt": 1})
    before = read_and_extract(made.data, WorkItem("0" * 64, made.name, Path(made.name)))
    after = pickle.loads(pickle.dumps(before))
    assert after == before
    assert repr(after) == repr(before)  # equal tuples may be of two types
    assert before.extraction.figures
    assert before.extraction.evidence
