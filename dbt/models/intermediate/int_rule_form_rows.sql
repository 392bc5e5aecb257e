-- grain: one row a scored row of a form, of a current report whose rules are to be applied
select
    form_rows.*,
    reports.turn
from {{ ref('int_form_rows') }} as form_rows
inner join {{ ref('int_rules_to_apply') }} as reports
    on form_rows.document_sha256 = reports.document_sha256 and reports.is_to_apply
