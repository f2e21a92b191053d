-- The owner: the role's own person, then the other, then the role's queue. Automation has no person.
with

    routes as (

        select routes.firing_id, routes.owner_role, firings.account_id
        from {{ ref('int_firing_routes') }} as routes
        inner join {{ ref('int_new_firings') }} as firings on routes.firing_id = firings.firing_id

    ),

    people as (select * from {{ ref('int_account_people') }}),

    queues as (select owner_role, queue_email from {{ ref('owner_queues') }}),

    found as (

        select
            routes.firing_id,
            routes.owner_role,
            case
                routes.owner_role
                when 'AE'
                then coalesce(people.account_executive_email, people.success_manager_email, queues.queue_email)
                when 'CSM'
                then coalesce(people.success_manager_email, people.account_executive_email, queues.queue_email)
                when 'automation'
                then null
                else queues.queue_email
            end as owner_email
        from routes
        left join people on routes.account_id = people.account_id
        left join queues on routes.owner_role = queues.owner_role

    )

select
    firing_id,
    case when owner_email is null and owner_role <> 'automation' then 'unassigned' else owner_role end as owner_role,
    owner_email
from found
