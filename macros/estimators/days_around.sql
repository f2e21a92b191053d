{#-
    The rows of a relation (trigger_key, account_key, moment_on and what else it has) with the whole days since the last exposure
    before the midnight that moment_on begins with, and to the next outcome after it; null where there is none.
-#}
{% macro days_around(relation) -%}
    select
        {{ relation }}.*,
        {{ whole_days_since('episodes.exposed_until', relation ~ '.moment_on') }} as days_since_exposed,
        {{ whole_days_until(relation ~ '.moment_on', 'outcomes.outcome_at') }} as days_to_outcome
    from {{ relation }}
    left join
        {{ ref('int_validation_episodes') }} as episodes
        on {{ relation }}.trigger_key = episodes.trigger_key
        and {{ relation }}.account_key = episodes.account_key
        and cast({{ relation }}.moment_on as timestamp) >= episodes.triggered_at
        and cast({{ relation }}.moment_on as timestamp) < episodes.next_triggered_at
    left join
        {{ ref('int_validation_outcomes') }} as outcomes
        on {{ relation }}.trigger_key = outcomes.trigger_key
        and {{ relation }}.account_key = outcomes.account_key
        and cast({{ relation }}.moment_on as timestamp) >= outcomes.previous_outcome_at
        and cast({{ relation }}.moment_on as timestamp) < outcomes.outcome_at
{%- endmacro %}
