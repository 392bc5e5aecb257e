-- grain: one row a scored row (rule 13: no score above its weight), one a form (scores sum to the stated total), one a
-- total row with a grade (the grade follows from the total)
with form_rows as (
    select * from {{ of_this_turn('int_rule_form_rows') }}
    where is_current
),

forms as (
    select
        document_sha256,
        form,
        form_no,
        max(form_zh) as form_zh,
        max(form_en) as form_en,
        sum(case when row_kind = 'indicator' then score end) as indicators_score,
        sum(case when row_kind = 'execution' then score end) as execution_score,
        sum(case when row_kind = 'indicator' then weight end) as indicators_weight,
        max(case when row_kind = 'total' then weight end) as total_weight,
        max(case when row_kind = 'total' then score end) as total_score,
        max(case when row_kind = 'total' then evidence_key end) as total_evidence,
        count(case when row_kind = 'indicator' and score is not null then 1 end) as scored_count,
        {{ collect(
            "case when row_kind in ('execution', 'indicator') and score is not null then evidence_key end", 'form_row_no'
        ) }} as row_evidence
    from form_rows
    group by document_sha256, form, form_no
),

sums as (
    select
        *,
        indicators_score + coalesce(execution_score, 0) as all_score,
        nullif(concat_ws('、', case when scored_count = 0 then '各行得分' end, case when total_score is null then '总得分' end), '') as missing_zh,
        nullif(concat_ws(', ', case when scored_count = 0 then 'the rows'' scores' end, case when total_score is null then 'the total score' end), '')
            as missing_en,
        execution_score is not null and indicators_score = total_score
        and (total_weight is null or indicators_weight is null or indicators_weight = total_weight) as leaves_execution_out
    from forms
),

scored_rows as (
    select
        form_rows.*,
        coalesce(sums.missing_zh is null and sums.all_score <> sums.total_score, false) as is_other_sum
    from form_rows
    left join sums
        on form_rows.document_sha256 = sums.document_sha256
        and form_rows.form = sums.form
        and form_rows.form_no is not distinct from sums.form_no
    where
        form_rows.row_kind in ('indicator', 'execution', 'total')
        and form_rows.score is not null
        and form_rows.weight is not null
),

grades as (
    select
        *,
        case
            when score * 100 >= 90 * coalesce(weight, 100) then '优'
            when score * 100 >= 80 * coalesce(weight, 100) then '良'
            when score * 100 >= 60 * coalesce(weight, 100) then '中'
            else '差'
        end as expected_grade
    from form_rows
    where row_kind = 'total' and grade is not null and score is not null
),

graded as (
    select
        *,
        score < least_score as is_below,
        case
            when grade = expected_grade or score < least_score then least_score
            -- above the stated grade: the first line that it passes
            else cast(case grade when '良' then 90 when '中' then 80 else 60 end * coalesce(weight, 100) * cast(0.01 as decimal(4, 2)) as decimal(12, 4))
        end as bound
    from (
        select
            *,
            cast(case grade when '优' then 90 when '良' then 80 when '中' then 60 else 0 end
                * coalesce(weight, 100) * cast(0.01 as decimal(4, 2)) as decimal(12, 4)) as least_score
        from grades
    ) as bounded
)

-- a total that its rows do not make is that error; being too large is how it looks
select
    {{ rule_columns({
        'rule_code': "'score_within_weight'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '“' || coalesce(level_3, level_2, level_1, '') || '”得分'",
        'subject_en': "form_en || ': score of ' || coalesce(level_3, level_2, level_1, '')",
        'unit': "'分'",
        'left_zh': "'得分'",
        'left_en': "'the score'",
        'left_value': 'score',
        'right_zh': "'分值'",
        'right_en': "'the weight'",
        'right_value': 'weight',
        'severity_cap': "case when row_kind = 'total' and is_other_sum and score > weight then 'warning' end",
        'note_zh': "case when row_kind = 'total' and is_other_sum and score > weight then '总得分与各行得分之和也不一致' end",
        'note_en': "case when row_kind = 'total' and is_other_sum and score > weight then 'the rows make another total' end",
        'evidence_keys': list_of(['evidence_key']),
        'outcome': outcome('score', 'weight', '0', comparison='at_most'),
    }) }}
from scored_rows
union all
select
    {{ rule_columns({
        'rule_code': "'scores_sum_to_total'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '总得分'",
        'subject_en': "form_en || ': total score'",
        'unit': "'分'",
        'left_zh': "'所列总得分'",
        'left_en': "'the stated total'",
        'left_value': 'total_score',
        'right_zh': "case when execution_score is null then '各指标得分之和' else '预算执行得分与各指标得分之和' end",
        'right_en': "case when execution_score is null then 'the sum of the indicator scores' else 'the sum of the execution score and the indicator scores' end",
        'right_value': 'all_score',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'severity_cap': "case when leaves_execution_out then 'warning' end",
        'note_zh': "case when leaves_execution_out then '各指标得分本身已等于总得分，预算执行得分未计入总分' end",
        'note_en': "case when leaves_execution_out then 'the indicators alone make the total; the execution score is not in it' end",
        'evidence_keys': list_concat(list_of(['total_evidence']), list_of_present('row_evidence')),
        'outcome': outcome('total_score', 'all_score', '0', 'missing_zh'),
    }) }}
from sums
union all
select
    {{ rule_columns({
        'rule_code': "'grade_follows_total'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '等级'",
        'subject_en': "form_en || ': grade'",
        'unit': "'分'",
        'left_zh': "'总得分'",
        'left_en': "'the total'",
        'left_value': 'score',
        'right_zh': "'所列等级“' || grade || '”的' || case when is_below then '最低分' else '上一等级分数线' end",
        'right_en': "case when is_below then 'the least for the stated grade ' else 'the least for the grade above the stated ' end || grade",
        'right_value': 'bound',
        'note_zh': "'应为“' || expected_grade || '”'",
        'note_en': "'the grade should be ' || expected_grade",
        'evidence_keys': list_of(['evidence_key']),
        'outcome': "case when grade = expected_grade then 'holds' else 'fails' end",
    }) }}
from graded
