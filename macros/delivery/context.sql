{#- What context_signals.csv may name: the signals, numeric ones first, and how many advanced features there are. -#}
{% macro numeric_context() -%} {{ return(numeric_signals() + ['advanced_features']) }} {%- endmacro %}

{% macro text_context() -%} {{ return(['tier', 'segment']) }} {%- endmacro %}
