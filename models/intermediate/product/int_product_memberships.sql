-- Which group a user said it belongs to, and from when until when: the newest call at or before an instant.
with

    calls as (select * from {{ ref('stg_product__group_calls') }} where user_key is not null),

    clock as (select as_of from {{ ref('int_clock') }}),

    counted as (

        select
            calls.user_key,
            calls.group_id,
            calls.event_at,
            row_number() over (partition by calls.user_key, calls.event_at order by calls.id desc) as rank_at_instant
        from calls
        inner join clock on calls.received_at <= clock.as_of
        where {{ is_on_time('calls.event_at', 'calls.received_at') }}

    )

select
    user_key,
    group_id,
    event_at as valid_from,
    lead(event_at) over (partition by user_key order by event_at) as valid_until
from counted
where rank_at_instant = 1
