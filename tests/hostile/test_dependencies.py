"""The audit of licences, versions and hashes (.ci/audit.py) lets nothing through that it should not."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from dagster_project.warehouse.home import PROJECT_ROOT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", PROJECT_ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("names", "good"),
    [
        (["MIT"], True),
        (["Apache-2.0 OR GPL-3.0-only"], True),
        (["Apache-2.0 AND BSD-3-Clause"], True),
        (["GNU Lesser General Public License v3 (LGPLv3)"], True),
        (["LGPL-3.0-only"], True),
        (["Apache-2.0 AND AGPL-3.0-only"], False),
        (["GNU Affero General Public License v3"], False),
        (["GNU General Public License v3 (GPLv3)"], False),
        (["SSPL-1.0"], False),
        (["Business Source License 1.1"], False),
        (["Proprietary"], False),
        ([], False),
    ],
)
def test_licences(audit: ModuleType, names: list[str], good: bool) -> None:
    assert audit.taken(names) is good


def test_a_requirement_without_version_or_hash_is_found(audit: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "some.lock"
    digest = "a" * 64
    lock.write_text(
        f"# by uv\none==1.0 ; python_version < '4' \\\n    --hash=sha256:{digest}\nTwo.Two>=2\nthree==3\n", "utf-8"
    )
    assert list(audit.pins(lock)) == [("one", "1.0", 1), ("two-two", "", 0), ("three", "3", 0)]


def test_all_locked_dependencies_are_pinned(audit: ModuleType) -> None:
    for name in audit.LOCKS:
        found = list(audit.pins(PROJECT_ROOT / name))
        assert len(found) > 20, name
        assert all(version and hashes for _, version, hashes in found), name
