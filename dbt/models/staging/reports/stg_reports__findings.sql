-- grain: one row a stated problem or measure
select
    {{ generate_key(['document_sha256', 'finding_no']) }} as finding_key,
    {{ generate_key(['document_sha256', 'evidence_no']) }} as evidence_key,
    document_sha256,
    cast(finding_no as integer) as finding_no,
    kind,
    text
from {{ source('reports', 'findings') }}
