-- depends_on: {{ ref('int_facts_to_build') }}
{{ config(
    alias='fct_kpi_score',
    materialized='table' if target.type == 'spark' else 'incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    pre_hook="{{ delete_stale(this, condition='not is_current') }}",
) }}
-- grain: one row a scored row of a form of an earlier version
select
    form_row_key as kpi_score_key,
    report_key,
    department_key,
    fiscal_year,
    evidence_key,
    form,
    form_no,
    project_key,
    row_kind,
    indicator_code,
    level_1,
    level_2,
    level_3,
    target,
    achieved,
    weight,
    score,
    deviation,
    recomputed_score,
    execution_rate,
    grade,
    document_sha256,
    form_row_no,
    build_fingerprint
from {{ rows_of(ref('int_form_rows'), documents_to_add(condition='not is_current')) }}
