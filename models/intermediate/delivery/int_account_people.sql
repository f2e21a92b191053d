-- The persons of an account on the vendor's side, and each one's manager: only who can still be reached.
with

    accounts as (select * from {{ ref('stg_crm__accounts') }}),

    users as (select user_id, email, user_name, manager_id from {{ ref('stg_crm__users') }}),

    named as (

        {% for name in settings_of('person_fields') -%}
            select account_id, '{{ name }}' as person_field, {{ person_column(name) }} as user_id
            from accounts{{ ' union all' if not loop.last }}
        {% endfor %}

    ),

    people as (

        select named.account_id, named.person_field, users.user_id, users.email, users.user_name, users.manager_id
        from named
        inner join users on named.user_id = users.user_id

    )

select account_id, person_field, user_id, email, user_name
from people

union all

select
    people.account_id,
    {{ dbt.concat(['people.person_field', "'.manager'"]) }} as person_field,
    users.user_id,
    users.email,
    users.user_name
from people
inner join users on people.manager_id = users.user_id
