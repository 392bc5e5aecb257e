{{ config(
    materialized='incremental',
    partition_by=partition_of_facts(),
    incremental_strategy='append',
    on_schema_change='sync_all_columns',
    pre_hook="{{ delete_stale(this) }}",
) }}
-- grain: one row a stated amount of any version. is_primary: of all statements of one figure in one report the one whose
-- place ranks first in precedence.csv, and of several there the one that is read first.
with figures as (
    select
        figures.*,
        documents.report_key,
        documents.department_key,
        documents.is_current,
        documents.build_fingerprint as fact_fingerprint,
        projects.project_key,
        projects.conformed_name as conformed_project_name,
        projects.composite_base,
        projects.composite_included,
        precedence.rank as place_rank,
        precedence.place_zh,
        precedence.place_en
    from {{ rows_of(ref('int_figures'), documents_to_add()) }} as figures
    inner join {{ documents_to_add() }} as documents on figures.document_sha256 = documents.document_sha256
    left join {{ ref('int_project_names') }} as projects
        on documents.department_key = projects.department_key
        and figures.project_name = projects.project_name
    left join {{ ref('precedence') }} as precedence on figures.place = precedence.place
    where
        figures.kind = 'money'
        and figures.amount_yuan is not null
),

-- A statement that does not say its budget book or its source of funds is taken for the one that the report's other
-- statements of the same amount say, where they leave no doubt; so that it isn't counted beside it.
scopes as (
    select
        document_sha256,
        account_code,
        project_key,
        measure,
        fiscal_year,
        -- what is said of no book is never taken for one of the other three
        max(case when budget_book = 'general_public' then budget_book end) as usual_book,
        case
            when max(case when fund_source = 'total' then 1 end) = 1 then 'total'
            when count(distinct fund_source) = 1 then min(fund_source)
        end as usual_fund_source,
        count(distinct folded_label) as label_count
    from (select *, {{ fold_label('label') }} as folded_label from figures) as labelled
    group by document_sha256, account_code, project_key, measure, fiscal_year
),

scoped as (
    select
        figures.*,
        coalesce(figures.budget_book, scopes.usual_book) as scope_book,
        coalesce(figures.fund_source, scopes.usual_fund_source) as scope_fund_source,
        -- nothing says that two statements without a known account or measure are one figure: none of them is primary
        figures.account_code <> 'unclassified'
        and figures.measure <> 'other'
        and figures.place <> 'form_note'
        and not (figures.account_code = 'operating_item' and scopes.label_count > 1) as may_be_primary
    from figures
    inner join scopes
        on figures.document_sha256 = scopes.document_sha256
        and figures.account_code = scopes.account_code
        and figures.project_key is not distinct from scopes.project_key
        and figures.measure = scopes.measure
        and figures.fiscal_year is not distinct from scopes.fiscal_year
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
    label,
    account_code,
    parent_account_code,
    project_name,
    project_key,
    conformed_project_name,
    composite_base,
    composite_included,
    budget_book,
    fund_source,
    scope_book,
    scope_fund_source,
    measure,
    measure_term,
    column_measure,
    value,
    value_as_written,
    written_decimals,
    unit,
    money_factor,
    amount_yuan,
    amount_wan,
    {{ to_wan(half_place('written_decimals'), 'money_factor') }} as half_place_wan,
    qualifier,
    is_exact,
    sentence_no,
    part_of_figure_no,
    form,
    form_no,
    row_label,
    column_label,
    section,
    top_section,
    place,
    place_rank,
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
    end as stated_at_en,
    scope_key,
    {{ generate_key([
        'document_sha256', 'account_code', 'project_key', 'scope_book', 'scope_fund_source', 'measure', 'fiscal_year',
    ]) }} as figure_group_key,
    may_be_primary and row_number() over (
        partition by
            document_sha256,
            account_code,
            project_key,
            scope_book,
            scope_fund_source,
            measure,
            fiscal_year,
            may_be_primary
        order by place_rank asc, is_exact desc, figure_no asc
    ) = 1 as is_primary
from scoped
