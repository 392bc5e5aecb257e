-- grain: one row. Changes when a vocabulary that the facts join has changed, so that incremental models rebuild.
select
    md5(
        '{{ project_checksum() }}'
        {%- for seed in [
            'account_labels', 'accounts', 'budget_book_labels', 'fund_source_labels', 'indicator_labels', 'indicators',
            'measure_labels', 'metric_labels', 'precedence', 'project_name_variants', 'section_places', 'units',
        ] %}
        || {{ seed_fingerprint(seed) }}
        {%- endfor %}
    ) as reference_fingerprint
