-- grain: one row a column of operating expenses in a basic data form (rule 4) against its item rows
with money as (
    select
        money.*,
        accounts.parent_account_code as tree_parent
    from {{ ref('int_rule_money') }} as money
    inner join {{ ref('int_accounts') }} as accounts on money.account_code = accounts.account_code
    where money.form = 'basic_data'
),

wholes as (
    select * from money
    where account_code = 'operating'
),

items as (
    select
        wholes.figure_key as whole_key,
        items.*
    from wholes
    inner join money as items
        on wholes.document_sha256 = items.document_sha256
        and wholes.scope_key = items.scope_key
        and wholes.measure = items.measure
        and wholes.fiscal_year is not distinct from items.fiscal_year
        and items.figure_no > wholes.figure_no
    where
        items.part_of_figure_no = wholes.figure_no
        or (
            items.part_of_figure_no is null
            and (items.parent_account_code = 'operating' or items.tree_parent = 'operating' or items.tree_parent = 'e302')
        )
),

terms as (
    select
        figure_key as sum_key,
        'whole' as term_role,
        1 as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        is_form,
        evidence_key,
        0 as term_no,
        label as term_zh
    from wholes
    union all
    select
        whole_key as sum_key,
        'part' as term_role,
        1 as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        is_form,
        evidence_key,
        figure_no as term_no,
        label as term_zh
    from items
),

sums as (
    {{ sum_of_terms('terms') }}
),

compared as (
    select
        wholes.*,
        sums.left_value,
        sums.tolerance,
        sums.parts_zh,
        sums.part_count,
        sums.evidence_keys,
        case when sums.part_count > 0 then sums.right_value end as right_value,
        case when sums.part_count = 0 then '公用经费分项' end as missing_zh,
        case when sums.part_count = 0 then 'the items of operating expenses' end as missing_en
    from wholes
    inner join sums on wholes.figure_key = sums.sum_key
)

select
    {{ rule_columns({
        'rule_code': "'operating_is_sum_of_items'",
        'document_sha256': 'document_sha256',
        'subject_zh': "subject_zh || measure_zh",
        'subject_en': "subject_en || ', ' || measure_en",
        'left_zh': "stated_at_zh || '的公用经费'",
        'left_en': "'operating expenses (' || stated_at_en || ')'",
        'left_value': 'left_value',
        'right_zh': "'各分项之和（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'the sum of its items (' || coalesce(parts_zh, '') || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing_zh'),
    }) }}
from compared
