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

-- A department's type is told by its office, 水务局 without 衡山市青石区. There are far fewer offices than departments, and a
-- pattern out of a table costs its compilation for each name.
offices as (
    select
        department_key,
        coalesce(nullif({{ without_words('department_name', ['province', 'city', 'district']) }}, ''), department_name) as office_name
    from ranked
    where newest = 1 and department_name is not null
),

typed as (
    select
        names.office_name,
        min_by(department_types.department_type, department_types.type_order) as department_type
    from (select distinct office_name from offices) as names
    inner join {{ ref('department_types') }} as department_types
        on {{ regexp_like('names.office_name', 'department_types.pattern') }}
    group by names.office_name
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
left join offices on ranked.department_key = offices.department_key
left join typed on offices.office_name = typed.office_name
where ranked.newest = 1
