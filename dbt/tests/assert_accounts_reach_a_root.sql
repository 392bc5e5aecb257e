-- the account tree has no loop and no loose end: going up from any account ends at one without a parent
with recursive climb as (
    select
        account_code,
        parent_account_code,
        1 as steps
    from {{ ref('dim_account') }}
    union all
    select
        climb.account_code,
        parents.parent_account_code,
        climb.steps + 1 as steps
    from climb
    inner join {{ ref('dim_account') }} as parents on climb.parent_account_code = parents.account_code
    where climb.steps < 10
)

select account_code
from climb
group by account_code
having count(case when parent_account_code is null then 1 end) = 0
