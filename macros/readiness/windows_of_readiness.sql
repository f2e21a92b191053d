{#- Days within which an expansion is foretold, shortest first. -#}
{% macro readiness_windows() -%} {{ return([30, 60, 90]) }} {%- endmacro %}

{#- A trigger has started lately within so many days. -#}
{% macro readiness_recent_days() -%} {{ return(14) }} {%- endmacro %}

{#- The window of a trigger that claims no expansion: a risk is remembered for so many days. -#}
{% macro readiness_trigger_days() -%} {{ return(60) }} {%- endmacro %}
