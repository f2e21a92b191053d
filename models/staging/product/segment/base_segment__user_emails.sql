-- The e-mail of each user: that of the table of users, else of the newest identify call.
with

    identifies as (

        select
            user_id,
            email,
            row_number() over (
                partition by user_id order by least(coalesce(timestamp, received_at), received_at) desc, id desc
            ) as recency
        from {{ source('segment', 'identifies') }}
        where user_id is not null and email is not null

    ),

    users as (

        select id as user_id, max(email) as email
        from {{ source('segment', 'users') }}
        where email is not null
        group by id

    )

select coalesce(users.user_id, identifies.user_id) as user_id, coalesce(users.email, identifies.email) as email
from users
full outer join (select * from identifies where recency = 1) as identifies on users.user_id = identifies.user_id
