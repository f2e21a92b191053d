-- The one company of each engagement: its own of the lowest id, else its deal's, else its contact's.
with

    companies as (

        select
            {{ known_id('engagement_id') }} as engagement_id,
            {{ known_id('company_id') }} as company_id,
            1 as preference
        from {{ source('hubspot', 'engagement_company') }}
        where coalesce(_fivetran_deleted, false) = false

    ),

    deals as (

        select {{ known_id('bridge.engagement_id') }} as engagement_id, deal_companies.company_id, 2 as preference
        from {{ source('hubspot', 'engagement_deal') }} as bridge
        inner join
            {{ ref('base_hubspot__deal_companies') }} as deal_companies
            on {{ known_id('bridge.deal_id') }} = deal_companies.deal_id
        where coalesce(bridge._fivetran_deleted, false) = false

    ),

    contacts as (

        select
            {{ known_id('bridge.engagement_id') }} as engagement_id, contacts.account_id as company_id, 3 as preference
        from {{ source('hubspot', 'engagement_contact') }} as bridge
        inner join
            {{ ref('base_hubspot__contacts') }} as contacts on {{ known_id('bridge.contact_id') }} = contacts.contact_id
        where contacts.account_id is not null and coalesce(bridge._fivetran_deleted, false) = false

    ),

    candidates as (

        select *
        from companies
        union all
        select *
        from deals
        union all
        select *
        from contacts

    ),

    ranked as (

        select
            engagement_id,
            company_id,
            row_number() over (partition by engagement_id order by preference, length(company_id), company_id) as place
        from candidates

    )

select engagement_id, company_id
from ranked
where place = 1
