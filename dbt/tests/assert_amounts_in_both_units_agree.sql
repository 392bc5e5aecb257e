-- yuan and 万元 are one amount (yuan to the fen)
select expenditure_key
from {{ ref('fct_expenditure') }}
where abs(amount_wan * 10000 - amount_yuan) > 0.005 and {{ is_unchecked('fct_expenditure') }}
