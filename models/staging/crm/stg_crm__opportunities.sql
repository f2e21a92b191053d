with

opportunities as (

    select * from {{ source('salesforce', 'opportunity') }}

),

survivors as (

    select * from {{ ref('stg_crm__account_survivors') }}

),

opportunity_types as (

    select type from {{ ref('opportunity_types') }} where is_expansion

)

select
    opportunities.id as opportunity_id,
    survivors.survivor_account_id as account_id,
    opportunities.type as opportunity_type,
    opportunity_types.type is not null as is_expansion,
    opportunities.amount,
    opportunities.expansion_firing_id_c as firing_id,
    opportunities.owner_id,
    coalesce(opportunities.is_closed, false) as is_closed,
    coalesce(opportunities.is_won, false) as is_won,
    opportunities.created_date as created_at,
    opportunities.close_date as closes_at
from opportunities
inner join survivors on opportunities.account_id = survivors.account_id
left join opportunity_types on opportunities.type = opportunity_types.type
where
    coalesce(opportunities._fivetran_active, true)
    and coalesce(opportunities.is_deleted, false) = false
    and coalesce(opportunities._fivetran_deleted, false) = false
    and survivors.survivor_account_id is not null
