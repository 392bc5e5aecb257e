-- grain: one row a scored row of a form, of a current report whose rules are to be applied
select
    form_rows.*,
    reports.turn
from {{ rows_of(ref('int_form_rows'), reports_to_apply()) }} as form_rows
inner join {{ ref('int_rules_to_apply') }} as reports
    on form_rows.document_sha256 = reports.document_sha256 and reports.is_to_apply
