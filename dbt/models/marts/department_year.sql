-- grain: one row a department in a fiscal year with a current report. Amounts in 万元, each taken from one primary
-- statement only: of the preferred kind of report, the place that ranks first, all budget books and all sources of funds
-- before a part of them. Nothing is added up, so nothing is counted twice.
{%- set kinds = var('report_kind_order') %}
{%- set accounts = ['basic', 'personnel', 'operating', 'project', 'three_public'] %}
with reports as (
    select
        *,
        case report_kind
            {%- for kind in kinds %}
            when '{{ kind }}' then {{ loop.index }}
            {%- endfor %}
            else {{ kinds | length + 1 }}
        end as kind_rank
    from {{ ref('int_report_versions') }}
    where is_current and fiscal_year is not null
),

preferred as (
    select
        department_key,
        fiscal_year,
        min_by(report_key, lpad(cast(kind_rank as {{ dbt.type_string() }}), 3, '0') || document_sha256) as report_key,
        count(*) as report_count
    from reports
    group by department_key, fiscal_year
),

amounts as (
    select
        expenditure.department_key,
        reports.fiscal_year,
        expenditure.account_code,
        expenditure.measure,
        expenditure.amount_wan,
        row_number() over (
            partition by expenditure.department_key, reports.fiscal_year, expenditure.account_code, expenditure.measure
            order by
                reports.kind_rank,
                case coalesce(expenditure.scope_book, 'all') when 'all' then 0 when 'general_public' then 1 else 2 end,
                case coalesce(expenditure.scope_fund_source, 'total') when 'total' then 0 when 'current_appropriation' then 1 else 2 end,
                expenditure.place_rank,
                expenditure.figure_no
        ) as choice
    from {{ ref('int_expenditure') }} as expenditure
    inner join reports on expenditure.document_sha256 = reports.document_sha256
    where
        -- these and no others: numbering all primary amounts takes longer than everything else here
        expenditure.account_code in ('total', {% for account in accounts %}'{{ account }}'{{ ', ' if not loop.last }}{% endfor %})
        and expenditure.measure in ('initial_budget', 'full_year_budget', 'adjusted_budget', 'actual')
        and expenditure.is_primary
        and expenditure.qualifier is distinct from 'stated_none'
        and expenditure.fiscal_year = reports.fiscal_year
        and coalesce(expenditure.scope_book, 'general_public') = 'general_public'
        and coalesce(expenditure.scope_fund_source, 'total') in ('total', 'current_appropriation')
        and expenditure.project_key is null
),

wide as (
    select
        department_key,
        fiscal_year,
        max(case when account_code = 'total' and measure = 'initial_budget' then amount_wan end) as initial_budget,
        max(case when account_code = 'total' and measure in ('full_year_budget') then amount_wan end) as full_year_budget,
        max(case when account_code = 'total' and measure in ('adjusted_budget') then amount_wan end) as adjusted_budget,
        max(case when account_code = 'total' and measure = 'actual' then amount_wan end) as actual,
        {%- for account in accounts %}
        max(case when account_code = '{{ account }}' and measure = 'actual' then amount_wan end) as {{ account }}_actual,
        max(case when account_code = '{{ account }}' and measure = 'initial_budget' then amount_wan end)
            as {{ account }}_initial_budget{{ ',' if not loop.last }}
        {%- endfor %}
    from amounts
    where choice = 1
    group by department_key, fiscal_year
),

staff as (
    select
        operation.department_key,
        reports.fiscal_year,
        operation.value,
        row_number() over (
            partition by operation.department_key, reports.fiscal_year
            -- the prose says who serves; forms are often filled with all heads
            order by reports.kind_rank, case when operation.form is null then 0 else 1 end, operation.place_rank, operation.figure_no
        ) as choice
    from {{ ref('int_operation') }} as operation
    inner join reports on operation.document_sha256 = reports.document_sha256
    where operation.metric_code = 'serving_staff' and operation.fiscal_year = reports.fiscal_year
),

scores as (
    select
        form_rows.department_key,
        form_rows.fiscal_year,
        form_rows.score,
        form_rows.grade,
        row_number() over (
            partition by form_rows.department_key, form_rows.fiscal_year
            order by reports.kind_rank, form_rows.form_no, form_rows.form_row_no
        ) as choice
    from {{ ref('int_form_rows') }} as form_rows
    inner join reports on form_rows.document_sha256 = reports.document_sha256
    where form_rows.row_kind = 'total' and form_rows.form = 'overall' and form_rows.score is not null
),

stated_scores as (
    select
        operation.department_key,
        reports.fiscal_year,
        operation.value,
        row_number() over (
            partition by operation.department_key, reports.fiscal_year
            order by reports.kind_rank, operation.place_rank, operation.figure_no
        ) as choice
    from {{ ref('int_operation') }} as operation
    inner join reports on operation.document_sha256 = reports.document_sha256
    where
        operation.metric_group = 'score'
        and operation.metric_code = 'self_score'
        and operation.fiscal_year = reports.fiscal_year
        and operation.project_key is null
        and operation.form is null
),

disagreements as (
    select
        department_key,
        fiscal_year,
        count(case when severity = 'error' then 1 end) as disagreements_error,
        count(case when severity = 'warning' then 1 end) as disagreements_warning,
        count(case when severity = 'info' then 1 end) as disagreements_info
    from {{ ref('fct_reconciliation') }}
    where outcome = 'fails'
    group by department_key, fiscal_year
),

joined as (
    select
        preferred.department_key,
        preferred.fiscal_year,
        preferred.report_key,
        preferred.report_count,
        -- a report that states both kinds of expenditure but no total still says it
        coalesce(wide.initial_budget, wide.basic_initial_budget + wide.project_initial_budget) as initial_budget,
        wide.full_year_budget,
        coalesce(
            wide.full_year_budget, wide.adjusted_budget, wide.initial_budget, wide.basic_initial_budget + wide.project_initial_budget
        ) as budget,
        coalesce(wide.actual, wide.basic_actual + wide.project_actual) as actual,
        wide.basic_actual,
        wide.personnel_actual,
        wide.operating_actual,
        wide.project_actual,
        wide.three_public_actual,
        staff.value as staff,
        coalesce(scores.score, stated_scores.value) as score,
        scores.grade
    from preferred
    left join wide on preferred.department_key = wide.department_key and preferred.fiscal_year = wide.fiscal_year
    left join staff
        on preferred.department_key = staff.department_key and preferred.fiscal_year = staff.fiscal_year and staff.choice = 1
    left join scores
        on preferred.department_key = scores.department_key and preferred.fiscal_year = scores.fiscal_year and scores.choice = 1
    left join stated_scores
        on preferred.department_key = stated_scores.department_key
        and preferred.fiscal_year = stated_scores.fiscal_year
        and stated_scores.choice = 1
)

select
    {{ generate_key(['joined.department_key', 'joined.fiscal_year']) }} as department_year_key,
    joined.department_key,
    joined.fiscal_year,
    joined.report_key,
    departments.department_name,
    departments.division_code,
    departments.province,
    departments.city,
    departments.district,
    cast(joined.initial_budget as decimal(20, 6)) as initial_budget,
    cast(joined.full_year_budget as decimal(20, 6)) as full_year_budget,
    cast(joined.budget as decimal(20, 6)) as budget,
    cast(joined.actual as decimal(20, 6)) as actual,
    {{ try_decimal(exact_ratio('joined.actual', 'joined.budget', places=2), 'decimal(20, 2)') }} as execution_rate,
    cast(joined.basic_actual as decimal(20, 6)) as basic,
    cast(joined.personnel_actual as decimal(20, 6)) as personnel,
    cast(joined.operating_actual as decimal(20, 6)) as operating,
    cast(joined.project_actual as decimal(20, 6)) as project,
    cast(joined.three_public_actual as decimal(20, 6)) as three_public,
    cast(joined.staff as integer) as staff,
    cast(joined.score as decimal(10, 4)) as score,
    coalesce(
        joined.grade,
        case
            when joined.score >= 90 then '优'
            when joined.score >= 80 then '良'
            when joined.score >= 60 then '中'
            when joined.score < 60 then '差'
        end
    ) as grade,
    cast(joined.report_count as integer) as report_count,
    cast(coalesce(disagreements.disagreements_error, 0) as integer) as disagreements_error,
    cast(coalesce(disagreements.disagreements_warning, 0) as integer) as disagreements_warning,
    cast(coalesce(disagreements.disagreements_info, 0) as integer) as disagreements_info
from joined
inner join {{ ref('dim_department') }} as departments on joined.department_key = departments.department_key
left join disagreements
    on joined.department_key = disagreements.department_key and joined.fiscal_year = disagreements.fiscal_year
