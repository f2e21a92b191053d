-- When a firing first arrived: its record, or the alert to the one who acts, was accepted by name.
select firing_id, min(arrived_at) as delivered_at, count(distinct destination) as destinations
from {{ ref('stg_push__arrivals') }}
where arrival = 'delivered'
group by firing_id
