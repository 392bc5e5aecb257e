"""Texts and names as SQL writes them, for statements that cannot take parameters (ATTACH, COMMENT, file lists)."""

from __future__ import annotations


def quote(text: object) -> str:
    """The text as a string of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def name(*parts: str) -> str:
    """A name with its schema and catalog before it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
