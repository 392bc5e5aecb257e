-- grain: one row a stated figure of a current report that is not an amount of expenditure
select
    figure_key as operation_key,
    report_key,
    department_key,
    fiscal_year,
    evidence_key,
    metric_group,
    metric_code,
    metric_label,
    account_code,
    project_key,
    measure,
    value,
    unit,
    qualifier,
    value_as_written,
    unit_as_written,
    document_sha256,
    figure_no
from {{ ref('int_operation') }}
where is_current
