{{ config(
    materialized='incremental',
    partition_by=partition_of_facts(),
    incremental_strategy='append',
    on_schema_change='sync_all_columns',
    pre_hook="{{ delete_stale(this, documents='int_documents_to_build') }}",
) }}
-- grain: one row a stated figure of any version: labels resolved to codes, money normalised, the place classified.
-- Incremental by document: a document's rows depend on nothing but its raw rows and the reference vocabularies.
with documents as (
    select * from {{ documents_to_add('int_documents_to_build') }} as to_add
),

-- of these documents only: the keys to join by are computed, and would be for every row
evidence as (
    select * from {{ ref('stg_reports__evidence') }}
    where document_sha256 in (select document_sha256 from documents)
),

figures as (
    select
        figures.*,
        documents.build_fingerprint,
        documents.report_fiscal_year,
        evidence.section,
        evidence.top_section,
        evidence.char_start
    from {{ ref('stg_reports__figures') }} as figures
    inner join documents on figures.document_sha256 = documents.document_sha256
    left join evidence on figures.evidence_key = evidence.evidence_key
),

section_places as (
    select
        sections.section,
        min_by(section_places.place, section_places.pattern_order) as place
    from (
        select distinct section
        from figures
        where section is not null
    ) as sections
    inner join {{ ref('section_places') }} as section_places
        on {{ regexp_like('sections.section', 'section_places.pattern') }}
    group by sections.section
),

coded as (
    select
        figures.*,
        {{ fold_label('figures.label') }} as folded_label,
        {{ account_of_code('figures.term', 'account_labels.account_code') }} as term_account_code,
        parent_labels.account_code as parent_account_code,
        measure_labels.measure as stated_measure,
        book_labels.budget_book,
        fund_labels.fund_source,
        coalesce(metric_labels.metric_code, metric_words.metric_code) as metric_code,
        {{ account_of_code('figures.rate_of_term', 'rate_of.account_code') }} as rate_of_account_code,
        rate_base.account_code as rate_base_account_code,
        rate_base_measure.measure as rate_base_measure,
        units.factor as money_factor,
        units.kind as unit_kind
    from figures
    left join {{ ref('account_labels') }} as account_labels on figures.term = account_labels.label
    left join {{ ref('account_labels') }} as parent_labels on figures.parent_term = parent_labels.label
    left join {{ ref('measure_labels') }} as measure_labels on figures.measure_term = measure_labels.label
    left join {{ ref('budget_book_labels') }} as book_labels on figures.book_term = book_labels.label
    left join {{ ref('fund_source_labels') }} as fund_labels on figures.fund_source_term = fund_labels.label
    left join {{ ref('metric_labels') }} as metric_labels
        on figures.term = metric_labels.label and figures.kind = metric_labels.metric_group
    left join {{ ref('metric_labels') }} as metric_words
        on figures.term is null
        and {{ fold_label('figures.label') }} = metric_words.label
        and figures.kind = metric_words.metric_group
    left join {{ ref('account_labels') }} as rate_of on figures.rate_of_term = rate_of.label
    left join {{ ref('account_labels') }} as rate_base on figures.rate_base_term = rate_base.label
    left join {{ ref('measure_labels') }} as rate_base_measure on figures.rate_base_term = rate_base_measure.label
    left join {{ ref('units') }} as units on figures.unit = units.unit
),

placed as (
    select
        coded.*,
        case
            when coded.form in ('overall', 'project', 'goal') and (
                coded.stated_measure in ('target', 'achieved', 'deviation_note')
                or coalesce({{ regexp_like('coded.column_label', "'指标值|完成值|偏差|原因|措施|说明|目标'") }}, false)
            ) then 'form_note'
            when coded.form = 'overall' then 'form_overall_funding'
            when coded.form = 'project' then 'form_project_funding'
            when coded.form = 'basic_data' then 'form_basic_data'
            when coded.form = 'final_account' then 'form_final_account'
            when coded.form = 'goal' then 'form_goal'
            else coalesce(section_places.place, 'prose_other')
        end as place
    from coded
    left join section_places on coded.section = section_places.section
)

select
    placed.figure_key,
    placed.evidence_key,
    placed.document_sha256,
    placed.build_fingerprint,
    placed.figure_no,
    placed.kind,
    placed.label,
    placed.term,
    placed.project_name,
    case
        when placed.project_name is not null then 'project_item'
        when operating_items.account_code is not null then operating_items.account_code
        when placed.term_account_code is not null then placed.term_account_code
        when placed.kind <> 'money' then null
        when placed.form = 'basic_data' and placed.parent_account_code = 'operating' then 'operating_item'
        when placed.form = 'overall' and placed.fund_source is not null then 'total'
        else 'unclassified'
    end as account_code,
    placed.parent_account_code,
    placed.measure_term,
    placed.budget_book,
    placed.fund_source,
    case
        -- the carry-over row of a funding block: what its full-year column holds is what came over from the prior year
        when placed.fund_source = 'carryover' and placed.stated_measure = 'full_year_budget'
            and placed.place in ('form_overall_funding', 'form_project_funding') then 'carryover_in'
        else coalesce(placed.stated_measure, 'other')
    end as measure,
    placed.stated_measure as column_measure,
    placed.metric_code,
    placed.rate_of_account_code,
    placed.rate_base_account_code,
    placed.rate_base_measure,
    coalesce(placed.fiscal_year, placed.report_fiscal_year) as fiscal_year,
    placed.value,
    placed.value_as_written,
    placed.written_decimals,
    placed.unit,
    placed.unit_kind,
    case when placed.unit_kind = 'money' then placed.money_factor end as money_factor,
    case
        when placed.unit_kind = 'money' and {{ amount_in_range('placed.value', 'placed.money_factor') }}
            then {{ to_yuan('placed.value', 'placed.money_factor') }}
    end as amount_yuan,
    case
        when placed.unit_kind = 'money' and {{ amount_in_range('placed.value', 'placed.money_factor') }}
            then {{ to_wan('placed.value', 'placed.money_factor') }}
    end as amount_wan,
    placed.qualifier,
    placed.is_exact,
    placed.sentence_no,
    placed.part_of_figure_no,
    placed.listed_count,
    placed.form,
    placed.form_no,
    placed.row_label,
    placed.column_label,
    placed.section,
    placed.top_section,
    placed.place,
    placed.char_start,
    -- figures that one sum may be made of: one form, or one main section of the prose
    case
        when placed.form is not null then 'form:' || placed.form || ':' || coalesce(cast(placed.form_no as {{ dbt.type_string() }}), '')
        else 'prose:' || coalesce(placed.top_section, '')
    end as scope_key
from placed
left join {{ ref('accounts') }} as operating_items
    on operating_items.parent_account_code = 'operating'
    and operating_items.account_code <> 'operating_item'
    and placed.kind = 'money'
    and placed.form = 'basic_data'
    and placed.folded_label = {{ fold_label('operating_items.account_name_zh') }}
