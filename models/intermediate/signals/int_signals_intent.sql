-- The newest weekly score; after 14 days it says nothing any more.
with

    scores as (

        select scores.account_id, scores.score, scores.scored_at
        from {{ ref('stg_intent__scores') }} as scores
        inner join {{ ref('int_clock') }} as clock on scores.scored_at <= clock.as_of

    ),

    account_days as (select account_id, signal_on from {{ ref('int_account_billing_daily') }}),

    ranked as (

        select
            account_days.account_id,
            account_days.signal_on,
            scores.score,
            row_number() over (
                partition by account_days.account_id, account_days.signal_on
                order by scores.scored_at desc, scores.score desc
            ) as recency
        from account_days
        inner join
            scores
            on account_days.account_id = scores.account_id
            and scores.scored_at < {{ day_close('account_days.signal_on') }}
            and scores.scored_at >= {{ day_close(add_days('account_days.signal_on', -14)) }}

    )

select account_id, signal_on, {{ round_ratio('score') }} as intent_surge_score
from ranked
where recency = 1
