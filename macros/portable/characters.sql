{#- Without blanks around it, whichever kind: spaces, tabs, line ends, no-break spaces. -#}
{% macro trimmed(text) -%} {{ return(adapter.dispatch('trimmed', 'expansion_triggers')(text)) }} {%- endmacro %}

{% macro default__trimmed(text) -%} trim({{ text }}, concat(' ', chr(9), chr(10), chr(13), chr(160))) {%- endmacro %}

{% macro spark__trimmed(text) -%} btrim({{ text }}, concat(' ', chr(9), chr(10), chr(13), chr(160))) {%- endmacro %}

{#- Letters and digits of every script, whatever stands between them as one space. -#}
{% macro letters_and_digits(text) -%}
    {{ return(adapter.dispatch('letters_and_digits', 'expansion_triggers')(text)) }}
{%- endmacro %}

{% macro default__letters_and_digits(text) -%}
    trim(regexp_replace({{ text }}, '[^\p{L}\p{N}]+', ' ', 'g'))
{%- endmacro %}

{% macro spark__letters_and_digits(text) -%} trim(regexp_replace({{ text }}, r'[^\p{L}\p{N}]+', ' ')) {%- endmacro %}
