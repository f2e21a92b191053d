-- Index events of a cohort, matched or not; the open windows beside them.
with

    cells as (select * from {{ ref('int_lift_cells') }}),

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    complete as (
        select
            frame_key,
            cohort_stratum_key,
            {%- for basis in matched_bases() %}
                sum(in_{{ basis }}) as n_{{ basis }},
                sum(in_{{ basis }} * expanded) as n_expanded_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_lift_exposed') }}
        group by frame_key, cohort_stratum_key
    ),

    counted as (
        {%- for basis in matched_bases() %}
            select
                cells.cell_key,
                complete.cohort_stratum_key,
                complete.n_{{ basis }} as n_index,
                0 as n_open,
                complete.n_expanded_{{ basis }} as n_index_expanded
            from complete
            inner join cells on complete.frame_key = cells.frame_key
            where cells.basis = '{{ basis }}' and complete.n_{{ basis }} > 0

            union all
        {%- endfor %}

        select
            cells.cell_key,
            events.stratum_key as cohort_stratum_key,
            0 as n_index,
            count(*) as n_open,
            0 as n_index_expanded
        from {{ ref('int_index_events') }} as events
        inner join cells on events.trigger_key = cells.trigger_key and events.window_days = cells.window_days
        where not events.is_complete and cells.is_whole and cells.basis = 'all'
        group by cells.cell_key, events.stratum_key
    )

select
    counted.cell_key,
    cohorts.cohort_type,
    cohorts.cohort,
    sum(counted.n_index) as n_index,
    sum(counted.n_open) as n_open,
    sum(counted.n_index_expanded) as n_index_expanded
from counted
inner join cohorts on counted.cohort_stratum_key = cohorts.stratum_key
group by counted.cell_key, cohorts.cohort_type, cohorts.cohort
