{#- The prime that the keys of the controls' random order are taken by. -#}
{% macro hash_prime() -%} 2147483647 {%- endmacro %}

{#- Eight hex digits of a text's md5, from the given place on, as a whole number from 0 to 4294967295. -#}
{% macro md5_number(text, start) -%}
    {{ return(adapter.dispatch('md5_number', 'expansion_triggers')(text, start)) }}
{%- endmacro %}

{% macro default__md5_number(text, start) -%}
    cast('0x' || substr(md5({{ text }}), {{ start }}, 8) as bigint)
{%- endmacro %}

{% macro spark__md5_number(text, start) -%}
    cast(conv(substr(md5({{ text }}), {{ start }}, 8), 16, 10) as bigint)
{%- endmacro %}
