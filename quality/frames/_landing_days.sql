-- Rows a table and day: each raw table is read once, and what follows counts days instead of rows. Of a domain only the
-- vendors that serve it are judged.
with

product_calls as (

    select 'segment.tracks' as table_name, user_id, timestamp as called_at, received_at from {{ source('segment', 'tracks') }}
    union all
    select 'segment.pages' as table_name, user_id, timestamp as called_at, received_at from {{ source('segment', 'pages') }}
    union all
    select 'segment.screens' as table_name, user_id, timestamp as called_at, received_at from {{ source('segment', 'screens') }}
    union all
    select 'segment.feature_used' as table_name, user_id, timestamp as called_at, received_at from {{ source('segment', 'feature_used') }}
    union all
    select 'segment.api_usage' as table_name, user_id, timestamp as called_at, received_at from {{ source('segment', 'api_usage') }}
    union all
    select 'segment.groups' as table_name, user_id, timestamp as called_at, received_at from {{ source('segment', 'groups') }}

),

other_rows as (

    select 'crm' as domain, 'salesforce.contact' as table_name, created_date as landed_at from {{ source('salesforce', 'contact') }}
    union all
    select 'crm' as domain, 'salesforce.opportunity' as table_name, created_date as landed_at from {{ source('salesforce', 'opportunity') }}
    union all
    select 'crm' as domain, 'salesforce.task' as table_name, created_date as landed_at from {{ source('salesforce', 'task') }}
    union all
    select 'crm' as domain, 'salesforce_history.account' as table_name, _fivetran_start as landed_at
    from {{ source('salesforce_history', 'account') }}
    union all
    select 'crm' as domain, 'salesforce_history.opportunity' as table_name, _fivetran_start as landed_at
    from {{ source('salesforce_history', 'opportunity') }}
    union all
    select 'crm' as domain, 'hubspot.contact' as table_name, property_createdate as landed_at from {{ source('hubspot', 'contact') }}
    union all
    select 'crm' as domain, 'hubspot.deal' as table_name, property_createdate as landed_at from {{ source('hubspot', 'deal') }}
    union all
    select 'crm' as domain, 'hubspot.deal_stage' as table_name, coalesce(date_entered, _fivetran_start) as landed_at
    from {{ source('hubspot', 'deal_stage') }}
    union all
    select 'crm' as domain, 'hubspot.engagement_call' as table_name, property_hs_createdate as landed_at
    from {{ source('hubspot', 'engagement_call') }}
    union all
    select 'crm' as domain, 'hubspot.engagement_task' as table_name, property_hs_createdate as landed_at
    from {{ source('hubspot', 'engagement_task') }}
    union all
    select 'crm' as domain, 'hubspot.company_property_history' as table_name, timestamp as landed_at
    from {{ source('hubspot', 'company_property_history') }}
    union all
    select 'billing' as domain, 'stripe.invoice' as table_name, created as landed_at from {{ source('stripe', 'invoice') }}
    union all
    select 'support' as domain, 'zendesk.ticket' as table_name, created_at as landed_at from {{ source('zendesk', 'ticket') }}
    union all
    select 'support' as domain, 'zendesk.ticket_field_history' as table_name, updated as landed_at
    from {{ source('zendesk', 'ticket_field_history') }}

),

days as (

    select
        'product' as domain,
        table_name,
        cast(received_at as date) as landed_on,
        max(received_at) as newest_at,
        count(*) as landed_rows,
        count(*) filter (where user_id is null) as rows_without_user,
        count(*) filter (where received_at > called_at + interval 4 day) as late_rows,
        count(*) filter (where called_at > received_at + interval 1 hour) as rows_from_the_future
    from product_calls
    group by all

    union all

    select
        domain,
        table_name,
        cast(landed_at as date) as landed_on,
        max(landed_at) as newest_at,
        count(*) as landed_rows,
        null as rows_without_user,
        null as late_rows,
        null as rows_from_the_future
    from other_rows
    group by all

)

-- What a replay may not know yet is not judged either.
select
    days.table_name,
    days.landed_on,
    days.newest_at,
    days.landed_rows,
    days.rows_without_user,
    days.late_rows,
    days.rows_from_the_future
from days
cross join {{ ref('int_clock') }} as clock
inner join {{ ref('int_vendors_in_use') }} as vendors
    on days.domain = vendors.domain and replace(split_part(days.table_name, '.', 1), '_history', '') = vendors.vendor
where days.landed_on <= cast(clock.as_of as date)
