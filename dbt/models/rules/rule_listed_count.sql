-- grain: one row a stated number of things that the text then lists (rule 3). Projects with an amount below it count where
-- the list itself was seen in part only.
with stated as (
    select * from {{ of_this_turn('int_rule_operation') }}
    where is_current and is_exact and listed_count is not null
),

projects as (
    select
        stated.figure_key,
        count(distinct money.project_key) as project_count
    from stated
    inner join {{ of_this_turn('int_rule_money') }} as money
        on stated.document_sha256 = money.document_sha256
        and stated.figure_no < money.figure_no
        and (money.section = stated.section or money.section like stated.section || ' / %')
    left join {{ of_this_turn('int_rule_money') }} as owners
        on money.document_sha256 = owners.document_sha256
        and money.part_of_figure_no = owners.figure_no
        and owners.account_code = 'project_item'
    -- what a listed project is divided into is none of the list
    where money.account_code = 'project_item' and money.form is null and owners.figure_key is null
    group by stated.figure_key
),

counted as (
    select
        stated.*,
        greatest(stated.listed_count, coalesce(projects.project_count, 0)) as right_value
    from stated
    left join projects on stated.figure_key = projects.figure_key
)

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
        'right_value': 'right_value',
        'evidence_keys': list_of(['evidence_key']),
        'outcome': outcome('value', 'right_value', '0'),
    }) }}
from counted
