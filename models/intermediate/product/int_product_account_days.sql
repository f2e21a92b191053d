-- The grid of the product signals: every closed day of an account from its first product event on.
with

    user_days as (select account_id, event_on from {{ ref('int_product_user_days') }}),

    first_days as (select account_id, min(event_on) as first_event_on from user_days group by account_id),

    -- The first day with a product event that counts, over all accounts: no window reaches back beyond it.
    horizon as (select min(event_on) as horizon_on from user_days),

    days as (select * from {{ ref('int_days') }})

select first_days.account_id, days.signal_on, first_days.first_event_on, horizon.horizon_on
from first_days
cross join horizon
inner join days on first_days.first_event_on <= days.signal_on
