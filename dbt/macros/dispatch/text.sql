{#- Text functions whose names differ between engines. -#}

{% macro regexp_replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('regexp_replace_all', 'jixiao')(text, pattern, replacement)) }}
{%- endmacro %}
{% macro default__regexp_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}
{% macro spark__regexp_replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ java_pattern(pattern) }}, {{ replacement }})
{%- endmacro %}

{% macro regexp_like(text, pattern) -%}
    {{ return(adapter.dispatch('regexp_like', 'jixiao')(text, pattern)) }}
{%- endmacro %}
{% macro default__regexp_like(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}
{% macro spark__regexp_like(text, pattern) -%}
    ({{ text }} rlike {{ java_pattern(pattern) }})
{%- endmacro %}

{#- Patterns are written for RE2; Java's regular expressions know no [:space:] inside brackets. -#}
{% macro java_pattern(pattern) -%} {{ pattern | replace('[:space:]', '\\\\s') }} {%- endmacro %}

{% macro regexp_group(text, pattern, group_no) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group_no }}), '')
{%- endmacro %}

{#- A text without the words that stand in the given columns, where they are filled. -#}
{% macro without_words(text, columns) -%}
    {%- set ns = namespace(made=text) -%}
    {%- for column in columns -%}
        {%- set ns.made = "replace(" ~ ns.made ~ ", coalesce(nullif(" ~ column ~ ", ''), '|'), '')" -%}
    {%- endfor -%}
    {{ ns.made }}
{%- endmacro %}

{#- A label without blanks, brackets' width, quotation marks and the words in front of a sub-item. -#}
{% macro fold_label(text) -%}
    {{ regexp_replace_all(
        "replace(replace(" ~ text ~ ", '（', '('), '）', ')')",
        "'[[:space:]　“”\"：:]|^其中|^[0-9一二三四五六七八九十]+[、.．]'",
        "''"
    ) }}
{%- endmacro %}

{#- A decimal as people write it: no zeros at the end. -#}
{% macro plain_number(number) -%}
    {{ return(adapter.dispatch('plain_number', 'jixiao')(number)) }}
{%- endmacro %}
{% macro default__plain_number(number) -%}
    rtrim(rtrim(cast({{ number }} as {{ dbt.type_string() }}), '0'), '.')
{%- endmacro %}
{% macro spark__plain_number(number) -%}
    trim(trailing '.' from trim(trailing '0' from cast({{ number }} as string)))
{%- endmacro %}
