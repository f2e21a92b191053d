-- One pair after the other, nearest first: a pair is dealt unless one of its items has already played that part.
{{ dealt_pairs(ref('int_billing_item_successions')) }}
