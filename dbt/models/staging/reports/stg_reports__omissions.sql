-- grain: one row a number that was seen and is not a figure
select
    {{ generate_key(['document_sha256', 'omission_no']) }} as omission_key,
    document_sha256,
    cast(omission_no as integer) as omission_no,
    cast(char_start as integer) as char_start,
    cast(char_end as integer) as char_end,
    text,
    reason
from {{ source('reports', 'omissions') }}
