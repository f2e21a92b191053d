-- The owner: who answers for the role of the route. A role that is nobody owns without a person.
with

    routes as (

        select routes.firing_id, routes.owner_role, firings.account_id
        from {{ ref('int_candidate_routes') }} as routes
        inner join {{ ref('int_new_firings') }} as firings on routes.firing_id = firings.firing_id

    ),

    answers as (select account_id, role, email from {{ ref('int_account_roles') }}),

    automatic_roles as (select role from {{ ref('int_roles') }} where is_automatic)

select
    routes.firing_id,
    case
        when answers.email is null and automatic_roles.role is null then 'unassigned' else routes.owner_role
    end as owner_role,
    answers.email as owner_email
from routes
left join answers on routes.account_id = answers.account_id and routes.owner_role = answers.role
left join automatic_roles on routes.owner_role = automatic_roles.role
