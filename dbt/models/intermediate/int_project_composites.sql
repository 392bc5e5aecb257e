-- grain: one row a project that says what it includes, 甲（含乙和丙）, and one of the projects that it is made of
with pieces as (
    select
        department_key,
        project_key as composite_key,
        composite_base as part_name
    from {{ ref('int_project_names') }}
    where composite_base is not null and composite_included is not null
    union all
    select
        department_key,
        project_key as composite_key,
        {{ split_to_rows('composite_included', "'[、和及与,，]'") }} as part_name
    from {{ ref('int_project_names') }}
    where composite_base is not null and composite_included is not null
)

select
    pieces.composite_key,
    pieces.part_name,
    -- a name that fits two projects fits none
    case when count(distinct names.project_key) = 1 then min(names.project_key) end as part_key
from pieces
left join {{ ref('int_project_names') }} as names
    on pieces.department_key = names.department_key
    and (pieces.part_name = names.folded_name or pieces.part_name = names.conformed_name)
    and names.composite_base is null
where pieces.part_name <> ''
group by pieces.composite_key, pieces.part_name
