{{ config(materialized='view') }}

with

    draws as (select * from {{ ref('int_risk_set_draws') }}),

    short as (select distinct trigger_key, moment_on, stratum_key from {{ ref('int_risk_sets_short') }})

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
    short
    on draws.trigger_key = short.trigger_key
    and draws.moment_on = short.moment_on
    and draws.stratum_key = short.stratum_key
