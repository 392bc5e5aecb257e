-- of several statements of one figure at most one is primary
select
    report_key,
    account_code,
    project_key,
    budget_book,
    fund_source,
    measure,
    fiscal_year
from {{ ref('fct_expenditure') }}
where is_primary and {{ is_unchecked('fct_expenditure') }}
group by report_key, account_code, project_key, budget_book, fund_source, measure, fiscal_year
having count(*) > 1
