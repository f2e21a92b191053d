{#- Domains that say nothing of the company: mail providers, and hosts on which many have a page. -#}
{% macro nobodys_domains() -%}
    select lower(domain) as domain
    from {{ ref('free_email_domains') }}
    union
    select lower(host) as domain
    from {{ ref('shared_hosts') }}
{%- endmacro %}
