-- Live deals in their current state, at their one company; a deal that hangs on none keeps none. HubSpot dates a deal's
-- last change of stage by what the stage is, and a won deal in a property of its own.
with

    deals as (

        select
            *, {{ known_id('deal_id') }} as opportunity_id, {{ known_id('deal_pipeline_stage_id') }} as known_stage_id
        from {{ source('hubspot', 'deal') }}

    ),

    deal_companies as (select * from {{ ref('base_hubspot__deal_companies') }}),

    stages as (select * from {{ ref('base_hubspot__deal_stages') }}),

    merged_deals as (

        select distinct {{ known_id('merged_deal_id') }} as opportunity_id
        from {{ source('hubspot', 'merged_deal') }}
        where merged_deal_id <> deal_id

    )

select
    deals.opportunity_id,
    deal_companies.company_id as account_id,
    {{ known_text('deals.property_dealtype') }} as opportunity_type,
    deals.property_amount as amount,
    {{ known_id('deals.property_expansion_firing_id_c') }} as firing_id,
    {{ known_id('deals.owner_id') }} as owner_id,
    deals.deal_pipeline_stage_id as stage,
    stages.stage_id is not null as is_stage_known,
    coalesce(stages.is_closed, false) as is_closed,
    coalesce(stages.is_won, false) as is_won,
    deals.property_createdate as created_at,
    deals.property_closedate as closes_at,
    coalesce(
        case when stages.is_won then deals.property_hs_closed_won_date end,
        deals.property_hs_v2_date_entered_current_stage
    ) as stage_changed_at,
    coalesce(deals.property_hs_lastmodifieddate, deals._fivetran_synced) as modified_at
from deals
left join deal_companies on deals.opportunity_id = deal_companies.deal_id
left join stages on deals.known_stage_id = stages.stage_id
left join merged_deals on deals.opportunity_id = merged_deals.opportunity_id
where
    coalesce(deals.is_deleted, false) = false
    and coalesce(deals._fivetran_deleted, false) = false
    and merged_deals.opportunity_id is null
