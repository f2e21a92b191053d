with

tasks as (

    select * from {{ source('salesforce', 'task') }}

),

survivors as (

    select * from {{ ref('stg_crm__account_survivors') }}

),

decline_dispositions as (

    select lower(call_disposition) as call_disposition from {{ ref('decline_dispositions') }}

)

select
    tasks.id as task_id,
    survivors.survivor_account_id as account_id,
    tasks.call_disposition,
    tasks.status,
    tasks.expansion_firing_id_c as firing_id,
    decline_dispositions.call_disposition is not null as is_decline,
    coalesce(tasks.is_closed, false) as is_closed,
    tasks.created_date as created_at,
    tasks.completed_date_time as completed_at
from tasks
inner join survivors on tasks.account_id = survivors.account_id
left join decline_dispositions on lower(tasks.call_disposition) = decline_dispositions.call_disposition
where
    coalesce(tasks._fivetran_active, true)
    and coalesce(tasks.is_deleted, false) = false
    and coalesce(tasks._fivetran_deleted, false) = false
    and survivors.survivor_account_id is not null
