{#- A value of the context that a firing's evidence holds, as people write it; null where it is unknown. -#}
{% macro context_value(evidence, signal) -%}
    {%- set value = json_path(evidence, 'context.' ~ signal) -%}
    {%- if signal in text_context() -%} {{ value }}
    {%- elif signal in ratio_signals() -%}
        {{ dbt.concat([
            'cast(cast(round(100 * cast(' ~ value ~ ' as double)) as bigint) as ' ~ dbt.type_string() ~ ')', "' %'"
        ]) }}
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
