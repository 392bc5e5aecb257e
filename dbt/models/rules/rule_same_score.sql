-- grain: one row a self-evaluation score stated in prose (rule 15) against the total of its form
with totals as (
    select
        *,
        count(*) over (partition by document_sha256) as form_count
    from {{ of_this_turn('int_rule_form_rows') }}
    where is_current and row_kind = 'total' and score is not null
),

stated as (
    select * from {{ of_this_turn('int_rule_operation') }}
    where is_current and is_exact and metric_group = 'score' and metric_code = 'self_score' and form is null
),

matched as (
    select
        stated.*,
        totals.score as form_score,
        totals.form_zh,
        totals.form_en,
        totals.evidence_key as form_evidence,
        row_number() over (partition by stated.figure_key order by totals.form_no, totals.form_row_no) as choice
    from stated
    inner join {{ ref('int_report_versions') }} as reports on stated.document_sha256 = reports.document_sha256
    left join totals
        on stated.document_sha256 = totals.document_sha256
        and (
            (stated.project_key is not null and totals.form = 'project' and totals.project_key = stated.project_key)
            -- the only form of a project is the department's in a project's report only
            or (
                stated.project_key is null
                and (totals.form <> 'project' or (totals.form_count = 1 and reports.report_kind = 'project_self_evaluation'))
                and (totals.form = 'overall' or totals.form_count = 1)
            )
        )
    -- a score of the year before has a form of its own
    where stated.fiscal_year is not distinct from reports.fiscal_year
),

compared as (
    select
        *,
        case when form_score is null then '自评表总得分' end as missing_zh,
        case when form_score is null then 'the total of the form' end as missing_en
    from matched
    where choice = 1
)

select
    {{ rule_columns({
        'rule_code': "'same_score_agrees'",
        'document_sha256': 'document_sha256',
        'subject_zh': "coalesce(project_name, '部门整体支出') || '自评得分'",
        'subject_en': "coalesce(project_name, 'overall expenditure') || ': self-evaluation score'",
        'unit': "'分'",
        'left_zh': said_zh('metric_label'),
        'left_en': said_en("'self-evaluation score'"),
        'left_value': 'value',
        'right_zh': "coalesce(form_zh, '自评表') || '总得分'",
        'right_en': "'the total of the ' || coalesce(form_en, 'form')",
        'right_value': 'form_score',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': list_of(['evidence_key', 'form_evidence']),
        'outcome': outcome('value', 'form_score', '0', 'missing_zh'),
    }) }}
from compared
