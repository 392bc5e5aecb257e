"""Mutated files of old office programs, through LibreOffice and the readers: `python -m tests.torture.office --inputs 1000`.

LibreOffice mends what it can without a word, so a file that was cut may come back with fewer cells: those are counted as
`fewer_cells`, by what was done to the file.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from dagster_project.reading.office import soffice_path
from tests.support.docx_writer import write_docx
from tests.torture.bases import TITLE, forms, prose
from tests.torture.campaign import LIMITS
from tests.torture.prepared import command

SAVED_AS = {"doc": "doc:MS Word 97", "wps": "doc:MS Word 97", "rtf": "rtf", "odt": "odt"}  # .wps holds the same as .doc


def wholes(folder: Path) -> dict[str, tuple[bytes, ...]]:
    """Format -> whole files, saved by LibreOffice."""
    program = soffice_path()
    assert program, "LibreOffice is not installed (Debian packages: .ci/debian-packages)"
    made: dict[str, tuple[bytes, ...]] = {}
    for format, saved_as in SAVED_AS.items():
        found = []
        for number, blocks in enumerate((prose(), forms())):
            source = folder / f"{format}-{number}.docx"
            source.write_bytes(write_docx(blocks, TITLE))
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            convert = ["--headless", "--convert-to", saved_as, "--outdir", str(folder), str(source)]
            subprocess.run([program, profile, *convert], capture_output=True, timeout=120, check=True)
            found.append(source.with_suffix(f".{saved_as.partition(':')[0]}").read_bytes())
        made[format] = tuple(found)
    return made


if __name__ == "__main__":
    command("office", __doc__, wholes, LIMITS)
