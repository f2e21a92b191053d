-- What accounts answered: a task disposed as declined, an expansion opportunity first lost, or one won.
with

    declines as (select * from {{ ref('int_account_declines') }}),

    versions as (select * from {{ ref('stg_crm__opportunity_versions') }}),

    opportunities as (select * from {{ ref('stg_crm__opportunities') }} where is_expansion),

    clock as (select as_of from {{ ref('int_clock') }}),

    wins as (

        select opportunities.account_id, opportunities.opportunity_id, min(versions.valid_from) as answered_at
        from versions
        inner join opportunities on versions.opportunity_id = opportunities.opportunity_id
        inner join clock on versions.valid_from <= clock.as_of and opportunities.created_at <= clock.as_of
        where versions.is_closed and versions.is_won
        group by opportunities.account_id, opportunities.opportunity_id

    )

select
    account_id,
    case when source_object = 'task' then 'declined' else 'lost' end as answer,
    source_id,
    declined_at as answered_at
from declines

union all

select account_id, 'won' as answer, opportunity_id as source_id, answered_at
from wins
