-- grain: one row a place in a document
select
    {{ generate_key(['document_sha256', 'evidence_no']) }} as evidence_key,
    document_sha256,
    cast(evidence_no as integer) as evidence_no,
    section,
    nullif(trim(split_part(section, ' / ', 1)), '') as top_section,
    cast(page as integer) as page,
    sheet,
    cast(paragraph as integer) as paragraph,
    form,
    cast({{ adapter.quote('row') }} as integer) as row_no,
    cast({{ adapter.quote('column') }} as integer) as column_no,
    cast(char_start as integer) as char_start,
    cast(char_end as integer) as char_end,
    quote
from {{ source('reports', 'evidence') }}
