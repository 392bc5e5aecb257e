-- grain: one row an execution rate stated in prose for a project or for the whole (rule 15) against the rate of its form
with rates as (
    select * from {{ of_this_turn('int_rule_operation') }}
    where is_current and is_exact and metric_group = 'rate' and metric_code = 'execution_rate'
),

pairs as (
    select
        in_text.*,
        in_form.value as form_value,
        in_form.stated_at_zh as form_at_zh,
        in_form.stated_at_en as form_at_en,
        in_form.evidence_key as form_evidence,
        case
            when in_text.written_decimals = in_form.written_decimals then 0
            else {{ half_place('least(in_text.written_decimals, in_form.written_decimals)') }}
        end as tolerance,
        row_number() over (partition by in_text.figure_key order by in_form.figure_no) as choice
    from rates as in_text
    inner join rates as in_form
        on in_text.document_sha256 = in_form.document_sha256
        and in_text.project_key is not distinct from in_form.project_key
        and coalesce(in_text.rate_of_account_code, in_text.account_code) = in_form.account_code
    where in_text.form is null and in_form.form in ('overall', 'project')
)

select
    {{ rule_columns({
        'rule_code': "'same_rate_agrees'",
        'document_sha256': 'document_sha256',
        'subject_zh': "coalesce(project_name, '部门整体支出') || '执行率'",
        'subject_en': "coalesce(project_name, 'overall expenditure') || ': execution rate'",
        'unit': "'%'",
        'left_zh': said_zh('metric_label'),
        'left_en': said_en("'execution rate'"),
        'left_value': 'value',
        'right_zh': 'form_at_zh',
        'right_en': 'form_at_en',
        'right_value': 'form_value',
        'tolerance': 'tolerance',
        'evidence_keys': list_of(['evidence_key', 'form_evidence']),
        'outcome': outcome('value', 'form_value', 'tolerance'),
    }) }}
from pairs
where choice = 1
