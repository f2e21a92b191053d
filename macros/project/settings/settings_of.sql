{#-
    All keys of a variable with their values. A host project that sets one of them keeps the defaults of the others: dbt
    itself would replace the whole. Raises one sentence about a key that is not known and a value that is not expected.
-#}
{% macro settings_of(variable) -%}
    {%- set known = settings_known()[variable] -%}
    {%- set given = var(variable, none) -%}
    {%- set values = {} -%}
    {%- for key, spec in known.items() -%} {%- do values.update({key: spec[0]}) -%} {%- endfor -%}
    {#- The linter knows no variables, and no exceptions. -#}
    {%- if given is none or exceptions is not defined -%} {{ return(values) }} {%- endif -%}
    {%- if none in known -%} {%- set given = {none: given} -%}
    {%- elif given is not mapping -%}
        {%- do exceptions.raise_compiler_error(
            'vars: ' ~ variable ~ ' is ' ~ given ~ ': expected a set of keys, some of ' ~ known.keys() | join(', ') ~ '.'
        ) -%}
    {%- endif -%}
    {%- for key, value in given.items() -%}
        {#- A company names persons of its own. -#}
        {%- set is_own = variable == 'person_fields' and not setting_expected(key, ['', 'name']) -%}
        {%- set spec = known.get(key, ['', 'name'] if is_own else none) -%}
        {%- if spec is none -%}
            {%- do exceptions.raise_compiler_error(
                'vars: ' ~ variable ~ ': ' ~ key ~ ' is not known: expected one of ' ~ known.keys() | join(', ') ~ '.'
            ) -%}
        {%- endif -%}
        {%- set expected = setting_expected(value, spec) -%}
        {%- if expected -%}
            {%- do exceptions.raise_compiler_error(
                'vars: ' ~ variable ~ (': ' ~ key if key is not none) ~ ' is ' ~ value ~ ': expected ' ~ expected
                ~ ', such as ' ~ (spec[0] or 'owner_id') ~ '.'
            ) -%}
        {%- endif -%}
        {%- do values.update({key: value}) -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}
