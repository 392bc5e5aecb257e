{#- Rows of an incremental fact whose document has been rebuilt, is gone, or is no longer the current version. -#}
{% macro delete_stale_facts(relation) -%}
    {%- if is_incremental() -%}
        delete from {{ relation }}
        where build_fingerprint not in (select build_fingerprint from {{ ref('int_facts_to_build') }} where is_current)
    {%- endif -%}
{%- endmacro %}
