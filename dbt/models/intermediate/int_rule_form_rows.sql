-- grain: one row a scored row of a form, of a current report whose rules are to be applied
select * from {{ ref('int_form_rows') }}
where
    document_sha256 in (
        select document_sha256 from {{ ref('int_rules_to_apply') }}
        where is_to_apply
    )
