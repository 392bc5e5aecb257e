-- grain: one row a department; names as the newest of its reports gives them
with ranked as (
    select
        *,
        row_number() over (
            partition by department_key
            order by fiscal_year desc nulls last, is_current desc, ingested_at desc, document_sha256 asc
        ) as newest
    from {{ ref('int_report_versions') }}
),

typed as (
    select
        ranked.department_key,
        min_by(department_types.department_type, department_types.type_order) as department_type
    from ranked
    inner join {{ ref('department_types') }} as department_types
        on {{ regexp_like('ranked.department_name', 'department_types.pattern') }}
    where ranked.newest = 1
    group by ranked.department_key
)

select
    ranked.department_key,
    coalesce(ranked.department_name, ranked.department_name_as_written, '未识别的部门') as department_name,
    ranked.department_name_as_written,
    coalesce(typed.department_type, 'other') as department_type,
    ranked.admin_level,
    ranked.province,
    ranked.city,
    ranked.district,
    ranked.division_code
from ranked
left join typed on ranked.department_key = typed.department_key
where ranked.newest = 1
