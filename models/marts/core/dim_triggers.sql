-- The library in words.
with

    library as (select * from {{ ref('trigger_library') }}),

    conditions as (

        select
            trigger_id,
            {{ joined_texts(
            dbt.concat([
                'signal', "' '", 'comparator', "' '", readable_number('threshold'),
                "coalesce(" ~ dbt.concat(["' and '", readable_number('threshold_high')]) ~ ", '')",
            ]),
            ' and ', 'signal, threshold'
        ) }} as conditions,
            {{ joined_texts('signal', '|', 'signal, threshold') }} as signals
        from {{ ref('trigger_conditions') }}
        group by trigger_id

    ),

    plays as (select play_id, play_name, recommended_action from {{ ref('plays') }})

select
    library.trigger_id,
    library.trigger_name,
    library.category,
    library.signal_class,
    library.journey_moment,
    library.kind,
    library.description as definition,
    case
        when library.kind = 'event' and conditions.conditions is null
        then {{ dbt.concat(["'event: '", 'library.event_action']) }}
        when library.kind = 'event'
        then {{ dbt.concat(["'event: '", 'library.event_action', "' and '", 'conditions.conditions']) }}
        else conditions.conditions
    end as conditions,
    coalesce(library.for_days, 1) as for_days,
    case
        when library.kind = 'event'
        then {{ dbt.concat(["'product: '", 'library.event_action']) }}
        else conditions.signals
    end as data_sources,
    library.tiers,
    library.segments,
    library.min_contract_value,
    library.exclusions,
    library.message_group,
    library.cooldown_days,
    library.timing,
    library.expansion_types,
    library.window_days,
    library.holdout_pct,
    library.benchmark_low,
    library.benchmark_high,
    library.owner,
    library.play_id,
    plays.play_name,
    plays.recommended_action,
    library.status,
    library.active_from,
    library.version
from library
left join conditions on library.trigger_id = conditions.trigger_id
left join plays on library.play_id = plays.play_id
