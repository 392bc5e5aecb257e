-- grain: one row a stated total (rule 6) against the functional classes that its form or section lists
with money as {{ read_where_used() }} (
    select * from {{ of_this_turn('int_rule_money') }}
    where
        measure in ('initial_budget', 'adjusted_budget', 'full_year_budget', 'actual')
        and place <> 'form_note'
        and coalesce(fund_source, 'total') in ('total', 'current_appropriation')
),

classes as (
    select
        totals.figure_key as whole_key,
        classes.*,
        row_number() over (
            partition by totals.figure_key, classes.account_code
            order by
                case when classes.part_of_figure_no = totals.figure_no then 0 else 1 end,
                abs(classes.figure_no - totals.figure_no)
        ) as choice
    from money as totals
    inner join money as classes
        on totals.document_sha256 = classes.document_sha256
        and totals.scope_key = classes.scope_key
        and totals.measure = classes.measure
        and totals.fiscal_year is not distinct from classes.fiscal_year
        and {{ one_book('totals', 'classes') }}
    where
        totals.account_code = 'total'
        -- the appropriations of one book, beside expenditure in a table of two halves
        and not (totals.label like '%收入%' and totals.label not like '%支出%')
        -- a total under another heading is of something smaller
        and (
            totals.is_form
            or totals.section = totals.top_section
            or classes.part_of_figure_no = totals.figure_no
            or coalesce(totals.section, '') = coalesce(classes.section, '')
        )
        and {{ regexp_like('classes.account_code', "'^f[0-9]{3}$'") }}
),

-- of several totals in one section the classes belong to the one that they are nearest to
owned as (
    select *
    from (
        select
            classes.*,
            dense_rank() over (
                partition by classes.document_sha256, classes.scope_key, classes.measure, classes.fiscal_year
                order by abs(totals.figure_no - classes.first_class_no), totals.figure_no
            ) as nearness
        from (
            select
                *,
                min(figure_no) over (partition by whole_key) as first_class_no
            from classes
            where choice = 1
        ) as classes
        inner join money as totals on classes.whole_key = totals.figure_key
    ) as ranked
    where nearness = 1
),

terms as (
    select
        money.figure_key as sum_key,
        'whole' as term_role,
        1 as sign,
        money.amount_wan as amount,
        money.written_decimals,
        money.unit_wan as unit_factor,
        money.is_form,
        money.evidence_key,
        0 as term_no,
        money.subject_zh as term_zh,
        money.subject_en as term_en
    from money
    where money.figure_key in (select whole_key from owned)
    union all
    select
        whole_key as sum_key,
        'part' as term_role,
        1 as sign,
        amount_wan as amount,
        written_decimals,
        unit_wan as unit_factor,
        is_form,
        evidence_key,
        figure_no as term_no,
        subject_zh as term_zh,
        subject_en as term_en
    from owned
),

sums as (
    {{ sum_of_terms('terms') }}
),

smaller as (
    select distinct
        document_sha256,
        scope_key,
        measure,
        fiscal_year,
        amount_wan
    from money
    where account_code in ('basic', 'project')
),

compared as (
    select
        money.*,
        sums.left_value,
        sums.right_value,
        sums.tolerance,
        sums.parts_zh,
        sums.parts_en,
        sums.part_count,
        sums.evidence_keys,
        -- the classes of basic or of project expenditure only
        case when smaller.amount_wan is not null then '同一口径的各类支出' end as missing_zh,
        case when smaller.amount_wan is not null then 'the classes of all expenditure' end as missing_en
    from money
    inner join sums on money.figure_key = sums.sum_key
    left join smaller
        on money.document_sha256 = smaller.document_sha256
        and money.scope_key = smaller.scope_key
        and money.measure = smaller.measure
        and money.fiscal_year is not distinct from smaller.fiscal_year
        and sums.right_value = smaller.amount_wan
        and sums.left_value > smaller.amount_wan
    where sums.part_count >= 2
)

-- the list may name the main classes only
select
    {{ rule_columns({
        'rule_code': "'total_is_sum_of_functional_classes'",
        'document_sha256': 'document_sha256',
        'subject_zh': "subject_zh || measure_zh",
        'subject_en': "subject_en || ', ' || measure_en",
        'left_zh': said_zh('label'),
        'left_en': said_en("'total'"),
        'left_value': 'left_value',
        'right_zh': "'所列' || cast(part_count as string) || '类支出之和（' || parts_zh || '）'",
        'right_en': "'the sum of the ' || cast(part_count as string) || ' listed classes (' || parts_en || ')'",
        'right_value': 'right_value',
        'tolerance': 'tolerance',
        'severity_cap': "case when form is null and right_value < left_value then 'warning' end",
        'missing_zh': 'missing_zh',
        'missing_en': 'missing_en',
        'evidence_keys': 'evidence_keys',
        'outcome': outcome('left_value', 'right_value', 'tolerance', 'missing_zh'),
    }) }}
from compared
