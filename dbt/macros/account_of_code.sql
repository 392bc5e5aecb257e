{#- The account of a figure's term: a written code of the functional (2…) or economic (3…) classification is its own account, any
    other term has the account that the vocabulary gives its label. -#}
{% macro account_of_code(term, of_label) -%}
    case
        when {{ regexp_like(term, "'^2[0-9]{2}([0-9]{2}){0,2}$'") }} then 'f' || {{ term }}
        when {{ regexp_like(term, "'^3[0-9]{2}([0-9]{2})?$'") }} then 'e' || {{ term }}
        else {{ of_label }}
    end
{%- endmacro %}
