{%- set rule_models = [
    'rule_sums_of_accounts', 'rule_project_items', 'rule_listed_count', 'rule_operating_items', 'rule_functional_classes',
    'rule_full_year_budget', 'rule_funding_block', 'rule_income_and_expenditure', 'rule_stated_rates', 'rule_control_rate',
    'rule_execution_score', 'rule_weights', 'rule_scores', 'rule_targets', 'rule_same_amount', 'rule_same_unit',
    'rule_same_score', 'rule_same_staff', 'rule_same_rate', 'rule_prior_year', 'rule_assets', 'rule_staff_sums',
    'rule_within_budget',
] -%}
{{ config(post_hook="{{ add_in_turn(this, " ~ rule_models ~ ", ref('int_rules_to_apply')) }}") }}
-- grain: one row a comparison that a rule made in a current report, of the reports whose rules are to be applied
{% for rule_model in rule_models -%}
-- depends_on: {{ ref(rule_model) }}
{% endfor %}
{{ first_in_turn(rule_models) }}
