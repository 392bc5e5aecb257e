-- every raw figure of a current report is one row of fct_expenditure or of fct_operation, and of one of them only
with marts as (
    select
        document_sha256,
        figure_no
    from {{ ref('fct_expenditure') }}
    union all
    select
        document_sha256,
        figure_no
    from {{ ref('fct_operation') }}
)

select
    figures.document_sha256,
    figures.figure_no,
    count(marts.figure_no) as mart_rows
from {{ ref('stg_reports__figures') }} as figures
inner join {{ ref('int_report_versions') }} as versions
    on figures.document_sha256 = versions.document_sha256
    and versions.is_current
left join marts
    on figures.document_sha256 = marts.document_sha256
    and figures.figure_no = marts.figure_no
where {{ is_unchecked('stg_reports__figures', 'figures') }}
group by figures.document_sha256, figures.figure_no
having count(marts.figure_no) <> 1
