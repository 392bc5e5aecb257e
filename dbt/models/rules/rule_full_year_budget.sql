-- grain: one row a stated full-year or adjusted budget (rule 7) against the initial budget and the adjustment of the same
-- account or project in the same form or section
with money as {{ read_where_used() }} (
    select * from {{ of_this_turn('int_rule_money') }}
    where place <> 'form_note'
),

wholes as (
    select * from money
    where
        measure in ('full_year_budget', 'adjusted_budget')
        and coalesce(fund_source, 'total') = 'total'
        and account_code <> 'unclassified'
),

ranked as (
    select
        wholes.figure_key as whole_key,
        wholes.amount_wan as whole_amount,
        wholes.sentence_no as whole_sentence_no,
        parts.*,
        {{ is_said_to_reduce('parts.') }} as is_said_to_reduce,
        row_number() over (
            partition by wholes.figure_key, parts.measure
            order by
                -- the whole's own budget before that of one book in it
                case when wholes.budget_book is not distinct from parts.budget_book then 0 else 1 end,
                abs(parts.figure_no - wholes.figure_no),
                parts.figure_no
        ) as choice
    from wholes
    inner join money as parts
        on wholes.document_sha256 = parts.document_sha256
        and wholes.scope_key = parts.scope_key
        and coalesce(wholes.section, '') = coalesce(parts.section, '')
        and wholes.account_code = parts.account_code
        and wholes.project_key is not distinct from parts.project_key
        and wholes.fiscal_year is not distinct from parts.fiscal_year
        and {{ one_book('wholes', 'parts') }}
        and {{ compatible('wholes.fund_source', 'parts.fund_source') }}
    where parts.measure in ('initial_budget', 'adjustment')
),

closing as (
    select
        *,
        max(case when measure = 'initial_budget' and choice = 1 then amount_wan end) over (partition by whole_key) as initial_amount,
        -- 追加421万元，调减18万元: all that the sentence adds and takes away
        sum(
            case
                when measure = 'adjustment' and form is null and sentence_no = whole_sentence_no then
                    case when is_said_to_reduce and amount_wan > 0 then -amount_wan else amount_wan end
            end
        ) over (partition by whole_key) as adjusted_by
    from ranked
),

chosen as (
    select * from closing
    where
        choice = 1
        or (
            measure = 'adjustment'
            and form is null
            and sentence_no = whole_sentence_no
            and initial_amount + adjusted_by = whole_amount
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
        measure_zh as term_zh,
        measure_en as term_en
    from wholes
    union all
    select
        whole_key as sum_key,
        'part' as term_role,
        case
            when measure = 'adjustment' and amount_wan > 0 and (
                is_said_to_reduce
                -- the verb of a reduction may stand apart from its amount: what closes only as a reduction is one
                or whole_amount = initial_amount - amount_wan
            ) then -1
            else 1
        end as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        is_form,
        evidence_key,
        case measure when 'initial_budget' then 1 else 2 end as term_no,
        measure_zh as term_zh,
        measure_en as term_en
    from chosen
),

sums as (
    {{ sum_of_terms('terms') }}
),

stated as (
    select
        whole_key,
        max(case when measure = 'initial_budget' then 1 else 0 end) as has_initial,
        max(case when measure = 'adjustment' then 1 else 0 end) as has_adjustment
    from chosen
    group by whole_key
),

-- 年初预算、追加、上年结转: what was carried over is part of the full-year budget where the sum closes only with it
carried as (
    select
        wholes.figure_key as whole_key,
        max_by(money.amount_wan, -abs(money.figure_no - wholes.figure_no)) as amount
    from wholes
    inner join money
        on wholes.document_sha256 = money.document_sha256
        and wholes.scope_key = money.scope_key
        and coalesce(wholes.section, '') = coalesce(money.section, '')
        and wholes.account_code = money.account_code
        and wholes.project_key is not distinct from money.project_key
        and wholes.fiscal_year is not distinct from money.fiscal_year
        and {{ one_book('wholes', 'money') }}
    where money.measure = 'carryover_in' and wholes.form is null
    group by wholes.figure_key
),

compared as (
    select
        wholes.*,
        sums.left_value,
        case
            when abs(sums.left_value - sums.right_value - carried.amount) <= sums.tolerance then sums.right_value + carried.amount
            else sums.right_value
        end as right_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.evidence_keys,
        case
            when stated.whole_key is null then '年初预算数、调整数'
            when stated.has_initial = 0 then '年初预算数'
            when stated.has_adjustment = 0 then '调整数'
        end as missing_zh,
        case
            when stated.whole_key is null then 'initial budget, adjustment'
            when stated.has_initial = 0 then 'initial budget'
            when stated.has_adjustment = 0 then 'adjustment'
        end as missing_en
    from wholes
    inner join sums on wholes.figure_key = sums.sum_key
    left join stated on wholes.figure_key = stated.whole_key
    left join carried on wholes.figure_key = carried.whole_key
)

select
    {{ rule_columns({
        'rule_code': "'full_year_budget_is_initial_plus_adjustment'",
        'document_sha256': 'document_sha256',
        'subject_zh': "subject_zh || measure_zh",
        'subject_en': "subject_en || ', ' || measure_en",
        'left_zh': said_zh('measure_zh'),
        'left_en': said_en('measure_en'),
        'left_value': 'left_value',
        'right_zh': "'年初预算数与调整数之和（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'the sum of initial budget and adjustment (' || coalesce(parts_en, '') || ')'",
        'right_value': "case when missing_zh is null then right_value end",
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing_zh'),
    }) }}
from compared
