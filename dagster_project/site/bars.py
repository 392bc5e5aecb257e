"""Bar charts as SVG that a page holds itself: no script, readable by a screen reader, sharp on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

_LABEL, _WIDTH, _ROOM = 170, 620, 90  # places in the picture's own units: names left, values right of the bars
_ROW, _GAP = 17, 12


@dataclass(frozen=True, slots=True)
class Series:
    """One bar: `code` is its class in the stylesheet."""

    code: str
    name: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """Bars of one thing."""

    name: str
    series: Sequence[Series]


def bars(groups: Sequence[Group], title: str, unit: str) -> Markup:
    """Horizontal bars on one scale from zero, each with its value in writing."""
    most = max((abs(s.value) for g in groups for s in g.series if s.value is not None), default=Decimal(0))
    span = _WIDTH - _LABEL - _ROOM
    parts: list[Markup] = []
    names: dict[str, str] = {}
    top = 26
    for group in groups:
        middle = top + _ROW * len(group.series) / 2
        parts.append(_text(_LABEL - 8, middle + 4, group.name, "name"))
        for series in group.series:
            if series.value is None:
                continue
            names[series.code] = series.name
            width = float(abs(series.value) / most) * span if most else 0.0
            shown = f"{series.value:,.2f}"
            parts.append(
                Markup('<g><title>{}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}"/></g>').format(
                    f"{group.name} · {series.name}: {shown} {unit}", series.code, _LABEL, top, f"{width:.1f}", _ROW - 4
                )
            )
            parts.append(_text(_LABEL + width + 6, top + _ROW - 7, shown, "value"))
            top += _ROW
        top += _GAP
    at: float = _LABEL
    legend: list[Markup] = []
    for code, name in names.items():
        legend.append(Markup('<rect class="{}" x="{}" y="4" width="11" height="11"/>').format(code, f"{at:.0f}"))
        legend.append(_text(at + 16, 14, name, "legend"))
        at += 34 + sum(13 if ord(c) > 0x2E80 else 7 for c in name)
    legend.append(_text(at + 6, 14, unit, "legend"))
    return Markup('<svg role="img" viewBox="0 0 {} {}" aria-label="{}">{}</svg>').format(
        _WIDTH, top, title, Markup("").join([*legend, *parts])
    )


def _text(x: float, y: float, words: Any, kind: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, f"{x:.1f}", f"{y:.1f}", words)
