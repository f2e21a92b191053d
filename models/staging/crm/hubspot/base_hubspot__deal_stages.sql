-- What each stage means. A closed stage of probability 1 is won; closed_won, despite its name, is the older word for
-- closed.
with

    ranked as (

        select
            *,
            {{ known_id('stage_id') }} as known_stage_id,
            row_number() over (
                partition by {{ known_id('stage_id') }} order by coalesce(_fivetran_deleted, false), pipeline_id
            ) as place
        from {{ source('hubspot', 'deal_pipeline_stage') }}

    ),

    stages as (

        select known_stage_id as stage_id, probability, coalesce(is_closed, closed_won, false) as is_closed
        from ranked
        where place = 1

    )

select stage_id, is_closed, is_closed and coalesce(probability, 0) = 1 as is_won
from stages
