"""Tables of assets: 项目 | 年初数 | 本年增加 | 本年减少 | 年末数, or 资产类别 | 原值 | 累计折旧 | 净值; a row each kind of assets.

They stand in the section on assets, or as a block of the basic data form. The row of fixed assets, or where there is none that
of all assets, says what the department's assets opened and closed with; the others keep their labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dagster_project.extraction.forms.columns import look
from dagster_project.extraction.forms.context import FormContext, number_of
from dagster_project.extraction.forms.labels import account_label, bare, measure_of, roles_of, title_kind, unit_in
from dagster_project.extraction.forms.recognise import Form
from dagster_project.extraction.forms.rows import FormCell, Row
from dagster_project.extraction.vocabulary import vocabulary

ASSET_HEAD = re.compile(
    r"(?:年初|期初|上年末|年末|期末)(?:账面|资产|固定资产)?(?:余额|原值|净值|价值|金额|数)|原\s*值|净\s*值"
)
_ROLES = (
    ("opening", re.compile(r"(?:本?年初|期初|上年末)(?:账面|资产|固定资产)?(?:余额|原值|净值|价值|金额|数|值)?")),
    ("acquired", re.compile(r"(?:本年|本期|当年|年内)?(?:新增|增加|购置|新购)(?:数|额|金额|资产|固定资产)?")),
    ("disposed", re.compile(r"(?:本年|本期|当年|年内)?(?:减少|处置|报废|核销)(?:数|额|金额|资产|固定资产)?")),
    ("closing", re.compile(r"(?:本?年末|期末)(?:账面|资产|固定资产)?(?:余额|原值|净值|价值|金额|数|值)?")),
    ("cost", re.compile(r"(?:账面)?原值")),
    ("written_off", re.compile(r"(?:累计)?(?:折旧|摊销|折旧摊销|折旧\(摊销\))(?:额|数)?")),
    ("net", re.compile(r"(?:账面)?(?:净值|价值)")),
)
_PAIRS = ({"opening", "closing"}, {"cost", "net"}, {"cost", "written_off"})
_ASSETS = "资产"
_FIXED = {"固定资产", "固定资产合计", "固定资产小计"}
_ALL = {"资产合计", "资产总计", "资产总额", "合计", "总计"}
# The labels of metric_labels.csv for a movement of fixed assets, and of all.
_TERMS = {
    "固定资产": {
        "opening": "年初固定资产",
        "acquired": "新增固定资产",
        "disposed": "处置固定资产",
        "closing": "年末固定资产",
        "cost": "固定资产原值",
        "net": "固定资产净值",
    },
    "资产": {"opening": "年初资产", "acquired": "新增资产", "disposed": "处置资产", "closing": "年末资产"},
}


@dataclass(slots=True)
class AssetTable:
    """One head with the rows below it; `columns`: slot -> (head, what it says)."""

    columns: dict[int, tuple[FormCell, str]]
    head: Row
    rows: list[Row] = field(default_factory=list)
    unit: str | None = None


def take_asset_tables(rows: list[Row], text: str) -> tuple[list[Row], list[AssetTable]]:
    """(the rows that are left, the tables found)"""
    if _ASSETS not in text or not ASSET_HEAD.search(text):
        return rows, []
    left: list[Row] = []
    tables: list[AssetTable] = []
    at = 0
    while at < len(rows):
        columns = _columns(rows[at])
        if not columns:
            left.append(rows[at])
            at += 1
            continue
        body = _body(rows, at + 1, columns)
        captions = [r for r in left[-4:] if r.cells][-2:]  # 资产情况如下表： / 单位：万元
        above = captions[-1] if captions else None
        words = [c.key for r in (*captions, rows[at], *body) for c in r.own()[:1]]
        if not body or not any(_ASSETS in key for key in words):
            left.append(rows[at])
            at += 1
            continue
        said = [c.key for r in (rows[at], above) if r and len(r.own()) in (1, len(rows[at].own())) for c in r.own()]
        unit = next((u for key in said if (u := unit_in(key[-60:]))), None)
        tables.append(AssetTable(columns, rows[at], body, unit))
        at += 1 + len(body)
    return left, tables


@lru_cache(maxsize=1 << 13)
def _role(key: str) -> str | None:
    """What a column of a table of assets says, by its head."""
    plain = bare(key)
    return next((role for role, words in _ROLES if words.fullmatch(plain)), None)


def _columns(row: Row) -> dict[int, tuple[FormCell, str]]:
    """What the columns say when `row` heads a table of assets; else nothing."""
    own = row.own()
    if row.source not in ("table", "tabbed") or len(own) < 3:
        return {}
    found = {c.column: (c, role) for c in own if (role := _role(c.key))}
    roles = [role for _, role in found.values()]
    if len(set(roles)) != len(roles) or not any(pair <= set(roles) for pair in _PAIRS):
        return {}
    return found if own[0].column not in found else {}


def _body(rows: Sequence[Row], at: int, columns: dict[int, tuple[FormCell, str]]) -> list[Row]:
    """The rows of a label and amounts from `at` on."""
    body = []
    for row in rows[at:]:
        own = row.own()
        if len(own) < 2 or row.source not in ("table", "tabbed") or look(own[0].key)[0] != "text":
            break
        if any(look(c.key)[0] == "text" for c in own if c.column in columns):
            break
        key = own[0].key
        if account_label(key) or measure_of(key) or title_kind(key) or roles_of(key) - {"total_row", "fund_total"}:
            break  # the next block of the form
        body.append(row)
    return body


def extract_asset_table(table: AssetTable, context: FormContext) -> None:
    """Add the amounts of a table of assets; numbers without a unit are left out with the reason."""
    context.code = "basic_data"
    main = _main(table.rows)
    for row in table.rows:
        label = row.own()[0]
        for cell in row.own()[1:]:
            number = number_of(cell)
            if number is None or number.kind not in ("", "money"):
                continue
            if cell.column not in table.columns:
                context.omit_numbers(cell, "unknown_column")
                continue
            head, role = table.columns[cell.column]
            unit = number.unit or unit_in(head.key) or unit_in(label.key) or table.unit
            if not unit:
                context.omit_numbers(cell, "no_unit")
                continue
            context.figure(
                row,
                cell,
                number,
                kind="asset",
                label=label.text,
                term=_term(bare(label.key), role, row is main),
                unit=unit,
                row_label=label.text,
                column_label=head.text,
            )


def _main(rows: Sequence[Row]) -> Row | None:
    """The row whose movements are the department's: fixed assets, else all assets."""
    for names in (_FIXED, _ALL):
        if found := next((r for r in rows if bare(r.own()[0].key) in names), None):
            return found
    return None


def _term(name: str, role: str, main: bool) -> str | None:
    if main:
        return _TERMS["固定资产" if name in _FIXED else "资产"].get(role)
    metrics = vocabulary().metrics("asset")
    return name if role == "closing" and _ASSETS in name and name in metrics else None


def form_of(table: AssetTable, number: int) -> Form:
    """The form that evidence names."""
    rows = [table.head, *table.rows]
    return Form("basic_data", number, rows=rows, info=rows)
