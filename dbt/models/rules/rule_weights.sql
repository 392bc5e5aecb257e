-- grain: one row a level-1 heading with points (rule 12): its points against the weights of its rows; and one row a form:
-- all weights against the total
with form_rows as (
    select * from {{ of_this_turn('int_rule_form_rows') }}
    where is_current
),

headings as (
    select
        headings.form_row_key,
        headings.document_sha256,
        headings.form_zh,
        headings.form_en,
        headings.level_1,
        headings.weight as points,
        headings.evidence_key,
        sum(indicators.weight) as rows_weight,
        {{ collect('indicators.evidence_key', 'indicators.form_row_no') }} as row_evidence
    from form_rows as headings
    left join form_rows as indicators
        on headings.document_sha256 = indicators.document_sha256
        and headings.form = indicators.form
        and headings.form_no = indicators.form_no
        and headings.level_1_label = indicators.level_1_label
        and indicators.row_kind = 'indicator'
        and indicators.weight is not null
    where headings.row_kind = 'heading' and headings.weight is not null
    group by
        headings.form_row_key, headings.document_sha256, headings.form_zh, headings.form_en, headings.level_1, headings.weight,
        headings.evidence_key
),

forms as (
    select
        document_sha256,
        form,
        form_no,
        max(form_zh) as form_zh,
        max(form_en) as form_en,
        sum(case when row_kind = 'indicator' then weight end) as indicators_weight,
        sum(case when row_kind = 'execution' then weight end) as execution_weight,
        max(case when row_kind = 'total' then weight end) as total_weight,
        max(case when row_kind = 'total' then evidence_key end) as total_evidence,
        count(case when row_kind = 'indicator' and weight is not null then 1 end) as indicator_count,
        {{ collect(
            "case when row_kind in ('execution', 'indicator') and weight is not null then evidence_key end", 'form_row_no'
        ) }} as row_evidence
    from form_rows
    group by document_sha256, form, form_no
),

sums as (
    select
        *,
        indicators_weight + coalesce(execution_weight, 0) as all_weight,
        -- the official form has 100 points
        coalesce(total_weight, 100) as expected_weight,
        case when indicator_count = 0 then '各行分值' end as missing_zh,
        case when indicator_count = 0 then 'the rows'' weights' end as missing_en
    from forms
)

select
    {{ rule_columns({
        'rule_code': "'heading_points_match_rows'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '“' || coalesce(level_1, '') || '”分值'",
        'subject_en': "form_en || ': points of ' || coalesce(level_1, '')",
        'unit': "'分'",
        'left_zh': "'所列分值'",
        'left_en': "'the points of the heading'",
        'left_value': 'points',
        'right_zh': "'其下各行分值之和'",
        'right_en': "'the sum of its rows'",
        'right_value': 'rows_weight',
        'missing_zh': "case when rows_weight is null then '各行分值' end",
        'missing_en': "case when rows_weight is null then 'the rows'' weights' end",
        'evidence_keys': list_concat(list_of(['evidence_key']), 'row_evidence'),
        'outcome': outcome('points', 'rows_weight', '0'),
    }) }}
from headings
union all
-- the indicators alone may be meant to make the total: then the form leaves the execution weight out of it
select
    {{ rule_columns({
        'rule_code': "'weights_sum_to_total'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '分值合计'",
        'subject_en': "form_en || ': all weights'",
        'unit': "'分'",
        'left_zh': "case when total_weight is null then '规定总分' else '所列总分' end",
        'left_en': "case when total_weight is null then 'the official total' else 'the stated total' end",
        'left_value': 'expected_weight',
        'right_zh': "case when execution_weight is null then '各指标分值之和' else '预算执行分值与各指标分值之和' end",
        'right_en': "case when execution_weight is null then 'the sum of the indicator weights' else 'the sum of the execution weight and the indicator weights' end",
        'right_value': 'all_weight',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'severity_cap': "case when indicators_weight = expected_weight or total_weight is null then 'warning' end",
        'note_zh': "case when indicators_weight = expected_weight then '各指标分值本身已等于总分，预算执行分值未计入总分' end",
        'note_en': "case when indicators_weight = expected_weight then 'the indicators alone make the total; the execution weight is not in it' end",
        'evidence_keys': list_concat(list_of(['total_evidence']), list_of_present('row_evidence')),
        'outcome': outcome('expected_weight', 'all_weight', '0', 'missing_zh'),
    }) }}
from sums
