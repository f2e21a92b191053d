select
    month,
    fired,
    delivered,
    accepted,
    expansions,
    sla_met_share,
    play_acceptance,
    cast(expansion_acv as double) as expansion_acv,
    cast(attributed_arr as double) as attributed_arr,
    cast(nrr as double) as nrr,
    cast(grr as double) as grr
from expansion_kpis_monthly
order by month
