{#-
    One row an address or site that a field names, of e-mail addresses and web sites alike: people put two into one field,
    and a name beside an address.
-#}
{% macro addresses_in(column) -%}
    {{ words_of('trim(' ~ replace_pattern(known_text(column), '[,;|<>"()]|[^!-~¡-￮]', ' ') ~ ')') }}
{%- endmacro %}

{#- Whether a host is a domain: it has a dot, no sign that no host has, and its last part is a word. -#}
{% macro is_domain(host) -%}
    (
        {{ host }} like '%_._%'
        and {{ host }} = {{ replace_pattern(host, '[=&%+!$*{}]|[.][0-9]+$', '') }}
    )
{%- endmacro %}

{#- The address in a field, lower case, without the name that may stand beside it. -#}
{% macro plain_address(column) -%}
    nullif(lower({{ trimmed(replace_pattern(column, '^.*<|>.*$', '')) }}), '')
{%- endmacro %}
