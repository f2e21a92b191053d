-- How ready each account in stage is at a moment: probabilities, what they promise in revenue, and its place. Sums in
-- another order are a hair off, so that equal ones are told by nine decimals.
with

    states as (select * from {{ ref('int_readiness_states') }} where is_month_end or is_newest),

    fits as (select * from {{ ref('int_readiness_fits') }}),

    added as (

        select
            account_id,
            known_on,
            {%- for days in readiness_windows() %}
                sum(coefficient_{{ days }}d) as added_{{ days }}d {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_readiness_contributions') }}
        group by account_id, known_on

    ),

    gains as (

        select
            known_on,
            tier,
            size_band,
            {%- for days in readiness_windows() %}
                max(case when window_days = {{ days }} then gain_share end) as gain_share_{{ days }}d
                {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_readiness_gains') }}
        group by known_on, tier, size_band

    ),

    probabilities as (

        select
            states.account_id,
            states.known_on,
            states.known_at,
            states.is_month_end,
            states.is_newest,
            states.tier,
            states.segment,
            states.size_band,
            states.contract_value,
            fits.fitted_as_of,
            fits.note
            {%- for days in readiness_windows() %}
                ,
                -- Without an intercept there is none.
                1.0e0 / (
                    1.0e0 + exp(- (fits.intercept_{{ days }}d + coalesce(added.added_{{ days }}d, 0.0e0)))
                ) as probability_{{ days }}d
            {%- endfor %}
        from states
        inner join fits on states.known_on = fits.known_on
        left join added on states.account_id = added.account_id and states.known_on = added.known_on

    )

select
    probabilities.*,
    {%- for days in readiness_windows() %}
        probabilities.probability_{{ days }}d
        * gains.gain_share_{{ days }}d
        * probabilities.contract_value as expected_arr_{{ days }}d,
    {%- endfor %}
    case
        when probabilities.probability_30d is not null
        then
            row_number() over (
                partition by probabilities.known_on, probabilities.probability_30d is null
                order by round(probabilities.probability_30d, 9) desc, probabilities.account_id
            )
    end as readiness_rank,
    case
        when probabilities.probability_30d is not null
        then
            ntile(10) over (
                partition by probabilities.known_on, probabilities.probability_30d is null
                order by round(probabilities.probability_30d, 9) desc, probabilities.account_id
            )
    end as decile
from probabilities
left join
    gains
    on probabilities.known_on = gains.known_on
    and probabilities.tier = gains.tier
    and probabilities.size_band = gains.size_band
