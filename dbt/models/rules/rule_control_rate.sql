-- grain: one row a stated control rate (rule 10), serving staff / posts; and one row a pair of serving staff and posts
-- stated in one place (rule 17): nobody serves beyond the posts
with staff as (
    select * from {{ of_this_turn('int_rule_operation') }}
    where
        is_current
        and is_exact
        and metric_group in ('staff', 'rate') and metric_code in ('serving_staff', 'posts', 'control_rate')
        and (metric_group = 'rate' or coalesce(unit_kind, 'people') = 'people')
),

near as (
    select *
    from (
        select
            anchors.figure_key as anchor_key,
            others.metric_code as other_code,
            others.value as other_value,
            others.evidence_key as other_evidence,
            row_number() over (
                partition by anchors.figure_key, others.metric_code
                order by abs(others.figure_no - anchors.figure_no), others.figure_no
            ) as choice
        from staff as anchors
        inner join staff as others
            on anchors.document_sha256 = others.document_sha256
            and anchors.scope_key = others.scope_key
            and coalesce(anchors.section, '') = coalesce(others.section, '')
            and anchors.fiscal_year is not distinct from others.fiscal_year
            and anchors.metric_code <> others.metric_code
            -- a section may go on to its units: only what stands beside each other is one body's
            and abs(others.figure_no - anchors.figure_no) <= 5
    ) as ranked
    where choice = 1
),

pairs as (
    select
        staff.*,
        max(case when near.other_code = 'posts' then near.other_value end) as posts,
        max(case when near.other_code = 'posts' then near.other_evidence end) as posts_evidence,
        max(case when near.other_code = 'serving_staff' then near.other_value end) as serving,
        max(case when near.other_code = 'serving_staff' then near.other_evidence end) as serving_evidence
    from staff
    left join near on staff.figure_key = near.anchor_key
    group by all
),

rates as (
    select
        *,
        {{ exact_ratio('serving', 'posts') }} as right_value,
        {{ half_place('written_decimals') }} as tolerance,
        nullif(concat_ws('、', case when serving is null then '在职人数' end, case when posts is null then '编制数' end), '') as missing_zh,
        nullif(concat_ws(', ', case when serving is null then 'serving staff' end, case when posts is null then 'posts' end), '') as missing_en,
        {{ list_of(['evidence_key', 'serving_evidence', 'posts_evidence']) }} as evidence_keys
    from pairs
    where metric_code = 'control_rate'
),

serving as (
    select
        *,
        case when posts is null then '编制数' end as missing_zh,
        case when posts is null then 'posts' end as missing_en,
        {{ list_of(['evidence_key', 'posts_evidence']) }} as evidence_keys
    from pairs
    where metric_code = 'serving_staff'
)

select
    {{ rule_columns({
        'rule_code': "'stated_rate_matches_figures'",
        'document_sha256': 'document_sha256',
        'subject_zh': "'控制率'",
        'subject_en': "'control rate'",
        'unit': "'%'",
        'left_zh': said_zh("'控制率'"),
        'left_en': said_en("'control rate'"),
        'left_value': 'value',
        'right_zh': "'按在职人数 ' || coalesce(" ~ plain_number('serving') ~ ", '') || '与编制数 ' || coalesce(" ~ plain_number('posts') ~ ", '') || '计算'",
        'right_en': "'serving staff ' || coalesce(" ~ plain_number('serving') ~ ", '') || ' / posts ' || coalesce(" ~ plain_number('posts') ~ ", '')",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': "case when missing_zh is null and abs(value - right_value) <= tolerance then 'holds' else "
            ~ outcome('value', 'right_value', 'tolerance', 'missing_zh') ~ " end",
    }) }}
from rates
union all
select
    {{ rule_columns({
        'rule_code': "'staff_within_posts'",
        'document_sha256': 'document_sha256',
        'subject_zh': "'在职人数与编制数'",
        'subject_en': "'serving staff and posts'",
        'unit': "'人'",
        'left_zh': said_zh("'在职人数'"),
        'left_en': said_en("'serving staff'"),
        'left_value': 'value',
        'right_zh': "'编制数'",
        'right_en': "'the number of posts'",
        'right_value': 'posts',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('value', 'posts', '0', 'missing_zh', comparison='at_most'),
    }) }}
from serving
