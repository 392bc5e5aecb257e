"""What a page is narrowed to lives in its address, so that a view can be sent.

Streamlit's own binding writes the *shown* words into the address, which change with the language; here the code is
written. A choice survives a change of page, and an address that was opened wins over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from dagster_project.dashboard.strings import LANGUAGES, Language, Words

T = TypeVar("T")
_STORE = "choices"
_WRITTEN = "written"


def _store() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault(_STORE, {})
    return found


def _written() -> dict[str, str | None]:
    found: dict[str, str | None] = st.session_state.setdefault(_WRITTEN, {})
    return found


def enter(page: str) -> None:
    """Tell that this page is shown now: choices made on another page hold, whatever its address leaves out."""
    if st.session_state.get("page") != page:
        st.session_state["page"] = page
        st.session_state[_WRITTEN] = {}


def _wanted(key: str, carried: bool = True) -> tuple[str | None, bool]:
    """The code that the address or, where it is carried from page to page, the session names; whether the widget must
    be told."""
    in_address = st.query_params.get(key)
    written = _written()
    if key not in written:  # first time on this page
        return in_address if in_address is not None or not carried else _store().get(key), True
    if in_address != written[key]:  # the back button, or a link to the same page
        return in_address, True
    return in_address, False


def remember(key: str, code: str | None) -> None:
    """Write a choice into the address and keep it for the other pages."""
    if code is None:
        _store().pop(key, None)
        if key in st.query_params:
            del st.query_params[key]
    else:
        _store()[key] = code
        if st.query_params.get(key) != code:
            st.query_params[key] = code
    _written()[key] = code


def choice(
    key: str,
    label: str,
    options: Sequence[T],
    shown: Callable[[T], str],
    default: T,
    *,
    widget: Callable[..., Any] | None = None,
    carried: bool = True,
    **more: Any,
) -> T:
    """A single choice whose code (`str` of the option) stands in the address; the default is left out of it.

    `carried`: a choice made on another page holds here too.
    """
    name = f"choice_{key}"
    wanted, tell = _wanted(key, carried)
    by_code = {str(option): option for option in options}
    if tell or st.session_state.get(name) not in options:
        st.session_state[name] = by_code.get(wanted or "", default)
    value: T = (widget or st.selectbox)(label, options, format_func=shown, key=name, **more)
    if value is None:  # a segmented control that was switched off
        value = default
    remember(key, None if value == default else str(value))
    return value


def choices(
    key: str, label: str, options: Sequence[str], shown: Callable[[str], str], default: Sequence[str], **more: Any
) -> list[str]:
    """Several choices; their codes stand in the address, separated by commas."""
    name = f"choices_{key}"
    wanted, tell = _wanted(key)
    if tell:
        named = [code for code in (wanted or "").split(",") if code in options]
        st.session_state[name] = named or [code for code in default if code in options]
    else:
        st.session_state[name] = [code for code in st.session_state.get(name, default) if code in options]
    value: list[str] = st.multiselect(label, options, format_func=shown, key=name, **more)
    remember(key, None if value == list(default) or not value else ",".join(value))
    return value


def words_of(key: str, label: str, **more: Any) -> str:
    """A line of text that stands in the address."""
    name = f"words_{key}"
    wanted, tell = _wanted(key)
    if tell:
        st.session_state[name] = wanted or ""
    value = str(st.text_input(label, key=name, **more) or "").strip()[:200]
    remember(key, value or None)
    return value


def switch(key: str, label: str) -> bool:
    """A yes or no that stands in the address."""
    name = f"switch_{key}"
    wanted, tell = _wanted(key)
    if tell:
        st.session_state[name] = wanted == "1"
    value = bool(st.toggle(label, key=name))
    remember(key, "1" if value else None)
    return value


def language() -> Language:
    """The language that the address names, else the session's, else Chinese."""
    found = st.query_params.get("lang") or _store().get("lang")
    return next((code for code in LANGUAGES if code == found), "zh")


def words() -> Words:
    """The words in the language of this session."""
    return Words(language())


def address(**codes: str | None) -> dict[str, str]:
    """The query of a link to another page: these codes, in the present language."""
    kept = {key: code for key, code in codes.items() if code is not None}
    return {**kept, "lang": language()}
