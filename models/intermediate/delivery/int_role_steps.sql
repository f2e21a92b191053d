-- Whom a role stands for: itself, then the role that it falls back to, and so on; each role is asked once.
with recursive

    roles as (

        select role, person_field, nullif(trim(fallback_role), '') as fallback_role, queue_email from {{ ref('roles') }}

    ),

    walked as (

        select
            role,
            1 as step,
            role as asked_role,
            person_field,
            fallback_role,
            queue_email,
            cast({{ dbt.concat(["'|'", 'role', "'|'"]) }} as {{ dbt.type_string() }}) as asked_roles
        from roles

        union all

        select
            walked.role,
            walked.step + 1 as step,
            roles.role as asked_role,
            roles.person_field,
            roles.fallback_role,
            roles.queue_email,
            {{ dbt.concat(['walked.asked_roles', 'roles.role', "'|'"]) }} as asked_roles
        from walked
        inner join roles on walked.fallback_role = roles.role
        where instr(walked.asked_roles, {{ dbt.concat(["'|'", 'roles.role', "'|'"]) }}) = 0

    )

select role, step, asked_role, person_field, queue_email
from walked
