-- depends_on: {{ ref('int_facts_to_build') }}
{{ config(
    alias='evidence',
    materialized='table' if target.type == 'spark' else 'incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    pre_hook="{{ delete_stale(this, condition='not is_current') }}",
) }}
-- grain: one row a place in an earlier version of a report
select
    evidence.evidence_key,
    versions.report_key,
    versions.department_key,
    versions.report_fiscal_year as fiscal_year,
    evidence.section,
    evidence.page,
    evidence.sheet,
    evidence.paragraph,
    evidence.form,
    evidence.row_no as {{ adapter.quote('row') }},
    evidence.column_no as {{ adapter.quote('column') }},
    evidence.char_start,
    evidence.char_end,
    evidence.quote,
    versions.build_fingerprint
from {{ ref('stg_reports__evidence') }} as evidence
inner join {{ documents_to_add(condition='not is_current') }} as versions on evidence.document_sha256 = versions.document_sha256
