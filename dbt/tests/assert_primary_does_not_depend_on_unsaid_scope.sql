-- a statement that doesn't say its book or source of funds is not primary beside one that does: summing the primary rows
-- of an account and measure over books and sources of one level would count it twice
with primaries as (
    select * from {{ ref('int_expenditure') }}
    where is_primary and {{ is_unchecked('int_expenditure') }}
)

select unsaid.figure_key
from primaries as unsaid
inner join primaries as said
    on unsaid.document_sha256 = said.document_sha256
    and unsaid.account_code = said.account_code
    and unsaid.project_key is not distinct from said.project_key
    and unsaid.measure = said.measure
    and unsaid.fiscal_year is not distinct from said.fiscal_year
    and unsaid.scope_book is not distinct from said.scope_book
    and unsaid.scope_fund_source is not distinct from said.scope_fund_source
    and unsaid.figure_key < said.figure_key
