{#- Money as decimals end to end: no division or power that would turn a decimal into a binary float. -#}

{% macro type_money() -%} decimal(28, 6) {%- endmacro %}

{#- An amount in yuan or in 万元 (10,000 yuan) from a value in a unit worth `factor` yuan. -#}
{% macro to_yuan(value, factor) -%}
    cast(cast({{ value }} as decimal(22, 6)) * cast({{ factor }} as decimal(12, 0)) as decimal(28, 6))
{%- endmacro %}
{% macro to_wan(value, factor) -%}
    cast(
        cast(cast({{ value }} as decimal(22, 6)) * cast({{ factor }} as decimal(12, 0)) as decimal(28, 6))
        * cast(0.0001 as decimal(4, 4)) as decimal(28, 6)
    )
{%- endmacro %}

{#- Below 10^17 yuan: more than any budget, and what decimal(20, 2) holds. -#}
{% macro amount_in_range(value, factor) -%}
    abs({{ value }}) < case when {{ factor }} > 10000 then 1000000000 else 10000000000000 end
{%- endmacro %}

{#- Half a unit of the last written place. Narrow, so that its product with a unit keeps all places on every engine. -#}
{% macro half_place(written_decimals) -%}
    case {{ written_decimals }}
        when 0 then cast(0.5 as decimal(9, 8))
        when 1 then cast(0.05 as decimal(9, 8))
        when 2 then cast(0.005 as decimal(9, 8))
        when 3 then cast(0.0005 as decimal(9, 8))
        when 4 then cast(0.00005 as decimal(9, 8))
        when 5 then cast(0.000005 as decimal(9, 8))
        else cast(0.0000005 as decimal(9, 8))
    end
{%- endmacro %}

{#- numerator / denominator x scale, exact to so many places (six at most), rounded half up once: 93.9649999 is 93.96, and not by way
    of 93.965000 93.97. Null where the denominator is zero or the result beyond what the column holds: an odd value of one report
    must not stop the build of all. -#}
{% macro exact_ratio(numerator, denominator, scale=100, places=6) -%}
    {{ return(adapter.dispatch('exact_ratio', 'jixiao')(numerator, denominator, scale, places)) }}
{%- endmacro %}
{% macro default__exact_ratio(numerator, denominator, scale, places) -%}
    case when {{ denominator }} <> 0 then
        cast(
            sign({{ numerator }}) * sign({{ denominator }})
            * try_cast(
                (
                    cast(abs({{ numerator }}) * 1000000 as hugeint) * {{ scale }} * {{ 10 ** places }}
                    + cast(abs({{ denominator }}) * 500000 as hugeint)
                ) // cast(abs({{ denominator }}) * 1000000 as hugeint) as decimal(26, 0)
            ) * cast({{ one_of_last_place(places) }} as decimal(6, 6)) as decimal(28, 6)
        )
    end
{%- endmacro %}
{% macro spark__exact_ratio(numerator, denominator, scale, places) -%}
    {#- as wide a numerator as there is: the quotient then has six places at once, and is not rounded twice -#}
    {%- set six -%}
        try_cast(
            cast(cast({{ numerator }} as decimal(28, 6)) * {{ scale }} as decimal(38, 6)) / cast({{ denominator }} as decimal(28, 6))
            as decimal(28, 6)
        )
    {%- endset -%}
    {%- set rounded -%} cast({{ six }} as decimal(20, {{ places }})) {%- endset -%}
    case when {{ denominator }} <> 0 then
        {%- if places == 6 %}
        {{ six }}
        {%- else %}
        {#- fewer places are a second rounding, and one too many where the quotient itself is below the half #}
        {{ rounded }} - case
            when
                abs({{ numerator }}) * {{ scale }}
                < (abs({{ rounded }}) - cast({{ one_of_last_place(places + 1) }} * 5 as decimal(6, 6))) * abs({{ denominator }})
                then cast(sign({{ numerator }}) * sign({{ denominator }}) as int) * cast({{ one_of_last_place(places) }} as decimal(6, 6))
            else 0
        end
        {%- endif %}
    end
{%- endmacro %}
{% macro one_of_last_place(places) -%} 0.{{ '0' * (places - 1) }}1 {%- endmacro %}

{% macro try_decimal(text, type='decimal(28, 6)') -%} try_cast({{ text }} as {{ type }}) {%- endmacro %}
