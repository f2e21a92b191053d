-- How a day's controls are drawn: a permutation of the accounts from the trigger and the day, and a limit on its
-- keys below which enough controls are expected: four an index event, half as many again for who is exposed, and
-- some for chance. Sets that it leaves short are drawn again without it.
with

    sets as (select * from {{ ref('int_risk_sets') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    stratum_days as (
        select
            signal_on, stratum_key, count(*) as n_accounts, sum(case when is_in_stage then 1 else 0 end) as n_in_stage
        from {{ ref('int_validation_days') }}
        group by signal_on, stratum_key
    ),

    draws as (
        select sets.trigger_key, sets.moment_on, sets.stratum_key, max(sets.n_index_events) as n_index_events
        from sets
        group by sets.trigger_key, sets.moment_on, sets.stratum_key
    ),

    seeded as (
        select
            draws.*,
            triggers.requires_stage,
            triggers.min_contract_value,
            {{ dbt.concat(["triggers.trigger_id", "'|'", "cast(draws.moment_on as " ~ dbt.type_string() ~ ")"]) }}
            as seed_text
        from draws
        inner join triggers on draws.trigger_key = triggers.trigger_key
    )

select
    seeded.trigger_key,
    seeded.moment_on,
    {{ add_days('seeded.moment_on', -1) }} as state_on,
    seeded.stratum_key,
    seeded.requires_stage,
    seeded.min_contract_value,
    1 + {{ md5_number('seeded.seed_text', 1) }} % ({{ hash_prime() }} - 1) as mult,
    {{ md5_number('seeded.seed_text', 9) }} % {{ hash_prime() }} as shift,
    cast(
        floor(
            {{ hash_prime() }} * least(
                1.0,
                (6 * seeded.n_index_events + 14)
                * 1.0e0
                / case
                    when seeded.requires_stage then greatest(1, stratum_days.n_in_stage) else stratum_days.n_accounts
                end
            )
        ) as bigint
    ) as key_limit
from seeded
inner join
    stratum_days
    on seeded.stratum_key = stratum_days.stratum_key
    and {{ add_days('seeded.moment_on', -1) }} = stratum_days.signal_on
