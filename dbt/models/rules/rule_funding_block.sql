-- grain: one row a column of a form's funding block (rule 8): the total against its sources
with cells as (
    select *
    from {{ of_this_turn('int_rule_money') }}
    where
        place in ('form_overall_funding', 'form_project_funding')
        and column_measure in ('initial_budget', 'full_year_budget', 'adjusted_budget', 'actual')
        and fund_source is not null
),

wholes as (
    select * from cells
    -- sources make the income; below 支出合计 stand basic and project expenditure
    where fund_source = 'total' and not coalesce({{ regexp_like('label', "'^(本年)?支出(合|总)计'") }}, false)
),

-- a form with several totals states the sources of each below it, or above all of them
owned as (
    select
        wholes.figure_key as whole_key,
        cells.*,
        row_number() over (
            partition by cells.figure_key
            order by case when wholes.figure_no < cells.figure_no then 0 else 1 end, abs(wholes.figure_no - cells.figure_no)
        ) as nearness
    from wholes
    inner join cells
        on wholes.document_sha256 = cells.document_sha256
        and wholes.scope_key = cells.scope_key
        and wholes.column_measure = cells.column_measure
        and wholes.project_key is not distinct from cells.project_key
    where cells.fund_source <> 'total'
),

-- 财政拨款, 其中：中央资金、地方资金: the first of several rows of one source holds the others where these make it
parts as (
    select *
    from (
        select
            *,
            row_number() over (partition by whole_key, fund_source order by figure_no) as row_of_source,
            first_value(amount_wan) over (partition by whole_key, fund_source order by figure_no) as first_of_source,
            sum(amount_wan) over (partition by whole_key, fund_source) as sum_of_source,
            count(*) over (partition by whole_key, fund_source) as rows_of_source
        from owned
        where nearness = 1
    ) as counted
    where not (rows_of_source > 2 and sum_of_source = 2 * first_of_source and row_of_source > 1)
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
        'total' as term_en
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
        case fund_source when 'current_appropriation' then 'current appropriation' when 'carryover' then 'carry-over' when 'other' then 'other funds' end as term_en
    from parts
),

sums as (
    {{ sum_of_terms('terms') }}
),

stated as (
    select
        whole_key,
        max(case when fund_source = 'current_appropriation' then 1 else 0 end) as has_appropriation,
        max(case when fund_source = 'carryover' then 1 else 0 end) as has_carryover,
        max(case when fund_source = 'other' then 1 else 0 end) as has_other,
        case when count(*) > count(distinct fund_source) then 1 else 0 end as has_repeated_source
    from parts
    group by whole_key
),

compared as (
    select
        wholes.*,
        measures.name_zh as column_zh,
        measures.name_en as column_en,
        sums.left_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.evidence_keys,
        coalesce(stated.has_repeated_source, 0) = 1 as has_repeated_source,
        case when sums.part_count > 0 then sums.right_value end as right_value,
        nullif(concat_ws(
            '、',
            case when coalesce(stated.has_appropriation, 0) = 0 then '当年财政拨款' end,
            case when coalesce(stated.has_carryover, 0) = 0 then '上年结转资金' end,
            case when coalesce(stated.has_other, 0) = 0 then '其他资金' end
        ), '') as missing_zh,
        nullif(concat_ws(
            ', ',
            case when coalesce(stated.has_appropriation, 0) = 0 then 'current appropriation' end,
            case when coalesce(stated.has_carryover, 0) = 0 then 'carry-over' end,
            case when coalesce(stated.has_other, 0) = 0 then 'other funds' end
        ), '') as missing_en
    from wholes
    inner join sums on wholes.figure_key = sums.sum_key
    inner join {{ ref('measures') }} as measures on wholes.column_measure = measures.measure
    left join stated on wholes.figure_key = stated.whole_key
)

-- a blank source is not a zero: only where the stated ones reach or exceed the total is anything certain
select
    {{ rule_columns({
        'rule_code': "'funding_block_closes'",
        'document_sha256': 'document_sha256',
        'subject_zh': "case when project_name is null then '资金情况' else project_name || '资金情况' end || column_zh",
        'subject_en': "coalesce(project_name || ': ', '') || 'funding, ' || column_en",
        'left_zh': said_zh("'合计'"),
        'left_en': said_en("'total'"),
        'left_value': 'left_value',
        'right_zh': "'各来源之和（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'the sum of its sources (' || coalesce(parts_en, '') || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'severity_cap': "case when has_repeated_source then 'warning' end",
        'note_zh': "case when has_repeated_source then '同一资金来源有多行，可能含其中项' end",
        'note_en': "case when has_repeated_source then 'one source of funds has several rows, which may be parts of each other' end",
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing_zh', parts_only_add=true),
    }) }}
from compared
