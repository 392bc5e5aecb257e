-- grain (rule 14): one row an indicator whose target and achievement are numbers of one unit: full points beside an unmet
-- target; one row a form: rows with points off against reasons given; one row a form: targets that can't be measured
with indicators as (
    select
        *,
        {{ try_decimal(regexp_group("replace(target, ',', '')", "'^[^0-9]*([0-9]+(?:[.][0-9]+)?)'", 1)) }} as target_value,
        {{ try_decimal(regexp_group("replace(achieved, ',', '')", "'^[^0-9]*([0-9]+(?:[.][0-9]+)?)'", 1)) }} as achieved_value,
        coalesce(trim({{ regexp_group("replace(target, ',', '')", "'^[^0-9]*[0-9]+(?:[.][0-9]+)?(.*)$'", 1) }}), '') as target_unit,
        coalesce(trim({{ regexp_group("replace(achieved, ',', '')", "'^[^0-9]*[0-9]+(?:[.][0-9]+)?(.*)$'", 1) }}), '') as achieved_unit,
        {{ regexp_like("coalesce(target, '') || coalesce(level_3, '')", "'≤|≦|<|＜|不超过|不高于|不大于|以内|以下|小于|低于|控制'") }}
            or coalesce(indicator_code, '') like '%cost%' as lower_is_better
    from {{ of_this_turn('int_rule_form_rows') }}
    where is_current and row_kind = 'indicator' and weight is not null
),

comparable as (
    select
        *,
        case when lower_is_better then achieved_value > target_value else achieved_value < target_value end as is_unmet
    from indicators
    where
        target_value is not null
        and achieved_value is not null
        and target_unit = achieved_unit
        and score is not null
),

forms as (
    select
        document_sha256,
        form,
        form_no,
        max(form_zh) as form_zh,
        max(form_en) as form_en,
        count(case when score < weight then 1 end) as rows_with_points_off,
        count(case when score < weight and deviation is not null then 1 end) as rows_with_reason,
        count(case when target is not null and not {{ regexp_like('target', "'[0-9０-９一二三四五六七八九十百零无]'") }} then 1 end) as unmeasurable,
        count(case when score is not null then 1 end) as scored,
        count(case when target is not null then 1 end) as with_target,
        {{ collect('case when score < weight then evidence_key end', 'form_row_no') }} as off_evidence,
        {{ collect(
            "case when target is not null and not " ~ regexp_like('target', "'[0-9０-９一二三四五六七八九十百零无]'") ~ " then evidence_key end",
            'form_row_no'
        ) }} as unmeasurable_evidence,
        {{ collect('evidence_key', 'form_row_no') }} as all_evidence
    from indicators
    group by document_sha256, form, form_no
)

select
    {{ rule_columns({
        'rule_code': "'full_score_on_unmet_target'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '“' || coalesce(level_3, level_2, '') || '”'",
        'subject_en': "form_en || ': ' || coalesce(level_3, level_2, '')",
        'unit': 'target_unit',
        'left_zh': "'得' || " ~ plain_number('score') ~ " || '分（分值' || " ~ plain_number('weight') ~ " || '），实际完成值'",
        'left_en': "'scored ' || " ~ plain_number('score') ~ " || ' of ' || " ~ plain_number('weight') ~ " || ', achieved'",
        'left_value': 'achieved_value',
        'right_zh': "'年度指标值'",
        'right_en': "'the target'",
        'right_value': 'target_value',
        'evidence_keys': list_of(['evidence_key']),
        'outcome': "case when is_unmet and score >= weight then 'fails' else 'holds' end",
    }) }}
from comparable
union all
select
    {{ rule_columns({
        'rule_code': "'deduction_without_reason'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '扣分说明'",
        'subject_en': "form_en || ': reasons for points off'",
        'unit': "'行'",
        'left_zh': "'扣分行数'",
        'left_en': "'the number of rows with points off'",
        'left_value': 'rows_with_points_off',
        'right_zh': "'其中说明原因的行数'",
        'right_en': "'the number of those with a reason'",
        'right_value': 'rows_with_reason',
        'evidence_keys': "case when rows_with_points_off > 0 then " ~ list_of_present('off_evidence') ~ " else all_evidence end",
        'outcome': outcome('rows_with_points_off', 'rows_with_reason', '0'),
    }) }}
from forms
where scored > 0
union all
select
    {{ rule_columns({
        'rule_code': "'unmeasurable_targets'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '无法衡量的指标值'",
        'subject_en': "form_en || ': targets that cannot be measured'",
        'unit': "'个'",
        'left_zh': "'无法衡量的指标值'",
        'left_en': "'the number of targets that cannot be measured'",
        'left_value': 'unmeasurable',
        'right_zh': "'应有'",
        'right_en': "'the expected number'",
        'right_value': '0',
        'evidence_keys': "case when unmeasurable > 0 then " ~ list_of_present('unmeasurable_evidence') ~ " else all_evidence end",
        'outcome': outcome('unmeasurable', '0', '0'),
    }) }}
from forms
where with_target > 0
