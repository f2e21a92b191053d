-- The first day with a product event that counts, over all accounts: no window reaches back beyond it.
select min(event_on) as first_event_on from {{ ref('int_product_user_days') }}
