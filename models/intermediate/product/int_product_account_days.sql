-- The grid of the product signals: every closed day of an account from its first product event on.
with

    first_days as (

        select account_id, min(event_on) as first_event_on from {{ ref('int_product_user_days') }} group by account_id

    ),

    horizon as (select first_event_on as horizon_on from {{ ref('int_product_horizon') }}),

    days as (select * from {{ ref('int_days') }})

select first_days.account_id, days.signal_on, first_days.first_event_on, horizon.horizon_on
from first_days
cross join horizon
inner join days on first_days.first_event_on <= days.signal_on
