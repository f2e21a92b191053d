-- The weights that speak at each moment: the newest of those learnt by then; and why none do, in words.
with

    moments as (select * from {{ ref('int_readiness_moments') }} where is_month_end or is_newest),

    fits as (select * from {{ ref('stg_readiness__fits') }}),

    latest as (

        select moments.known_on, max(fits.fitted_as_of) as fitted_as_of
        from moments
        left join fits on moments.known_at >= fits.fitted_as_of
        group by moments.known_on

    )

select
    latest.known_on,
    latest.fitted_as_of,
    fits.version,
    {%- for days in readiness_windows() %}
        case when fits.missing_signal is null then fits.intercept_{{ days }}d end as intercept_{{ days }}d,
    {%- endfor %}
    case
        when latest.fitted_as_of is null
        then 'no weights from before: run make fit and build again'
        when fits.missing_signal is not null
        then
            {{ dbt.concat(["'the weights ask for '", 'fits.missing_signal', "', which is no signal any more: fit them anew'"]) }}
        else fits.note
    end as note
from latest
left join fits on latest.fitted_as_of = fits.fitted_as_of
