with limits as (select * from {{ ref('verdict_limits') }})

select
    {%- for limit_name in [
        'min_index_events', 'sweep_train_share', 'tune_min_gain', 'tune_min_test_events', 'promote_max_q', 'promote_min_low',
        'within_min_low', 'alone_min_low', 'untouched_min_index_events', 'retire_max_high', 'retire_min_index_events',
        'retire_max_ratio', 'power_quantile', 'sample_ratio_min_p'
    ] %}
        cast(
            max(case when limit_name = '{{ limit_name }}' then value end) as double
        ) as {{ limit_name }}{{ ',' if not loop.last }}
    {%- endfor %}
from limits
