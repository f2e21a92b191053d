with

    meetings as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__meetings'),
        'hubspot': ref('base_hubspot__meetings'),
    }) }}

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }})

select
    meetings.meeting_id,
    survivors.survivor_account_id as account_id,
    meetings.firing_id,
    meetings.created_at,
    meetings.starts_at
from meetings
left join survivors on meetings.account_id = survivors.account_id
