-- Records that found no account, with the reason: nothing is dropped silently. A billing customer, support
-- organisation, product group or product user is looked for by the cascade; a record of a CRM says itself whose it is,
-- or does not.
with

    matches as (select * from {{ ref('int_identity_matches') }} where account_id is null),

    unplaced as (

        select unplaced.*
        from {{ ref('stg_crm__unplaced_records') }} as unplaced
        cross join {{ ref('int_clock') }} as clock
        where unplaced.created_at is null or unplaced.created_at <= clock.as_of

    )

select
    source_name,
    case
        source_name
        when 'billing'
        then 'customer'
        when 'support'
        then 'organization'
        when 'product'
        then 'group'
        else 'user'
    end as table_name,
    record_id,
    rule,
    unmatched_reason
from matches

union all

select source_name, table_name, record_id, cast(null as {{ dbt.type_string() }}) as rule, reason as unmatched_reason
from unplaced
