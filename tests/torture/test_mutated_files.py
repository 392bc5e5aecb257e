"""Many mutated files through reading and extraction: each ends as a document or with a reason, none loses tables in silence.

`JIXIAO_TORTURE_INPUTS` says how many (20,000: what a nightly run has time for; the campaigns of docs/reliability.md had more),
`JIXIAO_TORTURE_SEED` which.
"""

from __future__ import annotations

import os

import pytest

from tests.torture.bases import FORMATS, bases
from tests.torture.campaign import campaign
from tests.torture.mutations import DAMAGES, EDITS
from tests.torture.probe import _whole, item_of, mutated, probe

INPUTS = int(os.environ.get("JIXIAO_TORTURE_INPUTS", "20000"))
SEED = int(os.environ.get("JIXIAO_TORTURE_SEED", "1"))


@pytest.mark.torture
@pytest.mark.timeout(4 * 3600)
def test_every_mutated_file_ends_as_it_must() -> None:
    tally = campaign(INPUTS, SEED)
    assert tally.inputs.total() == INPUTS
    assert all(tally.inputs[f] >= INPUTS // len(FORMATS) for f in FORMATS)
    assert tally.outcomes.total() == INPUTS
    assert not tally.wrong, tally.wrong[:10]
    assert not tally.native, tally.native[:10]
    # the mutations are no noise: in each format some files are read after all, and some are refused
    for format in FORMATS:
        read = sum(n for (f, o), n in tally.outcomes.items() if f == format and o.startswith("document"))
        assert 0.05 < read / tally.inputs[format] < 0.95, (format, read, tally.inputs[format])


@pytest.mark.timeout(300)
def test_a_few_in_every_run() -> None:
    tally = campaign(400, seed=0)
    assert tally.inputs.total() == 400
    assert not tally.wrong, tally.wrong[:10]


def test_whole_files_hold_tables_and_figures() -> None:
    for format, files in bases().items():
        if format not in ("txt", "zip"):
            assert all(_whole(format, which)[0].total() >= 9 for which in range(len(files))), format


def test_an_input_can_be_made_again() -> None:
    for format in FORMATS:
        first, again, other = (mutated(f"{format}:1:{n}")[2] for n in (5, 5, 6))
        assert first == again
        assert first.data != other.data


def test_a_lost_table_without_a_warning_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge itself: an .html reader that never warns is caught."""
    monkeypatch.setattr("dagster_project.reading.html._cut", lambda text: None)
    items = [item_of("unused", "html", n, 1) for n in range(400)]
    found = [seen.wrong for item in items if (seen := probe(b"", item)).wrong]
    assert any("wrong success" in words for words in found)


def test_every_format_is_damaged_and_edited() -> None:
    assert set(DAMAGES) == set(EDITS) == set(FORMATS)
