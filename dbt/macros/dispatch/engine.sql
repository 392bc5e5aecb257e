{#- What the engines' adapters do differently: materialisations, types of contracts, loading of seeds, raw tables. The
    macros named spark__... that dbt itself calls are found here before dbt-spark's own. -#}

{#- Facts are kept and refreshed by document where the engine can delete rows. Parquet tables on Spark cannot (that needs
    Delta or Iceberg): there a table is written anew as a whole, from raw rows that are already extracted. -#}
{% macro refreshed_by_document() -%}
    {{ return(adapter.dispatch('refreshed_by_document', 'jixiao')()) }}
{%- endmacro %}
{% macro default__refreshed_by_document() -%} {{ return('incremental') }} {%- endmacro %}
{% macro spark__refreshed_by_document() -%} {{ return('table') }} {%- endmacro %}

{#- A contract's type by the engine's name: contracts are written in DuckDB's names. -#}
{% macro engine_type(type) -%}
    {{ return(adapter.dispatch('engine_type', 'jixiao')(type)) }}
{%- endmacro %}
{% macro default__engine_type(type) -%} {{ return(type) }} {%- endmacro %}
{% macro spark__engine_type(type) -%}
    {%- set name = type | lower | trim -%}
    {%- if name.endswith('[]') -%}
        {{ return('array<' ~ spark__engine_type(name[:-2]) ~ '>') }}
    {%- endif -%}
    {{ return({'varchar': 'string', 'text': 'string', 'integer': 'int', 'timestamp': 'timestamp_ntz'}.get(name, name)) }}
{%- endmacro %}

{#- dbt's cast, which contracts are compared by. -#}
{% macro spark__cast(field, type) -%} cast({{ field }} as {{ spark__engine_type(type) }}) {%- endmacro %}

{#- Spark's Parquet tables don't enforce not null: the contract's columns are counted once the table is written. -#}
{% macro enforce_not_null() -%}
    {{ return(adapter.dispatch('enforce_not_null', 'jixiao')()) }}
{%- endmacro %}
{% macro default__enforce_not_null() -%} {%- endmacro %}
{% macro spark__enforce_not_null() -%}
    {%- if execute and config.get('contract').enforced -%}
        {%- set required = [] -%}
        {%- for column in model.columns.values() -%}
            {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
                {%- do required.append(column.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if required -%}
            {%- set counts = [] -%}
            {%- for name in required -%}{%- do counts.append('count_if(`' ~ name ~ '` is null)') -%}{%- endfor -%}
            {%- set found = run_query('select ' ~ counts | join(', ') ~ ' from ' ~ this).rows[0] -%}
            {%- for name in required -%}
                {%- if found[loop.index0] > 0 -%}
                    {{ exceptions.raise_compiler_error(
                        this ~ '.' ~ name ~ ' is empty in ' ~ found[loop.index0] ~ ' rows, and the contract says not null'
                    ) }}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- Rows of a seed as literals: dbt-spark binds values without escaping quotes. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(1000) -%}
        {%- set sql -%}
            insert into {{ this.render() }} select
            {%- for name in agate_table.column_names %}
                cast(c{{ loop.index }} as {{ spark__engine_type(types.get(name, adapter.convert_type(agate_table, loop.index0))) }})
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
            from values
            {%- for row in chunk %}
                (
                {%- for value in row -%}
                    {%- if value is none -%} cast(null as string)
                    {%- else -%} '{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}'
                    {%- endif -%}
                    {%- if not loop.last %}, {% endif -%}
                {%- endfor -%}
                ){{ ',' if not loop.last }}
            {%- endfor %}
            as rows ({% for name in agate_table.column_names %}c{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %})
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- if loop.first -%}{%- do statements.append(sql) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{% endmacro %}

{#- Spark reads the raw tables as Parquet files: a folder a table under JIXIAO_RAW_PARQUET, views of them made when a run
    starts. A document may have been extracted in several batches: its rows are those of the newest. -#}
{% macro create_raw_views() -%}
    {{ return(adapter.dispatch('create_raw_views', 'jixiao')()) }}
{%- endmacro %}
{% macro default__create_raw_views() -%} {%- endmacro %}
{% macro spark__create_raw_views() -%}
    {%- set location = env_var('JIXIAO_RAW_PARQUET', '') -%}
    {%- if execute and location -%}
        {%- do run_query('create schema if not exists raw') -%}
        {%- do run_query(
            "create or replace view raw.current_batches as select document_sha256, max(batch) as batch from ("
            ~ "select document_sha256, batch from parquet.`" ~ location ~ "/documents` union all "
            ~ "select document_sha256, batch from parquet.`" ~ location ~ "/quarantine`) as outcomes group by document_sha256"
        ) -%}
        {%- for table in ['documents', 'evidence', 'figures', 'form_rows', 'findings', 'omissions'] -%}
            {%- do run_query(
                "create or replace view raw." ~ table ~ " as select rows.* from parquet.`" ~ location ~ "/" ~ table ~ "` as rows "
                ~ "left semi join raw.current_batches as current_batches "
                ~ "on rows.document_sha256 = current_batches.document_sha256 and rows.batch = current_batches.batch"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- One row a day between two dates: stands in FROM. -#}
{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between', 'jixiao')(first, last)) }}
{%- endmacro %}
{% macro default__days_between(first, last) -%}
    generate_series(date '{{ first }}', date '{{ last }}', interval 1 day) as days (day)
{%- endmacro %}
{% macro spark__days_between(first, last) -%}
    (select explode(sequence(date '{{ first }}', date '{{ last }}', interval 1 day)) as day) as days
{%- endmacro %}
