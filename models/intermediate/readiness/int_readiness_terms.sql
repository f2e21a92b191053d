{{ config(materialized='view') }}

-- What a probability is added up from, a row each: the value of a signal, or the level that holds of anything else.
with

    states as (select * from {{ ref('int_readiness_states') }} where is_month_end or is_newest),

    ages as (select * from {{ ref('int_readiness_trigger_ages') }})

{% for signal in numeric_signals() -%}
    select
        account_id,
        known_on,
        'signal' as term_type,
        '{{ signal }}' as term,
        cast(null as {{ dbt.type_string() }}) as level,
        {{ signal }} as term_value
    from states

    union all

{% endfor -%}
{% for stratum in ['tier', 'segment', 'tenure_band'] -%}
    select
        account_id,
        known_on,
        'stratum' as term_type,
        '{{ stratum }}' as term,
        cast({{ stratum }} as {{ dbt.type_string() }}) as level,
        cast(null as double) as term_value
    from states

    union all

{% endfor -%}
select
    account_id,
    known_on,
    'history' as term_type,
    'last_expansion' as term,
    last_expansion as level,
    cast(days_since_expansion as double) as term_value
from states

union all

select
    states.account_id,
    states.known_on,
    'trigger' as term_type,
    ages.trigger_id as term,
    ages.recency as level,
    cast(ages.days_since_start as double) as term_value
from ages
inner join states on ages.account_id = states.account_id and ages.known_on = states.known_on
