"""kill -9 at random moments of runs: the publication stays whole, and the next run ends as the undisturbed one did.

`JIXIAO_TORTURE_KILLS` says how many (40: some twenty minutes on two CPUs; docs/reliability.md had more), `JIXIAO_TORTURE_SEED`
which.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.torture.killing import STAGES, kill_many

KILLS = int(os.environ.get("JIXIAO_TORTURE_KILLS", "40"))
SEED = int(os.environ.get("JIXIAO_TORTURE_SEED", "1"))


@pytest.mark.torture
@pytest.mark.timeout(6 * 3600)
def test_killed_at_random_moments(tmp_path: Path) -> None:
    told = kill_many(KILLS, SEED, tmp_path)
    assert not told.wrong, told.wrong[:10]
    assert told.kills == KILLS
    assert told.found_old + told.found_new == KILLS
    assert sum(told.next_outcomes.values()) == KILLS
    if 4 * len(STAGES) <= KILLS:
        assert set(told.by_stage) == set(STAGES), told.by_stage
