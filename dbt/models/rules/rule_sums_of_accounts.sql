-- grain: one row a stated whole and rule of sum_parts.csv (rules 1, 2 and 5): the whole against its parts, each part taken
-- from as near the whole as it is stated: in its sentence, in its form or section, else the primary one of the report.
with rule_parts as (
    select * from {{ ref('sum_parts') }}
),

wholes as (
    select
        rules.rule_code,
        money.*
    from {{ of_this_turn('int_rule_money') }} as money
    inner join (
        select distinct
            rule_code,
            whole_account
        from rule_parts
    ) as rules on money.account_code = rules.whole_account
    where
        money.measure in ('initial_budget', 'adjusted_budget', 'full_year_budget', 'actual', 'prior_year_actual', 'prior_year_budget')
        and money.place <> 'form_note'
        and coalesce(money.fund_source, 'total') in ('total', 'current_appropriation')
        and not (money.form is not null and coalesce(money.fund_source, 'total') <> 'total')
        and not (money.is_grand_total and money.has_plain_total)
),

candidates as (
    select
        wholes.rule_code,
        wholes.figure_key as whole_key,
        rule_parts.part_account,
        rule_parts.part_role,
        parts.figure_key as part_key,
        case
            when parts.part_of_figure_no = wholes.figure_no then 0
            when parts.form is not null and parts.scope_key = wholes.scope_key then 1
            when parts.form is null and parts.sentence_no = wholes.sentence_no then 1
            when parts.scope_key = wholes.scope_key then 2
            else 3
        end as distance,
        abs(parts.figure_no - wholes.figure_no) as steps
    from wholes
    inner join rule_parts on wholes.rule_code = rule_parts.rule_code
    inner join {{ of_this_turn('int_rule_money') }} as parts
        on wholes.document_sha256 = parts.document_sha256
        and rule_parts.part_account = parts.account_code
        and wholes.measure = parts.measure
        and wholes.fiscal_year is not distinct from parts.fiscal_year
        and {{ one_book('wholes', 'parts') }}
    where
        parts.place <> 'form_note'
        -- a total of nothing is another budget book's: its parts stand beside it or nowhere
        and (parts.scope_key = wholes.scope_key or (parts.is_primary and wholes.is_primary and wholes.amount_wan <> 0))
),

chosen as (
    select *
    from (
        select
            *,
            row_number() over (partition by rule_code, whole_key, part_account order by distance, steps, part_key) as choice
        from candidates
    ) as ranked
    -- an optional part counts only beside its whole, never from elsewhere
    where
        choice = 1
        and (part_role = 'required' or distance <= 1)
        -- purchase and running stand for the vehicles where these are not stated together
        and not (
            part_role = 'substitute'
            and exists (
                select 1 from candidates as together
                where together.whole_key = ranked.whole_key and together.rule_code = ranked.rule_code and together.part_account = 'vehicle'
            )
        )
),

terms as (
    select
        rule_code || whole.figure_key as sum_key,
        'whole' as term_role,
        1 as sign,
        whole.amount_wan as amount,
        whole.written_decimals,
        whole.unit_wan as unit_factor,
        whole.is_form,
        whole.evidence_key,
        0 as term_no,
        whole.account_name_zh as term_zh,
        whole.account_name_en as term_en
    from wholes as whole
    union all
    select
        chosen.rule_code || chosen.whole_key as sum_key,
        'part' as term_role,
        1 as sign,
        part.amount_wan as amount,
        part.written_decimals,
        part.unit_wan as unit_factor,
        part.is_form,
        part.evidence_key,
        row_number() over (partition by chosen.rule_code, chosen.whole_key order by part.figure_no) as term_no,
        part.account_name_zh as term_zh,
        part.account_name_en as term_en
    from chosen
    inner join {{ of_this_turn('int_rule_money') }} as part on chosen.part_key = part.figure_key
),

sums as (
    {{ sum_of_terms('terms') }}
),

-- the balance of the year is part of a grand total (总计), whose word may stand apart from its amount
balances as (
    select
        wholes.rule_code || wholes.figure_key as sum_key,
        max_by(money.amount_wan, -abs(money.figure_no - wholes.figure_no)) as amount
    from wholes
    inner join {{ of_this_turn('int_rule_money') }} as money
        on wholes.document_sha256 = money.document_sha256
        and wholes.scope_key = money.scope_key
        and wholes.fiscal_year is not distinct from money.fiscal_year
        and {{ one_book('wholes', 'money') }}
    where
        wholes.rule_code = 'total_is_basic_plus_project'
        and money.measure = 'carryover_out'
        and (wholes.is_grand_total or wholes.sentence_no = money.sentence_no)
    group by wholes.rule_code || wholes.figure_key
),

missing as (
    select
        wholes.rule_code || wholes.figure_key as sum_key,
        {{ join_text("case when chosen.part_key is null then accounts.account_name_zh end", "'、'", 'accounts.account_code') }} as missing_zh,
        {{ join_text("case when chosen.part_key is null then accounts.account_name_en end", "', '", 'accounts.account_code') }} as missing_en,
        coalesce(max(chosen.distance), 0) as distance
    from wholes
    inner join rule_parts on wholes.rule_code = rule_parts.rule_code and rule_parts.part_role = 'required'
    inner join {{ ref('int_accounts') }} as accounts on rule_parts.part_account = accounts.account_code
    left join chosen
        on wholes.rule_code = chosen.rule_code
        and wholes.figure_key = chosen.whole_key
        and rule_parts.part_account = chosen.part_account
    where not (
        rule_parts.part_account = 'vehicle'
        and 2 = (
            select count(*) from chosen as substitutes
            where
                substitutes.rule_code = wholes.rule_code
                and substitutes.whole_key = wholes.figure_key
                and substitutes.part_role = 'substitute'
        )
    )
    group by wholes.rule_code, wholes.figure_key
),

-- money beside the general public budget: what a statement of all money holds more than one of the appropriations
other_money as (
    {{ money_beside_the_general_budget() }}
),

judged as (
    select
        wholes.*,
        sums.left_value,
        sums.right_value + case when sums.right_value + balances.amount = sums.left_value then balances.amount else 0 end as right_value,
        sums.tolerance,
        sums.part_count,
        sums.parts_zh,
        sums.parts_en,
        sums.evidence_keys,
        missing.missing_zh,
        missing.missing_en,
        missing.distance,
        case
            -- parts from another place settle nothing while one of them is missing
            when missing.distance = 3 and missing.missing_zh is not null then 'not_applicable'
            when sums.right_value + balances.amount = sums.left_value then 'holds'
            -- all money against parts of the appropriations, told by the rest
            when missing.distance >= 2 and sums.right_value < sums.left_value and other_money.amount_wan is not null then 'not_applicable'
            else {{ outcome('sums.left_value', 'sums.right_value', 'sums.tolerance', 'missing.missing_zh', parts_only_add=true) }}
        end as outcome
    from wholes
    inner join sums on wholes.rule_code || wholes.figure_key = sums.sum_key
    inner join missing on wholes.rule_code || wholes.figure_key = missing.sum_key
    left join balances on wholes.rule_code || wholes.figure_key = balances.sum_key
    left join other_money
        on wholes.document_sha256 = other_money.document_sha256
        and sums.left_value - sums.right_value = other_money.amount_wan
),

placed as (
    select
        *,
        -- another whole that these parts make: what they are not parts of does not disagree with them
        outcome = 'fails' and (distance >= 2 or (is_form and label like '%收入%'))
        and max(case when outcome in ('holds', 'rounding') then 1 else 0 end)
            over (partition by rule_code, document_sha256, measure, fiscal_year, right_value) = 1 as has_parts_of_another
    from judged
),

compared as (
    select
        *,
        -- another total of the same section that the same parts make: this one is of another scope
        outcome = 'fails' and (max(case when outcome in ('holds', 'rounding') then 1 else 0 end)
            over (partition by rule_code, document_sha256, scope_key, measure, fiscal_year) = 1
        or not (is_primary or is_form or coalesce(amount_wan = primary_amount_wan, false))) as is_other_scope
    from placed
)

select
    {{ rule_columns({
        'rule_code': 'rule_code',
        'document_sha256': 'document_sha256',
        'subject_zh': "account_name_zh || measure_zh",
        'subject_en': "account_name_en || ', ' || measure_en",
        'left_zh': said_zh('account_name_zh || measure_zh'),
        'left_en': said_en("account_name_en || ', ' || measure_en"),
        'left_value': 'left_value',
        'right_zh': "'各项之和（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'the sum of its parts (' || coalesce(parts_en, '') || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'missing_zh': "coalesce(missing_zh, case when has_parts_of_another then '同一口径的各项' end)",
        'missing_en': "coalesce(missing_en, case when has_parts_of_another then 'parts of its own scope' end)",
        'severity_cap': "case when distance >= 2 or is_other_scope or is_grand_total then 'warning' end",
        'note_zh': "case when distance = 3 then '各项取自报告其他部分，口径可能不同' when is_other_scope then '报告另有口径不同的合计' when is_grand_total then '总计可能含年末结转' end",
        'note_en': "case when distance = 3 then 'the parts stand elsewhere in the report and may have another scope' when is_other_scope then 'the report states another total of another scope' when is_grand_total then 'a grand total may hold the carry-over' end",
        'evidence_keys': 'evidence_keys',
        'outcome': "case when has_parts_of_another then 'not_applicable' else outcome end",
    }) }}
from compared
-- a whole that isn't the one taken as primary is compared where its parts are, but its missing parts are no news
where part_count > 0 or is_primary
