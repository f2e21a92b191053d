{{ config(materialized='view') }}

-- An account's own days to set its index events against: every 15th day, in stage and scope, with the days since the
-- last exposure and to the next outcome, so that each window needs only a comparison.
with

    pairs as (select distinct trigger_key, account_key from {{ ref('int_index_events') }} where is_complete),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    strata as (select * from {{ ref('int_validation_strata') }}),

    grid as (
        select
            account_key,
            signal_on,
            {{ add_days('signal_on', 1) }} as moment_on,
            stratum_key,
            is_in_stage,
            contract_value
        from {{ ref('int_validation_days') }}
        where {{ days_between("cast('2000-01-01' as date)", 'signal_on') }} % 15 = 0
    ),

    scopes as (
        select triggers.trigger_key, strata.stratum_key, triggers.requires_stage, triggers.min_contract_value
        from triggers
        inner join
            strata
            on {{ in_list('strata.tier', 'triggers.tiers') }}
            and {{ in_list('strata.segment', 'triggers.segments') }}
    ),

    moments as (
        select pairs.trigger_key, pairs.account_key, grid.moment_on, grid.stratum_key
        from pairs
        inner join grid on pairs.account_key = grid.account_key
        inner join scopes on pairs.trigger_key = scopes.trigger_key and grid.stratum_key = scopes.stratum_key
        where
            (grid.is_in_stage or not scopes.requires_stage)
            and (scopes.min_contract_value is null or grid.contract_value >= scopes.min_contract_value)
    )

    {{ days_around('moments') }}
