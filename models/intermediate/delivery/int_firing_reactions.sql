-- What came back from the CRM on activities and opportunities that carry the firing's id.
with

    tasks as (

        select tasks.*
        from {{ ref('stg_crm__tasks') }} as tasks
        inner join {{ ref('int_clock') }} as clock on tasks.created_at <= clock.as_of
        where tasks.firing_id is not null

    ),

    meetings as (

        select meetings.*
        from {{ ref('stg_crm__meetings') }} as meetings
        inner join {{ ref('int_clock') }} as clock on meetings.created_at <= clock.as_of
        where meetings.firing_id is not null

    ),

    opportunities as (

        select opportunities.*, clock.as_of
        from {{ ref('stg_crm__opportunities') }} as opportunities
        inner join {{ ref('int_clock') }} as clock on opportunities.created_at <= clock.as_of
        where opportunities.firing_id is not null

    ),

    versions as (

        select versions.opportunity_id, versions.is_won, min(versions.valid_from) as closed_at
        from {{ ref('stg_crm__opportunity_versions') }} as versions
        inner join {{ ref('int_clock') }} as clock on versions.valid_from <= clock.as_of
        where versions.is_closed
        group by versions.opportunity_id, versions.is_won

    ),

    reactions as (

        -- Work on a task is acceptance, unless its result says no.
        select
            firing_id,
            case when is_decline then 'declined' else 'accepted' end as reaction,
            coalesce(completed_at, created_at) as reacted_at,
            case when is_decline then call_disposition end as detail
        from tasks
        where is_decline or is_closed or completed_at is not null

        union all

        select
            firing_id,
            'meeting' as reaction,
            coalesce(starts_at, created_at) as reacted_at,
            cast(null as {{ dbt.type_string() }}) as detail
        from meetings

        union all

        select firing_id, 'opportunity' as reaction, created_at as reacted_at, opportunity_id as detail
        from opportunities

        union all

        select
            opportunities.firing_id,
            case when versions.is_won then 'won' else 'lost' end as reaction,
            versions.closed_at as reacted_at,
            opportunities.opportunity_id as detail
        from opportunities
        inner join versions on opportunities.opportunity_id = versions.opportunity_id

    )

select firing_id, reaction, min(reacted_at) as reacted_at, min(detail) as detail
from reactions
group by firing_id, reaction
