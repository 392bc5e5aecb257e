-- grain: one row a document, with the fingerprint of everything that its fact rows are made from: its own rows, whether
-- it is current, and the projects of its department
with projects as (
    select
        department_key,
        md5({{ join_text("project_name || '=' || project_key", "';'", 'project_name') }}) as projects_fingerprint
    from {{ ref('int_project_names') }}
    group by department_key
),

fingerprints as (
    select
        versions.document_sha256,
        versions.report_key,
        versions.department_key,
        versions.fiscal_year as report_fiscal_year,
        versions.is_current,
        {{ generate_key([
            'documents.build_fingerprint', 'versions.department_key', 'versions.version', 'versions.is_current',
            'projects.projects_fingerprint',
        ]) }} as build_fingerprint
    from {{ ref('int_report_versions') }} as versions
    inner join {{ ref('int_documents_to_build') }} as documents on versions.document_sha256 = documents.document_sha256
    left join projects on versions.department_key = projects.department_key
)

select
    document_sha256,
    report_key,
    department_key,
    report_fiscal_year,
    is_current,
    build_fingerprint,
    {{ passed_under('build_fingerprint') }} as passed_under
from fingerprints
