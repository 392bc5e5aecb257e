-- grain: one row a stated number of things that the text then lists (rule 3)
select
    {{ rule_columns({
        'rule_code': "'listed_projects_counted'",
        'document_sha256': 'document_sha256',
        'subject_zh': 'metric_label',
        'subject_en': 'metric_label',
        'unit': 'unit',
        'left_zh': "stated_at_zh || '所称个数'",
        'left_en': "'the number stated in ' || stated_at_en",
        'left_value': 'value',
        'right_zh': "'随后列出的个数'",
        'right_en': "'the number then listed'",
        'right_value': 'listed_count',
        'evidence_keys': list_of(['evidence_key']),
        'outcome': outcome('value', 'listed_count', '0'),
    }) }}
from {{ ref('int_operation') }}
where is_current and is_exact and listed_count is not null
