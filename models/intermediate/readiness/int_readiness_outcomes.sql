-- What came after a moment: whether the account expanded within 30, 60 and 90 days, by how much, and by how much in the
-- month that began with the moment; null as long as the time has not passed.
with

    clock as (select as_of from {{ ref('int_clock') }}),

    states as (

        select
            account_id, known_on, known_at, cast({{ dbt.dateadd('month', 1, 'known_at') }} as timestamp) as month_until
        from {{ ref('int_readiness_states') }}

    ),

    expansions as (

        select account_id, expanded_at, 12 * cast(mrr_delta as double) as arr_gain from {{ ref('int_expansions') }}

    )

select
    states.account_id,
    states.known_on,
    {%- for days in readiness_windows() %}
        {%- set until = move_by_days('states.known_at', days) %}
        case
            when max({{ until }}) <= max(clock.as_of)
            then max(case when expansions.expanded_at <= {{ until }} then 1 else 0 end) = 1
        end as has_expanded_{{ days }}d,
        case
            when max({{ until }}) <= max(clock.as_of)
            then sum(case when expansions.expanded_at <= {{ until }} then expansions.arr_gain else 0 end)
        end as arr_gain_{{ days }}d,
    {%- endfor %}
    max(states.month_until) as month_until,
    case
        when max(states.month_until) <= max(clock.as_of)
        then sum(case when expansions.expanded_at <= states.month_until then expansions.arr_gain else 0 end)
    end as arr_gain_month
from states
cross join clock
left join
    expansions
    on states.account_id = expansions.account_id
    and states.known_at < expansions.expanded_at
    and {{ move_by_days('states.known_at', readiness_windows()[-1]) }} >= expansions.expanded_at
group by states.account_id, states.known_on
