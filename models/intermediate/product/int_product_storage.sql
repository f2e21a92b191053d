-- Storage in use by the newest group trait, from when until when. Of several groups of one account the newest call
-- speaks.
with

    calls as (select * from {{ ref('stg_product__group_calls') }} where storage_used_gb is not null),

    clock as (select as_of from {{ ref('int_clock') }}),

    group_accounts as (

        select record_id as group_id, account_id
        from {{ ref('int_identity_matches') }}
        where source_name = 'product' and account_id is not null

    ),

    counted as (

        select
            group_accounts.account_id,
            calls.storage_used_gb,
            calls.event_at,
            row_number() over (
                partition by group_accounts.account_id, calls.event_at order by calls.id desc
            ) as rank_at_instant
        from calls
        inner join clock on calls.received_at <= clock.as_of
        inner join group_accounts on calls.group_id = group_accounts.group_id
        where {{ is_on_time('calls.event_at', 'calls.received_at') }}

    )

select
    account_id,
    storage_used_gb,
    event_at as valid_from,
    lead(event_at) over (partition by account_id order by event_at) as valid_until
from counted
where rank_at_instant = 1
