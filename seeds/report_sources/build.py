"""Makes the bundled reports (seeds/reports) from the descriptions here. After editing one: run this file.

The same description gives the same bytes on every machine (fixed dates, nothing compressed), so that a changed file
in version control means a changed description. `--check` writes nothing and says which files differ from theirs.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from reportlab import rl_config  # noqa: E402

from tests.support import blocks  # noqa: E402
from tests.support.docx_writer import write_docx  # noqa: E402
from tests.support.html_writer import write_html  # noqa: E402
from tests.support.pdf_writer import write_pdf  # noqa: E402
from tests.support.sheet_writer import write_xlsx  # noqa: E402
from tests.support.txt_writer import write_txt  # noqa: E402


def write(source: Path) -> tuple[str, bytes]:
    """The file name that a description asks for, and the bytes. Raises ValueError for an unknown format."""
    head, parts = blocks.parse(source.read_text("utf-8"))
    name, title = head["file"], head["title"]
    suffix = name.rpartition(".")[2]
    if suffix == "docx":
        return name, write_docx(parts, title)
    if suffix == "xlsx":
        return name, write_xlsx(parts, title)
    if suffix == "html":
        return name, write_html(parts, title)
    if suffix == "txt":
        return name, write_txt(parts, spans="lost", blank_lines=False)
    if suffix == "pdf":
        rl_config.pageCompression = 0  # deflated bytes differ between builds of zlib
        return name, write_pdf(parts)
    raise ValueError(f"{source.name}: no writer for .{suffix}; use docx, xlsx, html, txt or pdf")


def main(check: bool = False, folder: Path = HERE.parent / "reports") -> int:
    """Write all reports into `folder`, or with `check` compare them. Returns the number of files that differ."""
    different = 0
    for source in sorted(HERE.glob("*.md")):
        name, data = write(source)
        target = folder / name
        same = target.exists() and target.read_bytes() == data
        different += not same
        if check:
            print(f"{'same' if same else 'DIFFERS'}  {name}")
        elif not same:
            target.write_bytes(data)
            print(f"written  {name}  {len(data):,} bytes")
    return different


if __name__ == "__main__":
    wanted_check = "--check" in sys.argv[1:]
    found = main(check=wanted_check)
    sys.exit(1 if wanted_check and found else 0)
