-- grain: one row an exact amount of a current report whose rules are to be applied, with the words that a message needs
select
    expenditure.*,
    reports.turn,
    {{ unit_in_wan('expenditure.money_factor') }} as unit_wan,
    expenditure.form is not null as is_form,
    -- a grand total (总计) holds the carry-over that a total (合计) leaves out
    expenditure.account_code in ('total', 'income') and expenditure.label like '%总计%' as is_grand_total,
    -- whether the report states the total of the year itself, too
    max(case when expenditure.label like '%总计%' then 0 else 1 end) over (
        partition by expenditure.document_sha256, expenditure.account_code, expenditure.measure, expenditure.fiscal_year
    ) = 1 as has_plain_total,
    -- what the report's primary statement of the same figure says
    max(case when expenditure.is_primary then expenditure.amount_wan end) over (partition by expenditure.figure_group_key) as primary_amount_wan,
    accounts.account_name_zh,
    accounts.account_name_en,
    measures.name_zh as measure_zh,
    measures.name_en as measure_en,
    case when expenditure.account_code in ('project_item', 'unclassified') then coalesce(expenditure.project_name, expenditure.label)
        else accounts.account_name_zh
    end as subject_zh,
    case when expenditure.account_code in ('project_item', 'unclassified') then coalesce(expenditure.project_name, expenditure.label)
        else accounts.account_name_en
    end as subject_en
from {{ rows_of(ref('int_expenditure'), reports_to_apply()) }} as expenditure
inner join {{ ref('int_rules_to_apply') }} as reports
    on expenditure.document_sha256 = reports.document_sha256 and reports.is_to_apply
inner join {{ ref('int_accounts') }} as accounts on expenditure.account_code = accounts.account_code
inner join {{ ref('measures') }} as measures on expenditure.measure = measures.measure
where
    expenditure.is_current
    and expenditure.is_exact
    -- 100 trillion yuan: beyond any budget, a misreading that no rule compares
    and abs(expenditure.amount_wan) < 10000000000
    and coalesce(expenditure.qualifier, '') <> 'stated_none'
