{#-
    Stops where the catalogue, the models that it names and the published contract do not tell of the same signals, with
    a sentence a fault. It reads the YAML of the models, so it speaks before anything is built.
-#}
{% macro check_signal_catalogue() -%}
    {%- if execute and graph.nodes -%}
        {%- set faults = signal_catalogue_faults() -%}
        {%- if faults -%}
            {{ exceptions.raise_compiler_error("macros/signals/signal_catalogue.sql: " ~ faults | join("; ")) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro signal_catalogue_faults() -%}
    {% set columns = {} %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.package_name == model.package_name %}
        {% do columns.update({node.name: node.columns}) %}
    {% endfor %}
    {% set published = columns['fct_account_signals_daily'] %}
    {% set names = signal_catalogue() | map(attribute='name') | list %}
    {% set faults = [] %}
    {% for signal in signal_catalogue() %}
        {% for key in (['domain'] if signal.kind == 'text' else ['domain', 'unit', 'low', 'high', 'phrase']) %}
            {% if key not in signal %} {% do faults.append(signal.name ~ ' has no ' ~ key) %} {% endif %}
        {% endfor %}
        {% if signal.kind not in ['count', 'number', 'ratio', 'text'] %}
            {% do faults.append(signal.name ~ ' has no kind: expected count, number, ratio or text') %}
        {% endif %}
        {% if names.count(signal.name) > 1 %} {% do faults.append(signal.name ~ ' has more than one row') %} {% endif %}
        {% if signal.name not in columns.get(signal.model, {}) %}
            {% do faults.append(signal.name ~ ' is not a column of ' ~ signal.model) %}
        {% endif %}
        {% if signal.name not in published %}
            {% do faults.append(signal.name ~ ' is not in the contract of fct_account_signals_daily') %}
        {% endif %}
    {% endfor %}
    {% for name in published if name not in names + ['account_id', 'signal_on'] %}
        {% do faults.append(name ~ ' is in the contract of fct_account_signals_daily and has no row') %}
    {% endfor %}
    {{ return(faults) }}
{%- endmacro %}
