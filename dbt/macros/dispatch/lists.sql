{#- Lists and aggregates whose names differ between engines. -#}

{% macro list_of(items) -%}
    {{ return(adapter.dispatch('list_of', 'jixiao')(items)) }}
{%- endmacro %}
{% macro default__list_of(items) -%}
    list_filter([{{ items | join(', ') }}], lambda item: item is not null)
{%- endmacro %}
{% macro spark__list_of(items) -%}
    filter(array({{ items | join(', ') }}), item -> item is not null)
{%- endmacro %}

{% macro empty_text_list() -%}
    {{ return(adapter.dispatch('empty_text_list', 'jixiao')()) }}
{%- endmacro %}
{% macro default__empty_text_list() -%}
    cast([] as varchar[])
{%- endmacro %}
{% macro spark__empty_text_list() -%}
    cast(array() as array<string>)
{%- endmacro %}

{% macro type_text_list() -%}
    {{ return(adapter.dispatch('type_text_list', 'jixiao')()) }}
{%- endmacro %}
{% macro default__type_text_list() -%} varchar[] {%- endmacro %}
{% macro spark__type_text_list() -%} array<string> {%- endmacro %}

{#- All values of a group in the order of `order_by`. -#}
{% macro collect(value, order_by) -%}
    {{ return(adapter.dispatch('collect', 'jixiao')(value, order_by)) }}
{%- endmacro %}
{% macro default__collect(value, order_by) -%}
    list({{ value }} order by {{ order_by }})
{%- endmacro %}
{% macro spark__collect(value, order_by) -%}
    transform(array_sort(collect_list(struct({{ order_by }} as o, {{ value }} as v))), x -> x.v)
{%- endmacro %}

{% macro join_text(value, separator, order_by) -%}
    {{ return(adapter.dispatch('join_text', 'jixiao')(value, separator, order_by)) }}
{%- endmacro %}
{% macro default__join_text(value, separator, order_by) -%}
    string_agg({{ value }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}
{% macro spark__join_text(value, separator, order_by) -%}
    case when count({{ value }}) > 0 then array_join({{ collect(value, order_by) }}, {{ separator }}) end
{%- endmacro %}

{% macro list_concat(first, second) -%}
    {{ return(adapter.dispatch('list_concat', 'jixiao')(first, second)) }}
{%- endmacro %}
{% macro default__list_concat(first, second) -%} list_concat({{ first }}, {{ second }}) {%- endmacro %}
{% macro spark__list_concat(first, second) -%} concat({{ first }}, {{ second }}) {%- endmacro %}

{% macro first_of(list) -%}
    {{ return(adapter.dispatch('first_of', 'jixiao')(list)) }}
{%- endmacro %}
{% macro default__first_of(list) -%} list_extract({{ list }}, 1) {%- endmacro %}
{% macro spark__first_of(list) -%} try_element_at({{ list }}, 1) {%- endmacro %}

{#- One row an item; use in FROM after a comma. -#}
{% macro count_of(list) -%}
    {{ return(adapter.dispatch('count_of', 'jixiao')(list)) }}
{%- endmacro %}
{% macro default__count_of(list) -%} len({{ list }}) {%- endmacro %}
{% macro spark__count_of(list) -%} size({{ list }}) {%- endmacro %}

{#- Whether two lists share an item. -#}
{% macro lists_overlap(first, second) -%}
    {{ return(adapter.dispatch('lists_overlap', 'jixiao')(first, second)) }}
{%- endmacro %}
{% macro default__lists_overlap(first, second) -%} list_has_any({{ first }}, {{ second }}) {%- endmacro %}
{% macro spark__lists_overlap(first, second) -%} arrays_overlap({{ first }}, {{ second }}) {%- endmacro %}

{#- The fingerprint of all rows of a seed, whatever their order; the same on every engine. -#}
{% macro seed_fingerprint(seed) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for column in graph.nodes['seed.jixiao.' ~ seed].config.column_types -%}
            {%- do columns.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '')") -%}
        {%- endfor -%}
    {%- endif -%}
    (
        select md5(coalesce({{ join_text('line', "'|'", 'line') }}, ''))
        from (select {{ columns | join(" || ',' || ") or "''" }} as line from {{ ref(seed) }}) as lines
    )
{%- endmacro %}

{#- One row a piece of a text: stands in a select list. -#}
{% macro split_to_rows(text, pattern) -%}
    {{ return(adapter.dispatch('split_to_rows', 'jixiao')(text, pattern)) }}
{%- endmacro %}
{% macro default__split_to_rows(text, pattern) -%} unnest(string_split_regex({{ text }}, {{ pattern }})) {%- endmacro %}
{% macro spark__split_to_rows(text, pattern) -%} explode(split({{ text }}, {{ pattern }})) {%- endmacro %}

{% macro list_of_present(list) -%}
    {{ return(adapter.dispatch('list_of_present', 'jixiao')(list)) }}
{%- endmacro %}
{% macro default__list_of_present(list) -%} list_filter({{ list }}, lambda item: item is not null) {%- endmacro %}
{% macro spark__list_of_present(list) -%} filter({{ list }}, item -> item is not null) {%- endmacro %}
