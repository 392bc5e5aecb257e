"""The pages and their addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from dagster_project.dashboard.strings import Words

VIEWS = Path(__file__).with_name("views")
ICONS = {
    "overview": ":material/dashboard:",
    "department": ":material/apartment:",
    "disagreements": ":material/rule:",
    "compare": ":material/compare_arrows:",
    "indicators": ":material/target:",
    "search": ":material/search:",
    "quality": ":material/fact_check:",
    "evidence": ":material/find_in_page:",
}


def page(name: str, words: Words) -> Any:
    """A page by its name."""
    return st.Page(
        VIEWS / f"{name}.py",
        title=words(f"page.{name}"),
        icon=ICONS[name],
        url_path=name,
        default=name == "overview",
        visibility="hidden" if name == "evidence" else "visible",
    )


def pages(words: Words) -> dict[str, Any]:
    """All pages in the order of the menu."""
    return {name: page(name, words) for name in ICONS}
