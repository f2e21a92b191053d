{#-
    A template with each {token} put in, one after the other; a token whose value is unknown leaves nothing. As a list and
    not as calls within calls: there are as many tokens as signals.
-#}
{% macro fill_tokens(template, values) -%}
    {{ return(adapter.dispatch('fill_tokens', 'expansion_triggers')(template, values)) }}
{%- endmacro %}

{% macro default__fill_tokens(template, values) -%}
    list_reduce(
        [
            {%- for token, value in values %}
                concat(
                    {{ dbt.string_literal('{' ~ token ~ '}') }}, chr(31), cast({{ value }} as {{ dbt.type_string() }})
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ],
        lambda filled,
        token:replace(filled, split_part(token, chr(31), 1), split_part(token, chr(31), 2)),
        {{ template }}
    )
{%- endmacro %}

{% macro spark__fill_tokens(template, values) -%}
    aggregate(
        array(
            {%- for token, value in values %}
                named_struct(
                    'token',
                    {{ dbt.string_literal('{' ~ token ~ '}') }},
                    'value',
                    coalesce(cast({{ value }} as {{ dbt.type_string() }}), '')
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ),
        {{ template }},
        (filled, token) -> replace(filled, token.token, token.value)
    )
{%- endmacro %}
