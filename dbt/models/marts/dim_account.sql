-- grain: one row an account of the tree
select
    {{ generate_key(['account_code']) }} as account_key,
    account_code,
    parent_account_code,
    account_name_zh,
    account_name_en,
    classification
from {{ ref('int_accounts') }}
