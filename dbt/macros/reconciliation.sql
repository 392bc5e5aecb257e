{#- What every rule model returns, and how a comparison ends. -#}

{#- holds: equal (or not above); rounding: within half a unit of the last written place of each term; fails: beyond.
    A missing term makes a rule not applicable, unless what is stated alone already settles it: the stated parts reach the
    whole (holds), or exceed it (fails), and a missing part could only add. -#}
{% macro outcome(left, right, tolerance, missing='null', comparison='equal', parts_only_add=false) -%}
    case
        when {{ left }} is null or {{ right }} is null then 'not_applicable'
        {%- if comparison == 'equal' %}
        {%- if parts_only_add %}
        when {{ missing }} is not null and {{ left }} = {{ right }} then 'holds'
        when {{ missing }} is not null and abs({{ left }} - {{ right }}) <= {{ tolerance }} then 'rounding'
        when {{ missing }} is not null and {{ right }} > {{ left }} + {{ tolerance }} then 'fails'
        {%- endif %}
        when {{ missing }} is not null then 'not_applicable'
        when {{ left }} = {{ right }} then 'holds'
        when abs({{ left }} - {{ right }}) <= {{ tolerance }} then 'rounding'
        {%- else %}
        when {{ missing }} is not null then 'not_applicable'
        when {{ left }} <= {{ right }} then 'holds'
        when {{ left }} - {{ right }} <= {{ tolerance }} then 'rounding'
        {%- endif %}
        else 'fails'
    end
{%- endmacro %}

{#- The reports that this run applies the rules to: stands in FROM. -#}
{% macro reports_to_apply() -%}
    (select document_sha256 from {{ ref('int_rules_to_apply') }} where is_to_apply)
{%- endmacro %}

{#- The columns of a rule model, from a relation that has those of them that differ from the usual. -#}
{% macro rule_columns(given) -%}
    {%- set usual = {
        'rule_code': "''",
        'document_sha256': 'null',
        'other_document_sha256': 'null',
        'subject_zh': "''",
        'subject_en': "''",
        'unit': "'万元'",
        'left_zh': "''",
        'left_en': "''",
        'left_value': 'null',
        'right_zh': "''",
        'right_en': "''",
        'right_value': 'null',
        'tolerance': '0',
        'missing_zh': 'null',
        'missing_en': 'null',
        'severity_cap': 'null',
        'note_zh': 'null',
        'note_en': 'null',
        'evidence_keys': empty_text_list(),
        'outcome': "''",
    } -%}
    {%- for column, value in usual.items() %}
    {%- set type = 'decimal(28, 6)' if column in ('left_value', 'right_value', 'tolerance') else (
        type_text_list() if column == 'evidence_keys' else dbt.type_string()) %}
    cast({{ given.get(column, value) }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Adds up the terms of each sum. `terms` has sum_key, term_role (whole, part), sign, amount, written_decimals, unit_factor,
    is_form, evidence_key, term_no, term_zh, term_en. Tolerance: half a unit of the last written place of each term. A form is printed
    from numbers whose trailing zeros are dropped, so its terms count as written to the places of the most exact one; in
    prose a whole number beside decimals is exact for the same reason. -#}
{% macro sum_of_terms(terms) -%}
    select
        sum_key,
        max(case when term_role = 'whole' then amount end) as left_value,
        sum(case when term_role = 'part' then sign * amount end) as right_value,
        sum(case when term_role = 'part' then 1 else 0 end) as part_count,
        cast(sum(
            case
                when is_form then finest_place
                when written_decimals = 0 and finest_place < own_place then cast(0 as decimal(28, 8))
                else own_place
            end
        ) as decimal(28, 6)) as tolerance,
        {{ join_text(
            "case when term_role = 'part' then case when sign < 0 then '减' else '' end || term_zh || ' ' || "
                ~ plain_number('amount') ~ " end", "'、'", 'term_no'
        ) }} as parts_zh,
        {{ join_text(
            "case when term_role = 'part' then case when sign < 0 then 'less ' else '' end || coalesce(term_en, term_zh) || ' ' || "
                ~ plain_number('amount') ~ " end", "', '", 'term_no'
        ) }} as parts_en,
        {{ collect('evidence_key', 'term_no') }} as evidence_keys
    from (
        select
            *,
            min(own_place) over (partition by sum_key, is_form) as finest_place
        from (
            select
                *,
                cast({{ half_place('written_decimals') }} * unit_factor as decimal(28, 8)) as own_place
            from {{ terms }}
        ) as written
    ) as terms
    group by sum_key
{%- endmacro %}

{#- Yuan amounts are compared in 万元; a unit's half place in 万元 needs the unit's worth in 万元. -#}
{% macro unit_in_wan(factor) -%}
    cast(cast({{ factor }} as decimal(12, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(16, 4))
{%- endmacro %}

{#- Two stated dimensions that may be the same: equal, or one of them not said. -#}
{% macro compatible(left, right) -%}
    ({{ left }} is null or {{ right }} is null or {{ left }} = {{ right }})
{%- endmacro %}

{#- Two amounts whose budget books may be one. What is said of no book is the department's or the general public budget's,
    never one of the three other books' unless it stands in their section. -#}
{% macro one_book(left, right) -%}
    (
        {{ left }}.budget_book is not distinct from {{ right }}.budget_book
        or coalesce({{ left }}.budget_book, {{ right }}.budget_book) = 'general_public'
        and ({{ left }}.budget_book is null or {{ right }}.budget_book is null)
        or ({{ left }}.budget_book is null or {{ right }}.budget_book is null)
        and coalesce({{ left }}.section, '') = coalesce({{ right }}.section, '')
    )
{%- endmacro %}

{#- Amounts of money beside the general public budget, by document: what a statement of all money holds more than one of the
    appropriations. -#}
{% macro money_beside_the_general_budget() -%}
    select distinct
        document_sha256,
        amount_wan
    from {{ of_this_turn('int_rule_money') }}
    where
        amount_wan > 0
        and (
            budget_book in ('government_fund', 'state_capital', 'social_insurance')
            or (account_code = 'total' and fund_source in ('carryover', 'other'))
            or (account_code like 'income_%' and account_code <> 'income_appropriation')
        )
{%- endmacro %}

{#- Whether the words of an adjustment make it a reduction: its amount is written without a sign. -#}
{% macro is_said_to_reduce(of='') -%}
    {{ regexp_like(
        "coalesce(" ~ of ~ "label, '') || coalesce(" ~ of ~ "qualifier, '') || coalesce(" ~ of ~ "measure_term, '')", "'减|收回|压'"
    ) }}
{%- endmacro %}

{#- What is stated where, in front of its value: a form's row and column name the figure already, prose does not. -#}
{% macro said_zh(what, place='stated_at_zh', form='form') -%}
    {{ place }} || case when {{ form }} is null then '的' || {{ what }} else '' end
{%- endmacro %}
{% macro said_en(what, place='stated_at_en', form='form') -%}
    case when {{ form }} is null then {{ what }} || ' (' || {{ place }} || ')' else {{ place }} end
{%- endmacro %}

{#- A unit of a comparison as an English message writes it behind the number; that of money is said once, at the end. -#}
{% macro unit_in_english(unit) -%}
    case
        when {{ unit }} = '分' then ' points'
        when {{ unit }} in ('万元', '人', '行', '个') then ''
        when {{ unit }} = '元' then ' yuan'
        else {{ unit }}
    end
{%- endmacro %}

{#- A kind of heads or posts as an English message names it. -#}
{% macro staff_in_english(metric_code) -%}
    case {{ metric_code }}
        when 'serving_staff' then 'serving staff'
        when 'retired_cadre' then 'retired cadres'
        when 'retired_staff' then 'retired staff'
        when 'retired_total' then 'all retired'
        when 'contract_staff' then 'contract staff'
        when 'posts' then 'posts'
        when 'posts_administrative' then 'administrative posts'
        when 'posts_institution' then 'posts of institutions'
        when 'posts_support' then 'support posts'
        when 'posts_police' then 'police posts'
        else 'all heads'
    end
{%- endmacro %}
