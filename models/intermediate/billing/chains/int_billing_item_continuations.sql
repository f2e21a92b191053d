-- One pair after the other, nearest first: a pair is dealt unless one of its items has already played that part.
with

    successions as (select * from {{ ref('int_billing_item_successions') }}),

    dealt as ({{ dealt_pairs('successions') | indent(4) }})

select earlier_item_id, later_item_id, continued_at
from dealt
