-- Health by the weights, unless a customer-success tool has scored the account by then.
with

    measures as (select * from {{ ref('int_account_measures_daily') }}),

    weights as (select component, weight, value_at_0, value_at_100 from {{ ref('health_weights') }}),

    -- A component gives the share of the way from its value at 0 points to its value at 100, clamped.
    points as (

        {% for signal in signal_catalogue() if signal.kind != 'text' and signal.name != 'health_score' -%}
            select
                measures.account_id,
                measures.signal_on,
                weights.weight,
                100 * greatest(
                    0,
                    least(
                        1,
                        {{ share(
                            'cast(measures.' ~ signal.name ~ ' as double) - weights.value_at_0',
                            'weights.value_at_100 - weights.value_at_0',
                        ) }}
                    )
                ) as points
            from measures
            inner join weights on weights.component = '{{ signal.name }}'
            where measures.{{ signal.name }} is not null {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    weighted as (

        select account_id, signal_on, {{ share('sum(weight * points)', 'sum(weight)') }} as score
        from points
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

    chosen as (

        select
            measures.account_id,
            measures.signal_on,
            score_spells.score is not null as is_from_success_tool,
            coalesce(score_spells.score, weighted.score) as score
        from measures
        left join weighted on measures.account_id = weighted.account_id and measures.signal_on = weighted.signal_on
        left join
            score_spells
            on measures.account_id = score_spells.account_id
            and score_spells.from_at < {{ day_close('measures.signal_on') }}
            and (score_spells.to_at is null or score_spells.to_at >= {{ day_close('measures.signal_on') }})

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
        when health_score >= {{ setting('health_bands', 'excellent') }}
        then 'excellent'
        when health_score >= {{ setting('health_bands', 'good') }}
        then 'good'
        when health_score is not null
        then 'at_risk'
    end as health_band
from rounded
