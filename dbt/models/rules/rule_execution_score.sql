-- grain: one row an execution row of a form (rule 11): the score against weight x execution rate, at most the weight
with execution_rows as (
    select
        *,
        nullif(concat_ws(
            '、',
            case when weight is null then '分值' end,
            case when execution_rate is null then '执行率' end,
            case when score is null then '得分' end
        ), '') as missing_zh,
        nullif(concat_ws(
            ', ',
            case when weight is null then 'weight' end,
            case when execution_rate is null then 'execution rate' end,
            case when score is null then 'score' end
        ), '') as missing_en,
        {{ half_place("case when position('.' in coalesce(score_as_written, '')) > 0 "
            ~ "then length(score_as_written) - position('.' in score_as_written) else 1 end") }} as tolerance
    from {{ of_this_turn('int_rule_form_rows') }}
    where is_current and row_kind = 'execution'
)

select
    {{ rule_columns({
        'rule_code': "'execution_score_is_weight_times_rate'",
        'document_sha256': 'document_sha256',
        'subject_zh': "form_zh || '预算执行得分'",
        'subject_en': "form_en || ': execution score'",
        'unit': "'分'",
        'left_zh': "'所列得分'",
        'left_en': "'the stated score'",
        'left_value': 'score',
        'right_zh': "'分值 ' || coalesce(" ~ plain_number('weight') ~ ", '') || ' × 执行率 ' || coalesce(" ~ plain_number('execution_rate') ~ ", '') || '%'",
        'right_en': "'weight ' || coalesce(" ~ plain_number('weight') ~ ", '') || ' x execution rate ' || coalesce(" ~ plain_number('execution_rate') ~ ", '') || '%'",
        'right_value': 'recomputed_score',
        'tolerance': 'tolerance',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': list_of(['evidence_key']),
        'outcome': outcome('score', 'recomputed_score', 'tolerance', 'missing_zh'),
    }) }}
from execution_rows
