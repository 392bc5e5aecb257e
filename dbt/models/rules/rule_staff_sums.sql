-- grain (rule 17): one row a stated number of all heads against serving and retired staff beside it; one row a stated
-- number of posts against the kinds of posts beside it
with staff as (
    select
        *,
        -- a bare word for people may count one kind of them only
        metric_code = 'staff_total' and form is null and not coalesce(
            {{ regexp_like('metric_label', "'总|共|实有|现有|全体|合计|在册|供养|年末'") }}, false
        ) as is_bare,
        -- who works there, the retired not counted
        coalesce({{ regexp_like('metric_label', "'教职工|教职员工|在编|在岗'") }}, false) as is_working_only
    from {{ of_this_turn('int_rule_operation') }}
    where is_current and is_exact and metric_group = 'staff' and coalesce(unit_kind, 'people') = 'people'
),

parts as (
    select
        wholes.figure_key as whole_key,
        parts.metric_code,
        parts.value,
        parts.metric_label,
        parts.evidence_key,
        parts.figure_no,
        row_number() over (
            -- 参公编制 and 事业编制 beside it are two kinds of one code
            partition by wholes.figure_key, parts.metric_code, parts.metric_label like '参公%'
            order by abs(parts.figure_no - wholes.figure_no), parts.figure_no
        ) as choice
    from staff as wholes
    inner join staff as parts
        on wholes.document_sha256 = parts.document_sha256
        and wholes.scope_key = parts.scope_key
        and coalesce(wholes.section, '') = coalesce(parts.section, '')
        and wholes.fiscal_year is not distinct from parts.fiscal_year
        -- a section may go on to its units: only what stands beside each other is one body's
        and abs(parts.figure_no - wholes.figure_no) <= 6
    where
        (
            wholes.metric_code = 'staff_total'
            and parts.metric_code in ('serving_staff', 'retired_cadre', 'retired_staff', 'retired_total', 'contract_staff')
        )
        or (
            wholes.metric_code = 'posts'
            and parts.metric_code in ('posts_administrative', 'posts_institution', 'posts_support', 'posts_police')
        )
),

sums as (
    select
        whole_key,
        count(*) as part_count,
        max(case when metric_code = 'serving_staff' then value end) as serving,
        -- all retired staff where they are stated together, else the two kinds
        coalesce(
            max(case when metric_code = 'retired_total' then value end),
            sum(case when metric_code in ('retired_cadre', 'retired_staff') then value end)
        ) as retired,
        max(case when metric_code = 'contract_staff' then value end) as contract_staff,
        max(case when metric_code in ('retired_total', 'retired_cadre') then 1 else 0 end) as has_cadre,
        sum(case when metric_code like 'posts_%' then value end) as kinds_of_posts,
        max(case when metric_code = 'posts_support' then value end) as support_posts,
        {{ join_text("metric_label || ' ' || " ~ plain_number('value'), "'、'", 'figure_no') }} as parts_zh,
        {{ join_text(staff_in_english('metric_code') ~ " || ' ' || " ~ plain_number('value'), "', '", 'figure_no') }} as parts_en,
        {{ collect('evidence_key', 'figure_no') }} as part_evidence
    from parts
    where choice = 1
    group by whole_key
),

compared as (
    select
        staff.*,
        case
            -- 行政编制31人（含工勤编制2人）: posts within posts
            when staff.metric_code = 'posts' and staff.value = sums.kinds_of_posts - sums.support_posts then staff.value
            when staff.metric_code = 'posts' then sums.kinds_of_posts
            -- fewer than serve are not all
            when staff.is_working_only or (staff.is_bare and staff.value < sums.serving) then null
            -- contract staff count where the sum needs them
            when sums.serving + sums.retired + sums.contract_staff = staff.value then staff.value
            -- 实有 often means the serving staff only; the retired are then named beside it
            when staff.value in (sums.serving, sums.serving + sums.contract_staff) then staff.value
            else sums.serving + sums.retired
        end as right_value,
        sums.parts_zh,
        sums.parts_en,
        sums.part_evidence,
        case
            when staff.metric_code = 'posts' then case when sums.kinds_of_posts is null then '各类编制数' end
            when staff.is_working_only or (staff.is_bare and staff.value < sums.serving) then '总人数'
            else nullif(concat_ws(
                '、',
                case when sums.serving is null then '在职人数' end,
                case when sums.retired is null then '离退休人数' when sums.has_cadre = 0 then '离休人数' end
            ), '')
        end as missing_zh,
        case
            when staff.metric_code = 'posts' then case when sums.kinds_of_posts is null then 'the kinds of posts' end
            when staff.is_working_only or (staff.is_bare and staff.value < sums.serving) then 'the number of all heads'
            else nullif(concat_ws(
                ', ',
                case when sums.serving is null then 'serving staff' end,
                case when sums.retired is null then 'retired staff' when sums.has_cadre = 0 then 'retired cadres' end
            ), '')
        end as missing_en
    from staff
    left join sums on staff.figure_key = sums.whole_key
    where staff.metric_code in ('staff_total', 'posts')
)

select
    {{ rule_columns({
        'rule_code': "case metric_code when 'posts' then 'unit_posts_sum_to_department' else 'staff_total_is_serving_plus_retired' end",
        'document_sha256': 'document_sha256',
        'subject_zh': 'metric_label',
        'subject_en': "case metric_code when 'posts' then 'posts' else 'all heads' end",
        'unit': "'人'",
        'left_zh': said_zh('metric_label'),
        'left_en': said_en(staff_in_english('metric_code')),
        'left_value': 'value',
        'right_zh': "'各项之和（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'the sum of its parts (' || coalesce(parts_en, '') || ')'",
        'right_value': 'right_value',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'severity_cap': "case when is_bare then 'warning' end",
        'evidence_keys': list_concat(list_of(['evidence_key']), 'coalesce(part_evidence, ' ~ empty_text_list() ~ ')'),
        'outcome': outcome('value', 'right_value', '0', 'missing_zh', parts_only_add=true),
    }) }}
from compared
