-- The moments up to which was learnt, with the intercepts, and what speaks against applying the weights.
with

    weights as (select * from {{ source('readiness', 'weights') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    versions as (

        select weights.fitted_as_of, max(weights.version) as version
        from weights
        inner join clock on weights.fitted_as_of <= clock.as_of
        group by weights.fitted_as_of

    )

select
    versions.fitted_as_of,
    versions.version
    {%- for days in readiness_windows() %}
        ,
        max(
            case when weights.window_days = {{ days }} and weights.term_type = 'intercept' then weights.coefficient end
        ) as intercept_{{ days }}d
    {%- endfor %},
    min(
        case
            when weights.term_type = 'signal' and weights.term not in ({{ literals(numeric_signals()) }})
            then weights.term
        end
    ) as missing_signal,
    min(weights.note) as note
from versions
inner join weights on versions.fitted_as_of = weights.fitted_as_of and versions.version = weights.version
group by versions.fitted_as_of, versions.version
