-- The closes of which readiness is asked: every Sunday's to learn from, every month's end, and the newest. They begin
-- four weeks after the first product event: before it no window of use is whole. Without product events they begin with
-- the first paid day.
with

    clock as (select * from {{ ref('int_clock') }}),

    product as (select min(event_on) as first_event_on from {{ ref('int_product_user_days') }}),

    closes as (select distinct signal_on as known_on from {{ ref('int_account_stage_daily') }}),

    first_closes as (select min(known_on) as first_close_on from closes),

    moments as (

        select
            closes.known_on,
            {{ day_of_week('closes.known_on') }} = 0 as is_week,
            extract(day from {{ add_days('closes.known_on', 1) }}) = 1 as is_month_end,
            closes.known_on = clock.last_closed_on as is_newest
        from closes
        cross join clock
        cross join product
        cross join first_closes
        where
            closes.known_on >= {{ add_days('coalesce(product.first_event_on, first_closes.first_close_on)', 28) }}
            or closes.known_on = clock.last_closed_on

    )

select known_on, {{ day_close('known_on') }} as known_at, is_week, is_month_end, is_newest
from moments
where is_week or is_month_end or is_newest
