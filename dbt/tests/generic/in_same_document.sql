{#- Each value is a key of `to`, in the same document. Of `to` only the documents of the rows that are tested are read: dbt's
    relationships would compute the keys of all its rows. -#}
{% test in_same_document(model, column_name, to, field) %}
    with children as (
        select
            document_sha256,
            {{ column_name }} as child_key
        from {{ model }}
        where {{ column_name }} is not null
    ),

    parents as (
        select
            document_sha256,
            {{ field }} as parent_key
        from {{ to }}
        where document_sha256 in (select document_sha256 from children)
    )

    select children.*
    from children
    left join parents
        on children.document_sha256 = parents.document_sha256
        and children.child_key = parents.parent_key
    where parents.parent_key is null
{% endtest %}
