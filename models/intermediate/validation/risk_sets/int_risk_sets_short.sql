-- Sets that the first pass left without their four controls an index event.
with

    sets as (select * from {{ ref('int_risk_sets') }}),

    drawn as (select set_key, count(*) as n_controls from {{ ref('int_risk_set_controls_first') }} group by set_key),

    limits as (select * from {{ ref('int_risk_set_draws') }})

select sets.*
from sets
inner join
    limits
    on sets.trigger_key = limits.trigger_key
    and sets.moment_on = limits.moment_on
    and sets.stratum_key = limits.stratum_key
left join drawn on sets.set_key = drawn.set_key
where coalesce(drawn.n_controls, 0) < 4 * sets.n_index_events and limits.key_limit < {{ hash_prime() }}
