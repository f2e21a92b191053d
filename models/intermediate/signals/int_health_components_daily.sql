-- Points of each health component that is known on the day: the share of the way from its value at 0 points to its
-- value at 100, clamped.
with

    measures as (select * from {{ ref('int_account_measures_daily') }}),

    weights as (select component, weight, value_at_0, value_at_100 from {{ ref('health_weights') }}),

    {% for signal in measured_signals() -%}
        {{ signal }}_points as (

            select
                measures.account_id,
                measures.signal_on,
                weights.component,
                weights.weight,
                cast(measures.{{ signal }} as double) as component_value,
                100 * greatest(
                    0,
                    least(
                        1,
                        (cast(measures.{{ signal }} as double) - weights.value_at_0)
                        / nullif(weights.value_at_100 - weights.value_at_0, 0)
                    )
                ) as points
            from measures
            inner join weights on weights.component = '{{ signal }}'
            where measures.{{ signal }} is not null

        ){{ ',' if not loop.last }}

    {% endfor -%}

{% for signal in measured_signals() -%}
    select * from {{ signal }}_points {{ 'union all' if not loop.last }}
{% endfor %}
