{#- The value of one key: what the installation's vars say, else the default. -#}
{% macro setting(variable, key=none) -%} {{ return(settings_of(variable)[key]) }} {%- endmacro %}
