with

    opportunities as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__opportunities'),
        'hubspot': ref('base_hubspot__opportunities'),
    }) }}

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    opportunity_types as (select type from {{ ref('opportunity_types') }} where is_expansion)

select
    opportunities.opportunity_id,
    survivors.survivor_account_id as account_id,
    opportunities.opportunity_type,
    opportunity_types.type is not null as is_expansion,
    opportunities.amount,
    opportunities.firing_id,
    opportunities.owner_id,
    opportunities.is_closed,
    opportunities.is_won,
    opportunities.created_at,
    opportunities.closes_at
from opportunities
inner join survivors on opportunities.account_id = survivors.account_id
left join opportunity_types on opportunities.opportunity_type = opportunity_types.type
where survivors.survivor_account_id is not null
