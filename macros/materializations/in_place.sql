{#-
DuckDB's definitions are part of its transactions: a relation is replaced in one, instead of being built beside the old
one, renamed twice and dropped, which costs more than most of this project's models themselves. Other engines keep
their own way.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {% call replace_in_transaction(target) %}{{ create_table_as(False, target, compiled_code, 'sql') }}{% endcall %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {% call replace_in_transaction(target) %}{{ get_create_view_as_sql(target, sql) }}{% endcall %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro replace_in_transaction(target) %}
    {%- set existing = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {#- Rendered after the hooks: a contract asks the engine for the query's columns. -#}
    {%- set definition = caller() -%}
    {% call statement('main') -%}
        drop {{ existing.type if existing else target.type }} if exists {{ target }};
        {{ definition }}
    {%- endcall %}

    {% do persist_docs(target, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}
