-- grain: one row a column of operating expenses in a basic data form (rule 4) against its item rows
with money as {{ read_where_used() }} (
    select
        money.*,
        accounts.parent_account_code as tree_parent
    from {{ of_this_turn('int_rule_money') }} as money
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
        {{ regexp_replace_all('label', "'^其中[:：]|[:：]$'", "''") }} as term_zh,
        case when account_code = 'operating_item' then {{ regexp_replace_all('label', "'^其中[:：]|[:：]$'", "''") }} else account_name_en end as term_en
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
        {{ regexp_replace_all('label', "'^其中[:：]|[:：]$'", "''") }} as term_zh,
        case when account_code = 'operating_item' then {{ regexp_replace_all('label', "'^其中[:：]|[:：]$'", "''") }} else account_name_en end as term_en
    from items
),

sums as (
    {{ sum_of_terms('terms') }}
),

residuals as (
    select distinct whole_key
    from items
    where account_code = 'operating_other' or label like '%其他%' or label like '%其它%'
),

compared as (
    select
        wholes.*,
        sums.left_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.part_count,
        sums.evidence_keys,
        case when sums.part_count > 0 then sums.right_value end as right_value,
        -- rows of 其中 without one for all others need not reach the whole
        sums.right_value < sums.left_value and coalesce(residuals.whole_key, '') = '' as may_list_some_only,
        case when sums.part_count = 0 then '公用经费分项' end as missing_zh,
        case when sums.part_count = 0 then 'the items of operating expenses' end as missing_en
    from wholes
    inner join sums on wholes.figure_key = sums.sum_key
    left join residuals on wholes.figure_key = residuals.whole_key
)

select
    {{ rule_columns({
        'rule_code': "'operating_is_sum_of_items'",
        'document_sha256': 'document_sha256',
        'subject_zh': "subject_zh || measure_zh",
        'subject_en': "subject_en || ', ' || measure_en",
        'left_zh': said_zh("'公用经费'"),
        'left_en': said_en("'operating expenses'"),
        'left_value': 'left_value',
        'right_zh': "'各分项之和（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'the sum of its items (' || coalesce(parts_en, '') || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'severity_cap': "case when may_list_some_only then 'warning' end",
        'note_zh': "case when may_list_some_only then '所列分项未含其他费用，可能不全' end",
        'note_en': "case when may_list_some_only then 'no row for other expenses: the list may not be complete' end",
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing_zh'),
    }) }}
from compared
