{#-
DuckDB's definitions are part of its transactions: a table is replaced in one, instead of being built beside the old
one, renamed twice and dropped, which costs more than most of this project's models themselves. Other engines keep
their own way.
-#}
{% materialization table, adapter='duckdb' %}

{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='table') -%}

{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}

{% call statement('main') -%}
    drop {{ existing.type if existing else 'table' }} if exists {{ target }};
    {{ create_table_as(False, target, compiled_code, 'sql') }}
{%- endcall %}

{% do persist_docs(target, model) %}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{{ adapter.commit() }}
{{ run_hooks(post_hooks, inside_transaction=False) }}

{{ return({'relations': [target]}) }}

{% endmaterialization %}


{% materialization view, adapter='duckdb' %}

{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='view') -%}

{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}

{% call statement('main') -%}
    drop {{ existing.type if existing else 'view' }} if exists {{ target }};
    {{ get_create_view_as_sql(target, sql) }}
{%- endcall %}

{% do persist_docs(target, model) %}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{{ adapter.commit() }}
{{ run_hooks(post_hooks, inside_transaction=False) }}

{{ return({'relations': [target]}) }}

{% endmaterialization %}
