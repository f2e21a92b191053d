-- The stages that each deal went through: a stage lasts until the next is entered.
with

    entered as (

        select
            deal_id,
            value as stage_id,
            coalesce(date_entered, _fivetran_start) as valid_from,
            _fivetran_start as recorded_from,
            case when _fivetran_active = false then _fivetran_end end as left_at
        from {{ source('hubspot', 'deal_stage') }}

    ),

    spans as (

        select
            deal_id,
            stage_id,
            valid_from,
            coalesce(
                lead(valid_from) over (partition by deal_id order by valid_from, recorded_from, stage_id), left_at
            ) as valid_until
        from entered
        where valid_from is not null

    ),

    stages as (select * from {{ ref('base_hubspot__deal_stages') }})

select
    spans.deal_id as opportunity_id,
    coalesce(stages.is_closed, false) as is_closed,
    coalesce(stages.is_won, false) as is_won,
    spans.valid_from,
    spans.valid_until
from spans
left join stages on spans.stage_id = stages.stage_id
where spans.valid_until is null or spans.valid_until > spans.valid_from
