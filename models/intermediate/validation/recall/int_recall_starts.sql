-- Before each outcome of an account: every trigger's last episode start, and the last one by another active trigger.
with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    moments as (select distinct account_key, outcome_at from {{ ref('int_validation_outcomes') }}),

    starts as (
        select moments.account_key, moments.outcome_at, episodes.trigger_key, episodes.triggered_at
        from moments
        inner join
            {{ ref('int_validation_episodes') }} as episodes
            on moments.account_key = episodes.account_key
            and moments.outcome_at > episodes.triggered_at
            and moments.outcome_at <= episodes.next_triggered_at
    ),

    ranked as (
        select
            starts.*,
            row_number() over (
                partition by starts.account_key, starts.outcome_at order by starts.triggered_at desc, starts.trigger_key
            ) as recency
        from starts
        inner join triggers on starts.trigger_key = triggers.trigger_key
        where triggers.is_active
    ),

    newest as (
        select
            account_key,
            outcome_at,
            max(case when recency = 1 then trigger_key end) as newest_trigger_key,
            max(case when recency = 1 then triggered_at end) as newest_at,
            max(case when recency = 2 then triggered_at end) as second_newest_at
        from ranked
        where recency <= 2
        group by account_key, outcome_at
    )

select
    starts.account_key,
    starts.outcome_at,
    starts.trigger_key,
    starts.triggered_at as own_start_at,
    case
        when newest.newest_trigger_key = starts.trigger_key then newest.second_newest_at else newest.newest_at
    end as other_start_at
from starts
left join newest on starts.account_key = newest.account_key and starts.outcome_at = newest.outcome_at
