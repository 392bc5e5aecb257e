{%- set rule_models = [
    'rule_sums_of_accounts',
] -%}
-- grain: one row a comparison that a rule made in a current report
{% for rule_model in rule_models %}
    select * from {{ ref(rule_model) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
