-- The scores of a customer-success tool that were known at as_of, each until the next one.
with

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

    )

select
    account_id,
    score,
    scored_at as valid_from,
    lead(scored_at) over (partition by account_id order by scored_at) as valid_until
from scores
where rank_at_instant = 1
