-- How each opportunity stood, and from when until when. Without a history it is open from creation to its close; one
-- that is closed without a date never was.
with

    opportunities as (select * from {{ ref('stg_crm__opportunities') }}),

    history as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__opportunity_versions'),
        'hubspot': ref('base_hubspot__opportunity_versions'),
    }) }}

    ),

    recorded as (

        select opportunities.opportunity_id, history.is_closed, history.is_won, history.valid_from, history.valid_until
        from history
        inner join opportunities on history.opportunity_id = opportunities.opportunity_id

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
            case when is_closed then coalesce(closes_at, created_at) end as valid_until
        from unrecorded

        union all

        select
            opportunity_id,
            true as is_closed,
            is_won,
            coalesce(closes_at, created_at) as valid_from,
            cast(null as timestamp) as valid_until
        from unrecorded
        where is_closed

    )

select *
from recorded
union all
select *
from assumed
