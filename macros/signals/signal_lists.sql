{#- The names of the signals that are numbers: conditions may name any of them, and the sweep moves any threshold. -#}
{% macro numeric_signals() -%}
    {{ return(signal_catalogue() | rejectattr('kind', 'equalto', 'text') | map(attribute='name') | list) }}
{%- endmacro %}

{#- The rows of the catalogue that are measured, before health is made from them. -#}
{% macro measured_signals() -%}
    {{ return(signal_catalogue() | rejectattr('model', 'equalto', 'int_account_health_daily') | list) }}
{%- endmacro %}

{#- The models that are joined to the paid days, whose own columns need no join. -#}
{% macro signal_families() -%}
    {{ return(measured_signals() | map(attribute='model') | reject('equalto', 'int_account_billing_daily') | unique | list) }}
{%- endmacro %}
