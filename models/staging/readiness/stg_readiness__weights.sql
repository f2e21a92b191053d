-- What each term adds, one column a window; of a moment that was fitted again the newest version.
with

    weights as (select * from {{ source('readiness', 'weights') }}),

    fits as (select * from {{ ref('stg_readiness__fits') }})

select
    weights.fitted_as_of,
    weights.term_type,
    weights.term,
    weights.level,
    weights.low,
    weights.high
    {%- for days in readiness_windows() %}
        {%- for measure in ['coefficient', 'points', 'standard_error'] %}
            ,
            max(case when weights.window_days = {{ days }} then weights.{{ measure }} end) as {{ measure }}_{{ days }}d
        {%- endfor %},
        max(case when weights.window_days = {{ days }} then weights.account_weeks end) as account_weeks_{{ days }}d
    {%- endfor %}
from weights
inner join fits on weights.fitted_as_of = fits.fitted_as_of and weights.version = fits.version
where weights.term_type <> 'intercept'
group by weights.fitted_as_of, weights.term_type, weights.term, weights.level, weights.low, weights.high
