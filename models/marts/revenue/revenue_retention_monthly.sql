select
    month,
    segment,
    starting_mrr,
    new,
    reactivation,
    seat_growth,
    tier_upgrade,
    add_on,
    consumption,
    renewal_uplift,
    contraction,
    churn,
    fx_change,
    ending_mrr,
    nrr,
    grr
from {{ ref('int_retention_months') }}
