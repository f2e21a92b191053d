-- What each live opportunity was worth, and from when until when. The first amount known of also stands for the time
-- before it, and today's for all time where the CRM lands no history.
with

    opportunities as (select opportunity_id, amount from {{ ref('stg_crm__opportunities') }}),

    history as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__opportunity_amounts'),
        'hubspot': ref('base_hubspot__opportunity_amounts'),
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
