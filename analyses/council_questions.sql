-- The monthly council's first question: what did each trigger do in the last full month, and what stopped the rest?
with

    clock as (

        select
            cast({{ dbt.date_trunc('month', 'last_closed_on') }} as date) as this_month,
            cast(
                {{ dbt.date_trunc('month', add_days(dbt.date_trunc('month', 'last_closed_on'), -1)) }} as date
            ) as last_month
        from {{ ref('int_clock') }}

    ),

    firings as (

        select
            firings.trigger_id,
            count(*) as firings,
            count(statuses.delivered_at) as delivered,
            count(statuses.accepted_at) as accepted,
            count(statuses.declined_at) as declined,
            count(statuses.won_at) as won
        from {{ ref('fct_fired_triggers') }} as firings
        inner join {{ ref('fct_firing_status') }} as statuses on firings.firing_id = statuses.firing_id
        inner join clock on firings.triggered_at >= clock.last_month and firings.triggered_at < clock.this_month
        where firings.is_shadow = false
        group by firings.trigger_id

    ),

    suppressions as (

        select
            suppressed.trigger_id, suppressed.reason_type, suppressed.reason, sum(suppressed.candidates) as candidates
        from {{ ref('fct_suppressed_triggers') }} as suppressed
        inner join clock on suppressed.last_at >= clock.last_month and suppressed.first_at < clock.this_month
        where suppressed.is_shadow = false
        group by suppressed.trigger_id, suppressed.reason_type, suppressed.reason

    ),

    worst as (

        select *, row_number() over (partition by trigger_id order by candidates desc, reason) as reason_rank
        from suppressions

    )

select
    triggers.trigger_id,
    triggers.status,
    coalesce(firings.firings, 0) as firings,
    coalesce(firings.delivered, 0) as delivered,
    coalesce(firings.accepted, 0) as accepted,
    coalesce(firings.declined, 0) as declined,
    coalesce(firings.won, 0) as won,
    worst.reason as most_frequent_stop,
    worst.candidates as stopped_candidates
from {{ ref('dim_triggers') }} as triggers
left join firings on triggers.trigger_id = firings.trigger_id
left join worst on triggers.trigger_id = worst.trigger_id and worst.reason_rank = 1
order by firings desc nulls last, triggers.trigger_id
