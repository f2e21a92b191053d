-- What each live opportunity was worth, and from when until when. The first amount known of also stands for the time
-- before it, and today's for all time where the CRM lands no history.
with

    opportunities as (select opportunity_id, amount from {{ ref('stg_crm__opportunities') }}),

    -- As the connector's history mode keeps it.
    salesforce as (

        select {{ known_id('id') }} as opportunity_id, amount, _fivetran_start as valid_from
        from {{ source('salesforce_history', 'opportunity') }}

    ),

    -- The log of a property's changes.
    hubspot as (

        select {{ known_id('deal_id') }} as opportunity_id, try_cast(value as double) as amount, timestamp as valid_from
        from {{ source('hubspot', 'deal_property_history') }}
        where name = 'amount'

    ),

    history as (

        {{ vendor_rows('crm', {
        'salesforce': 'salesforce',
        'hubspot': 'hubspot',
    }) }}

    ),

    -- Of two amounts at one instant the greater one counts, so that every engine takes the same.
    recorded as (

        select opportunity_id, valid_from, max(amount) as amount from history group by opportunity_id, valid_from

    ),

    spans as (

        select
            opportunities.opportunity_id,
            case when recorded.opportunity_id is null then opportunities.amount else recorded.amount end as amount,
            lag(recorded.valid_from) over (
                partition by opportunities.opportunity_id order by recorded.valid_from
            ) as earlier_from,
            recorded.valid_from,
            lead(recorded.valid_from) over (
                partition by opportunities.opportunity_id order by recorded.valid_from
            ) as valid_until
        from opportunities
        left join recorded on opportunities.opportunity_id = recorded.opportunity_id

    )

select
    opportunity_id,
    amount,
    case when earlier_from is null then cast('1900-01-01 00:00:00' as timestamp) else valid_from end as valid_from,
    valid_until
from spans
