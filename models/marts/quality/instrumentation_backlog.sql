-- What to instrument next, worst first: signals without data, events without a name, sources without a match, feedback
-- and pushes that name no known firing, pushes of which nobody says that they arrived, and words of the vendors that no
-- seed explains.
with

    signals as (select * from {{ ref('int_signal_coverage') }}),

    events as (select * from {{ ref('int_tracking_plan_matches') }} where is_named = false),

    matches as (

        select source_name, table_name, unmatched_reason, count(*) as records
        from {{ ref('int_unmatched_records') }}
        group by source_name, table_name, unmatched_reason

    ),

    feedback as (

        select count(*) as records
        from {{ ref('int_firing_reactions') }} as reactions
        left join {{ ref('int_firings') }} as firings on reactions.firing_id = firings.firing_id
        where firings.firing_id is null

    ),

    gaps as (

        select
            'signal_without_data' as gap_type,
            signal as gap,
            accounts_today - known_accounts_today as affected,
            'accounts' as unit,
            triggers as weight
        from signals
        where known_accounts_today < accounts_today

        union all

        select
            'event_without_name' as gap_type,
            {{ dbt.concat(["source_table", "': '", 'event_name']) }} as gap,
            copies as affected,
            'events' as unit,
            0 as weight
        from events

        union all

        select
            'source_without_match' as gap_type,
            {{ dbt.concat(['source_name', "'.'", 'table_name', "': '", 'unmatched_reason']) }} as gap,
            records as affected,
            'records' as unit,
            1 as weight
        from matches

        union all

        select
            'feedback_without_firing' as gap_type, 'crm' as gap, records as affected, 'reactions' as unit, 1 as weight
        from feedback
        where records > 0

        union all

        select gap_type, gap, affected, unit, 1 as weight
        from {{ ref('int_push_gaps') }}

        union all

        select gap_type, gap, affected, unit, 1 as weight
        from {{ ref('int_unexplained_words') }}

    )

select
    cast(row_number() over (order by weight desc, affected desc, gap_type, gap) as bigint) as backlog_rank,
    gap_type,
    gap,
    cast(affected as bigint) as affected,
    unit,
    cast(weight as bigint) as triggers_waiting
from gaps
