-- Live deals in their current state, at their one company; a deal that hangs on none keeps none.
with

    deals as (select * from {{ source('hubspot', 'deal') }}),

    deal_companies as (select * from {{ ref('base_hubspot__deal_companies') }}),

    stages as (select * from {{ ref('base_hubspot__deal_stages') }}),

    merged_deals as (

        select distinct merged_deal_id from {{ source('hubspot', 'merged_deal') }} where merged_deal_id <> deal_id

    )

select
    deals.deal_id as opportunity_id,
    deal_companies.company_id as account_id,
    deals.property_dealtype as opportunity_type,
    deals.property_amount as amount,
    deals.property_expansion_firing_id_c as firing_id,
    {{ hubspot_id('deals.owner_id') }} as owner_id,
    coalesce(stages.is_closed, false) as is_closed,
    coalesce(stages.is_won, false) as is_won,
    deals.property_createdate as created_at,
    deals.property_closedate as closes_at
from deals
left join deal_companies on deals.deal_id = deal_companies.deal_id
left join stages on deals.deal_pipeline_stage_id = stages.stage_id
left join merged_deals on deals.deal_id = merged_deals.merged_deal_id
where
    coalesce(deals.is_deleted, false) = false
    and coalesce(deals._fivetran_deleted, false) = false
    and merged_deals.merged_deal_id is null
