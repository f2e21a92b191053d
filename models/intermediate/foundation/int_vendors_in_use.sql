-- Which vendor serves each domain, as the variable sources says: so that who reads the warehouse alone knows it too.
{%- set sources = var('sources') %}
{%- set vendors = [] %}
{#- The linter renders a variable as text. -#}
{%- for domain, named in (sources.items() if sources is mapping else []) %}
    {%- for vendor in named or [] %} {%- do vendors.append((domain, vendor, loop.index)) %} {%- endfor %}
{%- endfor %}

{%- for domain, vendor, vendor_rank in vendors %}
    select
        '{{ domain }}' as domain,
        '{{ vendor }}' as vendor,
        {{ vendor_rank }} as vendor_rank
        {{ 'union all' if not loop.last }}
{%- else %} select '' as domain, '' as vendor, 0 as vendor_rank where false
{%- endfor %}
