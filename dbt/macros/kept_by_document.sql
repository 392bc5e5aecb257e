{#- Tables that are kept from run to run and changed by document: a row carries the fingerprint of all that it is made from. -#}

{#- Deletes rows whose document is gone, was read anew, is no longer the version wanted, or joins something that has changed.
    `documents` is the model with the fingerprints, `condition` says which of its documents the table holds. -#}
{% macro delete_stale(relation, documents='int_facts_to_build', condition='true') -%}
    {%- if is_incremental() -%}
        {{ delete_unwanted(relation, 'select build_fingerprint from ' ~ ref(documents) ~ ' where ' ~ condition) }}
    {%- endif -%}
{%- endmacro %}

{#- A table made before it had fingerprints is filled anew. -#}
{% macro has_fingerprint(relation) -%}
    {%- set names = adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else [] -%}
    {{ return('build_fingerprint' in names) }}
{%- endmacro %}

{#- The documents whose rows the table lacks once the stale ones are gone: stands in FROM. It is small in a run that brings
    few reports, and what is joined to it by document_sha256 is read for these documents only. -#}
{% macro documents_to_add(documents='int_facts_to_build', condition='true') -%}
    (
        select candidates.*
        from {{ ref(documents) }} as candidates
        where
            {{ condition }}
            {%- if is_incremental() and has_fingerprint(this) %}
            and not exists (
                select 1
                from {{ this }} as built
                where built.build_fingerprint = candidates.build_fingerprint
            )
            {%- endif %}
    )
{%- endmacro %}

{#- The table of the rules' results where this run keeps what it holds, else nothing. It is made from the models that ask:
    no ref, which would be a loop. -#}
{% macro rules_results() -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        {%- set results = load_relation(
            this.incorporate(path={'schema': 'marts', 'identifier': 'fct_reconciliation'})
        ) -%}
        {%- if results is not none and has_fingerprint(results) -%}{{ return(results) }}{%- endif -%}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
