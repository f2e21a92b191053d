with limits as (select * from {{ ref('verdict_limits') }})

select
    {#- A company's copy of the seed may be older than a limit. -#}
    {%- set younger = {'tune_min_difference': '0.02e0', 'max_touched_share': '0.1e0'} %}
    {%- for limit_name in [
        'min_index_events', 'sweep_train_share', 'tune_min_gain', 'tune_min_difference', 'tune_min_test_events', 'promote_max_q', 'promote_min_low',
        'within_min_low', 'alone_min_low', 'untouched_min_index_events', 'max_touched_share', 'retire_max_high', 'retire_min_index_events',
        'retire_max_ratio', 'power_quantile', 'sample_ratio_min_p'
    ] %}
        coalesce(
            cast(max(case when limit_name = '{{ limit_name }}' then value end) as double),
            {{ younger.get(limit_name, 'null') }}
        ) as {{ limit_name }}{{ ',' if not loop.last }}
    {%- endfor %}
from limits
