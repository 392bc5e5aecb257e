-- grain: one row a scored row of a self-evaluation form of a current report
select
    form_row_key as kpi_score_key,
    report_key,
    department_key,
    fiscal_year,
    evidence_key,
    form,
    form_no,
    project_key,
    row_kind,
    indicator_code,
    level_1,
    level_2,
    level_3,
    target,
    achieved,
    weight,
    score,
    deviation,
    recomputed_score,
    execution_rate,
    grade,
    document_sha256,
    form_row_no
from {{ ref('int_form_rows') }}
where is_current
