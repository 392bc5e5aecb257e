"""The regular expressions of the readers and of the extraction, and words that would make a careless one take for ever.

A repeat whose parts can take the same characters in two ways tries 2^n of them before it gives up: 其中,其中,其中,… did so.
For each repeat of a pattern, words are made of what its body takes, many times over, with an end that the pattern refuses.
"""

from __future__ import annotations

import ast
import itertools
import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
TIMES = 26  # 2^26 ways take seconds
MOST_WORDS, MOST_PAIRED = 150, 10
REFUSED = "\x00"


def patterns(folder: Path) -> dict[str, str]:
    """Where it stands -> the pattern, of every regular expression that is written as a plain string in these modules."""
    found = {}
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            named, first = node.func.value, node.args[0]
            if not (isinstance(named, ast.Name) and named.id == "re" and node.func.attr in FUNCTIONS):
                continue
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[f"{file.name}:{node.lineno}"] = first.value
    return found


def _samples(nodes: Any, most: int) -> list[str]:
    """Some words that these nodes take; assertions are left out of account."""
    words = [""]
    for node in nodes:
        words = [a + b for a, b in itertools.product(words[:most], _of(node, most))][:most]
    return list(dict.fromkeys(words))


def _of(node: Any, most: int) -> list[str]:
    kind, value = node
    if kind is constants.LITERAL:
        return [chr(value)]
    if kind is constants.IN:
        return _of_set(value)
    if kind in (constants.ANY, constants.NOT_LITERAL):
        return ["甲"]
    if kind is constants.BRANCH:
        return [w for branch in value[1] for w in _samples(branch, 2)][:most]
    if kind is constants.SUBPATTERN:
        return _samples(value[-1], most)
    if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
        least, _, body = value
        one = _samples(body, most)
        return list(dict.fromkeys([w * max(least, 1) for w in one[:most]] + ([""] if least == 0 else [])))
    return [""]


def _of_set(members: Any) -> list[str]:
    found = []
    negated = False
    for kind, value in members:
        if kind is constants.NEGATE:
            negated = True
        elif kind is constants.LITERAL:
            found.append(chr(value))
        elif kind is constants.RANGE:
            found.append(chr(value[0]))
        elif kind is constants.CATEGORY:
            found.append("1" if "DIGIT" in str(value) else " " if "SPACE" in str(value) else "a")
    return ["甲", "a", "1"] if negated else found[:4]


def attacks(pattern: str) -> Iterator[str]:
    """Words that go many times round each unbounded repeat of the pattern, and end in what it refuses."""
    for before, body in _repeats(parser.parse(pattern)):
        start = (_samples(before, 1) or [""])[0]
        # a word that is two others put together shows alone, other doubts between two words
        words = [w for w in _samples(body, MOST_WORDS) if w]
        for word in (*words, *("".join(p) for p in itertools.permutations(words[:MOST_PAIRED], 2))):
            yield start + word * TIMES + REFUSED


def _repeats(nodes: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(what stands before it, its body) of each repeat without a low limit."""
    for node in nodes:
        kind, value = node
        if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            if value[1] is constants.MAXREPEAT or value[1] > TIMES:
                yield before, value[2]
            yield from _repeats(value[2], before)
        elif kind is constants.SUBPATTERN:
            yield from _repeats(value[-1], before)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        before = (*before, node)


class Slow(Exception):
    """The search did not end in time."""


def slow(pattern: str, seconds: float) -> str | None:
    """Words that this pattern is not done with in that time; None when it is with all. Main thread only."""

    def over(number: int, frame: FrameType | None) -> None:
        raise Slow

    compiled = re.compile(pattern)
    words = ""
    old = signal.signal(signal.SIGALRM, over)
    try:
        for words in attacks(pattern):
            signal.setitimer(signal.ITIMER_REAL, seconds)
            compiled.search(words)
            compiled.fullmatch(words)
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Slow:
        return words
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    return None


def main() -> None:
    """All patterns of the project, with those that are slow."""
    from dagster_project.warehouse.home import PROJECT_ROOT

    started = time.monotonic()
    for place, pattern in patterns(PROJECT_ROOT / "dagster_project").items():
        if (words := slow(pattern, 1.0)) is not None:
            print(place, pattern[:100], repr(words[:40]), sep="\n    ")
    print(f"{time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
