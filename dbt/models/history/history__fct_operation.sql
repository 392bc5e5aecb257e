-- depends_on: {{ ref('int_facts_to_build') }}
{{ config(
    alias='fct_operation',
    materialized='table' if target.type == 'spark' else 'incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    pre_hook="{{ delete_stale(this, condition='not is_current') }}",
) }}
-- grain: one row a stated figure of an earlier version that is not an amount of expenditure
select
    figure_key as operation_key,
    report_key,
    department_key,
    fiscal_year,
    evidence_key,
    metric_group,
    metric_code,
    metric_label,
    account_code,
    project_key,
    measure,
    value,
    unit,
    qualifier,
    value_as_written,
    unit_as_written,
    document_sha256,
    figure_no,
    build_fingerprint
from {{ rows_of(ref('int_operation'), documents_to_add(condition='not is_current')) }}
