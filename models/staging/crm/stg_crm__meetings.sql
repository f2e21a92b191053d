-- Meetings, without the copies of invitees.
with

meetings as (

    select * from {{ source('salesforce', 'event') }}

),

survivors as (

    select * from {{ ref('stg_crm__account_survivors') }}

)

select
    meetings.id as meeting_id,
    survivors.survivor_account_id as account_id,
    meetings.expansion_firing_id_c as firing_id,
    meetings.created_date as created_at,
    meetings.start_date_time as starts_at
from meetings
left join survivors on meetings.account_id = survivors.account_id
where
    coalesce(meetings._fivetran_active, true)
    and coalesce(meetings.is_deleted, false) = false
    and coalesce(meetings._fivetran_deleted, false) = false
    and coalesce(meetings.is_child, false) = false
