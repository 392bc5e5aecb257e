-- grain: one row a document; the row's fingerprint changes whenever the document was read or extracted anew
select
    document_sha256,
    {{ generate_key(['document_sha256']) }} as report_key,
    case
        when department_name is null then {{ generate_key(["'unknown'", 'document_sha256']) }}
        else {{ generate_key(['division_code', 'department_name']) }}
    end as department_key,
    {{ generate_key([
        'reader_version', 'extractor_version', 'text_sha256', 'ingested_at', 'document_name', 'title', 'department_name',
        'division_code', 'fiscal_year', 'report_kind', 'reported_on', 'published_on',
    ]) }} as document_fingerprint,
    department_name is not null as has_department,
    document_name,
    document_path,
    document_format,
    size_bytes,
    quality,
    reader_version,
    extractor_version,
    ingested_at,
    source_url,
    source_page,
    publisher,
    published_on,
    licence,
    title,
    department_name,
    coalesce(department_as_written, department_name) as department_name_as_written,
    province,
    city,
    district,
    division_code,
    admin_level,
    cast(fiscal_year as integer) as fiscal_year,
    report_kind,
    reported_on
from {{ source('reports', 'documents') }}
