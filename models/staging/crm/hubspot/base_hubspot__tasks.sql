-- Live tasks and calls. A call without a status was logged after it was made: its result says that it is done.
with

    tasks as (

        select
            {{ known_id('engagement_id') }} as engagement_id,
            cast(null as {{ dbt.type_string() }}) as call_disposition,
            property_hs_task_status as status,
            {{ known_id('property_expansion_firing_id_c') }} as firing_id,
            upper(coalesce(property_hs_task_status, '')) = 'COMPLETED' as is_closed,
            property_hs_createdate as created_at,
            property_hs_timestamp as occurred_at,
            property_hs_task_completion_date as completed_at
        from {{ source('hubspot', 'engagement_task') }}
        where coalesce(is_deleted, false) = false and coalesce(_fivetran_deleted, false) = false

    ),

    calls as (

        select
            {{ known_id('engagement_id') }} as engagement_id,
            property_hs_call_disposition as call_disposition,
            property_hs_call_status as status,
            {{ known_id('property_expansion_firing_id_c') }} as firing_id,
            upper(coalesce(property_hs_call_status, '')) = 'COMPLETED'
            or (property_hs_call_status is null and property_hs_call_disposition is not null) as is_closed,
            property_hs_createdate as created_at,
            property_hs_timestamp as occurred_at,
            cast(null as timestamp) as completed_at
        from {{ source('hubspot', 'engagement_call') }}
        where coalesce(is_deleted, false) = false and coalesce(_fivetran_deleted, false) = false

    ),

    activities as (

        select *
        from tasks
        union all
        select *
        from calls

    ),

    engagements as (select *, {{ known_id('id') }} as engagement_id from {{ source('hubspot', 'engagement') }}),

    companies as (select * from {{ ref('base_hubspot__engagement_companies') }}),

    -- Newer connectors date the activity, older ones its header.
    dated as (

        select
            activities.*,
            companies.company_id,
            coalesce(activities.occurred_at, engagements.timestamp) as done_at,
            coalesce(activities.created_at, engagements.created_at) as entered_at
        from activities
        left join engagements on activities.engagement_id = engagements.engagement_id
        left join companies on activities.engagement_id = companies.engagement_id

    )

select
    engagement_id as task_id,
    company_id as account_id,
    call_disposition,
    status,
    firing_id,
    is_closed,
    coalesce(entered_at, done_at) as created_at,
    case when is_closed then coalesce(completed_at, done_at) end as completed_at
from dated
