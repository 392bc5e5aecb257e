{{ config(
    materialized='incremental',
    partition_by=partition_of_facts(),
    incremental_strategy='append',
    on_schema_change='sync_all_columns',
    pre_hook="{{ delete_stale(this) }}",
) }}
-- grain: one row a stated figure that isn't an amount of expenditure, any version: staff, assets, rates, scores, output.
-- Multiplicators in the unit are resolved (80 万字 -> 800,000 字), money is in yuan.
with figures as (
    select
        figures.*,
        versions.build_fingerprint as fact_fingerprint,
        versions.report_key,
        versions.department_key,
        versions.is_current,
        projects.project_key,
        projects.conformed_name as conformed_project_name,
        precedence.rank as place_rank,
        precedence.place_zh,
        precedence.place_en,
        case
            when figures.unit_kind = 'money' then null
            when figures.unit like '亿%' then cast(100000000 as decimal(12, 0))
            when figures.unit like '万%' then cast(10000 as decimal(12, 0))
        end as multiplicator
    from {{ rows_of(ref('int_figures'), documents_to_add()) }} as figures
    inner join {{ documents_to_add() }} as versions on figures.document_sha256 = versions.document_sha256
    left join {{ ref('int_project_names') }} as projects
        on versions.department_key = projects.department_key
        and figures.project_name = projects.project_name
    left join {{ ref('precedence') }} as precedence on figures.place = precedence.place
    -- an amount too large to be one (a broken text layer) is kept here, as written
    where figures.kind <> 'money' or figures.amount_yuan is null
)

select
    figure_key,
    evidence_key,
    document_sha256,
    fact_fingerprint as build_fingerprint,
    report_key,
    department_key,
    is_current,
    figure_no,
    fiscal_year,
    case kind when 'money' then 'output' else kind end as metric_group,
    coalesce(metric_code, 'other') as metric_code,
    label as metric_label,
    account_code,
    project_name,
    project_key,
    conformed_project_name,
    measure,
    case
        when unit_kind = 'money' and amount_yuan is not null then amount_yuan
        when multiplicator is not null and abs(value) < 100000000000000 then {{ to_yuan('value', 'multiplicator') }}
        else value
    end as value,
    case
        when unit_kind = 'money' and amount_yuan is not null then '元'
        when multiplicator is not null and abs(value) < 100000000000000 then substr(unit, 2)
        else unit
    end as unit,
    written_decimals,
    money_factor,
    qualifier,
    -- a number beyond any count or rate is a misreading: no rule compares it
    is_exact and abs(value) < 1000000000000 as is_exact,
    value_as_written,
    unit as unit_as_written,
    unit_kind,
    rate_of_account_code,
    rate_base_account_code,
    rate_base_measure,
    budget_book,
    fund_source,
    row_label,
    sentence_no,
    part_of_figure_no,
    listed_count,
    form,
    form_no,
    section,
    top_section,
    place,
    place_rank,
    scope_key,
    case
        when form is not null
            then place_zh || '“' || coalesce(row_label, label) || '”行'
                || case when column_label <> coalesce(row_label, label) then '“' || column_label || '”栏' else '' end
        when section is not null then '正文“' || section || '”'
        else '正文'
    end as stated_at_zh,
    case
        when form is not null
            then place_en || ', row “' || coalesce(row_label, label) || '”'
                || case when column_label <> coalesce(row_label, label) then ', column “' || column_label || '”' else '' end
        when section is not null then 'text, “' || section || '”'
        else 'text'
    end as stated_at_en
from figures
