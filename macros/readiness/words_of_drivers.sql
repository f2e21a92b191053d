{#- A time in words: today, 3 days ago, 5 weeks ago, 7 months ago. -#}
{% macro days_ago(days) -%}
    case
        when {{ days }} < 1
        then 'today'
        when {{ days }} < 21
        then {{ dbt.concat([counted('cast(' ~ days ~ ' as integer)', 'day'), "' ago'"]) }}
        when {{ days }} < 90
        then {{ dbt.concat([counted('cast(floor(' ~ days ~ ' / 7.0e0) as integer)', 'week'), "' ago'"]) }}
        else {{ dbt.concat([counted('cast(floor(' ~ days ~ ' / 30.0e0) as integer)', 'month'), "' ago'"]) }}
    end
{%- endmacro %}

{#- The value of a signal as people write it; ratios in percent. -#}
{% macro signal_words(value, kind) -%}
    case
        when {{ kind }} = 'ratio'
        then {{ dbt.concat(['cast(cast(round(100 * ' ~ value ~ ') as bigint) as ' ~ dbt.type_string() ~ ')', "' %'"]) }}
        else {{ readable_number(value) }}
    end
{%- endmacro %}

{#- The signals of an account's state as tokens of a phrase. -#}
{% macro state_tokens(relation) -%}
    {% set tokens = [] %}
    {% for signal in numeric_signals() %}
        {% do tokens.append((
            signal,
            signal_words(relation ~ '.' ~ signal, "'ratio'" if signal in ratio_signals() else "'number'"),
        )) %}
    {% endfor %}
    {{ return(tokens) }}
{%- endmacro %}
