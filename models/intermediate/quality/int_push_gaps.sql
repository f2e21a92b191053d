-- What the push log says that counts as no delivery: rows of what nobody knows, and what was handed over without a
-- word.
with

    attempts as (select * from {{ source('push', 'push_log') }}),

    firings as (select firing_id from {{ ref('int_firings') }}),

    handovers as (select * from {{ ref('stg_push__handovers') }}),

    deliveries as (select * from {{ ref('stg_push__deliveries') }}),

    strays as (

        select
            attempts.destination,
            case
                when
                    attempts.object is null
                    or attempts.object not in ('firing', 'account', 'alert', 'association', 'sync')
                then 'push_of_unknown_object'
                when attempts.object in ('firing', 'alert') and firings.firing_id is null
                then 'push_of_unknown_firing'
            end as gap_type
        from attempts
        left join firings on attempts.firing_id = firings.firing_id

    ),

    silent as (

        select handovers.firing_id
        from handovers
        left join deliveries on handovers.firing_id = deliveries.firing_id
        where deliveries.firing_id is null

    )

select gap_type, destination as gap, count(*) as affected, 'attempts' as unit
from strays
where gap_type is not null
group by gap_type, destination

union all

select 'handed_over_without_result' as gap_type, 'push' as gap, count(*) as affected, 'firings' as unit
from silent
having count(*) > 0
