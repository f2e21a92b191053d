-- Live meetings; a meeting need not belong to a company.
with

    meetings as (
        select *, {{ known_id('engagement_id') }} as meeting_id from {{ source('hubspot', 'engagement_meeting') }}
    ),

    engagements as (select *, {{ known_id('id') }} as engagement_id from {{ source('hubspot', 'engagement') }}),

    companies as (select * from {{ ref('base_hubspot__engagement_companies') }}),

    -- Newer connectors date the meeting, older ones its header.
    dated as (

        select
            meetings.meeting_id,
            companies.company_id,
            {{ known_id('meetings.property_expansion_firing_id_c') }} as firing_id,
            coalesce(meetings.property_hs_createdate, engagements.created_at) as entered_at,
            coalesce(meetings.property_hs_timestamp, engagements.timestamp) as starts_at
        from meetings
        left join engagements on meetings.meeting_id = engagements.engagement_id
        left join companies on meetings.meeting_id = companies.engagement_id
        where coalesce(meetings.is_deleted, false) = false and coalesce(meetings._fivetran_deleted, false) = false

    )

select meeting_id, company_id as account_id, firing_id, coalesce(entered_at, starts_at) as created_at, starts_at
from dated
