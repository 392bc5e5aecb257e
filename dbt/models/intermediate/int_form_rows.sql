{{ config(
    materialized='incremental',
    partition_by=partition_of_facts(),
    incremental_strategy='append',
    on_schema_change='sync_all_columns',
    pre_hook="{{ delete_stale(this) }}",
) }}
-- grain: one row a scored row of a form, any version: indicator coded, recomputed score beside the stated one
with form_rows as (
    select
        form_rows.*,
        versions.build_fingerprint,
        versions.report_key,
        versions.department_key,
        versions.report_fiscal_year as fiscal_year,
        versions.is_current,
        projects.project_key,
        projects.conformed_name as conformed_project_name,
        {{ regexp_replace_all(fold_label('form_rows.level_1'), "'[(]?[0-9.]+分?[)]?'", "''") }} as level_1_label,
        {{ regexp_replace_all(fold_label('form_rows.level_2'), "'[(]?[0-9.]+分?[)]?'", "''") }} as level_2_label
    from {{ ref('stg_reports__form_rows') }} as form_rows
    inner join {{ documents_to_add() }} as versions on form_rows.document_sha256 = versions.document_sha256
    left join {{ ref('int_project_names') }} as projects
        on versions.department_key = projects.department_key
        and form_rows.project_name = projects.project_name
),

sums as (
    select
        document_sha256,
        form,
        form_no,
        sum(case when row_kind in ('indicator', 'execution') then score end) as rows_score
    from form_rows
    group by document_sha256, form, form_no
),

heading_sums as (
    select
        document_sha256,
        form,
        form_no,
        level_1_label,
        sum(score) as rows_score
    from form_rows
    where row_kind = 'indicator'
    group by document_sha256, form, form_no, level_1_label
),

level_1_codes as (
    select
        label,
        min(indicator_code) as indicator_code
    from {{ ref('indicator_labels') }}
    where level = 1
    group by label
),

level_2_codes as (
    select
        label,
        indicator_code
    from {{ ref('indicator_labels') }}
    where level = 2
),

coded as (
    select
        form_rows.form_row_key,
        level_1_codes.indicator_code as level_1_code,
        -- one label may stand under two headings: the one that agrees with the row's own heading counts
        min_by(
            level_2_codes.indicator_code,
            case when split_part(level_2_codes.indicator_code, '.', 1) = level_1_codes.indicator_code then '0' else '1' end
                || level_2_codes.indicator_code
        ) as level_2_code
    from form_rows
    left join level_1_codes on form_rows.level_1_label = level_1_codes.label
    left join level_2_codes on form_rows.level_2_label = level_2_codes.label
    group by form_rows.form_row_key, level_1_codes.indicator_code
)

select
    form_rows.*,
    case when form_rows.row_kind in ('indicator', 'heading') then coalesce(coded.level_2_code, coded.level_1_code) end as indicator_code,
    case form_rows.row_kind
        when 'execution' then
            least(
                form_rows.weight,
                {{ try_decimal(exact_ratio('cast(form_rows.weight as decimal(28, 4)) * form_rows.execution_rate', '100', 1, 4), 'decimal(10, 4)') }}
            )
        when 'total' then {{ try_decimal('sums.rows_score', 'decimal(10, 4)') }}
        when 'heading' then {{ try_decimal('heading_sums.rows_score', 'decimal(10, 4)') }}
    end as recomputed_score,
    case form_rows.form when 'overall' then '部门整体支出绩效自评表' else '项目支出绩效自评表' || coalesce('（' || form_rows.project_name || '）', '') end
        as form_zh,
    case form_rows.form
        when 'overall' then 'overall self-evaluation form'
        else 'project self-evaluation form' || coalesce(' (' || form_rows.project_name || ')', '')
    end as form_en
from form_rows
inner join coded on form_rows.form_row_key = coded.form_row_key
left join sums
    on form_rows.document_sha256 = sums.document_sha256
    and form_rows.form = sums.form
    and form_rows.form_no = sums.form_no
left join heading_sums
    on form_rows.document_sha256 = heading_sums.document_sha256
    and form_rows.form = heading_sums.form
    and form_rows.form_no = heading_sums.form_no
    and form_rows.level_1_label = heading_sums.level_1_label
