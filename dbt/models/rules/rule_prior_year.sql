-- grain: one row a prior-year amount (rule 15, between years) that last year's report of the department states too
with money as {{ read_where_used() }} (
    select * from {{ of_this_turn('int_rule_money') }}
    where is_primary and account_code not in ('unclassified', 'operating_item')
),

pairs as (
    select
        this_year.*,
        last_year.document_sha256 as other_sha256,
        last_year.amount_wan as last_value,
        last_year.stated_at_zh as last_at_zh,
        last_year.stated_at_en as last_at_en,
        last_year.evidence_key as last_evidence,
        last_year.fiscal_year as last_fiscal_year,
        case
            when this_year.written_decimals = last_year.written_decimals then 0
            else greatest(this_year.half_place_wan, last_year.half_place_wan)
        end as tolerance,
        row_number() over (
            partition by this_year.figure_key
            order by case when last_year.place = this_year.place then 0 else 1 end, last_year.place_rank, last_year.figure_no
        ) as choice
    from money as this_year
    inner join {{ ref('int_report_versions') }} as this_report on this_year.document_sha256 = this_report.document_sha256
    inner join money as last_year
        on this_year.department_key = last_year.department_key
        and this_year.account_code = last_year.account_code
        and this_year.project_key is not distinct from last_year.project_key
        and this_year.document_sha256 <> last_year.document_sha256
        and {{ compatible('this_year.budget_book', 'last_year.budget_book') }}
        and {{ compatible('this_year.fund_source', 'last_year.fund_source') }}
    inner join {{ ref('int_report_versions') }} as last_report on last_year.document_sha256 = last_report.document_sha256
    where
        this_year.measure = 'prior_year_actual'
        and last_year.measure = 'actual'
        and last_report.fiscal_year = this_report.fiscal_year - 1
        and last_year.fiscal_year = last_report.fiscal_year
)

select
    {{ rule_columns({
        'rule_code': "'prior_year_agrees'",
        'document_sha256': 'document_sha256',
        'other_document_sha256': 'other_sha256',
        'subject_zh': "subject_zh || cast(last_fiscal_year as string) || '年决算数'",
        'subject_en': "subject_en || ', ' || cast(last_fiscal_year as string)",
        'left_zh': "'本报告' || " ~ said_zh("'上年数'"),
        'left_en': "'the prior year of this report (' || stated_at_en || ')'",
        'left_value': 'amount_wan',
        'right_zh': "cast(last_fiscal_year as string) || '年度报告' || last_at_zh || '的执行数'",
        'right_en': "'the report of ' || cast(last_fiscal_year as string) || ' (' || last_at_en || ')'",
        'right_value': 'last_value',
        'tolerance': 'tolerance',
        'evidence_keys': list_of(['evidence_key', 'last_evidence']),
        'outcome': outcome('amount_wan', 'last_value', 'tolerance'),
    }) }}
from pairs
where choice = 1
