"""The frame of the dashboard: language, navigation, footer. Streamlit runs this file for every look at a page."""

from __future__ import annotations

from pathlib import Path

import duckdb
import streamlit as st

from dagster_project.dashboard import components, queries, routes, state
from dagster_project.dashboard.fonts import have_chinese
from dagster_project.dashboard.marts import rows, stamp, turn
from dagster_project.dashboard.strings import LANGUAGES, Words

# a file of ours: a named symbol would be fetched from a font server
ICON = Path(__file__).with_name("icon.png")
_NAMES = {"zh": "中文", "en": "English"}


def main() -> None:
    """Draw the frame and the page that the address names."""
    turn()
    words = state.words()
    pages = routes.pages(words)
    st.set_page_config(page_title=words("app"), page_icon=str(ICON), layout="wide")
    st.html(components.STYLE)
    page = st.navigation(list(pages.values()), position="sidebar")
    state.enter(page.url_path)
    with st.sidebar:
        state.choice(
            "lang",
            words("language"),
            list(LANGUAGES),
            lambda code: _NAMES[code],
            "zh",
            widget=st.segmented_control,
            on_change=_turn,
        )
    if not have_chinese():
        components.empty(words("fonts_missing"))
    if stamp() is None:
        components.heading(words("app"), words("app_line"))
        components.empty(words("empty.not_published"))
        return
    try:
        page.run()
        _footer(words)
    except (duckdb.CatalogException, duckdb.BinderException):
        components.empty(words("empty.old_publication"))


def _turn() -> None:
    """The switch was turned: everything is drawn in the new language at once, the frame included."""
    code = st.session_state.get("choice_lang") or "zh"
    state.remember("lang", None if code == "zh" else code)


def _footer(words: Words) -> None:
    (about,) = rows(queries.PUBLICATION)
    line = words("published_at", at=f"{about['published_at']:%Y-%m-%d %H:%M}", reports=f"{about['reports']:,}")
    if about["quarantined"]:
        line += " · " + words("quarantined_note", n=about["quarantined"])
    with st.sidebar:
        components.html(f"<p>{components.text(line)}</p>")


main()
