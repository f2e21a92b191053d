-- When an expansion opportunity was open.
with

    versions as (select * from {{ ref('stg_crm__opportunity_versions') }}),

    opportunities as (select * from {{ ref('stg_crm__opportunities') }} where is_expansion),

    clock as (select as_of from {{ ref('int_clock') }})

select
    opportunities.account_id,
    opportunities.opportunity_id,
    versions.valid_from as from_at,
    case when versions.valid_until <= clock.as_of then versions.valid_until end as to_at
from versions
inner join opportunities on versions.opportunity_id = opportunities.opportunity_id
inner join clock on versions.valid_from <= clock.as_of and opportunities.created_at <= clock.as_of
where versions.is_closed = false
