"""Fonts that hold Chinese characters: those of the system, none fetched from anywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

# macOS, Windows, then what Linux distributions package
NAMES = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
FAMILY = ", ".join(["Segoe UI", "Helvetica Neue", *NAMES, "sans-serif"])
CHART_FAMILY = ", ".join(f'"{n}"' for n in NAMES) + ", sans-serif"
_FILES = ("cjk", "wqy", "han", "uming", "ukai", "pingfang", "yahei", "simsun", "simhei", "droidsansfallback")


@lru_cache(maxsize=1)
def have_chinese() -> bool:
    """Whether this machine, which is also the reader's, has a font with Chinese characters.

    macOS and Windows come with some; elsewhere fontconfig is asked, or the font folders are looked through.
    """
    if not sys.platform.startswith("linux"):
        return True
    lister = shutil.which("fc-list")
    if lister:
        try:
            found = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, timeout=10, check=False).stdout
        except (OSError, subprocess.SubprocessError):
            found = b""
        return bool(found.strip())
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    folders.append(Path.home() / ".local/share/fonts")
    return any(
        any(part in file.name.lower() for part in _FILES)
        for folder in folders
        if folder.is_dir()
        for file in folder.rglob("*.[to]t[fc]")
    )
