-- a comparison that was made says where its terms stand
select reconciliation_key
from {{ ref('fct_reconciliation') }}
where
    outcome <> 'not_applicable'
    and (evidence_key is null or left_value is null or right_value is null)
    and {{ is_unchecked('fct_reconciliation') }}
