with

    opportunities as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__opportunities'),
        'hubspot': ref('base_hubspot__opportunities'),
    }) }}

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    opportunity_types as (

        select lower(type) as type, max(case when is_expansion then 1 else 0 end) = 1 as is_expansion
        from {{ ref('opportunity_types') }}
        group by lower(type)

    )

select
    opportunities.opportunity_id,
    survivors.survivor_account_id as account_id,
    opportunities.opportunity_type,
    coalesce(opportunity_types.is_expansion, false) as is_expansion,
    opportunity_types.type is not null as is_type_known,
    opportunities.amount,
    opportunities.firing_id,
    opportunities.owner_id,
    opportunities.stage,
    opportunities.is_stage_known,
    opportunities.is_closed,
    opportunities.is_won,
    opportunities.created_at,
    opportunities.closes_at,
    opportunities.stage_changed_at,
    opportunities.modified_at
from opportunities
inner join survivors on opportunities.account_id = survivors.account_id
left join opportunity_types on lower(opportunities.opportunity_type) = opportunity_types.type
where survivors.survivor_account_id is not null
