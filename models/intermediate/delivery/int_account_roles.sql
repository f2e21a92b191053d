-- Who answers for a role at an account today: the first person of the roles asked, else the first queue. A role that is
-- nobody has no row.
with

    accounts as (select account_id from {{ ref('stg_crm__accounts') }}),

    steps as (select * from {{ ref('int_role_steps') }}),

    people as (select * from {{ ref('int_account_people') }}),

    answers as (

        select people.account_id, steps.role, people.user_id, people.email, people.user_name, steps.step
        from steps
        inner join people on steps.person_field = people.person_field
        where people.email is not null

        union all

        -- After every person.
        select
            accounts.account_id,
            steps.role,
            cast(null as {{ dbt.type_string() }}) as user_id,
            steps.queue_email as email,
            cast(null as {{ dbt.type_string() }}) as user_name,
            1000 + steps.step as step
        from steps
        cross join accounts
        where steps.queue_email is not null

    ),

    ranked as (select *, row_number() over (partition by account_id, role order by step) as answer_rank from answers)

select account_id, role, user_id, email, user_name
from ranked
where answer_rank = 1
