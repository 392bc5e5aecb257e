-- grain: one row a closing value of assets (rule 16) against opening value, purchases and disposals of its section
with assets as (
    select
        *,
        cast(value * cast(0.0001 as decimal(4, 4)) as decimal(28, 6)) as amount_wan,
        {{ unit_in_wan('money_factor') }} as unit_wan
    from {{ of_this_turn('int_rule_operation') }}
    where is_current and is_exact and metric_group = 'asset' and unit = '元' and money_factor is not null
),

closings as (
    select *
    from (
        select
            *,
            row_number() over (partition by document_sha256, scope_key, fiscal_year order by is_total, figure_no) as choice
        from (
            select
                *,
                case when metric_code = 'assets_total' then 1 else 0 end as is_total,
                max(case when metric_code = 'assets_opening' then 1 else 0 end) over (partition by document_sha256, scope_key) as has_fixed,
                max(case when metric_code = 'assets_total_opening' then 1 else 0 end) over (partition by document_sha256, scope_key) as has_total
            from assets
        ) as known
        -- all assets where the section opens with them, and not with the fixed ones
        where
            metric_code = 'assets_closing' and (has_fixed = 1 or has_total = 0)
            or metric_code = 'assets_total' and has_fixed = 0 and has_total = 1
    ) as ranked
    where choice = 1
),

parts as (
    select
        closings.figure_key as whole_key,
        assets.*,
        row_number() over (partition by closings.figure_key, assets.metric_code order by assets.figure_no) as choice
    from closings
    inner join assets
        on closings.document_sha256 = assets.document_sha256
        and closings.scope_key = assets.scope_key
    where
        assets.metric_code = case when closings.is_total = 1 then 'assets_total_opening' else 'assets_opening' end
        or assets.metric_code in ('assets_acquired', 'assets_disposed')
        -- of all assets only what is told with them, and not what the fixed ones gained
        and (closings.is_total = 0 or assets.sentence_no = closings.sentence_no and assets.metric_label not like '%固定%')
),

terms as (
    select
        figure_key as sum_key,
        'whole' as term_role,
        1 as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        form is not null as is_form,
        evidence_key,
        0 as term_no,
        metric_label as term_zh,
        case metric_code when 'assets_opening' then 'opening' when 'assets_total_opening' then 'opening' when 'assets_acquired' then 'acquired' when 'assets_disposed' then 'disposed' end as term_en
    from closings
    union all
    select
        whole_key as sum_key,
        'part' as term_role,
        case metric_code when 'assets_disposed' then -1 else 1 end as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        form is not null as is_form,
        evidence_key,
        figure_no as term_no,
        metric_label as term_zh,
        case metric_code when 'assets_opening' then 'opening' when 'assets_total_opening' then 'opening' when 'assets_acquired' then 'acquired' when 'assets_disposed' then 'disposed' end as term_en
    from parts
    -- one opening value; purchases and disposals may be several
    where metric_code not in ('assets_opening', 'assets_total_opening') or choice = 1
),

sums as (
    {{ sum_of_terms('terms') }}
),

stated as (
    select
        whole_key,
        max(case when metric_code in ('assets_opening', 'assets_total_opening') then 1 else 0 end) as has_opening,
        max(case when metric_code = 'assets_acquired' then 1 else 0 end) as has_acquired,
        max(case when metric_code = 'assets_disposed' then 1 else 0 end) as has_disposed
    from parts
    group by whole_key
),

compared as (
    select
        closings.*,
        sums.left_value,
        sums.right_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.evidence_keys,
        nullif(concat_ws(
            '、',
            case when coalesce(stated.has_opening, 0) = 0 then '期初资产' end,
            case when coalesce(stated.has_acquired, 0) = 0 then '本年增加' end,
            case when coalesce(stated.has_disposed, 0) = 0 then '本年减少' end
        ), '') as missing_zh,
        nullif(concat_ws(
            ', ',
            case when coalesce(stated.has_opening, 0) = 0 then 'opening assets' end,
            case when coalesce(stated.has_acquired, 0) = 0 then 'what was acquired' end,
            case when coalesce(stated.has_disposed, 0) = 0 then 'what was disposed of' end
        ), '') as missing_en
    from closings
    inner join sums on closings.figure_key = sums.sum_key
    left join stated on closings.figure_key = stated.whole_key
)

select
    {{ rule_columns({
        'rule_code': "'assets_roll_forward'",
        'document_sha256': 'document_sha256',
        'subject_zh': "'期末资产'",
        'subject_en': "'closing assets'",
        'left_zh': said_zh('metric_label'),
        'left_en': said_en("'closing assets'"),
        'left_value': 'left_value',
        'right_zh': "'期初加增加减减少（' || coalesce(parts_zh, '') || '）'",
        'right_en': "'opening + acquired - disposed (' || coalesce(parts_en, '') || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing_zh'),
    }) }}
from compared
