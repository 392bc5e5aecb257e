-- every scored row of a current report is one row of fct_kpi_score
select
    form_rows.document_sha256,
    form_rows.form_row_no
from {{ ref('stg_reports__form_rows') }} as form_rows
inner join {{ ref('int_report_versions') }} as versions
    on form_rows.document_sha256 = versions.document_sha256
    and versions.is_current
left join {{ ref('fct_kpi_score') }} as marts
    on form_rows.document_sha256 = marts.document_sha256
    and form_rows.form_row_no = marts.form_row_no
where {{ is_unchecked('stg_reports__form_rows', 'form_rows') }}
group by form_rows.document_sha256, form_rows.form_row_no
having count(marts.form_row_no) <> 1
