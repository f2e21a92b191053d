-- The zone in which an account's business day is reckoned; one that is unknown is UTC, and says so.
with

    accounts as (select account_id, time_zone, country_code from {{ ref('stg_crm__accounts') }}),

    known_time_zones as ({{ known_time_zones() }})

select
    accounts.account_id,
    accounts.country_code,
    accounts.time_zone as landed_time_zone,
    coalesce(known_time_zones.time_zone, 'UTC') as time_zone,
    known_time_zones.time_zone is not null as is_time_zone_known
from accounts
left join known_time_zones on lower(trim(accounts.time_zone)) = lower(known_time_zones.time_zone)
