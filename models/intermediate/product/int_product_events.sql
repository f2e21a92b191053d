with events as (select * from {{ ref('stg_product__events') }}), placed as ({{ placed_events('events') }})

select account_id, account_key, user_key, event_at, event_on, user_id, source_table, event_name, event_key, received_at
from placed
