-- a rule says of every current report that it holds, rounds, fails or does not apply
with looked_at as (
    select reports.report_key
    from {{ ref('dim_report') }} as reports
    left join {{ ref('int_rules_to_apply') }} as applied on reports.report_key = applied.report_key
    where
        reports.is_current
        and (applied.report_key is null or {{ is_unchecked('int_rules_to_apply', 'applied') }})
),

answers as (
    select
        rule_code,
        report_key
    from {{ ref('fct_reconciliation') }}
    where report_key in (select report_key from looked_at)
)

select
    rules.rule_code,
    looked_at.report_key
from {{ ref('rules') }} as rules
cross join looked_at
left join answers
    on rules.rule_code = answers.rule_code
    and looked_at.report_key = answers.report_key
where answers.rule_code is null
