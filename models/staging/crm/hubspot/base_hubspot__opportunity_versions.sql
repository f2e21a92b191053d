-- The stages that each deal went through. Where HubSpot says when a stage was entered, that is its start; whether a gap
-- lies before the next one is told by the connector's own clock.
with

    entered as (

        select
            {{ known_id('deal_id') }} as deal_id,
            {{ known_id('value') }} as stage_id,
            coalesce(date_entered, _fivetran_start) as valid_from,
            _fivetran_start as recorded_from,
            case when _fivetran_active = false then _fivetran_end end as recorded_until
        from {{ source('hubspot', 'deal_stage') }}

    ),

    followed as (

        select
            *,
            lead(coalesce(recorded_from, valid_from)) over (
                partition by deal_id order by valid_from, recorded_from, stage_id
            ) as next_recorded_from
        from entered

    ),

    stages as (select * from {{ ref('base_hubspot__deal_stages') }})

select
    followed.deal_id as opportunity_id,
    coalesce(stages.is_closed, false) as is_closed,
    coalesce(stages.is_won, false) as is_won,
    cast(null as timestamp) as closes_at,
    followed.valid_from,
    case
        when
            followed.next_recorded_from is null
            or {{ microseconds_between('followed.recorded_until', 'followed.next_recorded_from') }} > 1000
        then followed.recorded_until
    end as valid_until
from followed
left join stages on followed.stage_id = stages.stage_id
