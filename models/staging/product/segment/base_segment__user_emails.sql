-- The e-mail of each user: that of the table of users, else of the newest identify call.
with

    identifies as (

        select
            {{ known_id('user_id') }} as user_id,
            email,
            row_number() over (
                partition by {{ known_id('user_id') }}
                order by least(coalesce(timestamp, received_at), received_at) desc, id desc
            ) as recency
        from {{ source('segment', 'identifies') }}
        where {{ known_id('user_id') }} is not null and {{ known_text('email') }} is not null

    ),

    users as (

        select {{ known_id('id') }} as user_id, max(email) as email
        from {{ source('segment', 'users') }}
        where {{ known_id('id') }} is not null and {{ known_text('email') }} is not null
        group by {{ known_id('id') }}

    )

select coalesce(users.user_id, identifies.user_id) as user_id, coalesce(users.email, identifies.email) as email
from users
full outer join (select * from identifies where recency = 1) as identifies on users.user_id = identifies.user_id
