-- Movements of an account and month by type (USD at the day's rate).
{%- set types = [
    'new', 'reactivation', 'seat_growth', 'tier_upgrade', 'add_on', 'consumption', 'renewal_uplift', 'contraction', 'churn'
] %}
with movements as (select * from {{ ref('int_mrr_movements') }})

select
    account_id,
    cast({{ dbt.date_trunc('month', 'movement_on') }} as date) as month,
    {%- for type in types %}
        sum(
            case when movement_type = '{{ type }}' then cast(mrr_delta as double) else 0 end
        ) as {{ type }}{{ ',' if not loop.last }}
    {%- endfor %}
from movements
group by account_id, cast({{ dbt.date_trunc('month', 'movement_on') }} as date)
