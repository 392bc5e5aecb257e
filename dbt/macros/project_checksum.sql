{#- Changes when the SQL of any model of the facts, or a macro, changes: the rows of incremental models are then rebuilt. -#}
{% macro project_checksum() -%} {{ return(models_checksum(['staging', 'intermediate', 'marts'])) }} {%- endmacro %}

{#- The same for the rules' results. -#}
{% macro rules_checksum() -%} {{ return(models_checksum(['rules'])) }} {%- endmacro %}

{% macro models_checksum(layers) -%}
    {%- set sums = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
            {%- if node.resource_type == 'model' and node.fqn[1] in layers -%}
                {%- do sums.append(node.checksum.checksum) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for macro in graph.get('macros', {}).values() | sort(attribute='unique_id') -%}
            {%- if macro.package_name == 'jixiao' -%}{%- do sums.append(macro.macro_sql) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(local_md5(sums | join(' '))) }}
{%- endmacro %}
