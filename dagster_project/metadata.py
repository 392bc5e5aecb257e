"""What Dagster's UI shows of a step: small tables and bars in Markdown. Pure functions over rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

BAR = 24  # characters of the longest bar
_EIGHTHS = " ▏▎▍▌▋▊▉"


# names of files and words of reports are written by strangers: no link, picture, markup or table of theirs in the UI
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#!|~&:@]|(?<=www)\.", re.IGNORECASE)


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], most: int = 20, of: int | None = None) -> str:
    """Rows as a Markdown table; behind the first `most` a line says how many there are more, `of` in all when `rows` are but
    the first."""
    there = len(rows) if of is None else of
    lines = [
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
        *("| " + " | ".join(_cell(v) for v in row) + " |" for row in rows[:most]),
    ]
    if there > most:
        lines.append(f"\nand {there - most:,} more")
    return "\n".join(lines)


def bar(value: int, greatest: int) -> str:
    """A bar of block characters, to an eighth of a character; nothing for 0, something for the rest."""
    if value <= 0 or greatest <= 0:
        return ""
    eighths = max(1, round(value * BAR * 8 / greatest))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def bars(head: str, counts: Mapping[str, int], most: int = 30) -> str:
    """A bar chart as a Markdown table, the greatest first, equals by name."""
    ordered = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    greatest = max(counts.values(), default=0)
    return table([head, "count", ""], [(name, n, bar(n, greatest)) for name, n in ordered], most)
