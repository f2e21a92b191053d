-- Users and the domain of their newest e-mail. The address itself goes no further.
with

    identifies as (

        select user_id, email, least(coalesce(timestamp, received_at), received_at) as known_at, id
        from {{ source('segment', 'identifies') }}
        where user_id is not null and email is not null

    ),

    newest_identifies as (

        select user_id, email
        from
            (
                select
                    user_id, email, row_number() over (partition by user_id order by known_at desc, id desc) as recency
                from identifies
            ) as ranked
        where recency = 1

    ),

    users as (

        select id as user_id, max(email) as email
        from {{ source('segment', 'users') }}
        where email is not null
        group by id

    ),

    emails as (

        select
            coalesce(users.user_id, newest_identifies.user_id) as user_id,
            coalesce(users.email, newest_identifies.email) as email
        from users
        full outer join newest_identifies on users.user_id = newest_identifies.user_id

    ),

    domains as (select user_id, {{ email_domain('email') }} as domain from emails),

    internal_domains as (select distinct lower(domain) as domain from {{ ref('internal_domains') }})

select
    domains.user_id,
    {{ hash_key('domains.user_id') }} as user_key,
    domains.domain,
    internal_domains.domain is not null as is_staff
from domains
left join internal_domains on domains.domain = internal_domains.domain
