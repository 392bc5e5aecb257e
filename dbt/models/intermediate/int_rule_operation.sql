-- grain: one row a figure other than an amount, of a current report whose rules are to be applied
select
    operation.*,
    reports.turn
from {{ rows_of(ref('int_operation'), reports_to_apply()) }} as operation
inner join {{ ref('int_rules_to_apply') }} as reports
    on operation.document_sha256 = reports.document_sha256 and reports.is_to_apply
