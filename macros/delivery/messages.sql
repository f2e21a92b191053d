{#- What a message to a customer never names: what we expect of them. Alerts may. -#}
{% macro staff_tokens() -%} {{ return(['readiness_text']) }} {%- endmacro %}

{#- The tokens of a message and where their values stand. What customers write comes last: it is never read as a token. -#}
{% macro message_tokens(relation) -%}
    {% set tokens = [('currency', dbt.string_literal(setting('currency', 'symbol')))] %}
    {% do tokens.extend(context_tokens(relation ~ '.evidence')) %}
    {% for token in [
        'trigger_name', 'recommended_action', 'signal_text', 'context_text', 'owner_name', 'cta_url', 'view_url',
        'book_call_url', 'first_name',
    ] + staff_tokens() + ['account_name'] %}
        {% do tokens.append((token, relation ~ '.' ~ token)) %}
    {% endfor %}
    {{ return(tokens) }}
{%- endmacro %}
