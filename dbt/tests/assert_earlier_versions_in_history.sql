-- every figure of an earlier version is in history once, and none of it in the facts
with history as (
    select
        document_sha256,
        figure_no
    from {{ ref('history__fct_expenditure') }}
    union all
    select
        document_sha256,
        figure_no
    from {{ ref('history__fct_operation') }}
),

facts as (
    select document_sha256 from {{ ref('fct_expenditure') }}
    union all
    select document_sha256 from {{ ref('fct_operation') }}
)

select figures.document_sha256
from {{ ref('stg_reports__figures') }} as figures
inner join {{ ref('int_report_versions') }} as versions
    on figures.document_sha256 = versions.document_sha256
    and not versions.is_current
left join history
    on figures.document_sha256 = history.document_sha256
    and figures.figure_no = history.figure_no
group by figures.document_sha256, figures.figure_no
having count(history.figure_no) <> 1
union all
select facts.document_sha256
from facts
inner join {{ ref('int_report_versions') }} as versions
    on facts.document_sha256 = versions.document_sha256
    and not versions.is_current
