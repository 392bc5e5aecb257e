"""Figures and places put into words, for the dashboard and the static pages alike."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from dagster_project.dashboard.strings import Words


def number(value: Any, places: int = 2) -> str:
    """A number with thousands separators; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.{places}f}"


def exact(value: Any) -> str:
    """A number with its own decimals, no needless zeros: what is compared must show every digit."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        digits = f"{value:,f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{value:,}"


def place_in_words(words: Words, place: Mapping[str, Any]) -> str:
    """Where in the document a quote stands."""
    parts = [place["section"]] if place["section"] else []
    if place["page"]:
        parts.append(words("place_page", n=place["page"]))
    if place["sheet"]:
        parts.append(words("place_sheet", n=place["sheet"]))
    if place["form"] and place["row"]:
        form = words.of("form", place["form"])
        key = "place_form" if place["column"] else "place_form_row"
        parts.append(words(key, form=form, row=place["row"], column=place["column"]))
    elif place["form"]:
        parts.append(words.of("form", place["form"]))
    elif place["paragraph"]:
        parts.append(words("place_paragraph", n=place["paragraph"]))
    return " · ".join(parts)


def web_address(value: object) -> str | None:
    """An http(s) address that may be linked; anything else is not."""
    try:
        parts = urlsplit(str(value or ""))
    except ValueError:
        return None
    return str(value) if parts.scheme in ("http", "https") and parts.netloc else None
