with

    states as (select * from {{ ref('int_billing_item_states') }}),

    placed as (

        select
            *,
            row_number() over (partition by subscription_item_id order by in_force_from) as from_first,
            row_number() over (partition by subscription_item_id order by in_force_from desc) as from_last
        from states

    ),

    first_states as (select * from placed where from_first = 1 and is_seat_priced),

    last_states as (select * from placed where from_last = 1 and is_seat_priced),

    starts as (select placed.subscription_item_id, placed.in_force_from from placed where placed.from_first = 1),

    candidates as (

        select
            last_states.account_id,
            last_states.currency = first_states.currency as is_same_currency,
            last_states.subscription_item_id as earlier_item_id,
            first_states.subscription_item_id as later_item_id,
            first_states.in_force_from as continued_at,
            abs(
                {{ microseconds_between('last_states.in_force_until', 'first_states.in_force_from') }}
            ) as gap_microseconds
        from last_states
        inner join starts on last_states.subscription_item_id = starts.subscription_item_id
        inner join
            first_states
            on last_states.account_id = first_states.account_id
            and starts.in_force_from < first_states.in_force_from
            and first_states.in_force_from >= {{ move_by_days('last_states.in_force_until', -3) }}
            and first_states.in_force_from <= {{ move_by_days('last_states.in_force_until', 3) }}

    )

-- The order in which the continuations are dealt out: nearest first, and a change of currency only where nothing else
-- goes on.
select
    *,
    row_number() over (
        partition by account_id
        order by
            case when is_same_currency then 0 else 1 end, gap_microseconds, continued_at, earlier_item_id, later_item_id
    ) as deal_order
from candidates
