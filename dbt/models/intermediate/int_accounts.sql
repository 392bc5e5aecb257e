-- grain: one row an account: those of accounts.csv, and every code that a report writes and the list lacks, under the
-- nearest listed code above it
with listed as (
    select * from {{ ref('accounts') }}
),

seen as (
    select distinct account_code
    from {{ ref('int_figures') }}
    where account_code is not null
),

unlisted as (
    select seen.account_code
    from seen
    left join listed on seen.account_code = listed.account_code
    where listed.account_code is null
),

steps as (
    select
        account_code,
        substr(account_code, 1, length(account_code) - 2) as parent_code
    from unlisted
    where length(account_code) >= 6
    union all
    select
        account_code,
        substr(account_code, 1, 4) as parent_code
    from unlisted
    where length(account_code) >= 8
),

parents as (
    select
        steps.account_code,
        max_by(steps.parent_code, length(steps.parent_code)) as parent_account_code
    from steps
    inner join listed on steps.parent_code = listed.account_code
    group by steps.account_code
),

names as (
    select
        account_code,
        min_by(label, document_sha256 || lpad(cast(figure_no as {{ dbt.type_string() }}), 9, '0')) as label
    from {{ ref('int_figures') }}
    where account_code in (select unlisted.account_code from unlisted)
    group by account_code
)

select
    account_code,
    nullif(parent_account_code, '') as parent_account_code,
    account_name_zh,
    account_name_en,
    classification
from listed
union all
select
    unlisted.account_code,
    coalesce(
        parents.parent_account_code, case substr(unlisted.account_code, 1, 1) when 'f' then 'functional' else 'economic' end
    ) as parent_account_code,
    coalesce(names.label, unlisted.account_code) as account_name_zh,
    coalesce(names.label, unlisted.account_code) as account_name_en,
    case substr(unlisted.account_code, 1, 1) when 'f' then 'functional' else 'economic' end as classification
from unlisted
left join parents on unlisted.account_code = parents.account_code
left join names on unlisted.account_code = names.account_code
