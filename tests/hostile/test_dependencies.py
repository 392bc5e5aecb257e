"""The audits of licences, versions, hashes and known vulnerabilities (.ci/) let nothing through that they should not."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from dagster_project.warehouse.home import PROJECT_ROOT


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PROJECT_ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    return _loaded("audit")


def test_known_vulnerabilities_are_told_and_the_unasked_counted() -> None:
    report = {
        "dependencies": [
            {"name": "good", "version": "1.0", "vulns": []},
            {
                "name": "bad",
                "version": "2.1",
                "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-9"], "fix_versions": ["2.2"]}],
            },
            {"name": "worse", "version": "3", "vulns": [{"id": "GHSA-2", "aliases": [], "fix_versions": []}]},
            {"name": "unknown", "skip_reason": "not found"},
        ]
    }
    known, asked, silent = _loaded("vulnerabilities").told(report)
    assert known == ["bad 2.1: PYSEC-1, CVE-9; mended in 2.2", "worse 3: GHSA-2; mended in no version yet"]
    assert (asked, silent) == (3, 1)


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
