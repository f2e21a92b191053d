-- Explicit declines: the first lost version of an expansion opportunity, or a task disposed of as declined.
with

    versions as (select * from {{ ref('stg_crm__opportunity_versions') }}),

    opportunities as (select * from {{ ref('stg_crm__opportunities') }} where is_expansion),

    tasks as (select * from {{ ref('stg_crm__tasks') }} where is_decline),

    clock as (select as_of from {{ ref('int_clock') }}),

    losses as (

        select
            opportunities.account_id,
            'opportunity' as source_object,
            opportunities.opportunity_id as source_id,
            min(versions.valid_from) as declined_at
        from versions
        inner join opportunities on versions.opportunity_id = opportunities.opportunity_id
        where versions.is_closed and versions.is_won = false
        group by opportunities.account_id, opportunities.opportunity_id

    ),

    declines as (

        select account_id, source_object, source_id, declined_at
        from losses
        union all
        select
            account_id, 'task' as source_object, task_id as source_id, coalesce(completed_at, created_at) as declined_at
        from tasks

    )

select declines.account_id, declines.source_object, declines.source_id, declines.declined_at
from declines
inner join clock on declines.declined_at <= clock.as_of
