-- What the opportunities that name a firing were worth at a period's end, of those that were there by then.
with

    periods as (select period_key, known_at from {{ ref('int_validation_periods') }}),

    opportunities as (
        select opportunity_id, firing_id, created_at
        from {{ ref('stg_crm__opportunities') }}
        where firing_id is not null
    ),

    amounts as (select * from {{ ref('stg_crm__opportunity_amounts') }})

select periods.period_key, opportunities.firing_id, sum(cast(amounts.amount as double)) as pipeline_amount
from opportunities
inner join periods on opportunities.created_at <= periods.known_at
inner join
    amounts
    on opportunities.opportunity_id = amounts.opportunity_id
    and periods.known_at >= amounts.valid_from
    and (amounts.valid_until is null or periods.known_at < amounts.valid_until)
group by periods.period_key, opportunities.firing_id
