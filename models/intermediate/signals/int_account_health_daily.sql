-- Health by the weights, unless a customer-success tool has scored the account by then.
with

    components as (select * from {{ ref('int_health_components_daily') }}),

    weighted as (

        select account_id, signal_on, sum(weight * points) / nullif(sum(weight), 0) as score
        from components
        group by account_id, signal_on

    ),

    scores as (

        select
            scores.account_id,
            scores.score,
            scores.scored_at,
            row_number() over (
                partition by scores.account_id, scores.scored_at order by scores.score desc
            ) as rank_at_instant
        from {{ ref('stg_success__health_scores') }} as scores
        inner join {{ ref('int_clock') }} as clock on scores.scored_at <= clock.as_of

    ),

    score_spells as (

        select
            account_id,
            score,
            scored_at as from_at,
            lead(scored_at) over (partition by account_id order by scored_at) as to_at
        from scores
        where rank_at_instant = 1

    ),

    account_days as (select account_id, signal_on from {{ ref('int_account_billing_daily') }}),

    chosen as (

        select
            account_days.account_id,
            account_days.signal_on,
            score_spells.score is not null as is_from_success_tool,
            coalesce(score_spells.score, weighted.score) as score
        from account_days
        left join
            weighted on account_days.account_id = weighted.account_id and account_days.signal_on = weighted.signal_on
        left join
            score_spells
            on account_days.account_id = score_spells.account_id
            and score_spells.from_at < {{ day_close('account_days.signal_on') }}
            and (score_spells.to_at is null or score_spells.to_at >= {{ day_close('account_days.signal_on') }})

    ),

    rounded as (

        select
            account_id,
            signal_on,
            is_from_success_tool,
            cast(round(cast(score as decimal(38, 8)), 1) as decimal(5, 1)) as health_score
        from chosen

    )

select
    account_id,
    signal_on,
    is_from_success_tool,
    health_score,
    case
        when health_score >= 80
        then 'excellent'
        when health_score >= 60
        then 'good'
        when health_score is not null
        then 'at_risk'
    end as health_band
from rounded
