-- Every record of a source has one outcome: nothing is dropped silently, nothing counted twice.
with

    landed as (

        select 'billing' as source_name, count(distinct customer_id) as records
        from {{ ref('stg_billing__customers') }}
        union all
        select 'support' as source_name, count(distinct organization_id) as records
        from {{ ref('stg_support__organizations') }}
        union all
        select 'product' as source_name, count(distinct group_id) as records
        from
            (
                select group_id
                from {{ ref('stg_product__group_calls') }}
                union all
                select group_id
                from {{ ref('stg_product__event_copies') }}
            ) as named_groups
        union all
        select 'product_user' as source_name, count(distinct record_id) as records
        from {{ ref('int_identity_records') }}
        where source_name = 'product_user'

    ),

    outcomes as (

        select source_name, sum(records) as records, max(source_records) as source_records
        from {{ ref('identity_match_rate') }}
        group by source_name

    )

select landed.source_name, landed.records, outcomes.records as records_with_an_outcome
from landed
left join outcomes on landed.source_name = outcomes.source_name
where landed.records <> coalesce(outcomes.records, 0) or outcomes.records <> outcomes.source_records
