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

    of_deals as (

        select {{ known_id('engagement_id') }} as engagement_id, {{ known_id('deal_id') }} as deal_id
        from {{ source('hubspot', 'engagement_deal') }}
        where coalesce(_fivetran_deleted, false) = false

    ),

    of_contacts as (

        select {{ known_id('engagement_id') }} as engagement_id, {{ known_id('contact_id') }} as contact_id
        from {{ source('hubspot', 'engagement_contact') }}
        where coalesce(_fivetran_deleted, false) = false

    ),

    deals as (

        select of_deals.engagement_id, deal_companies.company_id, 2 as preference
        from of_deals
        inner join
            {{ ref('base_hubspot__deal_companies') }} as deal_companies on of_deals.deal_id = deal_companies.deal_id

    ),

    contacts as (

        select of_contacts.engagement_id, contacts.account_id as company_id, 3 as preference
        from of_contacts
        inner join {{ ref('base_hubspot__contacts') }} as contacts on of_contacts.contact_id = contacts.contact_id
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
