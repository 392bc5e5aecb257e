-- grain: one row a document. Versions of one report: the same department, fiscal year and kind (and project, where the
-- report is about one project); the newest by the date on it, its publication and its arrival is the current one.
-- A document whose department or year is unknown never supersedes another.
with documents as (
    select * from {{ ref('stg_reports__documents') }}
),

project_of_form as (
    select
        document_sha256,
        min(project_name) as project_name
    from {{ ref('stg_reports__form_rows') }}
    where project_name is not null
    group by document_sha256
),

grouped as (
    select
        documents.*,
        {{ generate_key([
            'documents.department_key',
            "coalesce(cast(documents.fiscal_year as " ~ dbt.type_string() ~ "), documents.document_sha256)",
            'documents.report_kind',
            "case when documents.report_kind = 'project_self_evaluation' then "
                ~ "coalesce(project_of_form.project_name, documents.title, documents.document_sha256) end",
        ]) }} as version_group_key
    from documents
    left join project_of_form on documents.document_sha256 = project_of_form.document_sha256
),

numbered as (
    select
        *,
        cast(row_number() over (
            partition by version_group_key
            order by
                reported_on nulls first,
                published_on nulls first,
                ingested_at nulls first,
                document_sha256
        ) as integer) as version,
        cast(count(*) over (partition by version_group_key) as integer) as version_count
    from grouped
)

select
    *,
    version = version_count as is_current
from numbered
