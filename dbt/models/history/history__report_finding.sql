-- depends_on: {{ ref('int_facts_to_build') }}
{{ config(
    alias='report_finding',
    materialized='table' if target.type == 'spark' else 'incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    pre_hook="{{ delete_stale(this, condition='not is_current') }}",
) }}
-- grain: one row a problem or measure that an earlier version states
select
    findings.finding_key,
    versions.report_key,
    versions.department_key,
    versions.report_fiscal_year as fiscal_year,
    findings.evidence_key,
    findings.kind,
    findings.text,
    findings.document_sha256,
    findings.finding_no,
    versions.build_fingerprint
from {{ ref('stg_reports__findings') }} as findings
inner join {{ documents_to_add(condition='not is_current') }} as versions on findings.document_sha256 = versions.document_sha256
