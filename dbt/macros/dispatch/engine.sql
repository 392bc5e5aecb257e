{#- What the engines' adapters do differently: materialisations, types of contracts, loading of seeds, raw tables. The
    macros named spark__... that dbt itself calls are found here before dbt-spark's own. -#}

{#- What Parquet tables on Spark are partitioned by, so that rows can be taken out of them: Parquet knows no delete, but a
    partition can be overwritten as a whole. -#}
{% macro partition_of_facts() -%}
    {{ return(adapter.dispatch('partition_of_facts', 'jixiao')()) }}
{%- endmacro %}
{% macro default__partition_of_facts() -%} {{ return(none) }} {%- endmacro %}
{% macro spark__partition_of_facts() -%} {{ return('fiscal_year') }} {%- endmacro %}

{#- Behind the name of a CTE that a model reads several times: each use reads it anew with what it needs. DuckDB would keep
    all its rows and columns once instead; the seven million amounts of 100,000 reports cost a rule up to seven times the
    time, and gigabytes on disk. Spark reads it anew anyway. -#}
{% macro read_where_used() -%}
    {{ return(adapter.dispatch('read_where_used', 'jixiao')()) }}
{%- endmacro %}
{% macro default__read_where_used() -%} not materialized {%- endmacro %}
{% macro spark__read_where_used() -%} {%- endmacro %}

{#- The rows of a table that are of some documents: stands in FROM. Where a table was there before, `documents` are few of
    many, and DuckDB looks first which rows are theirs, by one column, and then fetches the blocks that hold them. Asked at once, it
    goes through the blocks of all columns: 6.5 s of the CPU for 259 of 13 million rows, and 0.3 this way. What else is asked of
    the rows stays behind the offset: DuckDB would ask it first. -#}
{% macro rows_of(relation, documents) -%}
    {{ return(adapter.dispatch('rows_of', 'jixiao')(relation, documents)) }}
{%- endmacro %}
{% macro default__rows_of(relation, documents) -%}
    {%- if execute and model.resource_type == 'model' and not flags.FULL_REFRESH and load_relation(this) is not none -%}
        (
            select *
            from {{ relation }}
            where rowid in (
                select held.rowid
                from {{ relation }} as held
                where held.document_sha256 in (select wanted.document_sha256 from {{ documents }} as wanted)
            )
            offset 0
        )
    {%- else -%}
        {{ spark__rows_of(relation, documents) }}
    {%- endif -%}
{%- endmacro %}
{% macro spark__rows_of(relation, documents) -%}
    (select * from {{ relation }} where document_sha256 in (select wanted.document_sha256 from {{ documents }} as wanted))
{%- endmacro %}

{#- The results of the rules, one rule below the other, in a table: `first_in_turn` is its SELECT, `add_in_turn` its post-hook.
    DuckDB works at all parts of a union side by side and keeps what each has gathered until all have, and a rule over the
    reports of a whole country needs more than the memory that DuckDB is held to. So each rule adds its rows by itself, and for
    one share of the departments after the other: the turns of int_rules_to_apply. Spark's rules are tables: a union reads them. -#}
{% macro first_in_turn(models) -%}
    {{ return(adapter.dispatch('first_in_turn', 'jixiao')(models)) }}
{%- endmacro %}
{% macro default__first_in_turn(models) -%} select * from {{ ref(models[0]) }} limit 0 {%- endmacro %}
{% macro spark__first_in_turn(models) -%}
    {%- for model_name in models %}
    select * from {{ ref(model_name) }}
    {{- ' union all' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
{% macro add_in_turn(relation, models, applied) -%}
    {{ return(adapter.dispatch('add_in_turn', 'jixiao')(relation, models, applied)) }}
{%- endmacro %}
{#- One statement a rule and share. The variable is what of_this_turn asks for; a rule that does not ask gives no row twice
    either. -#}
{% macro default__add_in_turn(relation, models, applied) -%}
    {%- for turn in turns_of(applied) %}
    set variable turn = {{ turn }};
    {%- for model_name in models %}
    insert into {{ relation }} select * from {{ ref(model_name) }}
    where document_sha256 in (select document_sha256 from {{ applied }} where turn = {{ turn }});
    {%- endfor %}
    {%- if loop.last %}
    reset variable turn;
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
{% macro spark__add_in_turn(relation, models, applied) -%} {%- endmacro %}

{#- The turns that have reports to apply the rules to, in order. -#}
{% macro turns_of(applied) -%}
    {%- set asked = 'select distinct turn from ' ~ applied ~ ' where is_to_apply order by turn' -%}
    {{ return(run_query(asked).columns[0].values() if execute else []) }}
{%- endmacro %}

{#- In which turn the rules are applied to a report, in int_rules_to_apply: departments stay together, for a year is compared
    with the year before. About as many reports a turn as the variable reports_a_turn says. -#}
{% macro turn_of(department_key, is_to_apply) -%}
    {{ return(adapter.dispatch('turn_of', 'jixiao')(department_key, is_to_apply)) }}
{%- endmacro %}
{% macro default__turn_of(department_key, is_to_apply) -%}
    cast(hash({{ department_key }}) % (
        1 + sum(case when {{ is_to_apply }} then 1 else 0 end) over () // {{ var('reports_a_turn') }}
    ) as integer)
{%- endmacro %}
{% macro spark__turn_of(department_key, is_to_apply) -%} 0 {%- endmacro %}

{#- Rows of a model that the rules read, where they are asked for one turn only those of that turn: stands in FROM. -#}
{% macro of_this_turn(model_name) -%}
    {{ return(adapter.dispatch('of_this_turn', 'jixiao')(model_name)) }}
{%- endmacro %}
{% macro default__of_this_turn(model_name) -%}
    (select * from {{ ref(model_name) }} where getvariable('turn') is null or turn = getvariable('turn'))
{%- endmacro %}
{% macro spark__of_this_turn(model_name) -%} {{ ref(model_name) }} {%- endmacro %}

{#- A model that asks `of_this_turn` for its reports is made for one turn after the other too: `first_turn` is a pre-hook, by
    which its own SELECT is of the first, `other_turns` the post-hook that adds the same of the others. -#}
{% macro first_turn() -%}
    {{ return(adapter.dispatch('first_turn', 'jixiao')()) }}
{%- endmacro %}
{% macro default__first_turn() -%} set variable turn = 0 {%- endmacro %}
{% macro spark__first_turn() -%} {%- endmacro %}
{% macro other_turns(relation, applied) -%}
    {{ return(adapter.dispatch('other_turns', 'jixiao')(relation, applied)) }}
{%- endmacro %}
{% macro default__other_turns(relation, applied) -%}
    {%- for turn in turns_of(applied) if turn != 0 %}
    set variable turn = {{ turn }};
    insert into {{ relation }} by name {{ model.compiled_code }};
    {%- endfor %}
    reset variable turn;
{%- endmacro %}
{% macro spark__other_turns(relation, applied) -%} {%- endmacro %}

{#- Takes the rows out of a table whose fingerprint is not among those of `wanted`, a query: stands in a pre-hook. -#}
{% macro delete_unwanted(relation, wanted) -%}
    {{ return(adapter.dispatch('delete_unwanted', 'jixiao')(relation, wanted)) }}
{%- endmacro %}
{% macro default__delete_unwanted(relation, wanted) -%}
    delete from {{ relation }}
    {%- if has_fingerprint(relation) %}
    where build_fingerprint not in ({{ wanted }})
    {%- endif -%}
{%- endmacro %}
{#- Only years with such rows are written. A year that keeps none of its rows would not be: its partition is dropped. -#}
{% macro spark__delete_unwanted(relation, wanted) -%}
    {%- if execute -%}
        {%- set years = run_query(
            "select held.fiscal_year, count(wanted.build_fingerprint) as kept from " ~ relation ~ " as held "
            ~ "left join (select distinct build_fingerprint from (" ~ wanted ~ ") as fingerprints) as wanted "
            ~ "on held.build_fingerprint = wanted.build_fingerprint "
            ~ "group by held.fiscal_year having count(*) > count(wanted.build_fingerprint)"
        ).rows -%}
        {%- set conditions = [] -%}
        {%- for year, kept in years -%}
            {%- if kept == 0 -%}
                {%- do run_query(
                    "alter table " ~ relation ~ " drop if exists partition (fiscal_year = " ~ (year if year is not none else 'null') ~ ")"
                ) -%}
            {%- else -%}
                {%- do conditions.append("held.fiscal_year <=> " ~ (year if year is not none else 'null')) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if conditions -%}
            {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='quoted') | join(', ') -%}
            {%- do run_query('set spark.sql.sources.partitionOverwriteMode = dynamic') -%}
            {%- do run_query(
                "insert overwrite table " ~ relation ~ " partition (fiscal_year) select " ~ columns ~ " from " ~ relation ~ " as held "
                ~ "left semi join (" ~ wanted ~ ") as wanted on held.build_fingerprint = wanted.build_fingerprint "
                ~ "where " ~ conditions | join(' or ')
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- dbt-spark looks at a contract only where it makes a table: this asks the same of the rows that are added to one. -#}
{% macro spark__create_temporary_view(relation, compiled_code) -%}
    {%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(compiled_code) }}{%- endif -%}
    create or replace temporary view {{ relation }} as
    {{ compiled_code }}
{%- endmacro %}

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

{#- What a Spark session must be set to for the same results as DuckDB's. dbt-spark turns ANSI off whatever the profile
    says, so that an amount that does not fit would be lost without a word: it is turned on again for all statements. A
    Thrift server has its own settings, and takes none from here. -#}
{% macro check_spark_settings() -%}
    {%- do adapter.config.credentials.server_side_parameters.update({'spark.sql.ansi.enabled': 'true'}) -%}
    {%- for name, wanted in {
        'spark.sql.ansi.enabled': 'true', 'spark.sql.session.timeZone': 'UTC', 'spark.sql.cteRecursionRowLimit': '-1',
    }.items() -%}
        {%- set found = run_query('set ' ~ name).rows[0][1] -%}
        {%- if found | string != wanted -%}
            {{ exceptions.raise_compiler_error(
                name ~ ' is ' ~ found ~ ' on this Spark; start it with ' ~ name ~ '=' ~ wanted ~ ' (docs/scaling.md)'
            ) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- Spark reads the raw tables as Parquet files: a folder a table under JIXIAO_RAW_PARQUET, views of them made when a run
    starts. A document may have been extracted in several batches: its rows are those of the newest. -#}
{% macro create_raw_views() -%}
    {{ return(adapter.dispatch('create_raw_views', 'jixiao')()) }}
{%- endmacro %}
{% macro default__create_raw_views() -%} {%- endmacro %}
{% macro spark__create_raw_views() -%}
    {%- set location = env_var('JIXIAO_RAW_PARQUET', '') -%}
    {%- if execute -%}{%- do check_spark_settings() -%}{%- endif -%}
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
