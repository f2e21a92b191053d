{#-
    The rows of every vendor that serves a domain, in one shape, each with its vendor and the vendor's rank (1 takes
    precedence). All relations are named whichever vendors are in use, so that the graph does not hang on a variable.
-#}
{% macro vendor_rows(domain, relations) -%}
    {#- The linter renders a variable as text: to it all vendors are in use. -#}
    {%- set sources = var('sources') -%}
    {%- set vendors = (sources.get(domain) or []) if sources is mapping else relations.keys() | list -%}
    {%- for vendor in vendors -%}
        {%- if vendor not in relations -%}
            {% do exceptions.raise_compiler_error(
                'vars: sources: ' ~ domain ~ ': ' ~ vendor ~ ' is not known: expected ' ~ relations.keys() | join(' or ') ~ '.'
            ) %}
        {%- endif -%}
        select '{{ vendor }}' as vendor, {{ loop.index }} as vendor_rank, * from {{ relations[vendor] }}
        {{- '\n    union all\n    ' if not loop.last }}
    {%- endfor -%}
    {%- if not vendors -%}
        select '' as vendor, 0 as vendor_rank, * from {{ relations.values() | first }} where false
    {%- endif -%}
{%- endmacro %}
