-- How many thresholds of a condition an account passes on a day; days that pass none are left out.
with

signals as (
    select * from {{ ref('int_account_signals_daily') }}
),

ladders as (
    select * from {{ ref('int_sweep_ladders') }}
),

passes as (
    {% for signal in swept_signals() -%}
    select
        ladders.condition_key,
        signals.account_id,
        signals.signal_on,
        {%- for level in range(1, 10) %}
        case
            when ladders.direction * cast(signals.{{ signal }} as double) > ladders.threshold_{{ level }} then 1
            when ladders.is_inclusive
                and ladders.direction * cast(signals.{{ signal }} as double) = ladders.threshold_{{ level }} then 1
            else 0
        end{{ ' +' if not loop.last }}
        {%- endfor %} as passed
    from signals
    inner join ladders
        on ladders.direction * cast(signals.{{ signal }} as double) >= ladders.threshold_1
        and (ladders.highest is null or cast(signals.{{ signal }} as double) <= ladders.highest)
    where ladders.signal = '{{ signal }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    passes.condition_key,
    accounts.account_key,
    passes.signal_on,
    cast(passes.passed as smallint) as passed
from passes
inner join {{ ref('int_validation_accounts') }} as accounts on passes.account_id = accounts.account_id
where passes.passed > 0
