{#- A model's schema is named literally (marts, history, ...), without the target's schema in front of it. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
