-- When a firing first left without anybody saying that it arrived; no delivery.
select firing_id, min(arrived_at) as handed_over_at, count(distinct destination) as destinations
from {{ ref('stg_push__arrivals') }}
where arrival = 'handed_over'
group by firing_id
