"""Automatic numbering of .docx: the counters of numbering.xml, and the label that each numbered paragraph shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from dagster_project.reading.counting import list_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_LEVELS = 9
_SLOT = re.compile(r"%([1-9])")
# Bullets are letters of symbol fonts; these are what they look like.
_BULLETS = {
    "\uf06c": "●",
    "l": "●",
    "\uf06e": "■",
    "n": "■",
    "\uf075": "◆",
    "u": "◆",
    "\uf0d8": "➢",
    "Ø": "➢",
    "\uf0fc": "✓",
    "ü": "✓",
    "\uf0b2": "❖",
}
_CLOSED = "、，。．）】〕》：；"


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    restart: int | None = None  # w:lvlRestart: 0 never, n: after a level below n
    legal: bool = False
    suffix: str = "tab"
    style: str | None = None


@dataclass(slots=True)
class _List:
    """One w:num: its levels with the overrides in place, and the counters that it shares with its abstract list."""

    abstract: str
    levels: dict[int, _Level]
    overrides: dict[int, int]
    started: set[int] = field(default_factory=set)


class Numbering:
    """The lists of one document. `label` must be called once for each numbered paragraph, in reading order."""

    def __init__(self, root: etree._Element | None, style_lists: dict[str, str] | None = None) -> None:
        """`root` is w:numbering; `style_lists` maps a numbering style to its w:numId (for w:numStyleLink)."""
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        if root is not None:
            self._load(root, style_lists or {})

    def _load(self, root: etree._Element, style_lists: dict[str, str]) -> None:
        abstract: dict[str, dict[int, _Level]] = {}
        links: dict[str, str] = {}
        for node in root.iterchildren(W + "abstractNum"):
            key = node.get(W + "abstractNumId", "")
            abstract[key] = {_number(lvl.get(W + "ilvl"), 0): _read_level(lvl) for lvl in node.iterchildren(W + "lvl")}
            link = node.find(W + "numStyleLink")
            if link is not None:
                links[key] = link.get(_VAL, "")
        targets = {n.get(W + "numId", ""): _val(n, "abstractNumId") or "" for n in root.iterchildren(W + "num")}
        for node in root.iterchildren(W + "num"):
            key = _val(node, "abstractNumId") or ""
            if key in links and links[key] in style_lists:
                key = targets.get(style_lists[links[key]], key)
            levels = dict(abstract.get(key, {}))
            overrides: dict[int, int] = {}
            for override in node.iterchildren(W + "lvlOverride"):
                at = _number(override.get(W + "ilvl"), 0)
                own = override.find(W + "lvl")
                if own is not None:
                    levels[at] = _read_level(own)
                start = _val(override, "startOverride")
                if start is not None:
                    overrides[at] = _number(start, 1)
            self._lists[node.get(W + "numId", "")] = _List(key, levels, overrides)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level that a list gives to paragraphs of `style` (w:pStyle in w:lvl); 0 when it names none."""
        found = self._lists.get(list_id)
        if found is not None:
            for at, level in found.levels.items():
                if level.style == style:
                    return at
        return 0

    def label(self, list_id: str, at: int) -> str:
        """Count one paragraph of list `list_id` at level `at` (from 0) and return what is printed before it, with
        its gap."""
        found = self._lists.get(list_id)
        if found is None or at not in found.levels:
            return ""
        counters = self._counters.setdefault(found.abstract, [None] * _LEVELS)
        level = found.levels[at]
        current = counters[at]
        if at in found.overrides and at not in found.started:
            counters[at] = found.overrides[at]
        else:
            counters[at] = level.start if current is None else current + 1
        found.started.add(at)
        for deeper in range(at + 1, _LEVELS):
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or (restart > 0 and at < restart):
                counters[deeper] = None
        if level.kind == "bullet":
            text = _BULLETS.get(
                level.text, "•" if level.text and ("\ue000" <= level.text[0] <= "\uf8ff") else level.text
            )
        else:
            text = _SLOT.sub(lambda m: self._slot(found, counters, int(m[1]) - 1, level.legal), level.text)
        if not text or level.suffix == "nothing" or text[-1] in _CLOSED:
            return text
        return text + " "

    def _slot(self, found: _List, counters: list[int | None], at: int, legal: bool) -> str:
        level = found.levels.get(at) or _Level()
        number = counters[at]
        return list_number(level.start if number is None else number, "decimal" if legal else level.kind)


def _read_level(node: etree._Element) -> _Level:
    level = _Level()
    for child in node:
        tag = child.tag
        value = child.get(_VAL)
        if tag == W + "start":
            level.start = _number(value, 1)
        elif tag == W + "numFmt":
            level.kind = value or "decimal"
        elif tag == W + "lvlText":
            level.text = value or ""
        elif tag == W + "lvlRestart":
            level.restart = _number(value, 0)
        elif tag == W + "isLgl":
            level.legal = value not in ("0", "false", "off")
        elif tag == W + "suff":
            level.suffix = value or "tab"
        elif tag == W + "pStyle":
            level.style = value
        elif isinstance(tag, str) and tag.endswith("}AlternateContent"):
            # Word 2010 and later keep rarer formats in mc:Choice.
            found = child.find(".//" + W + "numFmt")
            if found is not None and found.get(_VAL) != "custom":
                level.kind = found.get(_VAL) or level.kind
    return level


def _val(node: etree._Element, name: str) -> str | None:
    child = node.find(W + name)
    return child.get(_VAL) if child is not None else None


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
