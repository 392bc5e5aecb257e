"""Dependencies: every one pinned by version and hash in the lock files, installed as pinned, under a licence that we take.

Needs no network: it reads the lock files and the metadata of what is installed. Known vulnerabilities: vulnerabilities.py.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = tuple(f"requirements{of}.lock" for of in ("", "-dev", "-ocr", "-spark", "-postgres"))
TAKEN = re.compile(
    r"\b(MIT|MIT-0|MIT-CMU|HPND|BSD|0BSD|ISC|Apache|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General|"
    r"Unlicense|Zlib|CC0|Public Domain|Artistic|Universal Permissive|UPL|ZPL|CNRI)",
    re.IGNORECASE,
)
# terms that reach who runs it as a service, or who ships it
REFUSED = re.compile(
    r"Affero|AGPL|SSPL|Server Side Public|Business Source|BUSL|Commons Clause|Elastic License|(?<!L)(?<!Lesser )GPL|"
    r"(?<!Lesser )General Public License",
    re.IGNORECASE,
)
# distributions whose metadata names no licence, or several to choose from: what their files say
SAID_ELSEWHERE: dict[str, str] = {}


def normal(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> Iterator[tuple[str, str, int]]:
    """(name, version or "", number of hashes) of each requirement of a lock file."""
    text = lock.read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==\s*([^\s;]+)", line)
        name = found[1] if found else re.split(r"[^A-Za-z0-9._-]", line.strip(), maxsplit=1)[0]
        yield normal(name), found[2] if found else "", len(re.findall(r"--hash=sha256:[0-9a-f]{64}", line))


def licences(about: metadata.PackageMetadata) -> list[str]:
    """What a distribution's metadata says of its licence: the expression, else the classifiers, else the first line of the text."""
    if expression := about.get("License-Expression"):
        return [expression]
    classified = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    classified = [c for c in classified if c != "OSI Approved"]
    return classified or [line.strip() for line in (about.get("License") or "").splitlines()[:1] if line.strip()]


def taken(names: list[str]) -> bool:
    """Whether one of the licences may be chosen. An expression with AND binds by all of its parts."""

    def one(part: str) -> bool:
        return bool(TAKEN.search(part)) and not REFUSED.search(part)

    return any(
        all(one(part) for part in re.split(r"\s+AND\s+", choice))
        for name in names
        for choice in re.split(r"\s+OR\s+", name)
    )


def problems(installed: dict[str, metadata.Distribution]) -> list[str]:
    """Sentences; none when all is well."""
    found = []
    locked: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version, hashes in pins(ROOT / lock):
            if not version:
                found.append(f"{lock}: {name} is not pinned to a version")
            if not hashes:
                found.append(f"{lock}: {name} has no hash")
            locked.setdefault(name, set()).add(version)
    for name in sorted(locked.keys() & installed.keys()):
        has = installed[name].version
        if has not in locked[name]:
            found.append(f"{name} {has} is installed, the lock files say {', '.join(sorted(locked[name]))}")
        names = [SAID_ELSEWHERE[name]] if name in SAID_ELSEWHERE else licences(installed[name].metadata)
        if not taken(names):
            found.append(
                f"{name} {has}: licence {' / '.join(names) or 'unnamed'}: read it, then say so in {Path(__file__).name}"
            )
    return found


def main() -> None:
    """Print what is wrong; end with 1 when anything is."""
    installed = {normal(d.metadata["Name"]): d for d in metadata.distributions() if d.metadata["Name"]}
    found = problems(installed)
    for words in found:
        print(words)
    locked = {name for lock in LOCKS for name, *_ in pins(ROOT / lock)}
    print(f"{len(locked)} locked, {len(locked & installed.keys())} of them installed here, {len(found)} problems")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
