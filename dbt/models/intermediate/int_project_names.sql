-- grain: one row a project name as written by a department. Names that differ only in the words of
-- project_name_variants.csv are one project, unless one list of one report holds both: then they are two.
with recursive written as {{ read_where_used() }} (
    select
        document_sha256,
        project_name,
        scope_key,
        measure
    from {{ ref('int_figures') }}
    where project_name is not null
    union all
    -- the project forms of one report are one list
    select
        document_sha256,
        project_name,
        'forms' as scope_key,
        'form' as measure
    from {{ ref('stg_reports__form_rows') }}
    where project_name is not null
),

names as (
    select distinct
        versions.department_key,
        written.project_name
    from written
    inner join {{ ref('int_report_versions') }} as versions on written.document_sha256 = versions.document_sha256
),

folded as (
    select distinct
        project_name,
        {{ fold_label('project_name') }} as folded_name
    from names
),

replacements as (
    select
        written,
        conformed,
        row_number() over (order by variant_order) as step
    from {{ ref('project_name_variants') }}
    where variant_kind = 'replace'
),

replaced (project_name, folded_name, name, step) as (
    select
        project_name,
        folded_name,
        -- a name that says what it includes （含...） is a project of its own: its brackets stay
        case
            when {{ regexp_like('folded_name', "'[(]含'") }} then folded_name
            else {{ regexp_replace_all('folded_name', "'[(][^()]*[)]|[《》]'", "''") }}
        end as name,
        0 as step
    from folded
    union all
    select
        replaced.project_name,
        replaced.folded_name,
        -- a longer word that already holds the conformed one must not be lengthened again (公务用车 -> 公务公务用车)
        case
            when position(replacements.conformed in replaced.name) > 0
                and position(replacements.written in replacements.conformed) > 0 then replaced.name
            else replace(replaced.name, replacements.written, replacements.conformed)
        end as name,
        replaced.step + 1 as step
    from replaced
    inner join replacements on replaced.step + 1 = replacements.step
),

stripped as (
    select
        project_name,
        folded_name,
        {{ regexp_replace_all(
            'name',
            "(select '(' || " ~ join_text('written', "'|'", 'variant_order') ~ " || ')+$' from "
                ~ ref('project_name_variants') ~ " where variant_kind = 'suffix')",
            "''"
        ) }} as name
    from replaced
    where step = (select count(*) from replacements)
),

conformed as (
    select
        project_name,
        folded_name,
        case when length(name) >= 2 then name else folded_name end as conformed_name
    from stripped
),

decided_by_words as (
    select
        names.department_key,
        names.project_name,
        conformed.folded_name,
        conformed.conformed_name,
        -- few names have a namesake in their department: only their lists are looked at
        min(conformed.folded_name) over (partition by names.department_key, conformed.conformed_name)
        <> max(conformed.folded_name) over (partition by names.department_key, conformed.conformed_name) as has_namesake
    from names
    inner join conformed on names.project_name = conformed.project_name
),

ambiguous as (
    select distinct
        department_key,
        conformed_name
    from (
        select
            decided_by_words.department_key,
            decided_by_words.conformed_name
        from written
        inner join {{ ref('int_report_versions') }} as versions on written.document_sha256 = versions.document_sha256
        inner join decided_by_words
            on versions.department_key = decided_by_words.department_key
            and written.project_name = decided_by_words.project_name
            and decided_by_words.has_namesake
        group by
            written.document_sha256,
            written.scope_key,
            written.measure,
            decided_by_words.department_key,
            decided_by_words.conformed_name
        having min(decided_by_words.folded_name) <> max(decided_by_words.folded_name)
    ) as lists
),

decided as (
    select
        decided_by_words.department_key,
        decided_by_words.project_name,
        decided_by_words.folded_name,
        case
            when ambiguous.conformed_name is null then decided_by_words.conformed_name
            else decided_by_words.folded_name
        end as conformed_name
    from decided_by_words
    left join ambiguous
        on decided_by_words.department_key = ambiguous.department_key
        and decided_by_words.conformed_name = ambiguous.conformed_name
)

select
    department_key,
    project_name,
    folded_name,
    conformed_name,
    {{ generate_key(['department_key', 'conformed_name']) }} as project_key,
    -- 机关运转（含会议专项）: the name before the bracket, and what it includes
    {{ regexp_group('folded_name', "'^([^(]+)[(]含'", 1) }} as composite_base,
    {{ regexp_replace_all(
        regexp_group('folded_name', "'[(]含([^()]+)[)]'", 1), "'专项经费|专项资金|专项|经费|资金|等$'", "''"
    ) }} as composite_included
from decided
