"""What a person asks of the published marts: one report with its evidence, the disagreements, the state of the warehouse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.warehouse.exports import Result, fetch

if TYPE_CHECKING:
    import duckdb


class NoSuchReport(Exception):
    """No published report answers to that name, or several do; the message lists them."""


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Which report is meant."""

    report_key: str
    document_name: str
    department_name: str
    fiscal_year: int
    report_kind: str
    title: str | None
    version: int
    is_current: bool


_HEADS = """
    select r.report_key, r.document_name, d.department_name, r.fiscal_year, r.report_kind, r.title, r.version, r.is_current
    from marts.dim_report as r
    join marts.dim_department as d using (department_key)
"""


def find_report(con: duckdb.DuckDBPyConnection, wanted: str) -> ReportHead:
    """The report of this key, document name, path, department/year (区政府办公室/2022), or part of one of the names.

    Of several versions the current one. Raises NoSuchReport.
    """
    name = wanted.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    heads = [ReportHead(*row) for row in con.execute(_HEADS + " order by r.is_current desc, r.version desc").fetchall()]
    department, _, year = wanted.rpartition("/")
    tests = [
        lambda h: h.report_key == wanted,
        lambda h: h.document_name in (wanted, name),
        lambda h: bool(re.fullmatch(r"\d{4}", year)) and h.department_name == department and h.fiscal_year == int(year),
        lambda h: bool(re.fullmatch(r"\d{4}", year)) and department in h.department_name and h.fiscal_year == int(year),
        lambda h: wanted in h.document_name or wanted in h.department_name or wanted in (h.title or ""),
    ]
    for test in tests:
        found = [h for h in heads if test(h)]
        current = [h for h in found if h.is_current] or found[:1]
        if len(current) == 1:
            return current[0]
        if current:
            listed = "\n".join(f"  {h.document_name}  {h.department_name}/{h.fiscal_year}" for h in current[:20])
            raise NoSuchReport(f"“{wanted}” means several reports:\n{listed}\nname one of them")
    some = "\n".join(f"  {h.document_name}  {h.department_name}/{h.fiscal_year}" for h in heads[:20] if h.is_current)
    raise NoSuchReport(f"no published report is called “{wanted}”." + (f" There are:\n{some}" if some else ""))


def report_sections(con: duckdb.DuckDBPyConnection, key: str) -> dict[str, Result]:
    """Everything about a report, each fact beside the words that it was taken from."""
    place = "concat_ws(' ', e.section, 'p.' || e.page, e.form || ' r' || e.row || ' c' || e.\"column\") as place"
    return {
        "money (万元)": fetch(
            con,
            f"""
            select coalesce(p.project_name, a.account_name_zh, x.account_code) as account, x.measure, x.fiscal_year as year,
                x.amount_wan, x.qualifier, case when x.is_primary then '*' end as "primary", e.quote, {place}
            from marts.fct_expenditure as x
            left join marts.dim_account as a using (account_code)
            left join marts.dim_project as p using (project_key)
            left join marts.evidence as e using (evidence_key)
            where x.report_key = ? order by e.char_start, x.measure
            """,
            [key],
        ),
        "scores": fetch(
            con,
            """
            select x.form, x.row_kind, x.level_1, x.level_2, x.level_3, x.target, x.achieved, x.weight, x.score, x.deviation
            from marts.fct_kpi_score as x left join marts.evidence as e using (evidence_key)
            where x.report_key = ? order by e.char_start
            """,
            [key],
        ),
        "other figures": fetch(
            con,
            f"""
            select x.metric_group as "group", x.metric_label as metric, x.measure, x.value, x.unit, x.qualifier, e.quote,
                {place}
            from marts.fct_operation as x left join marts.evidence as e using (evidence_key)
            where x.report_key = ? order by x.metric_group, e.char_start
            """,
            [key],
        ),
        "problems and measures": fetch(
            con,
            "select f.kind, f.text from marts.report_finding as f left join marts.evidence as e using (evidence_key) "
            "where f.report_key = ? order by e.char_start",
            [key],
        ),
    }


_SEVERITY = "case x.severity when 'error' then 1 when 'warning' then 2 else 3 end"


def disagreements(con: duckdb.DuckDBPyConnection, key: str | None = None) -> Result:
    """The disagreements of a report, or of all current ones: numbered, worst first, each with the quotes of its terms.

    `same_cause_as` names the numbers of the others that one cause explains.
    """
    return fetch(
        con,
        f"""
        with found as (
            select x.*, r.document_name, d.department_name,
                row_number() over (
                    order by {_SEVERITY}, abs(x.difference) desc nulls last, d.department_name, x.fiscal_year, x.rule_code, x.subject,
                        x.reconciliation_key
                ) as no
            from marts.fct_reconciliation as x
            join marts.dim_report as r using (report_key)
            join marts.dim_department as d on d.department_key = r.department_key
            where x.outcome = 'fails' and (? is null or x.report_key = ?)
        )
        select x.no, x.severity, x.department_name, x.fiscal_year, x.document_name, x.rule_code, x.rule_name_zh, x.rule_name_en,
            x.subject, x.left_value, x.right_value, x.difference, x.tolerance, x.unit, x.message_zh, x.message_en,
            (select string_agg(o.no, ', ' order by o.no) from found as o
                where o.report_key = x.report_key and o.cause_key = x.cause_key and o.no <> x.no) as same_cause_as,
            (select string_agg(e.quote, ' | ' order by e.char_start) from marts.evidence as e
                where list_contains(x.evidence_keys, e.evidence_key)) as quotes
        from found as x
        order by x.no
        """,
        [key, key],
    )


def versions(con: duckdb.DuckDBPyConnection, head: ReportHead) -> list[ReportHead]:
    """All versions of a report (same department, year and kind), newest first."""
    rows = con.execute(
        _HEADS + " where d.department_name = ? and r.fiscal_year = ? and r.report_kind = ? order by r.version desc",
        [head.department_name, head.fiscal_year, head.report_kind],
    ).fetchall()
    return [ReportHead(*row) for row in rows]


def difference(con: duckdb.DuckDBPyConnection, new: ReportHead, old: ReportHead) -> Result:
    """What two versions of a report state differently: gone, new, or with another value.

    Money (万元) by its primary statements, other figures and scored rows by the first of their name.
    """
    return fetch(
        con,
        """
        with money as (
            select * from marts.fct_expenditure where is_primary
            union all by name
            select * from history.fct_expenditure where is_primary
        ),
        figures as (
            select * from marts.fct_operation
            union all by name
            select * from history.fct_operation
        ),
        scored as (
            select * from marts.fct_kpi_score
            union all by name
            select * from history.fct_kpi_score
        ),
        projects as (select project_key, any_value(project_name) as project_name from marts.dim_project group by all),
        stated as (
            select report_key, 1 as part, account_name_zh || coalesce(' ' || project_name, '') as subject, measure,
                concat_ws(' ', budget_book, fund_source) as scope, fiscal_year, '万元' as unit,
                arg_min(amount_wan, figure_no) as value
            from money join marts.dim_account using (account_code) left join projects using (project_key)
            group by all
            union all
            select report_key, 2, metric_label || coalesce(' ' || project_name, ''), measure, metric_group, fiscal_year, unit,
                arg_min(value, figure_no)
            from figures left join projects using (project_key)
            group by all
            union all
            select report_key, 3, concat_ws(' / ', project_name, level_1, level_2, level_3), 'score', form || ' ' || row_kind, fiscal_year, '分',
                arg_min(score, form_row_no)
            from scored left join projects using (project_key)
            group by all
        )
        select coalesce(n.subject, o.subject) as subject, coalesce(n.measure, o.measure) as measure,
            coalesce(n.scope, o.scope) as scope, coalesce(n.fiscal_year, o.fiscal_year) as fiscal_year,
            o.value as before, n.value as after, n.value - o.value as change, coalesce(n.unit, o.unit) as unit
        from (select * from stated where report_key = ?) as n
        full join (select * from stated where report_key = ?) as o
            on n.part = o.part and n.subject = o.subject and n.measure = o.measure
            and n.scope is not distinct from o.scope and n.fiscal_year is not distinct from o.fiscal_year
            and n.unit is not distinct from o.unit
        where n.value is distinct from o.value
        order by coalesce(n.part, o.part), subject, measure, scope, fiscal_year
        """,
        [new.report_key, old.report_key],
    )


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a home, as the last publication and, when nobody is writing, the working database tell it."""

    published_at: datetime | None
    reports: int
    documents: int
    tables: Result
    quarantine: Result
    runs: Result
    writing: str | None  # who is writing now


def quarantine_and_runs(con: duckdb.DuckDBPyConnection, schema: str) -> tuple[Result, Result]:
    """Quarantine and the last ten runs, from `metadata` (published) or `raw` (the working database)."""
    return (
        fetch(
            con,
            f"select document_name, reason, message, seen_at from {schema}.quarantine order by seen_at desc, document_name",
        ),
        fetch(
            con,
            "select started_at, outcome, files_seen, files_new, files_quarantined, documents, "
            f"date_diff('second', started_at, finished_at) as seconds, message from {schema}.runs "
            "order by started_at desc limit 10",
        ),
    )


def balance(con: duckdb.DuckDBPyConnection) -> Result | None:
    """What came in and where it is, of the publication; None of one that an earlier program made."""
    if not con.execute(
        "select 1 from duckdb_tables() where schema_name = 'metadata' and table_name = 'balance'"
    ).fetchall():
        return None
    found = fetch(
        con, "select subject, came_in, in_facts, superseded, in_quarantine, duplicate, off from metadata.balance"
    )
    rows = [(subject, *(f"{n.normalize():,f}" for n in numbers)) for subject, *numbers in found.rows]
    return Result(("", *found.columns[1:]), rows)


def unmapped(con: duckdb.DuckDBPyConnection) -> Result:
    """Labels that no vocabulary knows, most frequent first, with where they stand."""
    return fetch(
        con,
        "select kind, label, parent_term, figures, documents, example_document, example_quote "
        "from metadata.unmapped_labels order by figures desc, kind, label",
    )
