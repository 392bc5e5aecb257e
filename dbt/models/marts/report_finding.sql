-- grain: one row a problem or measure that a current report states
select
    findings.finding_key,
    versions.report_key,
    versions.department_key,
    versions.fiscal_year,
    findings.evidence_key,
    findings.kind,
    findings.text,
    findings.document_sha256,
    findings.finding_no
from {{ ref('stg_reports__findings') }} as findings
inner join {{ ref('int_report_versions') }} as versions on findings.document_sha256 = versions.document_sha256
where versions.is_current
