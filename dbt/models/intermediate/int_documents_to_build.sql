-- grain: one row a document, with the fingerprint of everything that its own rows are made from
with fingerprints as (
    select
        documents.document_sha256,
        documents.fiscal_year as report_fiscal_year,
        {{ generate_key(['documents.document_fingerprint', 'reference.reference_fingerprint']) }} as build_fingerprint
    from {{ ref('stg_reports__documents') }} as documents
    cross join {{ ref('int_reference_fingerprint') }} as reference
)

select
    document_sha256,
    report_fiscal_year,
    build_fingerprint,
    {{ passed_under('build_fingerprint') }} as passed_under
from fingerprints
