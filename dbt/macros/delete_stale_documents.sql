{#- Rows of an incremental model whose document is gone, was read anew, or joins a vocabulary that has changed. -#}
{% macro delete_stale_documents(relation, documents='int_documents_to_build') -%}
    {%- if is_incremental() -%}
        delete from {{ relation }}
        where build_fingerprint not in (select build_fingerprint from {{ ref(documents) }})
    {%- endif -%}
{%- endmacro %}
