-- grain: one row a stated amount of project expenditure (rule 3) against what is listed under it: the three kinds where
-- they are stated, else the named projects; in its own form or section, and for the primary amount also in each other
-- section that lists projects.
with money as {{ read_where_used() }} (
    select * from {{ of_this_turn('int_rule_money') }}
    where
        place <> 'form_note'
        and account_code in ('project', 'project_item', 'project_business', 'project_maintenance', 'project_special')
),

wholes as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by document_sha256, scope_key, account_code, measure, fiscal_year, amount_wan
                order by case when is_primary then 0 else 1 end, figure_no
            ) as repetition
        from money
    ) as ranked
    where
        -- the same sum said again in its section has the same list; a special fund has its own
        (repetition = 1 or account_code = 'project_special')
        and account_code in ('project', 'project_special')
        and project_key is null
        and measure in ('initial_budget', 'adjusted_budget', 'full_year_budget', 'actual', 'prior_year_actual', 'prior_year_budget')
        and coalesce(fund_source, 'total') = 'total'
        -- another amount than the primary one is the business of rule 15
        and (is_primary or is_form or amount_wan = primary_amount_wan)
),

-- one amount a project: a project that a section names with an addition only was decided and spent as that addition
listed as (
    select *
    from (
        select
            money.*,
            parents.amount_wan as parent_amount,
            case when money.measure = 'adjustment' then 'actual' else money.measure end as listed_measure,
            min(money.amount_wan) over (
                partition by
                    money.document_sha256,
                    money.scope_key,
                    coalesce(money.project_key, money.account_code),
                    case when money.measure = 'adjustment' then 'actual' else money.measure end,
                    money.fiscal_year
            ) as least_amount,
            max(money.amount_wan) over (
                partition by
                    money.document_sha256,
                    money.scope_key,
                    coalesce(money.project_key, money.account_code),
                    case when money.measure = 'adjustment' then 'actual' else money.measure end,
                    money.fiscal_year
            ) as most_amount,
            row_number() over (
                partition by
                    money.document_sha256,
                    money.scope_key,
                    coalesce(money.project_key, money.account_code),
                    case when money.measure = 'adjustment' then 'actual' else money.measure end,
                    money.fiscal_year
                order by
                    case when money.measure = 'adjustment' then 1 else 0 end,
                    case when parents.figure_key is null then 1 else 0 end,
                    money.figure_no
            ) as repetition
        from money
        left join wholes as parents
            on money.document_sha256 = parents.document_sha256
            and money.part_of_figure_no = parents.figure_no
        left join money as owners
            on money.document_sha256 = owners.document_sha256
            and money.part_of_figure_no = owners.figure_no
            and money.scope_key = owners.scope_key
            and money.measure = owners.measure
            and owners.account_code = 'project_item'
            and money.project_key <> owners.project_key
        where
            -- what a listed project is divided into is counted with it
            owners.figure_key is null
            and
            money.account_code in ('project_item', 'project_business', 'project_maintenance', 'project_special')
            and coalesce(money.fund_source, 'total') in ('total', 'current_appropriation')
            -- kinds of purchases are no projects
            and not (money.form is null and coalesce(money.project_name, '') like '%采购')
    ) as ranked
    where repetition = 1
),

lists as (
    select
        document_sha256,
        scope_key,
        listed_measure,
        fiscal_year,
        max(form) as form,
        max(top_section) as top_section,
        max(case when coalesce(budget_book, 'general_public') = 'general_public' then 1 else 0 end) as has_general_book,
        count(case when account_code = 'project_item' then 1 end) as item_count,
        sum(case when account_code = 'project_item' then amount_wan end) as items_amount,
        count(case when account_code <> 'project_item' then 1 end) as kind_count,
        sum(case when account_code <> 'project_item' then amount_wan end) as kinds_amount,
        max(case when account_code = 'project_special' then 1 else 0 end) as has_special,
        max(case when measure = 'adjustment' then 1 else 0 end) as has_additions
    from listed
    group by document_sha256, scope_key, listed_measure, fiscal_year
),

-- scopes have the same names in all documents: the keys of a join with a pair stand in the pair, the document's first
pairs as (
    select
        wholes.figure_key,
        lists.document_sha256,
        lists.scope_key,
        lists.listed_measure,
        lists.fiscal_year,
        -- where the text says what is part of the whole, only that is
        exists(
            select 1 from listed
            where
                listed.document_sha256 = lists.document_sha256
                and listed.scope_key = lists.scope_key
                and listed.listed_measure = lists.listed_measure
                and listed.fiscal_year is not distinct from lists.fiscal_year
                and listed.parent_amount = wholes.amount_wan
        ) as is_linked,
        wholes.scope_key = lists.scope_key as is_own_scope,
        case
            when wholes.account_code = 'project_special' then 'items'
            when lists.kind_count = 0 then 'items'
            -- a special fund under a blank heading restates one of the kinds, or stands beside them: whichever closes
            when lists.has_special = 0 and lists.item_count > 0 and wholes.amount_wan <> lists.kinds_amount then 'all'
            else 'kinds'
        end as listing
    from wholes
    inner join lists
        on wholes.document_sha256 = lists.document_sha256
        and wholes.measure = lists.listed_measure
        and wholes.fiscal_year is not distinct from lists.fiscal_year
    where
        -- special funds are listed behind their sum, in its own form or section
        (wholes.account_code = 'project' or (wholes.scope_key = lists.scope_key and lists.item_count > 0))
        -- 资金来源为一般公共预算185万元，政府性基金5万元: the list is not of the smaller book
        and (coalesce(wholes.budget_book, 'general_public') = 'general_public' or lists.has_general_book = 0 or wholes.is_form)
        and (
            wholes.scope_key = lists.scope_key
            or (
                -- a section without a sum of its own that lists at least two projects
                wholes.is_primary
                and lists.form is null
                and lists.kind_count = 0
                and lists.item_count >= 2
                -- kinds of purchases are no projects
                and coalesce(lists.top_section, '') not like '%采购%'
                -- the projects of another budget book are none of this one's
                and not coalesce({{ regexp_like('lists.top_section', "'政府性基金|国有资本经营|社会保险基金'") }}, false)
                and not exists (
                    select 1 from wholes as own
                    where own.document_sha256 = lists.document_sha256 and own.scope_key = lists.scope_key and own.measure = lists.listed_measure
                )
            )
        )
),

-- items that one sentence or one heading lists and that make the whole: what the section says of them again is no item
-- of its own
closing as (
    select
        pairs.figure_key,
        pairs.scope_key,
        min(grouped.list_key) as list_key
    from pairs
    inner join wholes on pairs.figure_key = wholes.figure_key
    inner join (
        select
            document_sha256,
            scope_key,
            listed_measure,
            fiscal_year,
            list_key,
            sum(amount_wan) as amount,
            sum(half_place_wan) as half_places
        from (
            select
                *,
                'sentence ' || cast(sentence_no as string) as list_key
            from listed
            union all
            select
                *,
                'section ' || section as list_key
            from listed
        ) as keyed
        where account_code = 'project_item' and form is null and list_key is not null
        group by document_sha256, scope_key, listed_measure, fiscal_year, list_key
        having count(*) > 1
    ) as grouped
        on pairs.document_sha256 = grouped.document_sha256
        and pairs.scope_key = grouped.scope_key
        and pairs.listed_measure = grouped.listed_measure
        and pairs.fiscal_year is not distinct from grouped.fiscal_year
        and abs(wholes.amount_wan - grouped.amount) <= grouped.half_places + wholes.half_place_wan
    where pairs.listing = 'items'
    group by pairs.figure_key, pairs.scope_key
),

terms as (
    select
        pairs.figure_key || pairs.scope_key as sum_key,
        'whole' as term_role,
        1 as sign,
        wholes.amount_wan as amount,
        wholes.written_decimals,
        wholes.unit_wan as unit_factor,
        wholes.is_form,
        wholes.evidence_key,
        0 as term_no,
        wholes.subject_zh as term_zh,
        wholes.subject_en as term_en,
        0 as least_amount,
        0 as most_amount
    from pairs
    inner join wholes on pairs.figure_key = wholes.figure_key
    union all
    select
        pairs.figure_key || pairs.scope_key as sum_key,
        'part' as term_role,
        1 as sign,
        listed.amount_wan as amount,
        listed.written_decimals,
        listed.unit_wan as unit_factor,
        listed.is_form,
        listed.evidence_key,
        listed.figure_no as term_no,
        listed.subject_zh as term_zh,
        listed.subject_en as term_en,
        listed.least_amount,
        listed.most_amount
    from pairs
    inner join wholes on pairs.figure_key = wholes.figure_key
    inner join lists
        on pairs.document_sha256 = lists.document_sha256
        and pairs.scope_key = lists.scope_key
        and pairs.listed_measure = lists.listed_measure
        and pairs.fiscal_year is not distinct from lists.fiscal_year
    inner join listed
        on pairs.document_sha256 = listed.document_sha256
        and pairs.scope_key = listed.scope_key
        and pairs.listed_measure = listed.listed_measure
        and pairs.fiscal_year is not distinct from listed.fiscal_year
        and listed.figure_key <> wholes.figure_key
        and (not pairs.is_linked or listed.is_form or listed.parent_amount = wholes.amount_wan)
        -- an item of just the whole beside others states the whole again
        and not (
            pairs.listing = 'items'
            and listed.amount_wan = wholes.amount_wan
            and lists.items_amount = 2 * wholes.amount_wan
            and lists.item_count > 2
        )
        and (
            pairs.listing = 'all'
            or (pairs.listing = 'items' and listed.account_code = 'project_item')
            or (pairs.listing = 'kinds' and listed.account_code <> 'project_item')
        )
    left join closing on pairs.figure_key = closing.figure_key and pairs.scope_key = closing.scope_key
    where
        (
            closing.list_key is null
            or closing.list_key = 'sentence ' || cast(listed.sentence_no as string)
            or closing.list_key = 'section ' || listed.section
        )
        and (
            -- the projects of a special fund are said to be its parts, or stand in its sentence or below it in its form
            wholes.account_code = 'project'
            or listed.part_of_figure_no = wholes.figure_no
            or (listed.figure_no > wholes.figure_no and (listed.is_form or listed.sentence_no = wholes.sentence_no))
        )
),

sums as (
    {{ sum_of_terms('terms') }}
),

-- a project with several amounts in one list
ranges as (
    select
        sum_key,
        sum(least_amount) as least_amount,
        sum(most_amount) as most_amount,
        max(case when term_role = 'part' and {{ regexp_like('term_zh', "'其他|其它'") }} then 1 else 0 end) as has_rest
    from terms
    group by sum_key
),

-- 一、运转类项目, 二、特定目标类项目: groups that make the whole over a choice of their projects
project_groups as (
    select
        document_sha256,
        scope_key,
        measure,
        column_label,
        sum(amount_wan) as amount
    from {{ of_this_turn('int_rule_money') }}
    where form is not null and account_code = 'unclassified' and {{ regexp_like('label', "'项目$'") }}
    group by document_sha256, scope_key, measure, column_label
),

listings as (
    select
        wholes.*,
        ranges.has_rest,
        project_groups.amount as groups_amount,
        ranges.least_amount < ranges.most_amount
        and wholes.amount_wan between ranges.least_amount and ranges.most_amount as is_in_range,
        pairs.is_own_scope,
        pairs.is_linked,
        pairs.listing,
        lists.top_section as listed_section,
        lists.has_additions,
        sums.left_value,
        -- of several amounts of a project those that make the whole are meant
        case when wholes.amount_wan in (ranges.least_amount, ranges.most_amount) then wholes.amount_wan else sums.right_value end as right_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.part_count,
        sums.evidence_keys
    from pairs
    inner join wholes on pairs.figure_key = wholes.figure_key
    inner join sums on pairs.figure_key || pairs.scope_key = sums.sum_key
    inner join ranges on pairs.figure_key || pairs.scope_key = ranges.sum_key
    left join project_groups
        on wholes.document_sha256 = project_groups.document_sha256
        and wholes.scope_key = project_groups.scope_key
        and wholes.measure = project_groups.measure
        and wholes.column_label = project_groups.column_label
    inner join lists
        on pairs.document_sha256 = lists.document_sha256
        and pairs.scope_key = lists.scope_key
        and pairs.listed_measure = lists.listed_measure
        and pairs.fiscal_year is not distinct from lists.fiscal_year
    where
        sums.part_count > 0
        -- one project in the text is an example, no list
        and (sums.part_count > 1 or wholes.is_form or sums.left_value = sums.right_value)
),

-- prose lists the main projects: it names all of them where it says what the others are, or where another measure closes
compared as (
    select
        *,
        case
            when is_in_range and right_value <> left_value then 'one_amount'
            when
                right_value < left_value - tolerance
                and (
                    not is_own_scope
                    or (form is null and has_rest = 0 and not closes_otherwise)
                    or groups_amount = left_value
                )
                then 'others'
        end as missing
    from (
        select
            *,
            max(case when abs(left_value - right_value) <= tolerance then 1 else 0 end)
                over (partition by document_sha256, scope_key, listing, part_count) = 1 as closes_otherwise
        from listings
    ) as listings
)

-- prose may list the main projects only; more than the whole it cannot list
select
    {{ rule_columns({
        'rule_code': "'project_is_sum_of_items'",
        'document_sha256': 'document_sha256',
        'subject_zh': 'subject_zh || measure_zh',
        'subject_en': "subject_en || ', ' || measure_en",
        'left_zh': said_zh('subject_zh || measure_zh'),
        'left_en': said_en("subject_en || ', ' || measure_en"),
        'left_value': 'left_value',
        'right_zh': "case when is_own_scope then '' else '“' || coalesce(listed_section, '正文') || '”' end || '所列' "
            ~ "|| cast(part_count as string) || '项之和（' || parts_zh || '）'",
        'right_en': "'the sum of the ' || cast(part_count as string) || ' listed items ' || case when is_own_scope then '' else 'of “' || coalesce(listed_section, 'text') || '” ' end || '(' || parts_en || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'severity_cap': "case when not is_own_scope or (form is null and (right_value < left_value or right_value > 2 * left_value or not is_linked)) or has_additions = 1 or is_in_range then 'warning' end",
        'note_zh': "case when not is_own_scope then '两处口径可能不同' || case when has_additions = 1 then '，其中部分项目只写追加数' else '' end "
            ~ "when is_in_range then '有的项目列有几个金额' when form is null and right_value < left_value then '所列项目可能不全' end",
        'note_en': "case when not is_own_scope then 'the two places may have another scope' "
            ~ "|| case when has_additions = 1 then '; some projects are stated with an addition only' else '' end "
            ~ "when is_in_range then 'a project is listed with several amounts' "
            ~ "when form is null and right_value < left_value then 'the list may name some projects only' end",
        'missing_zh': "case missing when 'one_amount' then '各项目的唯一金额' when 'others' then '其余项目' end",
        'missing_en': "case missing when 'one_amount' then 'one amount a project' when 'others' then 'the other projects' end",
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing'),
    }) }}
from compared
