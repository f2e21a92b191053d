select
    scorecard.rank,
    scorecard.trigger_id,
    triggers.category,
    scorecard.verdict,
    scorecard.reason,
    scorecard.firings,
    scorecard.shadow_firings,
    scorecard.delivered,
    scorecard.accepted,
    scorecard.accepted / nullif(scorecard.delivered, 0) as acceptance,
    scorecard.precision,
    scorecard.risk_ratio as lift,
    scorecard.risk_ratio_low as lift_low,
    scorecard.risk_ratio_high as lift_high,
    scorecard.median_days,
    cast(scorecard.attributed_arr as double) as attributed_arr,
    scorecard.roi
from trigger_scorecard as scorecard
left join dim_triggers as triggers on scorecard.trigger_id = triggers.trigger_id
where scorecard.period = 'all'
order by scorecard.rank
