-- The controls of every set. A set that the first pass left without its four an index event is drawn again, out of
-- every account of its stratum.
with

    sets as (select * from {{ ref('int_risk_sets') }}),

    draws as (select * from {{ ref('int_risk_set_draws') }}),

    first_pass as (select * from {{ ref('int_risk_set_controls_first') }}),

    drawn as (select set_key, count(*) as n_controls from first_pass group by set_key),

    short_sets as (
        select sets.*
        from sets
        inner join
            draws
            on sets.trigger_key = draws.trigger_key
            and sets.moment_on = draws.moment_on
            and sets.stratum_key = draws.stratum_key
        left join drawn on sets.set_key = drawn.set_key
        where coalesce(drawn.n_controls, 0) < 4 * sets.n_index_events and draws.key_limit < {{ hash_prime() }}
    ),

    open_draws as (
        select
            draws.trigger_key,
            draws.moment_on,
            draws.state_on,
            draws.stratum_key,
            draws.requires_stage,
            draws.min_contract_value,
            draws.mult,
            draws.shift,
            cast({{ hash_prime() }} as bigint) as key_limit
        from draws
        inner join
            (select distinct trigger_key, moment_on, stratum_key from short_sets) as short
            on draws.trigger_key = short.trigger_key
            and draws.moment_on = short.moment_on
            and draws.stratum_key = short.stratum_key
    ),

    second_pass as ({{ drawn_controls('short_sets', 'open_draws') }})

select first_pass.set_key, first_pass.account_key, first_pass.has_outcome
from first_pass
left join short_sets on first_pass.set_key = short_sets.set_key
where short_sets.set_key is null

union all

select set_key, account_key, has_outcome
from second_pass
