{{ config(materialized='view') }}

-- What each term of an account adds by the weights that speak at the moment. A bin holds its upper end, not its lower.
with

    terms as (select * from {{ ref('int_readiness_terms') }}),

    fits as (select * from {{ ref('int_readiness_fits') }}),

    weights as (select * from {{ ref('stg_readiness__weights') }})

select
    terms.account_id,
    terms.known_on,
    terms.term_type,
    terms.term,
    weights.level,
    terms.term_value,
    weights.points_30d,
    {%- for days in readiness_windows() %} weights.coefficient_{{ days }}d {{- ',' if not loop.last }} {%- endfor %}
from terms
inner join fits on terms.known_on = fits.known_on
inner join
    weights
    on fits.fitted_as_of = weights.fitted_as_of
    and terms.term_type = weights.term_type
    and terms.term = weights.term
    and case
        when terms.term_type <> 'signal'
        then terms.level = weights.level
        when terms.term_value is null
        then weights.level = 'unknown'
        else
            weights.level <> 'unknown'
            and (weights.low is null or terms.term_value > weights.low)
            and (weights.high is null or terms.term_value <= weights.high)
    end
