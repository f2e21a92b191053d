-- The one company of each engagement: its own of the lowest id, else its deal's, else its contact's.
with

    companies as (select engagement_id, company_id, 1 as preference from {{ source('hubspot', 'engagement_company') }}),

    deals as (

        select bridge.engagement_id, deal_companies.company_id, 2 as preference
        from {{ source('hubspot', 'engagement_deal') }} as bridge
        inner join
            {{ ref('base_hubspot__deal_companies') }} as deal_companies on bridge.deal_id = deal_companies.deal_id

    ),

    contacts as (

        select bridge.engagement_id, contacts.account_id as company_id, 3 as preference
        from {{ source('hubspot', 'engagement_contact') }} as bridge
        inner join {{ ref('base_hubspot__contacts') }} as contacts on bridge.contact_id = contacts.contact_id
        where contacts.account_id is not null

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
