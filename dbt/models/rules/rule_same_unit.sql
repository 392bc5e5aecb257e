-- grain: one row an amount (rule 15) whose digits stand elsewhere in the report with another unit of money: in a note of a
-- form, or as the same measure of the same account
with money as {{ read_where_used() }} (
    select * from {{ of_this_turn('int_rule_money') }}
    where amount_wan <> 0 and length({{ regexp_replace_all('value_as_written', "'[^0-9]'", "''") }}) >= 3
),

pairs as (
    select
        smaller.document_sha256,
        {{ regexp_replace_all('smaller.label', "'[，,、；;：:。]+$'", "''") }} as label,
        smaller.stated_at_zh as left_at_zh,
        smaller.stated_at_en as left_at_en,
        smaller.amount_wan as left_value,
        smaller.value_as_written || smaller.unit as left_written,
        larger.stated_at_zh as right_at_zh,
        larger.stated_at_en as right_at_en,
        larger.label as right_label,
        larger.amount_wan as right_value,
        larger.value_as_written || larger.unit as right_written,
        {{ list_of(['smaller.evidence_key', 'larger.evidence_key']) }} as evidence_keys,
        row_number() over (
            partition by smaller.figure_key
            order by case when larger.measure = 'adjustment' then 0 else 1 end, larger.place_rank, larger.figure_no
        ) as choice
    from money as smaller
    inner join money as larger
        on smaller.document_sha256 = larger.document_sha256
        and smaller.value = larger.value
        and smaller.money_factor < larger.money_factor
        and {{ compatible('smaller.project_key', 'larger.project_key') }}
    where
        larger.measure not in ('target', 'achieved', 'deviation_note', 'other')
        and (
            smaller.measure = 'deviation_note'
            or (
                smaller.measure = larger.measure
                and smaller.account_code = larger.account_code
                and smaller.project_key is not distinct from larger.project_key
            )
        )
)

select
    {{ rule_columns({
        'rule_code': "'same_amount_same_unit'",
        'document_sha256': 'document_sha256',
        'subject_zh': "label || '的单位'",
        'subject_en': "label || ': unit'",
        'left_zh': "left_at_zh || '写作“' || left_written || '”，即'",
        'left_en': "left_at_en || ' says “' || left_written || '”, that'",
        'left_value': 'left_value',
        'right_zh': "right_at_zh || '的' || right_label || '写作“' || right_written || '”，即'",
        'right_en': "right_label || ' (' || right_at_en || ') says “' || right_written || '”, that'",
        'right_value': 'right_value',
        'note_zh': "'数字相同，单位不同'",
        'note_en': "'the digits agree, the unit does not'",
        'evidence_keys': 'evidence_keys',
        'outcome': "'fails'",
    }) }}
from pairs
where choice = 1
