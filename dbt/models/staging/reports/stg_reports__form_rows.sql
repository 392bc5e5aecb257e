-- grain: one row a scored row of a form
select
    {{ generate_key(['document_sha256', 'form_row_no']) }} as form_row_key,
    {{ generate_key(['document_sha256', 'evidence_no']) }} as evidence_key,
    document_sha256,
    cast(form_row_no as integer) as form_row_no,
    form,
    cast(form_no as integer) as form_no,
    project_name,
    row_kind,
    level_1,
    level_2,
    level_3,
    target,
    achieved,
    weight,
    weight_as_written,
    score,
    score_as_written,
    execution_rate,
    execution_rate_as_written,
    nullif(trim(deviation), '') as deviation,
    grade
from {{ source('reports', 'form_rows') }}
