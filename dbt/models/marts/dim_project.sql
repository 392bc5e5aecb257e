-- grain: one row a project of a department, the same over sections, forms, reports and years
with names as (
    select
        projects.project_key,
        projects.department_key,
        projects.project_name,
        count(*) as statement_count
    from {{ ref('int_project_names') }} as projects
    left join {{ ref('int_expenditure') }} as expenditure
        on projects.project_key = expenditure.project_key
        and projects.project_name = expenditure.project_name
    group by projects.project_key, projects.department_key, projects.project_name
)

select
    project_key,
    department_key,
    project_name
from (
    select
        *,
        row_number() over (
            partition by project_key
            order by statement_count desc, length(project_name) desc, project_name
        ) as choice
    from names
) as ranked
where choice = 1
