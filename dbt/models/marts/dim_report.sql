-- grain: one row a report version
select
    report_key,
    department_key,
    fiscal_year,
    document_name,
    document_sha256,
    document_format,
    title,
    report_kind,
    reported_on,
    cast(version as integer) as version,
    is_current,
    ingested_at,
    reader_version,
    extractor_version,
    quality,
    published_on,
    publisher,
    source_url,
    source_page,
    licence
from {{ ref('int_report_versions') }}
