-- a rule says of every current report that it holds, rounds, fails or does not apply
select
    rules.rule_code,
    reports.report_key
from {{ ref('rules') }} as rules
cross join {{ ref('dim_report') }} as reports
left join {{ ref('int_rules_to_apply') }} as applied on reports.report_key = applied.report_key
left join {{ ref('fct_reconciliation') }} as answers
    on rules.rule_code = answers.rule_code
    and reports.report_key = answers.report_key
where
    reports.is_current
    and answers.rule_code is null
    and (applied.report_key is null or {{ is_unchecked('int_rules_to_apply', 'applied') }})
