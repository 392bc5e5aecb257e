-- every amount of the wide mart is one primary statement of the department in the year, or for a total that isn't stated
-- the sum of its basic and its project expenditure
{%- set columns = {'basic': 'basic', 'personnel': 'personnel', 'operating': 'operating', 'project': 'project', 'three_public': 'three_public'} %}
with wide as (
    select
        department_key,
        fiscal_year,
        'total' as account_code,
        actual as amount,
        basic + project as parts_amount
    from {{ ref('department_year') }}
    {%- for column, account in columns.items() %}
    union all
    select
        department_key,
        fiscal_year,
        '{{ account }}' as account_code,
{{ column }} as amount,
        null as parts_amount
    from {{ ref('department_year') }}
    {%- endfor %}
),

stated as (
    select distinct
        department_key,
        fiscal_year,
        account_code,
        amount_wan
    from {{ ref('fct_expenditure') }}
    where is_primary and measure = 'actual'
)

select
    wide.department_key,
    wide.fiscal_year,
    wide.account_code
from wide
left join stated
    on wide.department_key = stated.department_key
    and wide.fiscal_year = stated.fiscal_year
    and wide.account_code = stated.account_code
    and wide.amount = stated.amount_wan
where
    wide.amount is not null
    and stated.amount_wan is null
    and wide.amount is distinct from wide.parts_amount
