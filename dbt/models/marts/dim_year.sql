-- grain: one row a fiscal year that a report or a figure belongs to
with years as (
    select fiscal_year from {{ ref('int_report_versions') }}
    where fiscal_year is not null
    union distinct
    select fiscal_year from {{ ref('int_expenditure') }}
    where fiscal_year is not null
    union distinct
    select fiscal_year from {{ ref('int_operation') }}
    where fiscal_year is not null
)

select
    fiscal_year,
    -- plans start in the years that end in 1 and 6; the 14th began in 2021
    '第' || cast(cast(floor((fiscal_year - 2021) / 5) as integer) + 14 as {{ dbt.type_string() }}) || '个五年规划' as five_year_plan,
    fiscal_year = (select max(fiscal_year) from {{ ref('int_report_versions') }}
where is_current) as is_latest
from years
