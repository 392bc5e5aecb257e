-- depends_on: {{ ref('int_facts_to_build') }}
{{ config(
    alias='fct_expenditure',
    materialized='table' if target.type == 'spark' else 'incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    pre_hook="{{ delete_stale(this, condition='not is_current') }}",
) }}
-- grain: one row a money figure that an earlier version of a report states
select
    figure_key as expenditure_key,
    report_key,
    department_key,
    fiscal_year,
    evidence_key,
    account_code,
    label,
    project_key,
    budget_book,
    fund_source,
    measure,
    cast(amount_yuan as decimal(20, 2)) as amount_yuan,
    cast(amount_wan as decimal(20, 6)) as amount_wan,
    value_as_written,
    unit as unit_as_written,
    qualifier,
    is_primary,
    place,
    document_sha256,
    figure_no,
    build_fingerprint
from {{ rows_of(ref('int_expenditure'), documents_to_add(condition='not is_current')) }}
