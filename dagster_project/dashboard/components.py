"""What the pages are built of. Report text goes through `text` or into a table: it is never Markdown, never HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from dagster_project.dashboard import queries, state
from dagster_project.dashboard.marts import ask, records, rows
from dagster_project.dashboard.strings import Words
from dagster_project.dashboard.wording import exact, number, place_in_words
from dagster_project.warehouse import exports
from dagster_project.warehouse.exports import Result

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ROWS = 200
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$^&=])")

STYLE = """
<style>
.block-container, [data-testid="stMainBlockContainer"] { padding: 3.2rem 2.4rem 3rem; max-width: 1240px; }
.jx h1 { font-size: 1.55rem; margin: 0 0 .2rem; padding: 0; font-weight: 650; letter-spacing: .01em; }
.jx h2 { font-size: 1.08rem; margin: .9rem 0 .15rem; padding: 0; font-weight: 650; color: #1d2733; }
.jx p { margin: 0 0 .35rem; color: #51606e; line-height: 1.55; overflow-wrap: anywhere; }
.jx-tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(145px, 1fr)); gap: .6rem; margin: .5rem 0 .2rem; }
.jx-tile { border: 1px solid #dde5ea; border-radius: 8px; padding: .6rem .8rem; background: #fff; }
.jx-tile b { display: block; font-size: 1.42rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
.jx-tile b small { font-size: .8rem; font-weight: 400; color: #51606e; margin-left: .25rem; }
.jx-tile span { color: #51606e; font-size: .84rem; }
.jx-tile i { display: block; font-style: normal; color: #51606e; font-size: .76rem; }
.jx-empty { border: 1px dashed #b9c9d6; border-radius: 8px; padding: .8rem 1rem; color: #44525f; background: #f8fafb; }
.jx-tag { display: inline-block; border-radius: 4px; padding: .05rem .45rem; font-size: .78rem; font-weight: 600; color: #fff; }
.jx-error { background: #a52f28; } .jx-warning { background: #8f5b05; } .jx-info { background: #506577; }
.jx-head { display: flex; flex-wrap: wrap; gap: .5rem; align-items: baseline; margin-bottom: .3rem; }
.jx-head b { font-weight: 650; } .jx-head span.jx-dim { color: #51606e; font-size: .88rem; }
.jx-side { border-left: 3px solid #b9c9d6; padding: .1rem 0 .1rem .7rem; margin: .2rem 0; }
.jx-side .jx-dim { color: #51606e; font-size: .82rem; }
.jx-side .jx-value { font-size: 1.12rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.jx-quote { background: #f6f3ea; border-radius: 4px; padding: .35rem .55rem; margin: .25rem 0; white-space: pre-wrap;
    overflow-wrap: anywhere; font-size: .92rem; line-height: 1.6; max-height: 11rem; overflow-y: auto; }
.jx-context { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.8; border: 1px solid #dde5ea; border-radius: 8px;
    padding: .8rem 1rem; max-height: 32rem; overflow-y: auto; background: #fff; }
.jx-context mark { background: #ffe48a; padding: .05rem 0; }
.jx-list { margin: .2rem 0 .6rem; padding-left: 1.1rem; } .jx-list li { margin: .25rem 0; overflow-wrap: anywhere; }
a:focus-visible, button:focus-visible { outline: 3px solid #c77f0a !important; outline-offset: 2px; }
@media (max-width: 640px) {
    [data-testid="stMainBlockContainer"] { padding-left: .8rem; padding-right: .8rem; }
    .jx h1 { font-size: 1.25rem; } .jx-tiles { grid-template-columns: repeat(2, 1fr); } .jx-tile b { font-size: 1.15rem; }
}
</style>
"""


def text(value: object) -> str:
    """Report text inside our own HTML."""
    return escape(str(value if value is not None else ""), quote=True)


def unmarked(value: object) -> str:
    """Report text inside a label that Streamlit takes for Markdown: every sign that means something is escaped."""
    words = " ".join(str(value if value is not None else "").split())
    return _MARKDOWN.sub(r"\\\1", words)


def html(body: str) -> None:
    """Our own HTML; whatever comes from a report in it went through `text`."""
    st.html(f'<div class="jx">{body}</div>')


def heading(words: object, note: str = "") -> None:
    """The head of a page."""
    html(f"<h1>{text(words)}</h1>" + (f"<p>{text(note)}</p>" if note else ""))


def subheading(words: object, note: str = "") -> None:
    """The head of a part of a page."""
    html(f"<h2>{text(words)}</h2>" + (f"<p>{text(note)}</p>" if note else ""))


def empty(words: str) -> None:
    """Why there is nothing to see here, and what to do."""
    html(f'<div class="jx-empty" role="status">{text(words)}</div>')


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure: always with its unit."""

    label: str
    value: str
    unit: str = ""
    note: str = ""


def money_tile(words: Words, label: str, wan: Decimal | None, note: str = "") -> Tile:
    """An amount in 万元, in 亿元 from a hundred million yuan on."""
    if wan is not None and abs(wan) >= 10_000:
        return Tile(label, number(wan / 10_000), words("yi"), note)
    return Tile(label, number(wan), words("wan") if wan is not None else "", note)


def tiles(shown: Sequence[Tile]) -> None:
    """Headline figures in a row that wraps."""
    body = "".join(
        f'<div class="jx-tile"><span>{text(t.label)}</span><b>{text(t.value)}<small>{text(t.unit)}</small></b>'
        f"<i>{text(t.note)}</i></div>"
        for t in shown
    )
    html(f'<div class="jx-tiles">{body}</div>')


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is headed and shown: `kind` is text, money, percent, points, count, integer, date, moment or yes."""

    label: str
    kind: str = "text"
    shown: Callable[[Any], Any] | None = None


def _config(column: Column) -> Any:
    kinds = st.column_config
    about: dict[str, Any] = {"label": column.label}
    if column.kind in ("money", "percent"):
        return kinds.NumberColumn(**about, format="accounting")
    if column.kind == "points":
        return kinds.NumberColumn(**about, format="localized")
    if column.kind in ("count", "integer"):
        return kinds.NumberColumn(**about, format="%d" if column.kind == "integer" else "localized")
    if column.kind == "yes":
        return kinds.CheckboxColumn(**about)
    if column.kind == "date":
        return kinds.DateColumn(**about)
    if column.kind == "moment":
        return kinds.DatetimeColumn(**about, format="YYYY-MM-DD HH:mm")
    return kinds.TextColumn(**about)


def relabelled(result: Result, columns: Mapping[str, Column]) -> Result:
    """The named columns in their order, headed for people, codes put into words."""
    at = {name: i for i, name in enumerate(result.columns)}
    wanted = [(at[name], column) for name, column in columns.items() if name in at]
    body = tuple(
        tuple(column.shown(row[i]) if column.shown and row[i] is not None else row[i] for i, column in wanted)
        for row in result.rows
    )
    return Result(tuple(column.label for _, column in wanted), body)


def table(
    words: Words,
    name: str,
    title: str,
    result: Result,
    columns: Mapping[str, Column],
    *,
    every: Callable[[], Result] | None = None,
    total: int | None = None,
) -> None:
    """A table with its downloads: all rows as CSV and xlsx, harmless to spreadsheets; the first ones on the page.

    Where `result` holds the first rows only, `every` asks for all `total` of them when somebody downloads.
    """
    import pandas as pd

    shown = relabelled(result, columns)
    used = [column for key, column in columns.items() if key in result.columns]
    subheading(title)
    head = shown.rows[:SHOWN_ROWS]
    frame = pd.DataFrame(list(head), columns=list(shown.columns), dtype=object)
    if head:  # a column that says nothing only takes room from the others; the downloads keep it
        used = [column for column in used if frame[column.label].notna().any()]
        frame = frame[[column.label for column in used]]
    for column in used:
        if column.kind in ("money", "percent", "points", "count", "integer"):
            frame[column.label] = pd.to_numeric(frame[column.label])
        elif column.kind in ("date", "moment"):
            frame[column.label] = pd.to_datetime(frame[column.label])
        elif column.kind == "text":
            frame[column.label] = frame[column.label].map(lambda v: None if v is None else str(v))
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * max(1, len(head)), 460),
        column_config={c.label: _config(c) for c in used},
        placeholder="",
        key=f"table_{name}",
        alt=title,
    )
    total = len(shown.rows) if total is None else total
    counted = words("rows_all", all=f"{total:,}")
    if total > len(head):
        counted = words("rows_shown", shown=f"{len(head):,}", all=f"{total:,}")
    html(f"<p>{text(counted)}</p>")
    downloads(words, name, title, lambda: relabelled(every(), columns) if every else shown)


def downloads(words: Words, name: str, title: str, result: Callable[[], Result]) -> None:
    """CSV and xlsx of a table; made only when they are asked for."""
    row = st.container(horizontal=True, gap="small")
    row.download_button(
        words("download_csv"),
        lambda: b"\xef\xbb\xbf" + exports.to_csv(result()).encode(),
        file_name=f"jixiao-{name}.csv",
        mime=CSV,
        key=f"csv_{name}",
        on_click="ignore",
        help=unmarked(words("download_of", table=title, kind="CSV")),
        width="content",
    )
    row.download_button(
        words("download_xlsx"),
        lambda: exports.xlsx_bytes({title[:31]: result()}),
        file_name=f"jixiao-{name}.xlsx",
        mime=XLSX,
        key=f"xlsx_{name}",
        on_click="ignore",
        help=unmarked(words("download_of", table=title, kind="xlsx")),
        width="content",
    )


def chart(words: Words, title: str, picture: Any, drawn: bool, why: str = "empty.chart") -> None:
    """A chart under its head, or why there is none."""
    subheading(title)
    if drawn:
        st.vega_lite_chart(spec=picture(), width="stretch", theme=None, alt=title)
    else:
        empty(words(why))


def scope_filters(words: Words, *, year: bool = True, kinds: bool = True) -> queries.Scope:
    """The filters that most pages share: year, division, kind of department."""
    years = [row["fiscal_year"] for row in rows(queries.YEARS)]
    slots = st.columns(1 + year + kinds)
    at = 0
    chosen_year = 0
    if year:
        with slots[0]:
            chosen_year = state.choice(
                "year", words("year"), [0, *years], lambda y: str(y) if y else words("all_years"), 0
            )
        at = 1
    divisions = division_names()
    with slots[at]:
        chosen = state.choice(
            "division", words("division"), ["", *divisions], lambda code: divisions.get(code, words("all")), ""
        )
    kind = ""
    if kinds:
        found = [row["department_type"] for row in rows(queries.DEPARTMENT_TYPES)]
        with slots[at + 1]:
            kind = state.choice(
                "type",
                words("type"),
                ["", *found],
                lambda code: words.of("department_type", code) if code else words("all"),
                "",
            )
    return queries.Scope(chosen_year or None, chosen or None, kind or None)


def division_names() -> dict[str, str]:
    """Beginnings of GB/T 2260 codes (province, city, district) with their names, provinces before their cities."""
    named: dict[str, str] = {}
    for row in rows(queries.DIVISIONS):
        code = row["division_code"]
        levels = [(code[:2], row["province"]), (code[:4], row["city"]), (code, row["district"])]
        path: list[str] = []
        for start, name in levels:
            if name:
                path.append(name)
                named.setdefault(start, " ".join(path))
    return dict(sorted(named.items()))


def quoted(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The places of these evidence keys."""
    wanted = tuple(dict.fromkeys(keys))
    if not wanted:
        return {}
    return {row["evidence_key"]: row for row in records(ask(queries.places(len(wanted)), wanted))}


def disagreement(words: Words, item: Mapping[str, Any], places: Mapping[str, Mapping[str, Any]], where: Any) -> None:
    """One disagreement: both statements side by side, each with its words, its place and a link to the document."""
    message = item[words.pick("message_zh", "message_en")]
    rule = item[words.pick("rule_name_zh", "rule_name_en")]
    severity = item["severity"]
    tag = severity if severity in ("error", "warning", "info") else "info"
    with st.container(border=True):
        html(
            f'<div class="jx-head"><span class="jx-tag jx-{tag}">{text(words.of("severity", severity))}</span>'
            f"<b>{text(item['department_name'])} {text(item['fiscal_year'])}</b>"
            f'<span class="jx-dim">{text(rule)} · {text(item["document_name"])}</span></div>'
            f"<p>{text(message)}</p>"
        )
        keys = [key for key in item["evidence_keys"] or [] if key in places]
        sides = [
            (words("stated"), item["left_value"], keys[:1]),
            (words("compared_with"), item["right_value"], keys[1:]),
        ]
        for slot, (label, value, of_side) in zip(st.columns(2), sides, strict=True):
            with slot:
                body = (
                    f'<div class="jx-side"><span class="jx-dim">{text(label)}</span><br>'
                    f'<span class="jx-value">{text(exact(value))} {text(item["unit"])}</span></div>'
                )
                if not of_side:
                    html(f"{body}<p>{text(words('no_quote'))}</p>")
                for n, key in enumerate(of_side[:3]):
                    place = places[key]
                    html(
                        f'{body}<div class="jx-side"><div class="jx-quote" tabindex="0">{text(place["quote"])}</div>'
                        f'<span class="jx-dim">{text(place_in_words(words, place))}</span></div>'
                    )
                    body = ""
                    st.page_link(
                        where,
                        label=words("open_place") + (f" ({n + 1})" if len(of_side) > 1 else ""),
                        icon=":material/find_in_page:",
                        query_params=state.address(place=key),
                    )
                if len(of_side) > 3:
                    html(f"<p>{text(words('more_terms', n=len(of_side) - 3))}</p>")


DISAGREEMENT_COLUMNS = (
    ("severity", "severity"),
    ("department_name", "department"),
    ("fiscal_year", "year"),
    ("document_name", "document"),
    ("subject", "subject"),
    ("left_value", "stated"),
    ("right_value", "compared_with"),
    ("difference", "difference"),
    ("tolerance", "tolerance"),
    ("unit", "unit"),
)


def disagreement_columns(words: Words) -> dict[str, Column]:
    """The columns of a table of disagreements."""
    columns = {
        name: Column(words(label), "integer" if name == "fiscal_year" else "text", None)
        for name, label in DISAGREEMENT_COLUMNS
    }
    columns["severity"] = Column(words("severity"), shown=lambda code: words.of("severity", code))
    columns[words.pick("rule_name_zh", "rule_name_en")] = Column(words("rule"))
    columns[words.pick("message_zh", "message_en")] = Column(words("message"))
    return columns
