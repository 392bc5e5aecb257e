"""Every question that the pages and the static site ask the published marts, as SQL over the contract's tables.

Money is in 万元 throughout (`_wan`); shares and rates are percent. A question's parameters stand as ? in the order of its
docstring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """What a page is narrowed to; empty means all. `division` is the beginning of a GB/T 2260 code."""

    year: int | None = None
    division: str | None = None
    department_type: str | None = None

    def sql(self, departments: str = "d", years: str = "y") -> str:
        """Conditions over dim_department and a table with fiscal_year; always true where nothing is narrowed."""
        parts = ["true"]
        if self.year is not None:
            parts.append(f"{years}.fiscal_year = ?")
        if self.division:
            parts.append(f"starts_with({departments}.division_code, ?)")
        if self.department_type:
            parts.append(f"{departments}.department_type = ?")
        return " and ".join(parts)

    def of(self, table: str) -> str:
        """A table as y, with its departments as d only where a condition needs them."""
        if self.division or self.department_type:
            return f"{table} as y join marts.dim_department as d using (department_key)"
        return f"{table} as y"

    @property
    def parameters(self) -> tuple[object, ...]:
        """The values of the conditions."""
        values = (self.year, self.division or None, self.department_type or None)
        return tuple(v for v in values if v is not None)


YEARS = "select distinct fiscal_year from marts.department_year order by fiscal_year desc"

DIVISIONS = """
    select distinct division_code, province, city, district from marts.dim_department
    where division_code is not null order by division_code
"""

DEPARTMENT_TYPES = "select distinct department_type from marts.dim_department order by 1"

PUBLICATION = """
    select published_at, (select count(*) from marts.dim_report where is_current) as reports,
        (select count(*) from metadata.quarantine) as quarantined
    from metadata.build
"""

_DEPARTMENT_YEARS = "marts.department_year as y join marts.dim_department as d using (department_key)"


def headline(scope: Scope) -> str:
    """One row: departments, reports, budget and actual of those that state both, all actual, mean score, disagreements."""
    return f"""
        select count(*) as department_years, count(distinct y.department_key) as departments,
            coalesce(sum(y.report_count), 0) as reports, sum(y.budget) filter (y.actual is not null) as budget, sum(y.actual) filter (y.budget is not null) as actual,
            cast(100 * sum(y.actual) filter (y.budget is not null) / nullif(sum(y.budget) filter (y.actual is not null), 0)
                as decimal(18, 2)) as execution_rate,
            count(*) filter (y.budget is not null and y.actual is not null) as with_both,
            cast(avg(y.score) as decimal(18, 2)) as score, count(y.score) as with_score,
            coalesce(sum(y.disagreements_error), 0) as errors, coalesce(sum(y.disagreements_warning), 0) as warnings,
            coalesce(sum(y.disagreements_info), 0) as notes
        from {_DEPARTMENT_YEARS} where {scope.sql()}
    """


def by_year(scope: Scope) -> str:
    """A row a year: budget and actual (万元) of the departments that state both, rate, departments."""
    return f"""
        select y.fiscal_year, count(*) as departments, sum(y.budget) filter (y.actual is not null) as budget,
            sum(y.actual) filter (y.budget is not null) as actual,
            cast(100 * sum(y.actual) filter (y.budget is not null) / nullif(sum(y.budget) filter (y.actual is not null), 0)
                as decimal(18, 2)) as execution_rate
        from {_DEPARTMENT_YEARS} where {scope.sql()} group by 1 order by 1
    """


def by_division(scope: Scope, limit: int = 15) -> str:
    """A row a division: departments, budget, actual, rate, disagreements; the biggest first."""
    return f"""
        select d.division_code, any_value(coalesce(d.district, d.city, d.province)) as division,
            any_value(concat_ws(' ', d.province, d.city, d.district)) as division_path,
            count(distinct y.department_key) as departments, sum(y.budget) filter (y.actual is not null) as budget,
            sum(y.actual) filter (y.budget is not null) as actual,
            cast(100 * sum(y.actual) filter (y.budget is not null) / nullif(sum(y.budget) filter (y.actual is not null), 0)
                as decimal(18, 2)) as execution_rate,
            sum(y.disagreements_error + y.disagreements_warning) as disagreements
        from {_DEPARTMENT_YEARS} where d.division_code is not null and {scope.sql()}
        group by 1 order by actual desc nulls last, 1 limit {limit}
    """


def departments(scope: Scope, limit: int | None = None) -> str:
    """A row a department and year with what an overview shows of it; most errors first."""
    return f"""
        select y.department_key, y.department_name, y.fiscal_year, concat_ws(' ', d.province, d.city, d.district) as division,
            y.budget, y.actual, y.execution_rate, y.basic, y.project, y.three_public, y.staff, y.score, y.grade,
            y.disagreements_error, y.disagreements_warning, y.disagreements_info, y.report_count
        from {_DEPARTMENT_YEARS} where {scope.sql()}
        order by y.disagreements_error desc, y.disagreements_warning desc, y.fiscal_year desc, y.department_name
        {f"limit {limit}" if limit else ""}
    """


def scores(scope: Scope) -> str:
    """How many departments and years have a score in each band of five points, by the band's lower end."""
    return f"""
        select least(floor(y.score / 5) * 5, 95)::integer as low, count(*) as departments
        from {scope.of("marts.department_year")} where y.score is not null and {scope.sql()} group by 1 order by 1
    """


def points(scope: Scope, limit: int = 400) -> str:
    """Execution rate and score, a row a department and year; of many, some that stay the same from look to look."""
    return f"""
        select y.department_name, y.fiscal_year, y.execution_rate, y.score from {scope.of("marts.department_year")}
        where y.score is not null and y.execution_rate is not null and {scope.sql()}
        order by y.department_year_key limit {limit}
    """


def rules_failed(scope: Scope, limit: int = 12) -> str:
    """A row a rule and severity: how often reports of the scope break it."""
    return f"""
        select y.rule_code, any_value(y.rule_name_zh) as rule_name_zh, any_value(y.rule_name_en) as rule_name_en, y.severity,
            count(*) as disagreements
        from {scope.of("marts.fct_reconciliation")}
        where y.outcome = 'fails' and {scope.sql()} group by y.rule_code, y.severity
        order by disagreements desc, 1 limit {limit}
    """


def department_choices(scope: Scope, words: str | None, limit: int = 300) -> str:
    """Departments to choose from (key, name, division); parameters: the scope's, then the words to look for."""
    found = "and contains(d.department_name, ?)" if words else ""
    return f"""
        select d.department_key, d.department_name, concat_ws(' ', d.province, d.city, d.district) as division
        from marts.dim_department as d
        where exists (
            select 1 from marts.department_year as y where y.department_key = d.department_key and {scope.sql()}
        ) {found}
        order by d.division_code nulls last, d.department_name limit {limit}
    """


DEPARTMENT = "select * from marts.dim_department where department_key = ?"

DEPARTMENT_YEARS = "select * from marts.department_year where department_key = ? order by fiscal_year"

# the primary statement of an account and measure in a report's own year; all books and sources before a part of them
_CHOSEN = """
    select x.account_code, x.measure, x.amount_wan, x.evidence_key, x.qualifier, x.fund_source, x.report_key,
        row_number() over (
            partition by x.account_code, x.measure
            order by (r.report_kind <> 'overall_self_evaluation')::integer,
                (coalesce(x.budget_book, 'general_public') <> 'general_public')::integer,
                (coalesce(x.fund_source, 'total') <> 'total')::integer, p.place_rank, x.figure_no
        ) as choice
    from marts.fct_expenditure as x
    join marts.dim_report as r on r.report_key = x.report_key and r.is_current
    left join (values ('form_overall_funding', 1), ('form_final_account', 2), ('form_basic_data', 3),
        ('form_project_funding', 4), ('prose_general_budget', 5)) as p(place, place_rank) on p.place = x.place
    where x.department_key = ? and x.fiscal_year = ? and r.fiscal_year = ? and x.is_primary and x.project_key is null
"""

DEPARTMENT_ACCOUNTS = f"""
    select a.account_code, a.account_name_zh, a.account_name_en, a.parent_account_code, c.measure, c.amount_wan,
        c.evidence_key, c.qualifier
    from ({_CHOSEN}) as c join marts.dim_account as a using (account_code)
    where c.choice = 1 and c.measure in ('initial_budget', 'full_year_budget', 'adjusted_budget', 'actual', 'prior_year_actual')
        and a.account_code in ('total', 'basic', 'personnel', 'operating', 'project', 'project_business',
            'project_maintenance', 'project_special', 'three_public', 'overseas_travel', 'reception', 'vehicle',
            'vehicle_purchase', 'vehicle_running')
    order by a.account_code, c.measure
"""
"""Accounts of a department in a year (parameters: department, year, year)."""

DEPARTMENT_STAFF = """
    select x.metric_code, arg_min(x.value, (e.form is not null)::integer * 1000000 + e.char_start) as value,
        arg_min(x.evidence_key, (e.form is not null)::integer * 1000000 + e.char_start) as evidence_key
    from marts.fct_operation as x
    join marts.dim_report as r on r.report_key = x.report_key and r.is_current
    join marts.evidence as e using (evidence_key)
    where x.department_key = ? and x.fiscal_year = ? and r.fiscal_year = ? and x.metric_group = 'staff'
        and x.metric_code in ('posts', 'serving_staff', 'retired_cadre', 'retired_staff', 'contract_staff')
    group by x.metric_code
"""
"""Head counts (人), as the text gives them where it does (parameters: department, year, year)."""

DEPARTMENT_SCORECARD = """
    select s.form, s.form_no, p.project_name, s.row_kind, s.indicator_code, s.level_1, s.level_2, s.level_3, s.target,
        s.achieved, s.weight, s.score, s.recomputed_score, s.deviation, s.execution_rate, s.evidence_key, r.document_name
    from marts.fct_kpi_score as s
    join marts.dim_report as r on r.report_key = s.report_key and r.is_current
    left join marts.dim_project as p on p.project_key = s.project_key
    where s.department_key = ? and s.fiscal_year = ?
    order by (s.form = 'project')::integer, r.document_name, s.form_no, s.form_row_no
"""
"""The rows of the self-evaluation forms in their order (parameters: department, year)."""

DEPARTMENT_PROJECTS = """
    select p.project_name,
        max(x.amount_wan) filter (x.measure in ('initial_budget')) as initial_budget,
        max(x.amount_wan) filter (x.measure in ('full_year_budget', 'adjusted_budget')) as full_year_budget,
        max(x.amount_wan) filter (x.measure = 'actual') as actual
    from marts.fct_expenditure as x
    join marts.dim_project as p using (project_key)
    join marts.dim_report as r on r.report_key = x.report_key and r.is_current
    where x.department_key = ? and x.fiscal_year = ? and x.is_primary
        and coalesce(x.fund_source, 'total') in ('total', 'current_appropriation')
    group by 1 order by actual desc nulls last, initial_budget desc nulls last, 1
"""
"""Named projects with their primary amounts (万元); of several scopes of one project the widest (department, year)."""

DEPARTMENT_FINDINGS = """
    select f.kind, f.text, f.evidence_key from marts.report_finding as f
    join marts.dim_report as r on r.report_key = f.report_key and r.is_current
    left join marts.evidence as e using (evidence_key)
    where f.department_key = ? and f.fiscal_year = ? order by f.kind desc, e.char_start
"""

DEPARTMENT_REPORTS = """
    select r.fiscal_year, r.document_name, r.title, r.report_kind, r.document_format, r.quality, r.version, r.is_current,
        r.reported_on, r.ingested_at, r.publisher, r.published_on, r.source_url, r.source_page, r.licence, r.document_sha256
    from marts.dim_report as r where r.department_key = ? order by r.fiscal_year desc, r.report_kind, r.version desc
"""


@dataclass(frozen=True, slots=True)
class Which:
    """Which disagreements: everything of a scope, narrowed further."""

    scope: Scope = Scope()
    department_key: str | None = None
    severities: tuple[str, ...] = ()
    rule_code: str | None = None

    def sql(self) -> str:
        """The conditions."""
        parts = ["y.outcome = 'fails'", self.scope.sql()]
        if self.department_key:
            parts.append("y.department_key = ?")
        if self.severities:
            parts.append(f"y.severity in ({', '.join('?' for _ in self.severities)})")
        if self.rule_code:
            parts.append("y.rule_code = ?")
        return " and ".join(parts)

    @property
    def parameters(self) -> tuple[object, ...]:
        """The values of the conditions."""
        key = (self.department_key,) if self.department_key else ()
        rule = (self.rule_code,) if self.rule_code else ()
        return (*self.scope.parameters, *key, *self.severities, *rule)


_SEVERITY_RANK = "case y.severity when 'error' then 1 when 'warning' then 2 else 3 end"


def disagreements(which: Which, limit: int | None, offset: int = 0) -> str:
    """Disagreements, worst first, with the keys of their evidence. Chosen by narrow columns, then looked up whole."""
    order = f"{_SEVERITY_RANK}, abs(y.difference) desc nulls last, y.rowid"
    return f"""
        with chosen as (
            select y.rowid as picked from {which.scope.of("marts.fct_reconciliation")} where {which.sql()}
            order by {order} {f"limit {limit} offset {offset}" if limit else ""}
        )
        select y.reconciliation_key, y.severity, d.department_key, d.department_name, y.fiscal_year, r.document_name,
            r.document_sha256, y.rule_code, y.rule_name_zh, y.rule_name_en, y.subject, y.left_value, y.right_value,
            y.difference, y.tolerance, y.unit, y.message_zh, y.message_en, y.evidence_keys, y.cause_key, y.report_key
        from marts.fct_reconciliation as y
        join marts.dim_department as d using (department_key)
        join marts.dim_report as r on r.report_key = y.report_key
        where y.rowid in (select picked from chosen)
        order by {order}
    """


def disagreement_counts(which: Which) -> str:
    """How many, by severity."""
    return f"""
        select y.severity, count(*) as disagreements, count(distinct coalesce(y.cause_key, y.reconciliation_key)) as causes
        from {which.scope.of("marts.fct_reconciliation")}
        where {which.sql()} group by 1 order by {_SEVERITY_RANK}
    """


RULES = """
    select rule_code, any_value(rule_name_zh) as rule_name_zh, any_value(rule_name_en) as rule_name_en
    from marts.fct_reconciliation group by 1 order by min(rule_no), 1
"""


def places(count: int) -> str:
    """Evidence by keys (`count` parameters), with the document that it stands in."""
    return f"""
        select e.evidence_key, e.section, e.page, e.sheet, e.paragraph, e.form, e."row", e."column", e.quote, e.char_start,
            e.char_end, r.document_name, r.document_sha256, r.fiscal_year
        from marts.evidence as e join marts.dim_report as r using (report_key)
        where e.evidence_key in ({", ".join("?" for _ in range(count))})
    """


CONTEXT = """
    with place as (select report_key, char_start, char_end from marts.evidence where evidence_key = ?),
    hash as (select document_sha256 from marts.dim_report where report_key = (select report_key from place))
    select substring(t.text, greatest(e.char_start - ?, 0) + 1, least(?, e.char_start)) as before,
        substring(t.text, e.char_start + 1, e.char_end - e.char_start) as words,
        substring(t.text, e.char_end + 1, ?) as after,
        length(t.text) as characters, e.char_start, e.char_end
    from place as e, metadata.texts as t
    where t.rowid = (select rowid from metadata.texts where document_sha256 = (select document_sha256 from hash))
"""
"""The words around a place (parameters: evidence key, characters before, the same, characters after)."""

PLACE = """
    select e.*, r.document_name, r.document_sha256, r.document_format, r.title, r.report_kind, r.version, r.source_url,
        r.source_page, r.publisher, r.published_on, r.licence, d.department_name
    from marts.evidence as e
    join marts.dim_report as r using (report_key)
    join marts.dim_department as d on d.department_key = r.department_key
    where e.evidence_key = ?
"""

FACTS_AT = """
    select a.account_name_zh, a.account_name_en, x.label, x.measure, x.fiscal_year, x.value_as_written, x.unit_as_written,
        x.amount_wan as value, '万元' as unit
    from marts.fct_expenditure as x left join marts.dim_account as a using (account_code) where x.evidence_key = ?
    union all
    select null, null, x.metric_label, x.measure, x.fiscal_year, x.value_as_written, x.unit_as_written, x.value, x.unit
    from marts.fct_operation as x where x.evidence_key = ?
"""

SAME_DOCUMENT = """
    select y.reconciliation_key, y.severity, y.message_zh, y.message_en from marts.fct_reconciliation as y
    where y.outcome = 'fails' and list_contains(y.evidence_keys, ?) and y.report_key = ? order by 1
"""


def compared(keys: Sequence[str], years: bool) -> str:
    """Departments side by side (parameters: their keys, and the year where `years`)."""
    return f"""
        select y.* from marts.department_year as y
        where y.department_key in ({", ".join("?" for _ in keys)}) {"and y.fiscal_year = ?" if years else ""}
        order by y.fiscal_year, y.department_name
    """


def biggest(scope: Scope, limit: int = 5) -> str:
    """The departments with the biggest executed amounts."""
    return f"""
        select y.department_key from {_DEPARTMENT_YEARS} where y.actual is not null and {scope.sql()}
        group by 1 order by max(y.actual) desc, 1 limit {limit}
    """


INDICATORS = """
    select indicator_code, level_1_zh, level_2_zh, level_1_en, level_2_en from marts.dim_indicator order by 1
"""


def indicator_summary(scope: Scope) -> str:
    """A row a level-2 indicator: rows, points, score, share of points reached (percent), rows with points off."""
    return f"""
        select y.indicator_code, any_value(i.level_1_zh) as level_1_zh, any_value(i.level_2_zh) as level_2_zh,
            any_value(i.level_1_en) as level_1_en, any_value(i.level_2_en) as level_2_en, count(*) as rows,
            sum(y.weight) as weight, sum(y.score) filter (y.weight is not null) as score,
            cast(100 * sum(y.score) filter (y.weight is not null) / nullif(sum(y.weight) filter (y.score is not null), 0)
                as decimal(18, 2)) as reached,
            count(*) filter (y.score < y.weight) as points_off
        from {scope.of("marts.fct_kpi_score")}
        join marts.dim_indicator as i using (indicator_code)
        where y.row_kind = 'indicator' and {scope.sql()} group by y.indicator_code order by 1
    """


def _indicator_conditions(scope: Scope, words: str | None, indicator: str | None, lost: bool) -> str:
    parts = ["y.row_kind = 'indicator'", scope.sql()]
    if indicator:
        parts.append("starts_with(y.indicator_code, ?)")
    if words:
        parts.append("(contains(lower(y.level_3), lower(?)) or contains(lower(y.target), lower(?)))")
    if lost:
        parts.append("y.score < y.weight")
    return " and ".join(parts)


def indicator_count(scope: Scope, words: str | None, indicator: str | None, lost: bool) -> str:
    """How many rows `indicator_rows` would give without a limit."""
    conditions = _indicator_conditions(scope, words, indicator, lost)
    return f"select count(*) as rows from {scope.of('marts.fct_kpi_score')} where {conditions}"


def indicator_rows(scope: Scope, words: str | None, indicator: str | None, lost: bool, limit: int | None) -> str:
    """Indicator rows, most points lost first (parameters: the scope's, indicator code or its beginning, words twice)."""
    order = "(y.weight - y.score) desc nulls last, y.kpi_score_key"
    return f"""
        with chosen as (
            select y.rowid as picked from {scope.of("marts.fct_kpi_score")}
            where {_indicator_conditions(scope, words, indicator, lost)} order by {order} {f"limit {limit}" if limit else ""}
        )
        select d.department_name, y.fiscal_year, y.form, p.project_name, y.level_1, y.level_2, y.level_3, y.target,
            y.achieved, y.weight, y.score, y.deviation
        from marts.fct_kpi_score as y
        join marts.dim_department as d on d.department_key = y.department_key
        left join marts.dim_project as p on p.project_key = y.project_key
        where y.rowid in (select picked from chosen)
        order by {order}
    """


SEARCH_DEPARTMENTS = """
    select d.department_key, d.department_name, concat_ws(' ', d.province, d.city, d.district) as division,
        string_agg(distinct y.fiscal_year::varchar, ', ' order by y.fiscal_year::varchar) as years
    from marts.dim_department as d left join marts.department_year as y using (department_key)
    where contains(lower(d.department_name), lower(?)) or contains(lower(d.department_name_as_written), lower(?))
    group by all order by 2 limit 50
"""

SEARCH_PROJECTS = """
    select d.department_key, d.department_name, p.project_name, max(x.amount_wan) filter (x.measure = 'actual') as actual
    from marts.dim_project as p
    join marts.dim_department as d using (department_key)
    left join marts.fct_expenditure as x on x.project_key = p.project_key and x.is_primary
    where contains(lower(p.project_name), lower(?)) group by all order by actual desc nulls last, 3 limit 200
"""

SEARCH_INDICATORS = """
    select d.department_name, y.fiscal_year, y.level_2, y.level_3, y.target, y.achieved, y.weight, y.score
    from marts.fct_kpi_score as y join marts.dim_department as d using (department_key)
    where y.row_kind = 'indicator' and contains(lower(y.level_3), lower(?)) order by 2 desc, 1, 4 limit 200
"""

SEARCH_FINDINGS = """
    select d.department_name, y.fiscal_year, y.kind, y.text, y.evidence_key
    from marts.report_finding as y join marts.dim_department as d using (department_key)
    where contains(lower(y.text), lower(?)) order by 2 desc, 1 limit 200
"""

SEARCH_QUOTES = """
    with found as (
        select evidence_key, department_key, fiscal_year, section, quote from marts.evidence
        where contains(lower(quote), lower(?)) limit 200
    )
    select d.department_name, found.fiscal_year, found.section, found.quote, found.evidence_key
    from found join marts.dim_department as d using (department_key) order by 2 desc, 1
"""

COVERAGE = """
    select r.document_format, count(*) as documents, sum(c.figures) as figures, sum(c.figures_unmapped) as unmapped,
        sum(c.form_rows) as form_rows, sum(c.findings) as findings, sum(c.omissions) as omissions,
        cast(100 * (sum(c.figures) - sum(c.figures_unmapped)) / nullif(sum(c.figures), 0) as decimal(18, 2)) as mapped
    from marts.dim_report as r join metadata.coverage as c using (document_sha256)
    where r.is_current group by 1 order by 2 desc, 1
"""

COVERAGE_YEARS = """
    select fiscal_year, count(*) as reports, count(distinct department_key) as departments
    from marts.dim_report where is_current and fiscal_year is not null group by 1 order by 1
"""

DOCUMENTS = """
    select c.document_name, c.department_name, c.fiscal_year, c.figures, c.figures_unmapped, c.form_rows, c.findings,
        c.omissions, d.warnings
    from metadata.coverage as c join metadata.documents as d using (document_sha256)
    order by (c.figures + c.form_rows), c.document_name limit 1000
"""

QUARANTINE = (
    "select document_name, reason, message, size_bytes, seen_at from metadata.quarantine order by seen_at desc, 1"
)

UNMAPPED = """
    select kind, label, parent_term, figures, documents, example_document, example_quote
    from metadata.unmapped_labels order by figures desc, kind, label limit 1000
"""

RUNS = """
    select started_at, outcome, files_seen, files_new, files_quarantined, documents,
        date_diff('second', started_at, finished_at) as seconds, message
    from metadata.runs order by started_at desc limit 20
"""

OUTCOMES = """
    select min(rule_no) as rule_no, rule_code, any_value(rule_name_zh) as rule_name_zh, any_value(rule_name_en) as rule_name_en,
        count(*) filter (outcome = 'holds') as holds,
        count(*) filter (outcome = 'rounding') as rounding, count(*) filter (outcome = 'fails') as fails,
        count(*) filter (outcome = 'not_applicable') as not_applicable
    from marts.fct_reconciliation group by rule_code order by 1, 2
"""
