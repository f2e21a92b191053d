-- Every raw row that was left out, once, with the reason. Ids only.
with

    landed as (

        select source_name, table_name, record_id, column_name, reason from {{ source('quarantine', 'records') }}

    ),

    unpriced as (

        select 'stripe' as source_name, table_name, row_id as record_id, 'currency' as column_name, reason
        from {{ ref('int_billing_unpriced_rows') }}

    ),

    -- The account stays, in UTC; the zone is what is left out.
    unknown_zones as (

        select
            'crm' as source_name,
            'account' as table_name,
            account_id as record_id,
            'time_zone' as column_name,
            'unknown_time_zone' as reason
        from {{ ref('int_account_time_zones') }}
        where is_time_zone_known = false and landed_time_zone is not null

    ),

    -- And without its holidays where the country is not understood.
    unknown_countries as (

        select
            'crm' as source_name,
            'account' as table_name,
            account_id as record_id,
            'country' as column_name,
            'unknown_country' as reason
        from {{ ref('stg_crm__accounts') }}
        where country_code is null and landed_country is not null and trim(landed_country) <> ''

    )

select *
from landed
union all
select *
from unpriced
union all
select *
from unknown_zones
union all
select *
from unknown_countries
