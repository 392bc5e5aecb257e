{#- A key from the natural key: the same on every machine and in every run. Empty parts count as empty text. -#}
{% macro generate_key(parts) -%}
    md5(
        {%- for part in parts -%}
            {%- if not loop.first %} || '|' || {% endif -%}
            coalesce(cast({{ part }} as {{ dbt.type_string() }}), '')
        {%- endfor -%}
    )
{%- endmacro %}
