with

    weights as (select * from {{ source('readiness', 'weights') }}),

    fits as (select * from {{ ref('stg_readiness__fits') }})

select
    weights.fitted_as_of,
    cast(weights.version as integer) as version,
    cast(weights.window_days as integer) as window_days,
    weights.term_type,
    weights.term,
    coalesce(weights.level, 'all') as level,
    weights.low,
    weights.high,
    weights.coefficient,
    weights.points,
    weights.standard_error,
    cast(weights.account_weeks as bigint) as account_weeks,
    cast(weights.expanded_account_weeks as bigint) as expanded_account_weeks,
    weights.note
from weights
inner join fits on weights.fitted_as_of = fits.fitted_as_of and weights.version = fits.version
