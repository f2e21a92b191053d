{#-
    Seeds on Spark as literals: the session method writes bindings out as Python does, None and broken apostrophes. One
    statement a seed, so one small file a seed.
-#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {% set sql %}
        insert into {{ this.render() }} select
        {%- for name in agate_table.column_names %}
            cast({{ adapter.quote(name) }} as {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) }}){{ ',' if not loop.last }}
        {%- endfor %}
        from values
        {%- for row in agate_table.rows %}
        ({% for value in row %}{{ expansion_triggers.seed_literal(value) }}{{ ',' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
        {%- endfor %}
        as landed ({% for name in agate_table.column_names %}{{ adapter.quote(name) }}{{ ',' if not loop.last }}{% endfor %})
    {% endset %}
    {% if agate_table.rows | length > 0 %} {% do adapter.add_query(sql, abridge_sql_log=True) %} {% endif %}
    {{ return(sql) }}
{% endmacro %}

{% macro seed_literal(value) -%}
    {%- if value is none -%} cast(null as string)
    {%- else -%} {{ "'" ~ (value | string).replace("\\", "\\\\").replace("'", "\\'") ~ "'" }}
    {%- endif -%}
{%- endmacro %}
