"""Conservation: what came in is accounted for, every file and every row exactly once, every sum to the last digit.

One query, `BALANCE`, says it of the whole warehouse. The expectation of marts.dim_report looks at it in every run and keeps
the publication back when anything is off; it is published as metadata.balance, and `jixiao status` shows it.
"""

from __future__ import annotations

import csv

from dagster_project.warehouse.home import REFERENCE

# (what, raw table, its number column, current tables, superseded tables)
_ROWS = (
    ("figures", "figures", "figure_no", ("fct_expenditure", "fct_operation")),
    ("scored rows", "form_rows", "form_row_no", ("fct_kpi_score",)),
    ("problems and measures", "findings", "finding_no", ("report_finding",)),
)

# Each path under which bytes were seen is one file: the first path of some bytes is in the facts, superseded by a newer
# version, or in quarantine; any further path is a duplicate.
_FILES = """
    select 'files' as subject, count(*) as came_in,
        count(*) filter (not is_again and n = 1 and is_current) as in_facts,
        count(*) filter (not is_again and n = 1 and is_superseded) as superseded,
        count(*) filter (not is_again and n = 1 and is_quarantined) as in_quarantine,
        count(*) filter (is_again) as duplicate,
        count(*) filter (n <> 1) as off
    from (
        select
            row_number() over (partition by s.document_sha256 order by s.first_seen_at, s.document_path) > 1 as is_again,
            coalesce(v.is_current, false) as is_current,
            not coalesce(v.is_current, true) as is_superseded,
            q.document_sha256 is not null as is_quarantined,
            case when d.document_sha256 is null or v.document_sha256 is null then 0 else v.n end
                + case when q.document_sha256 is null then 0 else 1 end as n
        from raw.sightings as s
        left join raw.documents as d on d.document_sha256 = s.document_sha256
        left join (
            select document_sha256, bool_or(is_current) as is_current, count(*) as n from marts.dim_report group by all
        ) as v on v.document_sha256 = s.document_sha256
        left join raw.quarantine as q on q.document_sha256 = s.document_sha256
    )
"""


def _rows(what: str, table: str, number: str, marts: tuple[str, ...]) -> str:
    """Raw rows against mart rows, document by document: how many, and which numbers they bear (by sum and sum of squares).

    `off` counts rows too few or too many; one, where there are as many and they are others. dbt's tests look at each row.
    """
    places = " union all ".join(
        f"select document_sha256, {number} as no, {place} as place from {schema}.{mart}"
        for place, schema in ((1, "marts"), (2, "history"))
        for mart in marts
    )
    return f"""
    select '{what}', coalesce(sum(came_in), 0), coalesce(sum(in_facts), 0), coalesce(sum(superseded), 0), 0, 0,
        coalesce(sum(greatest(abs(came_in - in_facts - superseded), case when others then 1 else 0 end)), 0)
    from (
        select count(*) filter (place = 0) as came_in, count(*) filter (place = 1) as in_facts,
            count(*) filter (place = 2) as superseded,
            coalesce(sum(no) filter (place = 0), 0) <> coalesce(sum(no) filter (place > 0), 0)
                or coalesce(sum(no * no) filter (place = 0), 0) <> coalesce(sum(no * no) filter (place > 0), 0) as others
        from (
            select document_sha256, cast({number} as bigint) as no, 0 as place from raw.{table}
            union all
            select document_sha256, cast(no as bigint), place from ({places})
        ) group by document_sha256
    )
    """


def _money_units() -> str:
    """The units of money with their factors, from the vocabulary itself: where Spark built the marts there is no table of it."""
    with (REFERENCE / "units.csv").open(encoding="utf-8", newline="") as file:
        money = [(row["unit"], int(row["factor"])) for row in csv.DictReader(file) if row["kind"] == "money"]
    return "(values " + ", ".join(f"('{unit}', {factor})" for unit, factor in sorted(money)) + ") as u(unit, factor)"


# what a figure is worth in its mart, worked out again from what was written: money in yuan where it can be an amount, other
# figures with 万 and 亿 in front of their unit resolved
_AS_MONEY = (
    "u.unit is not null and f.kind = 'money' "
    "and abs(f.value) < case when u.factor > 10000 then 1000000000 else 10000000000000 end"
)
_WORTH = f"""
    select f.document_sha256, {_AS_MONEY} as is_amount, u.factor,
        case
            when u.unit is not null and abs(f.value) < case when u.factor > 10000 then 1000000000 else 10000000000000 end
                then try_cast(f.value as decimal(22, 6)) * cast(u.factor as decimal(12, 0))
            when u.unit is null and starts_with(f.unit, '亿') and abs(f.value) < 100000000000000
                then try_cast(f.value as decimal(22, 6)) * cast(100000000 as decimal(12, 0))
            when u.unit is null and starts_with(f.unit, '万') and abs(f.value) < 100000000000000
                then try_cast(f.value as decimal(22, 6)) * cast(10000 as decimal(12, 0))
            else f.value
        end as worth
    from raw.figures as f left join {_money_units()} on u.unit = f.unit
"""


def _sum(what: str, raw: str, mart: str, column: str) -> str:
    """A sum over raw rows against the sums over current and earlier versions; `off` is the difference."""
    return f"""
    select '{what}', came_in, in_facts, superseded, 0, 0, abs(came_in - in_facts - superseded)
    from (
        select coalesce(({raw}), 0) as came_in,
            coalesce((select sum({column}) from marts.{mart}), 0) as in_facts,
            coalesce((select sum({column}) from history.{mart}), 0) as superseded
    )
    """


_PARTS = (
    _FILES,
    *(_rows(*row) for row in _ROWS),
    # an amount has two decimals in the mart; a value has six, so that 万元 are exact: rounding takes longer than all else
    _sum(
        "money in yuan",
        "select sum(case when factor >= 10000 then worth else cast(worth as decimal(28, 2)) end) "
        f"from ({_WORTH}) where is_amount",
        "fct_expenditure",
        "amount_yuan",
    ),
    _sum(
        "other values",
        f"select sum(cast(worth as decimal(38, 6))) from ({_WORTH}) where is_amount is not true",
        "fct_operation",
        "value",
    ),
    _sum("scores", "select sum(score) from raw.form_rows", "fct_kpi_score", "score"),
)

BALANCE = (
    "select subject, "
    + ", ".join(
        f"cast({c} as decimal(38, 6)) as {c}"
        for c in ("came_in", "in_facts", "superseded", "in_quarantine", "duplicate", "off")
    )
    + f" from ({' union all '.join(_PARTS)})"
)

# the marts that it looks at, and their counterparts in history
MARTS = frozenset({"fct_expenditure", "fct_operation", "fct_kpi_score", "report_finding"})

# what was seen in a text and is no figure, each number with the reason
LEFT_OUT = """
    select o.document_sha256, d.document_name, o.omission_no, o.reason, o.text, o.char_start, o.char_end
    from raw.omissions as o join raw.documents as d using (document_sha256)
    order by o.document_sha256, o.omission_no
"""
