{#- True where a seed's cell, a list separated by |, is empty (all) or names the value. -#}
{% macro in_list(value, cell) -%}
    (
        coalesce({{ cell }}, '') = ''
        or instr(
            {{ dbt.concat(["'|'", cell, "'|'"]) }}, {{ dbt.concat(["'|'", "coalesce(" ~ value ~ ", '')", "'|'"]) }}
        )
        > 0
    )
{%- endmacro %}

{#- True where a seed's cell names the value; an empty cell names none. -#}
{% macro is_named_in(value, cell) -%}
    (
        coalesce({{ cell }}, '') <> ''
        and coalesce({{ value }}, '') <> ''
        and instr({{ dbt.concat(["'|'", cell, "'|'"]) }}, {{ dbt.concat(["'|'", value, "'|'"]) }}) > 0
    )
{%- endmacro %}

{% macro replace_pattern(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_pattern', 'expansion_triggers')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{#- Host of a web address: without scheme, user, port, path, leading www. and trailing dot; null when nothing is left. -#}
{% macro web_domain(address) -%}
    nullif(
        {{ replace_pattern(
        replace_pattern(
            replace_pattern(
                replace_pattern('lower(trim(' ~ address ~ '))', '^[a-z][a-z0-9+.-]*://', ''),
                '[/?#].*$', ''
            ),
            '^.*@|[.]?(:[0-9]*)?$', ''
        ),
        '^www[.]', ''
    ) }},
        ''
    )
{%- endmacro %}

{#- Domain of an e-mail address; null when there is none. -#}
{% macro email_domain(address) -%} case when {{ address }} like '%@%' then {{ web_domain(address) }} end {%- endmacro %}

{% macro json_text(object, key) -%}
    {{ return(adapter.dispatch('json_text', 'expansion_triggers')(object, key)) }}
{%- endmacro %}

{% macro default__json_text(object, key) -%}
    case when json_valid({{ object }}) then json_extract_string({{ object }}, '$."{{ key }}"') end
{%- endmacro %}

{% macro spark__json_text(object, key) -%} get_json_object({{ object }}, '$.{{ key }}') {%- endmacro %}

{% macro strip_accents(text) -%}
    {{ return(adapter.dispatch('strip_accents', 'expansion_triggers')(text)) }}
{%- endmacro %}

{% macro default__strip_accents(text) -%} strip_accents({{ text }}) {%- endmacro %}

{#- One row a character, with its place, beside the columns named. -#}
{% macro characters_of(relation, key, text) -%}
    {{ return(adapter.dispatch('characters_of', 'expansion_triggers')(relation, key, text)) }}
{%- endmacro %}

{% macro default__characters_of(relation, key, text) -%}
    select
        {{ key }},
        unnest(string_split({{ text }}, '')) as character,
        unnest(range(1, length({{ text }}) + 1)) as position
    from {{ relation }}
{%- endmacro %}

{#- Path of a web address, from the first slash after the host; without query and fragment. -#}
{% macro url_path(address) -%}
    nullif({{ replace_pattern(replace_pattern(address, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*', ''), '[?#].*$', '') }}, '')
{%- endmacro %}

{#- One row a word of a text, by single spaces. -#}
{% macro words_of(text) -%} {{ return(adapter.dispatch('words_of', 'expansion_triggers')(text)) }} {%- endmacro %}

{% macro default__words_of(text) -%} unnest(string_split({{ text }}, ' ')) {%- endmacro %}

{% macro spark__words_of(text) -%} explode(split({{ text }}, ' ')) {%- endmacro %}

{#- Whether a text has a character outside of a class, written as in a pattern. -#}
{% macro has_other_than(text, characters) -%}
    {{ return(adapter.dispatch('has_other_than', 'expansion_triggers')(text, characters)) }}
{%- endmacro %}

{% macro default__has_other_than(text, characters) -%} regexp_matches({{ text }}, '[^{{ characters }}]') {%- endmacro %}

{% macro spark__has_other_than(text, characters) -%} {{ text }} rlike '[^{{ characters }}]' {%- endmacro %}

{% macro has_non_ascii(text) -%}
    {{ return(adapter.dispatch('has_non_ascii', 'expansion_triggers')(text)) }}
{%- endmacro %}

{% macro default__has_non_ascii(text) -%} regexp_matches({{ text }}, '[^ -~]') {%- endmacro %}

{% macro spark__has_non_ascii(text) -%} {{ text }} rlike '[^ -~]' {%- endmacro %}

{#- A decimal as people write it: without trailing zeros. -#}
{% macro readable_number(number) -%}
    {{ return(adapter.dispatch('readable_number', 'expansion_triggers')(number)) }}
{%- endmacro %}

{% macro default__readable_number(number) -%}
    regexp_replace(
        regexp_replace(cast(cast({{ number }} as decimal(38, 6)) as varchar), '(\.\d*?)0+$', '\1'), '\.$', ''
    )
{%- endmacro %}

{#- A whole number with commas between thousands. -#}
{% macro with_commas(number) -%}
    {{ return(adapter.dispatch('with_commas', 'expansion_triggers')(number)) }}
{%- endmacro %}

{% macro default__with_commas(number) -%} format('{:,}', cast(round({{ number }}) as bigint)) {%- endmacro %}

{% macro spark__with_commas(number) -%} format_number(round({{ number }}), 0) {%- endmacro %}

{#- `count` of a noun in words: "no users", "1 user", "5 users". -#}
{% macro counted(count, noun) -%}
    case
        when {{ count }} = 0
        then 'no {{ noun }}s'
        when {{ count }} = 1
        then '1 {{ noun }}'
        else {{ dbt.concat(['cast(' ~ count ~ ' as ' ~ dbt.type_string() ~ ')', "' " ~ noun ~ "s'"]) }}
    end
{%- endmacro %}

{% macro spark__characters_of(relation, key, text) -%}
    select {{ key }}, character, place + 1 as position
    from {{ relation }}
    lateral view posexplode(split({{ text }}, '')) as place, character
{%- endmacro %}

{% macro spark__readable_number(number) -%}
    regexp_replace(
        regexp_replace(cast(cast({{ number }} as decimal(38, 6)) as string), r'([.][0-9]*?)0+$', '$1'), r'[.]$', ''
    )
{%- endmacro %}

{#- Texts in an order, with something between them; null where there is none. -#}
{% macro joined_texts(text, delimiter, order) -%}
    {{ return(adapter.dispatch('joined_texts', 'expansion_triggers')(text, delimiter, order)) }}
{%- endmacro %}

{% macro default__joined_texts(text, delimiter, order) -%}
    string_agg({{ text }}, '{{ delimiter }}' order by {{ order }})
{%- endmacro %}

{% macro spark__joined_texts(text, delimiter, order) -%}
    case
        when count({{ text }}) > 0
        then
            array_join(
                transform(
                    array_sort(collect_list(struct({{ order }}, {{ text }} as joined_text))),
                    listed -> listed.joined_text
                ),
                '{{ delimiter }}'
            )
    end
{%- endmacro %}
