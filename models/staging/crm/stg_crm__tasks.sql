with

    tasks as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__tasks'),
        'hubspot': ref('base_hubspot__tasks'),
    }) }}

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    decline_dispositions as (select lower(call_disposition) as call_disposition from {{ ref('decline_dispositions') }})

select
    tasks.task_id,
    survivors.survivor_account_id as account_id,
    tasks.call_disposition,
    tasks.status,
    tasks.firing_id,
    decline_dispositions.call_disposition is not null as is_decline,
    tasks.is_closed,
    tasks.created_at,
    tasks.completed_at
from tasks
inner join survivors on tasks.account_id = survivors.account_id
left join decline_dispositions on lower({{ trimmed('tasks.call_disposition') }}) = decline_dispositions.call_disposition
where survivors.survivor_account_id is not null
