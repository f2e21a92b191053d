-- How each opportunity stood, and from when until when. Without a history it is open from creation to its close.
with

opportunities as (

    select * from {{ ref('stg_crm__opportunities') }}

),

history as (

    select * from {{ source('salesforce_history', 'opportunity') }}

),

recorded as (

    select
        opportunities.opportunity_id,
        coalesce(history.is_closed, false) as is_closed,
        coalesce(history.is_won, false) as is_won,
        history._fivetran_start as valid_from,
        history._fivetran_end as valid_to
    from history
    inner join opportunities on history.id = opportunities.opportunity_id

),

unrecorded as (

    select opportunities.*
    from opportunities
    left join recorded on opportunities.opportunity_id = recorded.opportunity_id
    where recorded.opportunity_id is null

),

assumed as (

    select
        opportunity_id,
        false as is_closed,
        false as is_won,
        created_at as valid_from,
        case when is_closed then closes_at end as valid_to
    from unrecorded

    union all

    select opportunity_id, true as is_closed, is_won, closes_at as valid_from, cast(null as timestamp) as valid_to
    from unrecorded
    where is_closed

)

select * from recorded
union all
select * from assumed
