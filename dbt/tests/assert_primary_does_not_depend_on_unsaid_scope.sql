-- a statement that doesn't say its book or source of funds is not primary beside one that does: summing the primary rows
-- of an account and measure over books and sources of one level would count it twice
select unsaid.figure_key
from {{ ref('int_expenditure') }} as unsaid
inner join {{ ref('int_expenditure') }} as said
    on unsaid.document_sha256 = said.document_sha256
    and unsaid.account_code = said.account_code
    and unsaid.project_key is not distinct from said.project_key
    and unsaid.measure = said.measure
    and unsaid.fiscal_year is not distinct from said.fiscal_year
    and unsaid.scope_book is not distinct from said.scope_book
    and unsaid.scope_fund_source is not distinct from said.scope_fund_source
    and unsaid.figure_key < said.figure_key
where
    unsaid.is_primary
    and said.is_primary
    and {{ is_unchecked('int_expenditure', 'unsaid') }}
    and {{ is_unchecked('int_expenditure', 'said') }}
