-- A second look when a firing falls due: expanded meanwhile, left the stage, or opted out, in this order.
with

    firings as (select * from {{ ref('int_firings') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    triggers as (select trigger_id, requires_stage, expansion_types from {{ ref('trigger_library') }}),

    expansions as (select * from {{ ref('int_expansions') }}),

    stages as (select account_id, signal_on, is_in_stage, stage_reason from {{ ref('int_account_stage_daily') }}),

    accounts as (select account_id, opted_out_at from {{ ref('stg_crm__accounts') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    falling_due as (

        select
            firings.firing_id,
            coalesce(survivors.survivor_account_id, firings.account_id) as account_id,
            firings.fired_at,
            firings.deliver_at,
            coalesce(triggers.requires_stage, true) as requires_stage,
            triggers.expansion_types,
            -- The last day closed at or before the delivery.
            {{ add_days(day_of('firings.deliver_at'), -1) }} as judged_on
        from firings
        inner join clock on firings.deliver_at <= clock.as_of
        left join triggers on firings.trigger_id = triggers.trigger_id
        left join survivors on firings.account_id = survivors.account_id

    ),

    expanded as (

        select distinct falling_due.firing_id
        from falling_due
        inner join
            expansions
            on falling_due.account_id = expansions.account_id
            and expansions.expanded_at > falling_due.fired_at
            and expansions.expanded_at <= falling_due.deliver_at
            and {{ is_named_in('expansions.expansion_type', 'falling_due.expansion_types') }}

    ),

    judged as (

        select
            falling_due.firing_id,
            case
                when expanded.firing_id is not null
                then 'expanded'
                when falling_due.requires_stage and coalesce(stages.is_in_stage, false) = false
                then coalesce(stages.stage_reason, 'never_paid')
                when accounts.opted_out_at < falling_due.deliver_at
                then 'opted_out'
            end as cancelled_because
        from falling_due
        left join expanded on falling_due.firing_id = expanded.firing_id
        left join stages on falling_due.account_id = stages.account_id and falling_due.judged_on = stages.signal_on
        left join accounts on falling_due.account_id = accounts.account_id

    )

select firing_id, cancelled_because
from judged
where cancelled_because is not null
