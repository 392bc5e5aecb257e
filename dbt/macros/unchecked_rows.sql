{#- What a test looks at. In a run, JIXIAO_CHECKED_PROJECT says under which project rows have passed the tests before
    (raw.checked, kept by dagster_project/warehouse/checked.py): a test of a model whose rows bear fingerprints, or of a
    staging model, then looks at the other rows only. Without the variable, and on Spark, a test looks at all rows. -#}

{#- dbt asks this for the model of each generic test. -#}
{% macro get_where_subquery(relation) -%}
    {%- set news = unchecked_rows(model.attached_node.split('.')[-1]) if execute and model.get('attached_node') else '' -%}
    {%- set conditions = [config.get('where'), news] | select | list -%}
    {%- if conditions -%}
        {#- DuckDB takes what a test asks of the rows into the scan, before it looks which of them are new: at 10,000 reports
            half a second for the keys of a staging model. Behind an offset it asks of the new rows only. -#}
        {%- set fence = ' offset 0' if news else '' -%}
        {{ return('(select * from ' ~ relation ~ ' where (' ~ conditions | join(') and (') ~ ')' ~ fence ~ ') as dbt_subquery') }}
    {%- endif -%}
    {{ return(relation) }}
{%- endmacro %}

{#- The project under which rows may have passed the tests before; empty where a test looks at all rows. -#}
{% macro checked_project() -%}
    {{ return(env_var('JIXIAO_CHECKED_PROJECT', '') if execute and target.type == 'duckdb' else '') }}
{%- endmacro %}

{#- The project under which rows of a fingerprint have passed the tests, null where they have still to. The models that name
    the fingerprints ask it once for all tests. -#}
{% macro passed_under(fingerprint) -%}
    {%- if checked_project() -%}
        case
            when {{ fingerprint }} in (select fingerprint from raw.checked where guard = 'tests' and project = '{{ checked_project() }}')
                then '{{ checked_project() }}'
        end
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}

{#- The condition for the rows of a model that have not passed the tests; empty where all are to be looked at. A model with
    fingerprints is a table: see rows_of for the row ids. -#}
{% macro unchecked_rows(model_name, alias=none) -%}
    {%- if checked_project() -%}
        {%- set node = graph.nodes.get('model.jixiao.' ~ model_name, {}) -%}
        {%- set of = alias ~ '.' if alias else '' -%}
        {%- if 'build_fingerprint' in node.get('columns', {}) -%}
            {%- set news = [] -%}
            {#- no ref: a test may run before the other two are built anew, and looks at what they had to test before -#}
            {%- for name in ['int_documents_to_build', 'int_facts_to_build', 'int_rules_to_apply'] -%}
                {%- set fingerprints = graph.nodes['model.jixiao.' ~ name].relation_name -%}
                {%- do news.append('select build_fingerprint from ' ~ fingerprints ~ " where passed_under is distinct from '" ~ checked_project() ~ "'") -%}
            {%- endfor -%}
            {{ return(
                of ~ 'rowid in (select rowid from ' ~ node.relation_name
                ~ ' where build_fingerprint in (' ~ news | join(' union all ') ~ '))'
            ) }}
        {%- elif node.get('fqn', ['', ''])[1] == 'staging' -%}
            {{ return(of ~ 'document_sha256 in (select document_sha256 from raw.documents_to_test)') }}
        {%- endif -%}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{#- The same as a condition of a test in SQL. -#}
{% macro is_unchecked(model_name, alias=none) -%} ({{ unchecked_rows(model_name, alias) or 'true' }}) {%- endmacro %}
