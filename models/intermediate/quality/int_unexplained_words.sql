-- Words of the vendors that no seed explains: types and stages of opportunities, statuses and priorities of tickets,
-- products without a plan.
with

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

    )

select 'opportunity_type_without_row' as gap_type, word as gap, records as affected, 'opportunities' as unit
from opportunity_types

union all

select 'deal_stage_without_meaning' as gap_type, word as gap, records as affected, 'opportunities' as unit
from deal_stages

union all

select
    'ticket_word_without_meaning' as gap_type,
    {{ dbt.concat(['field_name', "': '", 'word']) }} as gap,
    records as affected,
    'tickets' as unit
from ticket_words

union all

select 'product_without_plan' as gap_type, word as gap, records as affected, 'subscription items' as unit
from products
