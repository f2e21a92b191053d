-- What to instrument next, worst first: signals without data, events without a name, sources without a match, feedback
-- that names no known firing, and words of the vendors that no seed explains.
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

    opportunities as (select * from {{ ref('stg_crm__opportunities') }}),

    opportunity_types as (

        select lower(opportunity_type) as word, count(*) as records
        from opportunities
        where opportunity_type is not null and is_type_known = false
        group by lower(opportunity_type)

    ),

    deal_stages as (

        select stage as word, count(*) as records
        from opportunities
        where stage is not null and is_stage_known = false
        group by stage

    ),

    tickets as (

        select 'status' as field_name, status as value
        from {{ ref('stg_support__tickets') }}
        where status is not null
        union all
        select 'priority' as field_name, priority as value
        from {{ ref('stg_support__tickets') }}
        where priority is not null

    ),

    ticket_words as (

        select tickets.field_name, tickets.value as word, count(*) as records
        from tickets
        left join
            {{ ref('ticket_words') }} as known_words
            on tickets.field_name = known_words.field_name
            and tickets.value = known_words.value
        where known_words.value is null
        group by tickets.field_name, tickets.value

    ),

    plans as (select lower(product) as product from {{ ref('plans') }}),

    products as (

        select prices.product_id as word, count(*) as records
        from {{ ref('stg_billing__items') }} as items
        inner join {{ ref('stg_billing__prices') }} as prices on items.price_id = prices.price_id
        left join plans as plans_by_id on lower(prices.product_id) = plans_by_id.product
        left join plans as plans_by_name on lower(prices.product_name) = plans_by_name.product
        where prices.product_id is not null and plans_by_id.product is null and plans_by_name.product is null
        group by prices.product_id

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

        select
            'opportunity_type_without_row' as gap_type,
            word as gap,
            records as affected,
            'opportunities' as unit,
            1 as weight
        from opportunity_types

        union all

        select
            'deal_stage_without_meaning' as gap_type,
            word as gap,
            records as affected,
            'opportunities' as unit,
            1 as weight
        from deal_stages

        union all

        select
            'ticket_word_without_meaning' as gap_type,
            {{ dbt.concat(['field_name', "': '", 'word']) }} as gap,
            records as affected,
            'tickets' as unit,
            1 as weight
        from ticket_words

        union all

        select
            'product_without_plan' as gap_type,
            word as gap,
            records as affected,
            'subscription items' as unit,
            1 as weight
        from products

    )

select
    cast(row_number() over (order by weight desc, affected desc, gap_type, gap) as bigint) as backlog_rank,
    gap_type,
    gap,
    cast(affected as bigint) as affected,
    unit,
    cast(weight as bigint) as triggers_waiting
from gaps
