{#-
    What a company may set of a variable of this project, key by key: the default, and what is expected in its place.
    A variable that is no set of keys has the key none. dbt_project.yml shows the same values with what they mean.
-#}
{% macro settings_known() -%}
    {{ return({
        'stage': {
            'tenure_days': [60, 'whole'],
            'decline_days': [90, 'whole'],
            'health_bands': [['excellent', 'good'], 'some_of', ['excellent', 'good', 'at_risk', 'unknown']],
            'onboarding': ['required', 'one_of', ['required', 'when_known', 'ignored']],
        },
        'health_bands': {'excellent': [80, 'number'], 'good': [60, 'number']},
        'tenure_bands': {none: [[60, 180, 365], 'rising']},
        'recently_expanded_days': {none: [14, 'whole']},
        'burst_minutes': {none: [25, 'whole']},
        'delivery': {
            'immediate_sla_minutes': [25, 'whole'],
            'within_24h_sla_minutes': [1440, 'whole'],
            'routed_sla_minutes': [1440, 'whole'],
            'expires_days': [7, 'whole'],
            'expires_days_immediate': [1, 'whole'],
        },
        'business_days': {none: [['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], 'some_of', weekdays()]},
        'business_hours': {'next_business_day': ['09:00', 'time'], 'next_business_day_10am': ['10:00', 'time']},
        'currency': {'code': ['usd', 'name'], 'symbol': ['$', 'text']},
        'person_fields': {'owner': ['owner_id', 'name'], 'success_manager': ['customer_success_manager_id_c', 'name']},
    }) }}
{%- endmacro %}

{#- In the order in which day_of_week counts them: 0 is Sunday. -#}
{% macro weekdays() -%}
    {{ return(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']) }}
{%- endmacro %}

{#- The value of one key: what the installation's vars say, else the default. -#}
{% macro setting(variable, key=none) -%} {{ return(settings_of(variable)[key]) }} {%- endmacro %}

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

{#- What a value that is not of its kind should have been, in words; empty where it is. -#}
{% macro setting_expected(value, spec) -%}
    {%- set kind = spec[1] -%}
    {%- set is_list = value is sequence and value is not string and value is not mapping -%}
    {%- if kind == 'whole' -%} {{ return('' if value is integer and value >= 0 else 'a whole number from 0 on') }}
    {%- elif kind == 'number' -%} {{ return('' if value is number and value is not boolean else 'a number') }}
    {%- elif kind == 'time' -%}
        {{ return('' if value is string and modules.re.fullmatch('([01][0-9]|2[0-3]):[0-5][0-9]', value)
            else 'a time of the day between quotation marks') }}
    {%- elif kind == 'name' -%}
        {{ return('' if value is string and modules.re.fullmatch('[A-Za-z][A-Za-z0-9_]*', value)
            else 'a name of letters, digits and underscores') }}
    {%- elif kind == 'text' -%} {{ return('' if value is string else 'a text') }}
    {%- elif kind == 'one_of' -%} {{ return('' if value in spec[2] else 'one of ' ~ spec[2] | join(', ')) }}
    {%- elif kind == 'some_of' -%}
        {%- set unknown = value | reject('in', spec[2]) | list if is_list else ['no list'] -%}
        {{ return('a list of some of ' ~ spec[2] | join(', ') if unknown or not value else '') }}
    {%- elif kind == 'rising' -%}
        {%- set wrong = value | reject('integer') | list if is_list else ['no list'] -%}
        {{ return('a list of rising whole numbers' if wrong or not value or value | unique | sort | list != value | list
            else '') }}
    {%- endif -%}
{%- endmacro %}

{#- Texts as SQL: 'a', 'b'. -#}
{% macro literals(texts) -%}
    {%- for text in texts -%} {{ dbt.string_literal(text) }}{{ ', ' if not loop.last }} {%- endfor -%}
{%- endmacro %}
