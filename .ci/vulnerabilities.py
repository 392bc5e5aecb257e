"""Known vulnerabilities of the locked dependencies, as the package index's own advisories tell them to pip-audit.

Ends with 1 when one is known. Where the advisories cannot be asked (no internet, an index that has none), it says of how
many packages that is so, and ends with 0: what nobody can answer here is no fault of the change that is checked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-postgres.lock", "requirements-ocr.lock", "requirements-spark.lock")
SECONDS, ALL_SECONDS = 10, 180  # for one answer, for all


def told(report: dict[str, Any]) -> tuple[list[str], int, int]:
    """(sentences on what is known, packages asked about, packages not to be asked about) of pip-audit's JSON."""
    known, asked, silent = [], set(), set()
    for package in report["dependencies"]:
        if "skip_reason" in package:
            silent.add(package["name"])
            continue
        asked.add(package["name"])
        for found in package["vulns"]:
            names = ", ".join([found["id"], *found.get("aliases", [])])
            mended = ", ".join(found.get("fix_versions", [])) or "no version yet"
            known.append(f"{package['name']} {package['version']}: {names}; mended in {mended}")
    return sorted(set(known)), len(asked), len(silent - asked)


def main() -> None:
    """Print what is known; end with 1 when anything is."""
    locks = [word for lock in LOCKS for word in ("-r", str(ROOT / lock))]
    asking = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    asking += ["--format", "json", "--timeout", str(SECONDS), *locks]
    try:
        done = subprocess.run(asking, capture_output=True, text=True, check=False, timeout=ALL_SECONDS)
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        print(f"the advisories could not be asked: no answer in {ALL_SECONDS} s")
        return
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        print(f"the advisories could not be asked: {last}")
        return
    known, asked, silent = told(report)
    for words in known:
        print(words)
    print(
        f"{asked} packages asked about, {len(known)} known vulnerabilities; {silent} could not be asked about from here"
    )
    sys.exit(1 if known else 0)


if __name__ == "__main__":
    main()
