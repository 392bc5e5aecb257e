{{ config(
    materialized='incremental',
    partition_by=partition_of_facts(),
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    pre_hook=["{{ delete_stale(this, documents='int_rules_to_apply') }}", "{{ first_turn() }}"],
    post_hook="{{ other_turns(this, ref('int_rules_to_apply')) }}",
) }}
-- grain: one row a rule applied to a report, or to two. A rule that found nothing to compare in a report is one row
-- not_applicable that says which terms it looked for.
with reports as (
    select * from {{ of_this_turn('int_rules_to_apply') }}
    where is_to_apply
),

compared as (
    select
        compared.rule_code,
        compared.document_sha256,
        compared.other_document_sha256,
        compared.subject_zh,
        compared.subject_en,
        compared.unit,
        compared.left_zh,
        compared.left_en,
        compared.left_value,
        compared.right_zh,
        compared.right_en,
        compared.right_value,
        compared.tolerance,
        compared.missing_zh,
        compared.missing_en,
        compared.severity_cap,
        compared.note_zh,
        compared.note_en,
        compared.evidence_keys,
        compared.outcome
    from {{ ref('int_reconciliation') }} as compared
    inner join reports on compared.document_sha256 = reports.document_sha256
),

silent as (
    select
        rules.rule_code,
        reports.document_sha256,
        rules.name_zh as subject_zh,
        rules.name_en as subject_en,
        rules.terms_zh as missing_zh,
        rules.terms_en as missing_en
    from {{ ref('rules') }} as rules
    cross join reports
    left join (
        select distinct
            rule_code,
            document_sha256
        from compared
    ) as said
        on rules.rule_code = said.rule_code
        and reports.document_sha256 = said.document_sha256
    where said.rule_code is null
),

everything as (
    select * from compared
    union all
    select
        {{ rule_columns({
            'rule_code': 'rule_code',
            'document_sha256': 'document_sha256',
            'subject_zh': 'subject_zh',
            'subject_en': 'subject_en',
            'missing_zh': 'missing_zh',
            'missing_en': 'missing_en',
            'outcome': "'not_applicable'",
        }) }}
    from silent
),

numbered as (
    select
        everything.*,
        row_number() over (
            partition by rule_code, document_sha256, subject_zh, left_zh, right_zh
            order by left_value nulls last, right_value nulls last, {{ first_of('evidence_keys') }} nulls last
        ) as repetition
    from everything
),

worded as (
    select
        numbered.*,
        rules.name_zh as rule_name_zh,
        rules.name_en as rule_name_en,
        rules.rule_no,
        numbered.left_value - numbered.right_value as difference,
        case
            when numbered.severity_cap = 'info' then 'info'
            when numbered.severity_cap = 'warning' and rules.severity = 'error' then 'warning'
            else rules.severity
        end as severity,
        rules.comparison,
        case numbered.unit when '万元' then ' (in 10,000 yuan)' else '' end as unit_en_note,
        {{ plain_number('numbered.left_value') }} || numbered.unit as left_zh_text,
        {{ plain_number('numbered.right_value') }} || numbered.unit as right_zh_text,
        {{ plain_number('abs(numbered.left_value - numbered.right_value)') }} || numbered.unit as difference_zh_text,
        {{ plain_number('numbered.tolerance') }} || numbered.unit as tolerance_zh_text,
        {{ plain_number('numbered.left_value') }} || {{ unit_in_english('numbered.unit') }} as left_en_text,
        {{ plain_number('numbered.right_value') }} || {{ unit_in_english('numbered.unit') }} as right_en_text,
        {{ plain_number('abs(numbered.left_value - numbered.right_value)') }} || {{ unit_in_english('numbered.unit') }} as difference_en_text,
        {{ plain_number('numbered.tolerance') }} || {{ unit_in_english('numbered.unit') }} as tolerance_en_text
    from numbered
    inner join {{ ref('rules') }} as rules on numbered.rule_code = rules.rule_code
),

finished as (
    select
        {{ generate_key([
            'worded.rule_code', 'worded.document_sha256', 'worded.other_document_sha256', 'worded.subject_zh', 'worded.left_zh',
            'worded.right_zh', 'worded.repetition',
        ]) }} as reconciliation_key,
        versions.report_key,
        others.report_key as other_report_key,
        versions.department_key,
        versions.fiscal_year,
        {{ first_of('worded.evidence_keys') }} as evidence_key,
        worded.rule_code,
        cast(worded.rule_no as integer) as rule_no,
        worded.rule_name_zh,
        worded.rule_name_en,
        worded.subject_zh as subject,
        worded.left_value,
        worded.right_value,
        cast(worded.difference as decimal(28, 6)) as difference,
        worded.tolerance,
        worded.unit,
        worded.outcome,
        worded.severity,
        worded.subject_zh || '：' || case
            when worded.outcome = 'not_applicable' then '未作比较，缺少' || coalesce(worded.missing_zh, '可比数据') || '。'
            else
                worded.left_zh || '为' || worded.left_zh_text || '，' || case
                    when worded.outcome = 'holds' and worded.comparison = 'at_most' then '未超过' || worded.right_zh || worded.right_zh_text || '。'
                    when worded.outcome = 'holds' then '与' || worded.right_zh || worded.right_zh_text || '相符。'
                    when worded.outcome = 'rounding' then
                        worded.right_zh || '为' || worded.right_zh_text || '，相差' || worded.difference_zh_text
                        || '，在四舍五入误差' || worded.tolerance_zh_text || '以内。'
                    else
                        case when worded.comparison = 'at_most' then '超过' || worded.right_zh || worded.right_zh_text || '，多' || worded.difference_zh_text
                            else worded.right_zh || '为' || worded.right_zh_text || '，相差' || worded.difference_zh_text
                        end || coalesce('（' || worded.note_zh || '）', '') || '。请核实。'
                end
        end as message_zh,
        worded.subject_en || ': ' || case
            when worded.outcome = 'not_applicable' then 'not compared, missing ' || coalesce(worded.missing_en, 'comparable figures') || '.'
            else
                worded.left_en || ' is ' || worded.left_en_text || case
                    when worded.outcome = 'holds' and worded.comparison = 'at_most' then
                        ', not above ' || worded.right_en || ' of ' || worded.right_en_text || worded.unit_en_note || '.'
                    when worded.outcome = 'holds' then
                        ', which agrees with ' || worded.right_en || ' of ' || worded.right_en_text || worded.unit_en_note || '.'
                    when worded.outcome = 'rounding' then
                        '; ' || worded.right_en || ' is ' || worded.right_en_text || '; the difference of ' || worded.difference_en_text
                        || ' is within rounding (' || worded.tolerance_en_text || ')' || worded.unit_en_note || '.'
                    else
                        case when worded.comparison = 'at_most' then ', above ' || worded.right_en || ' of ' || worded.right_en_text || ' by ' || worded.difference_en_text
                            else '; ' || worded.right_en || ' is ' || worded.right_en_text || '; they differ by ' || worded.difference_en_text
                        end || worded.unit_en_note || coalesce(' (' || worded.note_en || ')', '') || '. Please check.'
                end
        end as message_en,
        worded.evidence_keys,
        worded.document_sha256
    from worded
    inner join {{ ref('int_report_versions') }} as versions on worded.document_sha256 = versions.document_sha256
    left join {{ ref('int_report_versions') }} as others on worded.other_document_sha256 = others.document_sha256
),

failing as (
    select
        reconciliation_key,
        report_key,
        rule_code,
        unit,
        abs(difference) as size,
        -- whole numbers of people or points meet by chance
        unit = '万元' and difference <> round(difference, 0) as is_telling,
        rule_code in ('heading_points_match_rows', 'weights_sum_to_total', 'scores_sum_to_total') as is_of_lost_rows,
        evidence_keys
    from finished
    where outcome = 'fails'
),

-- findings of one cause: of one size, where the size is telling or they share a term; or sums of one form that lost rows
pairs as (
    select
        findings.reconciliation_key,
        others.reconciliation_key as other_key
    from failing as findings
    inner join failing as others
        on findings.report_key = others.report_key
        and (
            findings.reconciliation_key = others.reconciliation_key
            or (
                findings.unit = others.unit
                and findings.size = others.size
                and (findings.is_telling or {{ lists_overlap('findings.evidence_keys', 'others.evidence_keys') }})
            )
            or (
                findings.is_of_lost_rows
                and others.is_of_lost_rows
                and {{ lists_overlap('findings.evidence_keys', 'others.evidence_keys') }}
            )
        )
),

nearest as (
    select
        reconciliation_key,
        min(other_key) as other_key
    from pairs
    group by reconciliation_key
),

causes as (
    select
        pairs.reconciliation_key,
        min(nearest.other_key) as cause_key
    from pairs
    inner join nearest on pairs.other_key = nearest.reconciliation_key
    group by pairs.reconciliation_key
)

select
    finished.reconciliation_key,
    finished.report_key,
    finished.other_report_key,
    finished.department_key,
    finished.fiscal_year,
    finished.evidence_key,
    finished.rule_code,
    finished.rule_no,
    finished.rule_name_zh,
    finished.rule_name_en,
    finished.subject,
    finished.left_value,
    finished.right_value,
    finished.difference,
    finished.tolerance,
    finished.unit,
    finished.outcome,
    finished.severity,
    finished.message_zh,
    finished.message_en,
    finished.evidence_keys,
    causes.cause_key,
    finished.document_sha256,
    reports.build_fingerprint
from finished
inner join reports on finished.document_sha256 = reports.document_sha256
left join causes on finished.reconciliation_key = causes.reconciliation_key
