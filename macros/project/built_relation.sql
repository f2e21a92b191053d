{#-
    A model's relation where an earlier build left one, else none. It is found past the dependencies, for a model that asks
    what it or a later one has recorded: wherever the target puts its schemas.
-#}
{% macro built_relation(model_name) -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if node.resource_type == 'model' and node.name == model_name -%}
                {{ return(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}
