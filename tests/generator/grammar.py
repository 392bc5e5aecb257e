"""A small template language: one template stands for many wordings.

`[a|b|]` one of the parts, chosen at random, possibly nothing; `<name>` a word list or another template of the context;
`{key}` a fact, written and recorded. Compiled once, expanded many times.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

Node = tuple[Any, ...]  # ("lit", text) | ("alt", parts) | ("ref", name) | ("fact", key)
Words = Mapping[str, str | Sequence[str]]


@cache
def compile_template(template: str) -> tuple[Node, ...]:
    """The nodes of a template. Raises ValueError for brackets that do not close."""
    nodes, end = _sequence(template, 0, top=True)
    if end != len(template):
        raise ValueError(f"unexpected {template[end]!r} at {end} in {template!r}")
    return nodes


def _sequence(text: str, at: int, top: bool) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    literal = ""
    while at < len(text):
        char = text[at]
        if char in "|]" and not top:
            break
        if char in "[<{":
            if literal:
                nodes.append(("lit", literal))
                literal = ""
            if char == "[":
                node, at = _alternatives(text, at + 1)
            else:
                end = text.find(">" if char == "<" else "}", at)
                if end < 0:
                    raise ValueError(f"{char} at {at} is not closed in {text!r}")
                node = ("ref" if char == "<" else "fact", text[at + 1 : end])
                at = end + 1
            nodes.append(node)
        else:
            literal += char
            at += 1
    if literal:
        nodes.append(("lit", literal))
    return tuple(nodes), at


def _alternatives(text: str, at: int) -> tuple[Node, int]:
    parts: list[tuple[Node, ...]] = []
    while True:
        nodes, at = _sequence(text, at, top=False)
        parts.append(nodes)
        if at >= len(text):
            raise ValueError(f"[ is not closed in {text!r}")
        if text[at] == "]":
            return ("alt", tuple(parts)), at + 1
        at += 1


def expand(
    nodes: Sequence[Node], rng: random.Random, words: Words, put: Callable[[str], None], fact: Callable[[str], None]
) -> None:
    """Write one wording: plain text through `put`, facts through `fact`. Raises KeyError for an unknown word."""
    for node in nodes:
        kind = node[0]
        if kind == "lit":
            put(node[1])
        elif kind == "alt":
            parts = node[1]
            expand(parts[int(rng.random() * len(parts))], rng, words, put, fact)
        elif kind == "fact":
            fact(node[1])
        else:
            found = words[node[1]]
            text = found if isinstance(found, str) else found[int(rng.random() * len(found))]
            if "[" in text or "{" in text or "<" in text:
                expand(compile_template(text), rng, words, put, fact)
            else:
                put(text)
