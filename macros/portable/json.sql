{#- A JSON object as text, of (key, expression) pairs; a third item 'json' marks an expression that is JSON already. -#}
{% macro json_object(pairs) -%}
    {{ return(adapter.dispatch('json_object', 'expansion_triggers')(pairs)) }}
{%- endmacro %}

{% macro default__json_object(pairs) -%}
    cast(
        json_object(
            {%- for pair in pairs %}
                '{{ pair[0] }}',
                {{ 'cast(' ~ pair[1] ~ ' as json)' if pair | length > 2 else pair[1] }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as varchar
    )
{%- endmacro %}

{#- A JSON list, as text, of JSON texts in an order. -#}
{% macro json_list(item, order) -%}
    {{ return(adapter.dispatch('json_list', 'expansion_triggers')(item, order)) }}
{%- endmacro %}

{% macro default__json_list(item, order) -%}
    concat('[', string_agg({{ item }}, ',' order by {{ order }}), ']')
{%- endmacro %}

{#- A value inside a JSON text as text, by a dotted path. -#}
{% macro json_path(object, path) -%}
    {{ return(adapter.dispatch('json_path', 'expansion_triggers')(object, path)) }}
{%- endmacro %}

{% macro default__json_path(object, path) -%} json_extract_string({{ object }}, '$.{{ path }}') {%- endmacro %}

{% macro spark__json_path(object, path) -%} get_json_object({{ object }}, '$.{{ path }}') {%- endmacro %}

{#- One row a condition of a firing's evidence: firing_id, signal, signal_value. -#}
{% macro evidence_conditions(relation) -%}
    {{ return(adapter.dispatch('evidence_conditions', 'expansion_triggers')(relation)) }}
{%- endmacro %}

{% macro default__evidence_conditions(relation) -%}
    select firing_id, condition.signal as signal, condition.value as signal_value
    from
        (
            select
                firing_id,
                unnest(
                    from_json(json_extract(evidence, '$.conditions'), '[{"signal": "VARCHAR", "value": "DOUBLE"}]')
                ) as condition
            from {{ relation }}
        ) as conditions
{%- endmacro %}

{#- Numbers, texts, booleans and nulls as to_json writes them: it leaves out nulls of a struct, not of an array. -#}
{% macro spark__json_object(pairs) -%}
    concat(
        '{',
        {%- for pair in pairs %}
            '"{{ pair[0] }}":',
            {%- if pair | length > 2 %} coalesce({{ pair[1] }}, 'null')
            {%- else %} regexp_replace(to_json(array({{ pair[1] }})), r'^[\[]|[\]]$', '')
            {%- endif %},
            {%- if not loop.last %} ',',{% endif %}
        {%- endfor %}
        '}'
    )
{%- endmacro %}

{% macro spark__json_list(item, order) -%}
    concat(
        '[',
        array_join(
            transform(
                array_sort(collect_list(struct({{ order }}, {{ item }} as list_item))), listed -> listed.list_item
            ),
            ','
        ),
        ']'
    )
{%- endmacro %}

{% macro spark__evidence_conditions(relation) -%}
    select firing_id, condition.signal as signal, condition.value as signal_value
    from
        (
            select
                firing_id,
                explode(
                    from_json(get_json_object(evidence, '$.conditions'), 'array<struct<signal: string, value: double>>')
                ) as condition
            from {{ relation }}
        ) as conditions
{%- endmacro %}
