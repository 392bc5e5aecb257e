-- grain (rule 18): one row a primary executed amount against its budget; of the three public expenses also against the
-- prior year
with money as {{ read_where_used() }} (
    select
        *,
        account_code in ('three_public', 'overseas_travel', 'reception', 'vehicle', 'vehicle_purchase', 'vehicle_running') as is_three_public
    from {{ of_this_turn('int_rule_money') }}
    where place <> 'form_note' and coalesce(fund_source, 'total') = 'total' and account_code <> 'unclassified'
),

spent as (
    select * from money
    where
        measure = 'actual'
        and is_primary
        and (
            is_three_public
            or account_code in ('total', 'basic', 'personnel', 'operating', 'project', 'project_item', 'procurement')
        )
),

limits as (
    select
        spent.figure_key as spent_key,
        limits.*,
        case when limits.measure = 'prior_year_actual' then 'prior_year' else 'budget' end as limit_kind,
        row_number() over (
            partition by spent.figure_key, case when limits.measure = 'prior_year_actual' then 'prior_year' else 'budget' end
            order by
                case when limits.scope_key = spent.scope_key then 0 else 1 end,
                case limits.measure when 'full_year_budget' then 0 when 'adjusted_budget' then 1 else 2 end,
                case when limits.is_primary then 0 else 1 end,
                abs(limits.figure_no - spent.figure_no)
        ) as choice
    from spent
    inner join money as limits
        on spent.document_sha256 = limits.document_sha256
        and spent.account_code = limits.account_code
        and spent.project_key is not distinct from limits.project_key
        and {{ one_book('spent', 'limits') }}
    where
        (
            limits.measure in ('full_year_budget', 'adjusted_budget', 'initial_budget')
            and spent.fiscal_year is not distinct from limits.fiscal_year
        )
        or (limits.measure = 'prior_year_actual' and spent.is_three_public)
),

kinds as (
    select 'budget' as limit_kind
    union all
    select 'prior_year' as limit_kind
),

compared as (
    select
        spent.*,
        kinds.limit_kind,
        limits.amount_wan as limit_value,
        limits.form as limit_form,
        limits.stated_at_zh as limit_at_zh,
        limits.stated_at_en as limit_at_en,
        limits.measure_zh as limit_zh,
        limits.measure_en as limit_en,
        limits.evidence_key as limit_evidence,
        case when limits.figure_key is null then case kinds.limit_kind when 'budget' then '预算数' else '上年决算数' end end as missing_zh,
        case when limits.figure_key is null then case kinds.limit_kind when 'budget' then 'the budget' else 'the prior year' end end as missing_en
    from spent
    inner join kinds
        on kinds.limit_kind = 'budget' or spent.is_three_public
    left join limits
        on spent.figure_key = limits.spent_key
        and kinds.limit_kind = limits.limit_kind
        and limits.choice = 1
)

select
    {{ rule_columns({
        'rule_code': "case when limit_kind = 'prior_year' then 'three_public_not_above_prior_year' "
            ~ "when is_three_public then 'three_public_within_budget' else 'spending_within_budget' end",
        'document_sha256': 'document_sha256',
        'subject_zh': 'subject_zh',
        'subject_en': 'subject_en',
        'left_zh': said_zh('measure_zh'),
        'left_en': said_en('measure_en'),
        'left_value': 'amount_wan',
        'right_zh': "coalesce(" ~ said_zh('limit_zh', 'limit_at_zh', 'limit_form') ~ ", '')",
        'right_en': "coalesce(" ~ said_en('limit_en', 'limit_at_en', 'limit_form') ~ ", '')",
        'right_value': 'limit_value',
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': list_of(['evidence_key', 'limit_evidence']),
        'outcome': outcome('amount_wan', 'limit_value', '0', 'missing_zh', comparison='at_most'),
    }) }}
from compared
