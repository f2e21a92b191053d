{#- The names of the signals that are numbers: conditions may name any of them, and the sweep moves any threshold. -#}
{% macro numeric_signals() -%}
    {{ return(signal_catalogue() | rejectattr('kind', 'equalto', 'text') | map(attribute='name') | list) }}
{%- endmacro %}

{#- The names of the signals that are ratios: people read them in percent. -#}
{% macro ratio_signals() -%}
    {{ return(signal_catalogue() | selectattr('kind', 'equalto', 'ratio') | map(attribute='name') | list) }}
{%- endmacro %}
