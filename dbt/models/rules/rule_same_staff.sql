-- grain: one row a head count of a basic data form (rule 15) against the one of the text. The text's first statement is the
-- department's; later ones are its units'.
with staff as (
    select * from {{ of_this_turn('int_rule_operation') }}
    where
        is_current
        and is_exact
        and metric_group = 'staff'
        and coalesce(unit_kind, 'people') = 'people'
        and metric_code in ('posts', 'serving_staff', 'staff_total', 'retired_cadre', 'retired_staff', 'retired_total', 'contract_staff')
),

in_form as (
    select
        *,
        row_number() over (partition by document_sha256, metric_code, fiscal_year order by figure_no) as choice
    from staff
    where form is not null
),

in_text as (
    select
        *,
        row_number() over (partition by document_sha256, metric_code, fiscal_year order by figure_no) as choice,
        case
            when
                metric_code = 'staff_total'
                and max(case when metric_code in ('serving_staff', 'retired_cadre', 'retired_staff', 'retired_total') then 1 else 0 end)
                    over (partition by document_sha256, fiscal_year) = 0
                then 'serving_staff'
        end as else_code
    from staff
    where form is null
),

-- whom the text counts beside the serving: the form may have them in its number
others_in_text as (
    select
        document_sha256,
        fiscal_year,
        coalesce(
            max(case when metric_code = 'retired_total' then value end),
            sum(case when metric_code in ('retired_cadre', 'retired_staff') then value end)
        ) as retired,
        max(case when metric_code = 'contract_staff' then value end) as contract_staff
    from in_text
    where choice = 1
    group by document_sha256, fiscal_year
),

compared as (
    select
        in_form.*,
        in_text.value as text_value,
        in_text.metric_label as text_label,
        in_text.stated_at_zh as text_at_zh,
        in_text.stated_at_en as text_at_en,
        in_text.evidence_key as text_evidence,
        in_text.metric_code <> in_form.metric_code as is_other_count,
        case
            when in_form.metric_code <> 'serving_staff' then null
            when in_form.value = in_text.value + others_in_text.retired then 'retired'
            when in_form.value = in_text.value + others_in_text.contract_staff then 'contract'
            when in_form.value = in_text.value + others_in_text.retired + others_in_text.contract_staff then 'both'
        end as also_counted,
        case when in_text.figure_key is null then '正文中的' || in_form.metric_label end as missing_zh,
        case when in_text.figure_key is null then in_form.metric_label || ' in the text' end as missing_en
    from in_form
    left join in_text
        on in_form.document_sha256 = in_text.document_sha256
        -- heads in the text, none of them said to be retired, against the serving ones of the form
        and in_form.metric_code in (in_text.metric_code, in_text.else_code)
        and in_form.fiscal_year is not distinct from in_text.fiscal_year
        and in_text.choice = 1
    left join others_in_text
        on in_form.document_sha256 = others_in_text.document_sha256
        and in_form.fiscal_year is not distinct from others_in_text.fiscal_year
    where in_form.choice = 1
)

select
    {{ rule_columns({
        'rule_code': "'same_staff_agrees'",
        'document_sha256': 'document_sha256',
        'subject_zh': 'metric_label',
        'subject_en': staff_in_english('metric_code'),
        'unit': "'人'",
        'left_zh': "coalesce(text_at_zh || '的' || text_label, '正文')",
        'left_en': "coalesce(" ~ staff_in_english('metric_code') ~ " || ' (' || text_at_en || ')', 'the text')",
        'left_value': 'text_value',
        'right_zh': 'stated_at_zh',
        'right_en': 'stated_at_en',
        'right_value': 'value',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'severity_cap': "case when is_other_count or also_counted is not null then 'warning' end",
        'note_zh': "case also_counted when 'retired' then '表中人数恰为正文在职与离退休人数之和，口径不同' "
            ~ "when 'contract' then '表中人数恰为正文在职与编外人数之和，口径不同' "
            ~ "when 'both' then '表中人数恰为正文在职、离退休与编外人数之和，口径不同' end",
        'note_en': "case also_counted when 'retired' then 'the form counts the retired, too: another scope' "
            ~ "when 'contract' then 'the form counts contract staff, too: another scope' "
            ~ "when 'both' then 'the form counts the retired and contract staff, too: another scope' end",
        'evidence_keys': list_of(['text_evidence', 'evidence_key']),
        'outcome': outcome('text_value', 'value', '0', 'missing_zh'),
    }) }}
from compared
