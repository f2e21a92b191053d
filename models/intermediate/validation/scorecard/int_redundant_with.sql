-- The active trigger that most often came before a trigger's index events, by period.
with

    pairs as (select * from {{ ref('int_index_event_pairs') }} where is_preceded = 1),

    periods as (select * from {{ ref('int_validation_periods') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    counted as (
        select periods.period_key, pairs.trigger_key, others.trigger_id as other_trigger_id, count(*) as n_preceded
        from pairs
        inner join triggers as others on pairs.other_trigger_key = others.trigger_key
        inner join periods on pairs.triggered_at > periods.known_after and pairs.window_ends_at <= periods.known_at
        where others.is_active
        group by periods.period_key, pairs.trigger_key, others.trigger_id
    ),

    ranked as (
        select
            counted.*,
            row_number() over (
                partition by period_key, trigger_key order by n_preceded desc, other_trigger_id
            ) as precedence
        from counted
    )

select period_key, trigger_key, other_trigger_id, n_preceded
from ranked
where precedence = 1
