{#-
The target named prod has the plain names, so that readers see `marts`. Any other target keeps to schemas that begin with its
own, so that two developers in one warehouse never meet.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if not custom_schema_name -%} {{ target.schema }}
    {%- elif target.name == 'prod' -%} {{ custom_schema_name }}
    {%- else -%} {{ target.schema }}_{{ custom_schema_name }}
    {%- endif -%}
{%- endmacro %}
