-- every document that was read is a version in dim_report, and every report has exactly one current version
select documents.document_sha256
from {{ ref('stg_reports__documents') }} as documents
left join {{ ref('dim_report') }} as reports on documents.document_sha256 = reports.document_sha256
where reports.document_sha256 is null
union all
select version_group_key
from {{ ref('int_report_versions') }}
group by version_group_key
having count(case when is_current then 1 end) <> 1
