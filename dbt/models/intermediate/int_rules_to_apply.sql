-- grain: one row a current report, with the fingerprint of everything that the rules' results are made from: the facts of all
-- reports of its department (one year is compared with the year before), the rules and the words of their messages.
-- is_to_apply: the results that are there are of another fingerprint, or there are none.
-- turn: which share of the departments it is of, where the rules are applied to one share after the other.
{%- set results = rules_results() %}
{%- set is_to_apply = 'applied.build_fingerprint is null' if results else 'true' %}
with departments as (
    select
        department_key,
        md5({{ join_text('build_fingerprint', "','", 'document_sha256') }}) as department_fingerprint
    from {{ ref('int_facts_to_build') }}
    where is_current
    group by department_key
),

unlisted_accounts as (
    -- accounts that the list lacks are named by the reports
    select md5(coalesce({{ join_text("accounts.account_code || '=' || accounts.account_name_zh", "';'", 'accounts.account_code') }}, ''))
        as accounts_fingerprint
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('accounts') }} as listed on accounts.account_code = listed.account_code
    where listed.account_code is null
),

reports as (
    select
        facts.document_sha256,
        facts.report_key,
        facts.department_key,
        {{ generate_key([
            'facts.document_sha256', 'departments.department_fingerprint', 'unlisted_accounts.accounts_fingerprint',
            "'" ~ rules_checksum() ~ "'", seed_fingerprint('rules'), seed_fingerprint('sum_parts'), seed_fingerprint('measures'),
        ]) }} as build_fingerprint
    from {{ ref('int_facts_to_build') }} as facts
    inner join departments on facts.department_key = departments.department_key
    cross join unlisted_accounts
    where facts.is_current
)

select
    reports.document_sha256,
    reports.report_key,
    reports.department_key,
    reports.build_fingerprint,
    {{ passed_under('reports.build_fingerprint') }} as passed_under,
    {{ is_to_apply }} as is_to_apply,
    {{ turn_of('reports.department_key', is_to_apply) }} as turn
from reports
{%- if results %}
left join (select distinct build_fingerprint from {{ results }}) as applied on reports.build_fingerprint = applied.build_fingerprint
{%- endif %}
