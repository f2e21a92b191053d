{#- What context_signals.csv may name: the signals, numeric ones first, and how many advanced features there are. -#}
{% macro numeric_context() -%} {{ return(numeric_signals() + ['advanced_features']) }} {%- endmacro %}

{% macro text_context() -%} {{ return(['tier', 'segment']) }} {%- endmacro %}

{#- A value of the context that a firing's evidence holds, as people write it; null where it is unknown. -#}
{% macro context_value(evidence, signal) -%}
    {%- set value = json_path(evidence, 'context.' ~ signal) -%}
    {%- if signal in text_context() -%} {{ value }}
    {%- elif signal == 'contract_value' -%} {{ with_commas('cast(' ~ value ~ ' as double)') }}
    {%- else -%} {{ readable_number(value) }}
    {%- endif -%}
{%- endmacro %}

{#- The context of a firing as tokens of a phrase, a label or a message. -#}
{% macro context_tokens(evidence) -%}
    {% set tokens = [] %}
    {% for signal in text_context() + numeric_context() %}
        {% do tokens.append((signal, context_value(evidence, signal))) %}
    {% endfor %}
    {{ return(tokens) }}
{%- endmacro %}

{#- The tokens of a message and where their values stand. What customers write comes last: it is never read as a token. -#}
{% macro message_tokens(relation) -%}
    {% set tokens = [('currency', dbt.string_literal(setting('currency', 'symbol')))] %}
    {% do tokens.extend(context_tokens(relation ~ '.evidence')) %}
    {% for token in [
        'trigger_name', 'recommended_action', 'signal_text', 'context_text', 'owner_name', 'cta_url', 'view_url',
        'book_call_url', 'first_name', 'account_name',
    ] %}
        {% do tokens.append((token, relation ~ '.' ~ token)) %}
    {% endfor %}
    {{ return(tokens) }}
{%- endmacro %}
