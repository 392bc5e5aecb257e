{{ config(alias="fct_expenditure") }}
-- grain: one row a money figure that an earlier version of a report states
select
    figure_key as expenditure_key,
    report_key,
    department_key,
    fiscal_year,
    evidence_key,
    account_code,
    label,
    project_key,
    budget_book,
    fund_source,
    measure,
    cast(amount_yuan as decimal(20, 2)) as amount_yuan,
    cast(amount_wan as decimal(20, 6)) as amount_wan,
    value_as_written,
    unit as unit_as_written,
    qualifier,
    is_primary,
    place,
    document_sha256,
    figure_no,
    build_fingerprint
from {{ ref('int_expenditure') }}
where not is_current
