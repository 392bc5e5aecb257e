-- grain (rule 15): one row a statement of an amount that is stated elsewhere in the report too, against the statement that
-- is taken as primary, or against one that it nearly is; one row a project that says what it includes, against its parts in another section
with parts_by_source as (
    -- 中央资金180万元，省级资金60万元: several parts of one amount by their source, none of them the amount itself
    select
        figure_group_key,
        sentence_no,
        fund_source
    from {{ of_this_turn('int_rule_money') }}
    where form is null and coalesce(fund_source, 'total') <> 'total'
    group by figure_group_key, sentence_no, fund_source
    having count(*) > 1
),

money as {{ read_where_used() }} (
    select
        money.*,
        coalesce({{ regexp_like('money.label', "'财政拨款|公共财政|经费拨款|一般公共预算'") }}, false) as is_of_appropriations,
        coalesce({{ regexp_like("coalesce(money.label, '') || coalesce(money.measure_term, '') || coalesce(money.column_label, '')", "'年初'") }}, false) as is_said_initial
    from {{ of_this_turn('int_rule_money') }} as money
    left join parts_by_source
        on money.form is null
        and money.figure_group_key = parts_by_source.figure_group_key
        and money.sentence_no = parts_by_source.sentence_no
        and money.fund_source = parts_by_source.fund_source
    where
        parts_by_source.figure_group_key is null
        and place <> 'form_note'
        and account_code not in ('unclassified', 'operating_item')
        and measure not in ('other', 'change', 'target', 'achieved', 'deviation_note')
        -- special funds without a name are as many as they are stated
        and not (account_code in ('project_special', 'project_business', 'project_maintenance') and form is null)
),

-- money beside the general public budget: what a statement of all money holds more than one of the appropriations
other_money as (
    {{ money_beside_the_general_budget() }}
),

-- the budget of the whole year, which a bare 预算 may mean as well as the initial one
full_year_budgets as (
    select distinct
        document_sha256,
        account_code,
        project_key,
        amount_wan
    from money
    where measure in ('full_year_budget', 'adjusted_budget')
    union
    select
        document_sha256,
        account_code,
        project_key,
        amount_wan
    from money
    where measure = 'appropriation_income' and form is null and account_code = 'total'
),

repeated as (
    select
        others.figure_key,
        others.document_sha256,
        others.subject_zh || others.measure_zh as subject_zh,
        others.subject_en || ', ' || others.measure_en as subject_en,
        {{ said_zh('others.label', 'others.stated_at_zh', 'others.form') }} as left_zh,
        {{ said_en('coalesce(others.project_name, others.account_name_en)', 'others.stated_at_en', 'others.form') }} as left_en,
        others.amount_wan as left_value,
        {{ said_zh('chosen.label', 'chosen.stated_at_zh', 'chosen.form') }} as right_zh,
        {{ said_en('coalesce(chosen.project_name, chosen.account_name_en)', 'chosen.stated_at_en', 'chosen.form') }} as right_en,
        chosen.amount_wan as right_value,
        -- the same figure in fewer places: half a unit of the coarser one
        greatest(others.half_place_wan, chosen.half_place_wan) as coarser_tolerance,
        others.half_place_wan = chosen.half_place_wan as is_same_precision,
        others.is_form or chosen.is_form as has_form,
        case
            -- 财政拨款 against all money, which holds it, told by its words or by what is left
            when
                others.account_code in ('total', 'income', 'income_appropriation', 'basic', 'project')
                and (
                    (not others.is_form and not chosen.is_form
                        and (others.is_of_appropriations and not chosen.is_of_appropriations and others.amount_wan < chosen.amount_wan
                            or chosen.is_of_appropriations and not others.is_of_appropriations and chosen.amount_wan < others.amount_wan))
                    or other_money.amount_wan is not null
                )
                then 'other_money'
            when
                others.measure = 'initial_budget'
                and (
                    not others.is_said_initial and others.amount_wan > chosen.amount_wan and others.amount_wan = full_year_budgets.amount_wan
                    or not chosen.is_said_initial and chosen.amount_wan > others.amount_wan and chosen.amount_wan = full_year_budgets.amount_wan
                )
                then 'full_year'
        end as other_scope,
        sum(others.amount_wan) over (partition by chosen.figure_key, others.scope_key) as scope_amount,
        {{ list_of(['others.evidence_key', 'chosen.evidence_key']) }} as evidence_keys,
        row_number() over (
            partition by chosen.figure_key, others.amount_wan, others.scope_key
            order by others.figure_no
        ) as repetition
    from money as others
    inner join money as chosen
        on others.figure_group_key = chosen.figure_group_key
        and not others.is_primary
        and (
            chosen.is_primary
            -- of two statements of another scope, the later one where it is the earlier one but for its last digits
            or (
                chosen.figure_no < others.figure_no
                and chosen.amount_wan <> others.amount_wan
                and chosen.amount_wan <> chosen.primary_amount_wan
                and others.amount_wan <> others.primary_amount_wan
                and abs(chosen.amount_wan - others.amount_wan) * 1000 <= abs(others.amount_wan)
            )
        )
        and others.is_grand_total = chosen.is_grand_total
    left join other_money
        on others.document_sha256 = other_money.document_sha256
        and abs(others.amount_wan - chosen.amount_wan) = other_money.amount_wan
    left join full_year_budgets
        on others.document_sha256 = full_year_budgets.document_sha256
        and others.account_code = full_year_budgets.account_code
        and others.project_key is not distinct from full_year_budgets.project_key
        and greatest(others.amount_wan, chosen.amount_wan) = full_year_budgets.amount_wan
    where
        (
            others.scope_key <> chosen.scope_key
            or coalesce(others.section, '') <> coalesce(chosen.section, '')
            or others.sentence_no is distinct from chosen.sentence_no
        )
        -- 到位资金100万元，其中上级20万元: a part is not the whole said again
        and not (
            others.account_code in ('total', 'income', 'income_appropriation')
            and coalesce(others.fund_source, '') = 'current_appropriation'
            and chosen.fund_source is null
            and others.form is null
            and others.part_of_figure_no is not null
            and others.amount_wan <> chosen.amount_wan
        )
),

-- scopes have the same names in all documents: the keys of a join stand beside them, the document's first
composites as (
    select
        wholes.figure_key,
        parts.document_sha256,
        parts.scope_key,
        parts.measure,
        parts.fiscal_year,
        count(distinct composites.part_key) as stated_parts,
        max(needed.part_count) as part_count
    from money as wholes
    inner join {{ ref('int_project_composites') }} as composites on wholes.project_key = composites.composite_key
    inner join (
        select
            composite_key,
            count(*) as part_count
        from {{ ref('int_project_composites') }}
        group by composite_key
        having count(*) = count(part_key)
    ) as needed on wholes.project_key = needed.composite_key
    inner join money as parts
        on wholes.document_sha256 = parts.document_sha256
        and composites.part_key = parts.project_key
        and wholes.measure = parts.measure
        and wholes.fiscal_year is not distinct from parts.fiscal_year
        and wholes.scope_key <> parts.scope_key
    group by wholes.figure_key, parts.document_sha256, parts.scope_key, parts.measure, parts.fiscal_year
    having count(distinct composites.part_key) = max(needed.part_count)
),

terms as (
    select
        composites.figure_key || composites.scope_key as sum_key,
        'whole' as term_role,
        1 as sign,
        wholes.amount_wan as amount,
        wholes.written_decimals,
        wholes.unit_wan as unit_factor,
        wholes.is_form,
        wholes.evidence_key,
        0 as term_no,
        wholes.subject_zh as term_zh,
        wholes.subject_en as term_en
    from composites
    inner join money as wholes on composites.figure_key = wholes.figure_key
    union all
    select
        sum_key,
        'part' as term_role,
        1 as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        is_form,
        evidence_key,
        figure_no as term_no,
        subject_zh as term_zh,
        subject_en as term_en
    from (
        select
            composites.figure_key || composites.scope_key as sum_key,
            parts.*,
            row_number() over (partition by composites.figure_key, composites.scope_key, parts.project_key order by parts.figure_no) as choice
        from composites
        inner join money as wholes on composites.figure_key = wholes.figure_key
        inner join {{ ref('int_project_composites') }} as pieces on wholes.project_key = pieces.composite_key
        inner join money as parts
            on composites.document_sha256 = parts.document_sha256
            and composites.scope_key = parts.scope_key
            and composites.measure = parts.measure
            and composites.fiscal_year is not distinct from parts.fiscal_year
            and pieces.part_key = parts.project_key
    ) as ranked
    where choice = 1
),

sums as (
    {{ sum_of_terms('terms') }}
),

sections as (
    select
        document_sha256,
        scope_key,
        max(top_section) as top_section,
        max(form) as form
    from money
    group by document_sha256, scope_key
)

select
    {{ rule_columns({
        'rule_code': "'same_amount_agrees'",
        'document_sha256': 'document_sha256',
        'subject_zh': 'subject_zh',
        'subject_en': 'subject_en',
        'left_zh': 'left_zh',
        'left_en': 'left_en',
        'left_value': 'left_value',
        'right_zh': 'right_zh',
        'right_en': 'right_en',
        'right_value': 'right_value',
        'tolerance': "case when is_same_precision then 0 else coarser_tolerance end",
        'note_zh': "'两处口径可能不同'",
        'note_en': "'the two places may have another scope'",
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'case when is_same_precision then 0 else coarser_tolerance end'),
    }) }}
from repeated
-- several amounts of a section that make the one elsewhere are its parts
where repetition = 1 and other_scope is null and not (left_value < right_value and scope_amount = right_value)
union all
select
    {{ rule_columns({
        'rule_code': "'same_amount_agrees'",
        'document_sha256': 'wholes.document_sha256',
        'subject_zh': "wholes.subject_zh || wholes.measure_zh",
        'subject_en': "wholes.subject_en || ', ' || wholes.measure_en",
        'left_zh': said_zh('wholes.subject_zh', 'wholes.stated_at_zh', 'wholes.form'),
        'left_en': said_en('wholes.subject_en', 'wholes.stated_at_en', 'wholes.form'),
        'left_value': 'sums.left_value',
        'right_zh': "'“' || coalesce(sections.top_section, '') || '”所列各项之和（' || sums.parts_zh || '）'",
        'right_en': "'the sum of its parts in “' || coalesce(sections.top_section, '') || '” (' || sums.parts_en || ')'",
        'right_value': 'sums.right_value',
        'tolerance': 'sums.tolerance',
        'note_zh': "'两处口径可能不同'",
        'note_en': "'the two places may have another scope'",
        'evidence_keys': 'sums.evidence_keys',
        'outcome': outcome('sums.left_value', 'sums.right_value', 'sums.tolerance'),
    }) }}
from composites
inner join money as wholes on composites.figure_key = wholes.figure_key
inner join sums on composites.figure_key || composites.scope_key = sums.sum_key
inner join sections on composites.document_sha256 = sections.document_sha256 and composites.scope_key = sections.scope_key
