-- grain: one row a figure other than an amount, of a current report whose rules are to be applied
select * from {{ ref('int_operation') }}
where
    document_sha256 in (
        select document_sha256 from {{ ref('int_rules_to_apply') }}
        where is_to_apply
    )
