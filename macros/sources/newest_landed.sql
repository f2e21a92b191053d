{#-
    When the newest row of a source came, for `dbt source freshness`. What never landed, and a vendor that serves nothing here,
    is as fresh as can be: the contract says what must be there, and nobody waits for the rest.
-#}
{% macro newest_landed(column) -%}
    {%- set vendor = model.source_name | replace('_history', '') -%}
    {%- set now = 'cast(' ~ dbt.current_timestamp() ~ ' as timestamp)' -%}
    {%- if vendor in ['push', 'operations'] or is_vendor_used(vendor) -%}
        select coalesce(cast(max({{ column }}) as timestamp), {{ now }}) from {{ this }}
    {%- else -%} select {{ now }}
    {%- endif -%}
{%- endmacro %}
