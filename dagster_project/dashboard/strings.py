"""The words of the dashboard and of the static pages, in two languages, from the one file strings.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FILE = Path(__file__).with_name("strings.yaml")


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


class Words:
    """Looks words up in one language: `words("budget")`, `words("rows_shown", shown=10, all=20)`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with its places filled. Raises KeyError for a key that the file lacks."""
        text = _all()[key][self.language]
        return text.format(**values) if values else text

    def of(self, family: str, code: str | None) -> str:
        """The words of a code of a family (`severity.error`); the code itself where the file does not know it."""
        if code is None:
            return ""
        entry = _all().get(f"{family}.{code}")
        return entry[self.language] if entry else code

    def pick(self, zh: str, en: str) -> str:
        """Of a column that exists in both languages, the name of this one."""
        return zh if self.language == "zh" else en
