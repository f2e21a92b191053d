-- Recurring revenue of a month and segment from start to end: what moved it (USD at the day's rate), and what was
-- kept.
{% set types = [
    'new', 'reactivation', 'seat_growth', 'tier_upgrade', 'add_on', 'consumption', 'renewal_uplift', 'contraction', 'churn'
] %}
with

    balances as (select * from {{ ref('int_retention_account_months') }}),

    movements as (
        select
            account_id,
            cast({{ dbt.date_trunc('month', 'movement_on') }} as date) as month,
            {%- for type in types %}
                sum(
                    case when movement_type = '{{ type }}' then cast(mrr_delta as double) else 0 end
                ) as {{ type }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_mrr_movements') }}
        group by account_id, cast({{ dbt.date_trunc('month', 'movement_on') }} as date)
    ),

    stage_days as (

        select account_id, signal_on, segment
        from {{ ref('int_account_stage_daily') }}
        where signal_on in (select start_on from balances) or signal_on in (select end_on from balances)

    ),

    accounts as (

        -- An account counts for the whole month in the segment of its start; one that comes during it, in that of
        -- its end.
        select
            balances.*,
            coalesce(starts.segment, ends.segment, 'unknown') as segment,
            {%- for type in types %}
                coalesce(movements.{{ type }}, 0) as {{ type }}{{ ',' if not loop.last }}
            {%- endfor %}
        from balances
        left join
            stage_days as starts on balances.account_id = starts.account_id and balances.start_on = starts.signal_on
        left join stage_days as ends on balances.account_id = ends.account_id and balances.end_on = ends.signal_on
        left join movements on balances.account_id = movements.account_id and balances.month = movements.month

    ),

    by_segment as (

        select *, segment as reported_segment
        from accounts
        union all
        select *, 'all' as reported_segment
        from accounts

    ),

    sums as (

        select
            month,
            reported_segment as segment,
            {{ round_money('sum(mrr_start)') }} as starting_mrr,
            {%- for type in types %} {{ round_money('sum(' ~ type ~ ')') }} as {{ type }}, {%- endfor %}
            {{ round_money('sum(mrr_end)') }} as ending_mrr,
            sum(mrr_start) as start_base,
            sum(case when mrr_start > 0 then greatest(mrr_end_at_start_rate, 0) else 0 end) as kept_net,
            sum(
                case when mrr_start > 0 then least(mrr_start, greatest(mrr_end_at_start_rate, 0)) else 0 end
            ) as kept_gross
        from by_segment
        group by month, reported_segment

    )

select
    month,
    segment,
    starting_mrr,
    {%- for type in types %} {{ type }}, {%- endfor %}
    cast(ending_mrr - starting_mrr{% for type in types %} - {{ type }}{% endfor %} as decimal(18, 2)) as fx_change,
    ending_mrr,
    {{ ratio('kept_net', 'start_base') }} as nrr,
    {{ ratio('kept_gross', 'start_base') }} as grr
from sums
