-- grain: one row a stated income (rule 9): income and carry-over in against expenditure and carry-over out of its section
with money as {{ read_where_used() }} (
    select * from {{ of_this_turn('int_rule_money') }}
    where place <> 'form_note' and project_key is null
),

stated_incomes as (
    select
        *,
        -- 年初预算安排100万元，其中：经费拨款80万元: how a budget is paid for is no income of the year
        max(case when form is null and account_code = 'total' and measure = 'initial_budget' then 1 else 0 end)
            over (partition by document_sha256, sentence_no) as is_of_budget,
        max(case when account_code = 'income' then 1 else 0 end) over (partition by document_sha256, scope_key, fiscal_year) as has_all_income
    from money
    where
        measure = 'appropriation_income'
        or (account_code = 'total' and measure = 'initial_budget')
        or (account_code in ('income', 'income_appropriation') and measure = 'actual')
),

-- appropriations pay for all expenditure only where they are all income that a section states
incomes as (
    select * from stated_incomes
    where
        measure <> 'initial_budget'
        and (account_code = 'income' or has_all_income = 0 or form is not null)
        -- 其中：经费拨款: a part of the income
        and not (account_code <> 'income' and form is null and (part_of_figure_no is not null or is_of_budget = 1))
        -- 一般公共预算财政拨款, 政府性基金预算财政拨款: the parts of a table of all appropriations
        and not (account_code <> 'income' and has_all_income = 1 and {{ regexp_like('label', "'^[一二三四](、|[.])'") }})
),

chosen as (
    select *
    from (
        select
            incomes.figure_key as whole_key,
            case when parts.measure = 'actual' then 'expenditure' else parts.measure end as role,
            parts.*,
            row_number() over (
                partition by incomes.figure_key, parts.measure
                order by abs(parts.figure_no - incomes.figure_no), parts.figure_no
            ) as choice
        from incomes
        inner join money as parts
            on incomes.document_sha256 = parts.document_sha256
            and incomes.scope_key = parts.scope_key
            and incomes.fiscal_year is not distinct from parts.fiscal_year
            and {{ one_book('incomes', 'parts') }}
        where
            parts.account_code = 'total'
            and not (parts.measure = 'actual' and parts.label like '%收入%' and parts.label not like '%支%')
            and parts.measure in ('actual', 'carryover_in', 'carryover_out')
            -- grand totals hold the carry-over on both sides
            and (parts.measure = 'actual' or not incomes.is_grand_total)
            and (parts.measure <> 'actual' or parts.is_grand_total = incomes.is_grand_total or not (parts.has_plain_total or incomes.has_plain_total))
    ) as ranked
    where choice = 1
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
        label as term_zh,
        'income' as term_en
    from incomes
    union all
    -- moved to one side: income = expenditure + carry-over out - carry-over in
    select
        whole_key as sum_key,
        'part' as term_role,
        case role when 'carryover_in' then -1 else 1 end as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        is_form,
        evidence_key,
        figure_no as term_no,
        label as term_zh,
        case role when 'carryover_in' then 'carry-over in' when 'carryover_out' then 'carry-over out' else 'expenditure' end as term_en
    from chosen
),

sums as (
    {{ sum_of_terms('terms') }}
),

stated as (
    select
        whole_key,
        max(case when role = 'expenditure' then 1 else 0 end) as has_expenditure,
        max(case when role = 'expenditure' then amount_wan end) as expenditure,
        max(case when role = 'carryover_in' then amount_wan end) as carryover_in,
        max(case when role = 'carryover_out' then amount_wan end) as carryover_out,
        max(case when role = 'carryover_in' then 1 else 0 end) as has_in,
        max(case when role = 'carryover_out' then 1 else 0 end) as has_out
    from chosen
    group by whole_key
),

compared as (
    select
        incomes.*,
        sums.left_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.evidence_keys,
        -- a total of income or of expenditure may hold the carry-over already, which its words do not say
        case
            when coalesce(stated.has_expenditure, 0) = 0 then null
            when incomes.amount_wan in (
                stated.expenditure, stated.expenditure - stated.carryover_in, stated.expenditure + stated.carryover_out
            ) then incomes.amount_wan
            else sums.right_value
        end as right_value,
        case when coalesce(stated.has_expenditure, 0) = 0 then '支出' when not incomes.is_grand_total and stated.has_in + stated.has_out < 2 then '上年结转或年末结转' end as missing_zh,
        case when coalesce(stated.has_expenditure, 0) = 0 then 'expenditure' when not incomes.is_grand_total and stated.has_in + stated.has_out < 2 then 'carry-over in or out' end
            as missing_en
    from incomes
    inner join sums on incomes.figure_key = sums.sum_key
    left join stated on incomes.figure_key = stated.whole_key
)

select
    {{ rule_columns({
        'rule_code': "'income_equals_expenditure'",
        'document_sha256': 'document_sha256',
        'subject_zh': 'label',
        'subject_en': "'income'",
        'left_zh': said_zh('label'),
        'left_en': said_en("'income'"),
        'left_value': 'left_value',
        'right_zh': "'支出加年末结转减上年结转（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'expenditure + carry-over out - carry-over in (' || coalesce(parts_en, '') || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'severity_cap': "case when form is null then 'warning' end",
        'evidence_keys': 'evidence_keys',
        'outcome': "case when right_value is not null and missing_zh is not null and left_value = right_value then 'holds' "
            ~ "when right_value is not null and missing_zh is not null and abs(left_value - right_value) <= tolerance then 'rounding' else "
            ~ outcome('left_value', 'right_value', 'tolerance', 'missing_zh') ~ " end",
    }) }}
from compared
