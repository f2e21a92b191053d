-- Month by month: how much of the stage the triggers reach, and how much of what fired became a play.
with

    stages as (select * from {{ ref('int_account_stage_daily') }} where is_in_stage),

    rechecks as (select * from {{ ref('int_firing_rechecks') }}),

    -- Each as far as the end of its month knew.
    firings as (

        select
            firings.*,
            cast({{ dbt.date_trunc('month', 'firings.fired_at') }} as date) as month,
            coalesce(
                statuses.delivered_at < {{ dbt.dateadd('month', 1, dbt.date_trunc('month', 'firings.fired_at')) }},
                false
            ) as is_delivered,
            coalesce(
                rechecks.cancelled_at < {{ dbt.dateadd('month', 1, dbt.date_trunc('month', 'firings.fired_at')) }},
                false
            ) as is_cancelled
        from {{ ref('int_firings') }} as firings
        inner join {{ ref('int_firing_status') }} as statuses on firings.firing_id = statuses.firing_id
        left join rechecks on firings.firing_id = rechecks.firing_id
        where firings.is_shadow = false

    ),

    staged as (

        select
            cast({{ dbt.date_trunc('month', 'signal_on') }} as date) as month,
            count(distinct account_id) as in_stage_accounts
        from stages
        group by cast({{ dbt.date_trunc('month', 'signal_on') }} as date)

    ),

    fired as (

        select
            month,
            count(*) as firings,
            count(distinct account_id) as accounts_fired,
            sum(
                case when is_holdout = false and (is_delivered or not is_cancelled) then 1 else 0 end
            ) as deliverable_firings,
            sum(case when is_delivered then 1 else 0 end) as delivered_firings
        from firings
        group by month

    )

select
    staged.month,
    staged.in_stage_accounts,
    coalesce(fired.firings, 0) as firings,
    coalesce(fired.accounts_fired, 0) as accounts_fired,
    cast(coalesce(fired.deliverable_firings, 0) as bigint) as deliverable_firings,
    cast(coalesce(fired.delivered_firings, 0) as bigint) as delivered_firings,
    {{ ratio('fired.accounts_fired', 'staged.in_stage_accounts') }} as trigger_coverage,
    {{ ratio('fired.delivered_firings', 'fired.deliverable_firings') }} as trigger_to_play_rate
from staged
left join fired on staged.month = fired.month
