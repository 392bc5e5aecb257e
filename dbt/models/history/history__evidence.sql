{{ config(alias="evidence") }}
-- grain: one row a place in an earlier version of a report
select
    evidence.evidence_key,
    versions.report_key,
    versions.department_key,
    versions.fiscal_year,
    evidence.section,
    evidence.page,
    evidence.sheet,
    evidence.paragraph,
    evidence.form,
    evidence.row_no as {{ adapter.quote('row') }},
    evidence.column_no as {{ adapter.quote('column') }},
    evidence.char_start,
    evidence.char_end,
    evidence.quote
from {{ ref('stg_reports__evidence') }} as evidence
inner join {{ ref('int_report_versions') }} as versions on evidence.document_sha256 = versions.document_sha256
where not versions.is_current
