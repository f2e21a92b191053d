-- What is wrong with roles.csv, in sentences.
with

    roles as (select * from {{ ref('roles') }}),

    channels as (select channel from {{ ref('channels') }}),

    person_fields as (

        {% for name in settings_of('person_fields') -%}
            select '{{ name }}' as person_field
            union all
            select '{{ name }}.manager' as person_field{{ ' union all' if not loop.last }}
        {% endfor %}

    ),

    answered as (

        -- Whether anybody is asked along the way: a person, or a queue.
        select role, count(person_field) + count(queue_email) as answers from {{ ref('int_role_steps') }} group by role

    )

select
    'roles' as seed_name,
    roles.role as row_id,
    'person_field' as column_name,
    {{ dbt.concat([
    "'person '", 'roles.person_field',
    "' is unknown: expected one of " ~ settings_of('person_fields').keys() | join(', ')
    ~ " (vars: person_fields), or its manager as owner.manager'"
]) }} as fault
from roles
left join person_fields on roles.person_field = person_fields.person_field
where roles.person_field is not null and person_fields.person_field is null

union all

select
    'roles' as seed_name,
    roles.role as row_id,
    'fallback_role' as column_name,
    {{ dbt.concat(["'role '", 'roles.fallback_role', "' is not in roles.csv'"]) }} as fault
from roles
left join roles as known on roles.fallback_role = known.role
where roles.fallback_role is not null and known.role is null

union all

select
    'roles' as seed_name,
    role as row_id,
    'fallback_role' as column_name,
    'the role falls back to itself: expected another role' as fault
from roles
where fallback_role = role

union all

select
    'roles' as seed_name,
    roles.role as row_id,
    'queue_email' as column_name,
    'neither the role nor one that it falls back to has a person or a queue: expected person_field or queue_email'
    as fault
from roles
inner join answered on roles.role = answered.role
where answered.answers = 0 and roles.fallback_role is not null

union all

select
    'roles' as seed_name,
    roles.role as row_id,
    'channel' as column_name,
    {{ dbt.concat(["'channel '", 'roles.channel', "' is not in channels.csv'"]) }} as fault
from roles
left join channels on roles.channel = channels.channel
where roles.channel is not null and channels.channel is null
