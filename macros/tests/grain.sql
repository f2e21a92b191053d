{#-
The rows of a model: one for each value of the columns `key` together, with a value in each of them (but those named
`nullable`, where nulls are equal to one another) and in the columns `filled`. One test and at most two scans a model,
where a test for each column would take as long as the models themselves.

Each row that comes back is one sentence; a repeated key is shown where it is an id.
-#}
{% test grain(model, key=[], filled=[], nullable=[]) %}

    {%- set relation = model.identifier if model.identifier is defined else model -%}
    {%- set required = (key | reject('in', nullable) | list) + filled -%}

    with

        {% if required %}
            empty as (
                select
                    {%- for column in required %}
                        sum(case when {{ column }} is null then 1 else 0 end) as {{ column }}{{ ',' if not loop.last }}
                    {%- endfor %}
                from {{ model }}
            ),
        {% endif %}

        {% if key %}
            repeated as (
                select {{ key | join(', ') }} from {{ model }} group by {{ key | join(', ') }} having count(*) > 1
            ),
        {% endif %}

        faults as (
            {% for column in required %}
                {{ 'union all' if not loop.first }}
                select
                    '{{ relation }}, column {{ column }} is empty in '
                    || cast({{ column }} as {{ dbt.type_string() }})
                    || ' rows: expected a value.' as sentence
                from empty
                where {{ column }} > 0
            {% endfor %}
            {% if key %}
                    {{ 'union all' if required }}
                select
                    '{{ relation }}, {{ ' columns ' if key | length > 1 else ' column ' }} {{ key | join(',
                    ') }}: ' || cast(count(*) as {{ dbt.type_string() }}) || ' values stand there more than once'
                    {%- if key | length == 1 and key[0].endswith('id') %}
                        || ', ''' || min(cast({{ key[0] }} as {{ dbt.type_string() }})) || ''' among them'
                    {%- endif %}
                    || ': expected each once.' as sentence
                from repeated
                having count(*) > 0
            {% endif %}
        )

    select sentence
    from faults

{% endtest %}
