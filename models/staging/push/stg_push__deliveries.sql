-- When a firing first arrived at a destination.
with

attempts as (

    select * from {{ source('push', 'push_log') }}

),

clock as (

    select as_of from {{ ref('int_clock') }}

)

select
    attempts.firing_id,
    min(attempts.attempted_at) as delivered_at,
    count(distinct attempts.destination) as destinations
from attempts
inner join clock on attempts.attempted_at <= clock.as_of
where attempts.firing_id is not null and attempts.outcome = 'delivered'
group by attempts.firing_id
