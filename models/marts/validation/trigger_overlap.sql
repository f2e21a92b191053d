with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    counts as (
        select trigger_key, count(*) as n_index
        from {{ ref('int_index_events') }}
        where is_primary and is_complete
        group by trigger_key
    ),

    pairs as (
        select trigger_key, other_trigger_key, sum(is_shared) as n_shared
        from {{ ref('int_index_event_pairs') }}
        group by trigger_key, other_trigger_key
    )

select
    triggers.trigger_id,
    others.trigger_id as other_trigger_id,
    cast(coalesce(counts.n_index, 0) as bigint) as n_index,
    cast(coalesce(pairs.n_shared, 0) as bigint) as n_shared,
    {{ share('coalesce(pairs.n_shared, 0)', 'counts.n_index') }} as share
from triggers
inner join triggers as others on triggers.trigger_key <> others.trigger_key
left join counts on triggers.trigger_key = counts.trigger_key
left join pairs on triggers.trigger_key = pairs.trigger_key and others.trigger_key = pairs.other_trigger_key
