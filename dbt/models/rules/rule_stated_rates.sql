-- grain: one row a stated execution rate, share or rate of change (rule 10) against the figures that it is a rate of. The
-- numerator is the nearest such figure; where several budgets stand beside it, the one that gives the rate is taken.
with rates as (
    select
        *,
        -- the share of basic or project expenditure, or of a functional class, is that of all expenditure where nothing else is said
        coalesce(
            rate_base_account_code,
            case
                when metric_code = 'share' and (
                    coalesce(rate_of_account_code, account_code) in ('basic', 'project')
                    or {{ regexp_like('coalesce(rate_of_account_code, account_code)', "'^f2[0-9]{2}$'") }}
                ) then 'total'
            end
        ) as base_account,
        case
            when metric_code = 'share' or (rate_base_account_code is not null and metric_code <> 'execution_rate') then 'share'
            when metric_code = 'change_rate' then 'change'
            else 'execution'
        end as rate_kind,
        coalesce(rate_of_account_code, account_code) as numerator_account,
        -- 分别占63.1%和36.9%: which of the amounts before it a rate belongs to is for the figures to say
        coalesce({{ regexp_like('metric_label', "'分别|依次'") }}, false) as is_distributive
    from {{ of_this_turn('int_rule_operation') }}
    where
        is_current
        and is_exact
        and metric_group = 'rate'
        and place <> 'form_note'
        and (
            metric_code in ('execution_rate', 'share')
            or (metric_code = 'change_rate' and coalesce(rate_of_account_code, account_code) is not null)
            -- a rate of an account by another name: of its adjustment or its balance it is no execution
            or (
                rate_of_account_code is not null
                and {{ regexp_like('metric_label', "'执行|完成|进度|支出率|使用率|占|控制'") }}
            )
        )
        and not coalesce({{ regexp_like('metric_label', "'调整率|变动率|结转|结余|节约'") }}, false)
),

money as (
    select * from {{ of_this_turn('int_rule_money') }}
    where place <> 'form_note' and (form is not null or coalesce(fund_source, 'total') in ('total', 'current_appropriation'))
),

-- 年初预算150万元，追加50万元: the budget that the sentence then has, though it doesn't state it
adjusted as (
    select
        initials.figure_key,
        initials.amount_wan + adjustments.amount_wan * case
            when adjustments.amount_wan > 0 and {{ is_said_to_reduce('adjustments.') }} then -1
            else 1
        end as amount_wan,
        adjustments.half_place_wan
    from money as initials
    inner join money as adjustments
        on initials.document_sha256 = adjustments.document_sha256
        and initials.scope_key = adjustments.scope_key
        and coalesce(initials.section, '') = coalesce(adjustments.section, '')
        and initials.account_code = adjustments.account_code
        and initials.project_key is not distinct from adjustments.project_key
        and initials.fiscal_year is not distinct from adjustments.fiscal_year
    where
        initials.form is null
        and adjustments.form is null
        and initials.measure = 'initial_budget'
        and adjustments.measure = 'adjustment'
),

candidates as (
    select
        rates.figure_key as rate_key,
        rates.rate_kind,
        rates.is_distributive,
        case
            when rates.rate_kind = 'share'
                and money.account_code = rates.numerator_account
                and coalesce(money.project_key, '') = coalesce(rates.project_key, '') then 'numerator'
            when rates.rate_kind = 'share' and money.account_code <> rates.base_account then 'numerator'
            when rates.rate_kind <> 'share' and money.measure = 'actual' then 'numerator'
            else 'denominator'
        end as term_role,
        money.figure_key,
        money.measure,
        money.amount_wan,
        money.half_place_wan,
        money.evidence_key,
        money.subject_zh || money.measure_zh as term_zh,
        money.subject_en || ', ' || money.measure_en as term_en,
        case
            when rates.form is not null and money.scope_key = rates.scope_key then 0
            when rates.form is null and money.form is null and money.sentence_no = rates.sentence_no then 0
            else 1
        end as distance,
        abs(money.figure_no - rates.figure_no) as steps,
        -- a rate of a form is that of its row
        case when rates.form is not null and coalesce(money.row_label, '') <> coalesce(rates.row_label, '') then 1 else 0 end as is_other_row,
        money.scope_key <> rates.scope_key as is_far
    from rates
    inner join money
        on rates.document_sha256 = money.document_sha256
        and (
            rates.scope_key = money.scope_key
            -- the full-year budget stated anywhere: an initial budget is none where it was adjusted
            or (rates.rate_kind = 'execution' and money.is_primary and money.measure in ('full_year_budget', 'adjusted_budget'))
        )
        and (
            rates.fiscal_year is not distinct from money.fiscal_year
            -- what a change is measured against is of the year before
            or (rates.rate_kind = 'change' and money.measure = 'prior_year_actual' and money.fiscal_year = rates.fiscal_year - 1)
        )
        and {{ one_book('rates', 'money') }}
    where
        case rates.rate_kind
            when 'share' then
                -- 100万元（含上年结转20万元），占60%: the share is not that of what was carried over
                money.measure not in ('carryover_in', 'carryover_out')
                and (
                    (money.account_code = rates.numerator_account and money.project_key is not distinct from rates.project_key)
                    or (money.account_code = rates.base_account and money.project_key is null)
                    or (rates.is_distributive and money.sentence_no = rates.sentence_no)
                )
            when 'change' then
                money.account_code = rates.numerator_account
                and money.project_key is not distinct from rates.project_key
                and money.measure in ('actual', 'prior_year_actual')
            else
                money.account_code = rates.numerator_account
                and money.project_key is not distinct from rates.project_key
                and (
                    money.measure in ('actual', 'initial_budget', 'full_year_budget', 'adjusted_budget')
                    -- what was received, where the sentence states it beside what was spent of it, or the rate is one of use
                    or (
                        money.measure = 'appropriation_income'
                        and (
                            money.form is null and (money.sentence_no = rates.sentence_no or rates.metric_label like '%使用率%')
                            or money.form is not null and money.scope_key = rates.scope_key and money.row_label = rates.row_label
                        )
                    )
                )
        end
        and (
            money.form is null
            or coalesce(money.fund_source, 'total') = 'total' and coalesce(rates.fund_source, 'total') = 'total'
            or rates.form is not null and money.scope_key = rates.scope_key and money.row_label = rates.row_label
        )
),

with_adjusted as (
    select * from candidates
    union all
    select
        candidates.rate_key,
        candidates.rate_kind,
        candidates.is_distributive,
        candidates.term_role,
        candidates.figure_key,
        candidates.measure,
        adjusted.amount_wan,
        candidates.half_place_wan + adjusted.half_place_wan as half_place_wan,
        candidates.evidence_key,
        candidates.term_zh || '加调整数' as term_zh,
        candidates.term_en || ' with the adjustment' as term_en,
        candidates.distance,
        candidates.steps,
        candidates.is_other_row,
        candidates.is_far
    from candidates
    inner join adjusted on candidates.figure_key = adjusted.figure_key
    where candidates.rate_kind = 'execution'
),

numerators as (
    select *
    from (
        select
            *,
            row_number() over (partition by rate_key order by distance, is_other_row, steps, figure_key) as choice
        from candidates
        where term_role = 'numerator' and not is_far
    ) as ranked
    where choice = 1 or (is_distributive and distance = 0)
),

denominators as (
    select *
    from (
        select
            candidates.*,
            rank() over (partition by candidates.rate_key order by candidates.distance, candidates.is_other_row) as nearness
        from with_adjusted as candidates
        left join numerators
            on candidates.rate_key = numerators.rate_key
            and numerators.choice = 1
        where
            candidates.term_role = 'denominator'
            and (candidates.rate_kind <> 'share' or numerators.measure is null or candidates.measure = numerators.measure)
    ) as ranked
    where nearness = 1 or is_far
),

computed as (
    select
        rates.figure_key as rate_key,
        numerators.amount_wan as numerator,
        denominators.amount_wan as denominator,
        numerators.term_zh as numerator_zh,
        denominators.term_zh as denominator_zh,
        numerators.term_en as numerator_en,
        denominators.term_en as denominator_en,
        denominators.measure as denominator_measure,
        numerators.evidence_key as numerator_evidence,
        denominators.evidence_key as denominator_evidence,
        greatest(numerators.distance, denominators.distance) as distance,
        case
            when rates.rate_kind = 'change' then
                abs({{ exact_ratio('numerators.amount_wan - denominators.amount_wan', 'denominators.amount_wan') }})
            else {{ exact_ratio('numerators.amount_wan', 'denominators.amount_wan') }}
        end as right_value,
        -- what the rounding of both terms can move the rate by
        case
            when denominators.amount_wan > 0 then
                {{ exact_ratio('numerators.half_place_wan', 'denominators.amount_wan') }}
                + {{ exact_ratio(
                    exact_ratio('numerators.amount_wan * denominators.half_place_wan', 'denominators.amount_wan', 1),
                    'denominators.amount_wan'
                ) }}
        end as terms_tolerance,
        denominators.steps
    from rates
    left join numerators on rates.figure_key = numerators.rate_key
    left join denominators on rates.figure_key = denominators.rate_key
),

compared as (
    select *
    from (
        select
            rates.*,
            computed.right_value,
            computed.distance,
            computed.numerator_zh,
            computed.denominator_zh,
            computed.numerator_en,
            computed.denominator_en,
            computed.denominator_measure,
            computed.numerator,
            computed.denominator,
            {{ list_of(['rates.evidence_key', 'computed.numerator_evidence', 'computed.denominator_evidence']) }} as evidence_keys,
            {{ half_place('rates.written_decimals') }} as half_place,
            cast({{ half_place('rates.written_decimals') }} + coalesce(computed.terms_tolerance, 0) as decimal(28, 6)) as tolerance,
            case
                when computed.numerator is null then
                    case rates.rate_kind when 'share' then '所占部分的金额' else '执行数' end
                when computed.denominator is null then
                    case rates.rate_kind when 'share' then '总额' when 'change' then '上年数' else '预算数' end
                when computed.right_value is null then '不为零的分母'
            end as missing_zh,
            case
                when computed.numerator is null then
                    case rates.rate_kind when 'share' then 'the amount of the share' else 'the executed amount' end
                when computed.denominator is null then
                    case rates.rate_kind when 'share' then 'the whole' when 'change' then 'the prior year' else 'the budget' end
                when computed.right_value is null then 'a denominator other than zero'
            end as missing_en,
            row_number() over (
                partition by rates.figure_key
                -- of terms that give the same rate always the same ones
                order by
                    abs(rates.value - computed.right_value) nulls last,
                    computed.steps,
                    computed.numerator_evidence nulls last,
                    computed.denominator_evidence nulls last
            ) as choice
        from rates
        inner join computed on rates.figure_key = computed.rate_key
    ) as ranked
    where choice = 1
),

named as (
    select
        compared.*,
        coalesce(compared.project_name, accounts.account_name_zh, '') || case
            when compared.rate_kind = 'share' then '占' || coalesce(bases.account_name_zh, '总额') || '的比重'
            when compared.rate_kind = 'change' then '较上年变动率'
            when compared.metric_code = 'control_rate' then '控制率'
            else '预算执行率'
        end as rate_zh,
        coalesce(compared.project_name || ', ', accounts.account_name_en || ', ', '') || case
            when compared.rate_kind = 'share' then 'share of ' || coalesce(bases.account_name_en, 'the whole')
            when compared.rate_kind = 'change' then 'change on the prior year'
            when compared.metric_code = 'control_rate' then 'control rate'
            else 'execution rate'
        end as rate_en,
        -- cut off instead of rounded
        abs(compared.value - compared.right_value) > compared.half_place
        and abs(compared.value - compared.right_value) < 2 * compared.half_place as is_cut_off
    from compared
    left join {{ ref('int_accounts') }} as accounts on compared.numerator_account = accounts.account_code
    left join {{ ref('int_accounts') }} as bases on compared.base_account = bases.account_code
),

-- a rate that two amounts of its sentence give: whose amounts they are, the words leave open
explained as (
    select distinct named.figure_key
    from named
    inner join money as parts
        on named.document_sha256 = parts.document_sha256
        and named.sentence_no = parts.sentence_no
    inner join money as wholes
        on parts.document_sha256 = wholes.document_sha256
        and parts.sentence_no = wholes.sentence_no
    where
        named.rate_kind = 'execution'
        and parts.measure = 'actual'
        and wholes.measure in ('initial_budget', 'full_year_budget', 'adjusted_budget')
        and abs(named.value - named.right_value) > named.half_place
        and abs(named.value - {{ exact_ratio('parts.amount_wan', 'wholes.amount_wan') }}) <= named.half_place
),

-- the whole budget was adjusted: 完成预算 of a part may be of its adjusted one, which is not stated
adjusted_reports as (
    select distinct document_sha256
    from money
    where account_code = 'total' and measure in ('adjustment', 'adjusted_budget', 'full_year_budget')
)

-- a rate that is right to its own last place holds
select
    {{ rule_columns({
        'rule_code': "'stated_rate_matches_figures'",
        'document_sha256': 'named.document_sha256',
        'subject_zh': 'rate_zh',
        'subject_en': 'rate_en',
        'unit': "'%'",
        'left_zh': "stated_at_zh || '所列'",
        'left_en': "'the stated rate (' || stated_at_en || ')'",
        'left_value': 'value',
        'right_zh': "'按' || coalesce(numerator_zh || ' ' || " ~ plain_number('numerator') ~ ", '') || '与' || coalesce(denominator_zh || ' ' || "
            ~ plain_number('denominator') ~ ", '') || '计算'",
        'right_en': "'the rate computed from ' || coalesce(numerator_en || ' ' || " ~ plain_number('numerator') ~ ", '') || ' and ' || coalesce(denominator_en || ' ' || "
            ~ plain_number('denominator') ~ ", '')",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'severity_cap': "case when distance > 0 or rate_kind = 'change' or is_cut_off or explained.figure_key is not null "
            ~ "or (adjusted_reports.document_sha256 is not null and denominator_measure = 'initial_budget' and metric_label not like '%年初%') then 'warning' end",
        'note_zh': "case when is_cut_off then '末位可能为舍去尾数' when explained.figure_key is not null then '与同句另一对金额相符' end",
        'note_en': "case when is_cut_off then 'the last place may have been cut off instead of rounded' "
            ~ "when explained.figure_key is not null then 'two other amounts of the sentence give it' end",
        'evidence_keys': 'evidence_keys',
        'outcome': "case when missing_zh is null and abs(value - right_value) <= half_place then 'holds' else "
            ~ outcome('value', 'right_value', 'tolerance', 'missing_zh') ~ " end",
    }) }}
from named
left join explained on named.figure_key = explained.figure_key
left join adjusted_reports on named.document_sha256 = adjusted_reports.document_sha256
